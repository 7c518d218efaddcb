"""Exported files, opened again."""

from __future__ import annotations

import csv
import io


def read_back(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV file by column."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
