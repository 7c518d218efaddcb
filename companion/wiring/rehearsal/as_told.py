"""A dialogue in which 말벗 has said before what a case says it said: the shipped one in everything else.

Danger, the questions of the crisis protocol and commands are answered as they are: what a case claims is not put in
their place.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from companion.core.turn import Reply, ReplySource
from companion.safety.risk import NO_RISK

if TYPE_CHECKING:
    from companion.core.heard import Heard
    from companion.dialogue.flow import Dialogue, Response, Setting, State
    from companion.dialogue.requests import Answer, Request

_ID: Final = "case.context"


class AsTold:
    """Wraps a dialogue for one case.

    Args:
        dialogue: The shipped one.
        opening: What 말벗 said first. An empty text leaves what the dialogue says itself.
        answers: What it said to each thing the person said, in order; likewise, and where they end.
    """

    def __init__(self, dialogue: Dialogue, opening: str, answers: Sequence[str]) -> None:
        self._dialogue = dialogue
        self._opening = opening
        self._answers = list(answers)

    def __getattr__(self, name: str) -> object:
        return getattr(self._dialogue, name)

    def open(self, setting: Setting, state: State, chance: float) -> Response:
        """Return the opening; what a case opens with is what was said last."""
        opening, self._opening = self._opening, ""
        return self._told(self._dialogue.open(setting, state, chance), opening, state, None)

    def respond(
        self, heard: Heard, setting: Setting, state: State, chance: float
    ) -> Generator[Request, Answer, Response]:
        """Respond as the dialogue does, and say what the case says was said."""
        response = yield from self._dialogue.respond(heard, setting, state, chance)
        return self._told(response, self._answers.pop(0) if self._answers else "", state, heard)

    def _told(self, response: Response, answer: str, before: State, heard: Heard | None) -> Response:
        grave = response.risk != NO_RISK or response.state.protocol.is_open
        if not answer or grave or response.command is not None:
            return response
        begun = replace(before, plan=response.state.plan, asked_again=0)
        noted = self._dialogue.noted(Reply(answer, ReplySource.FIXED, _ID), begun, heard)
        *turns, last = noted.state.turns
        state = replace(noted.state, turns=(*turns, replace(last, understanding=response.understanding)))
        return replace(noted, understanding=response.understanding, state=state)
