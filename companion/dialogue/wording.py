"""Sentences with slots, and the choice of one among variants.

A slot is written ``{address}`` (see ``slots``). Which slots there are is fixed here, so that a sentence with another
one is found when the tables are loaded and never heard by a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from companion.core.turn import Reply, ReplySource
from companion.dialogue.problem import Problem, raise_first
from companion.dialogue.slots import filled, slots_of

PERSON_SLOTS: Final = frozenset({"address", "part_of_day", "contacts"})
ALMANAC_SLOTS: Final = frozenset(
    {"named", "when", "left", "lunar", "next_named", "next_when", "day_said", "days", "period", "kind", "leap", "until"}
    | {
        "year",
        "number",
        "next_year",
        "ganji",
        "animal",
        "next_ganji",
        "next_animal",
        "years",
        "ages",
        "chobok",
        "jungbok",
        "malbok",
    }
)
"""Of what is answered about the calendar."""
RECKONING_SLOTS: Final = frozenset({"given", "first", "rest", "each", "times", "by", "amount", "asked", "other"})
"""Of what was reckoned; what is over is {left}."""
ASKED_SLOTS: Final = frozenset({"right", "wrong", "asked", "items", "before", "told", "this", "that", "named", "about"})
"""Of what is said to 말벗 itself, in the person's own words: see ``asks``."""
MOMENT_SLOTS: Final = (
    frozenset({"date", "weekday", "time", "season", "thing", "recalled", "keeping"})
    | ALMANAC_SLOTS
    | RECKONING_SLOTS
    | ASKED_SLOTS
)


def choose(
    variants: Sequence[tuple[str, str]], used: frozenset[str], chance: float, lately: frozenset[str] = frozenset()
) -> tuple[str, str]:
    """Return one (id, text), none of ``used`` or ``lately`` while another is left, and none of ``used`` after that.

    Args:
        variants: At least one.
        used: Ids already said in this session.
        chance: In [0, 1); which of those that are left.
        lately: Ids said in the sessions before.
    """
    unsaid = [variant for variant in variants if variant[0] not in used]
    left = [variant for variant in unsaid if variant[0] not in lately] or unsaid or list(variants)
    return left[min(int(min(max(chance, 0.0), 1.0) * len(left)), len(left) - 1)]


@dataclass(frozen=True, slots=True)
class Sentences:
    """The fixed sentences: greetings, disclosure, commands, refusals, safety."""

    by_key: Mapping[str, tuple[str, ...]]
    """Variants by key; a key is file.section.key, such as ``session.silence.first``."""
    constants: Mapping[str, str]
    """Slots filled for good: telephone numbers."""

    def say(  # noqa: PLR0913 - what decides a sentence, and how it is said
        self,
        key: str,
        *,
        used: frozenset[str],
        chance: float,
        values: Mapping[str, str],
        lately: frozenset[str] = frozenset(),
        barred: frozenset[str] = frozenset(),
        ends_session: bool = False,
        uninterruptible: bool = False,
    ) -> Reply:
        """Return a variant of ``key`` as a reply; its id is the key with the number of the variant.

        None of ``barred`` is said while there is any other, whether or not that was said before.
        """
        variants = [(f"{key}#{number}", text) for number, text in enumerate(self.by_key[key])]
        allowed = [variant for variant in variants if variant[0] not in barred] or variants
        chosen, text = choose(allowed, used, chance, lately)
        return Reply(
            text=filled(text, {**self.constants, **values}),
            source=ReplySource.FIXED,
            id=chosen,
            ends_session=ends_session,
            uninterruptible=uninterruptible,
        )

    def without_person(self) -> tuple[str, ...]:
        """Return every sentence that needs nothing of the person or the moment, ready to be said."""
        wanted = PERSON_SLOTS | MOMENT_SLOTS
        texts = (text for variants in self.by_key.values() for text in variants if not wanted & slots_of(text))
        return tuple(dict.fromkeys(filled(text, self.constants) for text in texts))


def sentence_problems(
    tables: Mapping[str, Mapping[str, Any]], constants: Mapping[str, str], required: Sequence[str]
) -> tuple[Problem, ...]:
    """Return what is wrong with the fixed sentences: unknown slots, blank texts, keys that the dialogue needs."""
    found = flat(tables)
    allowed = PERSON_SLOTS | MOMENT_SLOTS | frozenset(constants)
    problems = [
        Problem(f"fixed/{key.partition('.')[0]}.toml", key, "fixed.unknown_slot", slot)
        for key, variants in found.items()
        for text in variants
        for slot in sorted(slots_of(text) - allowed)
    ]
    problems += [
        Problem(f"fixed/{key.partition('.')[0]}.toml", key, "fixed.blank")
        for key, variants in found.items()
        if not variants or not all(text.strip() for text in variants)
    ]
    problems += [
        Problem(f"fixed/{key.partition('.')[0]}.toml", key, "fixed.missing") for key in required if key not in found
    ]
    return tuple(problems)


def load_sentences(
    tables: Mapping[str, Mapping[str, Any]], constants: Mapping[str, str], required: Sequence[str]
) -> Sentences:
    """Return the fixed sentences.

    Raises:
        PromptError: The first of ``sentence_problems``.
    """
    raise_first(sentence_problems(tables, constants, required))
    return Sentences(flat(tables), dict(constants))


def flat(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return the variants of every sentence by its key, file.section.key."""
    found: dict[str, tuple[str, ...]] = {}

    def visit(prefix: str, table: Mapping[str, Any]) -> None:
        for name, value in table.items():
            if isinstance(value, Mapping):
                visit(f"{prefix}.{name}", value)
            elif isinstance(value, str):
                found[f"{prefix}.{name}"] = (value,)
            elif isinstance(value, list) and all(isinstance(item, str) for item in value):
                found[f"{prefix}.{name}"] = tuple(value)

    for file, table in tables.items():
        visit(file.removesuffix(".toml"), table)
    return found
