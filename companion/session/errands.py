"""Takes down what the person asks of people, once they have said yes to it, and puts it right.

Nothing is promised but that it is written down; where nothing may be written down, that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from companion.core.errand import Errand
from companion.core.turn import Reply
from companion.dialogue.consenting import Reaction
from companion.dialogue.daily.answers import OfferAnswers
from companion.dialogue.daily.errands import Asked, ErrandFinder
from companion.dialogue.daily.words import DailyWords, Said
from companion.dialogue.opportunity import Offer
from companion.dialogue.state import Response
from companion.ports import Clock
from companion.safety.risk import Level
from companion.session.ear import SILENCE, Utterance
from companion.session.interlude import Floor, Moment, Permission

_ASKED_TWICE: Final = 2
_MOST_TOLD: Final = 3
"""Of what is waiting, the latest ones, where all of it is asked for."""


class ErrandStore(Protocol):
    """The record of one person's errands. What is written is on the disk on return."""

    def may_keep(self) -> bool:
        """Return whether an errand may be written down now.

        Raises:
            StoreError: It cannot be read.
        """
        ...

    def keep(self, errand: Errand) -> str:
        """Commit an errand and return its id.

        Raises:
            StoreError: It could not be written.
        """
        ...

    def waiting(self) -> Sequence[Errand]:
        """Return what nobody has seen to yet, oldest first.

        Raises:
            StoreError: It cannot be read.
        """
        ...

    def take_back(self, errand_id: str, at: datetime) -> None:
        """Commit that the person wants it no more; what was seen to meanwhile stays as it is.

        Raises:
            StoreError: It could not be written.
        """
        ...

    def to_tell(self) -> Sequence[Errand]:
        """Return what was seen to and the person has not been told of.

        Raises:
            StoreError: It cannot be read.
        """
        ...

    def told(self, errand_id: str, at: datetime) -> bool:
        """Commit that the person is being told; False where they were before.

        Raises:
            StoreError: It could not be written.
        """
        ...


