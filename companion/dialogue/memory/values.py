"""Reads the value that is asked for out of a few words: 여섯 말, 통영 욕지, 병철. Pure.

What is said back is said as a fact, so a value is read only where its form leaves no doubt; all else is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.core.morphology import Analyser
from companion.dialogue.memory.names import Names
from companion.dialogue.memory.sought import Kind, Sought, expanded

_WORD: Final = re.compile(r"\S+")
_SIGNS: Final = " ,.!?~…"
_BEFORE: Final = r"(?<![가-힣0-9])"
"""A value begins where a word begins."""


@dataclass(frozen=True, slots=True)
class Value:
    """What was read, as it was said."""

    text: str
    start: int


class Values:
    """Built from ``prompts/memory/answers.toml`` and the part ``[names]`` of the table of facts.

    Args:
        table: Of the answers.
        names: Of the facts.
        analyser: Tells which words stand before a particle.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any], names: Mapping[str, Any], analyser: Analyser) -> None:
        self._parts = {str(name): str(source) for name, source in table["parts"].items()}
        self._parts["given"] = f"[{names['syllables']}]{{2}}"
        self._names, self._analyser = Names(names), analyser
        values = table["values"]
        self._called_by, self._sort = re.compile(values["called"]), str(values["sort"])
        self._patterns = {
            Kind(str(kind)): [self._compiled(source) for source in sources]
            for kind, sources in values.items()
            if kind not in {"called", "sort"}
        }
        none = table["not_values"]
        self._denied = re.compile(none["denied"])
        self._not = {Kind(str(kind)): re.compile(source) for kind, source in none.items() if kind != "denied"}
        counters = table["counters"]
        self._plain, self._same = str(counters["plain"]), [list(map(str, one)) for one in counters["same"]]
        self._age, self._money = self._compiled(counters["age"]), self._compiled(counters["money"])
        self._age_of = re.compile(counters["age_of"])
        self._price, self._one = re.compile(counters["price"]), re.compile(counters["one"])
        self._speech = re.compile(table["words"]["said"])
        self._goes_on = re.compile(table["place"]["goes_on"])

    def find(self, sought: Sought, text: str) -> list[Value]:
        """Return the values of what is asked for, each once, in the order of the text."""
        found: dict[str, Value] = {}
        for one in self._found(sought, text):
            denied = self._denied.match(text[one.start + len(one.text) :])
            if one.text and not denied and not self._is_none(sought.kind, one.text):
                found.setdefault(one.text, one)
        return [one for one in found.values() if not any(one.text != other and one.text in other for other in found)]

    def _compiled(self, source: str) -> re.Pattern[str]:
        begins = "" if source.startswith(("[", "고향", "(?:^")) else _BEFORE
        return re.compile(begins + expanded(source, self._parts))

    def _is_none(self, kind: Kind, value: str) -> bool:
        none = self._not.get(kind)
        return none is not None and none.search(value) is not None

    def _found(self, sought: Sought, text: str) -> Iterator[Value]:
        match sought.kind:
            case Kind.COUNT:
                yield from self._counts(sought.counter, text)
            case Kind.NAME:
                yield from self._called(text)
                yield from self._matched(Kind.NAME, text)
            case Kind.PLACE:
                yield from self._places(text)
            case Kind.SORT:
                yield from self._sorts(sought.sort, text)
            case Kind.WORDS:
                yield from list(self._matched(Kind.WORDS, text)) or self._spoken(text)
            case _:
                yield from self._matched(sought.kind, text)

    def _spoken(self, text: str) -> list[Value]:
        """Return what was said where no marks of speech stand around it."""
        match = self._speech.search(text)
        return [] if match is None else [Value(match["value"].strip(_SIGNS), match.start("value"))]

    def _matched(self, kind: Kind, text: str) -> Iterator[Value]:
        for pattern in self._patterns.get(kind, ()):
            found = [Value(match["value"].strip(_SIGNS), match.start("value")) for match in pattern.finditer(text)]
            yield from found
            if found and kind is not Kind.NAME:
                return  # the first that fits is the fullest

    def _called(self, text: str) -> Iterator[Value]:
        """Yield what stands behind 이름: whatever it is, it is called a name."""
        for match in self._called_by.finditer(text):
            name = self._names.after(text[match.end() :])
            if name is not None:
                yield Value(name, match.end())

    def _counts(self, counter: str, text: str) -> Iterator[Value]:
        if not counter:
            yield from (Value(match["value"], match.start()) for match in self._money.finditer(text))
            return
        alike = next((one for one in self._same if counter in one), [counter])
        pattern = re.compile(_BEFORE + expanded(self._plain, self._parts, counter="|".join(alike)))
        for match in pattern.finditer(text):
            if not (self._one.match(match["value"]) and self._price.match(text[match.end() :])):
                yield Value(match["value"], match.start())
        if self._age_of.fullmatch(counter):
            yield from (Value(match["value"], match.start()) for match in self._age.finditer(text))

    def _places(self, text: str) -> Iterator[Value]:
        """Yield the nouns before a particle of place."""
        for pattern in self._patterns[Kind.PLACE]:
            at = 0
            while (match := pattern.search(f"{text} ", at)) is not None:
                words = list(_WORD.finditer(match["value"]))
                first = len(words) - 1
                while first and self._is_noun(words[first - 1][0]):
                    first -= 1
                value = match["value"][words[first].start() :]
                if self._is_noun(words[-1][0], last=True):
                    yield Value(value, match.start("value") + words[first].start())
                at = match.end()

    def _is_noun(self, word: str, *, last: bool = False) -> bool:
        """Whether a word is a noun without a particle; the one before the particle is taken unless it is a verb."""
        tags = [one.tag for one in self._analyser.analyse(word)]
        if last:
            return bool(tags) and not any(tag[0] in "VE" for tag in tags)
        return bool(tags) and all(self._goes_on.match(tag) for tag in tags)

    def _sorts(self, sort: str, text: str) -> Iterator[Value]:
        """Yield what is of a sort: 이불 장사, 성결교회."""
        for match in re.finditer(expanded(self._sort, self._parts, sort=re.escape(sort)), text):
            words = match["value"].split()
            kept = words if len(words) == 1 or self._is_noun(words[0]) else words[1:]
            value = " ".join(kept)
            if value != sort and self._is_noun(kept[-1]):
                yield Value(value, match.end("value") - len(value))
