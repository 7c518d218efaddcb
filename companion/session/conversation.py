"""One conversation, from greeting to goodbye.

The loop: listen; assess and answer (the dialogue does both); commit the turn; speak; listen again. It knows ports and
values only, so a microphone, recordings and a keyboard drive the same object, and tests run it with fakes on a clock
of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from companion.core.heard import Heard
from companion.core.record import NewSession, TurnKind
from companion.core.turn import Reply
from companion.dialogue.flow import Closing, Command, Dialogue, Response, Setting, State
from companion.dialogue.requests import Answer
from companion.errors import DeviceError, InferenceError, StoreError
from companion.ports import Clock
from companion.safety.risk import Level
from companion.session.answering import Answerer
from companion.session.consenting import Consenting
from companion.session.ear import ENDED, SILENCE, Ear, Listened, Utterance
from companion.session.keeping import Keeper
from companion.session.noting import new_turn
from companion.session.spoken import Spoken


class Screen(Protocol):
    """Where the words stand, large, for whoever cannot hear them."""

    def said(self, reply: Reply) -> None:
        """Show what 말벗 is about to say."""
        ...

    def heard(self, heard: Heard, source: str) -> None:
        """Show what the person said; ``source`` names the file it came from, if any."""
        ...

    def listening(self) -> None:
        """Show that it is the person's turn."""
        ...

    def notice(self, key: str, **fields: object) -> None:
        """Show an operator sentence."""
        ...


class Mouth(Protocol):
    """What speaks. Each change of how it speaks returns False where that is at its limit."""

    async def say(self, reply: Reply) -> Spoken:
        """Say a reply and return what was really spoken of it."""
        ...

    def interrupt(self) -> bool:
        """Stop what is being said, unless it may not be cut; return whether it stopped."""
        ...

    def louder(self) -> bool:
        """One step louder."""
        ...

    def softer(self) -> bool:
        """One step softer."""
        ...

    def slower(self) -> bool:
        """One step slower."""
        ...

    def faster(self) -> bool:
        """One step faster."""
        ...


class Ending(StrEnum):
    """Why a conversation ended."""

    PERSON = "person"
    """The person said goodbye or asked to stop."""
    SILENCE = "silence"
    """Nobody answered."""
    SOURCE = "source"
    """The last recording was played, or the keyboard was closed."""
    INTERRUPTED = "interrupted"
    """Ctrl-C or SIGTERM."""
    DEVICE = "device"
    """The microphone was lost."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a conversation came to."""

    session_id: str | None
    """None if not even the session could be written."""
    turns: int
    """Turns in which the person said something."""
    seconds: float
    ended_by: Ending
    unwritten: int
    """Turns that could not be written."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a conversation is made of."""

    ear: Ear
    mouth: Mouth
    dialogue: Dialogue
    answerer: Answerer
    keeper: Keeper
    screen: Screen
    clock: Clock
    chance: Callable[[], float]
    """Returns a number in [0, 1): chooses among variants."""
    setting: Callable[[], Setting]
    """Returns what the dialogue may know of the moment: hour, how the person is called."""
    consenting: Consenting | None = None
    """Asks for consent aloud; None where nobody could answer."""
    alarm: Callable[[], None] = lambda: None
    """Called when a turn with an alert was committed: whoever delivers alerts looks at once."""


