"""Puts together the daily life of a device: one ear and one mouth, the daybook, and conversations over both."""

from __future__ import annotations

import asyncio
import fcntl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from companion.config import home_folder
from companion.core.record import NewSession
from companion.errors import CompanionError, InputError, StorageFull, StoreError
from companion.wiring.clock import HurriedClock, HurriedEar, SystemClock
from companion.wiring.conversation import (
    Bench,
    Loaded,
    Mode,
    Senses,
    chance,
    conversation,
    make_ear,
    make_mouth,
    preparing_the_rest,
    ready_for_danger,
)
from companion.wiring.daily import RecordOccasions, daily_rules, daily_words, wake_words
from companion.wiring.measured import asking_after_readings
from companion.wiring.record import left_open
from companion.wiring.reminders import zone_of

if TYPE_CHECKING:
    from companion.session.bell import Drowsy, EarBell
    from companion.session.conversation import Conversation
    from companion.session.ear import Ear
    from companion.session.keyboard import KeyboardEar
    from companion.session.living import Life
    from companion.session.speaking import Mouth
    from companion.store.record import Record

LifeClock = SystemClock | HurriedClock


@dataclass(frozen=True, slots=True)
class LifeBench:
    """What a life is put together from, besides what was loaded."""

    bench: Bench
    """For each of its conversations."""
    record: Record
    clock: LifeClock
    until: datetime | None = None


@contextmanager
def only_one() -> Iterator[None]:
    """Let one process at a time speak on its own account on this device.

    Raises:
        InputError: Another one does.
        StorageFull: The file that says so cannot be made.
    """
    file = home_folder() / "run.lock"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = file.open("w", encoding="ascii")
    except OSError as error:
        raise StorageFull("store.cannot_write", file=file) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError("run.already") from None
        yield


@asynccontextmanager
async def life(wanted: LifeBench, loaded: Loaded) -> AsyncIterator[Life]:
    """Put a life together inside the running event loop, and let every device go at the end."""
    from companion.session.bell import Drowsy
    from companion.session.daybook import Daybook
    from companion.session.living import Life, LifeParts
    from companion.session.stating import Stating

    bench, clock = wanted.bench, wanted.clock
    drowsy = Drowsy(loaded.recognizer) if loaded.recognizer is not None else None
    if drowsy is not None:
        loaded = replace(loaded, recognizer=drowsy)
    ear, mouth = make_ear(bench, loaded, clock), make_mouth(bench, loaded, clock)
    senses = Senses(HurriedEar(ear, clock.pace) if isinstance(clock, HurriedClock) else ear, mouth)

    def trouble(error: StoreError) -> None:
        bench.tell(error.key, **error.fields)

    def time_spoken(moment: datetime) -> str:
        local = moment.astimezone(zone_of(bench.person))
        return loaded.dialogue.setting(local, address=bench.person.address).time_spoken

    async with AsyncExitStack() as stack:
        stack.push_async_callback(_let_go, ear, mouth)
        occasions = RecordOccasions(wanted.record, bench.person, bench.at_work.settings)
        daybook = Daybook(occasions, clock=clock, on_trouble=trouble)
        stating = Stating(daybook, daily_words(), clock=clock, address=bench.person.address, time_spoken=time_spoken)
        talked = replace(wanted, bench=replace(bench, interludes=(lambda _: stating, *bench.interludes)))
        parts = LifeParts(
            daybook=daybook,
            bell=_bell(wanted, senses.ear, ear, stack),
            ear=senses.ear,
            mouth=mouth,
            screen=bench.screen,
            talks=_Talks(talked, loaded, senses, drowsy),
            words=daily_words(),
            wake=wake_words(),
            rules=daily_rules(),
            clock=clock,
            rest=clock.rest,
            chance=chance,
            address=bench.person.address,
            time_spoken=time_spoken,
            contacts=bench.contacts,
            pressing=asking_after_readings(wanted.record, bench.person, clock.now, trouble, speaks_first=True),
            alarm=bench.alarm,
        )
        heard = await ready_for_danger(bench, mouth)
        await stack.enter_async_context(preparing_the_rest(senses.ear, mouth, wanted=heard))
        yield Life(parts, until=wanted.until)


