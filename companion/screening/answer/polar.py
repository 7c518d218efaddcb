"""From signs to yes or no, with the Korean way of agreeing to what was asked; and to a degree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from companion.screening.answer.gathered import Gathered
from companion.screening.answer.signs import Sign, SignKind
from companion.screening.answer.verdict import Reason, Verdict, none_for
from companion.screening.instrument import Item

_SURE: Final = 0.95
_UNSURE: Final = 0.6
_OFTEN: Final = 7
"""Days of the window from which on something is often so."""
_FEWER: Final = "no_such_day.fewer"
_RARELY: Final = "frequency.rarely"
_NOT_OFTEN: Final = frozenset({"frequency.rarely", "frequency.less_than_half"})
"""What answers "is it often so?" outright."""
_NAMED: Final = "named_days"
"""오늘도 눈을 떴으니: a day that is named says nothing of how often."""
_NONE: Final = "없"
_THAT: Final = "그"
_YES: Final = "yes"
_NO: Final = "no"
_SAYS: Final = {
    SignKind.PRESENT: _YES,
    SignKind.ABSENT: _NO,
    SignKind.ZERO: _NO,
    SignKind.AGREE: _YES,
    SignKind.DENY: _NO,
    SignKind.YES: _YES,
    SignKind.NO: _NO,
}
_CONTENT: Final = (SignKind.PRESENT, SignKind.ABSENT)


def polar_verdict(gathered: Gathered, item: Item, *, asked_negatively: bool) -> Verdict:
    """Return the verdict on a reply to a yes/no item.

    Content decides before yes and no: "네, 안 즐거워요" is no, "아니, 즐거워" is yes.

    Args:
        gathered: The signs.
        item: What was asked.
        asked_negatively: The question itself was negative ("즐겁지 않으세요?"), so that a bare yes agrees to a no.
    """
    signs = [sign for sign in gathered.counting() if sign.kind in _SAYS]
    content = [sign for sign in signs if sign.kind in _CONTENT]
    counting = gathered.counting()
    between = any(sign.kind is SignKind.BETWEEN for sign in counting)
    if (between and not content) or any(sign.rule == "both" for sign in counting):
        return none_for(Reason.BETWEEN)
    if item.asks_often and (by_frequency := _by_frequency(gathered, content)) is not None:
        return by_frequency
    if content:
        return _by_content(gathered, content)
    pointing = [sign for sign in signs if sign.kind in {SignKind.AGREE, SignKind.DENY, SignKind.ZERO}]
    bare = [sign for sign in signs if sign.kind in {SignKind.YES, SignKind.NO}]
    if bare or pointing:
        return _by_pointing(gathered, item, bare, pointing, asked_negatively=asked_negatively)
    return _nothing_said(gathered, item)


def _by_frequency(gathered: Gathered, content: Sequence[Sign]) -> Verdict | None:
    """Return the verdict on a reply to an item that asks whether something is often so; None where none is told."""
    if content and _are_there_times(gathered, content):
        return _verdict(gathered, _NO, content[-1], sure=False)
    seldom = next((sign for sign in gathered.counting() if _is_seldom(sign)), None)
    if seldom is not None:
        plain = seldom.kind is SignKind.NOT_SO_OFTEN or (seldom.rule in _NOT_OFTEN and gathered.is_alone(seldom))
        return _verdict(gathered, _NO, seldom, sure=plain)
    often = None if content else _told_often(gathered)
    return None if often is None else _verdict(gathered, _YES, often, sure=True)


def _are_there_times(gathered: Gathered, content: Sequence[Sign]) -> bool:
    """지루할 때도 있지: that there are such times is not that there are many."""
    times = gathered.lexicon.there_are_times
    return all(sign.kind is SignKind.PRESENT and times.match(gathered.letters.compact, sign.end) for sign in content)


def _is_seldom(sign: Sign) -> bool:
    """Not every day, a day or two, now and then."""
    if sign.kind is SignKind.NOT_SO_OFTEN:
        return sign.days is not None
    if sign.rule == _NAMED:
        return False
    return sign.kind is SignKind.DAYS and sign.days is not None and 0 < sign.days.middle < _OFTEN


def _told_often(gathered: Gathered) -> Sign | None:
    """Return what says that it is often so, to a question that asks for it, where nothing else is said: 자주 들지."""
    signs = [sign for sign in gathered.counting() if sign.kind not in {SignKind.YES, SignKind.AGREE}]
    if len(signs) != 1 or signs[0].kind is not SignKind.DAYS or signs[0].days is None or signs[0].counted:
        return None
    often = (
        signs[0].days.low >= _OFTEN and gathered.is_alone(signs[0]) and gathered.is_said(replace(signs[0], sure=True))
    )
    return signs[0] if often else None


def _by_content(gathered: Gathered, content: Sequence[Sign]) -> Verdict:
    last = content[-1]
    says = _SAYS[last.kind]
    contrary = any(_SAYS[sign.kind] != says for sign in content)
    seldom = any(_is_seldom(sign) and not sign.counted for sign in gathered.counting())
    between = any(_is_between(sign, content) for sign in gathered.counting())
    pointing = [
        sign
        for sign in gathered.counting()
        if sign.kind in {SignKind.ZERO, SignKind.AGREE} or _takes_back(gathered, sign)
    ]
    contrary = contrary or any(_SAYS[sign.kind] != says and gathered.is_plain(sign) for sign in pointing)
    sentence = gathered.letters.sentence(last.start)
    unsure = any(
        sign.kind is SignKind.UNSURE and gathered.letters.sentence(sign.start) == sentence
        for sign in gathered.counting()
    )
    doubtful = contrary or between or unsure or (seldom and says == _YES) or not _is_plain(gathered, content)
    return _verdict(gathered, says, last, sure=not doubtful)


def _is_between(sign: Sign, content: Sequence[Sign]) -> bool:
    """Whether neither is said; 그런대로 괜찮아 says only how much."""
    return sign.kind is SignKind.BETWEEN and not any(0 <= one.start - sign.end <= 1 for one in content)


def _takes_back(gathered: Gathered, sign: Sign) -> bool:
    """그건 아니고: what was named before is not so."""
    return sign.kind is SignKind.DENY and gathered.letters.compact.startswith(_THAT, sign.start)


def _is_plain(gathered: Gathered, content: Sequence[Sign]) -> bool:
    """Whether one sign speaks plainly, or two speak alike, or a bare yes or no before says the same."""
    if any(map(gathered.is_plain, content)):
        return True
    said = [sign for sign in content if gathered.is_said(sign)]
    bare = [sign for sign in gathered.counting() if sign.kind in {SignKind.YES, SignKind.NO, SignKind.ZERO}]
    agreeing = any(_SAYS[sign.kind] == _SAYS[content[-1].kind] for sign in bare)
    return len(said) > 1 or (bool(said) and agreeing)


def _by_pointing(
    gathered: Gathered, item: Item, bare: Sequence[Sign], pointing: Sequence[Sign], *, asked_negatively: bool
) -> Verdict:
    says = {_SAYS[sign.kind] for sign in (*bare, *pointing)}
    chosen = (*bare, *pointing)[-1]
    answer = _SAYS[chosen.kind]
    if item.denial_is_ambiguous and chosen.kind is SignKind.DENY and any(one.kind is SignKind.YES for one in bare):
        return _verdict(gathered, _YES, chosen, sure=False)
    if asked_negatively and bare and not pointing:
        return _verdict(gathered, _NO if answer == _YES else _YES, chosen, sure=False)
    seldom = any(_is_seldom(sign) for sign in gathered.counting())
    unsure = any(sign.kind in {SignKind.UNSURE, SignKind.BETWEEN} for sign in gathered.counting())
    lacking = gathered.letters.compact[chosen.start : chosen.end].startswith(_NONE)
    ambiguous = item.denial_is_ambiguous and (lacking or chosen.kind is SignKind.DENY)
    return _verdict(
        gathered,
        answer,
        chosen,
        sure=len(says) == 1
        and not seldom
        and not unsure
        and not ambiguous
        and chosen.rule != "rhetorical"
        and any(map(gathered.is_plain, (*bare, chosen))),
    )


def _nothing_said(gathered: Gathered, item: Item) -> Verdict:
    signs = gathered.counting()
    often = [sign for sign in signs if sign.kind is SignKind.DAYS]
    never = [sign for sign in signs if sign.kind is SignKind.NEVER]
    if often and (often[-1].days is None or often[-1].days.middle >= _OFTEN):
        return _verdict(gathered, _YES, often[-1], sure=False)
    if any(sign.kind in {SignKind.UNSURE, SignKind.UNKNOWING} for sign in signs):
        return none_for(Reason.UNSURE)
    if often:
        if often[-1].rule not in {_RARELY, _FEWER}:
            return none_for(Reason.BETWEEN)
        # 별로요, and nothing else.
        whole = often[-1].end - often[-1].start >= len(gathered.letters.compact) - 1
        return _verdict(gathered, _NO, often[-1], sure=whole and not item.denial_is_ambiguous)
    if never:
        return _verdict(gathered, _NO, never[0], sure=False)
    return _set_aside(gathered, item)


def _set_aside(gathered: Gathered, item: Item) -> Verdict:
    """Return why a reply says nothing that counts: others, another time, another matter."""
    if any(clause.of_others for clause in gathered.clauses):
        return none_for(Reason.OTHER_PERSON)
    if all(clause.counts for clause in gathered.clauses):
        return _by_tone(gathered, item)
    if not gathered.has_changed:
        return none_for(Reason.OTHER_TIME)
    last = gathered.clauses[-1]
    return _verdict(gathered, _NO, Sign(SignKind.ZERO, last.start, last.end, "changed_since"), sure=False)


def _by_tone(gathered: Gathered, item: Item) -> Verdict:
    """Propose what a reply about another matter lets one expect where it is plainly glad or plainly sad.

    Never sure: 손자 자전거는 아직 내가 고친다 is no answer to whether one feels useless, but it asks to be put so.
    """
    text = gathered.letters.compact
    glad = gathered.lexicon.glad.search(text)
    sad = gathered.lexicon.sad.search(text)
    found = glad or sad
    if found is None or (glad is not None and sad is not None):
        return none_for(Reason.OFF_TOPIC)
    is_well = glad is not None
    good = _YES if item.reversed else _NO
    option = good if is_well else (_NO if item.reversed else _YES)
    return _verdict(gathered, option, Sign(SignKind.AGREE, found.start(), found.end(), "tone"), sure=False)


def degree_verdict(gathered: Gathered, item: Item) -> Verdict:
    """Return the verdict on how difficult something was."""
    signs = [sign for sign in gathered.counting() if sign.kind is SignKind.DEGREE]
    scores = {sign.score for sign in signs}
    if signs:
        best = max(signs, key=lambda sign: sign.score or 0)
        return _degree(gathered, item, best, sure=len(scores) == 1)
    nothing = [sign for sign in gathered.counting() if _SAYS.get(sign.kind) == _NO]
    something = [sign for sign in gathered.counting() if _SAYS.get(sign.kind) == _YES]
    if nothing and not something:
        option = item.scale.options[0]
        evidence = (gathered.letters.evidence(nothing[-1].start, nothing[-1].end),)
        return Verdict(option.id, _SURE, Reason.NONE, nothing[-1].rule, evidence)
    return none_for(Reason.NO_FREQUENCY if something else Reason.OFF_TOPIC)


def _degree(gathered: Gathered, item: Item, sign: Sign, *, sure: bool) -> Verdict:
    option = next(one for one in item.scale.options if one.score == sign.score)
    evidence = (gathered.letters.evidence(sign.start, sign.end),)
    reason = Reason.NONE if sure else Reason.DOUBTFUL
    return Verdict(option.id, _SURE if sure else _UNSURE, reason, sign.rule, evidence)


def _verdict(gathered: Gathered, option: str, sign: Sign, *, sure: bool) -> Verdict:
    evidence = (gathered.letters.evidence(sign.start, sign.end),)
    reason = Reason.NONE if sure else Reason.DOUBTFUL
    return Verdict(option, _SURE if sure else _UNSURE, reason, sign.rule, evidence)
