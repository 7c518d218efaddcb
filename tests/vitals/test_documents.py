"""Documents of makers of which no sample is at hand: shapes as public projects document them."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from companion.core.body import Reading
from companion.core.person import Person
from companion.vitals.incoming import seen_in
from companion.wiring.vitals import Wishes, reader_for

READER = reader_for(Person("p", "순자님"), Wishes(), datetime(2026, 11, 27, tzinfo=UTC))


def read(folder: Path, document: object, name: str) -> list[Reading]:
    file = folder / name
    file.write_text(json.dumps(document), encoding="utf-8")
    return list(READER.readings(file))


def test_heart_rates_of_a_takeout_stand_in_utc(tmp_path: Path) -> None:
    """Month first; 13:00 in UTC is ten in the evening in Seoul."""
    beats = [{"dateTime": "11/25/26 13:00:07", "value": {"bpm": 54, "confidence": 2}}]
    (reading,) = read(tmp_path, beats, "heart_rate-2026-11-25.json")
    assert (reading.kind, reading.value, reading.at.isoformat()) == ("heart_rate", 54.0, "2026-11-25T22:00:07+09:00")


@pytest.mark.parametrize(
    ("told", "lasts"), [("11/25/26 13:00:00", timedelta(minutes=1)), ("2026-11-25", timedelta(days=1))]
)
def test_steps_of_a_takeout_last_a_minute_or_a_day(tmp_path: Path, told: str, lasts: timedelta) -> None:
    """A day without a clock is the whole of it."""
    (reading,) = read(tmp_path, [{"dateTime": told, "value": "120"}], "steps-2026-11-25.json")
    assert reading.until is not None
    assert (reading.kind, reading.until - reading.at) == ("steps", lasts)


@pytest.mark.parametrize("name", ["calories-2026-11-25.json", "distance-2026-11-25.json", "altitude-2026-11-25.json"])
def test_what_looks_like_steps_and_is_none_is_left_out(tmp_path: Path, name: str) -> None:
    """Calories in the same shape are never counted as steps."""
    assert read(tmp_path, [{"dateTime": "11/25/26 13:00:00", "value": "120"}], name) == []


def test_a_whole_takeout_is_read_part_by_part(tmp_path: Path) -> None:
    """Only what is known in it, each for what it is."""
    packed = io.BytesIO()
    parts = {
        "heart_rate-2026-11-25.json": [{"dateTime": "11/25/26 13:00:07", "value": {"bpm": 54, "confidence": 2}}],
        "resting_heart_rate-2026-11-25.json": [{"dateTime": "11/25/26 00:00:00", "value": {"value": 60.1, "error": 6}}],
        "steps-2026-11-25.json": [{"dateTime": "11/25/26 13:00:00", "value": "12"}],
        "calories-2026-11-25.json": [{"dateTime": "11/25/26 13:00:00", "value": "1.1"}],
    }
    with zipfile.ZipFile(packed, "w") as archive:
        for name, document in parts.items():
            archive.writestr(f"Takeout/Fitbit/Global Export Data/{name}", json.dumps(document))
    file = tmp_path / "takeout.zip"
    file.write_bytes(packed.getvalue())
    seen = seen_in(READER, file)
    assert (dict(seen.kinds), dict(seen.reasons)) == ({"heart_rate": 1, "steps": 1}, {})


NIGHT = {
    "calendarDate": "2026-11-25",
    "sleepStartTimestampGMT": "2026-11-24T14:00:00.0",
    "sleepEndTimestampGMT": "2026-11-24T22:00:00.0",
}


def test_a_night_of_garmin_is_what_its_stages_add_up_to(tmp_path: Path) -> None:
    """4680 + 16560 + 5700 s are 449 minutes; awake is no sleep. A night without stages was not measured."""
    measured = {**NIGHT, "deepSleepSeconds": 4680, "lightSleepSeconds": 16560, "remSleepSeconds": 5700}
    (reading,) = read(tmp_path, [NIGHT, {**measured, "awakeSleepSeconds": 480}], "2026_sleepData.json")
    assert (reading.kind, reading.value, reading.unit) == ("sleep", 449.0, "min")
    assert reading.at.isoformat() == "2026-11-24T23:00:00+09:00"


def test_days_of_garmin_give_steps_and_the_resting_heart_rate(tmp_path: Path) -> None:
    """A first day without either does not hide the others."""
    days = [
        {"calendarDate": "2026-11-23", "userProfilePK": 1},
        {"calendarDate": "2026-11-24", "totalSteps": 10_000, "currentDayRestingHeartRate": 55},
        {"calendarDate": "2026-11-25", "totalSteps": 11_000},
    ]
    read_in = read(tmp_path, days, "UDSFile_2026.json")
    assert [(one.kind, one.value, one.context) for one in read_in] == [
        ("steps", 10_000.0, ""),
        ("heart_rate", 55.0, "resting"),
        ("steps", 11_000.0, ""),
    ]
