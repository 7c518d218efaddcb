"""What the person is called in this conversation: by the name they gave, with or without consent."""

from __future__ import annotations

from companion.core.turn import Reply
from companion.dialogue.memory.naming import Naming
from companion.dialogue.memory.reader import FactReader
from companion.dialogue.memory.words import MemoryWords
from companion.session.learning import MemoryStore


class Called:
    """Lives as long as a conversation; a name given without consent is nowhere but here.

    Args:
        store: Of the person who talks.
        naming: Hears what a name is asked for or given in.
        reader: Reads a name out of a sentence.
        words: How it is said.
    """

    def __init__(self, store: MemoryStore, naming: Naming, reader: FactReader, words: MemoryWords) -> None:
        self._store, self._naming, self._reader, self._words = store, naming, reader, words
        self._before = store.called()
        self.name = ""
        """As the person gave it in this conversation."""

    def known(self) -> str:
        """Return the name that the person gave, now or before; empty where none is known."""
        own = (one.value for one in reversed(self._store.all()) if (one.kind, one.aspect) == ("self", "name"))
        return self.name or next(own, "")

    def answer(self) -> Reply:
        """Return what their name is."""
        return self._words.fixed("own.name", value=self.known())

    def tomorrow(self) -> Reply:
        """Return truly whether it will be known on another day."""
        return self._words.fixed("own.tomorrow" if self._store.keeps() else "own.tomorrow_unkept")

    def call(self, wanted: str) -> Reply:
        """Call the person as they wish, and return what is said to it."""
        is_name = self._naming.is_name(wanted)
        called = self._naming.with_title(wanted, self._before) if is_name else self._words.polite(wanted)
        self.name = wanted if is_name else self.name
        self._store.call(called)
        key = "wish.address" if self._store.keeps() else "wish.address_unkept"
        return self._words.fixed(key, value=called)

    def introduced(self, name: str) -> Reply:
        """Call the person by the name they gave while this conversation lasts, and return what is said to it."""
        called = self._naming.with_title(name, self._store.called())
        self.name = name
        self._store.call(called, for_good=False)
        return self._words.fixed("wish.introduced", value=called)

    def forget(self) -> None:
        """Forget the name, and call the person as before."""
        if self.name:
            self.name = ""
            self._store.call(self._before, for_good=False)
