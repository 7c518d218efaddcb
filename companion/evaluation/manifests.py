"""Reads lists of cases: tab-separated, UTF-8, columns found by their names, files beside the list.

A line that cannot be used is named by its number. Columns that nobody asked for are left alone.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from companion.errors import InputError


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    line: int
    """Number in the file, from 1; the heading is line 1."""
    cells: dict[str, str]
    """Trimmed, by column name."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of sound that a list names."""

    id: str
    path: Path
    line: int
    transcript: str = ""
    """What is said; empty for noise."""
    source: str = ""


def read_clips(manifest: Path) -> tuple[Clip, ...]:
    """Return the clips of a list with columns id, file, transcript and perhaps source.

    Raises:
        InputError: The list or a clip is missing, a column is missing, or a line cannot be used.
    """
    clips = tuple(_clip(row, manifest) for row in read_rows(manifest, ("id", "file", "transcript")))
    for clip in clips:
        if not clip.transcript:
            raise InputError("evaluate.cell_empty", file=manifest.name, line=clip.line, column="transcript")
    return clips


def read_noises(manifest: Path) -> tuple[Clip, ...]:
    """Return the clips of a list with columns id and file, in which nobody says anything.

    Raises:
        InputError: As for ``read_clips``.
    """
    return tuple(_clip(row, manifest) for row in read_rows(manifest, ("id", "file")))


def read_rows(manifest: Path, columns: Sequence[str]) -> tuple[Row, ...]:
    """Return the lines of a tab-separated file that has at least these columns; blank lines are passed over.

    Raises:
        InputError: It is missing, not UTF-8, empty, lacks a column, or a line has too few or too many cells.
    """
    lines = _lines(manifest)
    rows: list[Row] = []
    names: list[str] = []
    for number, cells in lines:
        if not names:
            names = [cell.strip() for cell in cells]
            for column in columns:
                if column not in names:
                    raise InputError("evaluate.column_missing", file=manifest.name, column=column)
            continue
        if len(cells) != len(names):
            raise InputError(
                "evaluate.cells_wrong", file=manifest.name, line=number, found=len(cells), wanted=len(names)
            )
        rows.append(Row(number, dict(zip(names, (cell.strip() for cell in cells), strict=True))))
    if not rows:
        raise InputError("evaluate.list_empty", file=manifest.name)
    return tuple(rows)


def _lines(manifest: Path) -> list[tuple[int, list[str]]]:
    try:
        text = manifest.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputError("evaluate.list_missing", file=str(manifest)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("evaluate.list_unreadable", file=manifest.name) from error
    reader = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]


def _clip(row: Row, manifest: Path) -> Clip:
    name, file = row.cells["id"], row.cells["file"]
    for column, cell in (("id", name), ("file", file)):
        if not cell:
            raise InputError("evaluate.cell_empty", file=manifest.name, line=row.line, column=column)
    path = manifest.parent / file
    if not path.is_file():
        raise InputError("evaluate.clip_missing", file=manifest.name, line=row.line, clip=file)
    return Clip(
        id=name,
        path=path,
        line=row.line,
        transcript=row.cells.get("transcript", ""),
        source=row.cells.get("source", ""),
    )
