"""The shapes of JSON documents: which names a maker's document holds, and where in it the readings stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from companion.vitals.kinds import Kind
from companion.vitals.moments import Calendar, Order, offset_of

Row = Mapping[str, Any]
_LOOKED_AT: Final = 100
"""Parts of a list by which it is recognised."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value as a document tells it."""

    kind: Kind
    value: float
    unit: str
    at: datetime | None
    until: datetime | None = None
    device: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of document."""

    maker: str
    holds: Callable[[Any], bool]
    rows: Callable[[Any], Iterable[Row]]
    """The parts that are readings, each by itself: a broken one costs no other."""
    entries: Callable[[Row, Calendar], Iterator[Entry]]
    """The values of one part; nothing where it holds none."""
    named: str = ""
    """What the file must be called where many things have this shape; otherwise it is left out."""


def _has(*names: str) -> Callable[[Any], bool]:
    return lambda document: isinstance(document, dict) and all(name in document for name in names)


def _list_with(*names: str) -> Callable[[Any], bool]:
    def holds(document: Any) -> bool:  # noqa: ANN401 (JSON)
        return isinstance(document, list) and bool(document) and _has(*names)(document[0])

    return holds


def _list_somewhere_with(name: str, *others: str) -> Callable[[Any], bool]:
    """Return what tells a list of days, the first of which may lack what the others have."""

    def holds(document: Any) -> bool:  # noqa: ANN401 (JSON)
        first = document[:_LOOKED_AT] if isinstance(document, list) else []
        return any(_has(name)(one) and any(other in one for other in others) for one in first)

    return holds


def _epoch(seconds: float, calendar: Calendar) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(calendar.zone)


def _fitbit_minutes(document: Any) -> Iterator[Row]:  # noqa: ANN401 (JSON)
    day = str(document["activities-heart"][0]["dateTime"])
    for one in document["activities-heart-intraday"]["dataset"]:
        yield {**one, "day": day}


def _fitbit_minute(row: Row, calendar: Calendar) -> Iterator[Entry]:
    yield Entry(Kind.HEART_RATE, float(row["value"]), "bpm", calendar.moment(f"{row['day']} {row['time']}"))


def _day_of_steps(row: Row, calendar: Calendar) -> Iterator[Entry]:
    at = calendar.moment(str(row["dateTime"]))
    until = None if at is None else at + timedelta(days=1)
    yield Entry(Kind.STEPS, float(row["value"]), "steps", at, until)


def _fitbit_sleep(row: Row, calendar: Calendar) -> Iterator[Entry]:
    at, until = calendar.moment(str(row["startTime"])), calendar.moment(str(row["endTime"]))
    yield Entry(Kind.SLEEP, float(row["minutesAsleep"]), "min", at, until)


def _takeout(row: Row, calendar: Calendar) -> Iterator[Entry]:
    """Heart rates and steps of Fitbit Takeout: month first, in UTC; a day without a clock is the person's own."""
    text, value = str(row["dateTime"]), row["value"]
    if ":" not in text:
        at = Calendar(calendar.zone, Order.MONTH_FIRST).moment(text)
        lasts = timedelta(days=1)
    else:
        moment = Calendar(UTC, Order.MONTH_FIRST).moment(text)
        at = None if moment is None else moment.astimezone(calendar.zone)
        lasts = timedelta(minutes=1)
    if not isinstance(value, dict):
        yield Entry(Kind.STEPS, float(value), "steps", at, None if at is None else at + lasts)
    elif "bpm" in value:
        yield Entry(Kind.HEART_RATE, float(value["bpm"]), "bpm", at)


def _is_takeout_of_beats(document: Any) -> bool:  # noqa: ANN401 (JSON)
    return _list_with("dateTime", "value")(document) and isinstance(document[0]["value"], dict)


_GOOGLE: Final = {
    "com.google.heart_rate.bpm": (Kind.HEART_RATE, "bpm"),
    "com.google.weight": (Kind.WEIGHT, "kg"),
    "com.google.step_count.delta": (Kind.STEPS, "steps"),
    "com.google.blood_glucose": (Kind.GLUCOSE, "mmol/L"),
    "com.google.oxygen_saturation": (Kind.SPO2, "%"),
}


