"""What stands in a cell: text that no spreadsheet takes for a formula, moments with their zone, numbers as they are.

Law: a text whose first visible letter would begin a formula, or that begins with an apostrophe itself, comes out with
an apostrophe before it, any other text as it went in: with one apostrophe taken off it is the text that went in.

Source: OWASP, CSV Injection: = + - @, tab and carriage return; here full-width and other compatibility forms, too,
because spreadsheets in East Asian settings read them alike.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, tzinfo
from typing import Final

from companion.exchange.tables import Value

_BEGINS_A_FORMULA: Final = frozenset("=+-@|%\u2212\t\r\n")
_UNSEEN: Final = ("C", "Z")
"""First letters of the categories of what is not seen: controls, formats, blanks."""


def plain_text(text: str) -> str:
    """Return text that stays text in a spreadsheet."""
    return f"'{text}" if text.startswith("'") or _is_dangerous(text) else text


def _is_dangerous(text: str) -> bool:
    if text[:1].isalpha():
        return False
    for letter in text:
        if letter in _BEGINS_A_FORMULA:
            return True
        folded = unicodedata.normalize("NFKC", letter)
        if folded[:1] in _BEGINS_A_FORMULA:
            return True
        if not unicodedata.category(letter).startswith(_UNSEEN):
            return False
    return False


def shown(value: Value, zone: tzinfo) -> str | int | float:
    """Return a value as a cell shows it: a moment in a zone with its offset, a day, a number, or plain text."""
    # Ordered by how often they come: a year of minutes is half a million rows.
    if isinstance(value, str):
        return plain_text(str(value)) if value else ""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
