"""Fills an empty record with an invented cohort of what a research release reads, and no word of anybody.

No turn is written: a release reads none. Follows from the seed alone. Consent is written for everybody: to keep
conversations and health data for all, to research for a share. Nothing is left in the outbox.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random  # noqa: TID251 - an invented cohort is drawn by chance, from a seed
from typing import Any

from sqlalchemy import insert

from companion.screening.instrument import Instrument
from companion.store.database import Database
from companion.store.tables.base import Base
from companion.store.tables.body import ReadingRow
from companion.store.tables.life import ActivityRow
from companion.store.tables.people import ConsentRow, PersonRow
from companion.store.tables.screening import AnswerRow, ScreeningRow
from companion.store.tables.talk import SessionRow

REGIONS = {
    "서울특별시 노원구": 18,
    "경기도 성남시": 26,
    "부산광역시 동래구": 7,
    "인천 연수구": 6,
    "대구광역시 수성구": 5,
    "대전시 유성구": 3,
    "광주광역시 북구": 3,
    "울산시 남구": 2,
    "세종시": 1,
    "강원도 춘천시": 3,
    "충청북도 청주시": 3,
    "충남 공주시": 4,
    "전라북도 익산시": 4,
    "전라남도 곡성군": 4,
    "경상북도 안동시": 5,
    "경남 진주시": 6,
    "제주도 서귀포시": 1,
}
"""Where people live, and of a hundred about how many."""
_WRITTEN_AT_ONCE = 25
"""People."""
_STAMP = {"device_id": "cohort", "centre_id": "", "zone": "Asia/Seoul"}
_BATCHES: tuple[type[Base], ...] = (
    *(PersonRow, ConsentRow, SessionRow, ActivityRow),
    *(ScreeningRow, AnswerRow, ReadingRow),
)


@dataclass(frozen=True, slots=True)
class Cohort:
    """What is asked for."""

    people: int
    days: int
    until: datetime
    """Aware: the end of the last day."""
    seed: int = 7
    research: float = 1.0
    """Share of the people who agree to research."""
    readings_every: int = 7
    """Days between two heart rates; 0 for none."""


def seed_cohort(database: Database, cohort: Cohort, instrument: Instrument) -> None:
    """Write a cohort, some people at a time.

    Args:
        database: Of an empty record.
        cohort: What is asked for.
        instrument: Of its screenings: one with options 0 to 3.
    """
    waiting: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in _BATCHES}
    for number in range(cohort.people):
        for table, row in _life(number, cohort, instrument):
            waiting[table].append(_STAMP | row)
        if number % _WRITTEN_AT_ONCE == _WRITTEN_AT_ONCE - 1 or number == cohort.people - 1:
            with database.writing() as session:
                for table, rows in waiting.items():
                    if rows:
                        session.connection().execute(insert(table.__table__), rows)  # type: ignore[arg-type] # a Table
                        rows.clear()


def person_id(number: int) -> str:
    """Return the id of the n-th person, from 0."""
    return f"cohort-{number:06}"


def _life(number: int, cohort: Cohort, instrument: Instrument) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    chance = Random(f"{cohort.seed}/{number}")  # noqa: S311 - an invention, not a secret
    one, first = person_id(number), cohort.until - timedelta(days=cohort.days)
    yield (
        PersonRow,
        {
            "id": one,
            "at": first,
            "name": "",
            "address": "어르신",
            "birth_year": cohort.until.year - int(chance.triangular(66, 97, 79)),
            "sex": "female" if chance.random() < 0.68 else "male",
            "region": chance.choices(list(REGIONS), list(REGIONS.values()))[0],
            "group": "",
            "understanding_doubtful": False,
            "dementia_stage": "",
            "screening_despite_dementia": False,
            "speech": {},
        },
    )
    agreed = chance.random() < cohort.research
    for place, item in enumerate(("conversation", "health", "research"), 1):
        yield ConsentRow, _consent(one, first, place, item, given=item != "research" or agreed)
    yield from _days(one, cohort, chance)
    yield from _screenings(one, cohort, instrument, chance)


def _consent(one: str, at: datetime, number: int, item: str, *, given: bool) -> dict[str, Any]:
    return {
        "id": f"{one}-consent-{number}",
        "person_id": one,
        "at": at,
        "number": number,
        "item": item,
        "answer": "given" if given else "refused",
        "named": "",
        "giver": "person",
        "giver_name": "-",
        "manner": "signed",
        "assent": "not_needed",
        "basis": "",
        "until": None,
        "wording": "cohort",
        "wording_digest": "0" * 64,
    }


def _days(one: str, cohort: Cohort, chance: Random) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    away = 0
    for day in range(cohort.days):
        at = cohort.until - timedelta(days=cohort.days - day, minutes=chance.randrange(60, 600))
        away = away - 1 if away else (chance.randrange(3, 12) if chance.random() < 0.006 else 0)
        if away:
            continue
        heard = chance.randrange(8, 40)
        minutes = heard * 0.6
        yield (
            SessionRow,
            {
                "id": f"{one}-session-{day}",
                "person_id": one,
                "started_at": at,
                "ended_at": at + timedelta(minutes=minutes),
                "mode": "voice",
                "profile": "embedded",
                "reply_driver": "bank",
                "ended_by": "person",
                "heard_turns": heard,
                "bright_turns": chance.randrange(heard // 3 + 1),
                "heavy_turns": chance.randrange(heard // 4 + 1),
                "last_turn_at": at + timedelta(minutes=minutes),
            },
        )
        if chance.random() < 0.15:
            before = chance.randrange(2, 8)
            yield (
                ActivityRow,
                {
                    "id": f"{one}-activity-{day}",
                    "person_id": one,
                    "at": at,
                    "session_id": None,
                    "script": "breath_plain",
                    "version": "1",
                    "outcome": "done",
                    "mood_before": before,
                    "mood_after": min(10, before + chance.choice((0, 1, 1, 2))),
                    "plan": "",
                },
            )
        if cohort.readings_every and day % cohort.readings_every == 0:
            yield (
                ReadingRow,
                {
                    "id": f"{one}-reading-{day}",
                    "person_id": one,
                    "at": at,
                    "import_id": None,
                    "kind": "heart_rate",
                    "value": float(round(chance.gauss(72, 7))),
                    "unit": "/min",
                    "until": None,
                    "device": "",
                    "context": "",
                    "quality": "",
                },
            )


def _screenings(
    one: str, cohort: Cohort, instrument: Instrument, chance: Random
) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    """Screen every four weeks or so, on no day of the week in particular; who is low stays low."""
    low, day, number = chance.betavariate(1.4, 3.2), chance.randrange(5, 25), 0
    while day < cohort.days - 1:
        number += 1
        at = cohort.until - timedelta(days=cohort.days - day, minutes=chance.randrange(60, 600))
        key = f"{one}-screening-{number}"
        yield ScreeningRow, _screening(key, one, number, at, instrument)
        for order, item in enumerate(instrument.scored, 1):
            grave = low * 3.2 - 0.25 + chance.gauss(0, 0.7)
            points = max(0, min(3, math.floor(grave)))
            yield AnswerRow, _answer(key, at, order, item.id, points)
        day += 28 + chance.randrange(-4, 5)


def _screening(key: str, one: str, number: int, at: datetime, instrument: Instrument) -> dict[str, Any]:
    return {
        "id": key,
        "person_id": one,
        "number": number,
        "at": at,
        "session_id": None,
        "instrument": instrument.id,
        "version": instrument.version,
        "digest": instrument.digest,
        "language": "ko",
        "wording": "",
        "status": "complete",
        "requested_by": "plan",
        "mode": "voice",
        "whole": True,
        "gated": False,
        "replies": 10,
        "gone_on_at": at,
        "ended_at": at + timedelta(minutes=5),
        "suspended_at": None,
        "not_before": None,
        "suspended_by": "",
        "risk_level": "",
        "risk_kind": "",
        "gate_of": None,
    }


def _answer(key: str, at: datetime, order: int, item: str, points: int) -> dict[str, Any]:
    return {
        "id": f"{key}-{order}",
        "screening_id": key,
        "turn_id": None,
        "at": at,
        "item": item,
        "link": "",
        "order": order,
        "asked": "",
        "form": "",
        "reply": "",
        "replies": [],
        "option": str(points),
        "option_text": "",
        "score": points,
        "code": "",
        "outcome": "answered",
        "confidence": 1.0,
        "evidence": [],
        "rule": "",
        "decider": "grammar",
        "confirmed": "",
        "confirmations": 0,
        "model": "",
        "superseded": False,
    }


def day_end(year: int, month: int, day: int) -> datetime:
    """Return the end of a day as a cohort means it: in UTC."""
    return datetime(year, month, day, 23, 59, tzinfo=UTC)
