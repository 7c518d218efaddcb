"""Keeps in touch with one device: connects, takes what it sends, and tries again when it went away.

Runs beside the voice loop and never makes it wait: what is kept is handed to ``keep``, a coroutine that writes on a
thread of its own. Readings that could not be kept are asked for again at the next connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, Final, Protocol

from companion.core.body import Reading, Sensor, SensorService
from companion.errors import AccessError, DeviceError, StoreError
from companion.ports import SensorLink, Sensors
from companion.vitals import gatt
from companion.vitals.gatt import BadPacket, RecordsAnswer, RecordsReply
from companion.vitals.live.intake import Minutes, Records
from companion.vitals.live.patience import Event, Standing

HEART_RATE: Final = 0x2A37
GLUCOSE: Final = 0x2A18
GLUCOSE_CONTEXT: Final = 0x2A34
RECORD_ACCESS: Final = 0x2A52
BATTERY: Final = 0x2A19
_BATTERY_LOW: Final = 20
"""Percent."""
_NEVER_ASKED: Final = frozenset({RecordsAnswer.OPERATOR_NOT_SUPPORTED, RecordsAnswer.OPERAND_NOT_SUPPORTED})
"""Answers of a meter that cannot be asked for the newer ones alone."""


class Narrator(Protocol):
    """Tells an operator something by its key."""

    def __call__(self, key: str, **fields: object) -> None:
        """Tell it."""
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What tending needs."""

    sensors: Sensors
    keep: Callable[[Sensor, Sequence[Reading]], Awaitable[None]]
    """Commits readings of a device, and its newest sequence number.

    Raises:
        StoreError: It could not be written.
        AccessError: Health data may not be kept.
    """
    tell: Narrator
    now: Callable[[], datetime]
    """Aware."""
    rest: Callable[[float], Awaitable[None]]
    zone: tzinfo
    """Of the person."""
    search_seconds: float = 20.0
    """For which a device is looked for in one try."""
    answer_seconds: float = 30.0
    """Of quiet after which a meter that is sending its records is given up."""


