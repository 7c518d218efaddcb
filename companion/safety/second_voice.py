"""How much an utterance sounds like the dangers that were written down: a second voice beside the rules.

Rules know what they were told; people say it in other words. A softmax regression over morphemes, their pairs and short
runs of letters was taught with labelled utterances (``scripts/train_danger.py``) and speaks up where the rules are
silent. It may add a doubt or raise a level, never lower one. Weights are data (``models/danger/weights.tsv``).

Pure: standard library only.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from companion.core.morphology import Morpheme
from companion.core.respelling import sounds
from companion.errors import PromptError
from companion.safety.risk import Kind, Level

FILE: Final = "danger/weights.tsv"
_RUNS: Final = (2, 3, 4)
"""Lengths of the runs of letters, and of sounds, that are looked at."""
_BARE_RUNS: Final = (2, 3)
"""Lengths of the runs of syllables whose codas are left out: what dialects and recognisers change first."""

_ENDINGS: Final = frozenset({"EC", "EF"})
_ENDING: Final = "E"
"""Whether an ending connects or ends depends on what stands behind it, so they count as one."""


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


def features(letters: str, morphemes: Sequence[Morpheme], ideas: Collection[str] = ()) -> frozenset[str]:
    """Return what is looked at: morphemes and pairs of them, runs of letters and of sounds, ideas.

    Sounds (``~`` before them, ``^`` without codas) are the same however somebody spells them: 주거 버리고 시퍼 shares
    them with 죽어 버리고 싶어.

    Args:
        letters: Without blanks and marks, dialect and sound-alikes written back.
        morphemes: Of the same utterance.
        ideas: What it is about: see ``ideas.Ideas``. They begin with ``@``.
    """
    shown = [f"{one.form}/{_ENDING if one.tag in _ENDINGS else one.tag}" for one in morphemes if one.tag[0] != "S"]
    pairs = (f"{one} {other}" for one, other in pairwise(shown))
    runs = (letters[at : at + length] for length in _RUNS for at in range(len(letters) - length + 1))
    heard = sounds(letters, loose=True)
    full, bare = ["".join(sound) for sound in heard], [onset + vowel for onset, vowel, _ in heard]
    about = (f"@{name}" for name in ideas)
    return frozenset((*shown, *pairs, *runs, *_runs("~", full, _RUNS), *_runs("^", bare, _BARE_RUNS), *about))


def _runs(mark: str, syllables: Sequence[str], lengths: Sequence[int]) -> Iterator[str]:
    for length in lengths:
        yield from (mark + "".join(syllables[at : at + length]) for at in range(len(syllables) - length + 1))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probabilities something follows."""

    watch: float
    """Of danger: a gentle question is asked."""
    concern: float
    """Of danger: it is a concern."""
    plan: float
    """Of a plan, where it is a concern: it is urgent."""


@dataclass(frozen=True, slots=True)
class SecondVoice:
    """The trained weights."""

    weights: Mapping[str, tuple[float, ...]]
    """For each feature one weight a class, in the order of ``Class``."""
    bias: tuple[float, ...]
    alone: Thresholds
    """Where it is heard alone."""
    joined: Thresholds
    """Where the sentence encoder was asked too: both together are surer."""

    def probabilities(self, found: Collection[str]) -> Mapping[Class, float]:
        """Return one probability a class, summing to 1; what is unknown makes all of it less sure."""
        known = [weights for name in found if (weights := self.weights.get(name)) is not None]
        scale = 1 / math.sqrt(max(len(found), 1))
        scores = [bias + scale * sum(column) for bias, column in zip(self.bias, _columns(known), strict=True)]
        raised = [math.exp(score - max(scores)) for score in scores]
        return {name: value / sum(raised) for name, value in zip(Class, raised, strict=True)}

    def level(self, shares: Mapping[Class, float], *, together: bool = False) -> tuple[Level, Kind, float]:
        """Return the level that shares are worth, the kind, and the probability of danger.

        Args:
            shares: One probability a class.
            together: Whether they are those of both voices.
        """
        limits = self.joined if together else self.alone
        danger = 1 - shares[Class.NONE]
        kind = max(_KINDS, key=lambda name: shares[name])
        if danger >= limits.concern and shares[Class.PLAN] >= limits.plan:
            return Level.URGENT, Kind.PLAN, danger
        if danger >= limits.concern:
            return Level.CONCERN, _KINDS[kind], danger
        if danger >= limits.watch and kind is not Class.EMERGENCY:
            return Level.WATCH, _KINDS[kind], danger
        return Level.NONE, Kind.NONE, danger


def _columns(rows: Sequence[tuple[float, ...]]) -> Iterator[tuple[float, ...]]:
    yield from zip(*rows, strict=True) if rows else ((0.0,),) * len(Class)


def load_second_voice(text: str) -> SecondVoice:
    """Read the weights: lines of a name and one number a class, tab-separated.

    ``#bias`` and the thresholds ``#alone`` and ``#joined`` (watch, concern, plan) come first.

    Raises:
        PromptError: A line cannot be read, or one of the three is missing.
    """
    rows: dict[str, tuple[float, ...]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        name, *values = line.split("\t")
        try:
            rows[name] = tuple(map(float, values))
        except ValueError:
            raise PromptError("lexicon.pattern", file=FILE, pattern=str(number), detail="not a number") from None
    try:
        bias, alone, joined = rows.pop("#bias"), Thresholds(*rows.pop("#alone")), Thresholds(*rows.pop("#joined"))
    except (KeyError, TypeError):
        raise PromptError("lexicon.missing", file=FILE, entry="#bias, #alone, #joined") from None
    if any(len(values) != len(Class) for values in (bias, *rows.values())):
        raise PromptError("lexicon.broken", file=FILE, detail=f"a line has not {len(Class)} numbers")
    return SecondVoice(rows, bias, alone, joined)
