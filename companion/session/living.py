"""The daily life of a device: says what is due, calls and waits for an answer, and talks with whoever wants to.

One loop: look at the daybook; do the one thing that is due; else wait for a ring until the next thing is. Everything is
on the disk before it is heard, so that the process may die at any moment. Nobody is spoken over: while the person
speaks, what is due waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol

from companion.core.occasion import Occasion, Outcome
from companion.core.record import NewAlert, NewSession
from companion.core.turn import Reply
from companion.dialogue.daily.looking import CallOut, Duty, Remind, TellPeople
from companion.dialogue.daily.rules import DailyRules, Kind
from companion.dialogue.daily.waking import WakeWords
from companion.dialogue.daily.words import DailyWords, Opening
from companion.errors import DeviceError, InferenceError
from companion.ports import Clock
from companion.safety.alerts import Contact
from companion.safety.risk import Kind as Danger
from companion.safety.risk import Level
from companion.session.bell import Bell, Over, Ring
from companion.session.conversation import Conversation, Ending
from companion.session.conversation import Outcome as Held
from companion.session.daybook import Daybook
from companion.session.ear import Ear, Utterance
from companion.session.interlude import Interlude
from companion.session.outward import Mouth, Screen
from companion.session.stating import LATE

_SHORT_REST: Final = 0.3
"""Seconds between two looks at whether the person still speaks."""
_TRY_AGAIN: Final = timedelta(seconds=30)
"""After which what could not be done is tried again."""
_LONGEST_WAIT: Final = 300.0
"""Seconds that what is due waits for whoever speaks without a pause."""
_WITHOUT_EAR: Final = 600.0
"""Seconds after which a device that hears nothing ends, so that whatever started it opens the microphone anew."""


class LifeEnd(StrEnum):
    """Why it ended."""

    STOPPED = "stopped"
    """SIGTERM or Ctrl-C."""
    UNTIL = "until"
    """The time came until which it was to live."""
    SOURCE = "source"
    """The keyboard was closed."""
    DEVICE = "device"
    """The microphone is gone."""


class Talks(Protocol):
    """Makes conversations, one after another, over the same ear and mouth."""

    def conversation(self, greeting: str) -> AbstractAsyncContextManager[Conversation]:
        """Give a conversation that is opened with a greeting; empty for the greeting of the hour."""
        ...

    def session(self) -> NewSession:
        """Return what is known when one starts."""
        ...

    def awake(self, awake: bool) -> None:  # noqa: FBT001 - a switch
        """Listen to whatever is said, or only to what may be a call."""
        ...


class Pressing(Interlude, Protocol):
    """What cannot wait until somebody talks."""

    def is_due(self) -> bool:
        """Return whether it must be spoken of now."""
        ...


@dataclass(frozen=True, slots=True)
class LifeParts:
    """What a life is made of."""

    daybook: Daybook
    bell: Bell
    ear: Ear
    mouth: Mouth
    screen: Screen
    talks: Talks
    words: DailyWords
    wake: WakeWords
    rules: DailyRules
    clock: Clock
    rest: Callable[[float], Awaitable[None]]
    """Waits so many seconds of the clock."""
    chance: Callable[[], float]
    address: str
    time_spoken: Callable[[datetime], str]
    """Says a time of day."""
    contacts: Callable[[], Sequence[Contact]]
    """Who would really be told, now."""
    pressing: Pressing | None = None
    """A danger that a device measured: spoken of before anything else, also in quiet hours."""
    alarm: Callable[[], None] = lambda: None
    """Called when an alert was committed."""
    look_every: float = 30.0
    """Seconds between two looks at most: the clock may be set, the family may have set something."""


class Life:
    """Runs once.

    Args:
        parts: The ports and values it is made of.
        until: When to end; None for never.
    """

    def __init__(self, parts: LifeParts, *, until: datetime | None = None) -> None:
        self._parts = parts
        self._until = until
        self._stopping = asyncio.Event()
        self._talking: Conversation | None = None
        self._deaf_since: float | None = None
        self._over = False
        self._kept_waiting_since: float | None = None

    def stop(self) -> None:
        """End soon and kindly; a running conversation says goodbye first."""
        self._stopping.set()
        self.end_talk()

    def end_talk(self) -> None:
        """End a running conversation kindly, or what is being said; life goes on."""
        if self._talking is not None:
            self._talking.stop()
        else:
            self._parts.mouth.interrupt()

    async def run(self) -> LifeEnd:
        """Live until somebody stops it."""
        self._parts.daybook.start()
        while True:
            if self._stopping.is_set():
                return LifeEnd.STOPPED
            if self._until is not None and self._parts.clock.now() >= self._until:
                return LifeEnd.UNTIL
            if await self._spoke_of_danger():
                continue
            found = self._parts.daybook.look()
            if found.duty is not None and self._can(found.duty) and await self._do(found.duty):
                continue
            next_at = found.next_at if found.duty is None else self._parts.clock.now() + _TRY_AGAIN
            ended = await self._wait(next_at)
            if ended is not None:
                return ended

    def _can(self, duty: Duty) -> bool:
        """Return whether it can be done: who hears nothing calls nobody and reports no silence."""
        return self._deaf_since is None or isinstance(duty, (Remind, TellPeople))

    async def _wait(self, next_at: datetime) -> LifeEnd | None:
        """Wait for a ring until something is due; return why life ended, if it did."""
        now = self._parts.clock.now()
        seconds = (next_at - now).total_seconds()
        if self._until is not None:
            seconds = min(seconds, (self._until - now).total_seconds())
        ring = await self._rung(min(max(seconds, _SHORT_REST), self._parts.look_every))
        if isinstance(ring, Ring):
            await self._answer(ring)
        elif isinstance(ring, Over) and self._until is None:
            return LifeEnd.SOURCE
        if self._deaf_since is not None and self._parts.clock.monotonic() - self._deaf_since > _WITHOUT_EAR:
            return LifeEnd.DEVICE
        return None

    async def _rung(self, patience: float) -> Ring | Over | None:
        """Return a ring, or None where the time passed, somebody stopped it, or nothing can be heard."""
        if self._over or self._deaf_since is not None:
            await self._unless_stopped(self._resting(patience))
            return None
        try:
            ring: Ring | Over | None = await self._unless_stopped(self._parts.bell.ring(patience))
        except DeviceError as error:
            self._parts.screen.notice(error.key, **error.fields)
            self._parts.screen.notice("run.deaf")
            self._deaf_since = self._parts.clock.monotonic()
            return None
        except InferenceError as error:
            self._parts.screen.notice(error.key, **error.fields)
            await self._parts.rest(_SHORT_REST)
            return None
        self._over = isinstance(ring, Over)
        return ring

    async def _resting(self, seconds: float) -> None:
        await self._parts.rest(seconds)

    async def _do(self, duty: Duty) -> bool:
        """Do it; return whether to look again at once."""
        match duty:
            case TellPeople():
                return self._tell(duty)
            case Remind(occasions):
                if await self._nobody_speaks():
                    await self._remind(occasions)
            case CallOut():
                if await self._nobody_speaks():
                    await self._call(duty)
        return True

    async def _nobody_speaks(self) -> bool:
        """Wait while the person speaks; return whether it may be said now: not where they spoke to 말벗.

        Speech without an end is a television: what is due is not lost to it.
        """
        now = self._parts.clock.monotonic()
        if not self._parts.ear.busy:
            self._kept_waiting_since = None
            return True
        if self._kept_waiting_since is None:
            self._kept_waiting_since = now
        if now - self._kept_waiting_since > _LONGEST_WAIT:
            self._kept_waiting_since = None
            return True
        ring = await self._rung(_SHORT_REST)
        if isinstance(ring, Ring):
            await self._answer(ring)
        return False

    async def _spoke_of_danger(self) -> bool:
        """Ask after what a device measured, if that is dangerous now; return whether it was.

        Who hears nothing asks all the same: no answer is an answer then, and people are told.
        """
        pressing, parts = self._parts.pressing, self._parts
        if pressing is None or not pressing.is_due() or not await self._nobody_speaks():
            return False
        raised = parts.mouth.louder()
        await self._converse("", lambda conversation: conversation.run_only(parts.talks.session(), pressing))
        if raised:
            parts.mouth.softer()
        return True

    async def _remind(self, occasions: Sequence[Occasion]) -> None:
        parts = self._parts
        if not parts.daybook.begin([(one, 1) for one in occasions]):
            return
        due = occasions[0].due_at
        late = parts.time_spoken(due) if parts.clock.now() - due > LATE else ""
        stated = [(Kind(one.kind), one.words) for one in occasions]
        await self._say(parts.words.remind(stated, parts.address, parts.chance(), late=late))
        for one in occasions:
            parts.daybook.finish(one, 1, Outcome.SAID)
        # Whoever says more to it than "yes" wants to talk about it.
        utterance = await self._answered()
        if utterance is not None and not parts.wake.is_mere_answer(utterance.heard.text):
            await self._talk(Opening.HEARD, utterance)

    async def _call(self, duty: CallOut) -> None:
        parts, occasion, number = self._parts, duty.occasion, duty.call.number
        if not parts.daybook.begin([(occasion, number)]):
            return
        names = [contact.name for contact in parts.contacts()]
        raised = duty.call.louder and parts.mouth.louder()
        await self._say(parts.words.call(duty.call, parts.address, parts.chance(), names))
        if raised:
            parts.mouth.softer()
        utterance = await self._answered()
        if utterance is None:
            if not self._stopping.is_set():
                parts.daybook.finish(occasion, number, Outcome.UNANSWERED)
            return
        parts.daybook.finish(occasion, number, Outcome.ANSWERED)
        first = None if parts.wake.is_mere_answer(utterance.heard.text) else utterance
        if Kind(occasion.kind) is Kind.FOLLOW_UP and first is None:
            parts.daybook.asked_after(occasion.source_id)
            await self._talk(Opening.FOLLOW_UP, None, occasion.words)
        else:
            await self._talk(Opening.HEARD if first is not None else None, first)

    def _tell(self, duty: TellPeople) -> bool:
        parts = self._parts
        contacts = [contact.id for contact in parts.contacts()]
        told_person = bool(contacts) and len(duty.calls) >= parts.rules.call.calls
        alert = NewAlert(Level.CONCERN, Danger.NO_ANSWER, 0, tuple(contacts), told_person=told_person)
        told = parts.daybook.tell(duty.occasion, duty.tell.number, alert)
        if told:
            parts.alarm()
        return told

    async def _say(self, reply: Reply) -> None:
        parts = self._parts
        parts.screen.said(reply)
        parts.ear.mute()
        try:
            await parts.mouth.say(reply)
        finally:
            parts.ear.unmute()

    async def _answered(self) -> Utterance | None:
        """Return what the person says to what was just said, or None where they say nothing."""
        parts = self._parts
        seconds = parts.rules.call.answer.total_seconds()
        if self._over or self._deaf_since is not None:
            await self._unless_stopped(self._resting(seconds))
            return None
        parts.talks.awake(True)
        parts.screen.listening()
        try:
            listened = await self._unless_stopped(parts.ear.listen(seconds))
        except (DeviceError, InferenceError):
            return None  # the next ring meets the same trouble, and says so
        finally:
            parts.talks.awake(False)
        if not isinstance(listened, Utterance):
            return None
        parts.screen.heard(listened.heard, listened.source)
        parts.daybook.met()
        return listened

    async def _answer(self, ring: Ring) -> None:
        await self._talk(ring.opening, ring.first)

    async def _talk(self, opening: Opening | None, first: Utterance | None, words: str = "") -> None:
        """Hold a conversation."""
        parts = self._parts
        greeting = "" if opening is None else parts.words.opening(opening, parts.address, words)
        await self._converse(greeting, lambda conversation: conversation.run(parts.talks.session(), first))

    async def _converse(self, greeting: str, hold: Callable[[Conversation], Awaitable[Held]]) -> None:
        parts = self._parts
        parts.talks.awake(True)
        try:
            async with parts.talks.conversation(greeting) as conversation:
                self._talking = conversation
                outcome = await hold(conversation)
        finally:
            self._talking = None
            parts.talks.awake(False)
        if outcome.unwritten:
            parts.screen.notice("talk.summary_unwritten", unwritten=outcome.unwritten)
        if outcome.turns:
            parts.daybook.met()
        self._over = self._over or outcome.ended_by is Ending.SOURCE

    async def _unless_stopped(self, work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        """Return what ``work`` gives, or None as soon as life is to end."""
        working = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return working.result() if working.done() else None
        finally:
            for task in (working, stopping):
                task.cancel()
            await asyncio.gather(working, stopping, return_exceptions=True)
