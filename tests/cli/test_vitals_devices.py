"""`companion vitals pair|devices|forget`, with devices of tests in the air, and their readings in a real record."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from companion.adapters.bluetooth_bleak import BleakSensors
from companion.cli.exit_codes import ExitCode
from companion.core.body import Sensor, SensorService
from companion.core.consent import Answer, Item
from companion.ports import Sensors
from companion.wiring.clock import HurriedClock
from companion.wiring.sensors import in_touch
from tests.cli.conftest import Program
from tests.fakes.bluez import Bluez, private_bus
from tests.fakes.clock import START
from tests.fakes.health_device import BEAT, Belt, Device, Meter, record
from tests.fakes.sensors import FakeSensors
from tests.records import agreeing, decision, record_in


@pytest.fixture
def air(monkeypatch: pytest.MonkeyPatch) -> FakeSensors:
    """Give a radio with a meter in range, in place of the real one."""
    sensors = FakeSensors(Meter.made([(record(1), None)]))
    monkeypatch.setattr("companion.wiring.sensors.radio", lambda: sensors)
    return sensors


def test_a_device_is_paired_shown_and_forgotten(set_up: Program, air: FakeSensors) -> None:
    """By its address where nobody sits at a terminal; the system's pairing is undone too."""
    address = air.devices[0].address
    paired = set_up("vitals", "pair", "순자님", "--address", address, "--json")
    was_paired = air.devices[0].paired
    shown = set_up("vitals", "devices", "순자님", "--json")
    gone = set_up("vitals", "forget", "순자님", "혈당계")
    left = set_up("vitals", "devices", "순자님", "--json")

    assert [one.returncode for one in (paired, shown, gone, left)] == [0, 0, 0, 0]
    (device,) = json.loads(shown.stdout)["devices"]
    assert (device["id"], device["services"], was_paired) == (json.loads(paired.stdout)["device"], ["glucose"], True)
    assert (json.loads(left.stdout)["devices"], air.devices[0].paired) == ([], False)


def test_without_a_radio_it_is_one_sentence(set_up: Program, air: FakeSensors) -> None:
    """And the status of a device that is not there."""
    air.radio = False
    done = set_up("vitals", "pair", "순자님")

    assert done.returncode == ExitCode.DEVICE
    assert "블루투스가 없거나 꺼져" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("wanted", [(), ("--address", "00:00:00:00:00:00")])
def test_what_cannot_be_chosen_is_said(set_up: Program, air: FakeSensors, wanted: tuple[str, ...]) -> None:
    """Nobody at a terminal and no address, or one that is not in range; and an empty room."""
    unclear = set_up("vitals", "pair", "순자님", *wanted)
    air.devices.clear()
    empty = set_up("vitals", "pair", "순자님", *wanted)

    assert (unclear.returncode, empty.returncode) == (2, 2)
    assert "찾은 기기가 없습니다" in empty.stderr


def test_what_a_meter_tells_beside_a_life_is_in_the_record(tmp_path: Path) -> None:
    """With its stream, its device and its zone; and a table of the same meter adds nothing."""
    meter = Meter.made([(record(1, 110), None), (record(2, 10), None)])

    def air() -> Sensors:
        return FakeSensors(meter)

    with record_in(tmp_path) as kept:
        person = agreeing(kept, Item.HEALTH)
        paired = Sensor(meter.address, meter.name, frozenset({SensorService.GLUCOSE}), START)
        kept.sensors.keep(person.id, paired)

        async def live() -> None:
            clock = HurriedClock(START, 1000)
            async with asyncio.timeout(20), in_touch(kept, person, clock, lambda *_, **__: None, air):
                while kept.sensors.all(person.id)[0].last_sequence is None:  # noqa: ASYNC110 - another thread writes
                    await asyncio.sleep(0.01)

        asyncio.run(live())
        found = kept.readings.between(person.id, "glucose", START - timedelta(days=1), START)
        (stream,) = kept.readings.imports(person.id)
        tabled = replace(found[0], device="", at=found[0].at.replace(second=0))
        other = kept.readings.bring_in(person.id, replace(stream, digest="f" * 64, id=""), [tabled])

    assert {(one.value, one.device, one.quality) for one in found} == {
        (110.0, "혈당계", ""),
        (10.0, "혈당계", "implausible"),
    }
    assert (stream.format, stream.source) == ("Bluetooth", "혈당계")
    assert other is not None
    assert (other.added, other.known) == (0, 1)


