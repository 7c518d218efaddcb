"""What a conversation shows and speaks through: a screen with the words, and a mouth."""

from __future__ import annotations

from typing import Protocol

from companion.core.heard import Heard
from companion.core.turn import Reply
from companion.session.spoken import Spoken


class Screen(Protocol):
    """Where the words stand, large, for whoever cannot hear them."""

    def said(self, reply: Reply) -> None:
        """Show what 말벗 is about to say."""
        ...

    def heard(self, heard: Heard, source: str) -> None:
        """Show what the person said; ``source`` names the file it came from, if any."""
        ...

    def listening(self) -> None:
        """Show that it is the person's turn."""
        ...

    def notice(self, key: str, **fields: object) -> None:
        """Show an operator sentence."""
        ...


class Mouth(Protocol):
    """What speaks. Each change of how it speaks returns False where that is at its limit."""

    async def say(self, reply: Reply) -> Spoken:
        """Say a reply and return what was really spoken of it."""
        ...

    async def at_once(self, reply: Reply) -> bool:
        """Return whether a reply would start at once: its first phrase is kept, or words are on the screen only."""
        ...

    def interrupt(self) -> bool:
        """Stop what is being said, unless it may not be cut; return whether it stopped."""
        ...

    def louder(self) -> bool:
        """One step louder."""
        ...

    def softer(self) -> bool:
        """One step softer."""
        ...

    def slower(self) -> bool:
        """One step slower."""
        ...

    def faster(self) -> bool:
        """One step faster."""
        ...