class _Talks:
    """Makes conversations over the senses of a life."""

    def __init__(self, wanted: LifeBench, loaded: Loaded, senses: Senses, drowsy: Drowsy | None) -> None:
        self._wanted = wanted
        self._loaded = loaded
        self._senses = senses
        self._drowsy = drowsy

    @asynccontextmanager
    async def conversation(self, greeting: str) -> AsyncIterator[Conversation]:
        """Give a conversation that is opened with a greeting."""
        bench, record = self._wanted.bench, self._wanted.record
        bench = replace(
            bench,
            greeting=greeting,
            first_time=record.conversations.session_count(bench.person.id) == 0,
            earlier=left_open(record, bench.person.id),
            lately=record.conversations.lately(bench.person.id),
        )
        talking: AbstractAsyncContextManager[tuple[Conversation, Mouth]]
        talking = conversation(bench, self._loaded, self._senses)
        async with talking as (made, _):
            yield made

    def session(self) -> NewSession:
        """Return what is known when one starts."""
        bench = self._wanted.bench
        return NewSession(
            person_id=bench.person.id,
            started_at=self._wanted.clock.now().astimezone(zone_of(bench.person)),
            mode=bench.wish.mode,
            profile=bench.at_work.profile.id,
            reply_driver="model" if bench.at_work.generation else "bank",
        )

    def awake(self, awake: bool) -> None:  # noqa: FBT001 - a switch
        """Listen to whatever is said, or only to what may be a call."""
        if self._drowsy is not None:
            self._drowsy.awake = awake


def _bell(wanted: LifeBench, ear: Ear, heard_with: Ear, stack: AsyncExitStack) -> EarBell:
    """Return what rings: the ear, and a button or the Enter key."""
    from companion.session.bell import EarBell
    from companion.session.keyboard import KeyboardEar

    bench, settings = wanted.bench, wanted.bench.at_work.settings
    keyboard = heard_with if isinstance(heard_with, KeyboardEar) else None
    pressed: Callable[[], Awaitable[None]] | None = None
    if settings.daily.button is not None:
        pressed = _button(settings.daily.button, bench, stack)
    elif keyboard is None and sys.stdin is not None and sys.stdin.isatty():
        pressed = _enter_key(KeyboardEar(sys.stdin, now=wanted.clock.monotonic))
    return EarBell(
        ear,
        wake_words(),
        wake=settings.daily.wake,
        pressed=pressed,
        blank_lines=(lambda: 0) if keyboard is None else (lambda: keyboard.blank_lines),
        typed=bench.wish.mode is Mode.TEXT,
    )


def _enter_key(keyboard: KeyboardEar) -> Callable[[], Awaitable[None]]:
    from companion.session.ear import ENDED

    async def pressed() -> None:
        lines = keyboard.blank_lines
        while keyboard.blank_lines == lines:
            listened = await keyboard.listen(3600.0)
            if listened is ENDED:
                await asyncio.Event().wait()

    return pressed


def _button(path: str, bench: Bench, stack: AsyncExitStack) -> Callable[[], Awaitable[None]]:
    """Read a button on a thread of its own; one that is not there is said once, and life goes on without."""
    from companion.adapters.button_input import InputButton
    from companion.session.pressing import PressedButton

    def trouble(error: CompanionError) -> None:
        bench.tell(error.key, **error.fields)

    button = PressedButton(InputButton(path), on_trouble=trouble)
    stack.callback(button.close)
    return button.pressed


async def _let_go(ear: Ear, mouth: Mouth) -> None:
    await ear.close()
    await mouth.close()
