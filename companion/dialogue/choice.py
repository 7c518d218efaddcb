"""Which situation an utterance belongs to, and which of its replies to say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from companion.core.turn import Act, Feeling, Understanding
from companion.dialogue.bank import Bank, Situation
from companion.dialogue.requests import UNNAMED, Labels, Near
from companion.dialogue.slots import SAID_SLOTS, can_fill, slots_of, taken_up
from companion.dialogue.wording import choose


@dataclass(frozen=True, slots=True)
class Evidence:
    """What points to situations: each maps ids to a weight in [0, 1]."""

    words: Mapping[str, float]
    cues: Mapping[str, float]
    near: tuple[Near, ...]
    others: frozenset[str] = frozenset()
    """Situations that speak of other people than the utterance."""
    unnamed: frozenset[str] = frozenset()
    """Situations that speak of people where nobody is named."""
    barred: frozenset[str] = frozenset()
    """Situations that state what is not said, or the opposite of it."""
    of_others: bool = False
    """Whether other people are named."""
    liked: str = ""
    """The tone by which it is received where the letters show the opposite of a heavy one, whatever a head says."""
    labels: Labels = UNNAMED
    """What the head over the encoder names."""


@dataclass(frozen=True, slots=True)
class Scales:
    """How much each kind of evidence counts, and how much is needed. Chosen on the development cases."""

    near: float = 1.0
    words: float = 0.7
    cues: float = 0.8
    topic: float = 0.25
    feeling: float = 0.15
    act: float = 0.15
    needed: float = 0.45
    firm: float = 0.42
    firm_alone: float = 0.65
    """The same where it means to tell what the head does not name: judges took half of those below it for wrong."""
    named: float = 0.3
    """How probable its gist must be to be named."""
    firm_courtesy: float = 0.75
    """The same for a greeting or a farewell where none was understood."""
    firm_words: float = 0.35
    firm_cues: float = 0.3
    """Where an encoder is at work, how much it must agree: its similarity with words and cues in these shares. A
    general reply is better than a special one that does not fit. Chosen on a hundred everyday utterances."""
    contrary: float = 0.6
    """Taken off where the person is glad and the situation is not, or the other way round."""
    kin: float = 0.5
    """How much of the similarity of situations of the same topic and feeling counts with."""
    nobody: float = 0.25
    """Taken off where the situation speaks of people and the utterance names nobody."""
    topic_likely: float = 0.42
    feeling_likely: float = 0.3
    """How probable topic and feeling of a situation must be, where a head names them."""
    gist_likely: float = 0.06
    """How probable what it means to tell it must be."""
    plain_cue: float = 0.95
    """Weight of a cue from which a situation is taken however improbable its topic is."""
    other_people: float = 0.8
    """Taken off where the situation speaks of other people."""


DEFAULT_SCALES: Final = Scales()
SURE_SCALES: Final = Scales(firm=0.55)
"""Where the telling can be said back: that fits better than a situation that only may be the right one."""
_GLAD: Final = frozenset({Feeling.JOY, Feeling.GRATITUDE})
_COURTESIES: Final = frozenset({Act.THANK, Act.APOLOGISE, Act.YES, Act.NO, Act.ACKNOWLEDGE})
"""Acts that are answered as such, whatever words they share with a situation."""


def _is_other_courtesy(situation: Situation, understood: Understanding) -> bool:
    return situation.act in {Act.GREET, Act.FAREWELL} and understood.act is not situation.act


def _firmness(situation: Situation, evidence: Evidence, understood: Understanding, scales: Scales) -> float:
    """Return how much must point to a situation for it to be taken."""
    if _is_other_courtesy(situation, understood):
        return scales.firm_courtesy
    gists = evidence.labels.gists
    named = not gists or gists.get(situation.gist, 0.0) >= scales.named
    return scales.firm if named else max(scales.firm, scales.firm_alone)


def _are_contrary(one: Feeling, other: Feeling) -> bool:
    if Feeling.NEUTRAL in {one, other}:
        return False
    return (one in _GLAD) is not (other in _GLAD)


def _is_unlikely(situation: Situation, evidence: Evidence, scales: Scales) -> bool:
    """Whether the head speaks against topic, feeling or gist of a situation, and no plain cue for it."""
    labels = evidence.labels
    if not labels.topics or evidence.cues.get(situation.id, 0.0) >= scales.plain_cue:
        return False
    topic, feeling = labels.topics.get(situation.topic, 0.0), labels.feelings.get(situation.feeling, 0.0)
    gist = labels.gists.get(situation.gist, 0.0) if labels.gists and situation.gist else 1.0
    return topic < scales.topic_likely or feeling < scales.feeling_likely or gist < scales.gist_likely


def ranked(
    bank: Bank, evidence: Evidence, understood: Understanding, scales: Scales = DEFAULT_SCALES
) -> tuple[Situation, ...]:
    """Return the situations that fit, best first; none where too little points to any."""
    near = _with_kin(bank, evidence.near, scales.kin)
    scored: list[tuple[float, str]] = []
    for name in {*evidence.words, *evidence.cues, *near} & set(bank.situations) - evidence.barred:
        situation = bank.situations[name]
        if situation.is_fallback or (understood.act in _COURTESIES and situation.act is not understood.act):
            continue
        firm = (
            near.get(name, 0.0)
            + scales.firm_words * evidence.words.get(name, 0.0)
            + scales.firm_cues * evidence.cues.get(name, 0.0)
        )
        if near and firm < _firmness(situation, evidence, understood, scales):
            continue
        if _is_unlikely(situation, evidence, scales):
            continue
        shown = (
            scales.near * near.get(name, 0.0)
            + scales.words * evidence.words.get(name, 0.0)
            + scales.cues * evidence.cues.get(name, 0.0)
        )
        agrees = (
            scales.topic * (situation.topic == understood.topic)
            + scales.feeling * (situation.feeling == understood.feeling)
            + scales.act * (situation.act == understood.act)
        )
        against = (
            scales.contrary * _are_contrary(situation.feeling, understood.feeling)
            + scales.other_people * (name in evidence.others)
            + scales.nobody * (name in evidence.unnamed)
        )
        if shown + agrees / 2 - against >= scales.needed:
            scored.append((shown + agrees - against, name))
    return tuple(bank.situations[name] for _, name in sorted(scored, key=lambda pair: (-pair[0], pair[1])))


@dataclass(frozen=True, slots=True)
class Sayable:
    """What decides which wordings can be said at this moment."""

    used: frozenset[str]
    """Ids said in this session."""
    lately: frozenset[str]
    """Ids said in the last sessions."""
    values: Mapping[str, str]
    """What fills the slots; a wording with a slot that is missing or blank is not said."""
    chance: float
    """In [0, 1)."""
    may_ask: bool = True
    """False where a question would be one too many: wordings that ask nothing come first."""
    quiet: bool = False
    """Whether nothing may be asked at all while there is anything else to say."""
    leads: bool = False
    """Whether the telling said back may lead a reply that does not take it up itself."""
    fits: Mapping[str, float] = field(default_factory=dict)
    """How well each wording fits what was said, as far as it is known."""
    planned: bool = False
    """Whether what is told has not been done yet: nobody is told that they did it."""


def _with_kin(bank: Bank, found: Sequence[Near], share: float) -> dict[str, float]:
    """Return the similarities, each with a share of those of situations of the same topic and feeling.

    Where the encoder wavers between two that are much alike, either fits better than a general reply.
    """
    of = {one.situation: bank.situations[one.situation] for one in found if one.situation in bank.situations}
    sums: dict[tuple[str, Feeling], float] = {}
    for one in found:
        if one.situation in of:
            kind = of[one.situation].topic, of[one.situation].feeling
            sums[kind] = sums.get(kind, 0.0) + one.similarity
    return {
        one.situation: one.similarity
        + share * (sums[of[one.situation].topic, of[one.situation].feeling] - one.similarity)
        for one in found
        if one.situation in of
    }


def pick(
    situations: Sequence[Situation], fallbacks: Sequence[Situation], sayable: Sayable
) -> tuple[Situation, str, str] | None:
    """Return situation, reply id and text: the best situation with something new to say, then the general ones.

    What was said in this session or the last ones is not said again while anything else fits; only where all of it is
    spent is a reply of an earlier session said again, and last of all one of this session. None where nothing fits.
    """
    candidates = (*situations[:_TRIED], *fallbacks)
    for asks in (False, True) if sayable.quiet else (True,):
        for barred in (sayable.used | sayable.lately, sayable.used, frozenset[str]()):
            for situation in candidates:
                said = variants_of(situation, sayable.values, leads=sayable.leads)
                said = [one for one in said if not (sayable.planned and _DONE.search(one[1]))]
                left = [one for one in said if not _is_spent(one[0], barred) and (asks or "?" not in one[1])]
                if left:
                    fitting = _fitting(situation, _preferred(left, sayable), sayable)
                    return situation, *choose(fitting, frozenset(), sayable.chance)
    return None


def _is_spent(name: str, barred: frozenset[str]) -> bool:
    """Whether a reply was said already; a telling said back and no more is another each time."""
    return name in barred and not name.endswith(f"#{SAID_BACK_ALONE}")


def _preferred(variants: list[tuple[str, str]], sayable: Sayable) -> list[tuple[str, str]]:
    """Return those that take up what was said, and of them those that ask nothing where that is wanted.

    What was just said back is not asked about: who tells that the morning glory bloomed is not asked which flower.
    """
    silent = [one for one in variants if "?" not in one[1]]
    quiet = variants if sayable.may_ask or not silent else silent
    most = max(taken_up(text) for _, text in quiet)
    best = [one for one in quiet if taken_up(one[1]) == most]
    led = [one for one in best if one[1].startswith(_LED) and "?" not in one[1]]
    return led if led and sayable.leads else best


def _fitting(situation: Situation, variants: list[tuple[str, str]], sayable: Sayable) -> list[tuple[str, str]]:
    """Return those that fit nearly as well as the best; all of them where nobody knows."""
    number = {f"{situation.id}#{at}": reply for at, reply in enumerate(situation.replies)}
    fits = {name: sayable.fits[number[name]] for name, _ in variants if number.get(name) in sayable.fits}
    least = max(fits.values(), default=-1.0) - _NEARLY
    return [one for one in variants if fits.get(one[0], least) >= least]


def variants_of(situation: Situation, values: Mapping[str, str], *, leads: bool = False) -> list[tuple[str, str]]:
    """Return the replies of a situation that can be said, with their ids; ``leads``: see ``Sayable``."""
    before = _SAID_BACK if situation.receives else _LED if leads else ""
    lead = next((slot for slot in before.split("|") if slot and can_fill(slot, values)), "")
    # What is said back names the thing already: a reply that names it too is for where nothing can be.
    bare = situation.receives and lead
    numbered = [(f"{situation.id}#{number}", text) for number, text in enumerate(situation.replies)]
    if bare:  # nor is it taken up twice: 떡을 하셨군요. 아, 그랬군요.
        numbered = [one for one in numbered if not _TAKES_UP.match(one[1])] or numbered
    led = ((name, _led(text, lead, values, receives=situation.receives)) for name, text in numbered)
    fit = [(name, text) for name, text in led if can_fill(text, values)]
    if not bare:
        return fit
    alone = [(f"{situation.id}#{SAID_BACK_ALONE}", lead)] if situation.alone and lead in {_LED, _GLEANED} else []
    return [*alone, *((name, text) for name, text in fit if not slots_of(text) & _NAMES)]


def _led(text: str, lead: str, values: Mapping[str, str], *, receives: bool) -> str:
    """Return a reply behind its lead; a special one stays alone where it takes up what was said, or would be long."""
    if not lead or (not receives and (taken_up(text) or _TAKES_UP.match(text))):
        return text
    long = len(text) + len(values["mirror"]) > _LONGEST
    return text if long and not receives else f"{lead} {text}"


_LED: Final = "{mirror}"
SAID_BACK_ALONE: Final = "alone"
"""What stands for the number of a reply where a telling said back is all of it."""
_GLEANED: Final = "{gleaned}"
_SAID_BACK: Final = f"{_LED}|{{echo:이군요/군요}}.|{_GLEANED}"
"""What stands before a receiving reply, the first that can be filled."""
_NAMES: Final = SAID_SLOTS - {"mirror", "echo", "gleaned"}
_TAKES_UP: Final = re.compile(r"[^.?!]*(군요|네요)[.?!]")
"""A first sentence that takes something up by itself: two of them in a row are one too many."""
_DONE: Final = re.compile(r"(셨|했|았|었)(네요|군요|지요|어요|겠어요|을까요)")
"""What speaks of something as done: 한 끼 하셨네요."""
_LONGEST: Final = 110
"""Characters of a reply with its lead: about 25 seconds of slow speech."""
_NEARLY: Final = 0.1
"""Of the cosine of a telling and a reply."""
_TRIED: Final = 2
"""How many of the best situations are tried before a general reply."""
