"""What readings mean to whoever cares for a person, by rules that are data (``prompts/vitals/rules.ko.toml``). Pure.

A reading that is marked as implausible decides nothing. A rule that nobody verified is off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from companion.core.body import Reading
from companion.vitals.days import by_day, unusual
from companion.vitals.kinds import UNITS, Kind, Quality


class Meaning(StrEnum):
    """What is to be done about a finding."""

    NOTE = "note"
    """The caregiver reads it."""
    URGENT = "urgent"
    """Somebody is told at once, by the channels of alerts."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A value beyond which something is found."""

    id: str
    kind: Kind
    meaning: Meaning
    verified: bool
    note: str
    source: str
    below: float | None = None
    above: float | None = None
    context: str = ""
    """Only readings of this context, where it names one."""
    danger: str = ""
    """Of an urgent rule: the kind of danger in the words of ``companion.safety``."""

    def is_met(self, reading: Reading, own: float | None) -> bool:
        """Return whether a reading lies beyond the limit, or beyond the doctor's own for the person."""
        if reading.kind != self.kind or (self.context and reading.context != self.context):
            return False
        if self.below is not None:
            return reading.value < (self.below if own is None else own)
        return self.above is not None and reading.value > (self.above if own is None else own)


@dataclass(frozen=True, slots=True)
class Aloud:
    """When a dangerous reading is spoken of. A choice of this product, not of medicine."""

    first_within: timedelta
    """Age up to which 말벗 speaks first about it."""
    talk_within: timedelta
    """Age up to which the next talk begins with it."""
    ahead: timedelta
    """How far ahead of ours the clock of a meter may be."""
    clear: timedelta
    """Behind the last dangerous reading: a reading within the limits this much later ends the episode."""
    apart: timedelta
    """Without any reading, after which another dangerous one is an episode of its own."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A rule over days: silence of a device, or a day unlike the person's own."""

    id: str
    kinds: tuple[Kind, ...]
    meaning: Meaning
    verified: bool
    note: str
    source: str
    days: int
    least_days: int = 0
    times: float = 0.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a rule found."""

    rule: str
    meaning: Meaning
    kind: Kind
    at: datetime
    """Of the reading or the day; aware."""
    value: float | None
    fields: Mapping[str, object] = field(default_factory=dict)
    """For the slots of the rule's note."""
    note: str = ""
    """As it stands in the table, with slots."""
    danger: str = ""
    """Of an urgent one: its kind in the words of ``companion.safety``."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The table of rules."""

    version: str
    limits: tuple[Limit, ...]
    silences: tuple[Watch, ...]
    unusuals: tuple[Watch, ...]
    aloud: Aloud

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Rules:
        """Read the table.

        Raises:
            ValueError: A rule has no source, both or neither of its limits, or an unknown kind or meaning.
            KeyError: A rule lacks a part.
        """
        return cls(
            str(table["version"]),
            tuple(_limit(one) for one in table["rule"]),
            tuple(_watch(one) for one in table.get("silence", ())),
            tuple(_watch(one) for one in table.get("unusual", ())),
            Aloud(**{name: timedelta(minutes=float(minutes)) for name, minutes in table["aloud"]["minutes"].items()}),
        )

    def lines(
        self, own: Mapping[str, float], *, urgent: bool = False
    ) -> Mapping[str, tuple[float | None, float | None]]:
        """Return, by kind, between which values no limit can be met; None where there is no limit on that side.

        Args:
            own: The doctor's limits for this person, by id of the rule.
            urgent: Whether only the dangerous ones count.
        """
        found: dict[str, tuple[float | None, float | None]] = {}
        for one in self.limits:
            if (not one.verified and one.id not in own) or (urgent and one.meaning is not Meaning.URGENT):
                continue
            below, above = found.get(one.kind, (None, None))
            value = own.get(one.id)
            if one.below is not None:
                mine = one.below if value is None else value
                below = mine if below is None else max(below, mine)
            if one.above is not None:
                mine = one.above if value is None else value
                above = mine if above is None else min(above, mine)
            found[one.kind] = (below, above)
        return found

    def in_reading(self, reading: Reading, own: Mapping[str, float]) -> Finding | None:
        """Return the gravest thing that one reading shows.

        Args:
            reading: Judged.
            own: The doctor's limits for this person, by id of the rule: they switch a rule on, too.
        """
        if reading.quality == Quality.IMPLAUSIBLE:
            return None
        met = [one for one in self.limits if (one.verified or one.id in own) and one.is_met(reading, own.get(one.id))]
        gravest = next((one for one in met if one.meaning is Meaning.URGENT), met[0] if met else None)
        if gravest is None:
            return None
        fields = {"at": reading.at.strftime("%m-%d %H:%M"), "value": _plain(reading.value)}
        return Finding(
            gravest.id, gravest.meaning, gravest.kind, reading.at, reading.value, fields, gravest.note, gravest.danger
        )

    def in_days(
        self, kind: Kind, readings: Sequence[tuple[datetime, float]], now: datetime, zone: tzinfo
    ) -> tuple[Finding, ...]:
        """Return what the readings of one kind show over days: a silent device, and the last day if unlike the others.

        Args:
            kind: Of all the readings.
            readings: Moments and plausible values of at least the last 28 days, in order of time.
            now: Aware.
            zone: Of the person.
        """
        silent = [self._silent(one, kind, readings, now) for one in self.silences if kind in one.kinds and one.verified]
        unlike = [
            self._unlike(one, kind, readings, zone) for one in self.unusuals if kind in one.kinds and one.verified
        ]
        return tuple(one for one in (*silent, *unlike) if one is not None)

    @staticmethod
    def _silent(rule: Watch, kind: Kind, readings: Sequence[tuple[datetime, float]], now: datetime) -> Finding | None:
        if not readings or now - readings[-1][0] < timedelta(days=rule.days):
            return None
        last = readings[-1][0]
        return Finding(rule.id, rule.meaning, kind, last, None, {"days": (now - last).days, "kind": kind}, rule.note)

    @staticmethod
    def _unlike(rule: Watch, kind: Kind, readings: Sequence[tuple[datetime, float]], zone: tzinfo) -> Finding | None:
        days = by_day(readings, zone)
        if not days:
            return None
        last = days[-1]
        others = [one.middle for one in days[:-1] if (last.day - one.day).days <= rule.days]
        found = unusual(last.middle, others, times=rule.times, least=rule.least_days)
        if found is None:
            return None
        at = datetime.combine(last.day, datetime.min.time(), zone)
        fields = {
            "at": last.day.strftime("%m-%d"),
            "kind": kind,
            "value": _plain(found.value),
            "unit": UNITS[kind],
            "days": rule.days,
            "middle": _plain(found.middle),
        }
        return Finding(rule.id, rule.meaning, kind, at, found.value, fields, rule.note)


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order in which they are read: urgent, then the newest."""
    return sorted(findings, key=lambda one: (one.meaning is not Meaning.URGENT, -one.at.timestamp()))


def _limit(table: Mapping[str, Any]) -> Limit:
    below, above = table.get("below"), table.get("above")
    if (below is None) == (above is None):
        raise ValueError(f"{table['id']}: below or above")
    return Limit(
        **_common(table),
        kind=Kind(table["kind"]),
        danger=str(table["danger"]) if table["level"] == Meaning.URGENT else "",
        below=None if below is None else float(below),
        above=None if above is None else float(above),
        context=str(table.get("context", "")),
    )


def _watch(table: Mapping[str, Any]) -> Watch:
    return Watch(
        **_common(table),
        kinds=tuple(Kind(one) for one in table["kinds"]),
        days=int(table["days"]),
        least_days=int(table.get("least_days", 0)),
        times=float(table.get("times", 0.0)),
    )


def _common(table: Mapping[str, Any]) -> dict[str, Any]:
    if table["verified"] and not (table["source"] and table["dated"]):
        raise ValueError(f"{table['id']}: a rule that is on names its source and date")
    return {
        "id": str(table["id"]),
        "meaning": Meaning(table["level"]),
        "verified": bool(table["verified"]),
        "note": str(table["note"]),
        "source": str(table["source"]),
    }


def _plain(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
