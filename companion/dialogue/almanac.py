"""Knows when a question is about the calendar that people live by, and answers it. Pure: the day comes in.

What is asked is read by rules over an utterance whose days are marked (``almanac_marks``); the answer is a fixed
sentence of ``prompts/fixed/almanac.toml`` with its slots. Who tells of a day does not ask about it: 동지팥죽을 쑤었어.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from companion.dialogue.almanac_answers import ANSWERS, KEYS, Answers
from companion.dialogue.almanac_asked import Asked, Said
from companion.dialogue.almanac_marks import Marked, Marking
from companion.dialogue.almanac_words import AlmanacWords
from companion.dialogue.spoken_dates import SpokenDates

FILES: Final = ("almanac.toml", "dates.toml")
PREFIX: Final = "almanac.almanac"
"""Of the keys of the fixed sentences."""
_LONGEST: Final = 200
"""Characters of an utterance that is read; who says more tells something."""
_MACRO: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class _Rule:
    ask: str
    texts: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]


class Almanac:
    """Built once from ``prompts/lexicon/almanac.toml`` and ``dates.toml``."""

    def __init__(self, table: Mapping[str, Any], dates: Mapping[str, Any]) -> None:
        """Compile the rules.

        Raises:
            KeyError: A part is missing, or a rule asks what is not answered.
            ValueError: A named day is unknown.
            re.error: A pattern cannot be read.
        """
        self._marking = Marking(table, SpokenDates(dates))
        self._answers = Answers(AlmanacWords(table["say"], table["named"]))
        macros = {str(name): str(source) for name, source in table["macros"].items()}
        self._unless = _patterns(table["unless"]["text"], macros)
        self._past = re.compile(_expanded(table["past"]["text"], macros))
        self._rules = tuple(
            _Rule(str(rule["ask"]), _patterns(rule["text"], macros), _patterns(rule.get("unless", ()), macros))
            for rule in table["rule"]
        )
        if unknown := {rule.ask for rule in self._rules} - ANSWERS.keys():
            raise KeyError(f"ask {', '.join(sorted(unknown))}")

    @property
    def keys(self) -> tuple[str, ...]:
        """The fixed sentences that are needed."""
        return tuple(f"{PREFIX}.{key}" for key in KEYS)

    def answer(self, text: str, today: date, birthday: str = "") -> Said | None:
        """Return what answers a question about the calendar; None where none is asked, or nobody knows.

        Args:
            text: What was said.
            today: The day on which it was said, where the person is.
            birthday: That of the person, in their words; empty where nobody knows: then it is not answered here.
        """
        marked = self._marking.read(text[-_LONGEST:], today, birthday)
        return None if _any(self._unless, marked.letters) else self._first(marked, today)

    def meant(self, text: str, today: date) -> Said:
        """Return what answers a text of which it is known otherwise that it asks about the calendar."""
        marked = self._marking.read(text[-_LONGEST:], today)
        days = marked.all("D") or tuple(mark for mark in marked.all("L") if mark.value is not None)
        asked = Asked("when", days[-1], None, marked, today) if days else None
        return (
            self._first(marked, today)
            or (None if asked is None else self._answers.of(asked))
            or Said("today_lunar", self.slots(today))
        )

    def slots(self, today: date | None) -> Mapping[str, str]:
        """Return what today fills ``{lunar}`` and ``{when}`` with; nothing where nobody knows the day."""
        return {} if today is None else self._answers.of_today(today)

    def _first(self, marked: Marked, today: date) -> Said | None:
        for rule in self._rules:
            if _any(rule.unless, marked.letters):
                continue
            match = next((found for text in rule.texts if (found := text.search(marked.letters))), None)
            said = None if match is None else self._answers.of(self._asked(rule.ask, match, marked, today))
            if said is not None:
                return said
        return None

    def _asked(self, ask: str, match: re.Match[str], marked: Marked, today: date) -> Asked:
        places = {name: match.start(name) for name, value in match.groupdict().items() if value}
        return Asked(
            ask,
            marked.marks.get(places.get("x", -1)),
            marked.marks.get(places.get("s", -1)),
            marked,
            today,
            year=marked.last_before("Y", match.end()),
            past=self._past.search(marked.letters, match.start()) is not None,
        )


def _expanded(source: str, macros: Mapping[str, str]) -> str:
    """Return a pattern with its macros put in; a macro may hold others."""
    while (full := _MACRO.sub(lambda match: macros[match[1]], source)) != source:
        source = full
    return source


def _patterns(sources: list[str] | tuple[str, ...], macros: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(_expanded(source, macros)) for source in sources)


def _any(patterns: tuple[re.Pattern[str], ...], letters: str) -> bool:
    return any(pattern.search(letters) for pattern in patterns)
