"""Bytes of Bluetooth LE health devices to values, and requests for their stored records to bytes. Pure.

Source: Bluetooth SIG, Heart Rate Service 1.0 (0x180D, 0x2A37), Glucose Service 1.0.1 (0x1808: 0x2A18, 0x2A34,
0x2A52); SFLOAT as in ISO/IEEE 11073-20601: a 4-bit exponent and a 12-bit mantissa, both signed, base 10. Numbers are
little-endian.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final

MG_PER_DL_OF_KG_PER_L: Final = 100_000
"""kg/L to mg/dL."""
MMOL_PER_L_OF_MOL_PER_L: Final = 1_000
_SFLOAT_SPECIALS: Final = frozenset({0x07FF, 0x0800, 0x07FE, 0x0802, 0x0801})
"""Not a number, not at this resolution, plus and minus infinity, reserved: no value."""
LAST_SEQUENCE: Final = 0xFFFF
_YEARS: Final = range(1582, 10_000)


class BadPacket(ValueError):
    """The bytes are not what the characteristic says they are."""


class GlucoseUnit(StrEnum):
    """UCUM units in which glucose is told."""

    MG_DL = "mg/dL"
    MMOL_L = "mmol/L"


@dataclass(frozen=True, slots=True)
class HeartRate:
    """One heart rate measurement (0x2A37)."""

    bpm: int
    contact: bool | None
    """Whether the sensor touches the skin; None where it cannot tell."""
    energy_kj: int | None
    rr_intervals: tuple[int, ...]
    """Between beats, in 1/1024 s, oldest first."""


@dataclass(frozen=True, slots=True)
class Glucose:
    """One glucose measurement (0x2A18)."""

    sequence: int
    measured_at: datetime
    """By the clock of the device, without a zone: its base time and the offset that the user set since."""
    value: float | None
    """None where the packet carries none or the device had none to tell."""
    unit: GlucoseUnit | None
    fluid: int | None
    """Type: 1 capillary whole blood, 5 venous plasma, 9 interstitial fluid …"""
    location: int | None
    status: int | None
    """Sensor status annunciation; bit 0 battery low, 1 malfunction, 5 result higher, 6 lower than can be measured."""
    has_context: bool


class Meal(IntEnum):
    """Meal of a glucose measurement context (0x2A34)."""

    BEFORE = 1
    AFTER = 2
    FASTING = 3
    CASUAL = 4
    BEDTIME = 5


@dataclass(frozen=True, slots=True)
class GlucoseContext:
    """What was so around a glucose measurement, as far as 말벗 keeps it."""

    sequence: int
    meal: Meal | None


class _Reader:
    """Takes fields off a packet, and refuses one that ends too early."""

    def __init__(self, packet: bytes) -> None:
        self._packet = packet
        self._at = 0

    def unsigned(self, size: int) -> int:
        if self._at + size > len(self._packet):
            raise BadPacket(f"{len(self._packet)} bytes end before a field of {size} at {self._at}")
        taken = self._packet[self._at : self._at + size]
        self._at += size
        return int.from_bytes(taken, "little")

    def signed(self, size: int) -> int:
        return _signed(self.unsigned(size), 8 * size)

    @property
    def left(self) -> int:
        return len(self._packet) - self._at


def _signed(value: int, bits: int) -> int:
    """Read the two's complement."""
    return value - (1 << bits) if value >= 1 << (bits - 1) else value


def sfloat(raw: int) -> float | None:
    """Return the value of an SFLOAT, None for its special values.

    Args:
        raw: 0 to 0xFFFF.
    """
    if raw in _SFLOAT_SPECIALS:
        return None
    mantissa = _signed(raw & 0x0FFF, 12)
    exponent = _signed(raw >> 12, 4)
    # Dividing by a whole power of ten keeps 120e-5 exactly what a decimal reading of it gives.
    return mantissa * 10.0**exponent if exponent >= 0 else mantissa / 10.0**-exponent


def heart_rate(packet: bytes) -> HeartRate:
    """Return a heart rate measurement.

    Raises:
        BadPacket: It ends early, with half an interval, or without the intervals that it announces.
    """
    reader = _Reader(packet)
    flags = reader.unsigned(1)
    bpm = reader.unsigned(2 if flags & 0x01 else 1)
    contact = bool(flags & 0x02) if flags & 0x04 else None
    energy = reader.unsigned(2) if flags & 0x08 else None
    intervals: list[int] = []
    if flags & 0x10:
        intervals.append(reader.unsigned(2))
        while reader.left:
            intervals.append(reader.unsigned(2))
    return HeartRate(bpm, contact, energy, tuple(intervals))


