"""The window of a dossier cut into weeks, or into months where it is long: what stood beside what. Pure.

Law: everything of the dossier that has a moment in its window stands in exactly one stretch; stretches follow each
other without a gap, also where nothing happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from companion.core.history import DangerFound, Talk
from companion.core.hospital import Kind
from companion.core.life import Activity
from companion.exchange.dossier import AlertRaised, DayOfReadings, Dossier, HospitalRecord, Observed, Screened

BY_WEEKS: Final = 31
"""So many weeks are shown one by one, half a year and some days; more are shown by months."""
_WEEK: Final = timedelta(days=7)
_MOMENT: Final = timedelta(microseconds=1)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A week or a month. Sequences are oldest first."""

    first: date
    """Monday, or the first of the month; days are the person's."""
    end: date
    """The day after its last."""
    talks: tuple[Talk, ...] = ()
    screenings: tuple[Screened, ...] = ()
    observations: tuple[Observed, ...] = ()
    dangers: tuple[DangerFound, ...] = ()
    alerts: tuple[AlertRaised, ...] = ()
    activities: tuple[Activity, ...] = ()
    days_of_readings: tuple[DayOfReadings, ...] = ()
    hospital: tuple[HospitalRecord, ...] = ()
    """What has a date; the answers to single items stand in their form."""

    @property
    def is_month(self) -> bool:
        """Whether it is a month: a week ends on the first only where it did not begin there."""
        return self.first.day == self.end.day == 1


def stretches(dossier: Dossier) -> Sequence[Stretch]:
    """Return the stretches of a dossier, oldest first."""
    bounds = list(_bounds(dossier))

    def within(those: Iterable[tuple[date, T]], stretch: tuple[date, date]) -> tuple[T, ...]:
        return tuple(one for day, one in those if stretch[0] <= day < stretch[1])

    def on(at: datetime) -> date:
        return at.astimezone(dossier.zone).date()

    dated = [
        one for one in dossier.hospital if one.kind != Kind.ANSWER and one.at is not None and one.at >= dossier.since
    ]
    return [
        Stretch(
            *bound,
            talks=within(((on(one.at), one) for one in dossier.talks), bound),
            screenings=within(((on(one.at), one) for one in dossier.screenings), bound),
            observations=within(((on(one.at), one) for one in dossier.observations), bound),
            dangers=within(((on(one.at), one) for one in dossier.dangers), bound),
            alerts=within(((on(one.alert.raised_at), one) for one in dossier.alerts), bound),
            activities=within(((on(one.at), one) for one in dossier.activities), bound),
            days_of_readings=within(((one.day, one) for one in dossier.days_of_readings), bound),
            hospital=within(((on(one.at), one) for one in dated if one.at is not None), bound),
        )
        for bound in bounds
    ]


def _bounds(dossier: Dossier) -> Iterator[tuple[date, date]]:
    first = dossier.since.astimezone(dossier.zone).date()
    last = max(dossier.until - _MOMENT, dossier.since).astimezone(dossier.zone).date()
    monday = first - timedelta(days=first.weekday())
    by_weeks = (last - monday).days < BY_WEEKS * _WEEK.days
    begins = monday if by_weeks else first.replace(day=1)
    while begins <= last:
        ends = begins + _WEEK if by_weeks else _next_month(begins)
        yield begins, ends
        begins = ends


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
