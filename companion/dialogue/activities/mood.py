"""A mood from 0 to 10, as it is said aloud: "한 다섯쯤", "10점 만점에 6점", "칠팔". Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

HIGHEST: Final = 10
_EDGE: Final = re.compile(r"[.,!?~…]")
_ABOUT: Final = "한"
_MOST_WORDS: Final = 2
"""Words beside a number without 점 or 쯤 of which it is still believed."""


class MoodReader:
    """Built from the part ``[mood]`` of ``prompts/wording/activities.ko.toml``.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._numbers = {str(word): int(value) for word, value in table["numbers"].items()}
        self._weak = frozenset(table["weak"])
        self._shown_only = frozenset(table["shown_only"])
        words = "|".join(sorted(self._numbers, key=len, reverse=True))
        self._word = re.compile(rf"(?P<number>{words}|[0-9]{{1,3}})(?P<ending>{table['ending']})")
        self._shows = re.compile(table["shows"])
        self._scale = re.compile(table["scale"])
        self._said = tuple(
            (re.compile("|".join(table[name])), value)
            for name, value in (("highest", 10), ("lowest", 0), ("middle", 5))
        )

    def read(self, text: str) -> int | None:
        """Return the number that is said, 0 to 10; None where none is, or one beyond the scale.

        Law: what ``read_sino`` and ``read_native`` say of a number from 0 to 10 is read back as that number.
        """
        plain = _EDGE.sub(" ", self._scale.sub(" ", text)).strip()
        words = plain.split()
        found = [(self._number(word), self._is_shown(words, index)) for index, word in enumerate(words)]
        sure = [number for number, shown in found if number is not None and shown]
        if not sure and len(words) <= _MOST_WORDS:
            sure = [number for number, _ in found if number is not None and words[0] not in self._shown_only]
        if sure:
            return sure[-1] if sure[-1] <= HIGHEST else None
        return next((value for pattern, value in self._said if pattern.search(plain)), None)

    def _number(self, word: str) -> int | None:
        match = self._word.fullmatch(word)
        if match is None:
            return None
        said = match["number"]
        return int(said) if said.isdigit() else self._numbers[said]

    def _is_shown(self, words: list[str], index: int) -> bool:
        """Whether a word can be nothing but a number."""
        match = self._word.fullmatch(words[index])
        if match is None or (words[index] == _ABOUT and index + 1 < len(words)):
            return False
        following = words[index + 1] if index + 1 < len(words) else ""
        shown = self._shows.match(match["ending"]) or self._shows.match(following)
        about = index > 0 and words[index - 1] == _ABOUT
        return bool(shown or about or match["number"] not in self._weak)
