"""What a contact reads: who, how grave, since when and what to do, from ``prompts/safety/alert.ko.toml``. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from companion.errors import PromptError
from companion.safety.alerts import Alert, AlertOrder
from companion.safety.risk import Level, Theme

FILE: Final = "alert.ko.toml"
_SLOT: Final = re.compile(r"\{([a-z_]+)\}")
_SLOTS: Final = frozenset({"person", "time", "reference", "words"})
_REFERENCE: Final = 8
"""Characters of an alert's id by which a contact names it."""
_ENDS: Final = ("words", "withheld", "unknown", "answer", "repeat", "test")
_LEVELS: Final = (Level.URGENT, Level.CONCERN)


@dataclass(frozen=True, slots=True)
class Subject:
    """Of whom and when."""

    person: str
    """As the contact knows them."""
    words: str = ""
    """What was said, as it may leave; empty where it may not be told."""
    withheld: bool = False
    """Whether it might be told and was held back, since it could not be made to name nobody."""
    repeats: bool = False
    """Whether the contact may have got it already."""


class AlertWords:
    """Built once from the table and the telephone numbers."""

    def __init__(self, table: Mapping[str, Any], numbers: Mapping[str, str]) -> None:
        """Check that every sentence is there and has known slots only.

        Args:
            table: Of ``alert.ko.toml``.
            numbers: Telephone numbers by slot.

        Raises:
            PromptError: A sentence is missing, or has a slot that nobody fills.
        """
        self._numbers = dict(numbers)
        try:
            self._title = {level: str(table["title"][level]) for level in _LEVELS}
            self._level = {level: str(table["level"][level]) for level in _LEVELS}
            self._no_answer = {name: str(table[Theme.NO_ANSWER][name]) for name in ("title", "level", "unknown")}
            self._measured = {name: str(table["measured"][name]) for name in (*_LEVELS, "unknown")}
            themes = [theme for theme in Theme if theme not in (Theme.NONE, Theme.NO_ANSWER)]
            self._to_do: dict[tuple[Level, Theme], str] = {
                (level, theme): str(table[level][theme]) for level in _LEVELS for theme in themes
            }
            self._to_do |= {(level, Theme.NO_ANSWER): str(table[Theme.NO_ANSWER]["to_do"]) for level in _LEVELS}
            self._end = {name: str(table["end"][name]) for name in _ENDS}
            self._test_title, self._time = str(table["title"]["test"]), str(table["when"]["time"])
        except (KeyError, TypeError) as error:
            raise PromptError("lexicon.missing", file=FILE, entry=str(error)) from error
        sentences = [*self._title.values(), *self._level.values(), *self._to_do.values(), *self._end.values()]
        sentences += [*self._no_answer.values(), *self._measured.values()]
        for unknown in {slot for one in sentences for slot in _SLOT.findall(one)} - _SLOTS - set(numbers):
            raise PromptError("lexicon.broken", file=FILE, detail=unknown)

    def alert(self, alert: Alert, subject: Subject, zone: datetime) -> tuple[str, str]:
        """Return title and body.

        Args:
            alert: As it stands.
            subject: Of whom.
            zone: Any time in the zone by which the time is said.
        """
        order, at = alert.order, alert.raised_at.astimezone(zone.tzinfo)
        said = self._time.format(month=at.month, day=at.day, hour=at.hour, minute=at.minute)
        values = {
            **self._numbers,
            "person": subject.person,
            "time": said,
            "reference": alert.id[-_REFERENCE:],
            "words": subject.words,
        }
        lines = [self._end["repeat"]] if subject.repeats else []
        title, level, unknown = self._claims(order)
        lines += [level, self._to_do[order.level, order.kind.theme]]
        lines += [self._end["words"]] if subject.words else []
        lines += [self._end["withheld"]] if subject.withheld else []
        lines += [unknown, self._end["answer"]]
        return _filled(title, values), "\n".join(_filled(line, values) for line in lines)

    def _claims(self, order: AlertOrder) -> tuple[str, str, str]:
        """Return title, what is known and how: what is true of words is not to be read where nothing was said."""
        if order.kind.theme is Theme.NO_ANSWER:
            return self._no_answer["title"], self._no_answer["level"], self._no_answer["unknown"]
        if order.kind.is_measured:
            return self._title[order.level], self._measured[order.level], self._measured["unknown"]
        return self._title[order.level], self._level[order.level], self._end["unknown"]

    def test(self) -> tuple[str, str]:
        """Return title and body of a test."""
        return self._test_title, self._end["test"]


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    """Fill the slots once: what stands in a value is never taken for a slot."""
    return _SLOT.sub(lambda match: values[match[1]], sentence)
