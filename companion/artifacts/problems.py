"""What is wrong with a table of data, all of it at once, and the reader that finds out.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from companion.artifacts.manifest import is_safe_name
from companion.errors import ArtifactError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a manifest."""

    path: str
    """The file, or what stands for it in a message."""
    key: str
    """Where in the table: ``files[0].sha256``."""
    message: str
    """Short and in English; the operator sentence around it is Korean first."""


class ManifestInvalid(ArtifactError):
    """A manifest cannot be used.

    Args:
        problems: At least one.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(
            "artifact.manifest",
            file=first.path,
            where=first.key,
            problem=first.message,
            count=len(problems),
        )
        self.problems = tuple(problems)


class Reader:
    """Takes values out of tables and collects what is wrong with them.

    Args:
        path: The file, for messages.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self.problems: list[Problem] = []

    def wrong(self, key: str, message: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(self._path, key, message))

    def text(self, table: Mapping[str, Any], key: str, where: str, *, empty: bool = False) -> str:
        """Return a text, not blank unless ``empty``."""
        value = table.get(key, "" if empty else None)
        if not isinstance(value, str) or (not empty and not value.strip()):
            self.wrong(f"{where}{key}", "a text is needed")
            return ""
        return value

    def number(self, table: Mapping[str, Any], key: str, where: str) -> int:
        """Return a whole number, zero or more."""
        value = table.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.wrong(f"{where}{key}", "a whole number, zero or more, is needed")
            return 0
        return value

    def flag(self, table: Mapping[str, Any], key: str, where: str) -> bool:
        """Return true or false."""
        value = table.get(key)
        if not isinstance(value, bool):
            self.wrong(f"{where}{key}", "true or false is needed")
        return value is True

    def texts(self, table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        """Return a list of texts; empty where there is none."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong(f"{where}{key}", "a list of texts is needed")
            return ()
        return tuple(value)

    def name(self, table: Mapping[str, Any], key: str, where: str) -> str:
        """Return a relative path that stays in its folder."""
        value = self.text(table, key, where)
        if value and not is_safe_name(value):
            self.wrong(f"{where}{key}", f"{value!r} leaves its folder")
        return value

    def tables(self, table: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
        """Return a list of tables, at least one."""
        value = table.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, Mapping) for item in value):
            self.wrong(f"{where}{key}", "at least one table is needed")
            return []
        return value

    def only(self, table: Mapping[str, Any], known: frozenset[str], where: str) -> None:
        """Refuse every key that is not known."""
        for key in table:
            if key not in known:
                self.wrong(f"{where}{key}", "unknown key")
