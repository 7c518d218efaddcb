"""What 말벗 offers in its replies, and how an offer is taken or refused.

A reply that offers a tale or an activity is a promise: a yes must begin it. So each sentence that offers something is
named in ``prompts/lexicon/offers.toml`` with what it begins, and a sentence of the bank that sounds like an offer and
is not named there is a defect of the data.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from companion.dialogue.activities.script import Kind
from companion.dialogue.problem import Problem

FILE: Final = "offers.toml"
_BLANKS: Final = re.compile(r"\s+")
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_SENTENCES: Final = re.compile(r"(?<=[.!?…])\s+")
TALE: Final = "tale"
ACTIVITY: Final = "activity"
SAY: Final = "say"


class Reaction(StrEnum):
    """What an answer to an offer is."""

    YES = "yes"
    NO = "no"
    ELSE = "else"
    """Anything else: the person's own turn."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What an offer begins."""

    kind: str
    """``tale``, ``activity`` or ``say``."""
    name: str
    """Kind of the tale or activity, or key of the fixed sentence."""

    def __str__(self) -> str:
        """Return it as the table writes it: ``tale.story``."""
        return f"{self.kind}.{self.name}"

    @classmethod
    def parse(cls, text: str) -> Offered:
        """Read ``tale.story``.

        Raises:
            ValueError: It names nothing that can begin.
        """
        kind, _, name = text.partition(".")
        if kind not in {TALE, ACTIVITY, SAY} or not name:
            raise ValueError(text)
        return cls(kind, name)


class _Words:
    """Words of which an answer may be put together."""

    def __init__(self, telling: Sequence[str], soft: Sequence[str]) -> None:
        self._telling = frozenset(map(str, telling))
        self._words = tuple(self._telling | set(map(str, soft)))

    def make_up(self, letters: str) -> bool:
        """Return whether letters are these words alone, in any order, with a telling one among them."""
        reached = {(0, False)}
        for at in range(len(letters)):
            for told in {told for place, told in reached if place == at}:
                found = (word for word in self._words if letters.startswith(word, at))
                reached |= {(at + len(word), told or word in self._telling) for word in found}
        return (len(letters), True) in reached

    def stand_before(self, behind: re.Pattern[str], letters: str) -> bool:
        """Return whether letters begin with these words alone, and all that follows is what may stand behind them."""
        return any(behind.fullmatch(letters[end:]) and self.make_up(letters[:end]) for end in range(1, len(letters)))


class Offers:
    """Built once from the table."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile it.

        Raises:
            KeyError: A part is missing.
            ValueError: An offer begins nothing that can begin.
            re.error: A rule is no regular expression.
        """
        listed = [(Offered.parse(str(entry["starts"])), entry["says"]) for entry in table["offer"]]
        self._starts = {_bare(said): starts for starts, says in listed for said in says}
        self._nothing = frozenset(_bare(said) for said in table["nothing"]["says"])
        self._sounds = re.compile("|".join(table["sounds"]["text"]))
        self._named = tuple((re.compile(words), Offered.parse(starts)) for words, starts in table["named"].items())
        answer = table["answer"]
        self._longest, self._at_length = int(answer["longest"]), int(answer["at_length"])
        self._behind_yes, self._behind_no = re.compile(answer["behind_yes"]), re.compile(answer["behind_no"])
        self._loosely = tuple((re.compile(words), Offered.parse(starts)) for words, starts in table["loosely"].items())
        asked = [verb + ending for verb in answer["verbs"] for ending in answer["endings"]]
        self._yes = _Words([*answer["yes"], *asked], answer["soft"])
        self._no = _Words(answer["no"], [*answer["soft"], *answer["beside_no"]])

    def of(self, reply: str) -> Offered | None:
        """Return what a reply offers, the last where it offers several things; None where it offers nothing."""
        sentences = [_bare(said) for said in reversed(_SENTENCES.split(reply))]
        found = (self._starts.get(said) or self._sounding(said) for said in sentences if said not in self._nothing)
        return next((one for one in found if one is not None), None)

    def _sounding(self, said: str) -> Offered | None:
        """Return what a sentence offers that is not in the table: what an earlier version said, or a model."""
        return next((starts for words, starts in self._loosely if words.search(said)), None)

    def reaction(self, text: str) -> Reaction:
        """Return whether what was said right after an offer takes it or refuses it."""
        letters = _NOT_LETTERS.sub("", text)
        if not letters or len(letters) > self._at_length:
            return Reaction.ELSE
        if len(letters) <= self._longest:
            if self._no.make_up(letters):
                return Reaction.NO
            if self._yes.make_up(letters):
                return Reaction.YES
        if self._no.stand_before(self._behind_no, letters):
            return Reaction.NO
        return Reaction.YES if self._yes.stand_before(self._behind_yes, letters) else Reaction.ELSE

    def meant(self, text: str, offered: Offered) -> Offered:
        """Return what a yes is to: what it names, else what was offered."""
        letters = _NOT_LETTERS.sub("", text)
        named = next((starts for words, starts in self._named if words.search(letters)), offered)
        return named if offered.kind == TALE else offered

    def problems(self, said: Collection[str], keys: Collection[str], kinds: Collection[str]) -> Iterator[Problem]:
        """Yield what is wrong with the table.

        Args:
            said: Every reply and fixed sentence.
            keys: Of the fixed sentences.
            kinds: Of the tales there are; empty where there are none.
        """
        sentences = {_bare(part): part for text in said for part in _SENTENCES.split(text)}
        for bare in (*self._starts, *self._nothing):
            if bare not in sentences:
                yield Problem(f"lexicon/{FILE}", bare, "offers.not_said")
        for bare, part in sentences.items():
            if self._sounds.search(bare) and bare not in self._nothing and bare not in self._starts:
                yield Problem(f"lexicon/{FILE}", part, "offers.begins_nothing")
        for starts in {*self._starts.values(), *(starts for _, starts in self._named)}:
            there = {SAY: keys, ACTIVITY: frozenset(Kind), TALE: kinds or {starts.name}}[starts.kind]
            if starts.name not in there:
                yield Problem(f"lexicon/{FILE}", str(starts), "offers.unknown")


def _bare(text: str) -> str:
    return _BLANKS.sub("", text)
