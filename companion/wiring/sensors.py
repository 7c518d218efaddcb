"""Health devices over the air beside a life: the devices of the record, the radio, and a thread that writes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from companion.core.body import Import, Sensor
from companion.errors import StoreError
from companion.vitals.kinds import Bounds
from companion.wiring.reminders import zone_of
from companion.wiring.tables import table_of

if TYPE_CHECKING:
    from companion.core.body import Reading
    from companion.core.person import Person
    from companion.ports import FoundSensor, Sensors
    from companion.store.record import Record
    from companion.vitals.live.tending import Narrator
    from companion.wiring.life import LifeClock

SCAN_SECONDS: Final = 8.0
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
    record: Record, person: Person, clock: LifeClock, tell: Narrator, sensors: Callable[[], Sensors] = radio
) -> AsyncIterator[None]:
    """Keep in touch with the devices of a person while something else goes on; without any, nothing is begun.

    What an import that died left behind is cleared away first.

    Raises:
        PromptError: The table of bounds is broken.
    """
    from companion.vitals.live.tending import Tending, Tools

    try:
        record.readings.sweep(person.id)
        paired = record.sensors.all(person.id)
    except StoreError as error:  # the talk goes on, and says the same of itself
        tell(error.key, **error.fields)
        paired = ()
    if not paired:
        yield
        return
    keeper = SensorKeeper(record, person, table_of("vitals/bounds.toml", Bounds.of))
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="readings") as thread:

        async def keep(sensor: Sensor, readings: Sequence[Reading]) -> None:
            await asyncio.get_running_loop().run_in_executor(thread, keeper.keep, sensor, readings)

        tools = Tools(sensors(), keep, tell, clock.now, clock.rest, zone_of(person))
        tasks = [asyncio.create_task(Tending(one, tools).run()) for one in paired]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


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
