"""What somebody told once and how it is answered: the nearest of thousands, where it fits what is told now.

An **exemplar** is a telling. It has a reply of its own, which takes up what is particular in it, or belongs to a
**theme**, what many tell in common (a visit that was cancelled; a parent seen in the mirror), whose replies are right
after all of them. Which is right after what is told now is not a figure of the encoder alone: a likeness of 0.8 is the
same story in one place and its opposite, or another dish, in the next. So it is reckoned how probably a strict
judge would find each right, and how probably wrong, from its likeness, how well the reply itself fits, the gists that
the head names, and the words on both sides; and the same of what the bank would say (``weighing``). Pure.
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
from companion.dialogue.weighing import Features, Weighing

OWN: Final = "told"
THEME: Final = "theme"
"""Of the ids of their situations: ``told.1204``, ``theme.379``."""
_SAID: Final = 5
"""Replies that are offered, best first: what was said lately gives way to the next."""
_NEAREST: Final = 24
"""Exemplars among which a theme must hold its share."""
_THEME_NEAREST: Final = 3
"""Exemplars of a theme whose words count."""
_WORDS: Final = ("NNG", "NNP", "VV", "VA", "XR", "MAG")
_NOUNS: Final = ("NNG", "NNP")


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
    """Replies that may fit what is told, and what they are worth."""

    id: str
    told: Exemplar
    """The nearest that is answered by them."""
    replies: tuple[str, ...]
    worth: float
    """See ``Weighing.worth``."""


class Exemplars:
    """Built once.

    Args:
        exemplars: All of them; ``requests.Alike`` names them by their place.
        themes: What they tell in common.
        weighing: What a reply is worth.
        analyser: Words of what is told.
    """

    def __init__(
        self, exemplars: Sequence[Exemplar], themes: Sequence[Theme], weighing: Weighing, analyser: Analyser
    ) -> None:
        self.all = tuple(exemplars)
        self._themes = {one.number: one for one in themes}
        self._weighing = weighing
        self._analyser = analyser

    def __len__(self) -> int:
        """How many exemplars there are."""
        return len(self.all)

    @property
    def texts(self) -> tuple[str, ...]:
        """What was told in each, for whoever answers ``FindAlike``."""
        return tuple(one.told for one in self.all)

    @property
    def themes(self) -> tuple[Theme, ...]:
        """All themes."""
        return tuple(self._themes.values())

    def replies(self, near: Sequence[Alike]) -> tuple[str, ...]:
        """Return the replies of these exemplars and of their themes, for whoever answers ``FindFits``."""
        own = [one.reply for _, one in self._told(near) if one.reply]
        themes = {one.theme for _, one in self._told(near) if one.theme in self._themes}
        common = (reply for number in sorted(filter(None, themes)) for reply in self._themes[number].replies)
        return tuple(dict.fromkeys((*own, *common)))

    def fitting(
        self, text: str, near: Sequence[Alike], labels: Labels, fits: Mapping[str, float]
    ) -> tuple[Fitting, ...]:
        """Return what may be said after a telling, what is worth most first.

        Args:
            text: What is told.
            near: The nearest exemplars, best first.
            labels: What the head names it.
            fits: How well replies fit it; one that is not there is never said.
        """
        found = [
            Fitting(f"{OWN}.{one.number}", exemplar, (exemplar.reply,), self._weighing.worth(OWN, features))
            for one, exemplar, features in self.own(text, near, labels, fits)
        ]
        found += [
            Fitting(f"{THEME}.{theme.number}", exemplar, theme.replies, self._weighing.worth(THEME, features))
            for theme, exemplar, features in self.common(text, near, labels, fits)
        ]
        return tuple(sorted(found, key=lambda one: (-one.worth, one.id))[:_SAID])

    def own(
        self, text: str, near: Sequence[Alike], labels: Labels, fits: Mapping[str, float]
    ) -> tuple[tuple[Alike, Exemplar, Features], ...]:
        """Return the exemplars with replies of their own, and what speaks for and against each."""
        words = self._words(text, _WORDS)
        return tuple(
            (one, exemplar, self._own_features(text, words, one, exemplar, labels) | {"fit": fits[exemplar.reply]})
            for one, exemplar in self._told(near)
            if exemplar.reply in fits
        )

    def common(
        self, text: str, near: Sequence[Alike], labels: Labels, fits: Mapping[str, float]
    ) -> tuple[tuple[Theme, Exemplar, Features], ...]:
        """Return the themes of the exemplars, the nearest of each, and what speaks for and against it."""
        told = self._told(near)
        of: dict[int, list[tuple[Alike, Exemplar]]] = defaultdict(list)
        for one, exemplar in told:
            if exemplar.theme is not None and exemplar.theme in self._themes:
                of[exemplar.theme].append((one, exemplar))
        words, found = self._words(text, _WORDS), []
        for number, members in of.items():
            known = [fits[reply] for reply in self._themes[number].replies if reply in fits]
            if known:
                features = self._common_features(words, number, members, told[:_NEAREST], labels)
                fit = {"fit": sum(known) / len(known), "best": max(known)}
                found.append((self._themes[number], members[0][1], features | fit))
        return tuple(found)

    def _told(self, near: Sequence[Alike]) -> list[tuple[Alike, Exemplar]]:
        return [(one, self.all[one.number]) for one in near if one.number < len(self.all)]

    def _own_features(
        self,
        text: str,
        words: frozenset[str],
        one: Alike,
        exemplar: Exemplar,
        labels: Labels,
    ) -> dict[str, float]:
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
    ) -> dict[str, float]:
        shared = [self._words(exemplar.told, _WORDS) for _, exemplar in members[:_THEME_NEAREST]]
        others = (one.likeness for one, exemplar in told if theme not in {exemplar.theme, exemplar.unlike})
        return {
            "bias": 1.0,
            "likeness": members[0][0].likeness,
            "lead": members[0][0].likeness - max(others, default=0.0),
            "share": sum(exemplar.theme == theme for _, exemplar in told) / max(1, len(told)),
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


def _named(shares: Mapping[Any, float], names: Sequence[str]) -> float:
    return sum(shares.get(name, 0.0) for name in names)