class Tending:
    """Of one device, until it is cancelled or the consent to keep health data is taken back.

    Args:
        sensor: As it stands in the record.
        tools: What it works with.
    """

    def __init__(self, sensor: Sensor, tools: Tools) -> None:
        self._sensor = sensor
        self._tools = tools
        self._standing = Standing()
        self._worn = SensorService.HEART_RATE in sensor.services
        self._battery_told = False
        self._write_trouble = False

    async def run(self) -> None:
        """Keep in touch."""
        while True:
            try:
                async with self._tools.sensors.connect(self._sensor.address, self._tools.search_seconds) as link:
                    self._after(Event.CONNECTED)
                    await self._collect(link)
                self._after(Event.FINISHED if not self._worn else Event.LOST)
            except DeviceError as error:
                self._after(Event.of(error.key))
            except AccessError:
                self._tools.tell("bluetooth.not_agreed", device=self._sensor.name)
                return
            await self._tools.rest(self._standing.wait)

    def _after(self, event: Event) -> None:
        self._standing = self._standing.after(event, worn=self._worn)
        if self._standing.say is not None:
            self._tools.tell(f"bluetooth.{self._standing.say}", device=self._sensor.name)

    async def _collect(self, link: SensorLink) -> None:
        await self._look_at_battery(link)
        if SensorService.GLUCOSE in self._sensor.services:
            await self._records(link)
        if self._worn:
            await self._beats(link)

    async def _look_at_battery(self, link: SensorLink) -> None:
        if not link.has(BATTERY):
            return
        value = await link.read(BATTERY)
        low = bool(value) and value[0] < _BATTERY_LOW
        self._tell_battery(low=low)

    def _tell_battery(self, *, low: bool) -> None:
        if low and not self._battery_told:
            self._tools.tell("bluetooth.battery_low", device=self._sensor.name)
        self._battery_told = low

    async def _beats(self, link: SensorLink) -> None:
        """Take heart beats, a minute at a time, until the device goes away."""
        minutes = Minutes(self._sensor.name)
        packets: asyncio.Queue[bytes] = asyncio.Queue()
        await link.subscribe(HEART_RATE, packets.put_nowait)
        gone = asyncio.ensure_future(link.lost())
        try:
            while (packet := await _next(packets, gone)) is not None:
                with suppress(BadPacket):
                    await self._keep([minutes.take(gatt.heart_rate(packet), self._tools.now())])
        finally:
            gone.cancel()
            await self._keep([minutes.end()])

    async def _records(self, link: SensorLink) -> None:
        """Take the stored records that are newer than the newest one that was taken."""
        records = Records(self._sensor.name, self._tools.zone)
        replies: asyncio.Queue[bytes] = asyncio.Queue()

        def measured(packet: bytes) -> None:
            with suppress(BadPacket):
                records.take(gatt.glucose(packet))
            replies.put_nowait(b"")

        def around(packet: bytes) -> None:
            with suppress(BadPacket):
                records.join(gatt.glucose_context(packet))

        await link.subscribe(GLUCOSE, measured)
        if link.has(GLUCOSE_CONTEXT):
            await link.subscribe(GLUCOSE_CONTEXT, around)
        await link.subscribe(RECORD_ACCESS, replies.put_nowait)
        gone = asyncio.ensure_future(link.lost())
        try:
            await self._ask(link, records, replies, gone)
        finally:
            gone.cancel()
            await self._take(records)

    async def _ask(
        self, link: SensorLink, records: Records, replies: asyncio.Queue[bytes], gone: asyncio.Future[None]
    ) -> None:
        last = self._sensor.last_sequence
        answer = await self._answer(link, gatt.records_request(last), replies, gone)
        if last is None:
            return
        if answer in _NEVER_ASKED:
            await self._answer(link, gatt.records_request(), replies, gone)
        elif answer is RecordsAnswer.NO_RECORDS:
            # A meter whose memory was cleared counts from the beginning again, and has nothing newer for ever.
            await self._answer(link, gatt.last_record_request(), replies, gone)
            newest = records.last_sequence
            if newest is not None and newest < last:
                await self._answer(link, gatt.records_request(), replies, gone)

    async def _answer(
        self, link: SensorLink, request: bytes, replies: asyncio.Queue[bytes], gone: asyncio.Future[None]
    ) -> RecordsAnswer | None:
        """Ask, and wait until the meter says that it sent what was asked for; None where it fell silent."""
        await link.write(RECORD_ACCESS, request)
        while True:
            try:
                async with asyncio.timeout(self._tools.answer_seconds):
                    packet = await _next(replies, gone)
            except TimeoutError:
                return None
            if packet is None:
                return None
            reply = _reply(packet)
            if reply is not None and reply.answer is not None:
                return reply.answer

    async def _take(self, records: Records) -> None:
        """Keep what came, also where the meter went away in the middle of it."""
        if records.last_sequence is None:
            return
        now = self._tools.now()
        if records.is_ahead(now):
            self._tools.tell("bluetooth.clock_ahead", device=self._sensor.name)
        self._tell_battery(low=records.battery_low)
        taken = replace(self._sensor, last_sequence=records.last_sequence)
        if await self._keep(records.readings(now), taken):
            self._sensor = taken

    async def _keep(self, readings: Sequence[Reading | None], sensor: Sensor | None = None) -> bool:
        """Commit readings; return whether they are on the disk."""
        some = [one for one in readings if one is not None]
        if not some and sensor is None:
            return True
        try:
            await self._tools.keep(sensor or self._sensor, some)
        except StoreError as error:
            if not self._write_trouble:
                self._write_trouble = True
                self._tools.tell(error.key, **error.fields)
            return False
        self._write_trouble = False
        return True


async def _next(packets: asyncio.Queue[bytes], gone: asyncio.Future[None]) -> bytes | None:
    """Return the next packet, or None where the device went away and none waits."""
    if not packets.empty():
        return packets.get_nowait()
    coming = asyncio.create_task(packets.get())
    waiting: set[asyncio.Future[Any]] = {coming, gone}
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        return coming.result() if coming.done() else None
    finally:
        coming.cancel()


def _reply(packet: bytes) -> RecordsReply | None:
    """Return what an indication says; None where it is none, or a measurement that only says that it goes on."""
    try:
        return gatt.records_reply(packet) if packet else None
    except BadPacket:
        return None
