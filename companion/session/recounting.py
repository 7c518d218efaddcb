"""Tells what 말벗 knows of the person, a few things at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from companion.core.turn import Reply, ReplySource
from companion.dialogue.memory.recall import standing
from companion.session.ear import Utterance
from companion.session.interlude import Floor
from companion.session.knowing import Knowing
from companion.session.learning import MemoryStore

_MOST_TOLD: Final = 12
SENTENCES: Final = re.compile(r"[^.?!…]+[.?!…]*")
"""Of an utterance that asks in one of them: 준서가 몇 학년이라고 했지? 자네 기억하나 보게."""
_TELLING: Final = "memory.telling"


class Recounting:
    """Lives as long as a conversation.

    Args:
        store: Of the person who talks.
        knowing: How it is said.
        now: The wall clock; aware.
    """

    def __init__(self, store: MemoryStore, knowing: Knowing, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._wishes, self._words = knowing.wishes, knowing.words
        self._now = now

    async def tell(self, floor: Floor, utterance: Utterance) -> Utterance | None:
        """Tell what is known, a few things at a time, as long as the person wants to hear more."""
        known = self._store.all()
        left = standing(known, self._now())[-_MOST_TOLD:]
        if not left:
            await floor.utter(self._words.fixed("telling.nothing"), utterance)
            return None
        opening = self._words.fixed("telling.begin").text
        heard: Utterance | None = utterance
        while left:
            spoken = self._words.telling(left, known, self._now())
            end = self._words.fixed("telling.more" if spoken.more else "telling.done").text
            text = " ".join(piece for piece in (opening, spoken.text, end) if piece)
            await floor.utter(Reply(text, ReplySource.FIXED, _TELLING), heard)
            left, opening = [one for one in left if one.id not in spoken.told], ""
            if not spoken.more:
                return None
            heard = await floor.hear()
            if heard is None or floor.comes_first(heard) or not self._wishes.agrees(heard.heard.text):
                return await self._enough(floor, heard)
        return None

    async def _enough(self, floor: Floor, heard: Utterance | None) -> Utterance | None:
        if heard is None or floor.comes_first(heard) or not self._wishes.declines(heard.heard.text):
            return heard
        await floor.utter(self._words.fixed("telling.enough"), heard)
        return None
