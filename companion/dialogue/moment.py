"""The hour and the day as they are said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from companion.core.numerals import read_sino

_HALF_DAY: Final = 12
_HALF_HOUR: Final = 30


class SpokenTime:
    """Says a moment with the words of ``prompts/lexicon/time.toml``."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Keep the words.

        Raises:
            KeyError: A part of the table is missing.
        """
        self._table = table
        self._parts = sorted(table["part"], key=lambda part: int(part["from"]))

    def part_name(self, hour: int) -> str:
        """Return how this part of the day is called in a sentence; any integer is taken as an hour."""
        return str(self._part(hour)["name"])

    def part_key(self, hour: int) -> str:
        """Return the key of this part of the day in the fixed sentences: morning, day, evening, night."""
        return str(self._part(hour)["key"])

    def date(self, moment: datetime) -> str:
        """Return the day without its weekday."""
        return str(self._table["date"]).format(month=moment.month, day=moment.day)

    def weekday(self, moment: datetime) -> str:
        """Return the day of the week."""
        return str(self._table["weekdays"][moment.weekday()])

    def time(self, moment: datetime) -> str:
        """Return the time of day."""
        names = {0: "time_full_hour", _HALF_HOUR: "time_half_hour"}
        pattern = self._table[names.get(moment.minute, "time")]
        return str(pattern).format(
            half=self._part(moment.hour)["half"],
            hour=self._table["hours"][moment.hour % _HALF_DAY],
            minute=read_sino(moment.minute),
        )

    def season_key(self, month: int) -> str:
        """Return the key of the season of a month (1 to 12): spring, summer, autumn, winter."""
        return next(str(one["key"]) for one in self._table["season"] if month in one["months"])

    def season_name(self, key: str) -> str:
        """Return how a season is called; nothing for an unknown one."""
        return next((str(one["name"]) for one in self._table["season"] if one["key"] == key), "")

    def _part(self, hour: int) -> Mapping[str, Any]:
        begun = [part for part in self._parts if int(part["from"]) <= hour % 24]
        found: Mapping[str, Any] = begun[-1] if begun else self._parts[-1]
        return found
