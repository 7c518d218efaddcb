"""From signs to an option of a frequency scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from companion.screening.answer.clauses import Frame
from companion.screening.answer.gathered import Gathered
from companion.screening.answer.signs import Days, Sign, SignKind
from companion.screening.answer.verdict import Reason, Verdict, none_for
from companion.screening.instrument import Item, Scale

_DEFINITE: Final = frozenset({SignKind.ABSENT, SignKind.ZERO})
_NONE: Final = "없"
_VAGUE: Final = 2
"""Days between the ends of a count from which on it is no count."""
_EXCEPT: Final = "except"
_THAT: Final = ("그런", "이런", "그거", "그건", "그게")
_WINDOW: Final = "amount.window"
_SURE: Final = 0.95
_UNSURE: Final = 0.6
_DOUBTED: Final = 0.45
_NEARLY_ALWAYS: Final = 12
_SAYS_NOT: Final = frozenset({SignKind.ZERO, SignKind.DENY, SignKind.NEVER, SignKind.ABSENT})
_SAID_SO: Final = frozenset({SignKind.PRESENT, SignKind.AGREE, SignKind.YES, SignKind.NOT_SO_OFTEN})
_SAID_NOT: Final = frozenset({SignKind.ABSENT, SignKind.ZERO, SignKind.DENY, SignKind.NO, SignKind.UNKNOWING})


def frequency_verdict(gathered: Gathered, item: Item, window: int) -> Verdict:
    """Return the verdict on a reply to an item with a frequency scale."""
    signs = gathered.counting()
    days = [sign for sign in signs if sign.kind is SignKind.DAYS]
    if any(sign.rule == "both" for sign in signs) and not any(sign.counted for sign in days):
        return none_for(Reason.NO_FREQUENCY)
    if days and all(sign.rule == _WINDOW for sign in days) and _is_denied(signs):
        return _uncounted(gathered, item, [sign for sign in signs if sign.kind is not SignKind.DAYS])
    elsewhere = bool(days) and not any(sign.counted or gathered.is_alone(sign) for sign in days)
    if elsewhere and _is_denied_plainly(gathered, signs):
        return _uncounted(gathered, item, [sign for sign in signs if sign.kind is not SignKind.DAYS])
    if days and _is_good_daily(gathered, days, signs):
        return _uncounted(gathered, item, [sign for sign in signs if sign.kind is not SignKind.DAYS])
    if days:
        return _counted(gathered, item, days, signs, window)
    return _uncounted(gathered, item, signs)


def _of_rest(gathered: Gathered, item: Item, chosen: Sign, window: int, *, absent: bool) -> Verdict:
    """이틀은 괜찮았고 나머지는 다 그랬어: the other days count; always confirmed."""
    days = (chosen.days or Days(0, 0)).within(window)
    span = Days(window - days.high, window - days.low) if absent else days
    rest = Sign(chosen.kind, chosen.start, chosen.end, f"{chosen.rule}.rest", span, sure=False)
    return _of_days(gathered, item.scale, span, rest)


def _is_denied(signs: Sequence[Sign]) -> bool:
    """두 주 동안 한 번도 안 그랬다: the two weeks are no count."""
    kinds = {sign.kind for sign in signs}
    return bool(kinds & _SAYS_NOT) and SignKind.PRESENT not in kinds


def _is_good_daily(gathered: Gathered, days: Sequence[Sign], signs: Sequence[Sign]) -> bool:
    """우울하진 않았어요, 두 주 내내: what was every day is that it was not so, told in another clause."""
    kinds = {sign.kind for sign in signs}
    if not all(map(_is_daily, days)) or not kinds & _DEFINITE or kinds & _SAID_SO:
        return False
    clause = gathered.clause(days[-1])
    return not any(sign.kind is SignKind.ABSENT and gathered.clause(sign) == clause for sign in signs)


def _is_denied_plainly(gathered: Gathered, signs: Sequence[Sign]) -> bool:
    """맨날 놀러 다녀서 그런 거 없어: the frequency is that of something else."""
    kinds = {sign.kind for sign in signs}
    return SignKind.PRESENT not in kinds and any(sign.kind in _DEFINITE and gathered.is_plain(sign) for sign in signs)


def _counted(gathered: Gathered, item: Item, days: Sequence[Sign], signs: Sequence[Sign], window: int) -> Verdict:
    chosen, agreed = _chosen(days, item.scale)
    span = (chosen.days or Days(0, 0)).within(window)
    sure = chosen.sure and agreed
    rule = chosen.rule
    beside = [sign for sign in signs if gathered.clause(sign) == gathered.clause(chosen) and sign is not chosen]
    absent = any(sign.kind is SignKind.ABSENT for sign in beside)
    present = any(sign.kind is SignKind.PRESENT for sign in signs)
    rest = gathered.lexicon.rest.search(gathered.letters.compact)
    if rest is not None and chosen.start < rest.start():
        told_of_rest = any(sign.kind is SignKind.PRESENT and sign.start >= rest.end() for sign in signs)
        told_before = any(sign.kind is SignKind.PRESENT and sign.end <= rest.start() for sign in signs)
        return _of_rest(gathered, item, chosen, window, absent=absent or (told_of_rest and not told_before))
    if chosen.rule.endswith(_EXCEPT) and _is_well_otherwise(signs, chosen):
        span = Days(window - span.high, window - span.low)
        return _of_days(gathered, item.scale, span, Sign(chosen.kind, chosen.start, chosen.end, rule, span, sure=False))
    if absent and not present:
        only = gathered.lexicon.only.search(gathered.letters.compact, chosen.start)
        if span.low < _NEARLY_ALWAYS and only is None:
            return none_for(Reason.NO_FREQUENCY, gathered.letters.evidence(chosen.start, chosen.end))
        span, rule = Days(window - span.high, window - span.low), f"{rule}.absent"
        sure = (
            sure and span.high == 0 and all(gathered.is_plain(sign) for sign in beside if sign.kind is SignKind.ABSENT)
        )
    elif _is_contradicted(signs, beside, chosen, present=present) or _is_vague(gathered, chosen, signs):
        sure = False
    return _of_days(gathered, item.scale, span, Sign(chosen.kind, chosen.start, chosen.end, rule, span, sure=sure))


def _is_well_otherwise(signs: Sequence[Sign], chosen: Sign) -> bool:
    """사흘 빼고는 괜찮았어: the days that are left out are those that count."""
    after = {sign.kind for sign in signs if sign.start >= chosen.end}
    return bool(after & _SAYS_NOT) and not after & _SAID_SO


def _is_vague(gathered: Gathered, chosen: Sign, signs: Sequence[Sign]) -> bool:
    """Whether a frequency word may belong to something else, or a vague count is followed by "I do not know"."""
    if not gathered.is_alone(chosen) or gathered.clause(chosen).names_others:
        return True
    if gathered.lexicon.busied.search(gathered.letters.compact, *gathered.letters.sentence(chosen.start)):
        return True
    days = chosen.days or Days(0, 0)
    return days.high - days.low > _VAGUE and any(sign.kind is SignKind.UNSURE for sign in signs)


def _is_contradicted(signs: Sequence[Sign], beside: Sequence[Sign], chosen: Sign, *, present: bool) -> bool:
    """Whether a no stands before the count, or "there is none" behind it."""
    if any(sign.kind is SignKind.DENY and sign.start >= chosen.end for sign in beside) and not present:
        return True
    if any(sign.kind in _DEFINITE for sign in beside):
        return True
    if not present and any(sign.kind in _DEFINITE for sign in signs):
        return True
    is_some = chosen.days is not None and chosen.days.low > 0
    return is_some and any(sign.kind is SignKind.NO for sign in signs)


def _chosen(days: Sequence[Sign], scale: Scale) -> tuple[Sign, bool]:
    """Return the sign that counts, and whether the others of its kind say the same."""
    daily = [sign for sign in days if not sign.counted and sign.sure and _is_daily(sign)]
    counted = [sign for sign in days if sign.counted and sign.rule != _WINDOW] or [
        sign for sign in days if sign.counted
    ]
    pool = list(days)
    if daily and all(sign.rule == "amount.times" for sign in counted):
        pool, counted = daily, []  # 날마다 두 번 세 번: how often in a day
    pool = counted or [sign for sign in pool if sign.rule == "named_days"] or pool
    words = [sign for sign in pool if sign.sure] or pool
    chosen = words[-1]
    options = {_option_at(scale, sign) for sign in pool}
    differing = bool(counted) and len({sign.days for sign in counted}) > 1
    return chosen, len(options) == 1 and not differing


def _is_daily(sign: Sign) -> bool:
    return sign.days is not None and sign.days.low >= _NEARLY_ALWAYS


def _option_at(scale: Scale, sign: Sign) -> str:
    return scale.option_for_days((sign.days or Days(0, 0)).middle).id


def _of_days(gathered: Gathered, scale: Scale, span: Days, sign: Sign) -> Verdict:
    low, high = scale.option_for_days(_whole(span.low)), scale.option_for_days(_whole(span.high))
    option = scale.option_for_days(_whole(span.middle)) if span.low > 0 or span.high > 1 else low
    touches = any(span.low <= day <= span.high for day in scale.confirm_days)
    evidence = (gathered.letters.evidence(sign.start, sign.end),)
    if low is high and sign.sure and not (touches and span.high - span.low <= 1):
        return Verdict(option.id, _SURE, Reason.NONE, sign.rule, evidence)
    confidence = _UNSURE if sign.sure else _DOUBTED
    return Verdict(option.id, confidence, Reason.DOUBTFUL, sign.rule, evidence, may_be_agreed=not touches)


def _whole(days: float) -> float:
    """A rate is rounded to whole days: every other day is seven days of fourteen."""
    return float(int(days + 0.5))


def _uncounted(gathered: Gathered, item: Item, signs: Sequence[Sign]) -> Verdict:
    said_so = [sign for sign in signs if sign.kind in _SAID_SO]
    said_not = [sign for sign in signs if sign.kind in _SAID_NOT]
    never = [sign for sign in signs if sign.kind is SignKind.NEVER]
    present = [sign for sign in said_so if sign.kind in {SignKind.PRESENT, SignKind.NOT_SO_OFTEN}]
    if any(sign.kind is SignKind.UNSURE for sign in signs) and not {one.kind for one in said_not} & _DEFINITE:
        return none_for(Reason.UNSURE)
    if said_not and not present and not any(sign.kind is SignKind.AGREE for sign in said_so):
        return _none_at_all(gathered, item, said_not)
    if never and not present and not said_so:
        sure = _is_whole(gathered, never[-1]) or (not item.denial_is_ambiguous and gathered.is_alone(never[-1]))
        return _zero(gathered, item, never[-1], sure=sure and gathered.is_said(never[-1]))
    if said_so and said_not and _is_taken_back(gathered, said_so[-1], said_not[-1]):
        return _zero(gathered, item, said_not[-1], sure=False)
    if said_so and said_not:
        return none_for(Reason.NO_FREQUENCY, gathered.letters.evidence(said_so[-1].start, said_so[-1].end))
    return _nothing_counted(gathered, item, signs, said_so)


def _is_taken_back(gathered: Gathered, said_so: Sign, said_not: Sign) -> bool:
    """작년엔 그랬는데 요새는 괜찮아; 걱정이야 하다가도 그만두지, 그런 거 없어."""
    if said_not.start <= said_so.start:
        return False
    if gathered.is_told_against(said_so) and gathered.clause(said_so).frame is not Frame.NOW:
        return True
    return said_not.kind is SignKind.ZERO and gathered.is_plain(said_not)


def _nothing_counted(gathered: Gathered, item: Item, signs: Sequence[Sign], said_so: Sequence[Sign]) -> Verdict:
    evidence = gathered.letters.evidence
    if said_so:
        return none_for(Reason.NO_FREQUENCY, evidence(said_so[-1].start, said_so[-1].end))
    if any(clause.of_others for clause in gathered.clauses):
        return none_for(Reason.OTHER_PERSON)
    if not all(clause.counts for clause in gathered.clauses):
        if gathered.has_changed:
            last = gathered.clauses[-1]
            return _zero(gathered, item, Sign(SignKind.ZERO, last.start, last.end, "changed_since"), sure=False)
        return none_for(Reason.OTHER_TIME)
    if any(sign.kind is SignKind.BETWEEN for sign in signs):
        return none_for(Reason.NO_FREQUENCY)
    return none_for(Reason.OFF_TOPIC)


def _none_at_all(gathered: Gathered, item: Item, said_not: Sequence[Sign]) -> Verdict:
    definite = [sign for sign in said_not if sign.kind in _DEFINITE] or list(said_not)
    plain = [sign for sign in definite if gathered.is_plain(sign) and sign.rule != "rhetorical"]
    best = plain[0] if plain else definite[-1]
    bare = gathered.letters.compact[best.start : best.end].startswith(_NONE)
    sure = bool(plain) and not (item.denial_is_ambiguous and best.kind is SignKind.DENY and bare)
    # 그런 거 모르고 살아 denies what was asked; 재미를 모르고 살았어 may say it.
    sure = sure and (best.kind is not SignKind.UNKNOWING or gathered.letters.compact.startswith(_THAT, best.start))
    # Where a wrong zero would hide danger, only a denial is one: no scoff, and no word about something better.
    words = gathered.letters.compact[best.start : best.end]
    negation = gathered.lexicon.negation
    sure = sure and (not item.critical or (negation.denies(words) and not negation.denies_by_idiom(words)))
    return _zero(gathered, item, best, sure=sure)


def _zero(gathered: Gathered, item: Item, sign: Sign, *, sure: bool) -> Verdict:
    option = item.scale.option_for_days(0)
    evidence = (gathered.letters.evidence(sign.start, sign.end),)
    if sure:
        return Verdict(option.id, _SURE, Reason.NONE, sign.rule, evidence)
    return Verdict(option.id, _UNSURE, Reason.DOUBTFUL, sign.rule, evidence)


def _is_whole(gathered: Gathered, sign: Sign) -> bool:
    return sign.end - sign.start >= len(gathered.letters.compact) - 1
