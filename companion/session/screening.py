"""Administers one instrument by voice, keyboard or recordings: drives the pure interview over the ports of a session.

Every utterance is assessed for danger before the interview hears it. Where the interview is suspended the safety reply
is said at once, and the conversation goes on, so that nobody is left alone with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol

from companion.core.heard import Heard
from companion.core.record import NewSession, NewTurn, TurnKind
from companion.core.turn import Reply as Said
from companion.core.turn import ReplySource
from companion.dialogue.flow import Dialogue, Response, Setting
from companion.errors import DeviceError, InferenceError
from companion.ports import Clock
from companion.safety.risk import NO_RISK, Level, Risk
from companion.screening.record import Status
from companion.screening.requests import Ask, Consult, Outcome, Reply, Request
from companion.screening.requests import Response as Answered
from companion.session.answering import Answerer
from companion.session.conversation import Mouth, Screen
from companion.session.ear import ENDED, SILENCE, Ear, Listened, Utterance
from companion.session.keeping import Keeper
from companion.session.noting import new_turn


class Endangered(Protocol):
    """Says what safety demands."""

    def assess(self, heard: Heard) -> Risk:
        """Return the danger in what was heard."""
        ...

    def respond(self, heard: Heard, risk: Risk, setting: Setting) -> Response:
        """Return the safety reply, also where only the answer to a critical item shows the danger."""
        ...


@dataclass(frozen=True, slots=True)
class ScreeningParts:
    """What a screening session is made of."""

    ear: Ear
    mouth: Mouth
    dialogue: Dialogue
    safety: Endangered
    answerer: Answerer
    keeper: Keeper
    screen: Screen
    clock: Clock
    chance: Callable[[], float]
    setting: Callable[[], Setting]
    alarm: Callable[[], None] = lambda: None
    """Called when an alert was committed."""
    attend: Callable[[bool], None] = lambda _question: None
    """Tells the ear that a screening question is being answered: the pause is then never under two seconds."""


class ScreeningTalk:
    """Runs once.

    Args:
        parts: What it is made of.
        patience: Seconds of silence before the question is put again.
    """

    def __init__(self, parts: ScreeningParts, *, patience: float) -> None:
        self._parts = parts
        self._patience = patience
        self._kind = TurnKind.OPENING
        self._heard: Utterance | None = None
        self._risk = NO_RISK
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End soon: the interview is interrupted and kept."""
        self._stopping.set()
        self._parts.mouth.interrupt()

    async def run(self, new: NewSession, interview: Generator[Request, Answered, Outcome]) -> Outcome:
        """Hold the interview and return its outcome; the session's turns are kept."""
        parts = self._parts
        parts.keeper.start(new)
        parts.attend(True)
        outcome = await self._administered(interview)
        parts.attend(False)
        if outcome.screening.status is Status.SUSPENDED:
            await self._stay()
        else:
            await self._say(Said(outcome.closing, ReplySource.FIXED, "screening.ending", ends_session=True))
        parts.keeper.end(parts.clock.now(), str(outcome.screening.status))
        return outcome

    async def _administered(self, interview: Generator[Request, Answered, Outcome]) -> Outcome:
        answered: Answered
        try:
            request = next(interview)
            while True:
                if isinstance(request, Consult):
                    opinion = await self._parts.answerer.answer(request)
                    answered = _probabilities(opinion)
                else:
                    answered = await self._asked(request)
                request = interview.send(answered)
        except StopIteration as finished:
            outcome: Outcome = finished.value
            return outcome

    async def _asked(self, ask: Ask) -> Reply:
        name = f"screening.{ask.item or ask.kind}.{ask.form or ask.kind}"
        await self._say(Said(ask.text, ReplySource.FIXED, name))
        listened = await self._listened()
        if listened is None:
            return Reply("", over=True)
        if not isinstance(listened, Utterance):
            self._heard, self._kind = None, TurnKind.SILENCE
            return Reply("")
        heard = listened.heard
        self._heard, self._kind = listened, TurnKind.EXCHANGE
        self._risk = self._parts.safety.assess(heard)
        return Reply(
            heard.text,
            heard.confidence,
            doubtful=heard.ask_again,
            danger=self._risk.level.rank >= Level.CONCERN.rank,
        )

    async def _stay(self) -> None:
        """Say what safety demands, then go on listening and answering until the person or the source ends it."""
        parts = self._parts
        heard = self._heard.heard if self._heard is not None else Heard.typed("")
        response = parts.safety.respond(heard, self._risk, parts.setting())
        self._risk = response.risk
        while True:
            await self._say(response.reply, response)
            if response.reply.ends_session:
                return
            listened = await self._listened()
            if listened is None:
                return
            if isinstance(listened, Utterance):
                self._heard, self._kind = listened, TurnKind.EXCHANGE
                response = await self._thought(listened.heard, response)
                self._risk = response.risk
            else:
                self._heard, self._kind, self._risk = None, TurnKind.SILENCE, NO_RISK
                response = parts.dialogue.silence(parts.setting(), response.state, parts.chance())

    async def _thought(self, heard: Heard, before: Response) -> Response:
        parts = self._parts
        thought = parts.dialogue.respond(heard, parts.setting(), before.state, parts.chance())
        try:
            request = next(thought)
            while True:
                request = thought.send(await parts.answerer.answer(request))
        except StopIteration as finished:
            response: Response = finished.value
            return response

    async def _listened(self) -> Listened | None:
        """Return an utterance, silence, or None where the session is over."""
        parts = self._parts
        if self._stopping.is_set():
            return None
        parts.screen.listening()
        try:
            listened = await parts.ear.listen(self._patience)
        except DeviceError as error:
            parts.screen.notice(error.key, **error.fields)
            return None
        except InferenceError as error:
            parts.screen.notice(error.key, **error.fields)
            return SILENCE
        if isinstance(listened, Utterance):
            parts.screen.heard(listened.heard, listened.source)
        return None if listened is ENDED else listened

    async def _say(self, said: Said, response: Response | None = None) -> None:
        """Commit the turn, with the protocol's steps and alerts where it decided, then show and speak what is said."""
        parts = self._parts
        utterance = self._heard
        if not said.text:
            return
        now = parts.clock.now()
        if response is not None:
            turn = new_turn(now, self._kind, response, dialogue=parts.dialogue, utterance=utterance)
        else:
            turn = NewTurn(
                at=now,
                kind=self._kind,
                reply=said,
                heard=None if utterance is None else utterance.heard,
                heard_from="" if utterance is None else utterance.source,
                risk_level=self._risk.level,
                risk_kind=self._risk.kind,
                risk_evidence=self._risk.evidence,
                risk_confidence=self._risk.confidence,
            )
        parts.keeper.keep(turn)
        if turn.alerts:
            parts.alarm()
        self._heard, self._risk = None, NO_RISK
        parts.screen.said(said)
        parts.ear.mute()
        try:
            spoken = await parts.mouth.say(said)
        finally:
            parts.ear.unmute()
        parts.keeper.spoken(spoken.text)


def _probabilities(opinion: object) -> tuple[float, ...] | None:
    """Return an answer to a consultation as probabilities; anything else is none."""
    if isinstance(opinion, tuple) and all(isinstance(one, float) for one in opinion):
        return opinion
    return None
