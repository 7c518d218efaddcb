"""Answers what must be right whatever else is understood: fraud, the calendar, facts, questions with a rule.

Pure. What 말벗 knows for sure is never left to a bank or a model. A question about the calendar goes before the one
about today's date, because it asks for more.
"""

from __future__ import annotations

from typing import Final

from companion.core.reading import Reading
from companion.core.turn import Reply, Understanding
from companion.dialogue.almanac import PREFIX
from companion.dialogue.almanac_answers import Said
from companion.dialogue.facts import PREFIX as PREFIX_OF_FACTS
from companion.dialogue.saying import Saying
from companion.dialogue.state import Setting, State
from companion.dialogue.tables import Parts

ASKED_CALENDAR: Final = "question.almanac"
"""The name under which a question about the calendar is recorded as what was understood."""
_URGENT: Final = "urgent."
"""Beginning of the names of what is answered before everything but danger and commands."""
_LATELY: Final = 3
"""Turns in which what was understood bears on what is said now."""


def is_urgent(understood: Understanding | None) -> bool:
    """Return whether what was understood is answered before everything but danger and commands."""
    return understood is not None and understood.situation.startswith(_URGENT)


class Knowing:
    """Built once; holds no state of a conversation."""

    def __init__(self, parts: Parts, saying: Saying) -> None:
        self._parts = parts
        self._saying = saying

    def urgent(
        self, text: str, reading: Reading, setting: Setting, state: State, chance: float
    ) -> tuple[Reply, str] | None:
        """Return what answers a swindle that is told or asked about, and its name; None where there is none.

        Args:
            text: What was said.
            reading: Its reading.
            setting: The moment.
            state: Where the conversation stands.
            chance: In [0, 1); which variant of a sentence.
        """
        last = state.turns[-1].reply if state.turns else ""
        before = (turn.understanding.situation for turn in state.turns[-_LATELY:] if turn.understanding is not None)
        lately = {name.removeprefix(_URGENT) for name in before if name.startswith(_URGENT)}
        question = self._parts.fraud.find(text, reading, last, lately)
        if question is None:
            return None
        return self._saying.fixed(question.say, setting, state, chance), f"{_URGENT}{question.id}"

    def answer(
        self, text: str, reading: Reading, setting: Setting, state: State, chance: float
    ) -> tuple[Reply, str] | None:
        """Return what answers a question for sure, and the name of the question; None where none is asked.

        Args:
            text: What was said.
            reading: Its reading.
            setting: The moment.
            state: Where the conversation stands.
            chance: In [0, 1); which variant of a sentence.
        """
        said = None if setting.today is None else self._parts.almanac.answer(text, setting.today, setting.birthday)
        if said is not None:
            return self._told(said, setting, state, chance), ASKED_CALENDAR
        fact = self._parts.facts.find(text, reading)
        if fact:
            return self._parts.facts.say(fact, state.used, setting.said_lately, chance), f"{PREFIX_OF_FACTS}.{fact}"
        last = state.turns[-1].reply if state.turns else ""
        question = self._parts.questions.find(text, reading, last)
        if question is None:
            return None
        return self._saying.fixed(question.say, setting, state, chance), f"question.{question.id}"

    def wanted(self, key: str, text: str, setting: Setting, state: State, chance: float) -> Reply:
        """Return the fixed sentence of a want; of one about the calendar what is asked, as far as it can be read."""
        if not key.startswith(PREFIX) or setting.today is None:
            return self._saying.fixed(key, setting, state, chance)
        return self._told(self._parts.almanac.meant(text, setting.today), setting, state, chance)

    def tale(self, text: str, setting: Setting, state: State, chance: float) -> Reply | None:
        """Return a tale that is asked for, or what is said to the guess at a riddle."""
        telling = self._parts.telling
        kind = telling.wanted(text, state.told)
        if kind:
            return telling.tell(kind, state.used, setting.said_lately, chance, text)
        last = state.turns[-1].reply if state.turns else ""
        return telling.guessed(text, state.told, last) or telling.met(text, state.told, state.used, chance)

    def _told(self, said: Said, setting: Setting, state: State, chance: float) -> Reply:
        return self._saying.fixed(f"{PREFIX}.{said.key}", setting, state, chance, **said.slots)
