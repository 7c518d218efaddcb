"""Tables as CSV: UTF-8 with a byte order mark, so that Korean Excel opens it, and CRLF (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import Final

from companion.exchange.cells import shown
from companion.exchange.tables import Sheet

_MARK: Final = "\ufeff"


def csv_files(sheets: Iterable[Sheet], zone: tzinfo) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of one file for each table."""
    for sheet in sheets:
        text = io.StringIO(newline="")
        text.write(_MARK)
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([column.name for column in sheet.columns])
        writer.writerows([shown(value, zone) for value in row] for row in sheet.rows)
        yield f"{sheet.name}.csv", text.getvalue().encode("utf-8", "replace")
