"""Holds one interview over a floor: says what it asks, hears the answer, and keeps each before the next is asked.

Every utterance is assessed for danger before the interview hears it. A danger of concern, or a critical item that is
affirmed, ends the interview for now: safety has the next word, and what was answered is on the disk before it speaks.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final, Protocol

from companion.core.turn import Reply as Said
from companion.core.turn import ReplySource
from companion.dialogue.state import Command
from companion.errors import CompanionError
from companion.safety.risk import NO_RISK, Kind, Level, Risk
from companion.screening.record import Screening, Status
from companion.screening.requests import Ask, Consult, Opinion, Outcome, Reply, Request, Response
from companion.session.answering import Answerer
from companion.session.ear import SILENCE, Listened, Utterance
from companion.session.interlude import Floor

OF_ITEM: Final = Risk(Level.CONCERN, Kind.ACTIVE_THOUGHT, "screening.critical_item", confidence=1.0)
"""What an affirmed critical item is, whatever its words."""


class Keeping(Protocol):
    """Keeps one screening. Blocking; what it was handed is on the disk when it returns."""

    def keep(self, screening: Screening, turn_id: str | None, *, session_id: str | None, risk: Risk = NO_RISK) -> None:
        """Keep a screening as far as it went, begun by the first call.

        Args:
            screening: With all its answers.
            turn_id: Of the turn in which the newest answer was given.
            session_id: Of the running conversation.
            risk: Of the danger that suspended it.

        Raises:
            NotAllowed: Health data may not be kept any more: nothing was.
            StoreError: It could not be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class Around:
    """What is around an interview."""

    answerer: Answerer
    """Answers where the language model is asked for an opinion."""
    attend: Callable[[bool], None] = lambda _question: None
    """Tells the ear that a screening question is being answered: the pause is then never under two seconds."""
    trouble: Callable[[CompanionError], None] = lambda _error: None
    """Told of what could not be written where safety must speak all the same."""


@dataclass(frozen=True, slots=True)
class Held:
    """How an interview was left."""

    outcome: Outcome
    unanswered: Utterance | None = None
    """What the person said that the interview does not answer."""


class Administering:
    """Runs once.

    Args:
        floor: To speak and listen over.
        around: What is around it.
        keeping: Keeps it.
    """

    def __init__(self, floor: Floor, around: Around, keeping: Keeping) -> None:
        self._floor = floor
        self._around = around
        self._keeping = keeping
        self._heard: Utterance | None = None
        """What the next words of 말벗 answer."""
        self._passed_on: Utterance | None = None
        """What the conversation must answer itself."""
        self._over = False
        self._watched = NO_RISK
        """A danger below concern: asked about after the last word, whatever a critical item was answered with."""

    async def hold(self, interview: Generator[Request, Response, Outcome], utterance: Utterance | None = None) -> Held:
        """Hold it from its first question to its last word.

        Args:
            interview: Not yet begun.
            utterance: What its first question answers.

        Raises:
            NotAllowed: Health data may not be kept any more.
            StoreError: An answer could not be written.
        """
        self._heard = utterance
        self._around.attend(True)
        try:
            outcome = await self._administered(interview)
        finally:
            self._around.attend(False)
        return await self._ended(outcome)

    async def _administered(self, interview: Generator[Request, Response, Outcome]) -> Outcome:
        answered: Response
        try:
            request = next(interview)
            while True:
                answered = await self._opinion(request) if isinstance(request, Consult) else await self._asked(request)
                request = interview.send(answered)
        except StopIteration as finished:
            outcome: Outcome = finished.value
            return outcome

    async def _opinion(self, consult: Consult) -> Opinion:
        opinion = await self._around.answerer.answer(consult)
        if isinstance(opinion, tuple) and all(isinstance(one, float) for one in opinion):
            return tuple(one for one in opinion if isinstance(one, float))
        return None

    async def _asked(self, ask: Ask) -> Reply:
        name = f"screening.{ask.item or ask.kind}.{ask.form or ask.kind}"

        def committed() -> None:
            if ask.so_far is not None:
                self._keeping.keep(ask.so_far, self._floor.turn_id, session_id=self._floor.session_id)

        await self._floor.utter(Said(ask.text, ReplySource.FIXED, name), self._heard, committed=committed)
        return self._reply_to(await self._floor.listen())

    def _reply_to(self, listened: Listened) -> Reply:
        self._heard = None
        if not isinstance(listened, Utterance):
            self._over = listened is not SILENCE
            return Reply("", over=self._over)
        self._heard = listened
        risk = self._floor.risk_of(listened)
        if risk.level.rank >= Level.CONCERN.rank:
            return Reply(listened.heard.text, listened.heard.confidence, danger=True)
        if risk.level is not Level.NONE:
            self._watched = risk
        asked = self._floor.command_in(listened)
        if asked is not None and (asked.farewell or asked.command is not Command.STOP):
            self._passed_on = listened
            # Who wants nothing kept any more does not want to be asked the rest tomorrow.
            return Reply("", over=asked.farewell, stops=not asked.farewell)
        heard = listened.heard
        return Reply(heard.text, heard.confidence, doubtful=heard.ask_again, stops=asked is not None)

    async def _ended(self, outcome: Outcome) -> Held:
        """Keep how it ended and say the last word, or let safety have it."""
        if outcome.screening.status is Status.SUSPENDED and not outcome.closing:
            await self._suspended(outcome)
            return Held(outcome)
        unanswered = self._passed_on or (self._heard if outcome.unsaid else None)
        if unanswered is not None or self._over:
            self._keep_quietly(outcome)
            return Held(outcome, unanswered)
        closing = Said(outcome.closing, ReplySource.FIXED, f"screening.ending.{outcome.screening.status}")
        await self._floor.utter(closing, self._heard, committed=lambda: self._keep(outcome))
        if self._watched.level is not Level.NONE:
            await self._floor.raise_danger(self._watched, None)
        return Held(outcome)

    async def _suspended(self, outcome: Outcome) -> None:
        risk = NO_RISK if self._heard is None else self._floor.risk_of(self._heard)
        grave = risk if risk.level.rank >= Level.CONCERN.rank else OF_ITEM
        # Nothing may keep the words of safety from being spoken.
        await self._floor.raise_danger(grave, self._heard, committed=lambda: self._keep_quietly(outcome, grave))

    def _keep_quietly(self, outcome: Outcome, risk: Risk = NO_RISK) -> None:
        try:
            self._keep(outcome, risk)
        except CompanionError as error:
            self._around.trouble(error)

    def _keep(self, outcome: Outcome, risk: Risk = NO_RISK) -> None:
        self._keeping.keep(outcome.screening, self._floor.turn_id, session_id=self._floor.session_id, risk=risk)
