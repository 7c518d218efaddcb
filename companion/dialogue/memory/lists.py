"""Hears a list that is to be kept in mind: 살 것들 말해 줄게. 호박, 부추. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from companion.core.morphology import Analyser

_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_LEAST: Final = 2
"""Things that make a list."""
_NEVER_IN: Final = ("J", "E", "V", "MA", "IC")
"""Beginnings of the tags of what is no name of a thing."""
_SHORT: Final = 6
"""Letters of a thing that is taken between commas, whatever an analyser makes of it."""
_SURE: Final = 3
"""Letters up to which a word is taken as it stands: an analyser does not know 쪽파, and 무 is no particle."""


class Lists:
    """Built from the part ``[list]`` of ``prompts/memory/answers.toml``.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any], analyser: Analyser) -> None:
        part = table["list"]
        self._begins, self._keeps = re.compile(part["begins"]), re.compile(part["keeps"])
        self._topic, self._again = re.compile(part["topic"]), re.compile(part["again"])
        self._between, self._stops = re.compile(part["between"]), re.compile(part["stops"])
        self._end, self._not = re.compile(part["end"]), re.compile(part["not_items"])
        self._no_thing = re.compile(part["no_thing"])
        self._longest, self._most = int(part["longest"]), int(part["most"])
        self._analyser = analyser

    def begins(self, text: str) -> bool:
        """Return whether a list is announced, or asked to be taken in."""
        return self._begins.search(text) is not None

    def keeps(self, text: str) -> bool:
        """Return whether something is to be kept in mind: 외워라."""
        return self._keeps.search(text) is not None

    def asks_again(self, text: str) -> bool:
        """Return whether nothing but the list is asked for: 외워 봐라."""
        return self._again.match(_NOT_LETTERS.sub("", text)) is not None

    def find(self, text: str, *, awaited: bool = False) -> tuple[str, ...]:
        """Return the things of a list that is told; none where none is, or where nothing says that it is one.

        Args:
            text: What was said.
            awaited: Whether a list was announced just before.
        """
        if not (awaited or self.begins(text) or self.keeps(text)):
            return ()
        rest = self._keeps.sub(". ", self._begins.sub(". ", text))
        best: list[str] = []
        for sentence in self._stops.split(rest):
            items = self._items(self._topic.sub("", sentence.strip(" ,")))
            best = items if len(items) > len(best) else best
        return tuple(best[: self._most]) if len(best) >= _LEAST else ()

    def _items(self, sentence: str) -> list[str]:
        """Return the things of one sentence; none where a part of it is none."""
        parts = [part.strip(" ,") for part in self._between.split(sentence) if part.strip(" ,")]
        if not parts:
            return []
        parts[-1] = self._bare(parts[-1])
        if len(parts) > 1:
            return parts if all(self._is_short(part) or self._is_thing(part) for part in parts) else []
        parts = parts[0].split()
        return parts if all(self._is_thing(part) for part in parts) else []

    def _is_short(self, part: str) -> bool:
        """Whether it is one short word that does not end like a sentence: 다시마, between commas."""
        return len(part) <= _SHORT and " " not in part and not (self._no_thing.search(part) or self._not.match(part))

    def _bare(self, last: str) -> str:
        """Return the last thing without the end of its sentence."""
        bare = self._end.sub("", last)
        return bare if bare and bare != last and len(bare.split()[-1]) > 1 and self._is_thing(bare) else last

    def _is_thing(self, part: str) -> bool:
        letters = part.replace(" ", "")
        if not letters or len(letters) > self._longest or self._not.match(part):
            return False
        if len(letters) <= _SURE and " " not in part and not self._ends_a_sentence(part):
            return True
        return not any(one.tag.startswith(_NEVER_IN) for one in self._analyser.analyse(part))

    def _ends_a_sentence(self, word: str) -> bool:
        return any(one.tag in {"EF", "EC", "VV", "VA", "JKO", "JX", "JKB"} for one in self._analyser.analyse(word)[1:])
