"""Who and what is spoken of, as 말벗 may name it back: 아들 is 아드님, a thing only where it is a plain noun."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from companion.core.reading import NEGATED, Reading
from companion.dialogue.corrections import Correction, Corrections
from companion.dialogue.slots import THING_SLOTS

_COPULA: Final = "이"
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_BEFORE: Final = " \t\n,.!?~…\"'“”‘’"
_END_WORDS: Final = 6
"""Content words of the end of a telling: what stands before them it is seldom about."""
_END: Final = re.compile(r"[\s.!?…,~]+$")


@dataclass(frozen=True, slots=True)
class Mentions:
    """What an utterance names."""

    people: tuple[str, ...] = ()
    """As they are politely called, in the order they were named."""
    things: tuple[str, ...] = ()
    """Plain nouns that may be named back."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """The last thing of each kind: food, plant, place … What is grown and eaten is of two kinds."""
    central: frozenset[str] = frozenset()
    """What the end of the telling is about, of people and things: who or what does it, or it is done to."""
    echo: str = ""
    """The whole utterance where it is nothing but a short noun phrase (작년에, 칼국수); else empty."""

    corrected: str | None = None
    """What is said to be right instead of what was said before, where it may be named back, else empty; None where
    nothing is corrected."""
    wrong: str = ""
    """What it takes the place of, where that may be named back."""
    instead: str = ""
    """What stands at the beginning of a telling that puts ``wrong`` right: 고추, of 고추장이 아니라 고추를 널었다고."""

    def slots(self, mirror: str = "") -> dict[str, str]:
        """Return what fills the slots of a reply: only what is central; a person only where exactly one is named.

        Args:
            mirror: The telling said back; where there is one, it takes up what is right.
        """
        echo = self.echo or ("" if mirror else self.instead)
        things = [thing for thing in self.things if thing in self.central]
        return {
            **dict.fromkeys(THING_SLOTS, ""),
            **{kind: thing for kind, thing in self.kinds.items() if thing in self.central},
            "person": self.people[0] if len(self.people) == 1 and self.people[0] in self.central else "",
            "thing": things[-1] if things else "",
            "echo": echo,
            "wrong": self.wrong if echo else "",
        }


class Naming:
    """Built once from ``prompts/lexicon/naming.toml``."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Keep the names.

        Raises:
            KeyError: A part of the table is missing.
            TypeError: A part is not what it must be.
        """
        self.people: dict[str, str] = {str(plain): str(polite) for plain, polite in table["people"].items()}
        self._kinds = {str(kind): frozenset(map(str, nouns)) for kind, nouns in table["things"].items()}
        self.things = frozenset[str]().union(*self._kinds.values())
        self.compounds = frozenset(map(str, table["compounds"]["words"]))
        """People whose names are part of the next word where a noun follows."""
        self._longest = int(table["echo"]["longest"])
        self._never = frozenset(map(str, table["echo"]["never"]))
        self._corrections = Corrections(table["correction"])
        self._amount = re.compile(table["correction"]["amount"])
        self._follows = re.compile(table["correction"]["follows"])
        self._begins = re.compile(table["correction"]["begins"])
        self._told = re.compile(table["echo"]["told"])
        self._mine = re.compile(table["echo"]["mine"])
        self._particles = re.compile(table["echo"]["particles"])
        self._joined = re.compile(table["echo"]["joined"])
        self._no_person = re.compile(table["no_person"]["text"])
        self._central = re.compile(table["central"]["text"])

    def find(self, text: str, reading: Reading, said: str = "") -> Mentions:
        """Return who and what is named in an utterance, and what it puts right of what 말벗 said before it."""
        people = {
            word: self.people[word.form]
            for word in reading.words
            if word.form in self.people and not self._no_person.match(text, word.start)
        }
        things = {
            word: word.form
            for at, word in enumerate(reading.words)
            if word.kind == "n" and word.form in self.things and NEGATED not in word.flags
            if not self._no_person.match(text, word.start) and _stands_alone(text, reading, at)
        }
        correction = self.correction(text, said)
        corrected = None if correction is None else self._right(text, correction, reading)
        if correction is not None and not corrected and not correction.is_sure:
            correction = corrected = None  # 국 끓이라니까 names nothing
        return Mentions(
            people=tuple(dict.fromkeys(people.values())),
            things=tuple(dict.fromkeys(things.values())),
            kinds={kind: thing for thing in things.values() for kind, nouns in self._kinds.items() if thing in nouns},
            central=frozenset(
                name
                for word, name in (*people.items(), *things.items())
                if word in reading.words[-_END_WORDS:] and self._central.match(text, word.start + len(word.form))
                if len(word.form) > 1 or word in people
            ),
            echo=self._echo(text, reading) if corrected is None else corrected,
            corrected=corrected,
            wrong="" if correction is None else self._nameable(text, correction.old or correction.against, reading),
            instead="" if correction is None else self._instead(text, correction, reading),
        )

    def correction(self, text: str, said: str = "") -> Correction | None:
        """Return what an utterance puts right; None where it puts nothing right.

        Args:
            text: What the person says.
            said: What 말벗 said before it.
        """
        return self._corrections.find(text, lambda name: self._stands_in(name, said))

    def _stands_in(self, name: str, said: str) -> bool:
        """Whether a noun, or a person as they are politely called, stands in what 말벗 said."""
        bare = self._mine.sub("", name.strip())
        return any(self._place(said, one) >= 0 for one in {bare, self.people.get(bare, "")} if one)

    def _right(self, text: str, correction: Correction, reading: Reading) -> str:
        """Return what is right as it may be named back; empty where it may not."""
        new = correction.new
        if any(word.kind == "n" and word.form == f"{new}{_COPULA}" for word in reading.words):
            return f"{new}{_COPULA}"  # 고양이라니까
        if correction.is_noun and new not in self._never and len(new) <= self._longest:
            return self.people.get(new, new)
        return self._nameable(text, new, reading)

    def _instead(self, text: str, correction: Correction, reading: Reading) -> str:
        """Return what a telling begins with that stands against a noun; empty where either is none."""
        if not self._nameable(text, correction.against, reading):
            return ""
        begins = self._begins.match(correction.clause)
        return "" if begins is None else self._nameable(text, begins["new"], reading)

    def _nameable(self, text: str, said: str, reading: Reading) -> str:
        """Return a noun phrase as it may be named back, people politely; empty where it is none, or may not be."""
        bare = self._mine.sub("", said.strip())
        if bare in self.people or self._amount.match(bare):
            return self.people.get(bare, bare)
        start = self._place(text, bare)
        words = [word for word in reading.words if start <= word.start < start + len(bare)]
        letters = _NOT_LETTERS.sub("", bare)
        if start < 0 or not words or not 0 < len(letters) <= self._longest or words[0].start != start:
            return ""
        if words[-1].kind != "n" or any(word.kind not in {"n", "a"} or word.form in self._never for word in words):
            return ""
        if sum(len(word.form) for word in words) != len(letters) or any(one.form in self.people for one in words[:-1]):
            return ""  # a particle or an ending stands in it
        last = words[-1].form
        if bare != said.strip() and last not in self.people:
            return ""  # 우리 집 개
        return f"{bare.removesuffix(last)}{self.people.get(last, last)}"

    def _place(self, text: str, bare: str) -> int:
        """Return where a noun phrase stands as a word; -1 where it does not: not 고추 in 고추장, no 두부 in 순두부."""
        found = [match.start() for match in re.finditer(re.escape(bare), text)] if bare else []
        words = (at for at in found if not text[:at][-1:].isalnum() and self._follows.match(text, at + len(bare)))
        return next(words, found[0] if found else -1)

    def _echo(self, text: str, reading: Reading) -> str:
        if "?" in text:
            return ""
        said = self._particles.sub("", _END.sub("", text.strip()))
        letters = _NOT_LETTERS.sub("", said)
        plain = self._joined.fullmatch(said) is not None or (
            all(word.kind in {"n", "a"} for word in reading.words) and any(w.kind == "n" for w in reading.words)
        )
        if (
            self._told.search(said)
            or not plain
            or not 0 < len(letters) <= self._longest
            or any(sign in said for sign in ",.?!")
        ):
            return ""
        if any(word.form in self._never or word.form in self.people for word in reading.words):
            return ""
        return said


def _stands_alone(text: str, reading: Reading, at: int) -> bool:
    """Whether a noun is a whole word with its particles: 콩나물 is no 나물, 노래자랑 no 노래."""
    word = reading.words[at]
    following = reading.words[at + 1] if at + 1 < len(reading.words) else None
    begins = not text[: word.start][-1:].strip(_BEFORE)
    runs_on = following is not None and following.kind == "n" and following.start == word.start + len(word.form)
    return begins and not runs_on
