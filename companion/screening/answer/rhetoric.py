"""Turns round what is only said to be scoffed at: 좋을 리가 있나, 기력이 좋으면 이러고 있겠나, 즐거워서 사나.

What is turned here is never kept unasked, as the same words can be meant; but some of them are plain denials.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from companion.screening.answer.letters import Letters
from companion.screening.answer.signs import Sign

_SAID_BEFORE: Final = 4
"""Letters before an afterthought: at the beginning the same ending is none."""
_BEHIND: Final = 12
"""Letters behind a sign in which its own ending stands."""


class Rhetoric:
    """Built once from the table.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._scoffed = re.compile("|".join(f"(?:{one})" for one in table["scoffed"]))
        self._at_the_end = re.compile("|".join(f"(?:{one})" for one in table["scoffed_at_the_end"]))
        self._denial = re.compile(str(table["denial"]))
        self._if = re.compile(str(table["if"]))
        self._challenge = re.compile(str(table["challenge"]))
        self._real = re.compile(str(table["real"]))

    def end_of_scoff(self, letters: Letters, sign: Sign) -> int | None:
        """Return where the words end that make a scoff of a sign; None where it is meant."""
        if self._real.search(letters.compact, max(0, sign.start - 1), sign.end):
            return None
        if (match := self._scoffed.match(letters.compact, sign.end)) and _is_near(letters, match):
            return match.end()
        match = self._at_the_end.match(letters.compact, sign.end)
        if match and letters.ends_sentence(match.end()) and sign.start >= _SAID_BEFORE:
            return match.end()
        return self._end_of_challenge(letters, sign)

    def is_denial(self, letters: Letters, sign: Sign, end: int) -> bool:
        """Whether the words behind a sign, up to where a scoff ends, deny it in every reading."""
        return self._denial.fullmatch(letters.compact, sign.end, end) is not None

    def holds_denial(self, text: str) -> bool:
        """Whether such a denial stands anywhere in a text."""
        return self._denial.search(text) is not None

    def _end_of_challenge(self, letters: Letters, sign: Sign) -> int | None:
        """If it were so, would …? The condition is not met."""
        match = self._if.match(letters.compact, sign.end)
        if match is None:
            return None
        _, end = letters.sentence(sign.start)
        return match.end() if self._challenge.search(letters.compact, match.end(), end) else None


def _is_near(letters: Letters, match: re.Match[str]) -> bool:
    return match.end() - match.start() <= _BEHIND and not letters.breaks(match.start(), match.end())