Air = Callable[..., AbstractAsyncContextManager[Callable[[], Sensors]]]


@asynccontextmanager
async def _played(*devices: Device) -> AsyncIterator[Callable[[], Sensors]]:
    yield lambda: FakeSensors(*devices)


@asynccontextmanager
async def _over_bluez(*devices: Device) -> AsyncIterator[Callable[[], Sensors]]:
    async with Bluez(*devices):
        yield BleakSensors


@pytest.fixture(params=[_played, _over_bluez])
def in_the_air(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Air]:
    """Give devices in the air: the fake of the port, and bleak over a mock of BlueZ."""
    if request.param is _played:
        yield _played
        return
    if shutil.which("dbus-daemon") is None:
        pytest.skip("no dbus-daemon here")
    with private_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield _over_bluez


async def _until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not happened():  # noqa: ASYNC110 - another thread, or another process, does it
            await asyncio.sleep(0.01)


async def test_a_device_that_is_paired_beside_a_life_is_taken_up(tmp_path: Path, in_the_air: Air) -> None:
    """Without beginning anew; one that is forgotten is let go, and one that is paired again is taken up again."""
    meter, belt = Meter.made([(record(1, 110), None)]), Belt.made()
    with record_in(tmp_path / "home") as kept:
        person = agreeing(kept, Item.HEALTH)

        def pair(device: Device, service: SensorService) -> None:
            kept.sensors.keep(person.id, Sensor(device.address, device.name, frozenset({service}), START))

        async with in_the_air(meter, belt) as air:
            clock = HurriedClock(START, 1000)
            async with in_touch(kept, person, clock, lambda *_, **__: None, air, every=0.05):
                pair(meter, SensorService.GLUCOSE)
                pair(belt, SensorService.HEART_RATE)
                await _until(lambda: BEAT in belt.subscribed and bool(kept.readings.imports(person.id)))
                worn = kept.sensors.find(person.id, belt.address)
                kept.sensors.forget(person.id, worn.id)
                await _until(lambda: not belt.subscribed)
                pair(belt, SensorService.HEART_RATE)
                await _until(lambda: BEAT in belt.subscribed)
            (reading,) = kept.readings.between(person.id, "glucose", START - timedelta(days=1), START)

    assert reading.value == 110.0


async def test_who_takes_consent_back_is_not_measured_any_more(tmp_path: Path) -> None:
    """Not even connected to; and whoever agrees again is measured again, with nothing begun anew."""
    belt = Belt.made()
    with record_in(tmp_path) as kept:
        person = agreeing(kept, Item.HEALTH)
        paired = Sensor(belt.address, belt.name, frozenset({SensorService.HEART_RATE}), START)
        kept.sensors.keep(person.id, paired)
        async with _played(belt) as air:
            clock = HurriedClock(START, 1000)
            async with in_touch(kept, person, clock, lambda *_, **__: None, air, every=0.05):
                await _until(lambda: BEAT in belt.subscribed)
                kept.consents.decide(person.id, decision(Item.HEALTH, Answer.WITHDRAWN))
                await _until(lambda: not belt.subscribed)
                kept.consents.decide(person.id, decision(Item.HEALTH))
                await _until(lambda: BEAT in belt.subscribed)


async def test_what_a_dead_import_left_is_cleared_away_beside_a_life(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a device, too, and without anybody waiting for it; then the days that are over are added up."""
    with record_in(tmp_path) as kept:
        person = agreeing(kept, Item.HEALTH)
        done: list[str] = []

        def noted(name: str) -> Callable[..., int]:
            def note(person_id: str, **_asked: object) -> int:
                done.append(f"{name} {person_id}")
                return 1

            return note

        for name in ("sweep", "sum_up"):
            monkeypatch.setattr(kept.readings, name, noted(name))
        async with in_touch(kept, person, HurriedClock(START, 1000), lambda *_, **__: None, FakeSensors, every=0.05):
            await _until(lambda: len(done) > 1)

    assert done == [f"sweep {person.id}", f"sum_up {person.id}"]