class Conversation:
    """Runs once.

    Args:
        parts: The ports and values it is made of.
        patience: Seconds of silence before something gentle is said.
    """

    def __init__(self, parts: Parts, *, patience: float) -> None:
        self._parts = parts
        self._patience = patience
        self._state = State.start()
        self._waits = patience
        self._stopping = asyncio.Event()
        self._turns = 0
        self._seen: Utterance | None = None
        self._waiting: Listened | None = None
        """What was heard while a question was open, and was no answer to it."""

    def stop(self) -> None:
        """End soon and kindly: what is being said is cut short, closing words are spoken, everything is kept."""
        self._stopping.set()
        self._parts.mouth.interrupt()

    async def run(self, new: NewSession) -> Outcome:
        """Hold the conversation and return what it came to."""
        parts = self._parts
        began = parts.clock.monotonic()
        parts.keeper.start(new)
        try:
            await self._answer(TurnKind.OPENING, parts.dialogue.open(parts.setting(), self._state, parts.chance()))
            await self._ask_consent()
            ending = await self._until_the_end()
        except asyncio.CancelledError:
            parts.keeper.end(parts.clock.now(), Ending.INTERRUPTED)
            raise
        parts.keeper.end(parts.clock.now(), ending)
        return Outcome(
            session_id=parts.keeper.session_id,
            turns=self._turns,
            seconds=parts.clock.monotonic() - began,
            ended_by=ending,
            unwritten=parts.keeper.unwritten,
        )

    async def _ask_consent(self) -> None:
        consenting = self._parts.consenting
        # A conversation that returned to a danger has a question of its own open.
        if consenting is not None and not self._state.protocol.is_open:
            await self._settle(consenting, consenting.ask_open(self))

    async def _settle(self, consenting: Consenting, asking: Coroutine[Any, Any, Utterance | None]) -> None:
        """Let a question of consent run its course; what was said instead of an answer is the next turn."""
        try:
            said = await asking
        except StoreError as error:
            self._parts.screen.notice(error.key, **error.fields)
            await self.utter(consenting.trouble())
            return
        if said is not None:
            self._waiting = said

    async def utter(self, reply: Reply, utterance: Utterance | None = None) -> None:
        """Commit and speak a reply that the dialogue did not choose."""
        response = self._parts.dialogue.noted(reply, self._state, utterance.heard if utterance else None)
        await self._answer(TurnKind.EXCHANGE, response, utterance)

    async def hear(self) -> Utterance | None:
        """Return what the person says; anything else waits for the loop."""
        try:
            listened = await self._unless_stopped(self._listen())
        except (DeviceError, InferenceError):
            return None  # the loop listens again, meets the same trouble, and says so
        if not isinstance(listened, Utterance):
            self._waiting = listened
            return None
        self._noticed(listened)
        return listened

    def is_dangerous(self, utterance: Utterance) -> bool:
        """Return whether danger was heard in it."""
        return self._parts.dialogue.risk_of(utterance.heard.text, self._state).level is not Level.NONE

    async def _until_the_end(self) -> Ending:
        while True:
            try:
                listened = await self._unless_stopped(self._listen())
            except DeviceError as error:
                self._parts.screen.notice(error.key, **error.fields)
                await self._close(Closing.INTERRUPTED)
                return Ending.DEVICE
            except InferenceError as error:
                self._parts.screen.notice(error.key, **error.fields)
                listened = SILENCE
            if listened is None:
                await self._close(Closing.INTERRUPTED)
                return Ending.INTERRUPTED
            if listened is ENDED:
                await self._close(Closing.ENDED)
                return Ending.SOURCE
            ending = await self._take(listened)
            if ending is not None:
                return ending

    async def _listen(self) -> Listened:
        if (waiting := self._waiting) is not None:
            self._waiting = None
            return waiting
        self._parts.screen.listening()
        return await self._parts.ear.listen(self._waits)

    async def _take(self, listened: Listened) -> Ending | None:
        """Answer one turn of the person, or silence; return why the conversation ended, if it did."""
        parts = self._parts
        if not isinstance(listened, Utterance):
            response = parts.dialogue.silence(parts.setting(), self._state, parts.chance())
            await self._answer(TurnKind.SILENCE, response)
            return Ending.SILENCE if response.reply.ends_session else None
        self._noticed(listened)
        response = await self._think(listened.heard)
        if await self._wished(response.command, listened):
            return None
        if response.command is not None:
            response = self._obey(response, response.command)
        await self._answer(TurnKind.EXCHANGE, response, listened)
        return Ending.PERSON if response.reply.ends_session else None

    def _noticed(self, utterance: Utterance) -> None:
        """Show what was heard, and count it, once."""
        if utterance is self._seen:
            return
        self._seen = utterance
        self._parts.screen.heard(utterance.heard, utterance.source)
        self._turns += bool(utterance.heard.text)

    async def _wished(self, command: Command | None, utterance: Utterance) -> bool:
        """Carry out what the person wishes with what was kept; return whether that was what they said."""
        consenting = self._parts.consenting
        if consenting is None or command not in (Command.STOP_KEEPING, Command.ERASE_KEPT):
            return False
        stops = command is Command.STOP_KEEPING
        work = consenting.stop_keeping(self, utterance) if stops else consenting.erase(self, utterance)
        await self._settle(consenting, work)
        return True

    async def _think(self, heard: Heard) -> Response:
        """Run the dialogue's generator, answering its requests."""
        parts = self._parts
        thought = parts.dialogue.respond(heard, parts.setting(), self._state, parts.chance())
        answer: Answer = None
        try:
            request = next(thought)
            while True:
                answer = await parts.answerer.answer(request)
                request = thought.send(answer)
        except StopIteration as finished:
            response: Response = finished.value
            return response

    def _obey(self, response: Response, command: Command) -> Response:
        """Change how 말벗 speaks; where that is at its limit the reply says so."""
        mouth = self._parts.mouth
        changes: dict[Command, Callable[[], bool]] = {
            Command.LOUDER: mouth.louder,
            Command.SOFTER: mouth.softer,
            Command.SLOWER: mouth.slower,
            Command.FASTER: mouth.faster,
        }
        change = changes.get(command)
        if change is None or change():
            return response
        return self._parts.dialogue.at_limit(command, self._parts.setting(), response.state, self._parts.chance())

    async def _close(self, reason: Closing) -> None:
        parts = self._parts
        response = parts.dialogue.close(parts.setting(), self._state, parts.chance(), reason)
        await self._answer(TurnKind.CLOSING, response)

    async def _answer(self, kind: TurnKind, response: Response, utterance: Utterance | None = None) -> None:
        """Commit the turn, then show and speak its reply; what was really spoken is recorded after."""
        parts = self._parts
        self._state = response.state
        # A danger that was not plain is asked about with a short count-down: silence is an answer then.
        self._waits = next((step.wait_seconds for step in response.steps if step.wait_seconds), self._patience)
        turn = new_turn(parts.clock.now(), kind, response, dialogue=parts.dialogue, utterance=utterance)
        parts.keeper.keep(turn)
        if turn.alerts:
            parts.alarm()
        parts.screen.said(response.reply)
        parts.keeper.spoken(await self._speak(response.reply))

    async def _speak(self, reply: Reply) -> str:
        """Speak, and stop when the person begins to: what was spoken by then is returned."""
        parts = self._parts
        parts.ear.mute()
        try:
            return await self._say(reply)
        finally:
            parts.ear.unmute()

    async def _say(self, reply: Reply) -> str:
        parts = self._parts
        saying = asyncio.ensure_future(parts.mouth.say(reply))
        if not reply.uninterruptible:
            speech = asyncio.ensure_future(parts.ear.speech())
            await asyncio.wait({saying, speech}, return_when=asyncio.FIRST_COMPLETED)
            if speech.done() and not saying.done():
                parts.mouth.interrupt()
            speech.cancel()
            with suppress(asyncio.CancelledError, DeviceError):
                await speech
        return (await saying).text

    async def _unless_stopped(self, work: Coroutine[Any, Any, Listened]) -> Listened | None:
        """Return what ``work`` gives, or None as soon as the conversation is to stop."""
        working = asyncio.ensure_future(work)
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return None if self._stopping.is_set() else working.result()
        finally:
            for task in (working, stopping):
                task.cancel()
            await asyncio.gather(working, stopping, return_exceptions=True)
