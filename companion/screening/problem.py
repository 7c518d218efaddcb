"""What is wrong with an instrument file, collected so that its writer sees all of it at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect."""

    file: str
    key: str
    """Where: ``item.3.code``."""
    message: str
    """Key of the operator sentence that explains it, such as ``instruments.missing_option``."""
    detail: str = ""


class Table:
    """A table of the file, read field by field: each wrong or missing field is noted, none stops the reading."""

    def __init__(self, table: Mapping[str, Any], where: str, problems: list[Problem], file: str) -> None:
        self._table = table
        self._where = where
        self._file = file
        self._known: set[str] = set()
        self.problems = problems

    def note(self, name: str, message: str, detail: str = "") -> None:
        """Note a problem at a field of this table."""
        key = f"{self._where}.{name}" if self._where and name else self._where or name
        self.problems.append(Problem(self._file, key, f"instruments.{message}", detail))

    def text(self, name: str, *, default: str | None = None) -> str:
        """Return a text without stray blanks; without a default a missing one is a problem."""
        value = self._get(name, str, default)
        if isinstance(value, str) and value != value.strip():
            self.note(name, "stray_blank")
        if default is None and value == "":
            self.note(name, "missing")
        return str(value or "")

    def whole(self, name: str, *, default: int | None = None) -> int:
        """Return a whole number."""
        value = self._get(name, int, default)
        return value if isinstance(value, int) else 0

    def number(self, name: str) -> float:
        """Return a number."""
        value = self._table.get(name)
        self._known.add(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        self.note(name, "missing" if value is None else "wrong_kind")
        return 0.0

    def flag(self, name: str) -> bool:
        """Return a truth value; absent is false."""
        value = self._get(name, bool, default=False)
        return value is True

    def day(self, name: str) -> date | None:
        """Return a date."""
        value = self._get(name, date, None)
        return value if isinstance(value, date) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; absent is empty."""
        return tuple(str(one) for one in self._list(name, str))

    def wholes(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers; absent is empty."""
        return tuple(int(one) for one in self._list(name, int))

    def pair(self, name: str) -> tuple[int, int] | None:
        """Return two whole numbers in order; None where the field is absent or wrong."""
        if name not in self._table:
            self._known.add(name)
            return None
        values = self.wholes(name)
        if len(values) == 2 and values[0] <= values[1]:  # noqa: PLR2004 - a pair
            return values[0], values[1]
        self.note(name, "wrong_range")
        return None

    def table(self, name: str, *, needed: bool = True) -> Table | None:
        """Return a table inside this one."""
        value = self._get(name, Mapping, None if needed else {})
        if not isinstance(value, Mapping) or (not value and not needed):
            return None
        return Table(value, self._inner(name), self.problems, self._file)

    def tables(self, name: str) -> tuple[Table, ...]:
        """Return a list of tables; absent is empty. Each is named by its number from 1."""
        found = []
        for number, value in enumerate(self._list(name, Mapping), start=1):
            found.append(Table(value, f"{self._inner(name)}.{number}", self.problems, self._file))
        return tuple(found)

    def has(self, name: str) -> bool:
        """Whether the field is there."""
        return name in self._table

    def names(self) -> tuple[str, ...]:
        """Return the names of the fields, none of which is unknown: for tables whose names are free."""
        self._known.update(self._table)
        return tuple(self._table)

    def finish(self) -> None:
        """Note every field that nobody asked for."""
        for name in self._table:
            if name not in self._known:
                self.note(name, "unknown_key")

    def _inner(self, name: str) -> str:
        return f"{self._where}.{name}" if self._where else name

    def _get(self, name: str, kind: type, default: object) -> object:
        self._known.add(name)
        if name not in self._table:
            if default is None:
                self.note(name, "missing")
            return default
        value = self._table[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.note(name, "wrong_kind")
            return default
        return value

    def _list(self, name: str, kind: type) -> Sequence[Any]:
        values = self._get(name, list, [])
        if not isinstance(values, list):
            return ()
        if not all(isinstance(one, kind) for one in values):
            self.note(name, "wrong_kind")
            return [one for one in values if isinstance(one, kind)]
        return values
