"""The words with which consent is asked for, shown and answered. Pure: the table of ``prompts/consent`` comes in."""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from companion.core.consent import Decision, Item, Wording
from companion.core.turn import Reply, ReplySource

_TEXTS: Final = ("title", "text", "ask", "assent")
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_SENTENCE: Final = re.compile(r"[^.!?,~…]+")
_DENIAL: Final = re.compile(r"아니(요|야|여)?|아녀|아이다|아뇨")
"""Denies what was understood rather than what was asked, where it stands beside a plain yes: 아니, 적어도 된다고요."""
_HONOUR: Final = "님"
_SLOTS: Final = frozenset({"address", "named", "giver"})


class Reaction(StrEnum):
    """How a question of consent was answered."""

    YES = "yes"
    NO = "no"
    AGAIN = "again"
    """The person did not catch the question."""
    ELSE = "else"
    """Something else was said: nothing is agreed to."""


_REACTIONS: Final = (
    ("again", Reaction.AGAIN),
    ("yes_first", Reaction.YES),
    ("no", Reaction.NO),
    ("yes", Reaction.YES),
)


class Said(StrEnum):
    """Sentences around a question of consent, by their key in the table."""

    GIVEN = "answer.given"
    REFUSED = "answer.refused"
    UNCLEAR = "answer.unclear"
    LEFT = "answer.left"
    KEPT_ALREADY = "withdrawal.kept_already"
    NOT_ALONE = "withdrawal.not_alone"
    STOPPED = "withdrawal.stopped"
    STOPPED_ALREADY = "withdrawal.stopped_already"
    ERASE_ASK = "withdrawal.erase_ask"
    ERASED = "withdrawal.erased"
    KEPT = "withdrawal.kept"
    NOTHING = "withdrawal.nothing"
    TROUBLE = "withdrawal.trouble"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask the person aloud."""

    item: Item
    named: str = ""
    """The caregiver or contact that it is about."""
    given: Decision | None = None
    """What somebody else gave for them, where their assent is asked for."""


class ConsentWords:
    """Built once from the table.

    Raises:
        KeyError: An item or a sentence is missing.
        ValueError: A sentence has a slot that nobody fills.
        re.error: An expression cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._version = str(table["version"])
        self._items = {item: {name: str(table[item][name]).strip() for name in _TEXTS} for item in Item}
        self._said = {said: str(table[said.split(".")[0]][said.split(".")[1]]) for said in Said}
        permission = table["permission"]
        self._longest = int(permission["longest"])
        whole = f"^(?:{'|'.join(permission['yes'])})+$"
        sources = {**{name: "|".join(permission[name]) for name, _ in _REACTIONS}, "yes": whole}
        self._allows = re.compile("|".join(f"(?:{source})" for source in permission["allows"]))
        self._reactions = tuple((re.compile(sources[name]), found) for name, found in _REACTIONS)
        for text in (*(text for texts in self._items.values() for text in texts.values()), *self._said.values()):
            if unknown := {name for _, name, _, _ in string.Formatter().parse(text) if name} - _SLOTS:
                raise ValueError(f"unknown slots: {sorted(unknown)}")

    def wording(self, item: Item) -> Wording:
        """Return version and digest of everything that is said and shown about an item."""
        texts = "\n".join(self._items[item][name] for name in _TEXTS)
        return Wording(self._version, hashlib.sha256(texts.encode()).hexdigest())

    def title(self, item: Item, named: str = "") -> str:
        """Return what an item is called, for a list."""
        return self._items[item]["title"].format(named=honoured(named))

    def text(self, item: Item, named: str = "") -> str:
        """Return what is read or shown before an item is signed: purpose, what, how long, what a refusal costs."""
        return " ".join(self._items[item]["text"].format(named=honoured(named)).split())

    def reaction(self, text: str, item: Item | None = Item.CONVERSATION) -> Reaction:
        """Return how a question was answered. A no anywhere outweighs a yes; what is unclear is neither.

        Asked whether talk may be written down, a sentence that plainly allows it is a yes, whatever is said beside it:
        네, 적으세요. 딸이 사다 준 건데. Asked whether it is to be erased, it is a no.

        Args:
            text: The answer.
            item: What was asked for; None where it was whether to erase.
        """
        compact = _NOT_LETTERS.sub("", text)
        if not compact:
            return Reaction.ELSE
        sentences = [_NOT_LETTERS.sub("", one) for one in _SENTENCE.findall(text)]
        allowed = any(self._allows.fullmatch(one) for one in sentences)
        if allowed and item is None:
            return Reaction.NO
        if allowed and item is Item.CONVERSATION:
            short = (one for one in sentences if len(one) <= self._longest and not _DENIAL.fullmatch(one))
            return Reaction.NO if any(self._short(one) is Reaction.NO for one in short) else Reaction.YES
        return self._short(compact) if len(compact) <= self._longest else Reaction.ELSE

    def _short(self, compact: str) -> Reaction:
        return next((found for pattern, found in self._reactions if pattern.search(compact)), Reaction.ELSE)

    def ask(self, question: Question, address: str) -> Reply:
        """Return what 말벗 asks aloud."""
        texts = self._items[question.item]
        if question.given is None:
            text = texts["ask"].format(named=honoured(question.named), address=address)
            return Reply(text, ReplySource.FIXED, f"consent.{question.item}.ask")
        giver = honoured(question.given.giver_name)
        text = texts["assent"].format(named=honoured(question.named), giver=giver, address=address)
        return Reply(text, ReplySource.FIXED, f"consent.{question.item}.assent")

    def say(self, said: Said) -> Reply:
        """Return one of the sentences around it."""
        return Reply(self._said[said], ReplySource.FIXED, f"consent.{said}")


def honoured(name: str) -> str:
    """Return a name as it is spoken of to an older person: 김영희 님, 큰따님."""
    trimmed = name.strip()
    return trimmed if not trimmed or trimmed.endswith(_HONOUR) else f"{trimmed} {_HONOUR}"