class Errands:
    """The interlude that takes a request down, and puts right what was taken down.

    Args:
        store: The record.
        finder: Tells a request from what only sounds like one.
        words: How it is said.
        answers: Tells a yes from a no.
        permission: Asked for where nothing may be written down yet.
        clock: The wall clock.
    """

    def __init__(
        self,
        store: ErrandStore,
        finder: ErrandFinder,
        words: DailyWords,
        *,
        answers: OfferAnswers,
        permission: Permission,
        clock: Clock,
    ) -> None:
        self._store = store
        self._finder = finder
        self._words = words
        self._answers = answers
        self._permission = permission
        self._clock = clock
        self._left: Asked | None = None
        """What was asked for last and not written down."""
        self._withdrawn: Asked | None = None
        """What was taken back last, which may have been misheard."""
        self._kept: tuple[str, Asked] | None = None
        """Id of what was written down last in this conversation, and what it is."""

    @property
    def offer(self) -> Offer:
        """News; nothing is asked of the person."""
        return Offer.NEWS

    def due(self, moment: Moment) -> bool:  # noqa: ARG002 - nobody is asked for requests
        """Return False: a request comes from the person."""
        return False

    def wanted(self, response: Response, utterance: Utterance) -> bool:
        """Return whether the person asks something of people, or puts right or takes back what was written down."""
        if response.command is not None or response.risk.level is not Level.NONE or utterance.heard.ask_again:
            return False
        text = utterance.heard.text
        found, understood = self._finder.find(text), response.understanding
        if found is not None and understood is not None and not self._finder.is_meant(found, understood.noticed.wants):
            return False
        return self._asked(text) is not None or self._takes_back(text)

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Ask whether to write it down, and do it; or take it back.

        Raises:
            StoreError: It could not be read or written.
        """
        if utterance is None:
            return None
        text = utterance.heard.text
        asked = self._asked(text)
        if asked is not None:
            puts_right = self._left is None and self._finder.find(text) is None
            before = self._kept if puts_right else None
            if self._store.may_keep():
                return await self._confirmed(floor, asked, utterance, before)
            not_kept = self._words.say(Said.NOT_KEPT)
            allowed, heard = await self._permission.permitted(floor, utterance, not_kept)
            return await self._confirmed(floor, asked, heard, before) if allowed else heard
        if self._takes_back(text) and self._kept is not None:
            (errand_id, self._withdrawn), self._kept = self._kept, None
            self._store.take_back(errand_id, self._clock.now())
            await floor.utter(self._words.say(Said.TAKEN_BACK), utterance)
            return None
        return utterance

    @property
    def is_left(self) -> bool:
        """Whether something was asked for last and not written down."""
        return self._left is not None

    async def again(self, floor: Floor, utterance: Utterance) -> Utterance | None:
        """Say that what was asked for last is not written down yet, and ask whether to do it.

        Raises:
            StoreError: It could not be written.
        """
        if self._left is None:
            return utterance
        return await self._confirmed(floor, self._left, utterance, lead=self._words.say(Said.NOT_YET).text)

    def told(self, text: str) -> list[str]:
        """Return what waits for somebody, one sentence each, the latest last: for whom a question names, else all.

        Raises:
            StoreError: It cannot be read.
        """
        waiting = self._store.waiting()
        named = [one for one in waiting if one.whom and one.whom.split()[-1] in text]
        meant = (named or list(waiting))[-_MOST_TOLD:]
        return [self._words.item(one, *self._finder.whom_and_message(one.words)) for one in meant]

    def nothing(self) -> Reply:
        """Return what is said where nothing is written down."""
        return self._words.say(Said.NOTHING)

    def trouble(self) -> Reply:
        """Return what is said where it could not be written down."""
        return self._words.say(Said.TROUBLE)

    # ---- taking down -----------------------------------------------------------------------------------------------

    def _asked(self, text: str) -> Asked | None:
        """Return what is asked of people: now, or again, as it was or put right, after it was left or written down."""
        if (found := self._finder.find(text)) is not None:
            return found
        last = self._left or (self._kept[1] if self._kept is not None else None)
        if last is None:
            return self._withdrawn if self._withdrawn is not None and self._finder.is_again(text) else None
        amended = self._finder.amended(last, text)
        if amended is not None and amended.words != last.words:
            return amended
        return last if self._left is not None and self._finder.is_again(text) else None

    async def _confirmed(
        self,
        floor: Floor,
        asked: Asked,
        utterance: Utterance | None,
        before: tuple[str, Asked] | None = None,
        *,
        lead: str = "",
    ) -> Utterance | None:
        """Ask whether to write a request down until that is answered; ``before`` is what it puts right."""
        self._left, self._withdrawn = asked, None
        for _ in range(_ASKED_TWICE + 1):
            question = self._words.errand(asked.purpose, asked.to, asked.words, asked.message)
            await floor.utter(replace(question, text=f"{lead} {question.text}".strip()), utterance)
            lead = ""
            listened = await floor.listen()
            if listened is SILENCE:
                utterance = None
                continue
            if not isinstance(listened, Utterance) or floor.comes_first(listened):
                return listened if isinstance(listened, Utterance) else None
            utterance = listened
            text = utterance.heard.text
            amended, answered = self._finder.amended(asked, text), self._answers.read(text)
            if self._finder.is_for_me(text):
                self._left = None
                return utterance
            if amended is not None and amended.words != asked.words:
                self._left = asked = amended
            elif answered.reaction is Reaction.YES:
                await self._keep(floor, self._finder.with_more(asked, text), utterance, before)
                return utterance.going_on(answered.rest)
            elif answered.reaction is Reaction.NO and amended is None:
                await floor.utter(self._words.say(Said.LEFT), utterance)
                return utterance.going_on(answered.rest)
            elif answered.reaction is not Reaction.AGAIN and amended is None:
                return utterance
        return utterance

    async def _keep(self, floor: Floor, asked: Asked, utterance: Utterance, before: tuple[str, Asked] | None) -> None:
        """Write it down, and take back what it puts right."""
        now, first = self._clock.now(), self._kept is None
        errand = Errand(asked.purpose, asked.whom, asked.words, now, session_id=floor.session_id)
        self._kept, self._left = (self._store.keep(errand), asked), None
        if before is not None:
            self._store.take_back(before[0], now)
        said = Said.KEPT_AGAIN if before is not None else Said.KEPT if first else Said.KEPT_TOO
        await floor.utter(self._words.say(said), utterance)

    def _takes_back(self, text: str) -> bool:
        return self._kept is not None and self._finder.takes_back(text)
