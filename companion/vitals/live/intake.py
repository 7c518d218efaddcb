"""What a device sends, to readings: heart beats to minutes, stored records with what was so around them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from statistics import median
from typing import Final

from companion.core.body import Reading
from companion.vitals.gatt import Glucose, GlucoseContext, HeartRate, Meal
from companion.vitals.kinds import UNITS, Kind, Quality, canonical

_LEAST: Final = 10
"""Beats-per-minute values that a minute is told by at least: a device tells about one a second."""
_MEALS: Final = {Meal.BEFORE: "before_meal", Meal.AFTER: "after_meal", Meal.FASTING: "fasting", Meal.BEDTIME: "bedtime"}
_HIGHER, _LOWER = 1 << 5, 1 << 6
"""Bits of the sensor status annunciation: the result is higher, or lower, than the device can process."""
_BATTERY_LOW: Final = 1
_AHEAD: Final = timedelta(days=1)
"""How far ahead of ours the clock of a meter may be, as for files."""


class Minutes:
    """One value for each minute of heart beats: a device tells one a second, and nobody needs 31 million a year.

    Args:
        device: Its name.
    """

    def __init__(self, device: str) -> None:
        self._device = device
        self._minute: datetime | None = None
        self._values: list[int] = []

    def take(self, beat: HeartRate, at: datetime) -> Reading | None:
        """Take what was just told; return the reading of the minute before, once it is over.

        Args:
            beat: One that a sensor without contact tells, or of no beats, is left out.
            at: Now; aware.
        """
        minute = at.replace(second=0, microsecond=0)
        done = self.end() if self._minute is not None and minute != self._minute else None
        if beat.contact is not False and beat.bpm > 0:
            self._minute = minute
            self._values.append(beat.bpm)
        return done

    def end(self) -> Reading | None:
        """Return the reading of the minute that is going on, if it was told long enough, and begin anew."""
        minute, values = self._minute, self._values
        self._minute, self._values = None, []
        if minute is None or len(values) < _LEAST:
            return None
        return Reading(
            Kind.HEART_RATE, float(round(median(values))), UNITS[Kind.HEART_RATE], minute, None, self._device
        )


@dataclass(slots=True)
class Records:
    """Stored records of a glucose meter, joined with their contexts by sequence number, in whatever order they come.

    Law: whatever the order of packets, the same readings come out.
    """

    device: str
    zone: tzinfo
    """Of the person: a meter knows no zone."""
    measured: dict[int, Glucose] = field(default_factory=dict)
    around: dict[int, GlucoseContext] = field(default_factory=dict)

    def take(self, record: Glucose) -> None:
        """Take a measurement."""
        self.measured[record.sequence] = record

    def join(self, context: GlucoseContext) -> None:
        """Take what was so around one."""
        self.around[context.sequence] = context

    @property
    def last_sequence(self) -> int | None:
        """Number of the newest record that came."""
        return max(self.measured, default=None)

    @property
    def battery_low(self) -> bool:
        """Whether the newest record says that the battery is low."""
        newest = None if self.last_sequence is None else self.measured[self.last_sequence]
        return newest is not None and bool((newest.status or 0) & _BATTERY_LOW)

    def readings(self, now: datetime) -> list[Reading]:
        """Return the readings, by sequence number; a record of the future or without a value is none.

        Args:
            now: Aware.
        """
        made = (self._reading(self.measured[number]) for number in sorted(self.measured))
        return [one for one in made if one is not None and one.at <= now + _AHEAD]

    def is_ahead(self, now: datetime) -> bool:
        """Return whether a record lies in the future: the clock of the meter is set wrongly."""
        made = (self._reading(one) for one in self.measured.values())
        return any(one is not None and one.at > now + _AHEAD for one in made)

    def _reading(self, record: Glucose) -> Reading | None:
        if record.value is None or record.unit is None:
            return None
        value, unit = canonical(Kind.GLUCOSE, record.value, record.unit)
        at = record.measured_at.replace(tzinfo=self.zone)
        context = self.around.get(record.sequence)
        meal = "" if context is None or context.meal is None else _MEALS.get(context.meal, "")
        return Reading(Kind.GLUCOSE, value, unit, at, None, self.device, meal, _quality(record.status or 0))


def _quality(status: int) -> Quality:
    if status & _HIGHER:
        return Quality.ABOVE_RANGE
    return Quality.BELOW_RANGE if status & _LOWER else Quality.PLAUSIBLE
