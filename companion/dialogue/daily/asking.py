"""Tells what the person asks to be told at some time: "여섯 시에 드라마 한다고 알려 줘". Pure; the moment comes in.

What is asked is kept in the person's words and never interpreted: whoever asks to be told to take a medicine is told
that they asked so. What somebody else is to be told is an errand, not this.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from companion.dialogue.daily.hours import SpokenHours, When
from companion.errors import PromptError

FILE: Final = "daily/asked.ko.toml"
_SENTENCES: Final = re.compile(r"[^.?!…\n]+[.?!…]*")
_ADDRESSING: Final = re.compile(r"^\s*말벗(?:아|이|님|씨)?\s*[,!~]*\s*")
_FEW: Final = 40
"""Characters of an utterance that says no more than what is to be told; longer ones tell a story."""
_WORDS: Final = re.compile(r"[가-힣]+")
_OF_ASKING: Final = frozenset({"시에", "시라", "언제", "간다", "한다", "했지", "했나", "캤노", "하기", "가기"})
_BEGINNING: Final = 2
"""Letters by which a word of a question is found in what is to be told."""
_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Wished:
    """What the person wants to be told."""

    when: When
    what: str = field(repr=False)
    """In their words, up to 달라고: 드라마 한다고 알려; 불러."""


class AskingFinder:
    """Built once from ``prompts/daily/asked.ko.toml`` and what reads days."""

    def __init__(self, table: Mapping[str, Any], hours: SpokenHours) -> None:
        """Compile it.

        Raises:
            PromptError: A part is missing or is no regular expression.
        """
        self.hours = hours
        try:
            ask = table["ask"]
            self._longest = int(ask["longest"])
            parts = {"give": str(ask["give"]), "clock": hours.clock_source}
            self._verbs = tuple(
                _Verb(
                    str(verb["said"]),
                    re.compile(_put_together(str(verb["text"]), parts) + str(ask["end"])),
                    str(verb.get("joined", "")),
                    bool(verb.get("wakes")),
                )
                for verb in ask["verbs"]
            )
            self._things = tuple((re.compile(str(one["text"])), str(one["said"])) for one in ask["things"])
            self._again = re.compile(str(ask["again"]))
            self._tells = re.compile(str(ask["tells"]))
            self._unforgotten = re.compile(ask["unforgotten"])
            self._mine, self._my = re.compile(ask["mine"]), re.compile(ask["my"])
            self._never = _any(ask["never"], parts)
            self._list, self._cancel = (_any(table[name]["text"], parts) for name in ("list", "cancel"))
            self._when = re.compile(table["list"]["when"])
            self._that = _any(table["cancel"]["that"], parts)
        except KeyError as error:
            raise PromptError("lexicon.missing", file=FILE, entry=str(error.args[0])) from error
        except (TypeError, ValueError, re.error) as error:
            raise PromptError("lexicon.broken", file=FILE, detail=str(error)) from error

    def find(self, text: str, now: datetime) -> Wished | None:
        """Return what is asked in an utterance, the last where there are several; None where nothing is.

        Args:
            text: What was said.
            now: Aware, in the person's zone.
        """
        if len(text) > self._longest:
            return None
        sentences = _SENTENCES.findall(_ADDRESSING.sub("", text))
        found: Wished | None = None
        for sentence in map(str.strip, sentences):
            wished = self._in(sentence, now)
            if wished is None and found is not None and self._again.search(sentence):
                when = self.hours.find(self.hours.put_right(sentence), now, found.when.day)
                wished = None if when is None else replace(found, when=replace(when, daily=found.when.daily))
            found = wished or found
        return found

    def thing(self, text: str) -> str:
        """Return what is to be told, where it is all that is said of it (약 먹을 거); nothing where none is."""
        if len(text) > _FEW or self._tells.search(text):
            return ""
        for pattern, said in self._things:
            match = pattern.search(text)
            if match is not None:
                return said.format(self._bare(match[0]))
        return ""

    def lists(self, text: str) -> bool:
        """Return whether the person asks what they asked for."""
        return len(text) <= self._longest and self._list.search(text) is not None

    def asks_when(self, text: str) -> frozenset[str]:
        """Return the beginnings of the words of a question after the time of something; nothing where it is none."""
        if len(text) > self._longest or self._when.search(text) is None:
            return frozenset()
        words = (word[:_BEGINNING] for word in _WORDS.findall(text))
        return frozenset(word for word in words if len(word) == _BEGINNING and word not in _OF_ASKING)

    def cancels(self, text: str, *, just_spoken_of: bool) -> bool:
        """Return whether the person does not want to be told any more.

        Args:
            text: What was said.
            just_spoken_of: Whether something asked was spoken of in this conversation, so that "그거" may mean it.
        """
        if len(text) > self._longest:
            return False
        return self._cancel.search(text) is not None or (just_spoken_of and self._that.search(text.strip()) is not None)

    def _in(self, sentence: str, now: datetime) -> Wished | None:
        if self._never.search(sentence):
            return None
        for verb in self._verbs:
            match = verb.pattern.search(sentence)
            if match is None:
                continue
            before, rest = sentence[: match.start()], match["rest"] or ""
            when = self.hours.find(before, now, wakes=verb.wakes)
            if when is not None:
                before = when.without(before)
            elif (when := self.hours.find(rest, now, wakes=verb.wakes)) is None:
                return None
            what = self._bare(before)
            return Wished(when, f"{what}{verb.joined if what else ''} {verb.said}".strip())
        return None

    def _bare(self, text: str) -> str:
        """Return what is to be told, without whom, and without that it must not be forgotten."""
        said = self._unforgotten.sub("", text.strip(" ,"))
        return _BLANKS.sub(" ", self._my.sub("", self._mine.sub("", said))).strip(" ,")


@dataclass(frozen=True, slots=True)
class _Verb:
    said: str
    """How it is said back, before 달라고."""
    pattern: re.Pattern[str]
    joined: str
    """What is put behind the words before it: 끄라 is said back as 끄라고."""
    wakes: bool
    """Whether it is done in the morning where nothing else is said."""


def _put_together(source: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        source = source.replace(f"{{{name}}}", part)
    return source


def _any(sources: list[str], parts: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_nameless(_put_together(source, parts))})" for source in sources))


def _nameless(source: str) -> str:
    """Return a pattern without the names of its groups, which may stand once only."""
    return re.sub(r"\(\?P<\w+>", "(?:", source)
