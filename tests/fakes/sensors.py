"""Sensors without a radio: passes the contract suite that bleak passes over a mock of BlueZ."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from companion.core.body import SensorService
from companion.errors import DeviceLost, DeviceMissing
from companion.ports import FoundSensor, SensorLink
from tests.fakes.health_device import GLUCOSE_SERVICE, HEART_RATE_SERVICE, Device

_KNOWN = {HEART_RATE_SERVICE: SensorService.HEART_RATE, GLUCOSE_SERVICE: SensorService.GLUCOSE}


class FakeSensors:
    """Plays devices.

    Args:
        devices: In the air.
    """

    def __init__(self, *devices: Device) -> None:
        self.devices = list(devices)
        self.radio = True
        self.running = True

    def _look(self) -> None:
        if not self.running:
            raise DeviceMissing("bluetooth.not_running")
        if not self.radio:
            raise DeviceMissing("bluetooth.no_radio")

    def _near(self, address: str) -> Device:
        self._look()
        found = next((one for one in self.devices if one.address == address and one.in_range), None)
        if found is None:
            raise DeviceLost("bluetooth.out_of_range", device="")
        return found

    async def scan(self, seconds: float) -> Sequence[FoundSensor]:
        self._look()
        found = [
            FoundSensor(
                one.address, one.name, frozenset(_KNOWN[at] for at in one.services if at in _KNOWN), one.strength
            )
            for one in self.devices
            if one.in_range
        ]
        return sorted(found, key=lambda one: -one.strength)

    async def pair(self, address: str, passkey: Callable[[], Awaitable[int | None]]) -> None:
        device = self._near(address)
        if device.passkey is not None and await passkey() != device.passkey:
            raise DeviceLost("bluetooth.refused", device="")
        device.paired = True

    async def forget(self, address: str) -> None:
        self._look()
        for one in self.devices:
            if one.address == address:
                one.paired = False

    @asynccontextmanager
    async def connect(self, address: str, seconds: float) -> AsyncIterator[SensorLink]:
        link = _FakeLink(self._near(address))
        try:
            yield link
        finally:
            link.end()


class _FakeLink:
    def __init__(self, device: Device) -> None:
        self._device = device
        self._gone = asyncio.Event()
        self._heard: dict[int, Callable[[bytes], None]] = {}
        device.sends = self._sent
        device.goes = self._gone.set

    def _sent(self, characteristic: int, value: bytes) -> None:
        if characteristic in self._heard and not self._gone.is_set():
            self._heard[characteristic](value)

    def end(self) -> None:
        self._device.sends = lambda _characteristic, _value: None
        self._device.subscribed.clear()

    def _there(self) -> None:
        if self._gone.is_set():
            raise DeviceLost("bluetooth.lost")
        if self._device.wants_pairing and not self._device.paired:
            raise DeviceLost("bluetooth.refused", device="")

    def has(self, characteristic: int) -> bool:
        return characteristic in self._device.characteristics and not self._gone.is_set()

    async def read(self, characteristic: int) -> bytes:
        self._there()
        return self._device.values[characteristic]

    async def subscribe(self, characteristic: int, heard: Callable[[bytes], None]) -> None:
        self._there()
        self._heard[characteristic] = heard
        self._device.subscribed.append(characteristic)

    async def write(self, characteristic: int, packet: bytes) -> None:
        self._there()
        self._device.written(characteristic, packet)

    async def lost(self) -> None:
        await self._gone.wait()
