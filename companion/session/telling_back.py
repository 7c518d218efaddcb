"""Tells the person once what came of what they asked of people."""

from __future__ import annotations

from typing import Final

from companion.core.turn import Reply
from companion.dialogue.daily.words import DailyWords, Said
from companion.dialogue.opportunity import Offer
from companion.dialogue.state import Response
from companion.errors import StoreError
from companion.ports import Clock
from companion.session.ear import Utterance
from companion.session.errands import ErrandStore
from companion.session.interlude import Floor, Moment

_TOLD_AT_ONCE: Final = 2
"""Errands whose outcome one conversation tells."""


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
