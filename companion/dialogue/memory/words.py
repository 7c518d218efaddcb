"""How 말벗 speaks of what it remembers: with the names, particles and honorifics that fit. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from companion.core.hangul import last_coda, with_particle
from companion.core.life import Memory
from companion.core.turn import Reply, ReplySource
from companion.dialogue.memory.recall import Recall
from companion.dialogue.wording import choose

_SLOT: Final = re.compile(r"\{([a-z]+)(?:\|([^{}]+))?\}")
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
SLOTS: Final = frozenset({"who", "name", "value", "day", "what", "kind", "fact", "month"})
_FULL_NAME: Final = 3
_AT_A_TIME: Final = 3


class Reaction(StrEnum):
    """How something that 말벗 came back to was answered, where it was answered in few words."""

    YES = "yes"
    NO = "no"
    BETTER = "better"
    WORSE = "worse"
    ELSE = "else"
    """More was said, or something else: it is answered as any turn."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Facts told aloud, a few at a time."""

    text: str
    told: tuple[str, ...]
    """Ids of the facts in it."""
    more: bool
    """Whether others are left."""


class MemoryWords:
    """Built once from ``prompts/memory/words.ko.toml``.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table
        self._honour = {str(word): str(said) for word, said in table["honour"].items()}
        self._spoken = {str(word): str(said) for word, said in table["spoken"].items()}
        self._late = str(table["late"]["who"])
        self._young = re.compile(table["young"]["who"])
        self._order = [str(kind) for kind in table["telling"]["order"]["kinds"]]
        self.kinds = {str(kind): str(name) for kind, name in table["kinds"].items()}
        self._titles, self._with_honour = tuple(table["titles"]["without_honour"]), str(table["titles"]["honour"])
        reaction = table["reaction"]
        self._longest = int(reaction["longest"])
        self._hospital = re.compile(reaction["hospital"])
        self._reactions: dict[Reaction, re.Pattern[str]] = {
            one: re.compile("|".join(reaction[one])) for one in Reaction if one is not Reaction.ELSE
        }

    def fixed(self, key: str, **slots: str) -> Reply:
        """Return one fixed sentence: ``wish.forgotten``, ``telling.more``."""
        part, _, name = key.partition(".")
        return Reply(_filled(str(self._table[part][name]), slots), ReplySource.FIXED, f"memory.{key}")

    def polite(self, address: str) -> str:
        """Return how the person is called who asked to be called so: 김 선생 as 김 선생님."""
        return f"{address}{self._with_honour}" if address.endswith(self._titles) else address

    def recall(self, recall: Recall, known: Sequence[Memory], *, used: frozenset[str], chance: float) -> Reply:
        """Return how 말벗 comes back to a fact: it never claims more than was told."""
        memory = recall.memory
        aspect = self._variant(self._table["recall"][recall.way], memory)
        key = f"memory.recall.{recall.way}.{aspect}"
        variants = [(f"{key}#{number}", text) for number, text in enumerate(self._table["recall"][recall.way][aspect])]
        chosen, text = choose(variants, used, chance)
        return Reply(_filled(text, self._slots(memory, known)), ReplySource.FIXED, chosen)

    def answered(self, key: str, *, used: frozenset[str], chance: float) -> Reply:
        """Return what is said to a short answer; ``key`` is that of ``follow``."""
        variants = [
            (f"memory.answered.{key}#{number}", text) for number, text in enumerate(self._table["answered"][key])
        ]
        chosen, text = choose(variants, used, chance)
        return Reply(text, ReplySource.FIXED, chosen)

    def reaction(self, text: str, recall: Recall) -> Reaction:
        """Return how something 말벗 came back to was answered. A no outweighs a yes."""
        compact = _NOT_LETTERS.sub("", text)
        if not compact or len(compact) > self._longest:
            return Reaction.ELSE
        of_body = (Reaction.WORSE, Reaction.BETTER) if recall.way == "acute" else (Reaction.NO, Reaction.YES)
        return next((one for one in of_body if self._reactions[one].search(compact)), Reaction.ELSE)

    def follow(self, recall: Recall, reaction: Reaction) -> str:
        """Return the key of what is said to a short answer: a question more where somebody came or was seen."""
        if reaction is Reaction.YES and recall.way == "plan_over":
            if self._hospital.search(recall.memory.value):
                return "follow_hospital"
            if recall.memory.aspect == "come":
                return "follow_come"
        if reaction is Reaction.YES and recall.way == "warm":
            return "follow_like" if recall.memory.kind == "likes" else "follow_warm"
        return str(reaction)

    def fact(self, memory: Memory, known: Sequence[Memory], now: datetime) -> str:
        """Return one fact as it is told to the person."""
        key = self._variant(self._table["telling"]["fact"], memory, f"{memory.kind}_")
        slots = self._slots(memory, known) | {"day": self.day(memory.due_at or memory.at, now)}
        return _filled(str(self._table["telling"]["fact"][f"{memory.kind}_{key}"]), slots)

    def telling(self, memories: Sequence[Memory], known: Sequence[Memory], now: datetime) -> Spoken:
        """Return a few facts in a row, what is nearest to the person first; the rest is left for another breath."""
        ordered = sorted(memories, key=lambda one: self._order.index(one.kind) if one.kind in self._order else 99)
        first = ordered[:_AT_A_TIME]
        text = " ".join(self.fact(one, known, now) for one in first)
        return Spoken(text, tuple(one.id for one in first), more=len(ordered) > len(first))

    def what(self, memory: Memory, known: Sequence[Memory]) -> str:
        """Return what a fact is called when it is spoken of: 손주 민준이, 병원, 당뇨."""
        slots = self._slots(memory, known)
        if memory.aspect == "name" and memory.kind == "family":
            return f"{slots['who']} {slots['name']}"
        return slots["who"] or slots["value"] or self.kinds[memory.kind]

    def day(self, moment: datetime, now: datetime) -> str:
        """Return a day as it is said today."""
        there = moment.astimezone(now.tzinfo)
        days = self._table["days"]
        named = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((there.date() - now.date()).days)
        return str(days[named]) if named else str(days["date"]).format(month=there.month, day=there.day)

    def who(self, about: str, known: Sequence[Memory]) -> str:
        """Return somebody as they are spoken of to the person: 따님, 돌아가신 영감님."""
        if not about:
            return ""
        said = self._honour.get(about, about)
        dead = any(one.kind == "loss" and one.about == about for one in known)
        return self._late.format(who=said) if dead else said

    def _slots(self, memory: Memory, known: Sequence[Memory]) -> dict[str, str]:
        return {
            "who": self.who(memory.about, known),
            "name": self._called(memory.value, memory.about),
            "value": self._spoken.get(memory.value, memory.value),
        }

    def _called(self, name: str, about: str) -> str:
        """Return a name as it is called: 민준이 for a child, 김영자 for somebody grown up."""
        if not self._young.match(about):
            return name
        given = name[1:] if len(name) == _FULL_NAME and not name.endswith(_PET_ENDINGS) else name
        return f"{given}이" if last_coda(given) else given

    def _variant(self, table: Mapping[str, Any], memory: Memory, prefix: str = "") -> str:
        """Return the key of the words for an aspect, by whom it is about."""
        aspect = memory.aspect
        young = bool(self._young.match(memory.about))
        if aspect == "event" and memory.kind == "plan" and memory.about and f"{prefix}event_of" in table:
            return "event_of"
        if aspect == "event" and f"{prefix}event_visit" in table and self._hospital.search(memory.value):
            return "event_visit"
        if young and f"{prefix}{aspect}_young" in table:
            return f"{aspect}_young"
        return "name_of" if not young and memory.about and f"{prefix}{aspect}_of" in table else aspect


_PET_ENDINGS: Final = ("이",)


def _filled(text: str, slots: Mapping[str, str]) -> str:
    """Return the text with its slots filled and the particles behind them chosen; an unknown slot stays."""

    def value(match: re.Match[str]) -> str:
        word = slots.get(match[1])
        if word is None:
            return match[0]
        return with_particle(word, match[2]) if match[2] else word

    return _SLOT.sub(value, text)
