"""What every way to health devices promises: the fake of the port, and bleak over a mock of BlueZ on its own bus."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from companion.adapters.bluetooth_bleak import BleakSensors
from companion.core.body import SensorService
from companion.errors import DeviceLost, DeviceMissing
from companion.ports import Sensors
from tests.fakes.bluez import Bluez, private_bus
from tests.fakes.health_device import BATTERY, BEAT, CONTEXT, GLUCOSE, RECORDS, Belt, Device, Meter, meal, record
from tests.fakes.sensors import FakeSensors

Making = Callable[..., AbstractAsyncContextManager[Sensors]]


@asynccontextmanager
async def _fake(*devices: Device, powered: bool = True) -> AsyncIterator[Sensors]:
    sensors = FakeSensors(*devices)
    sensors.radio = powered
    yield sensors


@asynccontextmanager
async def _bleak(*devices: Device, powered: bool = True) -> AsyncIterator[Sensors]:
    async with Bluez(*devices, powered=powered):
        yield BleakSensors()


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if shutil.which("dbus-daemon") is None:
        pytest.skip("no dbus-daemon here")
    with private_bus(tmp_path_factory.mktemp("bus")) as address:
        yield address


@pytest.fixture(params=["fake", "bleak"])
def making(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Making:
    if request.param == "fake":
        return _fake
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", request.getfixturevalue("bus"))
    return _bleak


async def _none() -> int | None:
    return None


async def test_health_devices_in_range_are_found_the_nearest_first(making: Making) -> None:
    """With what they tell; one that is away is not among them."""
    belt, meter, away = Belt.made(), Meter.made([]), Belt.made("AA:BB:CC:66:77:88")
    belt.strength, meter.strength, away.in_range = -70, -40, False

    async with making(belt, meter, away) as sensors:
        found = await sensors.scan(0.3)

    assert [(one.name, one.services) for one in found] == [
        ("혈당계", frozenset({SensorService.GLUCOSE})),
        ("가슴띠", frozenset({SensorService.HEART_RATE})),
    ]


async def test_beats_are_handed_over_as_they_come(making: Making) -> None:
    """And what the device has can be asked and read."""
    belt = Belt.made()
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async with making(belt) as sensors, sensors.connect(belt.address, 5) as link:
        has = link.has(BATTERY), link.has(CONTEXT)
        battery = await link.read(BATTERY)
        await link.subscribe(BEAT, heard.put_nowait)
        belt.beat(72)
        async with asyncio.timeout(5):
            packet = await heard.get()

    assert (has, battery, packet) == ((True, False), b"\x50", b"\x06\x48")


async def test_stored_records_come_with_their_contexts_and_an_answer(making: Making) -> None:
    """In the order in which the meter sends them."""
    meter = Meter.made([(record(1), None), (record(2, 95, context=True), meal(2, 3))])
    heard: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()

    async with making(meter) as sensors, sensors.connect(meter.address, 5) as link:
        for number in (GLUCOSE, CONTEXT, RECORDS):
            await link.subscribe(number, lambda value, number=number: heard.put_nowait((number, value)))  # type: ignore[misc]
        await link.write(RECORDS, b"\x01\x01")
        async with asyncio.timeout(20):
            came = [await heard.get() for _ in range(4)]

    assert came == [
        (GLUCOSE, record(1)),
        (GLUCOSE, record(2, 95, context=True)),
        (CONTEXT, meal(2, 3)),
        (RECORDS, b"\x06\x00\x01\x01"),
    ]


async def test_a_device_that_goes_away_is_noticed(making: Making) -> None:
    """Whoever waits for it is told, and nothing more can be read."""
    belt = Belt.made()

    async with making(belt) as sensors, sensors.connect(belt.address, 5) as link:
        belt.goes()
        async with asyncio.timeout(5):
            await link.lost()
        with pytest.raises(DeviceLost):
            await link.read(BATTERY)


async def test_a_device_out_of_range_is_said_to_be(making: Making) -> None:
    """After as long as was wanted."""
    belt = Belt.made()
    belt.in_range = False

    async with making(belt) as sensors:
        with pytest.raises(DeviceLost, match="out_of_range"):
            async with sensors.connect(belt.address, 0.2):
                pass


async def test_a_radio_that_is_off_is_said_to_be(making: Making) -> None:
    """Whoever scans or connects."""
    belt = Belt.made()
    async with making(belt, powered=False) as sensors:
        with pytest.raises(DeviceMissing, match="no_radio"):
            await sensors.scan(0.1)
        with pytest.raises(DeviceMissing, match="no_radio"):
            async with sensors.connect(belt.address, 0.2):
                pass


async def test_a_device_that_wants_to_be_paired_refuses(making: Making) -> None:
    """Until it was."""
    belt = Belt.made()
    belt.wants_pairing = True

    async with making(belt) as sensors:
        async with sensors.connect(belt.address, 5) as link:
            with pytest.raises(DeviceLost, match="refused"):
                await link.read(BATTERY)
        await sensors.pair(belt.address, _none)
        async with sensors.connect(belt.address, 5) as link:
            assert await link.read(BATTERY) == b"\x50"


@pytest.mark.parametrize(("told", "right"), [(123_456, True), (654_321, False), (None, False)])
async def test_the_digits_that_a_device_shows_are_asked_for(making: Making, told: int | None, *, right: bool) -> None:
    """The right ones pair it; wrong ones, or none, do not."""
    meter = Meter.made([])
    meter.passkey = 123_456

    async def digits() -> int | None:
        return told

    async with making(meter) as sensors:
        if right:
            await sensors.pair(meter.address, digits)
        else:
            with pytest.raises(DeviceLost, match="refused"):
                await sensors.pair(meter.address, digits)

    assert meter.paired is right


async def test_a_device_can_be_forgotten_twice(making: Making) -> None:
    """The second time there is nothing to undo."""
    belt = Belt.made()
    async with making(belt) as sensors:
        await sensors.pair(belt.address, _none)
        await sensors.forget(belt.address)
        await sensors.forget(belt.address)

    assert not belt.paired


@pytest.mark.usefixtures("bus")
async def test_without_the_service_of_the_system_it_is_said(monkeypatch: pytest.MonkeyPatch, bus: str) -> None:
    """A bus on which nobody is BlueZ."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus)
    with pytest.raises(DeviceMissing, match="not_running"):
        await BleakSensors().scan(0.1)


async def test_without_a_bus_of_the_system_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As in a container."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nothing'}")
    with pytest.raises(DeviceMissing, match="not_running"):
        await BleakSensors().scan(0.1)
    with pytest.raises(DeviceMissing, match="not_running"):
        await BleakSensors().pair("AA:BB:CC:00:11:22", _none)
