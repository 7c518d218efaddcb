"""Health devices over Bluetooth LE, by bleak: one door to it, with its errors as ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

from bleak import BleakClient, BleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)
from bleak.uuids import normalize_uuid_16

from companion.adapters.bluetooth_agent import asking_for_passkeys
from companion.core.body import SensorService
from companion.errors import DeviceError, DeviceLost, DeviceMissing
from companion.ports import FoundSensor, SensorLink

_SERVICES: Final = {
    normalize_uuid_16(0x180D): SensorService.HEART_RATE,
    normalize_uuid_16(0x1808): SensorService.GLUCOSE,
}
_PAIRING: Final = 60.0
"""Seconds for which somebody may look for the six digits."""
_DISCONNECTING: Final = 10.0
_SECURITY: Final = frozenset(
    {
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
        BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION_KEY_SIZE,
    }
)
_REFUSALS: Final = ("Authentication", "NotAuthorized", "NotPermitted")
"""In the names of errors of BlueZ."""
_ABSENT: Final = ("ServiceUnknown", "NameHasNoOwner", "Spawn", "NoServer", "NoReply.Disconnected")
"""In the names of errors of a message bus on which nobody is BlueZ."""


class BleakSensors:
    """Those in range of this machine."""

    async def scan(self, seconds: float) -> Sequence[FoundSensor]:
        """Return the health devices in range, the nearest first.

        Raises:
            DeviceError: There is no Bluetooth.
        """
        with _translated():
            seen = await BleakScanner.discover(timeout=seconds, return_adv=True, service_uuids=list(_SERVICES))
        found = [
            FoundSensor(device.address, device.name or "", _known(told.service_uuids), told.rssi)
            for device, told in seen.values()
        ]
        return sorted(found, key=lambda one: -one.strength)

    async def pair(self, address: str, passkey: Callable[[], Awaitable[int | None]]) -> None:
        """Pair with a device in range, answering its question for the digits that it shows.

        Raises:
            DeviceError: There is no Bluetooth, or the device is not there or refused.
        """
        with _translated(address):
            async with asking_for_passkeys(passkey):
                client = BleakClient(address, timeout=_PAIRING, pair=True)
                await client.connect()
                await client.disconnect()

    async def forget(self, address: str) -> None:
        """Undo the pairing.

        Raises:
            DeviceError: There is no Bluetooth.
        """
        with _translated(), suppress(BleakDeviceNotFoundError):
            await BleakClient(address).unpair()

    @asynccontextmanager
    async def connect(self, address: str, seconds: float) -> AsyncIterator[SensorLink]:
        """Give a connection as soon as the device is in range.

        Raises:
            DeviceError: There is no Bluetooth, or the device is not there, or goes away.
        """
        gone = asyncio.Event()
        with _translated(address):
            device = await BleakScanner.find_device_by_address(address, timeout=seconds)
            if device is None:
                raise DeviceLost("bluetooth.out_of_range", device=address)
            client = BleakClient(device, disconnected_callback=lambda _: gone.set(), timeout=seconds)
            await client.connect()
        try:
            yield _Link(client, gone)
        finally:
            with suppress(BleakError, EOFError, OSError, TimeoutError):
                async with asyncio.timeout(_DISCONNECTING):
                    await client.disconnect()


class _Link:
    """A connection.

    Args:
        client: Connected.
        gone: Set when the device goes away.
    """

    def __init__(self, client: BleakClient, gone: asyncio.Event) -> None:
        self._client = client
        self._gone = gone

    def has(self, characteristic: int) -> bool:
        """Return whether the device has it."""
        return not self._gone.is_set() and self._client.services.get_characteristic(_uuid(characteristic)) is not None

    async def read(self, characteristic: int) -> bytes:
        """Return its value.

        Raises:
            DeviceError: The device went away or refused.
        """
        with _translated(self._client.address):
            return bytes(await self._client.read_gatt_char(_uuid(characteristic)))

    async def subscribe(self, characteristic: int, heard: Callable[[bytes], None]) -> None:
        """Have every value handed over.

        Raises:
            DeviceError: The device went away or refused.
        """
        with _translated(self._client.address):
            await self._client.start_notify(_uuid(characteristic), lambda _, value: heard(bytes(value)))

    async def write(self, characteristic: int, packet: bytes) -> None:
        """Write a value and wait until the device took it.

        Raises:
            DeviceError: The device went away or refused.
        """
        with _translated(self._client.address):
            await self._client.write_gatt_char(_uuid(characteristic), packet, response=True)

    async def lost(self) -> None:
        """Return when the device went away."""
        await self._gone.wait()


def _uuid(characteristic: int) -> str:
    return normalize_uuid_16(characteristic)


def _known(uuids: Sequence[str]) -> frozenset[SensorService]:
    return frozenset(_SERVICES[one] for one in uuids if one in _SERVICES)


@contextmanager
def _translated(device: str = "") -> Iterator[None]:
    """Turn errors of bleak and of the message bus into ours, naming the device.

    Raises:
        DeviceError: Something went wrong.
    """
    try:
        yield
    except (BleakError, TimeoutError, EOFError, OSError) as error:
        raise _ours(error, device) from error


def _ours(error: Exception, device: str) -> DeviceError:
    match error:
        case BleakBluetoothNotAvailableError():
            return DeviceMissing("bluetooth.no_radio")
        case BleakDBusError() if any(name in error.dbus_error for name in _ABSENT):
            return DeviceMissing("bluetooth.not_running")
        case BleakError():
            return _of_device(error, device)
        case TimeoutError():
            return DeviceLost("bluetooth.out_of_range", device=device)
        case OSError():
            return DeviceMissing("bluetooth.not_running")  # there is no message bus of the system
    return DeviceLost("bluetooth.lost")


def _of_device(error: BleakError, device: str) -> DeviceError:
    if isinstance(error, BleakDeviceNotFoundError):
        return DeviceLost("bluetooth.out_of_range", device=device)
    if isinstance(error, BleakGATTProtocolError):
        refused = error.code in _SECURITY
    else:
        refused = isinstance(error, BleakDBusError) and any(name in error.dbus_error for name in _REFUSALS)
    return DeviceLost("bluetooth.refused", device=device) if refused else DeviceLost("bluetooth.lost")
