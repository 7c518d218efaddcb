"""One conversation, from greeting to goodbye.

The loop: listen; assess and answer (the dialogue does both); commit the turn; speak; listen again. It knows ports and
values only, so a microphone, recordings and a keyboard drive the same object, and tests run it with fakes on a clock
of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from companion.core.heard import NOTHING_HEARD, Heard
from companion.core.record import NewSession, TurnKind
from companion.core.turn import Reply
from companion.dialogue.commands import Asked
from companion.dialogue.flow import Closing, Command, Response, State
from companion.dialogue.opportunity import has_the_word
from companion.dialogue.plan import Event
from companion.dialogue.requests import Answer
from companion.errors import DeviceError, InferenceError, StoreError
from companion.safety.risk import NO_RISK, Level, Risk
from companion.session.attention import Attention
from companion.session.ear import ENDED, SILENCE, Listened, Utterance
from companion.session.interlude import Interlude, Moment, due_now, wanted_now
from companion.session.leading import Leading
from companion.session.noting import new_turn
from companion.session.outward import Mouth, Screen
from companion.session.parts import Ending, Outcome, Parts, Witness

__all__ = ["Conversation", "Ending", "Mouth", "Outcome", "Parts", "Screen", "Witness"]

_OF_THE_VOICE: Final = frozenset({Command.LOUDER, Command.SOFTER, Command.SLOWER, Command.FASTER})


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
        self._attention = Attention(parts.ear, parts.screen)
        self._leading = Leading(parts)
        self._began = 0.0
        self._turns = 0
        self._seen: Utterance | None = None

    def stop(self) -> None:
        """End soon and kindly: what is being said is cut short, closing words are spoken, everything is kept."""
        self._attention.stop()
        self._parts.mouth.interrupt()

    async def run(self, new: NewSession, first: Utterance | None = None) -> Outcome:
        """Hold the conversation and return what it came to.

        Args:
            new: What is known when it starts.
            first: What the person has said already, to be answered once they were greeted.
        """
        parts = self._parts
        self._began = parts.clock.monotonic()
        parts.keeper.start(new)
        try:
            await self._open(first)
            ending = await self._until_the_end()
        except asyncio.CancelledError:
            parts.keeper.end(parts.clock.now(), Ending.INTERRUPTED)
            raise
        parts.keeper.end(parts.clock.now(), ending)
        return self._outcome(ending)

    def _outcome(self, ending: Ending) -> Outcome:
        keeper = self._parts.keeper
        seconds = self._parts.clock.monotonic() - self._began
        return Outcome(keeper.session_id, self._turns, seconds, ending, keeper.unwritten)

    async def run_only(self, new: NewSession, interlude: Interlude) -> Outcome:
        """Hold one interlude without a greeting, and go on only as long as safety has the word after it."""
        parts = self._parts
        self._began = parts.clock.monotonic()
        parts.keeper.start(new)
        ending = Ending.DONE
        try:
            await self._hold(interlude, None)
            if has_the_word(self._state) or self._attention.is_kept_waiting:
                ending = await self._until_the_end()
        except asyncio.CancelledError:
            ending = Ending.INTERRUPTED
            raise
        finally:
            parts.keeper.end(parts.clock.now(), ending)
        return self._outcome(ending)

    async def _open(self, first: Utterance | None) -> None:
        """Greet. Who spoke first is answered next; who is in danger is answered at once, without a greeting."""
        if first is not None and self._is_dangerous(first):
            self._attention.put_back(first)
            return
        parts = self._parts
        following = self._due(_moved(self._state, Event.GREETED)) if first is None else None
        # One question at a time: what is begun next may ask.
        setting = replace(parts.setting(), asks_next=following is not None)
        response = parts.dialogue.open(setting, self._state, parts.chance())
        # A conversation that returns to a danger asks after it: what was said before is no answer to that.
        returns = bool(response.steps)
        await self._answer(TurnKind.OPENING, response, first if returns else None)
        if first is None:
            if following is not None and not has_the_word(self._state):
                await self._hold(following, None)
        elif not returns and await self._begin_due(pressing=True):
            return
        elif not returns:
            self._attention.put_back(first)

    @property
    def session_id(self) -> str | None:
        """Id of the session in the record; None while nothing could be written."""
        return self._parts.keeper.session_id

    @property
    def turn_id(self) -> str | None:
        """Id of the last turn that was written."""
        return self._parts.keeper.turn_id

    async def utter(
        self, reply: Reply, utterance: Utterance | None = None, *, committed: Callable[[], None] = lambda: None
    ) -> None:
        """Commit and speak a reply that the dialogue did not choose."""
        heard = utterance.heard if utterance else None
        risk = NO_RISK if utterance is None else self.risk_of(utterance)
        response = self._parts.dialogue.noted(reply, self._state, heard, risk)
        await self._answer(TurnKind.EXCHANGE, response, utterance, committed=committed)

    async def hear(self) -> Utterance | None:
        """Return what the person says; anything else waits for the loop."""
        listened = await self.listen()
        if isinstance(listened, Utterance):
            return listened
        self._attention.put_back(listened)
        return None

    async def listen(self) -> Listened:
        """Return what the person says, once what it asks of the voice was done, or why there is nothing."""
        return await self._heard_within(self._waits)

    async def rest(self, seconds: float) -> Listened:
        """Return what is said within a time of quiet, SILENCE where nothing is."""
        return await self._heard_within(seconds)

    async def _heard_within(self, patience: float) -> Listened:
        while True:
            listened = await self._attention.listen_inside(patience)
            if not isinstance(listened, Utterance):
                return listened
            self._noticed(listened)
            asked = self.command_in(listened)
            if asked is None or asked.command not in {*_OF_THE_VOICE, Command.REPEAT} or self._is_dangerous(listened):
                return listened
            await self._obey_inside(listened)

    def risk_of(self, utterance: Utterance) -> Risk:
        """Return the danger in what was said."""
        return self._parts.dialogue.risk_of(utterance.heard.text, self._state)

    def comes_first(self, utterance: Utterance) -> bool:
        """Return whether the conversation must answer it, whatever was asked."""
        return self._is_dangerous(utterance) or self.command_in(utterance) is not None

    def command_in(self, utterance: Utterance) -> Asked | None:
        """Return the command that it is, if it is nothing else."""
        return self._parts.dialogue.command_in(utterance.heard.text)

    async def raise_danger(
        self, risk: Risk, utterance: Utterance | None, *, committed: Callable[[], None] = lambda: None
    ) -> None:
        """Commit and say what safety demands for a danger that shows only in what was asked before."""
        parts = self._parts
        heard = NOTHING_HEARD if utterance is None else utterance.heard
        response = parts.dialogue.raised(risk, heard, parts.setting(), self._state, parts.chance())
        if response is None:
            committed()
            return
        await self._answer(TurnKind.EXCHANGE, response, utterance, committed=committed)

    def _is_dangerous(self, utterance: Utterance) -> bool:
        return self.risk_of(utterance).level is not Level.NONE

    async def _obey_inside(self, utterance: Utterance) -> None:
        """Do what is wished of the voice, and put what was asked once more."""
        before = self._state.turns[-1].reply if self._state.turns else ""
        response = await self._think(utterance.heard)
        if response.command in _OF_THE_VOICE:
            response = self._obey(response, response.command)
            again = replace(response.reply, text=f"{response.reply.text} {before}".strip())
            response = replace(response, reply=again)
        await self._answer(TurnKind.EXCHANGE, response, utterance)

    async def _begin_due(self, *, silent: bool = False, pressing: bool = False) -> bool:
        """Begin what is due at this moment, or what is pressing alone; return whether anything was."""
        interlude = self._due(self._state, silent=silent, pressing=pressing)
        if interlude is None:
            return False
        await self._hold(interlude, None)
        return True

    def _due(self, state: State, *, silent: bool = False, pressing: bool = False) -> Interlude | None:
        """Return what may be begun unasked, if there is anything."""
        parts = self._parts
        interludes = parts.pressing if pressing else (*parts.pressing, *parts.interludes)
        moment = Moment(parts.clock.now(), parts.clock.monotonic() - self._began, self._turns, state, silent=silent)
        try:
            return due_now(interludes, moment, parts.dialogue.refusal)
        except StoreError as error:
            parts.screen.notice(error.key, **error.fields)
            return None

    async def _hold(self, interlude: Interlude, utterance: Utterance | None) -> None:
        """Let an interlude run its course; what was said instead of an answer is the next turn."""
        if utterance is not None:
            self._move(Event.SPOKE)
        runs = interlude.offer.runs_its_course
        if runs:
            self._move(Event.OFFERED)
        try:
            said = await interlude.hold(self, utterance)
        except StoreError as error:
            self._parts.screen.notice(error.key, **error.fields)
            await self.utter(interlude.trouble())
            return
        finally:
            if runs:
                self._move(Event.SETTLED)
        if said is not None:
            self._attention.put_back(said)

    def _move(self, event: Event) -> None:
        self._state = _moved(self._state, event)

    async def _until_the_end(self) -> Ending:
        while True:
            try:
                listened = await self._attention.listen(self._waits)
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

    async def _take(self, listened: Listened) -> Ending | None:
        """Answer one turn of the person, or silence; return why the conversation ended, if it did."""
        parts = self._parts
        if not isinstance(listened, Utterance):
            if await self._begin_due(silent=True):
                return None
            response = parts.dialogue.silence(parts.setting(), self._state, parts.chance())
            await self._answer(TurnKind.SILENCE, response)
            return Ending.SILENCE if response.reply.ends_session else None
        self._noticed(listened)
        response = await self._think(listened.heard)
        wanted = wanted_now(parts.interludes, response, listened)
        if wanted is not None:
            await self._hold(wanted, listened)
            return None
        if response.command is not None:
            response = self._obey(response, response.command)
        response = await self._leading.led(response)
        await self._answer(TurnKind.EXCHANGE, response, listened, committed=lambda: self._witnessed(listened, response))
        if response.reply.ends_session:
            return Ending.PERSON
        await self._begin_due()
        return None

    def _witnessed(self, utterance: Utterance, response: Response) -> None:
        for witness in self._parts.witnesses:
            try:
                witness(utterance, response, self.turn_id)
            except StoreError as error:
                self._parts.screen.notice(error.key, **error.fields)

    def _noticed(self, utterance: Utterance) -> None:
        """Show what was heard, and count it, once."""
        if utterance is self._seen:
            return
        self._seen = utterance
        self._parts.screen.heard(utterance.heard, utterance.source)
        self._turns += bool(utterance.heard.text)

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

    async def _answer(
        self,
        kind: TurnKind,
        response: Response,
        utterance: Utterance | None = None,
        *,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        """Commit the turn, then show and speak its reply; what was really spoken is recorded after."""
        parts = self._parts
        self._state = response.state
        # A danger that was not plain is asked about with a short count-down: silence is an answer then.
        self._waits = next((step.wait_seconds for step in response.steps if step.wait_seconds), self._patience)
        turn = new_turn(parts.clock.now(), kind, response, dialogue=parts.dialogue, utterance=utterance)
        parts.keeper.keep(turn)
        committed()
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


def _moved(state: State, event: Event) -> State:
    return replace(state, plan=state.plan.after(event))
