"""The reviewed reply bank: situations, what people say in them, what 말벗 answers.

Loading checks everything and collects every problem; a bank with one is refused as a whole, so that no defect of the
data is ever heard.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.core.turn import Act, Feeling
from companion.dialogue.problem import Problem, raise_first
from companion.dialogue.wording import PERSON_SLOTS, slots_of

MOST_CHARACTERS: Final = 120
"""A reply longer than about 30 seconds of slow speech loses the listener."""
FALLBACK: Final = "other"


@dataclass(frozen=True, slots=True)
class Situation:
    """Something that people say, and how it is answered."""

    id: str
    topic: str
    feeling: Feeling
    act: Act
    cues: tuple[str, ...]
    """Words that point here."""
    says: tuple[str, ...]
    """Utterances of people in it: examples for the encoder."""
    replies: tuple[str, ...]
    """Texts, possibly with slots."""

    @property
    def is_fallback(self) -> bool:
        """Whether it answers what nothing else fits."""
        return self.id.startswith(f"{FALLBACK}.")


@dataclass(frozen=True, slots=True)
class Bank:
    """All situations, by id, in the order of the files."""

    situations: Mapping[str, Situation]

    def fallback(self, feeling: Feeling, act: Act) -> Situation | None:
        """Return the generic situation: for what is told with feeling by the feeling, for any other act by the act."""
        by_act, by_feeling = f"{FALLBACK}.{act}", f"{FALLBACK}.{feeling}"
        told = act in {Act.TELL, Act.COMPLAIN} and feeling is not Feeling.NEUTRAL
        names = [*((by_feeling, by_act) if told else (by_act, by_feeling)), f"{FALLBACK}.{Feeling.NEUTRAL}"]
        found = (self.situations[name] for name in names if name in self.situations)
        return next(found, next((s for s in self.situations.values() if s.is_fallback), None))


def bank_problems(tables: Mapping[str, Mapping[str, Any]], topics: Collection[str]) -> tuple[Problem, ...]:
    """Return every defect of the reply bank.

    Args:
        tables: Parsed files of ``prompts/replies`` by file name.
        topics: The topics there are.
    """
    problems: list[Problem] = []
    seen: set[str] = set()
    for file, table in tables.items():
        where = f"replies/{file}"
        for number, entry in enumerate(_entries(table), start=1):
            key = str(entry.get("id") or f"situation {number}")
            problems += (Problem(where, key, f"replies.{name}", detail) for name, detail in _defects(entry, topics))
            if key in seen:
                problems.append(Problem(where, key, "replies.duplicate"))
            seen.add(key)
    if not seen:
        problems.append(Problem("replies", "", "replies.empty"))
    return tuple(problems)


def load_bank(tables: Mapping[str, Mapping[str, Any]], topics: Collection[str]) -> Bank:
    """Return the bank.

    Raises:
        PromptError: The first of ``bank_problems``.
    """
    raise_first(bank_problems(tables, topics))
    situations = (
        Situation(
            id=entry["id"],
            topic=entry["topic"],
            feeling=Feeling(entry["feeling"]),
            act=Act(entry["act"]),
            cues=tuple(entry.get("cues", ())),
            says=tuple(entry.get("says", ())),
            replies=tuple(entry["replies"]),
        )
        for table in tables.values()
        for entry in _entries(table)
    )
    return Bank({situation.id: situation for situation in situations})


def _entries(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    entries = table.get("situation", [])
    return [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []


def _defects(entry: Mapping[str, Any], topics: Collection[str]) -> Iterator[tuple[str, str]]:
    for name in ("id", "topic", "feeling", "act"):
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            yield "missing", name
    if entry.get("topic", "") not in topics:
        yield "unknown_topic", str(entry.get("topic"))
    if entry.get("feeling") not in set(Feeling):
        yield "unknown_feeling", str(entry.get("feeling"))
    if entry.get("act") not in set(Act):
        yield "unknown_act", str(entry.get("act"))
    for name in ("cues", "says", "replies"):
        value = entry.get(name, [])
        if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
            yield "not_texts", name
            return
    if not entry.get("replies"):
        yield "missing", "replies"
    for text in entry.get("replies", []):
        yield from _reply_defects(text)


def _reply_defects(text: str) -> Iterator[tuple[str, str]]:
    for slot in sorted(slots_of(text) - PERSON_SLOTS):
        yield "unknown_slot", slot
    if len(text) > MOST_CHARACTERS:
        yield "too_long", str(len(text))
    if text.count("?") > 1:
        yield "two_questions", str(text.count("?"))
