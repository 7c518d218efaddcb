"""The weather from Open-Meteo, or from a server of one's own that speaks as it does. Standard library only.

What leaves the house is a pair of coordinates, rounded to a tenth of a degree (about ten kilometres, as coarse as the
forecast itself): no name, no device, no word that was said. Format: open-meteo.com/en/docs, read 2026-11-27.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from companion.core.weather import DayWeather, Weather
from companion.errors import WeatherUnavailable

ADDRESS: Final = "https://api.open-meteo.com"
_NOW: Final = ("temperature_2m", "weather_code")
_DAILY: Final = ("weather_code", "temperature_2m_min", "temperature_2m_max", "precipitation_probability_max")
_DAYS: Final = 3
_MOST_BYTES: Final = 1 << 20


class OpenMeteo:
    """Asks for one place.

    Args:
        latitude: Degrees north.
        longitude: Degrees east.
        address: Of the server, without a path.
        timeout: Seconds.
    """

    def __init__(self, latitude: float, longitude: float, *, address: str = ADDRESS, timeout: float = 4.0) -> None:
        self.place = (round(latitude, 1), round(longitude, 1))
        """What is asked for: degrees north and east."""
        self._address = address
        self._timeout = timeout

    def weather(self) -> Weather:
        """Ask, and return the answer. Blocking, at most about twice the time-out.

        Raises:
            WeatherUnavailable: Nobody answered in time, or not in the format of the source.
        """
        latitude, longitude = self.place
        asked = {
            "latitude": latitude,
            "longitude": longitude,
            "current": ",".join(_NOW),
            "daily": ",".join(_DAILY),
            "timezone": "auto",
            "forecast_days": _DAYS,
        }
        url = f"{self._address}/v1/forecast?{urlencode(asked, safe=',')}"
        request = Request(url, headers={"User-Agent": "companion"})  # noqa: S310 - the settings allow http(s) only
        try:
            with urlopen(request, timeout=self._timeout) as answer:  # noqa: S310 - as above
                body = answer.read(_MOST_BYTES)
        except (URLError, OSError, HTTPException) as error:
            if isinstance(error, HTTPError):
                error.close()
            raise WeatherUnavailable("weather.unreachable", address=self._address) from error
        try:
            return _parsed(json.loads(body))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise WeatherUnavailable("weather.unreadable", address=self._address) from error


def _parsed(answer: Mapping[str, Any]) -> Weather:
    now, daily = answer["current"], answer["daily"]
    columns = zip(daily["time"], *(daily[name] for name in _DAILY), strict=True)
    days = tuple(
        DayWeather(
            date.fromisoformat(day),
            int(code),
            float(low),
            float(high),
            None if chance is None else round(float(chance)),
        )
        for day, code, low, high, chance in columns
    )
    if not days:
        raise ValueError("no days")
    return Weather(int(now["weather_code"]), float(now["temperature_2m"]), days)
