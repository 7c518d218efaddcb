"""The rows of one person, table by table, as values by column. Pure. No text of anybody is in reach here.

Order in all tables: by person, then by time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import fmean
from typing import Final

from companion.core.research import History, Measured
from companion.exchange.release.assessing import Assessed, assessed
from companion.exchange.release.preparing import RARE, Member, Prepared, Rules
from companion.exchange.release.revealing import Level
from companion.exchange.release.schema import Bound, Column
from companion.exchange.release.shifting import local_day

Value = str | int | float | date | None
Row = Mapping[str, Value]
_DONE: Final = "done"


@dataclass
class _Day:
    talks: int = 0
    minutes: float = 0.0
    turns: int = 0
    bright: int = 0
    heavy: int = 0
    offered: int = 0
    done: int = 0
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)


@dataclass
class PersonRows:
    """All rows of one person."""

    tables: Mapping[str, Sequence[Row]]
    revealed: Sequence[Level]
    """Of each screening that is shown."""
    trimmed: Mapping[str, int]
    """How many screenings, days and readings fell to the cut ends, by table."""


def rows_of(member: Member, history: History, prepared: Prepared, rules: Rules) -> PersonRows:
    """Return the rows of one person.

    Args:
        member: How they are shown.
        history: What is known of them.
        prepared: What few people share.
        rules: By what the release is made.
    """
    screenings, answers, cut_screenings = _screenings(member, history, prepared, rules)
    days, cut_days = _days(member, history)
    readings, cut_readings = _readings(member, history.readings, prepared, rules.schema.bounds)
    shown = dict(zip(rules.policy.quasi, member.shown, strict=True))
    columns = rules.schema.tables["people"].values()
    person: dict[str, Value] = {column.name: shown[column.quasi] for column in columns if column.quasi in shown}
    person |= {"sensitive_band": member.sensitive, "screenings": len(screenings), "days": len(days)}
    tables: dict[str, list[dict[str, Value]]] = {
        "people": [person],
        "screenings": screenings,
        "answers": answers,
        "days": days,
        "readings": readings,
    }
    for row in (row for table in tables.values() for row in table):
        row["person"] = member.pseudonym
    trimmed = {"screenings": cut_screenings, "days": cut_days, "readings": cut_readings}
    return PersonRows(tables, member.levels, trimmed)


def shown_value(column: Column, value: Value) -> Value:
    """Return a value within the bounds of its column, on its grain."""
    if value is None or isinstance(value, (str, date)):
        return value
    if column.top is not None:
        value = min(value, column.top)
    if column.bottom is not None:
        value = max(value, column.bottom)
    if column.grain is not None:
        value = round(value / column.grain) * column.grain
    return round(value) if column.kind == "whole" else float(value)


def _screenings(
    member: Member, history: History, prepared: Prepared, rules: Rules
) -> tuple[list[dict[str, Value]], list[dict[str, Value]], int]:
    shift, number, position = member.shift, 0, -1
    screenings: list[dict[str, Value]] = []
    answers: list[dict[str, Value]] = []
    for screened in history.screenings:
        day = local_day(screened.at, member.zone)
        if not shift.shows(day):
            continue
        position += 1
        result, level = assessed(screened, rules.instruments), member.levels[position]
        if ("instrument", screened.instrument) not in prepared.common:
            continue
        number += 1
        instrument = rules.instruments.get(screened.instrument)
        plain = (screened.instrument, screened.version, screened.status, screened.mode, result.validity)
        row: dict[str, Value] = {
            name: value if (name, value) in prepared.common else "" for name, value in zip(RARE, plain, strict=True)
        }
        row |= {
            "screening": number,
            "date": shift.week(day) if rules.policy.screening_dates == "week" else shift.day(day),
            "panel": instrument.panel_code if instrument is not None else "",
            **_result(result, level),
        }
        screenings.append(row)
        if level is Level.ITEMS and instrument is not None:
            codes = {item.id: item.code for item in instrument.items}
            same: dict[str, Value] = {"screening": number, "instrument": screened.instrument}
            answers += [{**same, "item": item, "code": codes[item], "score": score} for item, score in result.items]
    return screenings, answers, len(history.screenings) - position - 1


def _result(result: Assessed, level: Level) -> dict[str, Value]:
    """Return what the level lets through: of a screening without a total nothing was to be told apart."""
    return {
        "answered": result.answered if level >= Level.TOTAL else None,
        "total": result.total if level >= Level.TOTAL else None,
        "total_code": result.total_code if level >= Level.TOTAL else "",
        "band": result.band if level >= Level.BAND else "",
    }


def _days(member: Member, history: History) -> tuple[list[dict[str, Value]], int]:
    days: dict[date, _Day] = defaultdict(_Day)
    for talk in history.talks:
        day = days[local_day(talk.at, member.zone)]
        day.talks += 1
        day.minutes += talk.minutes
        day.turns += talk.heard
        day.bright += talk.bright
        day.heavy += talk.heavy
    for done in history.activities:
        day = days[local_day(done.at, member.zone)]
        day.offered += 1
        day.done += done.outcome == _DONE
        day.before += [] if done.mood_before is None else [done.mood_before]
        day.after += [] if done.mood_after is None else [done.mood_after]
    shown = [(when, day) for when, day in sorted(days.items()) if member.shift.shows(when)]
    return [_day(member.shift.day(when), day) for when, day in shown], len(days) - len(shown)


def _day(when: date, day: _Day) -> dict[str, Value]:
    return {
        "date": when,
        "talks": day.talks,
        "talk_minutes": day.minutes,
        "turns": day.turns,
        "bright_turns": day.bright,
        "heavy_turns": day.heavy,
        "activities_offered": day.offered,
        "activities_done": day.done,
        "mood_before": fmean(day.before) if day.before else None,
        "mood_after": fmean(day.after) if day.after else None,
    }


def _readings(
    member: Member, readings: Sequence[Measured], prepared: Prepared, bounds: Mapping[str, Bound]
) -> tuple[list[dict[str, Value]], int]:
    days: dict[tuple[date, str], list[float]] = defaultdict(list)
    for measured in readings:
        if measured.kind in prepared.kinds:
            days[local_day(measured.at, member.zone), measured.kind].append(measured.value)
    shown = {key: values for key, values in sorted(days.items()) if member.shift.shows(key[0])}
    return list(_measured(member, shown, bounds)), len(days) - len(shown)


def _measured(
    member: Member, days: Mapping[tuple[date, str], list[float]], bounds: Mapping[str, Bound]
) -> Iterator[dict[str, Value]]:
    for (when, kind), values in days.items():
        bound = bounds[kind]
        one = [sum(values)] * 3 if bound.sum else [min(values), fmean(values), max(values)]
        low, mean, high = map(bound.shown, one)
        yield {
            "date": member.shift.day(when),
            "kind": kind,
            "code": bound.code,
            "unit": bound.unit,
            "values": len(values),
            "low": low,
            "mean": mean,
            "high": high,
        }
