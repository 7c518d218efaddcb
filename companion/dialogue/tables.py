"""Builds the parts of the dialogue from the parsed tables of ``prompts/``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from companion.core.morphology import Analyser
from companion.core.reading import Grammar
from companion.dialogue.bank import Bank, bank_problems, load_bank
from companion.dialogue.commands import Commands
from companion.dialogue.guard import Guard
from companion.dialogue.likeness import Likeness
from companion.dialogue.moment import SpokenTime
from companion.dialogue.problem import Problem
from companion.dialogue.questions import Questions
from companion.dialogue.understanding import Lexicon, Understander
from companion.dialogue.wording import Sentences, load_sentences, sentence_problems
from companion.safety.assessor import Assessor

Tables: TypeAlias = Mapping[str, Mapping[str, Any]]

_PARTS: Final = ("morning", "day", "evening", "night")
NEEDED_SENTENCES: Final = (
    *(f"session.greeting.{first}{part}" for first in ("", "first_") for part in _PARTS),
    *(f"session.closing.{part}" for part in _PARTS),
    *(
        f"session.session.{name}"
        for name in (
            "disclosure_first",
            "disclosure_short",
            "silence_prompt",
            "silence_goodbye",
            "stopping",
            "ask_again",
            "ask_again_giving_up",
            "repeat_prefix",
            "nothing_to_repeat",
            "louder",
            "louder_limit",
            "softer",
            "softer_limit",
            "slower",
            "slower_limit",
            "faster",
            "faster_limit",
            "interrupted_goodbye",
            "reply_failed",
        )
    ),
    *(f"safety.safety.{name}" for name in ("death_wish", "death_plan", "watch", "abuse", "abuse_record", "more_help")),
    "medical.medical.emergency_119",
    "medical.medical.fire_119",
)
"""Keys of the fixed sentences without which no dialogue can be held."""


@dataclass(frozen=True, slots=True)
class Parts:
    """All that a dialogue is made of."""

    analyser: Analyser
    grammar: Grammar
    bank: Bank
    sentences: Sentences
    assessor: Assessor
    commands: Commands
    questions: Questions
    understander: Understander
    likeness: Likeness
    guard: Guard
    time: SpokenTime


def build(*, replies: Tables, fixed: Tables, lexicon: Tables, safety: Tables, analyser: Analyser) -> Parts:
    """Return the parts.

    Raises:
        PromptError: A table is broken: see ``problems`` for all that is wrong.
    """
    grammar = Grammar(lexicon["grammar.toml"])
    questions = Questions(lexicon["questions.toml"])
    bank = load_bank(replies, lexicon["topics.toml"]["topics"])
    words = Lexicon(lexicon["topic_words.toml"], lexicon["feelings.toml"], lexicon["acts.toml"])
    return Parts(
        analyser=analyser,
        grammar=grammar,
        bank=bank,
        sentences=load_sentences(_spoken(fixed), _numbers(safety), (*NEEDED_SENTENCES, *questions.keys)),
        assessor=Assessor(lexicon["danger.toml"], grammar),
        commands=Commands(lexicon["commands.toml"]),
        questions=questions,
        understander=Understander(words, bank),
        likeness=Likeness(bank, analyser, grammar, lexicon["kin.toml"]["groups"]),
        guard=Guard(lexicon["guard.toml"]),
        time=SpokenTime(lexicon["time.toml"]),
    )


def problems(*, replies: Tables, fixed: Tables, lexicon: Tables, safety: Tables) -> tuple[Problem, ...]:
    """Return everything that is wrong with the reply bank and the fixed sentences, for whoever writes them."""
    questions = Questions(lexicon["questions.toml"])
    return (
        *bank_problems(replies, lexicon["topics.toml"]["topics"]),
        *sentence_problems(_spoken(fixed), _numbers(safety), (*NEEDED_SENTENCES, *questions.keys)),
    )


def _spoken(fixed: Tables) -> Tables:
    """Leave out what is only shown on the screen."""
    return {file: {name: value for name, value in table.items() if name != "screen"} for file, table in fixed.items()}


def _numbers(safety: Tables) -> dict[str, str]:
    """Return the telephone numbers by slot."""
    numbers = safety.get("numbers.toml", {}).get("numbers", {})
    return {slot: str(entry["number"]) for slot, entry in numbers.items()}
