"""What was measured beside the mood of conversations, over the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from companion.core.body import Association, Quarter
from companion.core.consent import Item
from companion.core.timeline import Entry, Happening
from companion.core.together import TogetherWords
from companion.errors import NotAllowed
from companion.vitals.associations import associated, moods_of, sleep_of, variability_of
from companion.vitals.kinds import Kind
from companion.wiring.reminders import zone_of
from companion.wiring.tables import table_of

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.store.viewing import Viewer


MEASURED: Final = (Kind.SLEEP, Kind.GLUCOSE)
"""Kinds of readings that are put beside mood."""


def together_words() -> TogetherWords:
    """Return the sentences about associations.

    Raises:
        PromptError: The table is broken.
    """
    return table_of("vitals/together.ko.toml", TogetherWords.of)


def together(viewer: Viewer, person: Person, *, days: int, never_measured: bool = False) -> Sequence[Association]:
    """Return how what was measured and the mood of conversations moved together in the last days.

    Args:
        viewer: Of whoever asks.
        person: Whose.
        days: How many.
        never_measured: Whether what was never measured stands there too, with no day.

    Raises:
        AccessError: The record is not open, or conversations or health data may not be kept.
    """
    from companion.store.timeline import timeline_seen

    zone = zone_of(person)
    seen = viewer.readings(person.id, days=days, lines={}, only=MEASURED)
    since = seen.now - timedelta(days=days)
    line = timeline_seen(viewer, person.id, since, seen.now, happenings=(Happening.MOOD,), limit=days + 2)
    if not line.allowed.conversation:
        raise NotAllowed(f"consent.missing_{Item.CONVERSATION}")
    kinds: dict[str, Sequence[Quarter]] = {kind: () for kind in MEASURED if never_measured}
    kinds |= seen.quarters
    return associations(kinds, moods_of(_mood(one) for one in line.entries), zone)


def associations(
    quarters: Mapping[str, Sequence[Quarter]], moods: Mapping[date, float], zone: tzinfo
) -> tuple[Association, ...]:
    """Return how sleep, and how much glucose goes up and down, moved together with mood.

    Args:
        quarters: What was measured, by kind; a kind that is not there has no association.
        moods: By day, in [-1, 1].
        zone: Of the person: a day is theirs.
    """
    found = []
    if Kind.SLEEP in quarters:
        found.append(associated("sleep", sleep_of(quarters[Kind.SLEEP], zone), moods))
    if Kind.GLUCOSE in quarters:
        found.append(associated("glucose_variability", variability_of(quarters[Kind.GLUCOSE], zone), moods))
    return tuple(found)


def _mood(entry: Entry) -> tuple[date, int, int, int]:
    figures = {name: int(entry.figures[name]) for name in ("turns", "bright", "heavy")}
    return date.fromisoformat(entry.reference), figures["turns"], figures["bright"], figures["heavy"]
