"""Answers everyday questions that have one plain answer: what a QR code is, which mountain is higher.

What is asked about and how it is asked are data (``prompts/facts``, each fact with its source; the ways of asking in
``prompts/lexicon/facts.toml``). A fact is answered only where both are in the question; one that has ``keys`` instead
is found by them and by likeness (``facts_by_keys``), also where its trouble is told. Nothing that bears on illness,
medicine, money or law is a fact here. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any, Final, TypeAlias

from companion.core.reading import Reading
from companion.core.turn import Reply, ReplySource
from companion.dialogue.facts_by_keys import FactsByKeys
from companion.dialogue.guard import PASSED, Guard
from companion.dialogue.problem import Problem, raise_first
from companion.dialogue.questions import Questions
from companion.dialogue.wording import choose

FILE: Final = "facts.toml"
PREFIX: Final = "fact"
"""Of the ids of the replies, and of the names under which what was asked is recorded."""
_ABOUT: Final = "{about}"
_BLANKS: Final = re.compile(r"\s+")
_QUOTES: Final = re.compile("['\"‘’“”`]")
_KEYS: Final = "keys"
_BY_RULE: Final = ("about", "asks", "say")
_BY_KEYS: Final = (_KEYS, "asked", "say")
Tables: TypeAlias = Mapping[str, Mapping[str, Any]]


class Facts:
    """Built once from the facts and the table of ways of asking."""

    def __init__(self, facts: Tables, words: Mapping[str, Any], asking: str) -> None:
        """Load; what names a fact is compiled when the first question is asked, since all of it takes most of a second.

        Args:
            facts: Parsed files of ``prompts/facts`` by file name.
            words: The table ``prompts/lexicon/facts.toml``.
            asking: An asking word and the end of a question, as ``prompts/lexicon/questions.toml`` has them.

        Raises:
            PromptError: A fact lacks a part. Its patterns are read by ``fact_problems`` with a guard.
            KeyError: A part of the table of words is missing.
        """
        raise_first(fact_problems(facts, words))
        entries = tuple(entry for _, entry in _entries(facts))
        self._said = {str(entry["id"]): tuple(map(str, entry["say"])) for entry in entries}
        self._entries = tuple(entry for entry in entries if _KEYS not in entry)
        self._by_keys = FactsByKeys(words[_KEYS], (entry for entry in entries if _KEYS in entry))
        self._words = words
        self._asking = f"{asking}|{words['asking']}"
        self._is_asking = re.compile(self._asking)
        self._asked: dict[str, Questions] = {}

    def find(self, text: str, reading: Reading, *, told: bool = False) -> str:
        """Return the id of the fact that is asked for, or meant where a trouble is told; empty where none is.

        Args:
            text: What was said.
            reading: Its reading.
            told: Whether it surely asks for nothing, as far as is learnt: then what is meant must be plainer.
        """
        lower = _QUOTES.sub("", text.lower())
        compact = _BLANKS.sub("", lower)
        asked = bool(reading.question or reading.request or "?" in lower or self._is_asking.search(compact))
        ruled = self._by_rule(lower, compact, reading) if asked else ""
        return ruled or self._by_keys.find(text, asked=asked, told=told)

    def _by_rule(self, lower: str, compact: str, reading: Reading) -> str:
        for entry, named in self._named:
            if named.search(compact) is not None and self.questions(entry).find(lower, reading) is not None:
                return str(entry["id"])
        return ""

    @cached_property
    def _named(self) -> tuple[tuple[Mapping[str, Any], re.Pattern[str]], ...]:
        return tuple((entry, re.compile(_named(entry))) for entry in self._entries)

    def questions(self, entry: Mapping[str, Any]) -> Questions:
        """Return the ways of asking for a fact; made when it is first named, since all at once would take seconds."""
        key = str(entry["id"])
        if key not in self._asked:
            self._asked[key] = Questions({"asking": self._asking, "question": [_rule(entry, self._words)]})
        return self._asked[key]

    def say(self, fact: str, used: frozenset[str], lately: frozenset[str], chance: float) -> Reply:
        """Return a wording of a fact, none of ``used`` or ``lately`` while there is another.

        Args:
            fact: Its id.
            used: Ids of replies that were said in this session.
            lately: Those of the sessions before.
            chance: In [0, 1); which of those that are left.
        """
        variants = [(f"{PREFIX}.{fact}#{number}", text) for number, text in enumerate(self._said[fact])]
        chosen, text = choose(variants, used, chance, lately)
        return Reply(text, ReplySource.FIXED, chosen)


def fact_problems(facts: Tables, words: Mapping[str, Any], guard: Guard | None = None) -> tuple[Problem, ...]:
    """Return what is wrong with the facts; with a guard also the answers that it would refuse."""
    problems = [] if guard is None else [*_broken_ways(words)]
    seen: set[str] = set()
    for file, entry in _entries(facts):
        key = str(entry.get("id", ""))
        if not key or key in seen:
            problems.append(Problem(f"facts/{file}", key, "facts.duplicate" if key else "facts.missing", "id"))
        seen.add(key)
        problems += (Problem(f"facts/{file}", key, *defect) for defect in _defects(entry, words))
        if guard is None:
            continue
        problems += (Problem(f"facts/{file}", key, "facts.pattern", one) for one in _patterns(entry) if _broken(one))
        for text in entry.get("say", ()):
            if (refused := guard.refused_by(str(text))) != PASSED:
                problems.append(Problem(f"facts/{file}", key, "facts.refused", refused))
    return tuple(problems)


def _entries(facts: Tables) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for file, table in facts.items():
        yield from ((file, entry) for entry in table.get("fact", ()))


def _defects(entry: Mapping[str, Any], words: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in _BY_KEYS if _KEYS in entry else _BY_RULE:
        if not isinstance(entry.get(name), list) or not all(entry[name]) or not entry[name]:
            yield "facts.missing", name
            return
    if not str(entry.get("source", "")).strip():
        yield "facts.missing", "source"
    yield from (("facts.unknown_kind", str(kind)) for kind in entry.get("asks", ()) if kind not in words["asks"])


def _patterns(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(map(str, (*entry.get("about", ()), *entry.get("text", ()), *entry.get("unless", ()))))


def _broken_ways(words: Mapping[str, Any]) -> Iterator[Problem]:
    for kind, ways in words["asks"].items():
        broken = (way for way in map(str, ways) if _broken(way.replace(_ABOUT, "(?:)")))
        yield from (Problem(f"lexicon/{FILE}", str(kind), "facts.pattern", way) for way in broken)


@cache
def _broken(source: str) -> bool:
    """Tell whether a pattern cannot be compiled; once, since thousands are looked at and most of them again."""
    try:
        re.compile(source)
    except re.error:
        return True
    return False


def _about(entry: Mapping[str, Any]) -> str:
    return f"(?:{'|'.join(f'(?:{source})' for source in entry['about'])})"


def _named(entry: Mapping[str, Any]) -> str:
    """Return what must be in a question for a fact to be asked for: quicker to search for than the whole question."""
    return "|".join((_about(entry), *map(str, entry.get("text", ()))))


def _rule(entry: Mapping[str, Any], words: Mapping[str, Any]) -> Mapping[str, Any]:
    about = _about(entry)
    ways = (way.replace(_ABOUT, about) for kind in entry["asks"] for way in words["asks"][kind])
    return {
        "id": entry["id"],
        "say": entry["id"],
        "asks": True,
        "text": [*ways, *entry.get("text", ())],
        "unless": [*words["unless"], *entry.get("unless", ())],
    }
