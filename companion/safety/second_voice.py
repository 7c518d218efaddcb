"""How much an utterance sounds like the dangers that were written down: a second voice beside the rules.

Rules know what they were told; people say it in other words. A softmax regression over morphemes, their pairs and short
runs of letters was taught with labelled utterances (``scripts/train_danger.py``) and speaks up where the rules are
silent. It may add a doubt or raise a level, never lower one. Weights are data (``models/danger/weights.tsv``).

Pure: standard library only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from companion.core.morphology import Morpheme
from companion.errors import PromptError
from companion.safety.risk import Kind, Level

FILE: Final = "danger/weights.tsv"
_RUNS: Final = (2, 3, 4)
"""Lengths of the runs of letters that are looked at."""


class Class(StrEnum):
    """What an utterance may sound like."""

    NONE = "none"
    WISH = "wish"
    THOUGHT = "thought"
    """A thought of ending one's life, hurting oneself, refusing food or medicine in order to die."""
    PLAN = "plan"
    """An intent, a way, a time, a means at hand, an attempt."""
    EMERGENCY = "emergency"


_KINDS: Final = {
    Class.WISH: Kind.PASSIVE_WISH,
    Class.THOUGHT: Kind.ACTIVE_THOUGHT,
    Class.PLAN: Kind.PLAN,
    Class.EMERGENCY: Kind.MEDICAL,
}
_PLAN_FIRST: Final = 1.5
"""A plan that is taken for a thought costs more than a thought that is taken for a plan."""


def features(letters: str, morphemes: Sequence[Morpheme]) -> frozenset[str]:
    """Return what is looked at in one utterance.

    Args:
        letters: Without blanks and marks, dialect and sound-alikes written back.
        morphemes: Of the same utterance.
    """
    shown = [f"{one.form}/{one.tag}" for one in morphemes if one.tag[0] != "S"]
    pairs = (f"{one} {other}" for one, other in pairwise(shown))
    runs = (letters[at : at + length] for length in _RUNS for at in range(len(letters) - length + 1))
    return frozenset((*shown, *pairs, *runs))


@dataclass(frozen=True, slots=True)
class SecondVoice:
    """The trained weights."""

    weights: Mapping[str, tuple[float, ...]]
    """For each feature one weight a class, in the order of ``Class``."""
    bias: tuple[float, ...]
    watch: float
    """Probability of danger from which a gentle question is asked."""
    concern: float
    """Probability of danger from which it is a concern, and a plan urgent."""

    def probabilities(self, found: Iterable[str]) -> Mapping[Class, float]:
        """Return one probability a class, summing to 1."""
        known = [weights for name in found if (weights := self.weights.get(name)) is not None]
        scale = 1 / math.sqrt(len(known)) if known else 0.0
        scores = [bias + scale * sum(column) for bias, column in zip(self.bias, _columns(known), strict=True)]
        raised = [math.exp(score - max(scores)) for score in scores]
        return {name: value / sum(raised) for name, value in zip(Class, raised, strict=True)}

    def heard(self, found: Iterable[str]) -> tuple[Level, Kind, float]:
        """Return the level that these features are worth, the kind and the probability of danger."""
        shares = self.probabilities(found)
        danger = 1 - shares[Class.NONE]
        kind = max(_KINDS, key=lambda name: shares[name] * (_PLAN_FIRST if name is Class.PLAN else 1.0))
        if danger >= self.concern:
            return Level.URGENT if kind is Class.PLAN else Level.CONCERN, _KINDS[kind], danger
        if danger >= self.watch and kind is not Class.EMERGENCY:
            return Level.WATCH, _KINDS[kind], danger
        return Level.NONE, Kind.NONE, danger


def _columns(rows: Sequence[tuple[float, ...]]) -> Iterator[tuple[float, ...]]:
    yield from zip(*rows, strict=True) if rows else ((0.0,),) * len(Class)


def load_second_voice(text: str) -> SecondVoice:
    """Read the weights: lines of a name and one number a class, tab-separated; ``#bias`` and ``#levels`` come first.

    Raises:
        PromptError: A line cannot be read, or one of the two is missing.
    """
    rows: dict[str, tuple[float, ...]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, *values = line.split("\t")
        try:
            rows[name] = tuple(map(float, values))
        except ValueError:
            raise PromptError("lexicon.pattern", file=FILE, pattern=str(number), detail="not a number") from None
    try:
        bias, (watch, concern) = rows.pop("#bias"), rows.pop("#levels")
    except (KeyError, ValueError):
        raise PromptError("lexicon.missing", file=FILE, entry="#bias, #levels") from None
    if any(len(values) != len(Class) for values in (bias, *rows.values())):
        raise PromptError("lexicon.broken", file=FILE, detail=f"a line has not {len(Class)} numbers")
    return SecondVoice(rows, bias, watch, concern)
