"""Which day's weather is asked about, and how it is told, from ``prompts/daily/weather.ko.toml``. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.core.turn import Reply, ReplySource
from companion.core.weather import DayWeather, Weather
from companion.dialogue.slots import filled, slots_of
from companion.errors import PromptError

FILE: Final = "daily/weather.ko.toml"
ASKED_IN: Final = frozenset(
    {"question.weather", "question.weather_ahead", "weather.asks", "other.gist.ask_weather", "receive.gist.ask_weather"}
)
"""Situations in which the weather is asked for: of the questions, of the reply bank, and of its gists."""
_BLANKS: Final = re.compile(r"\s+")
_SLOTS: Final = frozenset({"place", "sky", "temperature", "lowest", "highest", "falling", "chance", "day", "number"})
_KEYS: Final = (
    "rain",
    "place",
    "now",
    "today",
    "today_dry",
    "day",
    "day_dry",
    "degrees",
    "below",
    "percent",
    "unreachable",
)


@dataclass(frozen=True, slots=True)
class _Sky:
    now: str
    day: str
    falling: str


class WeatherWords:
    """Built once from the table.

    Args:
        table: Parsed.
        place: As the place is called; empty where it need not be named.

    Raises:
        PromptError: A part is missing, no regular expression, or has a slot that nobody fills.
    """

    def __init__(self, table: Mapping[str, Any], place: str = "") -> None:
        try:
            self._days = tuple((str(one["name"]), int(one["days"]), re.compile(one["text"])) for one in table["day"])
            self._unknown = re.compile(table["unknown"]["text"])
            self._said = {key: str(table["say"][key]) for key in _KEYS}
            self._skies = {
                int(code): _Sky(str(one["now"]), str(one["day"]), str(one.get("falling", self._said["rain"])))
                for one in table["sky"]
                for code in one["codes"]
            }
        except KeyError as error:
            raise PromptError("lexicon.missing", file=FILE, entry=str(error.args[0])) from error
        except (TypeError, ValueError, re.error) as error:
            raise PromptError("lexicon.broken", file=FILE, detail=str(error)) from error
        if unknown := {slot for text in self._said.values() for slot in slots_of(text)} - _SLOTS:
            raise PromptError("lexicon.broken", file=FILE, detail=", ".join(sorted(unknown)))
        self._place = filled(self._said["place"], {"place": place}) if place else ""

    def day(self, text: str) -> int | None:
        """Return how many days from today is asked about; None where it cannot be told of."""
        compact = _BLANKS.sub("", text)
        if self._unknown.search(compact):
            return None
        return next((days for _, days, pattern in self._days if pattern.search(compact)), None)

    def tell(self, weather: Weather, days: int) -> Reply:
        """Return the weather of a day: now and today, or one of the next. Nobody's forecast is told as one's own.

        Args:
            weather: Of the place.
            days: From today.
        """
        if not 0 <= days < len(weather.days) or weather.days[days].code not in self._skies:
            return self.unreachable()
        found = weather.days[days]
        if days:
            name = next(name for name, ahead, _ in self._days if ahead == days)
            return self._reply(self._of_day("day", found, day=name, sky=self._skies[found.code].day))
        now = self._skies.get(weather.code)
        temperature = self._degrees(weather.temperature)
        sky = "" if now is None else filled(self._said["now"], self._slots(sky=now.now, temperature=temperature))
        return self._reply(f"{sky} {self._of_day('today', found)}".strip())

    def unreachable(self) -> Reply:
        """Return what is said where nobody answers."""
        return self._reply(self._said["unreachable"])

    def _of_day(self, key: str, found: DayWeather, **values: str) -> str:
        chance = "" if found.chance is None else filled(self._said["percent"], {"number": str(found.chance)})
        slots = self._slots(
            lowest=self._degrees(found.lowest),
            highest=self._degrees(found.highest),
            falling=self._skies[found.code].falling,
            chance=chance,
            **values,
        )
        return filled(self._said[key if chance else f"{key}_dry"], slots)

    def _slots(self, **values: str) -> dict[str, str]:
        return {"place": self._place, **values}

    def _degrees(self, degrees: float) -> str:
        whole = round(degrees)
        return filled(self._said["below" if whole < 0 else "degrees"], {"number": str(abs(whole))})

    def _reply(self, text: str) -> Reply:
        return Reply(text, ReplySource.FIXED, "daily.weather")
