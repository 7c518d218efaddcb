"""Takes down what the person asks of people, once they have said yes to it, and tells them what came of it.

Two interludes. Nothing is promised but that it is written down; where nothing may be written down, that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

from companion.core.errand import Errand
from companion.core.turn import Reply
from companion.dialogue.consenting import Reaction
from companion.dialogue.daily.errands import Asked, ErrandFinder
from companion.dialogue.daily.words import DailyWords, Said
from companion.dialogue.opportunity import Offer
from companion.dialogue.state import Response
from companion.errors import StoreError
from companion.ports import Clock
from companion.safety.risk import Level
from companion.session.ear import SILENCE, Utterance
from companion.session.interlude import Floor, Moment

_ASKED_TWICE: Final = 2
_TOLD_AT_ONCE: Final = 2
"""Errands whose outcome one conversation tells."""


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
    """The interlude that takes a request down.

    Args:
        store: The record.
        finder: Tells a request from what only sounds like one.
        words: How it is said.
        reaction: Tells a yes from a no.
        clock: The wall clock.
    """

    def __init__(
        self,
        store: ErrandStore,
        finder: ErrandFinder,
        words: DailyWords,
        *,
        reaction: Callable[[str], Reaction],
        clock: Clock,
    ) -> None:
        self._store = store
        self._finder = finder
        self._words = words
        self._reaction = reaction
        self._clock = clock
        self._left: Asked | None = None
        """What was asked for last and not written down."""

    @property
    def offer(self) -> Offer:
        """News; nothing is asked of the person."""
        return Offer.NEWS

    def due(self, moment: Moment) -> bool:  # noqa: ARG002 - nobody is asked for requests
        """Return False: a request comes from the person."""
        return False

    def wanted(self, response: Response, utterance: Utterance) -> bool:
        """Return whether the person asks something of people."""
        calm = response.command is None and response.risk.level is Level.NONE
        return calm and not utterance.heard.ask_again and self._asked(utterance.heard.text) is not None

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Ask whether to write it down, and do it.

        Raises:
            StoreError: It could not be written.
        """
        asked = None if utterance is None else self._asked(utterance.heard.text)
        if asked is None:
            return utterance
        if not self._store.may_keep():
            await floor.utter(self._words.say(Said.NOT_KEPT), utterance)
            return None
        return await self._confirmed(floor, asked, utterance)

    def _asked(self, text: str) -> Asked | None:
        """Return what is asked of people: now, or again, as it was or put right, after it was left."""
        if (found := self._finder.find(text)) is not None or self._left is None:
            return found
        amended = self._finder.amended(self._left, text)
        changed = amended is not None and amended.words != self._left.words
        return amended if changed else self._left if self._finder.is_again(text) else None

    async def _confirmed(self, floor: Floor, asked: Asked, utterance: Utterance | None) -> Utterance | None:
        self._left = asked
        for _ in range(_ASKED_TWICE + 1):
            await floor.utter(self._words.errand(asked.purpose, asked.to, asked.words), utterance)
            listened = await floor.listen()
            if listened is SILENCE:
                utterance = None
                continue
            if not isinstance(listened, Utterance) or floor.comes_first(listened):
                return listened if isinstance(listened, Utterance) else None
            utterance = listened
            amended = self._finder.amended(asked, utterance.heard.text)
            if amended is not None:
                self._left = asked = amended
                continue
            reaction = self._reaction(utterance.heard.text)
            if reaction is Reaction.ELSE and self._finder.is_agreed(utterance.heard.text):
                reaction = Reaction.YES
            if reaction is Reaction.YES:
                now, asked = self._clock.now(), self._finder.with_more(asked, utterance.heard.text)
                self._store.keep(Errand(asked.purpose, asked.whom, asked.words, now, session_id=floor.session_id))
                self._left = None
                await floor.utter(self._words.say(Said.KEPT), utterance)
                return None
            if reaction is Reaction.NO:
                await floor.utter(self._words.say(Said.LEFT), utterance)
                return None
            if reaction is not Reaction.AGAIN:
                return utterance
        return utterance

    def trouble(self) -> Reply:
        """Return what is said where it could not be written down."""
        return self._words.say(Said.TROUBLE)


class TellingBack:
    """The interlude that tells what came of a request, once.

    Args:
        store: The record.
        words: How it is said.
        clock: The wall clock.
    """

    def __init__(self, store: ErrandStore, words: DailyWords, *, clock: Clock) -> None:
        self._store = store
        self._words = words
        self._clock = clock
        self._told = 0

    @property
    def offer(self) -> Offer:
        """News."""
        return Offer.NEWS

    def due(self, moment: Moment) -> bool:
        """Return whether there is news that the person waits for: told early, before it is forgotten."""
        if moment.silent or self._told >= _TOLD_AT_ONCE:
            return False
        try:
            return bool(self._store.to_tell())
        except StoreError:
            return False  # news waits; the conversation goes on

    def wanted(self, response: Response, utterance: Utterance) -> bool:  # noqa: ARG002 - it comes by itself
        """Return False: news comes by itself."""
        return False

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Tell the oldest; it is written down as told before it is heard, so that nobody hears it twice.

        Raises:
            StoreError: It could not be written.
        """
        self._told += 1
        news = self._store.to_tell()
        if news and self._store.told(news[0].id, self._clock.now()):
            await floor.utter(self._words.outcome(news[0]), utterance)
        return None

    def trouble(self) -> Reply:
        """Return what is said where it could not be written down that it was told."""
        return self._words.say(Said.TROUBLE)
