"""The interlude of screening: offered at a good moment or asked for, held, and gone on with after an interruption.

What may be done now is decided by pure rules (``screening.due``, ``screening.offering``) over the history that the
ledger gives. One instrument is administered in a conversation; a no is taken for an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from companion.core.turn import Reply, ReplySource
from companion.dialogue.opportunity import Offer
from companion.dialogue.state import Response
from companion.errors import NotAllowed
from companion.safety.risk import Level
from companion.screening.due import Past, Permission
from companion.screening.instrument import Instrument
from companion.screening.interview import Interview, Manner
from companion.screening.offering import Choice, OfferRules, to_ask, to_offer
from companion.screening.record import Asker, Screening, Status
from companion.screening.requests import Outcome
from companion.screening.wanting import Wanting
from companion.session.administering import Administering, Around, Keeping
from companion.session.ear import Utterance
from companion.session.interlude import Floor, Moment


class Ledger(Protocol):
    """The screenings of the person who talks, in the record. Blocking."""

    def may_keep(self) -> bool:
        """Return whether the person agrees, now, that health data is kept."""
        ...

    def settle(self) -> None:
        """Mark what was not gone on with in time as expired.

        Raises:
            StoreError: It could not be written.
        """
        ...

    def history(self) -> Sequence[Past]:
        """Return every screening of the person.

        Raises:
            StoreError: It cannot be read.
        """
        ...

    def touched(self) -> Sequence[str]:
        """Return the items that signs in free talk touch, one for each sign that led to nothing yet.

        Raises:
            StoreError: It cannot be read.
        """
        ...

    def allow(self, past: Past) -> None:
        """Keep that the rest of a suspended screening may be offered from now on.

        Raises:
            StoreError: It could not be written.
        """
        ...

    def keeping(self, instrument: Instrument, resumed: Past | None, *, by_signs: bool = False) -> Keeping:
        """Return what keeps a screening: a new one, or more of one that is open.

        Args:
            instrument: Which.
            resumed: What is gone on with.
            by_signs: Whether signs in free talk led to offering it.
        """
        ...


@dataclass(frozen=True, slots=True)
class ScreeningWords:
    """What is said around a screening in a conversation, beside the interview's own words."""

    asked: str
    """Before the first question where the person asked for it."""
    held_back: str
    """The rest of a suspended one is asked for too early."""
    one_a_session: str
    unkept: str
    """Health data may not be kept."""
    withdrawn: str
    """The consent to it was taken back in the middle."""
    trouble: str
    """An answer could not be written."""

    @classmethod
    def parse(cls, table: Mapping[str, str]) -> ScreeningWords:
        """Read ``[interlude]`` of the wording.

        Raises:
            KeyError: A sentence is missing.
        """
        return cls(**{name: str(table[name]) for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class ScreeningParts:
    """What the interlude is made of."""

    instruments: Mapping[str, Instrument]
    interview: Interview
    rules: OfferRules
    wanting: Wanting
    words: ScreeningWords
    ledger: Ledger
    around: Around
    now: Callable[[], datetime]
    address: str = ""
    offers: bool = False
    """Whether it is offered unasked: not where nobody can answer, nor with a stage of dementia that bars it."""


class ScreeningInterlude:
    """Lives as long as a conversation."""

    def __init__(self, parts: ScreeningParts) -> None:
        self._parts = parts
        self._rest: Past | None = None
        """What was suspended in this conversation."""
        self._let_go: float | None = None
        """Since when safety has let go of it, in seconds of the conversation."""
        self._choice: Choice | None = None
        self._settled = False
        self._may_go_on = False
        """Whether safety allows, at the last wish, that the rest of a suspended one is asked."""
        self.outcome: Outcome | None = None
        """Of the last interview that was held."""

    @property
    def offer(self) -> Offer:
        """A screening, or the rest of one that was suspended here."""
        return Offer.REST if self._rest is not None else Offer.SCREENING

    def due(self, moment: Moment) -> bool:
        """Return whether one should be offered now."""
        parts = self._parts
        if not parts.offers or not parts.ledger.may_keep():
            return False
        if self._rest is not None:
            return self._is_calm(moment)
        self._choice = self._to_offer()
        return self._choice is not None

    def wanted(self, response: Response, utterance: Utterance) -> bool:
        """Return whether the person asks for a check."""
        if response.risk.level is not Level.NONE or response.command is not None:
            return False
        self._may_go_on = response.state.protocol.level is not Level.URGENT
        return self._parts.wanting.find(utterance.heard.text) is not None

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Offer one, or begin the one that was asked for.

        Raises:
            StoreError: An answer could not be written.
        """
        if utterance is None:
            return await self._offer(floor)
        ledger = self._parts.ledger
        if not ledger.may_keep():
            await floor.utter(self._say("unkept"), utterance)
            return None
        self._settle()
        if self._rest is not None and self._may_go_on:
            ledger.allow(self._rest)
            self._rest = None
        wanted = self._parts.wanting.find(utterance.heard.text) or ""
        choice = to_ask(self._parts.rules, self._parts.instruments, ledger.history(), self._parts.now(), wanted)
        refused = _REFUSED.get(choice.permission)
        if refused is not None:
            await floor.utter(self._say(refused), utterance)
            return None
        await floor.utter(self._say("asked"), utterance)
        return await self.administer(floor, choice, Manner(Asker.PERSON, self._parts.address, willing=True))

    async def administer(
        self, floor: Floor, choice: Choice, manner: Manner, *, by_signs: bool = False
    ) -> Utterance | None:
        """Hold an interview, or what is left of one; return what the person said that it does not answer.

        Raises:
            StoreError: An answer could not be written.
        """
        parts, instrument = self._parts, choice.instrument
        resumed = self._open(instrument) if choice.permission is Permission.RESUME else None
        manner = _as_begun(manner, None if resumed is None else resumed.screening)
        interview = parts.interview.administer(instrument, manner, None if resumed is None else resumed.screening)
        keeping = parts.ledger.keeping(instrument, resumed, by_signs=by_signs)
        try:
            held = await Administering(floor, parts.around, keeping).hold(interview)
        except NotAllowed:
            await floor.utter(self._say("withdrawn"))
            return None
        self.outcome = held.outcome
        is_suspended = held.outcome.screening.status is Status.SUSPENDED and not held.outcome.closing
        self._rest = self._open(instrument) if is_suspended else None
        self._let_go = None
        return held.unanswered

    def trouble(self) -> Reply:
        """Return what is said where an answer could not be written."""
        return self._say("trouble")

    async def _offer(self, floor: Floor) -> Utterance | None:
        parts = self._parts
        if self._rest is not None:
            rest, self._rest = self._rest, None
            parts.ledger.allow(rest)
            self._choice = self._to_offer()
        choice, self._choice = self._choice, None
        if choice is None:
            return None
        by_signs = any(item.partition(".")[0] == choice.instrument.id for item in parts.ledger.touched())
        return await self.administer(floor, choice, Manner(Asker.PLAN, parts.address), by_signs=by_signs)

    def _to_offer(self) -> Choice | None:
        parts = self._parts
        self._settle()
        touched = parts.ledger.touched()
        return to_offer(parts.rules, parts.instruments, parts.ledger.history(), parts.now(), touched)

    def _settle(self) -> None:
        if not self._settled:
            self._settled = True
            self._parts.ledger.settle()

    def _is_calm(self, moment: Moment) -> bool:
        """Whether safety has let go a while ago, so that the rest may be offered still in this conversation."""
        if moment.state.protocol.level is Level.URGENT:
            self._let_go = None
            return False
        if self._let_go is None:
            self._let_go = moment.elapsed
        return moment.elapsed - self._let_go >= self._parts.rules.calm_seconds

    def _open(self, instrument: Instrument) -> Past | None:
        own = [past for past in self._parts.ledger.history() if past.screening.instrument == instrument.id]
        last = max(own, key=lambda past: past.number, default=None)
        return last if last is not None and last.screening.status.is_open else None

    def _say(self, name: str) -> Reply:
        text = str(getattr(self._parts.words, name)).replace("{address}", self._parts.address)
        return Reply(text, ReplySource.FIXED, f"screening.interlude.{name}")


_REFUSED: Mapping[Permission, str] = {
    Permission.SUSPENDED: "held_back",
    Permission.ONE_A_SESSION: "one_a_session",
}


def _as_begun(manner: Manner, resumed: Screening | None) -> Manner:
    """Return how a screening is gone on with: as wholly as it was begun, and by whom it was asked for first."""
    if resumed is None:
        return manner
    return Manner(resumed.asked_by, manner.address, gate=not resumed.whole, willing=manner.willing)
