"""Tables as one XLSX workbook: a sheet each, header frozen, texts never formulas, links or numbers.

The same tables and moment give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

import xlsxwriter

from companion.errors import InputError
from companion.exchange.cells import shown
from companion.exchange.tables import Column, Sheet

_LONGEST_CELL: Final = 32_767
"""Characters. Source: Excel specifications and limits."""
MOST_ROWS: Final = 200_000
"""Of a table: a workbook is made in memory, which takes 1.5 kB a row; a spreadsheet itself ends at 1,048,576."""
_CUT: Final = "…"
_WIDTHS: Final = {"text": 36, "moment": 24, "day": 12, "number": 11, "share": 11, "yes_no": 9, "code": 17}
"""Of a column, in characters, by kind of value."""
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(sheets: Iterable[Sheet], *, zone: tzinfo, made_at: datetime, title: str) -> bytes:
    """Return the bytes of a workbook.

    Args:
        sheets: Tables.
        zone: In which moments are shown.
        made_at: Aware; stands in its properties.
        title: In its properties.

    Raises:
        InputError: A table has more rows than fit.
    """
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, _OPTIONS)
    book.set_properties({"title": title, "created": made_at.astimezone(UTC).replace(tzinfo=None)})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "bottom": 1})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name), sheet, zone, head, body)
    book.close()
    return file.getvalue()


def _write(page: Any, sheet: Sheet, zone: tzinfo, head: Any, body: Any) -> None:  # noqa: ANN401 - xlsxwriter publishes no types
    for number, column in enumerate(sheet.columns):
        page.write_string(0, number, _heading(column), head)
        page.set_column(number, number, _WIDTHS[column.kind])
    page.set_row(0, 32)
    page.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(sheet.rows, 1):
        if last > MOST_ROWS:
            raise InputError("export.too_many_rows", most=f"{MOST_ROWS:,}")
        for number, value in enumerate(row):
            _write_cell(page, (last, number), shown(value, zone), body)
    page.autofilter(0, 0, last, len(sheet.columns) - 1)


def _write_cell(page: Any, place: tuple[int, int], value: str | float, body: Any) -> None:  # noqa: ANN401 - as above
    if isinstance(value, str):
        if value:
            text = value if len(value) <= _LONGEST_CELL else value[: _LONGEST_CELL - 1] + _CUT
            page.write_string(*place, text, body)
    else:
        page.write_number(*place, value, body)


def _heading(column: Column) -> str:
    return f"{column.title}\n{column.name}"
