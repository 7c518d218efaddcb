"""Bytes of Bluetooth LE heart rate and glucose devices."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.vitals import gatt

FILES = Path(__file__).parent / "files"
"""Byte fixtures of NordicSemiconductor/Android-BLE-Common-Library (BSD-3-Clause), named in each file."""


def _cases(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((FILES / name).read_text(encoding="utf-8"))["cases"]
    return cases


@pytest.mark.parametrize("case", _cases("ble_hr_nordic.json"), ids=lambda case: case["name"])
def test_heart_rates_of_the_fixture_are_read_as_it_says(case: dict[str, Any]) -> None:
    """Every case is read, and the broken one refused."""
    packet, expected = bytes.fromhex(case["hex"]), case["expect"]
    if expected == "invalid":
        with pytest.raises(gatt.BadPacket):
            gatt.heart_rate(packet)
        return
    read = gatt.heart_rate(packet)
    assert (read.bpm, read.contact, read.energy_kj, list(read.rr_intervals)) == (
        expected["bpm"], expected["contact"], expected["energyKJ"], expected["rr_1024"],
    )  # fmt: skip


def test_the_glucose_of_the_fixture_is_read_with_its_clock_and_status() -> None:
    """The time offset moves the base time, and the annunciation is kept."""
    whole, cut = _cases("ble_glucose_nordic.json")
    read = gatt.glucose(bytes.fromhex(whole["hex"]))
    assert read.sequence == 1
    assert read.measured_at == datetime(2019, 2, 27, 11, 5, 30)  # noqa: DTZ001 - the device knows no zone
    assert (read.value, read.unit) == (30.0 * 100_000, gatt.GlucoseUnit.MG_DL)
    assert (read.fluid, read.location, read.status, read.has_context) == (2, 1, 261, True)
    with pytest.raises(gatt.BadPacket):
        gatt.glucose(bytes.fromhex(cut["hex"]))


def _packet(raw: int, *, in_moles: bool = False) -> bytes:
    flags = 0x02 | (0x04 if in_moles else 0)
    return bytes((flags, 7, 0, 0xEA, 0x07, 11, 27, 9, 30, 0)) + raw.to_bytes(2, "little") + bytes((0x11,))


def test_a_hundred_and_twenty_is_never_read_as_a_hundred_and_twenty_thousand() -> None:
    """0xB078 is 120e-5 kg/L, that is 120 mg/dL; the same measured in moles is 6.7 mmol/L."""
    milligrams, moles = gatt.glucose(_packet(0xB078)), gatt.glucose(_packet(0xC043, in_moles=True))
    assert (milligrams.value, milligrams.unit) == (120.0, gatt.GlucoseUnit.MG_DL)
    assert (moles.value, moles.unit) == (6.7, gatt.GlucoseUnit.MMOL_L)


@pytest.mark.parametrize("raw", [0x07FF, 0x0800, 0x07FE, 0x0802, 0x0801])
def test_special_values_are_no_value(raw: int) -> None:
    """What a meter says instead of a number is never taken for one."""
    assert gatt.glucose(_packet(raw)).value is None


@given(st.integers(-2048, 2047), st.integers(-8, 7))
def test_an_sfloat_is_its_mantissa_times_a_power_of_ten(mantissa: int, exponent: int) -> None:
    """Every pair comes back, but for the five special values."""
    raw = (exponent & 0xF) << 12 | mantissa & 0xFFF
    value = gatt.sfloat(raw)
    if value is None:
        assert raw in {0x07FF, 0x0800, 0x07FE, 0x0802, 0x0801}
    else:
        assert value == float(Decimal(mantissa).scaleb(exponent))


@given(st.binary(max_size=40))
def test_any_bytes_are_read_or_refused(packet: bytes) -> None:
    """Nothing but BadPacket is ever raised."""
    for parse in (gatt.heart_rate, gatt.glucose, gatt.glucose_context, gatt.records_reply):
        try:
            parse(packet)
        except gatt.BadPacket:
            continue


@given(st.integers(0, 65_535), st.lists(st.integers(0, 65_535), min_size=1, max_size=9))
def test_a_heart_rate_comes_back_as_it_was_sent(bpm: int, intervals: list[int]) -> None:
    """Wide rates and all intervals."""
    packet = bytes((0x11,)) + bpm.to_bytes(2, "little") + b"".join(one.to_bytes(2, "little") for one in intervals)
    read = gatt.heart_rate(packet)
    assert (read.bpm, read.rr_intervals) == (bpm, tuple(intervals))


def test_the_meal_of_a_context_is_read() -> None:
    """Carbohydrates and extended flags before it are stepped over."""
    assert gatt.glucose_context(bytes((0x83, 7, 0, 0, 1, 0x10, 0xB0, 3))).meal is gatt.Meal.FASTING
    assert gatt.glucose_context(bytes((0x02, 7, 0, 99))).meal is None


def test_records_are_asked_for_from_the_next_one_on() -> None:
    """The operand is the smallest sequence number wanted."""
    assert gatt.records_request() == bytes((1, 1))
    assert gatt.records_request(258) == bytes((1, 3, 1, 3, 1))


def test_the_answers_to_a_request_are_told_apart() -> None:
    """A number, no records, and nonsense."""
    assert gatt.records_reply(bytes((5, 0, 12, 0))).count == 12
    assert gatt.records_reply(bytes((6, 0, 1, 6))).answer is gatt.RecordsAnswer.NO_RECORDS
    with pytest.raises(gatt.BadPacket):
        gatt.records_reply(bytes((9, 0)))
