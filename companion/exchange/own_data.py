"""Gives a person all that is kept of them: a text to read, and JSON that loses nothing.

The text leaves out what only machines need (ids, digests of texts); the JSON holds every column of every row.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from companion.errors import StorageFull

Row = tuple[str, Mapping[str, Any]]
"""Name of a table, and one of its rows."""
_FOR_MACHINES: Final = frozenset({"id", "device_id", "centre_id", "digest", "wording_digest", "zone"})
_OWNER_ONLY: Final = 0o600


def write_own_data(
    rows: Iterable[Row], folder: Path, *, words: Mapping[str, Mapping[str, str]], made_at: datetime
) -> tuple[Path, Path]:
    """Write ``malbeot.txt`` and ``malbeot.json`` into a folder, readable by their owner only; return both.

    Args:
        rows: All rows of one person, those of one table together, the person first.
        folder: Made if it is not there.
        words: Tables ``file``, ``tables`` and ``columns`` of ``prompts/records/own_data.ko.toml``.
        made_at: Aware.

    Raises:
        StorageFull: It cannot be written there.
    """
    kept = list(rows)
    text, table = folder / "malbeot.txt", folder / "malbeot.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(text, "\n".join(_lines(kept, words, made_at)) + "\n")
        _write(table, json.dumps(_tables(kept), ensure_ascii=False, indent=1, default=_plain) + "\n")
    except OSError as error:
        raise StorageFull("people.cannot_export", folder=folder) from error
    return text, table


def _write(path: Path, content: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)


def _tables(rows: Iterable[Row]) -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for name, row in rows:
        tables.setdefault(name, []).append(dict(row))
    return tables


def _lines(rows: list[Row], words: Mapping[str, Mapping[str, str]], made_at: datetime) -> Iterator[str]:
    tables = _tables(rows)
    address = tables["people"][0]["address"]
    yield words["file"]["title"].format(address=address)
    yield words["file"]["made"].format(made_at=made_at.strftime("%Y-%m-%d %H:%M"))
    for name, found in tables.items():
        yield ""
        yield words["file"]["count"].format(title=words["tables"][name], count=len(found))
        for row in found:
            shown = "; ".join(_shown(row, words, made_at))
            yield f"- {shown}"


def _shown(row: Mapping[str, Any], words: Mapping[str, Mapping[str, str]], made_at: datetime) -> Iterator[str]:
    for column, value in row.items():
        is_link = column.endswith("_id") and column != "contact_id"
        if column in _FOR_MACHINES or is_link or value in (None, "", [], {}):
            continue
        yield f"{words['columns'][column]}: {_said(value, words['file'], made_at)}"


def _said(value: object, words: Mapping[str, str], made_at: datetime) -> str:
    match value:
        case bool():
            return words["yes" if value else "no"]
        case datetime():
            return value.astimezone(made_at.tzinfo).strftime("%Y-%m-%d %H:%M")
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return " ".join(str(value).split("\n"))


def _plain(value: object) -> str:
    """Return what JSON has no word for."""
    return value.isoformat() if isinstance(value, datetime) else str(value)
