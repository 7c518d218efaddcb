"""Health devices over the air beside a life: the devices of the record, the radio, and a thread that writes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from companion.core.body import Import, Sensor
from companion.errors import StoreError
from companion.vitals.kinds import Bounds
from companion.vitals.live.tending import Tending, Tools
from companion.wiring.reminders import zone_of
from companion.wiring.tables import table_of

if TYPE_CHECKING:
    from companion.core.body import Reading
    from companion.core.person import Person
    from companion.ports import FoundSensor, Sensors
    from companion.store.record import Record
    from companion.vitals.live.tending import Narrator
    from companion.wiring.life import LifeClock

P = ParamSpec("P")
T = TypeVar("T")
SCAN_SECONDS: Final = 8.0
LOOK_SECONDS: Final = 10.0
"""Between two looks at which devices a person has: so soon one that is paired meanwhile is taken up."""
TIDY_SECONDS: Final = 6 * 3600.0
FORMAT: Final = "Bluetooth"


def radio() -> Sensors:
    """Return the way to devices in range."""
    from companion.adapters.bluetooth_bleak import BleakSensors

    return BleakSensors()


@dataclass(frozen=True, slots=True)
class SensorKeeper:
    """Writes what a device of a person told. Blocking."""

    record: Record
    person: Person
    bounds: Bounds

    def keep(self, sensor: Sensor, readings: Sequence[Reading]) -> None:
        """Commit readings, judged, and up to which stored record the device was read.

        Raises:
            NotAllowed: Health data may not be kept.
            StoreError: It could not be written.
        """
        if readings:
            self.record.readings.add(
                self.person.id, self._stream(sensor), [self.bounds.judged(one) for one in readings]
            )
        if sensor.last_sequence is not None:
            self.record.sensors.took(self.person.id, sensor.id, sensor.last_sequence)

    def _stream(self, sensor: Sensor) -> Import:
        """Return the import that a day of a device is."""
        now = self.record.database.now()
        name = f"{FORMAT} {sensor.address} {now.astimezone(zone_of(self.person)).date()}"
        digest = hashlib.sha256(name.encode()).hexdigest()
        return Import("vitals", sensor.name or sensor.address, digest, now, FORMAT)


@asynccontextmanager
async def in_touch(
    record: Record,
    person: Person,
    clock: LifeClock,
    tell: Narrator,
    sensors: Callable[[], Sensors] = radio,
    *,
    every: float = LOOK_SECONDS,
) -> AsyncIterator[None]:
    """Keep in touch with the devices of a person while something else goes on, also with those that come later.

    What an import that died left behind is cleared away meanwhile. The radio is not touched before there is a device.

    Args:
        record: Of the person.
        person: Whose devices.
        clock: Of the life beside which it goes on.
        tell: Tells the operator.
        sensors: Makes the way to devices.
        every: Real seconds between two looks at which devices the person has.

    Raises:
        PromptError: The table of bounds is broken.
    """
    keeper = SensorKeeper(record, person, table_of("vitals/bounds.toml", Bounds.of))
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="readings") as thread:
        company = _Company(keeper, thread, clock, tell, sensors)
        attending = asyncio.create_task(company.attend(every))
        try:
            yield
        finally:
            attending.cancel()
            await asyncio.gather(attending, return_exceptions=True)


class _Company:
    """The devices of a person that are tended now: those of the record, as it stands at each look.

    Args:
        keeper: Writes what they tell.
        thread: On which the record is read and written.
        clock: Of the life.
        tell: Tells the operator.
        sensors: Makes the way to devices; called once there is one.
    """

    def __init__(
        self, keeper: SensorKeeper, thread: Executor, clock: LifeClock, tell: Narrator, sensors: Callable[[], Sensors]
    ) -> None:
        self._keeper = keeper
        self._thread = thread
        self._clock = clock
        self._tell = tell
        self._sensors = sensors
        self._tools: Tools | None = None
        self._tended: dict[tuple[str, datetime], asyncio.Task[None]] = {}
        """By id and moment of pairing: one that is paired anew is begun anew."""
        self._trouble_told = False
        self._ended = asyncio.Event()

    async def attend(self, every: float) -> None:
        """Look which devices there are, again and again; let go of all of them at the end."""
        tidying = asyncio.create_task(self._tidy())
        try:
            while True:
                await self._look()
                await asyncio.sleep(every)
        finally:
            self._ended.set()
            await self._let_go(list(self._tended))
            await tidying

    async def _tidy(self) -> None:
        """Clear away what an import that died left behind, and add up the days that are over; again some hours later.

        On a thread of its own: either may be millions of rows.
        """
        readings, person_id = self._keeper.record.readings, self._keeper.person.id
        while not self._ended.is_set():
            with suppress(StoreError):  # what is wrong with the record is told by looking, and by the talk
                for work in (readings.sweep, readings.sum_up):
                    await asyncio.to_thread(work, person_id, goes_on=lambda: not self._ended.is_set())
            with suppress(TimeoutError):
                async with asyncio.timeout(TIDY_SECONDS):
                    await self._ended.wait()

    async def _look(self) -> None:
        """Begin with devices that are new, end with those that are gone."""
        try:
            paired = await self._on_thread(self._keeper.record.sensors.all, self._keeper.person.id)
        except StoreError as error:
            if not self._trouble_told:
                self._trouble_told = True
                self._tell(error.key, **error.fields)
            return
        self._trouble_told = False
        there = {(one.id, one.at): one for one in paired}
        await self._let_go([key for key, task in self._tended.items() if key not in there or task.done()])
        for key in there.keys() - self._tended.keys():
            self._tended[key] = asyncio.create_task(Tending(there[key], self._with()).run())

    async def _let_go(self, keys: Sequence[tuple[str, datetime]]) -> None:
        tasks = [self._tended.pop(key) for key in keys]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _with(self) -> Tools:
        """Return what devices are tended with."""
        if self._tools is None:
            zone = zone_of(self._keeper.person)
            self._tools = Tools(self._sensors(), self._keep, self._tell, self._clock.now, self._clock.rest, zone)
        return self._tools

    async def _keep(self, sensor: Sensor, readings: Sequence[Reading]) -> None:
        await self._on_thread(self._keeper.keep, sensor, readings)

    async def _on_thread(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *given, **named))


def found(sensors: Sensors | None = None) -> Sequence[FoundSensor]:
    """Return the health devices in range, the nearest first.

    Raises:
        DeviceError: There is no Bluetooth.
    """
    return asyncio.run((sensors or radio()).scan(SCAN_SECONDS))


def pair(
    record: Record,
    person: Person,
    chosen: FoundSensor,
    passkey: Callable[[], Awaitable[int | None]],
    sensors: Sensors | None = None,
) -> str:
    """Pair with a device, keep it as the person's, and return its id.

    Raises:
        DeviceError: There is no Bluetooth, or the device is not there or refused.
        NotAllowed: Health data may not be kept.
        StorageFull: Nothing could be written.
    """
    asyncio.run((sensors or radio()).pair(chosen.address, passkey))
    return record.sensors.keep(person.id, _kept(chosen, record.database.now()))


def _kept(chosen: FoundSensor, at: datetime) -> Sensor:
    return Sensor(chosen.address, chosen.name or chosen.address, chosen.services, at)


def forget(record: Record, person: Person, sensor: Sensor, sensors: Sensors | None = None) -> None:
    """Remove a device from the record, then undo the pairing; its readings stay.

    Raises:
        StorageFull: Nothing could be written.
        DeviceError: It is removed, but the system could not be told.
    """
    record.sensors.forget(person.id, sensor.id)
    asyncio.run((sensors or radio()).forget(sensor.address))
