"""Puts a screening session together for ``companion screen``: the interview over the ports of a conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from companion.core.heard import Heard
from companion.core.reading import Grammar
from companion.dialogue.flow import Response, Setting, State
from companion.dialogue.state import Exchange
from companion.errors import CompanionError
from companion.prompts import prompt_table, prompt_tables
from companion.safety.assessor import Assessor
from companion.safety.risk import Kind, Level, Risk
from companion.wiring import conversation
from companion.wiring.clock import SystemClock

if TYPE_CHECKING:
    from companion.core.morphology import Analyser
    from companion.dialogue.flow import Dialogue
    from companion.session.screening import ScreeningTalk

_OF_ITEM: Final = Risk(Level.CONCERN, Kind.SELF_HARM, "screening.critical_item", 1.0)
_WISH: Final = "safety.safety.death_wish"


@dataclass(frozen=True, slots=True)
class Safety:
    """What safety demands, from the assessor and the dialogue that are there."""

    dialogue: Dialogue
    analyser: Analyser
    assessor: Assessor

    @classmethod
    def of(cls, dialogue: Dialogue, analyser: Analyser) -> Safety:
        """Build it from the shipped data.

        Raises:
            PromptError: A data file is missing.
        """
        grammar = Grammar(prompt_table("lexicon/grammar.toml"))
        return cls(dialogue, analyser, Assessor(prompt_table("lexicon/danger.toml"), grammar))

    def assess(self, heard: Heard) -> Risk:
        """Return the danger in what was heard."""
        return self.assessor.assess(heard.text, self.analyser.analyse(heard.text))

    def respond(self, heard: Heard, risk: Risk, setting: Setting) -> Response:
        """Return the safety reply; the dialogue's own where the words hold the danger, else that to a wish."""
        if risk.level.rank >= Level.CONCERN.rank:
            thought = self.dialogue.respond(heard, setting, State.start(), 0.0)
            try:
                request = next(thought)
                while request is not None:
                    request = thought.send(None)
            except StopIteration as finished:
                response: Response = finished.value
                return response
        return self._of_item(heard, setting)

    def _of_item(self, heard: Heard, setting: Setting) -> Response:
        from companion.dialogue.wording import load_sentences

        numbers = prompt_tables("safety")["numbers.toml"]["numbers"]
        constants = {slot: str(entry["number"]) for slot, entry in numbers.items()}
        fixed = {"safety.toml": prompt_tables("fixed")["safety.toml"]}
        sentences = load_sentences(fixed, constants, (_WISH,))
        reply = sentences.say(
            _WISH, used=frozenset(), chance=0.0, values={"address": setting.address}, uninterruptible=True
        )
        exchange = Exchange(heard.text, reply.text, None, _OF_ITEM)
        return Response(reply, None, _OF_ITEM, None, State(turns=(exchange,), used=frozenset({reply.id})))


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
            safety=Safety.of(loaded.dialogue, loaded.analyser),
            answerer=Answerer(language=loaded.language, situations=loaded.situations, thread=thread),
            keeper=Keeper(bench.store, on_trouble=trouble),
            screen=bench.screen,
            clock=clock,
            chance=conversation.chance,
            setting=lambda: loaded.dialogue.setting(clock.now(), address=bench.at_work.settings.person.address),
            attend=ear.expect_screening_answer if isinstance(ear, VoiceEar) else lambda _question: None,
        )
        try:
            await conversation.ready_for_danger(bench, mouth)
            yield ScreeningTalk(parts, patience=conversation.patience(bench))
        finally:
            await ear.close()
            await mouth.close()
