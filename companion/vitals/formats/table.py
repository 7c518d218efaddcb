"""Tables with headings: exports of Dexcom Clarity, LibreView, Samsung Health, of common meters, and made by hand.

One row may hold several values (upper and lower pressure, pulse). What stands above the headings is read for whom the
table is about. A table whose dates could be two days is first looked through for one that could not.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import BinaryIO, Final

from companion.core.body import Reading
from companion.vitals.formats.headings import Columns, ValueColumn, Words
from companion.vitals.found import Choices, Found, Owner, Sample, Trouble, Unreadable
from companion.vitals.kinds import Kind, Quality, UnknownUnit, canonical
from companion.vitals.moments import Calendar, Order, is_turned, offset_of, order_in

_ENCODINGS: Final = ("utf-8-sig", "cp949")
_HEADING_WITHIN: Final = 40
"""Rows above the headings at most."""
_OWNER_WITHIN: Final = 100
"""Rows among which a table says whom it is about."""
_DELIMITERS: Final = ",;\t|"
_LONGEST: Final = 1 << 20
"""Letters of one line: rows of tables have a few hundred."""


@dataclass(frozen=True, slots=True)
class Table:
    """Reads tables by the words of their headings."""

    words: Words
    name: str = "table"

    def matches(self, sample: Sample) -> bool:
        """Return whether there is a row of headings that is understood."""
        text = _decoded(sample.head)
        if text is None:
            return False
        lines = text.splitlines()[:_HEADING_WITHIN]
        delimiter = _delimiter(lines)
        return any(self.words.columns(row) for row in csv.reader(lines, delimiter=delimiter))

    def read(self, stream: BinaryIO, sample: Sample, choices: Choices) -> Iterator[Found]:
        """Yield the readings, row by row.

        Raises:
            Unreadable: It is no text, or no row of headings is understood.
        """
        order = choices.calendar.order or self._order(stream, sample)
        stream.seek(0)
        calendar = replace(choices.calendar, order=order)
        return self._rows(stream, sample, replace(choices, calendar=calendar))

    def _order(self, stream: BinaryIO, sample: Sample) -> Order | None:
        """Return the order that the dates prove, looking through all of them if need be."""
        columns: Columns | None = None
        proved: set[Order] = set()
        doubted = False
        for _, row in _lines(stream, sample):
            if columns is None:
                columns = self.words.columns(row)
                continue
            cell = _cell(row, columns.whole if columns.whole >= 0 else columns.date)
            first = cell.split()[0] if cell else ""
            order = order_in(first)
            if order is not None:
                proved.add(order)
            doubted = doubted or (order is None and is_turned(first))
        if len(proved) > 1:
            raise Unreadable("mixed_dates")
        if doubted and not proved:
            raise Unreadable("which_is_the_day")
        return next(iter(proved), None)

    def _rows(self, stream: BinaryIO, sample: Sample, choices: Choices) -> Iterator[Found]:
        columns: Columns | None = None
        owner = Owner()
        for number, row in _lines(stream, sample):
            if number <= _OWNER_WITHIN:
                owner = self._owner(owner, row, choices.calendar)
            if columns is None:
                columns = self.words.columns(row)
                if columns is None and number > _HEADING_WITHIN:
                    raise Unreadable("no_headings")
            elif any(cell.strip() for cell in row) and self._is_reading(row, columns):
                yield from self._readings(number, row, columns, choices)
        if columns is None:
            raise Unreadable("no_headings")
        if owner != Owner():
            yield owner

    def _is_reading(self, row: Sequence[str], columns: Columns) -> bool:
        return columns.event < 0 or _cell(row, columns.event).lower() in self.words.events

    def _owner(self, owner: Owner, row: Sequence[str], calendar: Calendar) -> Owner:
        """Return the owner with what a row of labels and values adds."""
        cells = [cell.strip() for cell in row if cell.strip()]
        for label, value in pairwise(cells):
            field = self.words.owner_field(label)
            if not field or self.words.owner_field(value):
                continue
            if field == "born":
                born = calendar.moment(value)
                return replace(owner, born=born.date()) if born else owner
            # A Korean family name stands first, whichever of the two a file tells first.
            first = (field == "last_name") == ("가" <= value[0] <= "힣")
            name = f"{value} {owner.name}" if first else f"{owner.name} {value}"
            return replace(owner, name=value if field == "name" else name.strip())
        return owner

    def _readings(self, number: int, row: Sequence[str], columns: Columns, choices: Choices) -> Iterator[Found]:
        place = str(number)
        filled = [column for column in columns.values if _cell(row, column.at)]
        if not filled:
            return
        at, until = _span(row, columns, choices.calendar)
        if at is None:
            yield Trouble(place, "no_moment")
            return
        context = self.words.context(_cell(row, columns.context))
        for column in filled:
            found = self._value(row, column, columns, choices)
            if isinstance(found, str):
                yield Trouble(place, found)
                continue
            value, unit, quality = found
            device = _cell(row, columns.device)
            yield Reading(column.kind, value, unit, at, until, device, context, quality)

    def _value(
        self, row: Sequence[str], column: ValueColumn, columns: Columns, choices: Choices
    ) -> tuple[float, str, Quality] | str:
        """Return value, unit and quality, or the reason why there is none."""
        cell = _cell(row, column.at)
        if (limits := self.words.limits.get(column.kind)) is not None:
            if cell.lower() in self.words.low:
                return float(limits["low"]), str(limits["unit"]), Quality.BELOW_RANGE
            if cell.lower() in self.words.high:
                return float(limits["high"]), str(limits["unit"]), Quality.ABOVE_RANGE
        if (value := number_in(cell)) is None:
            return "no_number"
        chosen = choices.unit if column.kind is Kind.GLUCOSE else ""
        unit = _cell(row, columns.unit) or column.unit or chosen or self.words.usual_units.get(column.kind, "")
        if not unit:
            return "no_unit"
        try:
            return *canonical(column.kind, value, unit), Quality.PLAUSIBLE
        except UnknownUnit:
            return "unknown_unit"


def number_in(text: str) -> float | None:
    """Return the number that a cell holds; a comma before one or two digits at its end is a decimal point."""
    words = text.strip().replace(" ", "")
    head, comma, tail = words.rpartition(",")
    if comma and "." not in words:
        words = f"{head}.{tail}" if len(tail) <= 2 and "," not in head else head + tail  # noqa: PLR2004 - 5,6 and 1,234
    try:
        value = float(words.replace(",", ""))
    except ValueError:
        return None
    return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124 - not a number


def _span(row: Sequence[str], columns: Columns, calendar: Calendar) -> tuple[datetime | None, datetime | None]:
    """Return when a row was measured, and until when where it lasted."""
    if columns.day >= 0:
        day = calendar.moment(_cell(row, columns.day))
        if day is None:
            return None, None
        midnight = day.astimezone(UTC).replace(tzinfo=calendar.zone)
        return midnight, midnight + timedelta(days=1)
    zone = offset_of(_cell(row, columns.offset)) if columns.offset >= 0 else None
    read = calendar if zone is None else replace(calendar, zone=UTC)
    if columns.whole >= 0:
        at = read.moment(_cell(row, columns.whole))
    else:
        clock = _cell(row, columns.clock) if columns.clock >= 0 else ""
        at = read.moment(f"{_cell(row, columns.date)} {clock}")
    until = read.moment(_cell(row, columns.end)) if columns.end >= 0 else None
    if zone is not None:
        at, until = (None if one is None else one.astimezone(zone) for one in (at, until))
    return at, until


def _cell(row: Sequence[str], at: int) -> str:
    return row[at].strip() if 0 <= at < len(row) else ""


def _decoded(head: bytes) -> str | None:
    if b"\0" in head[:1000]:
        return None
    for encoding in _ENCODINGS:
        try:
            return io.TextIOWrapper(io.BytesIO(head), encoding).read()
        except UnicodeDecodeError as error:
            if error.start > len(head) - 4:  # the sample ends within a letter
                return head[: error.start].decode(encoding)
    return None


def _delimiter(lines: Sequence[str]) -> str:
    counts = {one: max((line.count(one) for line in lines), default=0) for one in _DELIMITERS}
    return max(counts, key=lambda one: counts[one])


def _lines(stream: BinaryIO, sample: Sample) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with their numbers, counted from one.

    Raises:
        Unreadable: It is no text.
    """
    head = _decoded(sample.head)
    if head is None:
        raise Unreadable("no_text")
    delimiter = _delimiter(head.splitlines()[:_HEADING_WITHIN])
    encoding = "utf-8-sig" if _is_utf8(sample.head) else "cp949"
    text = io.TextIOWrapper(stream, encoding, newline="")
    try:
        rows = csv.reader(_short(text), delimiter=delimiter)
        yield from enumerate(rows, 1)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable("no_text", str(getattr(error, "start", ""))) from error
    finally:
        text.detach()


def _short(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield lines, none of which is longer than a row may be.

    Raises:
        Unreadable: One is: it is no table, and would not fit into memory.
    """
    while line := text.readline(_LONGEST):
        if len(line) == _LONGEST and not line.endswith(("\n", "\r")):
            raise Unreadable("no_text")
        yield line


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4
    return True
