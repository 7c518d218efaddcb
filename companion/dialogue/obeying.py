"""Answers what is asked of the voice: louder, slower, once more. Pure.

Who asks for it louder has not heard: what was said last is said again in the same reply, only its question or its last
sentence, which is easier to catch, and what was asked beside the wish is answered. What it answers stays the last thing
said, so that it can be repeated once more.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from companion.dialogue.commands import Asked
from companion.dialogue.knowing import Knowing
from companion.dialogue.saying import Saying
from companion.dialogue.state import Command, Exchange, Response, Setting, State
from companion.dialogue.tables import Parts
from companion.safety.risk import NO_RISK, Level

KEPT_TURNS: Final = 12
_SENTENCES: Final = re.compile(r"(?<=[.!?…])\s+")


class Obeying:
    """Built once; holds no state of a conversation."""

    def __init__(self, parts: Parts, saying: Saying, knowing: Knowing) -> None:
        self._parts, self._saying, self._knowing = parts, saying, knowing

    def obeyed(self, asked: Asked, text: str, setting: Setting, state: State, chance: float) -> Response:
        """Answer a command of the voice."""
        before = self._before(asked, text, setting, state, chance)
        again = before if self._again(asked.command, text, before) or asked.beside else None
        repeat = "nothing_to_repeat" if again is None else "repeat_prefix"
        key = repeat if asked.command is Command.REPEAT else asked.command
        reply = self._saying.fixed(f"session.session.{key}", setting, state, chance)
        if again is not None:
            grave = again.risk.level.rank >= Level.CONCERN.rank
            shorter = asked.command is Command.LOUDER and not grave and not asked.beside
            said = _last_of(again.reply) if shorter else again.reply
            reply = replace(reply, text=f"{reply.text} {said}".strip(), uninterruptible=grave)
        kept = replace(before, heard=text, understanding=None) if before is not None else Exchange(text, "")
        turns = (*state.turns, kept)[-KEPT_TURNS:] if before is not None else state.turns
        return Response(reply, None, NO_RISK, asked.command, replace(state, turns=turns, used=state.used | {reply.id}))

    def at_limit(self, command: Command, setting: Setting, state: State, chance: float) -> Response:
        """Return what is said where the voice cannot become any louder, softer, slower or faster."""
        reply = self._saying.fixed(f"session.session.{command}_limit", setting, state, chance)
        last = state.turns[-1] if state.turns else None
        if last is not None and self._again(command, last.heard, last):
            reply = replace(reply, text=f"{reply.text} {last.reply}".strip())
        return Response(reply, None, NO_RISK, command, state)

    def _before(self, asked: Asked, text: str, setting: Setting, state: State, chance: float) -> Exchange | None:
        """Return what is to be heard: what answers a question beside the wish, else what was said last."""
        before = state.turns[-1] if state.turns else None
        if not asked.beside:
            return before
        reading = self._parts.grammar.read(self._parts.analyser.analyse(asked.beside))
        given = setting, state, chance
        known = self._knowing.of_itself(asked.beside, reading, *given)
        known = known or self._knowing.answer(asked.beside, reading, *given)
        return before if known is None else Exchange(text, known[0].text)

    def _again(self, command: Command, text: str, before: Exchange | None) -> bool:
        """Whether what was said last is said again: not the greeting, unless it was not heard."""
        if before is None:
            return False
        wished = command is Command.REPEAT or self._parts.commands.is_once_more(text)
        return wished or (command is Command.LOUDER and bool(before.heard))


def _last_of(reply: str) -> str:
    """Return the question of a reply, or its last sentence where it asks nothing."""
    sentences = _SENTENCES.split(reply.strip())
    return next((one for one in reversed(sentences) if one.endswith("?")), sentences[-1])
