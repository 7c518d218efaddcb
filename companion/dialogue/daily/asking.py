"""Tells what the person asks to be told at some time: "여섯 시에 드라마 한다고 알려 줘". Pure; the moment comes in.

What is asked is kept in the person's words and never interpreted: whoever asks to be told to take a medicine is told
that they asked so. What somebody else is to be told is an errand, not this.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from companion.dialogue.daily.hours import SpokenHours, When
from companion.dialogue.daily.thing import ThingReader
from companion.errors import PromptError

FILE: Final = "daily/asked.ko.toml"
_SENTENCES: Final = re.compile(r"[^.?!…\n]+[.?!…]*")
_ADDRESSING: Final = re.compile(r"^\s*말벗(?:아|이|님|씨)?\s*[,!~]*\s*")
_FEW: Final = 40
"""Characters of an utterance that says no more than what is to be told; longer ones tell a story."""
_BARE_HOUR: Final = 10
_WORDS: Final = re.compile(r"[가-힣]+")
_CALLING: Final = "불러"
"""Whoever wants to be called names nothing to be told."""
_BEGINNING: Final = 2
"""Letters by which a word of a question is found in what is to be told."""


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
            self._things = ThingReader(ask)
            self._waits, self._for_me = re.compile(ask["waits"]), re.compile(ask["for_me"])
            self._then, self._today = re.compile(ask["then"]), re.compile(ask["today"])
            self._quoted = re.compile(ask["thing"]["quoted"])
            self._more = re.compile(str(ask["more"]))
            self._wants = frozenset(str(one) for one in ask["wants"])
            self._telling = frozenset(verb.said for verb in self._verbs if not verb.wakes) - {_CALLING}
            self._again = re.compile(str(ask["again"]))
            self._tells, self._no_wish = re.compile(str(ask["tells"])), re.compile(str(ask["no_wish"]))
            self._never = _any(ask["never"], parts)
            self._list, self._cancel = (_any(table[name]["text"], parts) for name in ("list", "cancel"))
            self._when = re.compile(table["list"]["when"])
            self._of_asking = frozenset(table["list"]["of_asking"])
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
        sentences = [one.strip() for one in _SENTENCES.findall(_ADDRESSING.sub("", text))]
        found: Wished | None = None
        for at, sentence in enumerate(sentences):
            wished = self._in(sentence, sentences[:at], sentences[at + 1 :], now)
            more = found is not None and (self._again.search(sentence) or self._is_hour(sentence, now))
            if wished is None and found is not None and more:
                when = self.hours.find(self.hours.put_right(sentence), now, found.when.day)
                wished = None if when is None else replace(found, when=replace(when, daily=found.when.daily))
            found = wished or found
        return found

    def is_meant(self, wished: Wished, wants: Sequence[str]) -> bool:
        """Return whether a wish is one by what may be wanted by its words, as the encoder hears them.

        Args:
            wished: What the rules found: 너도 뭔 말을 좀 해 봐라 looks like one too. Whoever names a time means it.
            wants: As in ``Noticed``; where nobody knows, the rules alone decide.
        """
        return not wants or wished.when.at is not None or bool(self._wants.intersection(wants))

    def is_no_wish(self, text: str) -> bool:
        """Return whether something is to be remembered only, at no time."""
        return self._no_wish.search(text) is not None

    def thing(self, text: str) -> str:
        """Return what is to be told, where it is all that is said of it (약 먹을 거); nothing where none is."""
        return "" if len(text) > _FEW or self._tells.search(text) else self._things.whole(text)

    def named(self, text: str) -> str:
        """Return what is to be told, of an answer to the question what it is; nothing where it names none."""
        if (found := self.thing(text)) or len(text) > _FEW:
            return found
        said = self._things.elsewhere([text]) or self._things.of(text)
        return f"{said} {self._verbs[-1].said}" if said else ""

    def with_more(self, wished: Wished, text: str) -> Wished:
        """Return a wish with what a yes adds to it: 그래, 그때 말해 줘. 보험증도 챙기라고 같이 말해 주고."""
        _, *sentences = _SENTENCES.findall(text)
        more = next((match["more"].strip() for one in sentences if (match := self._more.search(one)) is not None), "")
        thing, _, verb = wished.what.rpartition(" ")
        return replace(wished, what=f"{thing}, {more} {verb}") if more and thing else wished

    def is_bare(self, what: str) -> bool:
        """Return whether no thing is named in what is to be told: 말해, 알려; 불러 and 깨워 need none."""
        return what in self._telling

    def lists(self, text: str) -> bool:
        """Return whether the person asks what they asked for."""
        return len(text) <= self._longest and self._list.search(text) is not None

    def asks_when(self, text: str) -> frozenset[str]:
        """Return the beginnings of the words of a question after the time of something; nothing where it is none."""
        if len(text) > self._longest or self._when.search(text) is None:
            return frozenset()
        return self.words_of(text)

    def words_of(self, text: str) -> frozenset[str]:
        """Return the beginnings of the words of a question that may name what is to be told."""
        words = (word[:_BEGINNING] for word in _WORDS.findall(text))
        return frozenset(word for word in words if len(word) == _BEGINNING and word not in self._of_asking)

    def cancels(self, text: str, *, just_spoken_of: bool) -> bool:
        """Return whether the person does not want to be told any more.

        Args:
            text: What was said.
            just_spoken_of: Whether something asked was spoken of in this conversation, so that "그거" may mean it.
        """
        if len(text) > self._longest:
            return False
        return self._cancel.search(text) is not None or (just_spoken_of and self._that.search(text.strip()) is not None)

    def _is_hour(self, sentence: str, now: datetime) -> bool:
        """Whether a sentence is nothing but an hour: 열 시쯤이요."""
        when = self.hours.find(sentence, now) if len(sentence) <= _BARE_HOUR else None
        return when is not None and when.at is not None

    def _in(self, sentence: str, before: Sequence[str], behind: Sequence[str], now: datetime) -> Wished | None:
        """Return what one sentence asks; its time and its thing may be named in those around it."""
        if self._never.search(sentence) or (self.is_no_wish(sentence) and self.hours.find(sentence, now) is None):
            return None
        for verb in self._verbs:
            match = verb.pattern.search(sentence)
            if match is None:
                continue
            said, rest = sentence[: match.start()], match.groupdict().get("rest") or ""
            around = (*reversed(before), *behind)
            when = self._time(said, around, now, verb)
            if when is not None:
                said = when.without(said)
            else:
                when = self._time(rest, around, now, verb)
            if when is None or (when.at is None and not when.past):
                when = self._around(sentence, said, around, now, verb, when)
            if when is None:
                return None
            what = self._things.of(self._without_clock(said))
            if what or verb.wakes:
                return Wished(when, f"{what}{verb.joined if what else ''} {verb.said}".strip())
            what = self._things.elsewhere([self._without_clock(one) for one in around])
            named = next((found for one in around if (found := self._things.whole(one))), "")
            return Wished(when, f"{what} {verb.said}" if what else named or verb.said)
        return None

    def _time(self, said: str, around: Sequence[str], now: datetime, verb: _Verb) -> When | None:
        """Return the time in a part of a sentence; its day may be named in a sentence beside it."""
        when = self.hours.find(said, now, wakes=verb.wakes)
        if when is None or when.day is not None or when.daily or self._today.search(said):
            return when
        days = (self.hours.find(one, now) for one in around)
        day = next((one.day for one in days if one is not None and one.day is not None), None)
        again = None if day is None else self.hours.find(said, now, day, wakes=verb.wakes)
        return again if again is not None and again.at is not None else when

    def _around(
        self, sentence: str, said: str, around: Sequence[str], now: datetime, verb: _Verb, when: When | None
    ) -> When | None:
        """Return the time that a sentence beside it names; one without its hour where the wish waits for something."""
        mine = self._for_me.search(" ".join((sentence, *around))) is not None
        wants = verb.wakes or self._quoted.search(self._things.of(said)) is not None
        unsaid = when is None or (when.daily and when.day is None)
        if unsaid and (when is not None or self._then.search(sentence) or not self._things.of(said) or mine or wants):
            found = (self._time(one, (), now, verb) for one in around)
            other = next((one for one in found if one is not None and (one.at is not None or one.past)), None)
            if other is not None:
                return replace(other, spans=(), daily=other.daily or (when is not None and when.daily))
        if when is not None:
            return when
        waits = self._waits.search(said) or self._then.search(sentence)
        return When(None) if (waits and (mine or wants)) or (mine and wants and not verb.wakes) else None

    def _without_clock(self, text: str) -> str:
        """Return words without any hour in them that stands with its particle."""
        return self.hours.without_clocks(text)


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
