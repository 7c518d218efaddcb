"""The interlude of the weather: asked for, fetched where a source is set up, told in fixed sentences. Never unasked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

from companion.core.turn import Reply
from companion.core.weather import Weather
from companion.dialogue.daily.weather import ASKED_IN, WeatherWords
from companion.dialogue.opportunity import Offer
from companion.dialogue.state import Response
from companion.errors import WeatherUnavailable
from companion.safety.risk import Level
from companion.session.ear import Utterance
from companion.session.interlude import Floor, Moment

_FRESH: Final = timedelta(minutes=15)
"""As often as the source itself has anything new."""
_PATIENCE: Final = 6.0
"""Seconds after which the person is told that nobody answers."""


class WeatherSource(Protocol):
    """Knows the weather of one place. Blocking."""

    def weather(self) -> Weather:
        """Return it.

        Raises:
            WeatherUnavailable: Nobody answers, or not as expected.
        """
        ...


class TellingWeather:
    """Lives as long as a conversation.

    Args:
        source: Knows the weather.
        words: How it is told.
        now: The wall clock.
        on_trouble: Told why there was no answer.
    """

    def __init__(
        self,
        source: WeatherSource,
        words: WeatherWords,
        *,
        now: Callable[[], datetime],
        on_trouble: Callable[[WeatherUnavailable], None],
    ) -> None:
        self._source = source
        self._words = words
        self._now = now
        self._on_trouble = on_trouble
        self._known: tuple[datetime, Weather] | None = None

    @property
    def offer(self) -> Offer:
        """News."""
        return Offer.NEWS

    def due(self, moment: Moment) -> bool:  # noqa: ARG002 - nobody is told of the weather unasked
        """Return False."""
        return False

    def wanted(self, response: Response, utterance: Utterance) -> bool:
        """Return whether the weather of a day is asked for that can be told of."""
        understood = response.understanding
        if response.risk.level is not Level.NONE or response.command is not None or understood is None:
            return False
        return understood.situation in ASKED_IN and self._words.day(utterance.heard.text) is not None

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Fetch it and tell it, or say that nobody answers."""
        days = None if utterance is None else self._words.day(utterance.heard.text)
        if days is None:
            return utterance
        weather = await self._weather()
        reply = self._words.unreachable() if weather is None else self._words.tell(weather, days)
        await floor.utter(reply, utterance)
        return None

    def trouble(self) -> Reply:
        """Return what is said where nobody answers."""
        return self._words.unreachable()

    async def _weather(self) -> Weather | None:
        now = self._now()
        if self._known is not None and timedelta() <= now - self._known[0] < _FRESH:
            return self._known[1]
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await asyncio.to_thread(self._source.weather)
        except WeatherUnavailable as error:
            self._on_trouble(error)
            return None
        except TimeoutError:
            self._on_trouble(WeatherUnavailable("weather.slow"))
            return None
        self._known = (now, found)
        return found
