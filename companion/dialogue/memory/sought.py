"""What of something told is asked for: a name, a number of sacks, an hour, a place, what somebody said. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_PART: Final = re.compile(r"\{([a-z]+)\}")


class Kind(StrEnum):
    """What can be read out of a sentence by itself."""

    NAME = "name"
    HOUR = "hour"
    COUNT = "count"
    DATE = "date"
    BIRTH = "birth"
    """Where the person is from."""
    LIST = "list"
    PLACE = "place"
    WORDS = "words"
    """What somebody said: 처음 한 말이 뭐였다고."""
    SORT = "sort"
    """One of a sort: 무슨 장사."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a question asks for."""

    kind: Kind
    counter: str = ""
    """Of a number, as it stands in the question: 말."""
    sort: str = ""


class Seeking:
    """Built from the parts ``[sought]`` and ``[counters]`` of ``prompts/memory/answers.toml``.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._kinds = {Kind(str(kind)): re.compile(source) for kind, source in table["sought"].items()}
        counters = sorted(map(str, table["counters"]["all"]), key=len, reverse=True)
        self._counter = re.compile("|".join(counters))
        self._behind = re.compile(table["counters"]["behind"])
        self._money = re.compile(table["counters"]["money_asked"])
        self._which = [re.compile(source) for source in table["words"]["which"].values()]

    def read(self, question: str) -> Sought | None:
        """Return what is asked for; None where it is nothing that can be read by itself."""
        letters = _NOT_LETTERS.sub("", question)
        for kind, pattern in self._kinds.items():
            match = pattern.search(letters)
            if match is None:
                continue
            if kind is Kind.COUNT:
                return self._counted(letters)
            return Sought(kind, sort=match["sort"] if kind is Kind.SORT else "")
        return None

    def sort_too(self, question: str) -> Sought | None:
        """Return the sort that is asked for beside an hour: 뭔 약을 몇 시에."""
        match = self._kinds[Kind.SORT].search(_NOT_LETTERS.sub("", question))
        return None if match is None else Sought(Kind.SORT, sort=match["sort"])

    def same_at(self, question: str, text: str) -> int | None:
        """Return where some words name the saying that is meant, the first, the last, one of every day, or None."""
        letters = _NOT_LETTERS.sub("", question)
        found = (which.search(text) for which in self._which if which.search(letters))
        return next((match.end() for match in found if match is not None), None)

    def _counted(self, letters: str) -> Sought | None:
        behind = self._behind.search(letters)
        if behind is None:
            money = self._money.search(letters)
            return None if money is None else Sought(Kind.COUNT)
        counter = self._counter.match(behind["counted"])
        return None if counter is None else Sought(Kind.COUNT, counter[0])


def expanded(source: str, parts: Mapping[str, str], **more: str) -> str:
    """Return a pattern with its parts put in, and the parts of those."""
    known = {**parts, **more}
    while _PART.search(source):
        source = _PART.sub(lambda match: known[match[1]], source)
    return source
