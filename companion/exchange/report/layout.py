"""What a layout is given: plain values that become JSON. The layouts under ``prompts/reports`` draw nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

Cell: TypeAlias = str | Sequence[str] | Mapping[str, object]
"""A text; several below each other; or a text with smaller ones below it, from ``marked``."""
Section: TypeAlias = Mapping[str, object]


def column(label: str, width: str, align: str = "left") -> Mapping[str, str]:
    """Return a column of a table.

    Args:
        label: What stands above it.
        width: ``2fr``, ``20mm`` or ``auto``.
        align: left, right or center.
    """
    return {"label": label, "width": width, "align": align}


def marked(text: str, *marks: str) -> Cell:
    """Return a cell with small print below its text."""
    return {"text": text, "marks": list(marks)}


def table(
    title: str, columns: Sequence[Mapping[str, str]], rows: Iterable[Sequence[Cell]], *, intro: str = "", none: str = ""
) -> Section:
    """Return a table, or what is said in its place where it has no row."""
    return {
        "title": title,
        "intro": intro,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "none": none,
    }
