"""Answers what was told and is asked for: with the value alone where it is surely read, else with the words around it.

Pure. A value must be of what is asked: a name where a name is asked for, a number with that counter, a place. Where
only a number or an hour can answer and none was told, nothing answers: a sentence without it would be no answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from companion.core.hangul import decompose, is_syllable
from companion.core.life import Said
from companion.core.morphology import Analyser
from companion.dialogue.memory.quoting import Asked, Quotation, Quoting
from companion.dialogue.memory.sought import Kind, Seeking, Sought
from companion.dialogue.memory.units import units
from companion.dialogue.memory.values import Value, Values

_GOES_ON: Final = 0.8
"""What the words before count for a clause that names nothing of the question itself: 이름이 서윤이야."""
_ENOUGH: Final = 0.8
"""Of what a sentence needs that is said back: a value shows what it is."""
_ONLY_SO: Final = frozenset({Kind.COUNT, Kind.HOUR})
"""What only a number answers."""
_OF_ONE: Final = frozenset({Kind.BIRTH, Kind.PLACE, Kind.HOUR, Kind.NAME})
"""What is never taken of somebody of whom nothing is asked."""
_STRICT: Final = frozenset({Kind.BIRTH, Kind.PLACE, Kind.HOUR})
"""What is taken with another clause only where it follows a sentence about nobody else."""
_NEAR: Final = 6
"""Letters between an hour and what is at it."""
_DONE: Final = re.compile(r"([가-힣]{1,4}?)(?:는다|다|라|자)(?:고|꼬|구)?\s?(?:했|그랬|캤|하)")
"""What somebody said that they do."""
_LONG: Final = 38
"""Letters up to which a sentence is said back whole."""
_LONGEST: Final = 50
"""Letters of clauses that are said back together."""


@dataclass(frozen=True, slots=True)
class Found:
    """What answers."""

    said: Said
    words: str
    """The words of the person in which it stood."""
    value: str = ""
    """It alone; empty where it cannot be read surely."""
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class _Unit:
    text: str
    points: float


class Answers:
    """Built once; holds nothing of a person.

    Args:
        table: ``prompts/memory/answers.toml``.
        names: The part ``[names]`` of the facts.
        quoting: Weighs a sentence against a question.
        analyser: Of morphemes.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(
        self, table: Mapping[str, Any], names: Mapping[str, Any], quoting: Quoting, analyser: Analyser
    ) -> None:
        self._seeking, self._values = Seeking(table), Values(table, names, analyser)
        self._shows = {Kind(str(kind)): re.compile(source) for kind, source in table["quoted"].items()}
        self._whole = re.compile(table["whole"]["asks"])
        self._quoting, self._analyser = quoting, analyser

    def sought(self, question: str) -> Sought | None:
        """Return what can be read by itself of what is asked for."""
        return self._seeking.read(question)

    def is_bare(self, question: str) -> bool:
        """Return whether a question names nothing but what is asked for: 몇 시라고 했지."""
        asked, sought = self._quoting.asked(question), self._seeking.read(question)
        if sought is not None and sought.kind is Kind.SORT:
            return False
        counted = {sought.counter} if sought is not None else set()
        return not (asked.nouns - asked.sorts - counted or asked.predicates or asked.kin)

    def find(self, question: str, told: Sequence[Said], facts: Collection[str] = ()) -> Found | None:
        """Return what answers, or None where nothing that was told does.

        Args:
            question: As it was asked.
            told: Newest first.
            facts: Sentences of which a fact was kept that the question means.
        """
        sought, asked = self._seeking.read(question), self._quoting.asked(question)
        if sought is not None and sought.kind is not Kind.LIST and not self._quoting.asks_last(question):
            if sought.kind is Kind.WORDS:
                return self._spoken(sought, question, told)
            found = self._valued(sought, asked, told, facts)
            if found is not None and found.value and sought.kind is Kind.HOUR:
                found = self._with_what(found, self._seeking.sort_too(question))
            if found is not None:
                return found
            if sought.kind in _ONLY_SO:
                return None
        quoted = self._quoting.find(question, told, facts)
        if quoted is None or (sought is not None and not self._holds(sought, asked, quoted.sentence)):
            return None
        return Found(quoted.said, self._narrowed(asked, quoted, facts))

    def lately(self, question: str, told: Sequence[Said]) -> Found | None:
        """Return what was told just now of what the question says was done: 참기름을 사야 돼, of 뭐 산다 그랬지.

        Only where nothing answers it surely: of so short a verb grammar knows little, its letters more.

        Args:
            question: As it was asked.
            told: In this talk, newest first.
        """
        match = _DONE.search(question)
        if match is None or not self._quoting.asks_surely(question) or self._quoting.is_of_words_of_others(question):
            return None
        done = _begins(match[1])
        for one in told:
            if self._quoting.asks(one.text):
                continue
            for sentence in units(one.text, self._analyser):
                said = " ".join(sentence)
                if any(_begins(word) == done for word in said.split()):
                    return Found(one, said)
        return None

    def _spoken(self, sought: Sought, question: str, told: Sequence[Said]) -> Found | None:
        """Return what somebody said, where the words around it name the same saying: 처음 한 말."""
        for one in told:
            if self._quoting.asks(one.text):
                continue
            at = self._seeking.same_at(question, one.text)
            values = [] if at is None else self._values.find(sought, one.text)
            value = next((value for value in values if at is not None and value.start > at), None)
            if value is not None:
                return Found(one, one.text, value.text, sought.kind)
        return None

    def _with_what(self, found: Found, sort: Sought | None) -> Found:
        """Return an hour with what is at it, where both are asked for: 아홉 시에 안약."""
        whats = [] if sort is None else self._values.find(sort, found.words)
        at = found.words.find(found.value)
        what = next((one for one in whats if 0 < one.start - at - len(found.value) <= _NEAR), None)
        return found if what is None else replace(found, value=found.words[at : what.start + len(what.text)])

    def _holds(self, sought: Sought, asked: Asked, sentence: str) -> bool:
        if sought.kind in _OF_ONE and self._is_of_another(sought, asked, sentence):
            return False
        shown = self._shows.get(sought.kind)
        return shown is None or shown.search(self._quoting.words(sentence).shown) is not None

    def _is_of_another(self, sought: Sought, asked: Asked, text: str) -> bool:
        return self._quoting.is_of_another(asked, text, named_is_enough=sought.kind is Kind.BIRTH)

    def _valued(self, sought: Sought, asked: Asked, told: Sequence[Said], facts: Collection[str]) -> Found | None:
        needed = self._quoting.needed(asked) * (1.0 if sought.kind is Kind.SORT else _ENOUGH)
        best: tuple[float, int, str, list[Value]] | None = None
        for at, one in enumerate(told):
            if self._quoting.asks(one.text) or not self._values.find(sought, one.text):
                continue
            for unit in self._weighed(sought, asked, one.text, facts):
                values = self._values.find(sought, unit.text)
                if values and unit.points >= needed and (best is None or unit.points > best[0]):
                    best = unit.points, at, unit.text, values
        if best is None:
            return None
        _, at, words, values = best
        newer = self._put_right(sought, told, at)
        if newer is not None:
            return newer
        return Found(told[at], words, _meant(sought, asked, words, values), sought.kind)

    def _put_right(self, sought: Sought, told: Sequence[Said], at: int) -> Found | None:
        """Return what took it back in the next breath: 아니, 그게 아니고 대전이야."""
        if at == 0 or not self._quoting.takes_back(told[at - 1].text):
            return None
        values = self._values.find(sought, told[at - 1].text)
        words = told[at - 1].text.strip()
        return Found(told[at - 1], words, values[-1].text if len(values) == 1 else "", sought.kind)

    def _weighed(self, sought: Sought, asked: Asked, text: str, facts: Collection[str]) -> list[_Unit]:
        """Return the clauses with what they count, those that name nothing with a part of what stands before them."""
        made: list[_Unit] = []
        strict = sought.kind in _STRICT
        before = 0.0
        for sentence in units(text, self._analyser):
            whole = self._quoting.weigh(asked, " ".join(sentence), facts, leads=not strict)
            for unit in sentence:
                own, other = self._quoting.weigh(asked, unit, facts), self._is_of_another(sought, asked, unit)
                if not own and not other:
                    own = (before if strict else max(before, whole)) * _GOES_ON
                made.append(_Unit(unit, 0.0 if other and sought.kind in _OF_ONE else own))
            before = max(whole, before * _GOES_ON)
        return made

    def _says_more(self, asked: Asked, sentence: str) -> bool:
        """Whether a sentence tells anything beside what the question itself says."""
        if self._whole.search(asked.letters) or self._quoting.weigh(asked, sentence) < self._quoting.needed(asked):
            return False
        nouns = self._quoting.words(sentence).nouns
        return any(not any(one in noun or noun in one for one in asked.nouns) for noun in nouns)

    def _narrowed(self, asked: Asked, quoted: Quotation, facts: Collection[str]) -> str:
        """Return the sentence of what was found that answers, cut to its clauses where it is long."""
        sentences = units(quoted.sentence, self._analyser)
        joined = [" ".join(one) for one in sentences]
        weigh: Callable[[str], float] = lambda text: self._quoting.weigh(asked, text, facts)  # noqa: E731
        best = max(range(len(joined)), key=lambda at: weigh(joined[at]), default=0)
        if not joined or (len(quoted.sentence) <= _LONG and not self._says_more(asked, joined[best])):
            return quoted.sentence
        if len(joined[best]) <= _LONG:
            return joined[best]
        clauses = sentences[best]
        first = max(range(len(clauses)), key=lambda at: weigh(clauses[at]))
        last = len(clauses)
        while last > first + 1 and len(" ".join(clauses[first:last])) > _LONGEST:
            last -= 1
        return " ".join(clauses[first:last])


def _begins(word: str) -> tuple[str, str]:
    """Return onset and vowel of the first syllable of a word: 갔, 가서 and 간다 are one verb."""
    if not is_syllable(word[:1]):
        return "", ""
    first = decompose(word[0])
    return first.onset, first.vowel


def _meant(sought: Sought, asked: Asked, words: str, values: Sequence[Value]) -> str:
    """Return the value that is meant; of several the first behind what the question names, or none where none is."""
    if len(values) == 1 or sought.kind is Kind.NAME:
        return values[0].text
    named = max((words.rfind(noun) for noun in asked.nouns), default=-1)
    behind = [value.text for value in values if value.start > named >= 0]
    return behind[0] if behind else ""
