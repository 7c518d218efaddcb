"""Names of people and animals as they are said: 민준이야, 김도윤인데, 손주 지후가."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_SHORTEST: Final = 2
_LONGEST: Final = 5
_GIVEN: Final = 2
_PARTICLE: Final = re.compile(r"^\s?(?:은|는|이|가|을|를|도)?\s+")
_BEHIND: Final = re.compile(r"^(?:은|는|이|가|을|를|도)?[\s,]")
_WORD: Final = re.compile(r"[가-힣]+")


class Names:
    """Built from the part ``[names]`` of the table of memory."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._endings = tuple(re.compile(f"(?:{source})$") for source in table["endings"])
        self._followed = tuple(table["followed"])
        self._call = re.compile(table["call"])
        self._syllables = frozenset(table["syllables"])
        self._not_names = frozenset(table["not_names"])

    def after(self, text: str) -> str | None:
        """Return the name that follows 이름: what is left of the next word without its ending."""
        if not _BEHIND.match(text):
            return None  # 이름값
        rest = _PARTICLE.sub("", text, count=1)
        word = _WORD.match(rest)
        if word is None:
            return None
        name = self._bare(word[0], followed=bool(_WORD.search(rest, word.end())))
        return name if self._is_name(name) else None

    def beside(self, text: str) -> str | None:
        """Return the name that stands right behind a word for somebody: 손주 지후가."""
        word = _WORD.match(text.lstrip())
        match = self._call.fullmatch(word[0]) if word is not None and text[:1].isspace() else None
        if match is None:
            return None
        name = match["value"]
        likely = len(name) == _GIVEN and all(syllable in self._syllables for syllable in name)
        return name if likely and self._is_name(name) else None

    def _bare(self, word: str, *, followed: bool) -> str:
        for ending in self._endings:
            left = ending.sub("", word)
            if left != word and len(left) >= _SHORTEST:
                return left
        if followed and len(word) > _SHORTEST and word.endswith(self._followed):
            return word[:-1]
        return word

    def _is_name(self, word: str) -> bool:
        return _SHORTEST <= len(word) <= _LONGEST and word not in self._not_names
