"""What becomes of a new fact beside those that are known: it is added, takes the place of one, or says nothing new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from companion.core.life import Memory
from companion.dialogue.memory.written import Written


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be written."""

    keep: bool
    instead_of: str = ""
    """Id of the fact that it takes the place of; empty where it is added."""


_NOTHING_NEW = Verdict(keep=False)


def settle(new: Memory, known: Sequence[Memory], written: Written) -> Verdict:
    """Return what a new fact means for the record.

    Laws: a fact that is known already is never kept twice; a person has at most one fact of a single kind.

    Args:
        new: Just read.
        known: The facts that stand.
        written: Which kinds are single.
    """
    alike = [one for one in known if (one.kind, one.aspect) == (new.kind, new.aspect)]
    same = next((one for one in alike if (one.about, one.value) == (new.about, new.value)), None)
    if same is not None:
        return _again(new, same)
    if written.is_single(new.kind, new.aspect, new.about):
        older = next((one for one in alike if one.about == new.about), None)
        return Verdict(keep=True, instead_of=older.id if older is not None else "")
    nearer = next((one for one in alike if one.about == new.about and new.value and new.value in one.value), None)
    return _NOTHING_NEW if nearer is not None and not _is_past(nearer, new.at) else Verdict(keep=True)


def _again(new: Memory, same: Memory) -> Verdict:
    """The same said again: news only where a plan was moved or done, or something acute came back."""
    if new.due_at is not None and same.due_at is not None:
        if new.due_at.date() == same.due_at.astimezone(new.due_at.tzinfo).date():
            return _NOTHING_NEW
        return Verdict(keep=True, instead_of="" if same.due_at < new.at else same.id)
    return Verdict(keep=True, instead_of=same.id) if _is_past(same, new.at) else _NOTHING_NEW


def _is_past(memory: Memory, now: datetime) -> bool:
    return (memory.fades_at is not None and memory.fades_at < now) or (
        memory.due_at is not None and memory.due_at < now
    )
