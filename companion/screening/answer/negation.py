"""Turns what is said round where it is denied, doubted or scorned: 쓸모없다고는 생각 안 해, 즐겁긴 뭐가 즐거워, 안 피곤한 날이 없어."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from companion.screening.answer.letters import Letters
from companion.screening.answer.signs import Days, Sign, SignKind

_OTHER: Final = {SignKind.PRESENT: SignKind.ABSENT, SignKind.ABSENT: SignKind.PRESENT}
_BEFORE_REACH: Final = 3
_MOST_TURNS: Final = 3
_WHOLE_WINDOW: Final = 14


class Negation:
    """Built once from the table.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._before = re.compile(str(table["before"]))
        self._rhetoric_before = re.compile(f"{table['rhetoric']}$")
        self._rhetoric = re.compile(str(table["rhetoric"]))
        self._inner = re.compile(str(table["inner"]))
        self._outer = tuple(map(re.compile, table["outer"]))
        self._no_such_day = re.compile(str(table["no_such_day"]))

    def turned(self, letters: Letters, sign: Sign, *, read: bool) -> Iterator[Sign]:
        """Yield what a sign comes to once everything around it is heard.

        Args:
            letters: The reply.
            sign: PRESENT or ABSENT.
            read: It was found by its reading, which already knows of 안 and 지 않 around the word.
        """
        sign = self._rhetorical(letters, sign)
        if not read:
            sign = self._directly(letters, sign)
        if match := self._no_such_day.match(letters.compact, sign.end):
            yield _no_such_day(sign, match.end())
            return
        for _ in range(_MOST_TURNS):
            end = next((match.end() for one in self._outer if (match := one.match(letters.compact, sign.end))), None)
            if end is None or any(sign.end < mark < end for mark in letters.stops | letters.pauses):
                break
            sign = _turned(sign, end=end)
        yield sign

    def _rhetorical(self, letters: Letters, sign: Sign) -> Sign:
        before = letters.compact[max(0, sign.start - _BEFORE_REACH) : sign.start]
        without = self._before.sub("", before)
        if self._rhetoric_before.search(without):
            return _turned(sign)
        inside = self._rhetoric.search(letters.compact, sign.start + 1, sign.end)
        return _turned(sign) if inside and inside.start() in letters.word_starts else sign

    def _directly(self, letters: Letters, sign: Sign) -> Sign:
        before = letters.compact[max(0, sign.start - 1) : sign.start]
        if self._before.search(before) and sign.start - 1 in letters.word_starts:
            sign = _turned(sign, start=sign.start - 1)
        if match := self._inner.match(letters.compact, sign.end):
            sign = _turned(sign, end=match.end())
        return sign


def _turned(sign: Sign, *, start: int | None = None, end: int | None = None) -> Sign:
    return replace(
        sign,
        kind=_OTHER[sign.kind],
        start=sign.start if start is None else start,
        end=sign.end if end is None else end,
        rule=f"{sign.rule}.not",
    )


def _no_such_day(sign: Sign, end: int) -> Sign:
    """No good day is every day; no bad day is none."""
    if sign.kind is SignKind.ABSENT:
        return Sign(SignKind.DAYS, sign.start, end, "no_such_day.good", Days(_WHOLE_WINDOW, _WHOLE_WINDOW))
    return Sign(SignKind.ZERO, sign.start, end, "no_such_day.bad")
