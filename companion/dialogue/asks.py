"""What is said to 말벗 itself and must not be received as a telling: a reproach, where it is, what it would do.

The rules are data (``prompts/lexicon/asks.toml``; ``opinions.toml`` for the small opinions and ``answers.toml`` for
what answers 말벗). A long turn is heard by its last sentences: who scolds and then tells of the day is answered for the
day. What 말벗 does not answer lightly
(body, money, law, danger) is left to others, also where it was spoken of just before. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

FILES: Final = ("asks.toml", "opinions.toml", "answers.toml")
PREFIX: Final = "asks"
ANSWERED: Final = "answers"
"""Of the names of what answers 말벗: it is told, and not said to it."""
_BLANKS: Final = re.compile(r"\s+")
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_SENTENCES: Final = re.compile(r"(?<=[.!?…])\s+")
_PIECES: Final = re.compile(r"[.!?,…]+")
_FEWEST: Final = 4
"""Letters of what was told last, from which it shows what was spoken of."""
_OPEN: Final = "open"
"""The part that is any syllable without a coda: behind those alone the copula is short."""
_FIRST_SYLLABLE: Final = "\uac00"
_LAST_SYLLABLE: Final = "\ud7a3"
_CODAS: Final = 28
_MOST: Final = 60
"""Letters of it that are said back."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One rule, and the fixed sentence that answers it."""

    id: str
    say: str
    """Key of the fixed sentence."""
    otherwise: str
    """That where a slot of ``say`` cannot be filled; empty where nothing is said then."""
    asks: bool
    """Whether it only counts in a question."""
    light: bool
    """Whether it only counts where nothing hangs on it."""
    objects: bool
    """Whether what 말벗 said last is objected to: not where something is asked behind it."""
    first: bool
    """Whether the first sentence of a long turn is looked at as well."""
    yields: bool
    """Whether an answer to what was asked goes before it."""
    late: bool
    """Whether it comes behind everything that is known for sure."""
    texts: tuple[re.Pattern[str], ...]
    names: tuple[re.Pattern[str], ...]
    """Over the text as it is written: their named groups fill slots."""
    about: tuple[re.Pattern[str], ...]
    """Over what was spoken of, where an opinion is asked for and nothing more."""
    unless: tuple[re.Pattern[str], ...]
    last: tuple[re.Pattern[str], ...]
    """Of which one must be in what 말벗 said last."""
    prefix: str = PREFIX
    whole: bool = False
    """Whether only a turn that is nothing else fits."""
    nouns: tuple[str, ...] = ()
    """Slots that must be nothing but nouns."""
    taken: str = ""
    """A slot that must stand in what 말벗 said last; empty where none must."""

    @property
    def name(self) -> str:
        """The name under which it is recorded as what was understood."""
        return f"{self.prefix}.{self.id}"


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that fits, and what it cut out."""

    ask: Ask
    slots: Mapping[str, str] = field(default_factory=dict)


class Asks:
    """Built once from the tables."""

    def __init__(self, table: Mapping[str, Any], opinions: Mapping[str, Any], answers: Mapping[str, Any]) -> None:
        """Compile the rules; those of the answers go first, then those of the opinions. All share their parts.

        Raises:
            KeyError: A rule lacks a part.
            re.error: A rule is no regular expression.
        """
        parts = (item for one in (table, opinions, answers) for item in one["parts"].items())
        self._parts = {str(name): str(part) for name, part in parts}
        self._parts[_OPEN] = f"[{''.join(map(chr, range(ord(_FIRST_SYLLABLE), ord(_LAST_SYLLABLE) + 1, _CODAS)))}]"
        self._joins, self._copula = self._compiled(answers["joins"]), str(answers["copula"])
        self._asking, self._grave = self._compiled(table["asking"]), self._compiled(table["grave"])
        self._laughs = self._compiled(table["laughs"])
        self._marks = self._compiled(table["marks"])
        self._pauses = self._compiled(table["pauses"])
        self._longest, self._short = int(table["longest"]), int(table["short"])
        self._bare = self._compiled(opinions["bare"])
        answering = (self._rule(rule, ANSWERED) for rule in answers["question"])
        others = (self._rule(rule, PREFIX) for rule in (*opinions["question"], *table["question"]))
        self._rules = (*answering, *others)
        self.objecting = frozenset(
            (*map(str, table["objecting"]), *(rule.name for rule in self._rules if rule.objects))
        )
        """Names of what is understood where the last answer is objected to."""

    @property
    def yielding(self) -> frozenset[str]:
        """Names of what an answer to what was asked goes before."""
        return frozenset(rule.name for rule in self._rules if rule.yields)

    @property
    def keys(self) -> tuple[str, ...]:
        """The fixed sentences that are needed."""
        found = (key for rule in self._rules for key in (rule.say, rule.otherwise) if key)
        return tuple(dict.fromkeys(found))

    def find(
        self, text: str, last: str, before: str, is_noun: Callable[[str], bool], *, late: bool = False
    ) -> Found | None:
        """Return the first rule that fits, or None.

        Args:
            text: What was said.
            last: What 말벗 said before it.
            before: What the person said before that.
            is_noun: Whether words are nothing but nouns.
            late: Whether only what comes behind everything else is looked for, or only the rest.
        """
        heard = self._heard(text)
        last_resort: Found | None = None
        spoken = _spoken(text, self._laughs)
        opening, asks_last = spoken[:1], len(spoken) > 1 and spoken[-1].rstrip().endswith("?")
        spoken_of = _BLANKS.sub("", f"{before} {text}")
        grave = self._grave.search(spoken_of) is not None
        bare = self._bare.search(_BLANKS.sub("", self._marks.sub("@", text))) is not None
        for rule in self._rules:
            if rule.late is not late or (rule.light and grave):
                continue
            if rule.last and not any(pattern.search(last) for pattern in rule.last):
                continue
            looked = heard[-1:] if rule.objects and asks_last else heard
            looked = (text.strip(),) if rule.whole else (*looked, *opening) if rule.first else looked
            slots = next((one for said in looked if (one := self._fits(rule, said)) is not None), None)
            if slots is None and bare and any(pattern.search(spoken_of) for pattern in rule.about):
                slots = {}
            if slots is None or not _holds(rule, slots, last, is_noun):
                continue
            if not rule.yields:
                return Found(rule, slots)
            if last_resort is None:
                last_resort = Found(rule, slots)
        return last_resort

    def nouns(self, said: str) -> tuple[str, ...]:
        """Return each noun of a phrase as a sentence that says what something is: so alone an analyser knows it."""
        return tuple(f"{one.strip()}{self._copula}" for one in self._joins.split(said) if one.strip())

    def told_last(self, heard: Sequence[str]) -> str:
        """Return what was told last, of what was heard, without what only wins time; empty where it shows nothing."""
        found: list[str] = []
        for text in reversed(heard):
            pieces = [piece.strip() for piece in _PIECES.split(_SENTENCES.split(text.strip())[-1])]
            said = ", ".join(one for one in pieces if one and not self._pauses.match(one))
            if sum(len(_NOT_LETTERS.sub("", one)) for one in (*found, said)) > _MOST:
                break
            if said:
                found.insert(0, said)
        told = ". ".join(found)
        return told if len(_NOT_LETTERS.sub("", told)) >= _FEWEST else ""

    def _fits(self, rule: Ask, said: str) -> dict[str, str] | None:
        """Return the slots that are cut out where a rule fits; None where it does not."""
        compact = _BLANKS.sub("", self._marks.sub("@", said))
        if (rule.asks and not self._asking.search(compact)) or any(one.search(compact) for one in rule.unless):
            return None
        for pattern in rule.names:
            if (match := pattern.search(said)) is not None:
                return {name: value.strip() for name, value in match.groupdict(default="").items()}
        return {} if any(pattern.search(compact) for pattern in rule.texts) else None

    def _heard(self, text: str) -> tuple[str, ...]:
        """Return what is looked at of a turn: all of a short one, and its last sentences, the last first.

        Where the last one asks something, nothing before it is answered.
        """
        whole = [text.strip()] if _letters(text) <= self._longest else []
        sentences = _spoken(text, self._laughs)
        behind = 0
        for at in range(len(sentences) - 1, -1, -1):
            if behind > self._short or (behind and sentences[-1].rstrip().endswith("?")):
                break
            whole.append(sentences[at])
            if behind:
                whole.append(" ".join(sentences[at : at + 2]))
            behind += _letters(sentences[at])
        return tuple(dict.fromkeys(whole))

    def _rule(self, rule: Mapping[str, Any], prefix: str) -> Ask:
        def patterns(name: str) -> tuple[re.Pattern[str], ...]:
            return tuple(self._compiled(source) for source in rule.get(name, ()))

        return Ask(
            id=str(rule["id"]),
            say=str(rule["say"]),
            otherwise=str(rule.get("otherwise", "")),
            asks=bool(rule["asks"]),
            light=bool(rule.get("light", False)),
            objects=bool(rule.get("objects", False)),
            first=bool(rule.get("first", False)),
            yields=bool(rule.get("yields", False)),
            late=bool(rule.get("late", False)),
            texts=patterns("text"),
            names=patterns("names"),
            about=patterns("about"),
            unless=patterns("unless"),
            last=patterns("last"),
            prefix=prefix,
            whole=bool(rule.get("whole", False)),
            nouns=tuple(map(str, rule.get("noun", ()))),
            taken=str(rule.get("taken", "")),
        )

    def _compiled(self, source: str) -> re.Pattern[str]:
        """Return a pattern with the parts that it names put in; a part may name others."""
        for _ in self._parts:
            for name, part in self._parts.items():
                source = source.replace(f"{{{name}}}", part)
        return re.compile(source)


def _holds(rule: Ask, slots: Mapping[str, str], last: str, is_noun: Callable[[str], bool]) -> bool:
    """Whether what was cut out is what the rule wants: words of what was said last, and nothing but nouns."""
    if rule.taken and slots.get(rule.taken, "") not in last:
        return False
    return all(is_noun(slots[name]) for name in rule.nouns if slots.get(name))


def _letters(text: str) -> int:
    return len(_NOT_LETTERS.sub("", text))


def _spoken(text: str, laughs: re.Pattern[str]) -> list[str]:
    """Return the sentences in which something is said."""
    parts = ((part, _NOT_LETTERS.sub("", part)) for part in _SENTENCES.split(text.strip()))
    return [part for part, letters in parts if letters and not laughs.match(letters)]
