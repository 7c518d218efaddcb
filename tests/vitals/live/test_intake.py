"""What a device sends becomes readings: minutes of heart beats, and stored records with their contexts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from companion.vitals import gatt
from companion.vitals.kinds import Quality
from companion.vitals.live.intake import Minutes, Records
from tests.fakes.clock import START
from tests.fakes.health_device import meal, record

SEOUL = ZoneInfo("Asia/Seoul")


def beat(bpm: int, *, contact: bool | None = None) -> gatt.HeartRate:
    return gatt.HeartRate(bpm, contact, None, ())


def test_a_minute_of_beats_is_one_reading() -> None:
    """The middle one, at the beginning of the minute, once the minute is over."""
    minutes = Minutes("가슴띠")
    made = [minutes.take(beat(60 + second % 3), START + timedelta(seconds=second)) for second in range(61)]

    (reading,) = [one for one in made if one is not None]
    assert (reading.value, reading.unit, reading.at, reading.device) == (61.0, "/min", START, "가슴띠")


def test_a_sensor_that_does_not_touch_tells_nothing() -> None:
    """Nor does a heart rate of zero."""
    minutes = Minutes("가슴띠")
    for second in range(60):
        minutes.take(beat(70, contact=False), START + timedelta(seconds=second))
        minutes.take(beat(0), START + timedelta(seconds=second))

    assert minutes.end() is None


def test_a_minute_that_was_hardly_told_is_left_out() -> None:
    """Nine beats a minute say little."""
    minutes = Minutes("가슴띠")
    for second in range(9):
        minutes.take(beat(70), START + timedelta(seconds=second))

    assert minutes.end() is None


def _records(*packets: bytes) -> Records:
    records = Records("혈당계", SEOUL)
    for packet in packets:
        records.take(gatt.glucose(packet))
    return records


def test_a_record_stands_in_the_zone_of_the_person_with_its_meal() -> None:
    """The meter knows no zone; fasting comes from the context."""
    records = _records(record(7, 95, context=True))
    records.join(gatt.glucose_context(meal(7, 3)))

    (reading,) = records.readings(START)
    assert reading.at == datetime(2026, 11, 23, 9, 30, tzinfo=SEOUL)
    assert (reading.value, reading.unit, reading.context, reading.quality) == (95.0, "mg/dL", "fasting", "")


@given(st.permutations([("record", 1), ("record", 2), ("meal", 1), ("meal", 2)]))
def test_the_order_of_packets_changes_nothing(order: list[tuple[str, int]]) -> None:
    """A context may come before its record, or behind the next one."""
    records = Records("혈당계", SEOUL)
    for what, number in order:
        if what == "record":
            records.take(gatt.glucose(record(number, 100 + number, context=True)))
        else:
            records.join(gatt.glucose_context(meal(number, number)))

    readings = records.readings(START)
    assert [(one.value, one.context) for one in readings] == [(101.0, "before_meal"), (102.0, "after_meal")]
    assert records.last_sequence == 2


def test_a_record_of_the_future_is_none() -> None:
    """The clock of the meter is ahead by days: it is told, and the reading left out."""
    records = _records(record(1))
    past = datetime(2026, 11, 1, tzinfo=UTC)

    assert (records.readings(past), records.is_ahead(past)) == ([], True)
    assert not records.is_ahead(START)


def test_a_result_out_of_the_range_of_the_meter_is_marked() -> None:
    """HI and LO are kept as what they are; bit 0 says that the battery is low."""
    packet = bytearray(record(1))
    packet[0] |= 0x08
    high, low = _records(bytes(packet) + b"\x20\x00"), _records(bytes(packet) + b"\x41\x00")

    assert [one.quality for one in (*high.readings(START), *low.readings(START))] == [
        Quality.ABOVE_RANGE,
        Quality.BELOW_RANGE,
    ]
    assert (high.battery_low, low.battery_low) == (False, True)
