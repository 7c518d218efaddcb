"""Short words such as 그러셨군요 that may lead a reply, so that sound begins while the rest is still being made.

Pure. An opener is chosen for a response, which exists only once the danger in what was said was assessed; so none can
come before that. None leads where safety has the word or a danger was heard, nor a fixed sentence: questions of a
screening, of consent and of the crisis protocol are fixed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from companion.core.turn import Act, Feeling, Reply, ReplySource
from companion.dialogue.state import Response
from companion.errors import PromptError
from companion.safety.risk import Level
from companion.safety.steps import Action, Question

FILE: Final = "speech/openers.toml"
_ENDS: Final = re.compile(r"(?<=[.!?…])\s")


@dataclass(frozen=True, slots=True)
class Opener:
    """One of them, and what it may follow."""

    text: str
    acts: frozenset[Act]
    feelings: frozenset[Feeling]
    """Empty: all."""
    takes_up: bool
    """Whether it takes up what was said, so that a reply that does so itself would say it twice."""


class Openers:
    """Chooses by one table. Keep it: the patterns are compiled once."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Take ``prompts/speech/openers.toml``, parsed.

        Raises:
            PromptError: An entry is missing, of the wrong kind, or a pattern that does not compile.
        """
        try:
            never = table["never"]
            self._before = re.compile(never["before"])
            self._receiving = re.compile(never["receiving"])
            self._topics = frozenset(map(str, never["topics"]))
            self.pause_ms = int(table["pause_ms"])
            self._openers = tuple(map(_opener, table["opener"]))
        except (KeyError, TypeError, AttributeError, ValueError, re.error) as error:
            raise PromptError("prompts.table_broken", file=FILE, where=str(error)) from error

    @property
    def texts(self) -> tuple[str, ...]:
        """All of them, to be kept as sound."""
        return tuple(opener.text for opener in self._openers)

    def fitting(self, response: Response) -> tuple[str, ...]:
        """Return the openers that may lead the reply of ``response``; none at all where a danger was heard."""
        understood = response.understanding
        if understood is None or not _is_plain(response) or understood.topic in self._topics:
            return ()
        reply = response.reply.text.lstrip()
        if not reply or self._before.match(reply):
            return ()
        takes_up = self._receiving.search(_ENDS.split(reply, maxsplit=1)[0]) is not None
        return tuple(
            opener.text
            for opener in self._openers
            if understood.act in opener.acts
            and (not opener.feelings or understood.feeling in opener.feelings)
            and not (opener.takes_up and takes_up)
        )


def led(reply: Reply, opener: str) -> Reply:
    """Return ``reply`` with ``opener`` before it."""
    return replace(reply, text=f"{opener} {reply.text}", opener=opener)


def _is_plain(response: Response) -> bool:
    """Return whether this is everyday talk: no danger in it, no protocol open, nothing asked of the session itself."""
    reply = response.reply
    return (
        response.risk.level is Level.NONE
        and all(step.action is Action.ALLOW for step in response.steps)
        and response.state.protocol.waiting is Question.NONE
        and response.answer is None
        and response.command is None
        and not response.state.protocol.is_open
        and reply.source is not ReplySource.FIXED
        and not reply.uninterruptible
        and not reply.ends_session
    )


def _opener(entry: Mapping[str, Any]) -> Opener:
    return Opener(
        text=str(entry["text"]),
        acts=frozenset(map(Act, entry["acts"])),
        feelings=frozenset(map(Feeling, entry["feelings"])),
        takes_up=bool(entry["takes_up"]),
    )
