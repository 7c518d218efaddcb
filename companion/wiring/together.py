"""What was measured beside the mood of conversations, over the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from companion.core.body import Association
from companion.core.timeline import Entry, Happening
from companion.vitals.associations import LEAST_DAYS, associated, moods_of, sleep_of, variability_of
from companion.vitals.kinds import Kind
from companion.wiring.reminders import zone_of
from companion.wiring.tables import table_of

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.store.viewing import Viewer


@dataclass(frozen=True, slots=True)
class TogetherWords:
    """Sentences about associations."""

    measures: Mapping[str, str]
    said: Mapping[str, str]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> TogetherWords:
        """Read ``prompts/vitals/together.ko.toml``.

        Raises:
            KeyError: A part is missing.
        """
        return cls(dict(table["measure"]), dict(table["said"]))

    @property
    def caution(self) -> str:
        """What stands beside every figure."""
        return self.said["caution"]

    def sentence(self, one: Association) -> str:
        """Return what may be said of an association."""
        measure = self.measures[one.measure]
        if one.coefficient is None:
            key = "too_few" if one.days < LEAST_DAYS else "no_spread"
            return self.said[key].format(measure=measure, days=one.days, least=LEAST_DAYS)
        line = self.said["line"].format(
            measure=measure, days=one.days, coefficient=one.coefficient, low=one.low, high=one.high
        )
        key = "unclear" if not one.is_clear else "clear" if one.coefficient > 0 else "clear_against"
        return f"{line}. {self.said[key]}"


def together_words() -> TogetherWords:
    """Return the sentences about associations.

    Raises:
        PromptError: The table is broken.
    """
    return table_of("vitals/together.ko.toml", TogetherWords.of)


def together(viewer: Viewer, person: Person, *, days: int) -> Sequence[Association]:
    """Return how what was measured and the mood of conversations moved together in the last days.

    Raises:
        AccessError: The record is not open, or health data may not be kept.
    """
    from companion.store.timeline import timeline_seen

    zone = zone_of(person)
    seen = viewer.readings(person.id, days=days, lines={})
    since = seen.now - timedelta(days=days)
    line = timeline_seen(viewer, person.id, since, seen.now, happenings=(Happening.MOOD,), limit=days + 2)
    moods = moods_of(_mood(one) for one in line.entries)
    return (
        associated("sleep", sleep_of(seen.quarters.get(Kind.SLEEP, ()), zone), moods),
        associated("glucose_variability", variability_of(seen.quarters.get(Kind.GLUCOSE, ()), zone), moods),
    )


def _mood(entry: Entry) -> tuple[date, int, int, int]:
    figures = {name: int(entry.figures[name]) for name in ("turns", "bright", "heavy")}
    return date.fromisoformat(entry.reference), figures["turns"], figures["bright"], figures["heavy"]
