"""The words of a mapping file: a table whose headings nobody else uses.

A mapping is TOML::

    [columns]
    whole = "잰 때"          # or date = "날짜" and clock = "시각"
    glucose = "당"
    context = "식사"

    [units]
    glucose = "mg/dL"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from companion.errors import InputError
from companion.vitals.formats.headings import Words
from companion.vitals.kinds import Kind, UnknownUnit, canonical

_NOTHING: Final = re.compile("(?!)")


def mapped(words: Words, path: Path) -> Words:
    """Return ``words`` with the headings of a mapping file in place of the usual ones.

    Raises:
        InputError: The file cannot be read, names a column that is none, or a unit that is none.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError("vitals.mapping_unreadable", file=path) from error
    columns, units = table.get("columns"), table.get("units", {})
    if not isinstance(columns, dict) or not isinstance(units, dict):
        raise InputError("vitals.mapping_flawed", file=path, where="[columns]")
    known = {*words.moment, *words.about, *map(str, words.value)}
    for name, heading in {**columns, **units}.items():
        if name not in known or not isinstance(heading, str):
            raise InputError("vitals.mapping_flawed", file=path, where=name)
    if not any(Kind(name) in words.value for name in columns if name in set(Kind)):
        raise InputError("vitals.mapping_flawed", file=path, where="[columns]")
    return replace(
        words,
        moment=_of(words.moment, columns),
        about=_of(words.about, columns),
        value={kind: _exact(columns.get(str(kind))) for kind in words.value},
        usual_units={**words.usual_units, **_units(units, path)},
    )


def _of(patterns: Mapping[str, re.Pattern[str]], columns: Mapping[str, Any]) -> dict[str, re.Pattern[str]]:
    return {name: _exact(columns.get(name)) for name in patterns}


def _exact(heading: str | None) -> re.Pattern[str]:
    return _NOTHING if heading is None else re.compile(re.escape(" ".join(heading.lower().split())))


def _units(units: Mapping[str, Any], path: Path) -> dict[Kind, str]:
    for name, unit in units.items():
        try:
            canonical(Kind(name), 1.0, unit)
        except (UnknownUnit, ValueError):
            raise InputError("vitals.mapping_flawed", file=path, where=name) from None
    return {Kind(name): unit for name, unit in units.items()}
