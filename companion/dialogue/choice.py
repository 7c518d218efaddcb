"""Which situation an utterance belongs to, and which of its replies to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from companion.core.turn import Act, Feeling, Understanding
from companion.dialogue.bank import Bank, Situation
from companion.dialogue.requests import Near
from companion.dialogue.wording import choose


@dataclass(frozen=True, slots=True)
class Evidence:
    """What points to situations: each maps ids to a weight in [0, 1]."""

    words: Mapping[str, float]
    cues: Mapping[str, float]
    near: tuple[Near, ...]
    others: frozenset[str] = frozenset()
    """Situations that speak of other people than the utterance."""
    barred: frozenset[str] = frozenset()
    """Situations that state what is not said, or the opposite of it."""
    of_others: bool = False
    """Whether other people are named."""


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
    firm_words: float = 0.35
    firm_cues: float = 0.3
    """Where an encoder is at work, how much it must agree: its similarity with words and cues in these shares. A
    general reply is better than a special one that does not fit. Chosen on a hundred everyday utterances."""
    contrary: float = 0.6
    """Taken off where the person is glad and the situation is not, or the other way round."""
    other_people: float = 0.8
    """Taken off where the situation speaks of other people."""


DEFAULT_SCALES: Final = Scales()
_GLAD: Final = frozenset({Feeling.JOY, Feeling.GRATITUDE})
_COURTESIES: Final = frozenset({Act.THANK, Act.APOLOGISE, Act.YES, Act.NO, Act.ACKNOWLEDGE})
"""Acts that are answered as such, whatever words they share with a situation."""


def _are_contrary(one: Feeling, other: Feeling) -> bool:
    if Feeling.NEUTRAL in {one, other}:
        return False
    return (one in _GLAD) is not (other in _GLAD)


def ranked(
    bank: Bank, evidence: Evidence, understood: Understanding, scales: Scales = DEFAULT_SCALES
) -> tuple[Situation, ...]:
    """Return the situations that fit, best first; none where too little points to any."""
    near = {found.situation: found.similarity for found in evidence.near}
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
        if near and firm < scales.firm:
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
        against = scales.contrary * _are_contrary(situation.feeling, understood.feeling) + scales.other_people * (
            name in evidence.others
        )
        if shown + agrees / 2 - against >= scales.needed:
            scored.append((shown + agrees - against, name))
    return tuple(bank.situations[name] for _, name in sorted(scored, key=lambda pair: (-pair[0], pair[1])))


def pick(
    situations: Sequence[Situation], fallback: Situation, used: frozenset[str], chance: float
) -> tuple[Situation, str, str]:
    """Return situation, reply id and text: the best situation with something new to say, then the fallback.

    Only where all of them are spent is a reply said again.
    """
    for situation in (*situations[:2], fallback):
        variants = variants_of(situation)
        if any(name not in used for name, _ in variants):
            return situation, *choose(variants, used, chance)
    best = situations[0] if situations else fallback
    return best, *choose(variants_of(best), used, chance)


def variants_of(situation: Situation) -> list[tuple[str, str]]:
    """Return the replies of a situation with their ids."""
    return [(f"{situation.id}#{number}", text) for number, text in enumerate(situation.replies)]
