"""Everything that is neither letter nor digit: kept, spoken, turned into a breath, or left out."""

from __future__ import annotations

import re
from typing import Final

from companion.core.hangul import is_syllable, particle
from companion.core.speakable.reading import Reading, Table, alternatives, looks_back, stands_before

_KEPT: Final = frozenset(" ,.?!…~")
_LIST_ITEM: Final = re.compile(r"(?:^|(?<=\n))[ ]*(?:[-*•·‣▪◦○●■□▶※] +)")
_NUMBER_OF_ITEM: Final = 24
"""How far back an opening bracket is looked for; without one "1)" numbers an item."""
_LEFT_OUT: Final = re.compile(r"(?: ?[^\w\s,.?!…~+=-])+")
_DASH: Final = re.compile(r" [-–—]+ |[–—]+")


class Signs:
    """Reads one sign; always has an answer for what is no letter or digit."""

    def __init__(self, marks: Table, point: str) -> None:
        self._point = f" {point} "
        self._spoken = {sign: str(word) for sign, word in marks["spoken"].items()}
        self._signs = re.compile(alternatives(self._spoken))
        self._from_to = f"{marks['from_to']} "
        self._from_to_before = looks_back(marks["from_to_before"])
        self._from_to_after = re.compile(marks["from_to_after"])
        self._plus = f" {marks['plus']} "
        self._equals: str = marks["equals"]
        self._times = f" {marks['times']} "
        self._subtract = f" {marks['subtract']} "

    def __call__(self, text: str, at: int, said: str) -> Reading | None:
        """Read the sign at ``at``; None for a letter or digit."""
        sign = text[at]
        item = _LIST_ITEM.match(text, at)
        if item is not None:
            return Reading(item.end(), "")
        if text.startswith(" =", at) or (text.startswith(" ~", at) and self._joins(text, at + 1)):
            return Reading(at + 2, self._one(text, at + 1, said))
        dash = _DASH.match(text, at)
        if dash is not None:
            return Reading(dash.end(), self._dash(text, at, dash.end()))
        if sign == "+" and _is_latin(text[at - 1 : at]) and not text[at + 1 : at + 2].isalnum():
            return Reading(at + 1, self._plus)
        known = self._signs.match(text, at)
        if known is not None:
            return Reading(known.end(), self._spoken[known[0]])
        return None if sign.isalnum() else Reading(at + 1, self._one(text, at, said))

    def _one(self, text: str, at: int, said: str) -> str:
        sign = text[at]
        if sign == "\n":
            return self._line_break(text, at, said)
        if sign == "~" and self._joins(text, at):
            return self._from_to
        if sign == "=":
            return f"{particle(said, self._equals)} " if _says_something(said) else " "
        if sign == "*" and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit():
            return self._times
        if sign == "." and _is_latin(text[at - 1 : at]) and _is_latin(text[at + 1 : at + 2]):
            return self._point
        return sign if sign in _KEPT else self._silent(text, at)

    def _joins(self, text: str, at: int) -> bool:
        left_out = _LEFT_OUT.match(text, at + 1)  # 1~*1: what is not said parts nothing
        behind = left_out.end() if left_out is not None else at + 1
        return stands_before(self._from_to_before, text, at) and self._from_to_after.match(text, behind) is not None

    def _dash(self, text: str, at: int, end: int) -> str:
        between_numbers = text[at - 1 : at].isdigit() and text[end : end + 1].isdigit()
        return self._subtract if between_numbers else ", "

    def _line_break(self, text: str, at: int, said: str) -> str:
        ends = not _says_something(said[-1:]) or not text[at + 1 :].strip()
        return " " if ends else ", "

    def _silent(self, text: str, at: int) -> str:
        """Brackets and hyphens part words: 보건소(2층)에서, PHQ-9; a particle stays with what is quoted."""
        if text[at] == ")" and text[at - 1 : at].isdigit() and "(" not in text[max(0, at - _NUMBER_OF_ITEM) : at]:
            return ", "
        if text[at] in "([{<":
            return " "
        parts = text[at] == "-" and text[at - 1 : at].isalnum() and text[at + 1 : at + 2].isalnum()
        return " " if parts else ""


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def _says_something(said: str) -> bool:
    return any(is_syllable(letter) for letter in said)
