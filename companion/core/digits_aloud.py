"""How the digits of a telephone number are said one by one: linked, unless a vowel would hide one. Pure.

Digits written apart (일, 공, 구.) are said as a number too: one at a time, with a pause after each, the voice makes of
them what no listener takes for digits (docs/decisions/0018-korean-intonation.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from companion.core.hangul import decompose, is_syllable

_DIGITS: Final = "공영일이삼사오육칠팔구"
_FEWEST: Final = 3
_GROUP: Final = 4


class DigitMarks(NamedTuple):
    """What stands between digits that are said one by one."""

    usual: str
    before_vowel: str
    """Where 이 or 오 would take over the coda before it."""
    groups_at_once: int
    """A number of so many groups is said in one breath."""
    apart: frozenset[str]
    """Groups of which each digit is a word of its own."""
    digit: re.Pattern[str]
    """A digit that is written apart, what may be joined to the last one of a number, and a mark."""
    counter: re.Pattern[str]
    """The blank between digits and the counter that is joined to them."""

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> DigitMarks:
        """Take the part ``slow`` of ``prompts/speech/phrasing.toml``.

        Raises:
            KeyError: An entry is missing.
            TypeError: An entry is of the wrong kind.
            ValueError: An entry is no number.
            re.error: A pattern does not compile.
        """
        return cls(
            str(table["between_digits"]),
            str(table["before_vowel"]),
            int(table["groups_at_once"]),
            frozenset(table["apart"]),
            re.compile(f"([{_DIGITS}])((?:{table['endings']})?)([,.?!…]?)"),
            re.compile(f"(?<=[{_DIGITS}]) (?={table['counter']})"),
        )

    def one_by_one(self, group: str) -> str:
        """Return ``group`` with its digits, the last word of it, as they are said one by one.

        Where 이 or 오 would take over the coda before it (일오[이로]), it is not linked.
        """
        said = group.rstrip()
        before, blank, digits = said.rpartition(" ")
        if digits in self.apart:
            return before + blank + " ".join(digits) + group[len(said) :]
        spoken = digits[:1] + "".join(
            (self.before_vowel if _hides(*pair) else self.usual) + pair[1] for pair in pairwise(digits)
        )
        return before + blank + spoken + group[len(said) :]

    def read_apart(self, words: Sequence[str]) -> tuple[int, str]:
        """Return how many of the first ``words`` are digits written apart, and how they are said together.

        At least three, each but the last with a comma; (0, "") where there are none. To the last an ending may be
        joined (구예요). More than four are said in groups of four, counted from the end.
        """
        digits, ending, mark = "", "", ","
        for word in words:
            found = self.digit.fullmatch(word)
            if found is None or ending or mark != ",":
                break
            digits, ending, mark = digits + found[1], found[2], found[3]
        if len(digits) < _FEWEST:
            return 0, ""
        first = len(digits) % _GROUP or _GROUP
        groups = [digits[:first], *(digits[at : at + _GROUP] for at in range(first, len(digits), _GROUP))]
        return len(digits), " ".join(self.one_by_one(group) for group in groups) + ending + mark

    def counted(self, spoken: str) -> str:
        """Return ``spoken`` with the counter joined to its digits: 일공구 번 is heard as 일공급 번, 일공구번 is not."""
        return self.counter.sub("", spoken)


def _hides(digit: str, following: str) -> bool:
    """Return whether ``following`` is a bare vowel that takes over the coda of ``digit``."""
    if not (is_syllable(digit) and is_syllable(following)):
        return False
    vowel = decompose(following)
    return decompose(digit).coda not in ("", "ㅇ") and vowel.onset == "ㅇ" and not vowel.coda
