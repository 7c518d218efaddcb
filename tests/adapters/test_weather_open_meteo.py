"""The weather, asked of a real server: what is sent, what is read, and what no answer comes to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date

import pytest

from companion.adapters.weather_open_meteo import OpenMeteo
from companion.cli.messages import explain
from companion.core.weather import DayWeather, Weather
from companion.errors import WeatherUnavailable
from tests.weather import ANSWER, Sky, weather_server


@pytest.fixture
def sky() -> Iterator[Sky]:
    with weather_server() as server:
        yield server


def source(sky: Sky, timeout: float = 4.0) -> OpenMeteo:
    return OpenMeteo(37.3512, 127.9456, address=sky.address, timeout=timeout)


def test_now_and_three_days_are_read(sky: Sky) -> None:
    """Codes, degrees and chances, as documented; a chance that nobody knows is none."""
    assert source(sky).weather() == Weather(
        3,
        -2.6,
        (
            DayWeather(date(2026, 11, 23), 61, -4.2, 5.4, 60),
            DayWeather(date(2026, 11, 24), 75, -7.9, 0.6, 85),
            DayWeather(date(2026, 11, 25), 0, -0.3, 9.5, None),
        ),
    )


def test_only_rounded_coordinates_leave_the_house(sky: Sky) -> None:
    """And what fields are wanted; nothing that names anybody or the device."""
    source(sky).weather()
    (asked,) = sky.asked

    assert sky.paths == ["/v1/forecast"]
    assert asked == {
        "latitude": ["37.4"],
        "longitude": ["127.9"],
        "current": ["temperature_2m,weather_code"],
        "daily": ["weather_code,temperature_2m_min,temperature_2m_max,precipitation_probability_max"],
        "timezone": ["auto"],
        "forecast_days": ["3"],
    }
    assert set(sky.headers[0]) <= {"Host", "User-Agent", "Accept-Encoding", "Connection"}
    assert sky.headers[0]["User-Agent"] == "companion"


@pytest.mark.parametrize("status", [400, 429, 500])
def test_a_refusal_is_one_clear_sentence(sky: Sky, status: int) -> None:
    """It says what to do, and never what was asked."""
    sky.status, sky.body = status, b'{"error": true, "reason": "Daily API request limit exceeded."}'
    with pytest.raises(WeatherUnavailable) as raised:
        source(sky).weather()

    assert raised.value.key == "weather.unreachable"
    assert not raised.value.is_permanent
    assert "weather source did not answer" in explain(raised.value)
    assert "37.4" not in explain(raised.value)


def test_a_server_that_hangs_is_given_up(sky: Sky) -> None:
    """Within the time-out."""
    sky.hold = threading.Event()
    with pytest.raises(WeatherUnavailable):
        source(sky, timeout=0.2).weather()
    sky.hold.set()


def test_no_server_is_no_answer() -> None:
    """A house without the internet."""
    with pytest.raises(WeatherUnavailable):
        OpenMeteo(37.0, 127.0, address="http://127.0.0.1:9", timeout=1.0).weather()


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[]",
        b"{}",
        json.dumps({**ANSWER, "daily": {**ANSWER["daily"], "weather_code": [61]}}).encode(),
        json.dumps({**ANSWER, "current": None}).encode(),
        json.dumps({**ANSWER, "daily": {name: [] for name in ANSWER["daily"]}}).encode(),
        b"\xff\xfe",
    ],
)
def test_an_answer_in_no_known_format_is_refused(sky: Sky, body: bytes) -> None:
    """Nothing half read is told."""
    sky.body = body
    with pytest.raises(WeatherUnavailable) as raised:
        source(sky).weather()

    assert raised.value.key == "weather.unreadable"
