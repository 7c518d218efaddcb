"""Which column of a table holds what, by its headings; the words are data (``prompts/vitals/columns.toml``)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from companion.vitals.kinds import Kind, spelled

_BRACKETS: Final = re.compile(r"[(\[]([^)\]]*)[)\]]")
_TAIL_UNIT: Final = re.compile(r"\s(mg/dl|mmol/l|mmhg|bpm|kg|lbs?)$")
_PREFIX: Final = re.compile(r"^com\.samsung\.[a-z_.]*\.(?=[a-z_]+$)")


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """A column of values."""

    at: int
    kind: Kind
    unit: str
    """As the heading spells it; empty where it does not."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a row everything stands; -1 for what is not there."""

    values: tuple[ValueColumn, ...]
    whole: int = -1
    date: int = -1
    day: int = -1
    """A day, told as its midnight in UTC."""
    clock: int = -1
    end: int = -1
    offset: int = -1
    unit: int = -1
    context: int = -1
    device: int = -1
    event: int = -1


@dataclass(frozen=True, slots=True)
class Words:
    """The table of headings, compiled."""

    moment: Mapping[str, re.Pattern[str]]
    value: Mapping[Kind, re.Pattern[str]]
    about: Mapping[str, re.Pattern[str]]
    owner: Mapping[str, re.Pattern[str]]
    contexts: Mapping[str, re.Pattern[str]]
    events: frozenset[str]
    usual_units: Mapping[Kind, str]
    low: frozenset[str]
    high: frozenset[str]
    limits: Mapping[Kind, Mapping[str, Any]]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Words:
        """Compile ``prompts/vitals/columns.toml``.

        Raises:
            ValueError: A pattern is broken or a kind unknown.
            KeyError: A part is missing.
        """
        return cls(
            moment=_compiled(table["moment"]),
            value={Kind(name): pattern for name, pattern in _compiled(table["value"]).items()},
            about=_compiled(table["about"]),
            owner=_compiled(table["owner"]),
            contexts=_compiled(table["contexts"]),
            events=frozenset(table["events"]["readings"]),
            usual_units={Kind(name): unit for name, unit in table["usual_units"].items()},
            low=frozenset(table["out_of_range"]["low"]),
            high=frozenset(table["out_of_range"]["high"]),
            limits={Kind(name): limits for name, limits in table["limits"].items()},
        )

    def columns(self, row: Sequence[str]) -> Columns | None:
        """Return what the columns under a row of headings hold; None where it is no such row."""
        heads = [_head(cell) for cell in row]
        found = {name: _first(heads, pattern) for name, pattern in {**self.moment, **self.about}.items()}
        values = tuple(
            ValueColumn(at, kind, unit)
            for at, (words, unit) in enumerate(heads)
            for kind, pattern in self.value.items()
            if pattern.fullmatch(words)
        )
        if not values or max(found["whole"], found["date"], found["day"]) < 0:
            return None
        return Columns(values=values, **found)

    def owner_field(self, cell: str) -> str:
        """Return which part of its owner a label names, empty where it names none."""
        words = _head(cell)[0].rstrip(":").strip()
        return next((name for name, pattern in self.owner.items() if pattern.fullmatch(words)), "")

    def context(self, cell: str) -> str:
        """Return the context that a cell tells of."""
        words = " ".join(cell.lower().split())
        return next((name for name, pattern in self.contexts.items() if pattern.fullmatch(words)), "")


def _head(cell: str) -> tuple[str, str]:
    """Return a heading without its unit, and the unit."""
    words = " ".join(_PREFIX.sub("", cell.strip().lower().lstrip("\ufeff")).split())
    unit = ""
    for inside in _BRACKETS.findall(words):
        unit = unit or (inside.strip() if spelled(inside) else "")
    words = " ".join(_BRACKETS.sub(" ", words).split())
    if tail := _TAIL_UNIT.search(words):
        unit, words = unit or tail[1], words[: tail.start()]
    return words, unit


def _first(heads: Sequence[tuple[str, str]], pattern: re.Pattern[str]) -> int:
    return next((at for at, (words, _) in enumerate(heads) if pattern.fullmatch(words)), -1)


def _compiled(parts: Mapping[str, Sequence[str]]) -> dict[str, re.Pattern[str]]:
    try:
        return {name: re.compile("|".join(f"(?:{one})" for one in patterns)) for name, patterns in parts.items()}
    except re.error as error:
        raise ValueError(str(error)) from error
