"""A real server on the loopback that answers as Open-Meteo documents it, for tests of the weather."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ANSWER: dict[str, Any] = {
    "latitude": 37.35,
    "longitude": 127.95,
    "generationtime_ms": 0.05,
    "utc_offset_seconds": 32400,
    "timezone": "Asia/Seoul",
    "timezone_abbreviation": "GMT+9",
    "elevation": 132.0,
    "current_units": {"time": "iso8601", "interval": "seconds", "temperature_2m": "°C", "weather_code": "wmo code"},
    "current": {"time": "2026-11-23T10:00", "interval": 900, "temperature_2m": -2.6, "weather_code": 3},
    "daily_units": {
        "time": "iso8601",
        "weather_code": "wmo code",
        "temperature_2m_min": "°C",
        "temperature_2m_max": "°C",
        "precipitation_probability_max": "%",
    },
    "daily": {
        "time": ["2026-11-23", "2026-11-24", "2026-11-25"],
        "weather_code": [61, 75, 0],
        "temperature_2m_min": [-4.2, -7.9, -0.3],
        "temperature_2m_max": [5.4, 0.6, 9.5],
        "precipitation_probability_max": [60, 85, None],
    },
}
"""An answer in the format of open-meteo.com/en/docs (2026-11-27), for the fields that are asked for."""


@dataclass
class Sky:
    """What the server answers, and what it was asked."""

    port: int = 0
    status: int = 200
    body: bytes = json.dumps(ANSWER).encode()
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    hold: threading.Event | None = None
    """Where it is set, answers wait for it."""

    @property
    def address(self) -> str:
        """Of the server."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def weather_server() -> Iterator[Sky]:
    """Run it for a while."""
    sky = Sky()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            sky.paths.append(parts.path)
            sky.asked.append(parse_qs(parts.query))
            sky.headers.append(dict(self.headers.items()))
            if sky.hold is not None:
                sky.hold.wait(20)
            with suppress(OSError):  # whoever did not wait for it has hung up
                self.send_response(sky.status)
                self.send_header("Content-Length", str(len(sky.body)))
                self.end_headers()
                self.wfile.write(sky.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the library
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        sky.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield sky
        finally:
            server.shutdown()
            thread.join()
