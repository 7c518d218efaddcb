"""Puts a screening session together for ``companion screen``: the interview over the ports of a conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from companion.core.heard import Heard
from companion.dialogue.flow import Response, Setting, State
from companion.errors import CompanionError
from companion.safety.risk import Kind, Level, Risk
from companion.wiring import conversation
from companion.wiring.clock import SystemClock

if TYPE_CHECKING:
    from companion.dialogue.flow import Dialogue
    from companion.session.screening import ScreeningTalk

_OF_ITEM: Final = Risk(Level.CONCERN, Kind.ACTIVE_THOUGHT, "screening.critical_item", confidence=1.0)


@dataclass(frozen=True, slots=True)
class Safety:
    """What safety demands, by the dialogue's own protocol."""

    dialogue: Dialogue

    def assess(self, heard: Heard) -> Risk:
        """Return the danger in what was heard."""
        return self.dialogue.risk_of(heard.text, State.start())

    def respond(self, heard: Heard, risk: Risk, setting: Setting) -> Response:
        """Return what the protocol says; where only the answer to a critical item shows the danger, a concern."""
        grave = risk if risk.level.rank >= Level.CONCERN.rank else _OF_ITEM
        return self.dialogue.raised(grave, heard, setting, State.start(), 0.0)


@asynccontextmanager
async def screening_talk(bench: conversation.Bench, loaded: conversation.Loaded) -> AsyncIterator[ScreeningTalk]:
    """Put the session together inside the running event loop, and let every device go at the end.

    Raises:
        InputError: A recording cannot be used.
    """
    from companion.session.answering import Answerer
    from companion.session.keeping import Keeper
    from companion.session.listening import VoiceEar
    from companion.session.screening import ScreeningParts, ScreeningTalk

    clock = SystemClock()
    ear = conversation.make_ear(bench, loaded, clock)
    mouth = conversation.make_mouth(bench, loaded, clock)

    def trouble(error: CompanionError) -> None:
        bench.tell(error.key, **error.fields)

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="understanding") as thread:
        parts = ScreeningParts(
            ear=ear,
            mouth=mouth,
            dialogue=loaded.dialogue,
            safety=Safety(loaded.dialogue),
            answerer=Answerer(language=loaded.language, situations=loaded.situations, thread=thread),
            keeper=Keeper(bench.store, on_trouble=trouble),
            screen=bench.screen,
            clock=clock,
            chance=conversation.chance,
            setting=lambda: conversation.setting_now(bench, loaded.dialogue, clock),
            alarm=bench.alarm,
            attend=ear.expect_screening_answer if isinstance(ear, VoiceEar) else lambda _question: None,
        )
        try:
            await conversation.ready_for_danger(bench, mouth)
            yield ScreeningTalk(parts, patience=conversation.patience(bench))
        finally:
            await ear.close()
            await mouth.close()
