"""A real FHIR R4 server for the tests: sekmet-fhir, pinned, in an environment of its own that is made once.

Its dependencies contradict ours, so it is never imported: it is installed with uv from the package registry into the
cache of whoever runs the tests, under a name that the pins decide, and started on a free port with an empty database.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError

PINS: Final = Path(__file__).with_name("sekmet.lock")
_STARTS_WITHIN: Final = 90.0
"""Seconds, on a loaded machine; otherwise it takes about four."""
_INSTALLS_WITHIN: Final = 240.0
Json = dict[str, Any]


class NoServer(Exception):
    """No server can be had here."""


class Server:
    """A running server.

    Args:
        base: Its address, without a slash at the end.
    """

    def __init__(self, base: str) -> None:
        self.base = base

    def ask(self, path: str, body: bytes | None = None) -> tuple[int, Json]:
        """Send a request, a POST where it has a body; return status and answer."""
        request = urllib.request.Request(f"{self.base}{path}", data=body)  # noqa: S310 - an address of ours
        request.add_header("Content-Type", "application/fhir+json")
        request.add_header("Accept", "application/fhir+json")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except HTTPError as error:
            return error.code, json.load(error)

    def every(self, path: str) -> list[Json]:
        """Return the resources of all pages of a search."""
        found: list[Json] = []
        while path:
            status, page = self.ask(path)
            assert status == 200, page
            found += [entry["resource"] for entry in page.get("entry", ())]
            following = [link["url"] for link in page.get("link", ()) if link["relation"] == "next"]
            path = following[0].removeprefix(self.base) if following else ""
        return found


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server with nothing in it.

    Raises:
        NoServer: It cannot be installed here, or does not start.
    """
    program = _installed() / "bin" / "sekmet"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}/fhir"
    with tempfile.TemporaryDirectory(prefix="fhir-server-") as folder:
        settings = Path(folder) / "settings.yaml"
        told = {"base_url": base, "host": "127.0.0.1", "port": port, "data_dir": f"{folder}/data"}
        settings.write_text(json.dumps(told | {"simulator": {"enabled": False}}), encoding="utf-8")
        log = (Path(folder) / "log").open("wb")
        command = [str(program), "serve", "--config", str(settings), "--port", str(port), "--host", "127.0.0.1"]
        with log, subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as running:
            try:
                server = Server(base)
                _wait_for(server, running)
                yield server
            finally:
                running.terminate()
                running.wait(30)


def _wait_for(server: Server, running: subprocess.Popen[bytes]) -> None:
    """Return when it answers."""
    until, pause = time.monotonic() + _STARTS_WITHIN, threading.Event()
    while time.monotonic() < until and running.poll() is None:
        try:
            if server.ask("/metadata")[0] == 200:
                return
        except (URLError, ConnectionError, ValueError):
            pause.wait(0.1)
    raise NoServer("sekmet-fhir does not start")


def _installed() -> Path:
    """Return the environment of the server, made if it is not there.

    Raises:
        NoServer: The registry does not give it.
    """
    pins = hashlib.sha256(PINS.read_bytes()).hexdigest()[:16]
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    target = caches / "malbeot-tests" / f"sekmet-{sys.version_info.major}{sys.version_info.minor}-{pins}"
    if (target / "complete").is_file():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    uv = [sys.executable, "-m", "uv"]
    _run([*uv, "venv", "--quiet", "--python", sys.executable, str(target)])
    _run([*uv, "pip", "install", "--quiet", "--python", str(target / "bin" / "python"), "-r", str(PINS)])
    (target / "complete").touch()
    return target


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_INSTALLS_WITHIN)
    except (OSError, subprocess.SubprocessError) as error:
        raise NoServer("the package registry does not give sekmet-fhir") from error