def _google_point(row: Row, calendar: Calendar) -> Iterator[Entry]:
    if row["dataTypeName"] not in _GOOGLE:
        return
    kind, unit = _GOOGLE[row["dataTypeName"]]
    first = row["value"][0]
    at, until = (_epoch(int(row[name]) / 1e9, calendar) for name in ("startTimeNanos", "endTimeNanos"))
    value = float(first["fpVal"] if "fpVal" in first else first["intVal"])
    yield Entry(kind, value, unit, at, until if until > at else None, str(row.get("originDataSourceId", "")))


def _ihealth_moment(row: Row, name: str, calendar: Calendar) -> datetime:
    """IHealth counts seconds of the clock on the wall, and tells its zone beside them."""
    zone = offset_of(str(row.get("TimeZone", ""))) or calendar.zone
    return datetime.fromtimestamp(float(row[name]), UTC).replace(tzinfo=zone)


def _ihealth_weight(row: Row, calendar: Calendar) -> Iterator[Entry]:
    yield Entry(Kind.WEIGHT, float(row["WeightValue"]), row["unit"], _ihealth_moment(row, "MDate", calendar))


def _ihealth_sleep(row: Row, calendar: Calendar) -> Iterator[Entry]:
    at, until = (_ihealth_moment(row, name, calendar) for name in ("StartTime", "EndTime"))
    yield Entry(Kind.SLEEP, float(row["HoursSlept"]), "min", at, until)  # minutes, whatever its name says


def _with_unit(rows: str, unit: str, units: Mapping[int, str]) -> Callable[[Any], Iterator[Row]]:
    """Return the rows of an iHealth document, each with the unit that stands beside them; a new number is refused."""
    return lambda document: ({**one, "unit": units[document[unit]]} for one in document[rows])


_IHEALTH_MEALS: Final = (("before", "before_meal"), ("after", "after_meal"), ("bed", "bedtime"), ("fasting", "fasting"))


def _ihealth_glucose(row: Row, calendar: Calendar) -> Iterator[Entry]:
    said = str(row.get("DinnerSituation", "")).lower()
    context = next((name for word, name in _IHEALTH_MEALS if word in said), "")
    at = _ihealth_moment(row, "MDate", calendar)
    yield Entry(Kind.GLUCOSE, float(row["BG"]), row["unit"], at, context=context)


def _ihealth_pressure(row: Row, calendar: Calendar) -> Iterator[Entry]:
    at = _ihealth_moment(row, "MDate", calendar)
    yield Entry(Kind.SYSTOLIC, float(row["HP"]), "mmHg", at)
    yield Entry(Kind.DIASTOLIC, float(row["LP"]), "mmHg", at)
    if row.get("HR"):
        yield Entry(Kind.HEART_RATE, float(row["HR"]), "bpm", at)


def _ihealth_oxygen(row: Row, calendar: Calendar) -> Iterator[Entry]:
    yield Entry(Kind.SPO2, float(row["BO"]), "%", _ihealth_moment(row, "MDate", calendar))


def _withings_steps(row: Row, calendar: Calendar) -> Iterator[Entry]:
    if "steps" in row:
        at = _epoch(float(row["began"]), calendar)
        yield Entry(Kind.STEPS, float(row["steps"]), "steps", at, at + timedelta(seconds=float(row["duration"])))


_WITHINGS: Final = {
    1: (Kind.WEIGHT, "kg"),
    9: (Kind.DIASTOLIC, "mmHg"),
    10: (Kind.SYSTOLIC, "mmHg"),
    11: (Kind.HEART_RATE, "bpm"),
    54: (Kind.SPO2, "%"),
}


