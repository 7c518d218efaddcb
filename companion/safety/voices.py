"""The trained voices beside the rules: what sounds like danger though no rule knows the words.

The second voice hears morphemes, letters and sounds (``second_voice``) and is always there. The third hears meaning: a
head over the sentence encoder, which is outside and may be missing or too late; where it speaks, both count together:
each takes for danger what the other knows to be harmless. They may add to what the rules found or raise it, never lower
it; but where both are sure that nothing is meant, what only a rule took for a wish to die is asked about first
(decision 0044). Of many pieces each is heard for itself.

Pure: the encoder comes in as a Protocol.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from companion.safety.risk import Risk
from companion.safety.second_voice import Class, SecondVoice, features
from companion.safety.sentences import Span
from companion.safety.windows import Window

SECOND: Final = "second_voice"
"""Id of what the second voice found."""
THIRD: Final = "third_voice"
"""Id of what both found together."""
_MOST: Final = 60
"""Pieces to which the second voice listens: more than anybody says at once."""
_MOST_ENCODED: Final = 40
"""Pieces shown to the encoder: those that sound gravest. It takes about 10 to 30 ms for one; only a very long turn has
so many, and there the one that matters may sound mild among harmless ones."""
_LEAST_LETTERS: Final = 6
"""Fewer letters than these sound like anything."""
_LEAST_SHARE: Final = 1e-6
_CALM, _CALM_ALONE = 0.12, 0.35
"""Share of danger, to both together and to the second alone, below which nothing is meant: see decision 0044."""
_LESS_SURE: Final = 0.8
"""Confidence at most: nobody can say why it was found."""
SURE: Final = 0.8
"""Share of danger from which somebody is called without asking first: see decision 0051."""


class Overhearing(Protocol):
    """Hears what texts mean."""

    def shares(self, texts: Sequence[str]) -> Sequence[Sequence[float]] | None:
        """Return for each text one probability a class, in the order of ``Class``; None where it cannot be had."""
        ...


_Scored = tuple[Window, Mapping[Class, float]]


@dataclass(frozen=True, slots=True)
class Sounding:
    """A piece and what it sounds like."""

    place: Span
    risk: Risk


@dataclass(frozen=True, slots=True)
class Voices:
    """The second voice, and the third if one is at work."""

    second: SecondVoice
    third: Overhearing | None = None

    def heard(self, text: str, pieces: Sequence[Window], *, urgent: bool) -> Iterator[Sounding]:
        """Yield what pieces of ``text`` sound like, also where that is nothing: then the confidence is the doubt.

        Where the third voice can be heard, what both say together counts, and the second alone where it cannot. It is
        not asked where it is ``urgent`` already.
        """
        second = self.second
        scored = [
            (piece, second.probabilities(features(piece.letters, piece.morphemes, piece.ideas)))
            for piece in pieces[:_MOST]
            if len(piece.letters) >= _LEAST_LETTERS
        ]
        gravest = _each_wording(text, sorted(scored, key=lambda one: one[1][Class.NONE]))[:_MOST_ENCODED]
        meant = None
        if self.third is not None and gravest and not urgent:
            meant = self.third.shares([piece.words(text) for piece, _ in gravest])
        if meant is None:
            yield from (_sounding(piece, second, shares, SECOND) for piece, shares in scored)
            return
        for (piece, shares), others in zip(gravest, meant, strict=False):
            yield _sounding(piece, second, together(shares, others), THIRD)

    def are_calm(self, text: str, pieces: Sequence[Window]) -> bool:
        """Return whether each hears nothing in any of the pieces; never where the third cannot be heard."""
        heard = [piece for piece in pieces if len(piece.letters) >= _LEAST_LETTERS]
        if self.third is None or not 0 < len(heard) <= _MOST_ENCODED:
            return False
        second = [self.second.probabilities(features(one.letters, one.morphemes, one.ideas)) for one in heard]
        if any(1 - shares[Class.NONE] >= _CALM_ALONE for shares in second):
            return False
        meant = self.third.shares([piece.words(text) for piece in heard])
        if meant is None:
            return False
        both = (together(shares, others) for shares, others in zip(second, meant, strict=True))
        return all(1 - shares[Class.NONE] < _CALM for shares in both)


def _each_wording(text: str, scored: Sequence[_Scored]) -> Sequence[_Scored]:
    """Return the first piece of each wording: said twice, it must not keep others from being heard."""
    first: dict[str, _Scored] = {}
    for one in scored:
        first.setdefault(one[0].words(text), one)
    return list(first.values())


def together(second: Mapping[Class, float], third: Sequence[float]) -> Mapping[Class, float]:
    """Return the shares of two opinions as one: their geometric mean, made to sum to 1."""
    raised = {
        name: math.sqrt(max(second[name], _LEAST_SHARE) * max(share, _LEAST_SHARE))
        for name, share in zip(Class, third, strict=True)
    }
    return {name: value / sum(raised.values()) for name, value in raised.items()}


def _sounding(piece: Window, voice: SecondVoice, shares: Mapping[Class, float], evidence: str) -> Sounding:
    level, kind, share = voice.level(shares, together=evidence == THIRD)
    return Sounding(piece.place, Risk(level, kind, evidence, min(share, _LESS_SURE), unsure=share < SURE))
