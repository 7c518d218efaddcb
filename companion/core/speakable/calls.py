"""Numbers that are dialled or keyed in: digit by digit, a breath (a comma) between groups."""

from __future__ import annotations

import re
from typing import Final

from companion.core.numerals import read_digits
from companion.core.speakable.amounts import Units
from companion.core.speakable.counters import Counters
from companion.core.speakable.reading import Reading, Table, lead, looks_back, stands_before

_GROUPED: Final = re.compile(
    r"(?:\+82[- ]?\(?0?\)?\d{1,2}[- ]\d{3,4}[- ]\d{4}"
    r"|0\d{1,2}(?:\) ?|[-–. ])\d{3,4}[-–. ]\d{4}"
    r"|1[3-9]\d\d[-–]\d{4}"
    r"|\d{3,4}[-–]\d{4}"
    r"|\d{6}-\d{7}"
    r"|\d+(?:[-–]\d+){2,})(?![-\d])"
)
_MOBILE: Final = re.compile(r"(01[016789])(\d{3,4})(\d{4})(?!\d)")
_BARE: Final = re.compile(r"\d+(?![\d,.]*\d)")
_YEARS: Final = re.compile(r"(1[89]\d\d|20\d\d)[-–](1[89]\d\d|20\d\d)(?= ?년)")
_SHORTEST: Final = 3
_BREATH: Final = ", "


class Calls:
    """Telephone numbers by their form; other numbers by the words around them."""

    def __init__(self, tables: Table, counters: Counters, units: Units) -> None:
        digits = tables["digits"]
        self._counters = counters
        self._units = units
        self._plus: str = tables["marks"]["plus"]
        self._hotlines = frozenset(digits["hotlines"])
        self._number_word: str = digits["number_word"]
        self._measured_before = looks_back(digits["measured_before"])
        self._label_before = looks_back(digits["label_before"])
        self._hotline_after = re.compile(digits["hotline_after"])
        self._call_after = re.compile(digits["call_after"])
        self._label_after = re.compile(digits["label_after"])

    def __call__(self, text: str, at: int, said: str) -> Reading | None:
        """Read the number at ``at`` digit by digit, if it is one to be dialled."""
        del said
        if not _YEARS.match(text, at):
            match = _GROUPED.match(text, at) or _MOBILE.match(text, at)
            if match is not None:
                groups = match.groups() or re.findall(r"\d+", match[0])
                sign = f"{self._plus} " if match[0].startswith("+") else ""
                spoken = sign + _BREATH.join(read_digits(group) for group in groups)
                return self._with_number_word(text, at, match.end(), spoken)
        bare = _BARE.match(text, at)
        if bare is None or text[at - 1 : at] in {"-", "/", "~", ".", ","}:
            return None
        if self._is_dialled(text, at, bare):
            return self._with_number_word(text, at, bare.end(), read_digits(bare[0]))
        return None

    def _with_number_word(self, text: str, at: int, end: int, spoken: str) -> Reading:
        gap = " " if text.startswith(self._number_word, end) else ""
        return Reading(end, lead(text, at) + spoken + gap, slow=True)

    def _is_dialled(self, text: str, at: int, bare: re.Match[str]) -> bool:
        digits, end = bare[0], bare.end()
        if len(digits) < _SHORTEST:
            return False
        if self._call_after.match(text, end) or self._label_after.match(text, end):
            return True
        hotline, labelled = digits in self._hotlines, stands_before(self._label_before, text, at)
        if hotline and self._hotline_after.match(text, end):
            return True
        counter = self._counters.find(text, end)
        if counter is not None:
            # A bus or an exit may have the number of a hotline.
            may_be_called = hotline and not self._counters.ruled(text, at, int(digits), counter)
            return counter.word == self._number_word and (labelled or may_be_called)
        if self._units.after(text, end, "") or text[end : end + 1] in {"/", "~"}:
            return False
        return labelled or (hotline and not stands_before(self._measured_before, text, at))