def glucose(packet: bytes) -> Glucose:
    """Return a glucose measurement.

    Raises:
        BadPacket: It ends early, or its date is none.
    """
    reader = _Reader(packet)
    flags = reader.unsigned(1)
    sequence = reader.unsigned(2)
    measured_at = _date_time(reader)
    if flags & 0x01:
        measured_at = _shifted(measured_at, reader.signed(2))
    value: float | None = None
    unit: GlucoseUnit | None = None
    fluid = location = None
    if flags & 0x02:
        value, unit = _concentration(reader.unsigned(2), in_moles=bool(flags & 0x04))
        where = reader.unsigned(1)
        fluid, location = where & 0x0F, where >> 4
    status = reader.unsigned(2) if flags & 0x08 else None
    return Glucose(sequence, measured_at, value, unit, fluid, location, status, bool(flags & 0x10))


def _concentration(raw: int, *, in_moles: bool) -> tuple[float | None, GlucoseUnit]:
    """Return kg/L as mg/dL, or mol/L as mmol/L: the unit flag decides, and one is never read as the other."""
    scale = MMOL_PER_L_OF_MOL_PER_L if in_moles else MG_PER_DL_OF_KG_PER_L
    unit = GlucoseUnit.MMOL_L if in_moles else GlucoseUnit.MG_DL
    value = sfloat(raw)
    return (None if value is None else round(value * scale, 6)), unit


def glucose_context(packet: bytes) -> GlucoseContext:
    """Return what a glucose measurement context says of the meal.

    Raises:
        BadPacket: It ends early.
    """
    reader = _Reader(packet)
    flags = reader.unsigned(1)
    sequence = reader.unsigned(2)
    if flags & 0x80:
        reader.unsigned(1)
    if flags & 0x01:
        reader.unsigned(3)
    meal = reader.unsigned(1) if flags & 0x02 else 0
    return GlucoseContext(sequence, Meal(meal) if meal in set(Meal) else None)


def _date_time(reader: _Reader) -> datetime:
    year, month, day = reader.unsigned(2), reader.unsigned(1), reader.unsigned(1)
    hour, minute, second = reader.unsigned(1), reader.unsigned(1), reader.unsigned(1)
    if year not in _YEARS:
        raise BadPacket(f"no year: {year}")
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the device knows no zone
    except ValueError as error:
        raise BadPacket(str(error)) from None


def _shifted(moment: datetime, minutes: int) -> datetime:
    try:
        return moment + timedelta(minutes=minutes)
    except OverflowError:
        raise BadPacket(f"no such time: {minutes} minutes from {moment.year}") from None


class RecordsAnswer(IntEnum):
    """Response codes of the record access control point (0x2A52)."""

    SUCCESS = 1
    OPERATION_NOT_SUPPORTED = 2
    INVALID_OPERATOR = 3
    OPERATOR_NOT_SUPPORTED = 4
    INVALID_OPERAND = 5
    NO_RECORDS = 6
    ABORT_UNSUCCESSFUL = 7
    NOT_COMPLETED = 8
    OPERAND_NOT_SUPPORTED = 9


@dataclass(frozen=True, slots=True)
class RecordsReply:
    """What the record access control point indicated."""

    answer: RecordsAnswer | None
    """None where it told a number of records."""
    count: int | None


def records_request(after_sequence: int | None = None) -> bytes:
    """Return the request for all stored records, or for those after a sequence number.

    Behind the last number that there is (65535) a device begins anew: all are asked for.
    """
    if after_sequence is None or after_sequence >= LAST_SEQUENCE:
        return bytes((0x01, 0x01))
    return bytes((0x01, 0x03, 0x01)) + (after_sequence + 1).to_bytes(2, "little")


def last_record_request() -> bytes:
    """Return the request for the newest stored record."""
    return bytes((0x01, 0x06))


def records_reply(packet: bytes) -> RecordsReply:
    """Return what an indication of the record access control point says.

    Raises:
        BadPacket: It is neither a number of records nor a response code.
    """
    reader = _Reader(packet)
    code = reader.unsigned(1)
    reader.unsigned(1)
    if code == 0x05:  # noqa: PLR2004 - number of stored records response
        return RecordsReply(None, reader.unsigned(2))
    if code != 0x06:  # noqa: PLR2004 - response code
        raise BadPacket(f"no answer of the record access control point: {code}")
    reader.unsigned(1)
    answer = reader.unsigned(1)
    if answer not in set(RecordsAnswer):
        raise BadPacket(f"no such response code: {answer}")
    return RecordsReply(RecordsAnswer(answer), None)
