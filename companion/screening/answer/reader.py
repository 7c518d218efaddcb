"""Reads a spoken answer: the one door of this package.

``AnswerReader.read`` returns what the grammar makes of a reply to an item. It never guesses: where the words leave room
for two options it proposes one to be confirmed aloud, and where they name none it says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from companion.core.morphology import Analyser
from companion.core.reading import Grammar
from companion.core.spacing import spaced
from companion.screening.answer.evidence import gather
from companion.screening.answer.frequency import frequency_verdict
from companion.screening.answer.gathered import Gathered
from companion.screening.answer.letters import Letters
from companion.screening.answer.lexicon import Lexicon
from companion.screening.answer.polar import degree_verdict, polar_verdict
from companion.screening.answer.verdict import Reason, Verdict, none_for
from companion.screening.answer.wishes import Wish, Wishes
from companion.screening.instrument import Item, ScaleKind

__all__ = ["AnswerReader", "Asked", "Reason", "Verdict", "Wish"]

_READ_CHARACTERS: Final = 600
"""What is read of a reply; danger is looked for in all of it, elsewhere."""
_NUMBERED: Final = 0.95
_HEARD_OTHERWISE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Asked:
    """How the item was put."""

    text: str = ""
    """The words of the question; empty where only the item is known."""
    confirming: bool = False
    """An option was to be confirmed, so that a bare yes or no is about that."""
    with_options: bool = False
    """The options were read one by one, so that "the second" names one."""


class AnswerReader:
    """Built once from the data; reads any reply.

    Args:
        table: ``prompts/screening/answers.ko.toml``, parsed.
        grammar: The grammar of readings.
        analyser: Splits the reply into morphemes.

    Raises:
        KeyError: A part of the table is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any], grammar: Grammar, analyser: Analyser) -> None:
        self._lexicon = Lexicon(table)
        self._wishes = Wishes(table["wish"])
        self._grammar = grammar
        self._analyser = analyser
        self._agreeing = re.compile(str(table["confirmation"]["yes"]))
        self._refusing = re.compile(str(table["confirmation"]["no"]))
        self._willing = re.compile("|".join(table["consent"]["willing"]))
        self._unwilling = re.compile("|".join(table["consent"]["unwilling"]))
        self._negative_question = re.compile(str(table["question"]["negative"]))

    def wish(self, reply: str) -> Wish | None:
        """Return what the person wants of the interview itself: to stop, skip, hear it again."""
        return self._wishes.find(self._letters(reply))

    def plain(self, reply: str) -> str:
        """Return a reply as it is read: variants of dialect and of recognisers resolved."""
        return self._letters(reply).plain.strip()

    def read(self, reply: str, item: Item, window: int, asked: Asked | None = None) -> Verdict:
        """Return the grammar's verdict on a reply.

        A reply that was written without blanks is sure only if it says the same with its blanks.

        Args:
            reply: What was heard.
            item: The item that was asked.
            window: Days of the recall window.
            asked: How it was put; None where only the item is known.
        """
        asked = asked or Asked()
        verdict = self._read(reply, item, window, asked)
        if not verdict.is_firm or len(reply.split()) > 1:
            return verdict
        written = spaced(self._analyser.analyse(reply), reply)
        other = self._read(written, item, window, asked)
        if other.option in {None, verdict.option}:
            return verdict
        return replace(verdict, confidence=_HEARD_OTHERWISE, reason=Reason.DOUBTFUL)

    def _read(self, reply: str, item: Item, window: int, asked: Asked) -> Verdict:
        letters = self._letters(reply)
        if not letters.compact:
            return none_for(Reason.OFF_TOPIC)
        reading = self._grammar.read(self._analyser.analyse(letters.plain))
        gathered = gather(letters, reading, item, self._lexicon, window)
        if asked.confirming:
            gathered = gathered.without_yes_and_no()
        verdict = self._verdict(gathered, item, window, asked)
        if verdict.option is None and asked.with_options:
            return self._numbered(letters, item) or verdict
        return verdict

    def _verdict(self, gathered: Gathered, item: Item, window: int, asked: Asked) -> Verdict:
        match item.scale.kind:
            case ScaleKind.FREQUENCY:
                return frequency_verdict(gathered, item, window)
            case ScaleKind.DEGREE:
                return degree_verdict(gathered, item)
            case ScaleKind.POLAR:
                negative = bool(self._negative_question.search(asked.text))
                return polar_verdict(gathered, item, asked_negatively=negative)

    def agreement(self, reply: str) -> bool | None:
        """Return whether a reply agrees to a yes/no confirmation; None where it is neither a plain yes nor a no.

        What is only half understood is no yes: a confirmation that is guessed would confirm nothing.
        """
        letters = self._letters(reply)
        if self._refusing.search(letters.compact):
            return False
        return True if self._agreeing.fullmatch(letters.compact) else None

    def consent(self, reply: str) -> bool | None:
        """Return whether the person is willing; None where it cannot be heard. Anything but a plain yes is no yes."""
        letters = self._letters(reply)
        for says, pattern in ((False, self._unwilling), (True, self._willing)):
            if pattern.search(letters.compact):
                return says
        if self._wishes.find(letters) in {Wish.STOP, Wish.SKIP}:
            return False
        return self.agreement(reply)

    def _letters(self, reply: str) -> Letters:
        return self._lexicon.speller.letters(reply[:_READ_CHARACTERS])

    def _numbered(self, letters: Letters, item: Item) -> Verdict | None:
        number = self._lexicon.numbered(letters)
        if number is None or number >= len(item.scale.options):
            return None
        evidence = (letters.evidence(0, len(letters.compact)),)
        return Verdict(item.scale.options[number].id, _NUMBERED, Reason.NONE, "option.numbered", evidence)
