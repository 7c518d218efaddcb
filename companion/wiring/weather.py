"""The weather, where the settings name a source: what is told of it, and what the doctor says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.config import Settings
from companion.dialogue.daily.weather import FILE, WeatherWords
from companion.errors import CompanionError
from companion.prompts import prompt_table
from companion.wiring.check import Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from companion.adapters.weather_open_meteo import OpenMeteo
    from companion.session.weather import TellingWeather


def weather_words(place: str = "") -> WeatherWords:
    """Return how the weather is told.

    Raises:
        PromptError: The table is broken.
    """
    return WeatherWords(prompt_table(FILE), place)


def weather_source(settings: Settings) -> OpenMeteo | None:
    """Return what knows the weather; None where none is set up."""
    wanted = settings.weather
    if wanted.source == "off" or wanted.latitude is None or wanted.longitude is None:
        return None
    from companion.adapters.weather_open_meteo import OpenMeteo

    return OpenMeteo(wanted.latitude, wanted.longitude, address=wanted.address)


def telling_weather(
    settings: Settings, now: Callable[[], datetime], on_trouble: Callable[[CompanionError], None]
) -> tuple[TellingWeather, ...]:
    """Return the interlude of one conversation; nothing where no source is set up.

    Raises:
        PromptError: The table is broken.
    """
    source = weather_source(settings)
    if source is None:
        return ()
    from companion.session.weather import TellingWeather

    return (TellingWeather(source, weather_words(settings.weather.place), now=now, on_trouble=on_trouble),)


def examine_weather(settings: Settings) -> Check:
    """Ask once, and say what leaves the house."""
    source = weather_source(settings)
    if source is None:
        return Check("weather", Verdict.SKIPPED, "doctor.weather_off")
    try:
        source.weather()
    except CompanionError as error:
        return Check("weather", Verdict.PROBLEM, error.key, error.fields)
    latitude, longitude = source.place
    fields = {"address": settings.weather.address, "latitude": latitude, "longitude": longitude}
    return Check("weather", Verdict.OK, "doctor.weather", fields)
