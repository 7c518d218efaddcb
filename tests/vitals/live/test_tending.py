"""A device is kept in touch with: what it tells is kept, what breaks off is asked for again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from companion.core.body import Reading, Sensor, SensorService
from companion.errors import NotAllowed, StorageFull
from companion.vitals.live.tending import Tending, Tools
from tests.fakes.clock import START, FakeClock
from tests.fakes.health_device import BEAT, Belt, Device, Meter, meal, record
from tests.fakes.sensors import FakeSensors


class _OverError(Exception):
    """The test has seen enough rests."""


@dataclass
class Home:
    """What is kept and told."""

    sensors: FakeSensors
    clock: FakeClock = field(default_factory=FakeClock)
    kept: list[Reading] = field(default_factory=list)
    sequences: list[int | None] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    trouble: Exception | None = None

    async def keep(self, sensor: Sensor, readings: Sequence[Reading]) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.kept += readings
        self.sequences.append(sensor.last_sequence)

    def tell(self, key: str, **fields: object) -> None:
        self.told.append(key.removeprefix("bluetooth."))

    async def tend(self, sensor: Sensor, rests: int) -> None:
        """Be in touch until so many rests were taken."""

        async def rest(seconds: float) -> None:
            self.waits.append(seconds)
            if len(self.waits) >= rests:
                raise _OverError

        zone = ZoneInfo("Asia/Seoul")
        tools = Tools(self.sensors, self.keep, self.tell, self.clock.now, rest, zone, answer_seconds=0.05)
        try:
            async with asyncio.timeout(10):
                await Tending(sensor, tools).run()
        except _OverError:
            return


def sensor(device: Device, last: int | None = None) -> Sensor:
    told = SensorService.GLUCOSE if isinstance(device, Meter) else SensorService.HEART_RATE
    return Sensor(device.address, device.name, frozenset({told}), START, last, "id")


@pytest.mark.parametrize("steps", range(30))
async def test_it_ends_when_it_is_told_to(steps: int) -> None:
    """However far it came: also where the answer of a meter and the end arrive together."""
    meter, home = Meter.made([(record(1, 110), None)]), Home(FakeSensors())
    home.sensors.devices.append(meter)

    async def rest(_seconds: float) -> None:
        await asyncio.Event().wait()

    tools = Tools(home.sensors, home.keep, home.tell, home.clock.now, rest, ZoneInfo("Asia/Seoul"))
    tending = asyncio.create_task(Tending(sensor(meter), tools).run())
    for _ in range(steps):
        await asyncio.sleep(0)
    tending.cancel()
    await asyncio.wait({tending}, timeout=2)

    assert tending.cancelled()


async def test_a_meter_is_read_from_the_newest_known_record_on() -> None:
    """First all it has, then nothing twice: the number of the newest is kept with the readings."""
    meter = Meter.made([(record(1, 110), None), (record(2, 95, context=True), meal(2, 3))])
    home = Home(FakeSensors(meter))

    await home.tend(sensor(meter), 1)
    meter.memory.append((record(3, 130), None))
    await home.tend(sensor(meter, home.sequences[-1]), 2)

    assert [(one.value, one.context) for one in home.kept] == [(110.0, ""), (95.0, "fasting"), (130.0, "")]
    assert (home.sequences, meter.asked) == ([2, 3], [b"\x01\x01", b"\x01\x03\x01\x03\x00"])


async def test_a_meter_that_goes_away_in_the_middle_loses_nothing() -> None:
    """What came is kept, and the rest is asked for at the next connection."""
    meter = Meter.made([(record(number, 100 + number), None) for number in range(1, 5)])
    meter.goes_after = 2
    home = Home(FakeSensors(meter))

    await home.tend(sensor(meter), 1)
    meter.goes_after = None
    await home.tend(sensor(meter, home.sequences[-1]), 2)

    assert [one.value for one in home.kept] == [101.0, 102.0, 103.0, 104.0]


async def test_a_meter_whose_memory_was_cleared_is_read_from_the_beginning() -> None:
    """Its numbers begin again: the newest is smaller than the one that was taken."""
    meter = Meter.made([(record(1, 140), None)])
    home = Home(FakeSensors(meter))

    await home.tend(sensor(meter, 900), 1)

    assert meter.asked == [b"\x01\x03\x01\x85\x03", b"\x01\x06", b"\x01\x01"]
    assert ({one.value for one in home.kept}, home.sequences) == ({140.0}, [1])


async def test_a_meter_that_knows_one_request_only_is_asked_for_all() -> None:
    """Operator not supported."""
    meter = Meter.made([(record(1, 140), None)])
    meter.only_all = True
    home = Home(FakeSensors(meter))

    await home.tend(sensor(meter, 1), 1)

    assert meter.asked[-1] == b"\x01\x01"


async def test_what_could_not_be_written_is_asked_for_again() -> None:
    """A full disk is told once, and the number of the newest record is not moved on."""
    meter = Meter.made([(record(1, 140), None)])
    home = Home(FakeSensors(meter), trouble=StorageFull("store.cannot_write", file="x"))

    await home.tend(sensor(meter), 2)

    assert (home.told, home.sequences, meter.asked) == (["store.cannot_write"], [], [b"\x01\x01"] * 2)


async def test_a_consent_taken_back_ends_it() -> None:
    """Nothing is asked of the device any more."""
    meter = Meter.made([(record(1, 140), None)])
    home = Home(FakeSensors(meter), trouble=NotAllowed("consent.missing_health"))

    await home.tend(sensor(meter), 5)

    assert (home.told, home.waits) == (["not_agreed"], [])


async def test_a_belt_that_is_taken_off_and_put_on_again_goes_on() -> None:
    """Each minute is kept as it ends, and the battery is told of once while it is low."""
    belt = Belt.made(battery=10)
    home = Home(FakeSensors(belt))

    async def worn() -> None:
        for _ in range(2):
            async with asyncio.timeout(5):
                while BEAT not in belt.subscribed:  # noqa: ASYNC110 - the fake has no event to wait for
                    await asyncio.sleep(0)
            for _ in range(70):
                belt.beat(72)
                await asyncio.sleep(0)
                home.clock.advance(1)
            belt.goes()
            belt.subscribed.clear()

    wearing = asyncio.create_task(worn())
    await home.tend(sensor(belt), 2)
    await wearing

    assert {one.value for one in home.kept} == {72.0}
    assert len(home.kept) >= 3
    assert home.told == ["battery_low"]
    assert home.waits == [5.0, 5.0]


async def test_without_a_radio_it_is_told_once_and_tried_again() -> None:
    """And when it is back, the device is there again."""
    belt = Belt.made()
    home = Home(FakeSensors(belt))
    home.sensors.radio = False

    await home.tend(sensor(belt), 3)

    assert (home.told, home.waits) == (["no_radio"], [5.0, 10.0, 20.0])


async def test_a_clock_that_is_ahead_is_told_of() -> None:
    """Its record of next year is not kept, and does not come again and again."""
    meter = Meter.made([(record(1, 140), None)])
    home = Home(FakeSensors(meter), clock=FakeClock(START - timedelta(days=30)))

    await home.tend(replace(sensor(meter)), 1)

    assert (home.told, home.kept, home.sequences) == (["clock_ahead"], [], [1])
