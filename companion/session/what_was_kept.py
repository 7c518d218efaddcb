"""Tells the person what 말벗 has written down for them: messages for people, and what it is to say at some time."""

from __future__ import annotations

from companion.core.turn import Reply, ReplySource
from companion.dialogue.daily.kept import KeptFinder, Meant
from companion.dialogue.opportunity import Offer
from companion.dialogue.state import Response
from companion.errors import StoreError
from companion.safety.risk import Level
from companion.session.asked import AskedToTell
from companion.session.ear import Utterance
from companion.session.errands import Errands
from companion.session.interlude import Floor, Moment


class WhatWasKept:
    """The interlude that answers a question after it; that nothing is written down is said if nothing else is meant.

    Args:
        finder: Tells such a question from what only sounds like one.
        errands: What is asked of people.
        asked: What is to be said at some time; None where that is not taken down.
    """

    def __init__(self, finder: KeptFinder, errands: Errands, asked: AskedToTell | None) -> None:
        self._finder = finder
        self._errands = errands
        self._asked = asked

    @property
    def offer(self) -> Offer:
        """News; it is never begun unasked."""
        return Offer.NEWS

    def due(self, moment: Moment) -> bool:  # noqa: ARG002 - it comes from the person
        """Return False: the person asks for it."""
        return False

    def wanted(self, response: Response, utterance: Utterance) -> bool:
        """Return whether the person asks what is written down, and something is, or was about to be."""
        if response.command is not None or response.risk.level is not Level.NONE or utterance.heard.ask_again:
            return False
        text = utterance.heard.text
        if not self._finder.asks(text):
            return False
        try:
            return bool(self._told(text)) or self._errands.is_left or self._finder.asks_plainly(text)
        except StoreError:
            return False

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Tell it; what was asked for last and not written down is asked about once more.

        Raises:
            StoreError: It could not be read or written.
        """
        if utterance is None:
            return None
        text = utterance.heard.text
        if self._errands.is_left and Meant.FOR_PEOPLE in self._finder.meant(text):
            return await self._errands.again(floor, utterance)
        told = self._told(text)
        said = Reply(told, ReplySource.FIXED, "daily.kept.told") if told else self._errands.nothing()
        await floor.utter(said, utterance)
        return None

    def trouble(self) -> Reply:
        """Return what is said where it could not be read."""
        return self._errands.trouble()

    def _told(self, text: str) -> str:
        """Return what a question means, sentence by sentence; where there is none of it, what there is."""
        meant = self._finder.meant(text)
        for_people = " ".join(self._errands.told(text))
        at_some_time = "" if self._asked is None else self._asked.told(text)
        if meant is Meant.ALL or not (for_people and at_some_time):
            return f"{for_people} {at_some_time}".strip()
        return for_people if meant is Meant.FOR_PEOPLE else at_some_time
