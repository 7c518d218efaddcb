"""Data points of Open mHealth, one or many, with or without their header.

Source: openmhealth/schemas 1.x to 4.x. A lowest or highest of months is no reading and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from companion.vitals.formats.shapes import Entry, Row, Shape
from companion.vitals.kinds import Kind
from companion.vitals.moments import Calendar

_KINDS: Final = {
    "blood_glucose": Kind.GLUCOSE,
    "heart_rate": Kind.HEART_RATE,
    "systolic_blood_pressure": Kind.SYSTOLIC,
    "diastolic_blood_pressure": Kind.DIASTOLIC,
    "oxygen_saturation": Kind.SPO2,
    "step_count": Kind.STEPS,
    "body_weight": Kind.WEIGHT,
    "total_sleep_time": Kind.SLEEP,
    "sleep_duration": Kind.SLEEP,
}
_READINGS: Final = ("average", "mean", "")
"""Statistics that stand for a reading; an empty one is a reading."""
_MEALS: Final = {"fasting": "fasting", "before": "before_meal", "after": "after_meal", "bedtime": "bedtime"}


def _body(point: Any) -> Row:  # noqa: ANN401 (JSON)
    body: Row = point["body"] if isinstance(point, dict) and isinstance(point.get("body"), dict) else point
    return body


def _points(document: Any) -> list[Row]:  # noqa: ANN401 (JSON)
    return [_body(one) for one in (document if isinstance(document, list) else [document])]


def _holds(document: Any) -> bool:  # noqa: ANN401 (JSON)
    if not isinstance(document, dict | list) or not document:
        return False
    first = _points(document)[0]
    return isinstance(first, dict) and any(name in first for name in _KINDS) and "effective_time_frame" in first


def _span(row: Row, calendar: Calendar) -> tuple[datetime | None, datetime | None]:
    frame = row["effective_time_frame"]
    if "date_time" in frame:
        return calendar.moment(str(frame["date_time"])), None
    interval = frame["time_interval"]
    ends = (str(interval.get(name, "")) for name in ("start_date_time", "end_date_time"))
    at, until = (calendar.moment(one) for one in ends)
    return at, until


def _entries(row: Row, calendar: Calendar) -> Iterator[Entry]:
    statistic = str(row.get("descriptive_statistic", ""))
    if statistic not in _READINGS:
        return
    at, until = _span(row, calendar)
    meal = str(row.get("temporal_relationship_to_meal", ""))
    context = next((name for word, name in _MEALS.items() if meal.startswith(word)), statistic)
    for name, kind in _KINDS.items():
        if name not in row:
            continue
        told = row[name] if isinstance(row[name], dict) else {"value": row[name], "unit": "steps"}
        yield Entry(kind, float(told["value"]), str(told["unit"]), at, until, context=context)


OPEN_MHEALTH: Final = Shape("Open mHealth", _holds, _points, _entries)
