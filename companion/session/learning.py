"""Keeps what is worth remembering of every turn that is kept, and nothing where the person did not agree.

What is said in danger, misheard or in answer to a screening is left alone: it has its own record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from companion.core.life import Memory, Said
from companion.core.record import NewTurn
from companion.dialogue.memory.correcting import Corrections
from companion.dialogue.memory.merging import settle
from companion.dialogue.memory.reader import FactReader
from companion.errors import NotAllowed, StoreError

_CALM: Final = frozenset({"", "none"})
_NOT_TALK: Final = ("screening.", "consent.")
"""Beginnings of the ids of what 말벗 asks for another record."""
_MOST_RECENT: Final = 6


class MemoryStore(Protocol):
    """The memory of one person. Blocking; what it says is on the disk when it returns.

    Every method raises ``StoreError`` where it cannot be read or written.
    """

    def keeps(self) -> bool:
        """Return whether the person agrees, now, that conversations are kept."""
        ...

    def all(self) -> Sequence[Memory]:
        """Return the facts that stand, oldest first; none where they may not be kept."""
        ...

    def said(self) -> Sequence[Said]:
        """Return what was said and may be said back, newest first; none where it may not be kept."""
        ...

    def refused(self) -> frozenset[str]:
        """Return the kinds that the person does not want remembered."""
        ...

    def keep(self, memory: Memory) -> str:
        """Commit a fact and return its id."""
        ...

    def correct(self, memory_id: str, memory: Memory) -> str:
        """Put a fact in the place of another and return its id."""
        ...

    def asked_after(self, memory_id: str, at: datetime) -> None:
        """Note that 말벗 came back to a fact."""
        ...

    def forget(self, memory_ids: Sequence[str]) -> None:
        """Remove facts for good, with the words they came from."""
        ...

    def forget_words(self, turn_id: str) -> None:
        """Remove what was said in one turn."""
        ...

    def choose(self, kind: str, *, remembered: bool) -> None:
        """Commit whether facts of a kind are remembered from now on."""
        ...

    def called(self) -> str:
        """Return how the person is called now."""
        ...

    def call(self, address: str, *, for_good: bool = True) -> None:
        """Call the person otherwise from now on; ``for_good`` also in the conversations after this one, where kept."""
        ...


class Learning:
    """Lives as long as a conversation.

    Args:
        store: Of the person who talks.
        reader: Reads facts.
        corrections: Reads what is taken back.
        on_trouble: Told when something could not be written.
    """

    def __init__(
        self,
        store: MemoryStore,
        reader: FactReader,
        corrections: Corrections,
        *,
        on_trouble: Callable[[StoreError], None],
    ) -> None:
        self._store = store
        self._reader = reader
        self._corrections = corrections
        self._on_trouble = on_trouble
        self._asked = ""
        self._asked_id = ""
        self._done = ""
        self.recent: list[Memory] = []
        """What was told or brought up in this conversation, the newest last."""
        self.told: list[tuple[str, str]] = []
        """Turns of this conversation that may be forgotten: the id of each, and what was said in it."""
        self.heard: list[Said] = []
        """What may be said back while the conversation lasts, oldest first: never written, so it needs no consent."""

    def kept(self, turn_id: str, turn: NewTurn) -> None:
        """Look at a turn that is on the disk."""
        asked, asked_id = self._asked, self._asked_id
        self._asked, self._asked_id = turn.reply.text, turn.reply.id
        heard = turn.heard
        if heard is None or heard.ask_again or turn.risk_level not in _CALM or asked_id.startswith(_NOT_TALK):
            return
        if heard.text == self._done:
            self._done = ""
            return
        self.heard.append(Said(turn_id, heard.text))
        try:
            if not self._store.keeps():
                return
            self.told.append((turn_id, heard.text))
            found = self._reader.read(heard.text, turn.at, asked=asked, confidence=heard.confidence)
            if found:
                self._learn([replace(one, turn_id=turn_id) for one in found], corrects=self._corrects(heard.text))
        except NotAllowed:
            return
        except StoreError as error:
            self._on_trouble(error)

    def answered_for(self, text: str) -> None:
        """Leave the next turn with these words alone: it was a wish or a correction, and is carried out already."""
        self._done = text

    def bring_up(self, memory: Memory) -> None:
        """Note that a fact was just spoken of, so that a correction can mean it."""
        self.recent = [*(one for one in self.recent if one.id != memory.id), memory][-_MOST_RECENT:]

    def spoken_of(self) -> list[Memory]:
        """Return the fact that 말벗 spoke of with its last words, if any."""
        return [one for one in self.recent[-1:] if one.value and one.value in self._asked]

    def drop(self, ids: Sequence[str]) -> None:
        """Forget, here too, what was removed."""
        self.recent = [one for one in self.recent if one.id not in ids]

    def leave(self, turn_ids: Sequence[str]) -> None:
        """Forget, here too, the words of turns that were removed."""
        self.told = [one for one in self.told if one[0] not in turn_ids]
        self.heard = [one for one in self.heard if one.turn_id not in turn_ids]

    def _corrects(self, text: str) -> bool:
        return self._corrections.opens(text)

    def _learn(self, found: Sequence[Memory], *, corrects: bool) -> None:
        refused = self._store.refused()
        for new in found:
            if new.kind in refused or new.kind == "address":
                continue
            verdict = settle(new, self._store.all(), self._reader.written)
            instead_of = verdict.instead_of or (self._last_like(new) if corrects else "")
            if verdict.keep:
                made = self._store.correct(instead_of, new) if instead_of else self._store.keep(new)
                self.drop([instead_of])
                self.bring_up(replace(new, id=made))

    def _last_like(self, new: Memory) -> str:
        """Return the fact just told of which a sentence that begins with a no says the same otherwise."""
        alike = [
            one.id for one in self.recent if (one.kind, one.aspect, one.about) == (new.kind, new.aspect, new.about)
        ]
        return alike[-1] if alike else ""
