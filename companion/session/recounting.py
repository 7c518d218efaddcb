"""Tells what 말벗 knows of the person: all of it a few things at a time, or what they once told and ask for now."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from companion.core.life import Memory
from companion.core.turn import Reply, ReplySource
from companion.dialogue.memory.asking import Wanted, Wish
from companion.dialogue.memory.quoting import Quotation
from companion.dialogue.memory.recall import standing
from companion.session.ear import Utterance
from companion.session.interlude import Floor
from companion.session.knowing import Knowing
from companion.session.learning import Learning, MemoryStore

_MOST_TOLD: Final = 12
_SENTENCES: Final = re.compile(r"[^.?!…]+[.?!…]*")
"""Of an utterance that asks in one of them: 준서가 몇 학년이라고 했지? 자네 기억하나 보게."""
_TELLING: Final = "memory.telling"


class Recounting:
    """Lives as long as a conversation.

    Args:
        store: Of the person who talks.
        learning: Of the same conversation.
        knowing: How it is read, found and said.
        now: The wall clock; aware.
    """

    def __init__(
        self,
        store: MemoryStore,
        learning: Learning,
        knowing: Knowing,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._learning = learning
        self._wishes, self._quoting = knowing.wishes, knowing.quoting
        self._reader, self._words = knowing.reader, knowing.words
        self._now = now
        self._quotation: Quotation | None = None

    @property
    def remembers(self) -> bool:
        """Whether the words that answer what was wanted last were found."""
        return self._quotation is not None

    def wanted(self, text: str, wish: Wanted | None) -> Wanted | None:
        """Return a wish to hear what was told, where there is one and it can be answered; any other wish as it is.

        Args:
            text: What was said now.
            wish: What it was understood as, if anything.
        """
        self._quotation = self._kept() if self._wishes.asks_kept(text) else None
        if self._quotation is not None:
            return Wanted(Wish.SAID, "".join(one for one in text if one.isalnum()))
        text = next((one for one in _SENTENCES.findall(text) if self._quoting.asks(one)), text)
        if wish is None and not self._quoting.asks(text):
            return None
        if wish is not None and wish.wish is not Wish.SAID:
            return wish
        about = Wanted(Wish.SAID, "".join(one for one in text if one.isalnum()))
        meant = self._wishes.meant(about, self._store.all())
        self._quotation = self._found(text, meant)
        surely = wish is not None or self._quoting.asks_surely(text)
        answerable = self._quotation or meant or (surely and self._wishes.is_about_me(about))
        return (wish or about) if answerable else None

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

    async def answer(self, floor: Floor, utterance: Utterance, wanted: Wanted) -> None:
        """Tell what was told of what is asked, in the words of the person where they are found."""
        known = self._store.all()
        if self._quotation is not None:
            await floor.utter(self._quoted(self._quotation, known), utterance)
            return
        meant = self._wishes.meant(wanted, known)
        if not meant:
            await floor.utter(self._words.fixed("telling.unknown"), utterance)
            return
        for one in meant:
            self._learning.bring_up(one)
        spoken = self._words.telling(meant[-2:], known, self._now())
        await floor.utter(Reply(spoken.text, ReplySource.FIXED, _TELLING), utterance)

    async def _enough(self, floor: Floor, heard: Utterance | None) -> Utterance | None:
        if heard is None or floor.comes_first(heard) or not self._wishes.declines(heard.heard.text):
            return heard
        await floor.utter(self._words.fixed("telling.enough"), heard)
        return None

    def _found(self, text: str, meant: Sequence[Memory]) -> Quotation | None:
        """Return the words that answer, unless the person wants nothing of that kind remembered."""
        said = self._store.said() or self._learning.heard[::-1]
        found = self._quoting.find(text, said, [one.sentence for one in meant])
        refused = self._store.refused()
        if found is None or not refused:
            return found
        kinds = {one.kind for one in self._reader.read(found.sentence, self._now())} | self._quoting.kinds(
            found.sentence
        )
        return None if kinds & refused else found

    def _kept(self) -> Quotation | None:
        """Return what the person last asked to be remembered: said with it, or just before."""
        heard = self._learning.heard
        for at in reversed(range(len(heard))):
            if not self._wishes.keeps(heard[at].text):
                continue
            with_it = [one for one in _SENTENCES.findall(heard[at].text) if not self._wishes.keeps(one)]
            said = heard[at] if with_it else heard[at - 1] if at else None
            return None if said is None else Quotation(said, said.text)
        return None

    def _quoted(self, quotation: Quotation, known: Sequence[Memory]) -> Reply:
        for one in known:
            if one.turn_id == quotation.said.turn_id:
                self._learning.bring_up(one)
        here = quotation.said.turn_id in {one.turn_id for one in self._learning.heard}
        key = "telling.quoted_now" if here else "telling.quoted"
        # What asked for it to be remembered is not said back with it: 그거 좀 기억해 둬.
        pieces = _SENTENCES.findall(quotation.sentence)
        told = [one for one in pieces if not self._wishes.keeps(one)]
        return self._words.fixed(key, said="".join(told or pieces).strip(" .,!…"))
