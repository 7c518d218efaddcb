"""Health devices as they are on the air, for the fake of the port and for the mock of BlueZ alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

HEART_RATE_SERVICE, GLUCOSE_SERVICE, BATTERY_SERVICE = 0x180D, 0x1808, 0x180F
BEAT, GLUCOSE, CONTEXT, RECORDS, BATTERY = 0x2A37, 0x2A18, 0x2A34, 0x2A52, 0x2A19


def record(sequence: int, mantissa: int = 120, *, minute: int = 30, context: bool = False) -> bytes:
    """Make a stored record: mg/dL in kg/L times 10^-5, on 2026-11-23 at 09:``minute``."""
    flags = 0x02 | (0x10 if context else 0)
    when = (2026).to_bytes(2, "little") + bytes((11, 23, 9, minute, 0))
    return bytes((flags,)) + sequence.to_bytes(2, "little") + when + (0xB000 | mantissa).to_bytes(2, "little") + b"\x11"


def meal(sequence: int, code: int) -> bytes:
    """Make what was so around a record: 1 before a meal, 2 after, 3 fasting."""
    return bytes((0x02,)) + sequence.to_bytes(2, "little") + bytes((code,))


@dataclass
class Device:
    """One device.

    ``sends`` is called with a characteristic and a value for everything it notifies; the mock that plays it sets it.
    """

    address: str
    name: str
    services: Mapping[int, tuple[int, ...]]
    """Characteristics by service."""
    values: dict[int, bytes] = field(default_factory=dict)
    strength: int = -60
    in_range: bool = True
    passkey: int | None = None
    """Shown while it is paired; None where it asks for nothing."""
    wants_pairing: bool = False
    paired: bool = False
    subscribed: list[int] = field(default_factory=list)
    sends: Callable[[int, bytes], None] = lambda _characteristic, _value: None
    goes: Callable[[], None] = lambda: None
    """Makes it go away."""

    @property
    def characteristics(self) -> tuple[int, ...]:
        return tuple(one for chars in self.services.values() for one in chars)

    def written(self, characteristic: int, packet: bytes) -> None:
        """Take a value."""


@dataclass
class Belt(Device):
    """Tells heart beats to whoever subscribed, when the test says so."""

    @classmethod
    def made(cls, address: str = "AA:BB:CC:00:11:22", battery: int = 80) -> Belt:
        services = {HEART_RATE_SERVICE: (BEAT,), BATTERY_SERVICE: (BATTERY,)}
        return cls(address, "가슴띠", services, {BATTERY: bytes((battery,))})

    def beat(self, bpm: int) -> None:
        self.sends(BEAT, bytes((0x06, bpm)))


@dataclass
class Meter(Device):
    """Answers its record access control point from a memory of records."""

    memory: list[tuple[bytes, bytes | None]] = field(default_factory=list)
    """Records with their contexts, oldest first."""
    asked: list[bytes] = field(default_factory=list)
    only_all: bool = False
    """Whether it knows no other request than for all."""
    goes_after: int | None = None
    """After how many records of an answer it goes away."""

    @classmethod
    def made(cls, memory: Sequence[tuple[bytes, bytes | None]], address: str = "AA:BB:CC:33:44:55") -> Meter:
        services = {GLUCOSE_SERVICE: (GLUCOSE, CONTEXT, RECORDS)}
        return cls(address, "혈당계", services, memory=list(memory))

    def written(self, characteristic: int, packet: bytes) -> None:
        assert characteristic == RECORDS
        self.asked.append(packet)
        if packet == b"\x01\x01":
            self._answer(self.memory)
        elif packet == b"\x01\x06":
            self._answer(self.memory[-1:])
        elif self.only_all:
            self.sends(RECORDS, bytes((6, 0, 1, 4)))
        else:
            least = int.from_bytes(packet[3:5], "little")
            self._answer([one for one in self.memory if int.from_bytes(one[0][1:3], "little") >= least])

    def _answer(self, chosen: Sequence[tuple[bytes, bytes | None]]) -> None:
        for number, (packet, context) in enumerate(chosen):
            if self.goes_after == number:
                self.goes()
                return
            self.sends(GLUCOSE, packet)
            if context is not None:
                self.sends(CONTEXT, context)
        self.sends(RECORDS, bytes((6, 0, 1, 1 if chosen else 6)))
