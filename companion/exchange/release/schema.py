"""The tables that a release may have, from ``prompts/release/tables.toml``: what is not there cannot leave. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from companion.errors import PromptError

FILE: Final = "release/tables.toml"
TABLES: Final = ("people", "screenings", "answers", "days", "readings")
"""In the order in which they are written."""


class Kind(StrEnum):
    """What a column holds; any may be empty."""

    TEXT = "text"
    WHOLE = "whole"
    REAL = "real"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of one table."""

    name: str
    kind: Kind
    what: str
    unit: str = ""
    """UCUM."""
    always: bool = False
    """Whether a policy cannot leave it out."""
    quasi: str = ""
    """The quasi-identifier that it shows, coarsened; empty for none."""
    bottom: float | None = None
    top: float | None = None
    grain: float | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """How values of one kind of reading are shown."""

    code: str
    unit: str
    bottom: float
    top: float
    grain: float
    sum: bool = False
    """Whether a day's values add up."""

    def shown(self, value: float) -> float:
        """Return a value within the bounds, on the grain."""
        return round(min(max(value, self.bottom), self.top) / self.grain) * self.grain


@dataclass(frozen=True, slots=True)
class Schema:
    """All that may leave."""

    version: str
    titles: Mapping[str, str]
    tables: Mapping[str, Mapping[str, Column]]
    """Columns by name in their order, by table."""
    bounds: Mapping[str, Bound] = field(default_factory=dict)

    def chosen(self, columns: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[Column, ...]]:
        """Return the columns of each table that a policy names, in the order of the schema."""
        return {
            name: tuple(column for column in self.tables[name].values() if column.always or column.name in wanted)
            for name, wanted in columns.items()
        }


def load_schema(table: Mapping[str, Any]) -> Schema:
    """Return the schema.

    Raises:
        PromptError: A table or column is missing or is not what it should be.
    """
    try:
        tables = {name: {key: _column(key, one) for key, one in table[name]["columns"].items()} for name in TABLES}
        titles = {name: str(table[name]["title"]) for name in TABLES}
        bounds = {name: Bound(**one) for name, one in table["bounds"].items()}
        return Schema(str(table["version"]), titles, tables, bounds)
    except (KeyError, TypeError, ValueError) as error:
        raise PromptError("prompts.table_broken", file=FILE, where=str(error)) from error


def _column(name: str, table: Mapping[str, Any]) -> Column:
    values = {key: value for key, value in table.items() if key != "type"}
    return Column(name, Kind(table["type"]), **values)
