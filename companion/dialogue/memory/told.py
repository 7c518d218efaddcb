"""Finds what was told before that a wish to forget speaks of: "아까 사위 흉본 거 그건 잊어 줘". Pure.

Whoever takes back what they said names it by its words, not by the fact that was read from it, and often none was. What
shares the most words with the wish is meant; a wish that shares none means nothing that was said here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from companion.core.morphology import Analyser

_NOUNS: Final = frozenset({"NNG", "NNP", "XR"})
_PREDICATES: Final = frozenset({"VV", "VA"})


class Told:
    """Built from the part ``[heard.told]`` of ``prompts/memory/words.ko.toml``.

    Raises:
        KeyError: A part is missing.
    """

    def __init__(self, table: Mapping[str, Any], analyser: Analyser) -> None:
        self._light = frozenset(map(str, table["heard"]["told"]["light"]))
        self._analyser = analyser

    def meant(self, wish: str, told: Sequence[str]) -> list[int]:
        """Return which of the things told a wish speaks of, by their places; empty where it speaks of none.

        Args:
            wish: The whole wish, as it was said.
            told: What was said before, each as it was said.
        """
        nouns, predicates = self._words(wish)
        shared = []
        for text in told:
            others, done = self._words(text)
            names = len(nouns & others)
            shared.append(names and names * (len(predicates) + 1) + len(predicates & done))
        best = max(shared, default=0)
        return [at for at, points in enumerate(shared) if best and points == best]

    def _words(self, text: str) -> tuple[frozenset[str], frozenset[str]]:
        morphemes = [one for one in self._analyser.analyse(text) if one.form not in self._light]
        nouns = frozenset(one.form for one in morphemes if one.tag in _NOUNS)
        return nouns, frozenset(one.form for one in morphemes if one.tag in _PREDICATES)
