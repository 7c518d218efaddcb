"""The story of one month, told into the lives of the invented population: who is in danger, silent, better or worse."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo.people import utc
from demo.rows import Batch
from demo.words import Population

if TYPE_CHECKING:
    from demo.seeding import Life, Plan

_FILE = Path(__file__).with_name("month.ko.toml")
_SCREENED_AT = 26
"""Offset that puts a PHQ-9 on day 2 and, 28 days later, on day 30."""
_TURNS_AT = 14
_ERRAND_HOUR = 17.5
_MORNING_HOUR = 8.0


@dataclass(frozen=True, slots=True)
class Story:
    """What the month holds, day numbers counted from 0."""

    table: Mapping[str, Any] = field(default_factory=lambda: tomllib.loads(_FILE.read_text(encoding="utf-8")))

    @property
    def people(self) -> int:
        """How many people there are."""
        return int(self.table["people"])

    @property
    def days(self) -> int:
        """How many days it has."""
        return int(self.table["days"])

    def shape(self, lives: Sequence[Life], plan: Plan, batch: Batch, population: Population) -> None:
        """Put the story into the lives, before any day was made up."""
        first = plan.first
        for life in lives:
            life.crises.clear()
            life.moods = [max(mood, self.table["usual_least"]) for mood in life.moods]
            life.never_away = True
        for one in self.table["turn"]:
            life = lives[one["person"]]
            life.moods = [one["before"] if day < _TURNS_AT else one["after"] for day in range(self.days)]
            life.offset = _SCREENED_AT
            # Who gets better or worse is there and answers when it is asked, so that it is seen.
            life.never_away, life.one.finishes, life.one.misses = True, True, 0.0
        for one in self.table["silent"]:
            life = lives[one["person"]]
            life.silent_from = self._day(one["from"])
            last = utc(first + timedelta(days=life.silent_from), _MORNING_HOUR) - timedelta(days=1)
            for row in batch.rows["reminders"]:
                row["last_said_at"] = last if row["person_id"] == life.one.id else row["last_said_at"]
        for one in self.table["unanswered"]:
            lives[one["person"]].unanswered_from = self._day(one["from"])
        self._crises(lives, population)
        self._groups(lives, batch)
        goes_on = first + timedelta(days=self.table["appointment_day"])
        for row in batch.rows["reminders"]:
            if row["kind"] == "appointment":
                row["schedule"] = {**row["schedule"], "on": goes_on.isoformat()}
                row["last_said_at"] = None

    def write_errands(self, lives: Sequence[Life], plan: Plan, batch: Batch) -> None:
        """Add what people asked of people."""
        for row in self._errands(lives, plan):
            batch.add("errands", row)

    def _crises(self, lives: Sequence[Life], population: Population) -> None:
        kinds = {one["kind"]: one for one in population.data["danger"] if one["level"] != "watch"}
        for one in self.table["crisis"]:
            life, day = lives[one["person"]], self._day(one["day"])
            life.crises.add(day)
            life.kinds[day] = kinds[one["kind"]]
            if not one["resolved"]:
                life.open_days.add(day)

    def _groups(self, lives: Sequence[Life], batch: Batch) -> None:
        groups = self.table["groups"]
        share = -(-len(lives) // len(groups))
        number = {life.one.id: life.one.number for life in lives}
        for row in batch.rows["people"]:
            row["group"] = groups[number[row["id"]] // share]

    def _errands(self, lives: Sequence[Life], plan: Plan) -> Iterator[dict[str, Any]]:
        for one in self.table["errand"]:
            at = utc(plan.first + timedelta(days=self._day(one["day"])), _ERRAND_HOUR)
            settled = at + timedelta(hours=one["after_hours"]) if "answer" in one else None
            told = None if settled is None else settled + timedelta(hours=5)
            yield lives[one["person"]].one.row(
                at,
                session_id=None,
                purpose=one["purpose"],
                whom=one["whom"],
                words=one["words"],
                status="open" if settled is None else "done",
                answer=one.get("answer", ""),
                by=one.get("by", ""),
                settled_at=settled,
                told_at=told,
            )

    def _day(self, number: int) -> int:
        return number % self.days
