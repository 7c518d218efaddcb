"""What the readers of ``companion.core.speakable`` share: how they are called, and amounts read out.

A reader looks at one place of a cleaned text and says how what stands there is spoken, or that it is not its kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from companion.core.numerals import SINO_LIMIT, read_decimals, read_digits, read_sino

Table: TypeAlias = Mapping[str, Any]
"""One parsed TOML table."""

NUMBER: Final = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?")
"""Digits, with or without commas between thousands and a decimal part."""
WHOLE: Final = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)"

_LOOK_BACK: Final = 24
_MOST_DIGITS: Final = len(str(SINO_LIMIT)) - 1


@dataclass(frozen=True, slots=True)
class Reading:
    """How a stretch of text is spoken."""

    end: int
    """Index just past the stretch; always past its start."""
    spoken: str
    """Hangul, blanks and punctuation; empty for what is left out."""
    slow: bool = False
    """True for digits that somebody may write down."""


Reader: TypeAlias = Callable[[str, int, str], Reading | None]
"""Called with the text, an index into it, and the end of what was said so far; None: not my kind."""


def looks_back(pattern: str) -> re.Pattern[str]:
    """Compile a pattern for the text that ends just before a place; see ``stands_before``."""
    return re.compile(f"(?:{pattern})$")


def stands_before(pattern: re.Pattern[str], text: str, at: int) -> bool:
    """Return whether the few characters before ``at`` end as ``pattern`` (made by ``looks_back``) wants."""
    return pattern.search(text[max(0, at - _LOOK_BACK) : at]) is not None


def alternatives(words: Mapping[str, Any] | list[str] | tuple[str, ...]) -> str:
    """Return a pattern for any of ``words``, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def lead(text: str, at: int, close_after: str = "") -> str:
    """Return the blank that parts a number from the letter before it, or nothing."""
    before = text[at - 1 : at]
    return " " if before.isalpha() and before not in close_after else ""


def whole_number(digits: str) -> int | None:
    """Return the value of digits with or without commas; None for a decimal or one too long to be an amount."""
    plain = digits.replace(",", "")
    return int(plain) if plain.isdigit() and len(plain.lstrip("0")) <= _MOST_DIGITS else None


def read_amount(number: str, point: str) -> str:
    """Read a match of ``NUMBER`` the Sino-Korean way; too long ones digit by digit.

    Args:
        number: As written, commas and decimal point included.
        point: The word for the decimal point.
    """
    whole, _, decimals = number.replace(",", "").partition(".")
    value = whole_number(whole)
    spoken = read_digits(whole) if value is None else read_sino(value)
    return f"{spoken} {point} {read_decimals(decimals)}" if decimals else spoken
