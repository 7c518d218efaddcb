"""Measures memory: what is read from single utterances, and nothing that nobody told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from companion.core.life import Memory
from companion.errors import InputError
from companion.evaluation.cases import objects, text_field

ReadFacts: TypeAlias = Callable[[str, datetime, str], Sequence[Memory]]
"""Reads an utterance, said at a moment, after what 말벗 had said."""
_MOMENT: Final = datetime.fromisoformat("2026-11-23T10:00:00+09:00")


@dataclass(frozen=True, slots=True)
class Planted:
    """A fact that a person finds in an utterance."""

    kind: str
    about: str
    """Whom it is about, in the words of the utterance; empty for the person themselves."""
    has: str
    """Must stand in what is kept."""
    due: str = ""
    """Day of a plan, ``2026-11-25``."""

    def is_told_by(self, memory: Memory) -> bool:
        """Return whether a fact that was read is this one."""
        kept = f"{memory.about} {memory.value} {memory.fact}"
        due = "" if memory.due_at is None else f"{memory.due_at:%Y-%m-%d}"
        return memory.kind == self.kind and self.about in kept and self.has in kept and self.due in ("", due)


@dataclass(frozen=True, slots=True)
class MemoryCase:
    """One utterance and the facts in it."""

    id: str
    text: str
    at: datetime
    asked: str
    facts: tuple[Planted, ...]


def read_memory_cases(path: Path) -> tuple[MemoryCase, ...]:
    """Return the cases.

    Raises:
        InputError: The file cannot be read, holds no case, or a line cannot be used.
    """
    return tuple(
        MemoryCase(
            id=text_field(case, "id", path, line),
            text=text_field(case, "text", path, line),
            at=_moment(case.get("at"), path, line),
            asked=str(case.get("asked", "")),
            facts=_planted(case.get("facts", []), path, line),
        )
        for line, case in objects(path)
    )


def evaluate_memory(cases: Sequence[MemoryCase], read: ReadFacts) -> dict[str, object]:
    """Return how many facts were found of those that are there, and how many that are not.

    A fact that was read and is none of the case is invented; where a case holds none at all, one that is read from it
    is counted apart, because that is the graver mistake.
    """
    planted = recalled = read_count = invented = from_nothing = 0
    for case in cases:
        left = list(read(case.text, case.at, case.asked))
        read_count += len(left)
        planted += len(case.facts)
        for fact in case.facts:
            found = next((one for one in left if fact.is_told_by(one)), None)
            if found is not None:
                left.remove(found)
                recalled += 1
        invented += len(left)
        from_nothing += len(left) if not case.facts else 0
    return {
        "n": len(cases),
        "planted": planted,
        "recalled": recalled,
        "recall": round(recalled / planted, 4) if planted else None,
        "read": read_count,
        "invented": invented,
        "precision": round(1 - invented / read_count, 4) if read_count else None,
        "without_facts": sum(not case.facts for case in cases),
        "invented_from_nothing": from_nothing,
    }


def _moment(value: object, path: Path, line: int) -> datetime:
    if value is None:
        return _MOMENT
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InputError("evaluate_cases.field", file=path.name, line=line, field="at")
    return moment


def _planted(value: Any, path: Path, line: int) -> tuple[Planted, ...]:  # noqa: ANN401 - any JSON value
    if not isinstance(value, list) or not all(isinstance(one, dict) and one.get("kind") for one in value):
        raise InputError("evaluate_cases.field", file=path.name, line=line, field="facts")
    return tuple(
        Planted(
            kind=str(one["kind"]),
            about="" if one.get("about") in {None, "나"} else str(one["about"]),
            has=str(one.get("has", "")),
            due=str(one.get("due", "")),
        )
        for one in value
    )
