"""What happened to a person, on one line of time: talks beside screenings, dangers, readings and hospital records.

Values only, and no words of the person: an entry says when, what kind, by which key it is named in the tables under
``prompts/``, a few figures, and where the whole of it stands. Who may see it, and under which consent it is there, is
decided where it is read: what is not agreed to is not among the entries, and ``Timeline.allowed`` says so.

Law: a later window never shows an entry of an earlier one twice, and none is between them: windows are half-open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias

from companion.core.overview import Allowed

Figure: TypeAlias = int | float | str
ON_A_LINE: Final = 500
"""Entries of one reading of the line, the newest ones."""


class Happening(StrEnum):
    """What an entry is."""

    TALK = "talk"
    """A conversation. Named by who ended it."""
    MOOD = "mood"
    """A day of conversations: turns whose feeling was bright or heavy. Named by nothing."""
    SCREENING = "screening"
    """Named by its instrument; ``level`` is its status."""
    OBSERVATION = "observation"
    """A sign in free talk. Named by the sign."""
    DANGER = "danger"
    """Named by its kind."""
    ALERT = "alert"
    """Named by the kind of its danger."""
    ACTIVITY = "activity"
    """Named by its script."""
    READING = "reading"
    """A day of readings of one kind. Named by the kind."""
    REMINDER = "reminder"
    """Something said on 말벗's own account. Named by its kind."""
    HOSPITAL = "hospital"
    """A record that a hospital made. Named by its kind; ``text`` among the figures is what the hospital calls it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry."""

    at: datetime
    """When it began; aware. A day of mood or readings stands at the last moment that it is made of."""
    happening: Happening
    name: str
    """Key of its title: an instrument, a script, a kind of danger or of reading."""
    reference: str
    """Id of the row that holds the whole of it; for a day of mood or readings the day, ``2026-11-27``."""
    level: str = ""
    """How grave, or how it ended: a level of danger, a status, an outcome."""
    until: datetime | None = None
    """End of what lasts."""
    figures: Mapping[str, Figure] = field(default_factory=dict)
    """What may be said of it in numbers: turns, score, least, mean, most, unit."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Entries of one person in a half-open window, newest first."""

    since: datetime
    until: datetime
    entries: tuple[Entry, ...]
    allowed: Allowed
    """What the person agrees to: without it there are no entries of talk, or of health."""
    is_whole: bool = True
    """False where there were more entries than were asked for: the oldest are not here."""


def newest(entries: Iterable[Entry], limit: int) -> tuple[Entry, ...]:
    """Return the newest entries, newest first; of one moment in the order of their kinds, then of their ids."""
    ordered = sorted(entries, key=lambda one: (one.at, -list(Happening).index(one.happening), one.reference))
    return tuple(reversed(ordered))[:limit]
