"""What somebody told once and how it is answered: the nearest of thousands, where it fits what is told now.

An **exemplar** is a telling. It has a reply of its own, which takes up what is particular in it, or belongs to a
**theme**, what many tell in common (a visit that was cancelled; a parent seen in the mirror), whose replies are right
after all of them. Which is right after what is told now is not a figure of the encoder alone: a likeness of 0.8 is the
same story in one place and its opposite, or another dish, in the next. So it is reckoned how probable a strict judge
would find each right, from its likeness, the gists and tones that the head names, and the words on both sides. Pure.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from companion.core.morphology import Analyser
from companion.core.turn import Act, Feeling, Tone
from companion.dialogue.bank import Situation
from companion.dialogue.requests import Alike, Labels

FILE: Final = "exemplars.toml"
"""Of ``prompts/lexicon``: how it is decided whether a reply fits."""
OWN: Final = "told"
THEME: Final = "theme"
"""Of the ids of their situations: ``told.1204``, ``theme.379``."""
_SAID: Final = 3
"""Replies that are offered, best first: what was said lately gives way to the next."""
_TRIED: Final = 8
"""Nearest exemplars whose own replies are looked at."""
_THEME_NEAREST: Final = 3
"""Exemplars of a theme whose words count."""
_WORDS: Final = ("NNG", "NNP", "VV", "VA", "XR", "MAG")
_NOUNS: Final = ("NNG", "NNP")

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Exemplar:
    """Something that was told, what it is, and how it is answered."""

    told: str
    gists: tuple[str, ...]
    tones: tuple[Tone, ...]
    reply: str = ""
    """Its own; empty where it has none."""
    theme: int | None = None
    """The number of what it tells in common with others."""
    unlike: int | None = None
    """The theme that it only sounds like: whose replies would be wrong after it."""


@dataclass(frozen=True, slots=True)
class Theme:
    """What many tell in common."""

    number: int
    replies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fitting:
    """Replies that fit what is told, and how probable it is that they do."""

    id: str
    told: Exemplar
    """The nearest that is answered by them."""
    replies: tuple[str, ...]
    odds: float
    surely: bool
    """Whether it is more probably right than what a rule knows."""
    likely: bool
    """Whether it is more probably right than what receives a gist."""


class Exemplars:
    """Built once.

    Args:
        exemplars: All of them; ``requests.Alike`` names them by their place.
        themes: What they tell in common.
        table: Parsed ``prompts/lexicon/exemplars.toml``.
        analyser: Words of what is told.

    Raises:
        KeyError: The table lacks a part.
    """

    def __init__(
        self, exemplars: Sequence[Exemplar], themes: Sequence[Theme], table: Mapping[str, Any], analyser: Analyser
    ) -> None:
        self._exemplars = tuple(exemplars)
        self._themes = {one.number: one for one in themes}
        self._weights = {kind: _floats(table[kind]) for kind in (OWN, THEME)}
        self._bounds = {kind: _floats(table["bounds"][kind]) for kind in (OWN, THEME)}
        self._analyser = analyser

    def __len__(self) -> int:
        """How many exemplars there are."""
        return len(self._exemplars)

    @property
    def texts(self) -> tuple[str, ...]:
        """What was told in each, for whoever answers ``FindAlike``."""
        return tuple(one.told for one in self._exemplars)

    def fitting(self, text: str, near: Sequence[Alike], labels: Labels) -> tuple[Fitting, ...]:
        """Return what fits a telling, the most probable first.

        Args:
            text: What is told.
            near: The nearest exemplars, best first.
            labels: What the head names it.
        """
        found = [
            self._fitting(f"{OWN}.{one.number}", exemplar, (exemplar.reply,), features)
            for one, exemplar, features in self.own(text, near, labels)
        ]
        found += [
            self._fitting(f"{THEME}.{theme.number}", exemplar, theme.replies, features)
            for theme, exemplar, features in self.common(text, near, labels)
        ]
        return tuple(sorted((one for one in found if one is not None), key=lambda one: (-one.odds, one.id))[:_SAID])

    def own(self, text: str, near: Sequence[Alike], labels: Labels) -> tuple[tuple[Alike, Exemplar, Features], ...]:
        """Return the nearest exemplars with replies of their own, and what speaks for and against each."""
        words = self._words(text, _WORDS)
        told = [(one, self._exemplars[one.number]) for one in near if one.number < len(self._exemplars)]
        return tuple(
            (one, exemplar, self._own_features(text, words, one, exemplar, labels))
            for one, exemplar in told[:_TRIED]
            if exemplar.reply
        )

    def common(self, text: str, near: Sequence[Alike], labels: Labels) -> tuple[tuple[Theme, Exemplar, Features], ...]:
        """Return the themes of the nearest exemplars, the nearest of each, and what speaks for and against it."""
        told = [(one, self._exemplars[one.number]) for one in near if one.number < len(self._exemplars)]
        of: dict[int, list[tuple[Alike, Exemplar]]] = defaultdict(list)
        for one, exemplar in told:
            if exemplar.theme is not None and exemplar.theme in self._themes:
                of[exemplar.theme].append((one, exemplar))
        words = self._words(text, _WORDS)
        return tuple(
            (self._themes[number], members[0][1], self._common_features(words, number, members, told, labels))
            for number, members in of.items()
        )

    def _fitting(self, name: str, told: Exemplar, replies: tuple[str, ...], features: Features) -> Fitting | None:
        kind = name.partition(".")[0]
        said_for = sum(weight * features[name] for name, weight in self._weights[kind].items())
        odds, bounds = 1 / (1 + math.exp(-said_for)), self._bounds[kind]
        if odds < bounds["rather"]:
            return None
        return Fitting(name, told, replies, odds, surely=odds >= bounds["surely"], likely=odds >= bounds["likely"])

    def _own_features(
        self,
        text: str,
        words: frozenset[str],
        one: Alike,
        exemplar: Exemplar,
        labels: Labels,
    ) -> Features:
        told, answered = self._words(exemplar.told, _WORDS), self._words(exemplar.reply, _NOUNS)
        return {
            "bias": 1.0,
            "likeness": one.likeness,
            "gist": _named(labels.gists, exemplar.gists),
            "foreign": float(sum(noun in exemplar.told and noun not in text for noun in answered)),
            "shared": float(sum(noun in text for noun in answered)),
            "words": len(words & told) / max(1, len(words | told)),
            "long": math.log(len(exemplar.told)),
            "asks": float("?" in exemplar.reply),
        }

    def _common_features(
        self,
        words: frozenset[str],
        theme: int,
        members: Sequence[tuple[Alike, Exemplar]],
        told: Sequence[tuple[Alike, Exemplar]],
        labels: Labels,
    ) -> Features:
        shared = [self._words(exemplar.told, _WORDS) for _, exemplar in members[:_THEME_NEAREST]]
        others = (one.likeness for one, exemplar in told if theme not in {exemplar.theme, exemplar.unlike})
        return {
            "bias": 1.0,
            "likeness": members[0][0].likeness,
            "lead": members[0][0].likeness - max(others, default=0.0),
            "share": len(members) / max(1, len(told)),
            "gist": max(_named(labels.gists, exemplar.gists) for _, exemplar in members),
            "words": max(len(words & one) / max(1, len(words | one)) for one in shared),
        }

    def _words(self, text: str, tags: tuple[str, ...]) -> frozenset[str]:
        return frozenset(one.form for one in self._analyser.analyse(text) if one.tag in tags)


def as_situations(told: Iterable[Fitting], topic: str) -> tuple[Situation, ...]:
    """Return what fits as situations of what is told about ``topic``."""
    return tuple(
        Situation(
            id=one.id,
            topic=topic,
            feeling=Feeling.NEUTRAL,
            act=Act.TELL,
            cues=(),
            says=(one.told.told,),
            replies=one.replies,
            gist=next(iter(one.told.gists), ""),
        )
        for one in told
    )


def _floats(table: Mapping[str, Any]) -> Features:
    return {name: float(value) for name, value in table.items()}


def _named(shares: Mapping[Any, float], names: Sequence[str]) -> float:
    return sum(shares.get(name, 0.0) for name in names)