def _withings_group(row: Row, calendar: Calendar) -> Iterator[Entry]:
    at = _epoch(float(row["date"]), calendar)
    for one in row["measures"]:
        if one["type"] in _WITHINGS:
            kind, unit = _WITHINGS[one["type"]]
            yield Entry(kind, float(one["value"]) * 10.0 ** int(one["unit"]), unit, at)


def _garmin_day(row: Row, calendar: Calendar) -> Iterator[Entry]:
    at = calendar.moment(str(row["calendarDate"]))
    until = None if at is None else at + timedelta(days=1)
    if row.get("totalSteps") is not None:
        yield Entry(Kind.STEPS, float(row["totalSteps"]), "steps", at, until)
    resting = row.get("currentDayRestingHeartRate", row.get("restingHeartRate"))
    if resting is not None:
        yield Entry(Kind.HEART_RATE, float(resting), "bpm", at, until, context="resting")


_GARMIN_STAGES: Final = ("deepSleepSeconds", "lightSleepSeconds", "remSleepSeconds")


def _garmin_night(row: Row, calendar: Calendar) -> Iterator[Entry]:
    if not any(row.get(stage) is not None for stage in _GARMIN_STAGES):
        return  # only when somebody lay down: how long they slept was not measured
    utc = Calendar(UTC)
    at, until = (utc.moment(str(row[name])) for name in ("sleepStartTimestampGMT", "sleepEndTimestampGMT"))
    seconds = sum(float(row.get(stage) or 0) for stage in _GARMIN_STAGES)
    local = [None if one is None else one.astimezone(calendar.zone) for one in (at, until)]
    yield Entry(Kind.SLEEP, seconds, "s", local[0], local[1])


def _all_of(name: str) -> Callable[[Any], Iterable[Row]]:
    return lambda document: document[name]


SHAPES: Final[tuple[Shape, ...]] = (
    Shape("Fitbit", _has("activities-heart-intraday"), _fitbit_minutes, _fitbit_minute),
    Shape("Fitbit", _has("activities-steps"), _all_of("activities-steps"), _day_of_steps),
    Shape("Fitbit", _has("sleep"), _all_of("sleep"), _fitbit_sleep),
    Shape("Fitbit", _list_with("dateOfSleep", "minutesAsleep"), list, _fitbit_sleep),
    Shape("Fitbit", _is_takeout_of_beats, list, _takeout),
    # Calories, distance and height have the same shape as steps: only the name of the file tells them apart.
    Shape("Fitbit", _list_with("dateTime", "value"), list, _takeout, named="steps"),
    Shape("Google Fit", _has("point", "dataSourceId"), _all_of("point"), _google_point),
    Shape(
        "iHealth",
        _has("WeightDataList", "WeightUnit"),
        _with_unit("WeightDataList", "WeightUnit", {0: "kg", 1: "lb"}),
        _ihealth_weight,
    ),
    Shape("iHealth", _has("SRDataList"), _all_of("SRDataList"), _ihealth_sleep),
    Shape(
        "iHealth",
        _has("BGDataList", "BGUnit"),
        _with_unit("BGDataList", "BGUnit", {0: "mg/dL", 1: "mmol/L"}),
        _ihealth_glucose,
    ),
    Shape("iHealth", _has("BPDataList"), _all_of("BPDataList"), _ihealth_pressure),
    Shape("iHealth", _has("BODataList"), _all_of("BODataList"), _ihealth_oxygen),
    Shape(
        "Withings",
        lambda document: _has("body")(document) and _has("series")(document["body"]),
        lambda document: ({"began": began, **one} for began, one in document["body"]["series"].items()),
        _withings_steps,
    ),
    Shape(
        "Withings",
        lambda document: _has("body")(document) and _has("measuregrps")(document["body"]),
        lambda document: document["body"]["measuregrps"],
        _withings_group,
    ),
    Shape("Garmin", _list_somewhere_with("sleepStartTimestampGMT", *_GARMIN_STAGES), list, _garmin_night),
    Shape(
        "Garmin",
        _list_somewhere_with("calendarDate", "totalSteps", "currentDayRestingHeartRate", "restingHeartRate"),
        list,
        _garmin_day,
    ),
)
