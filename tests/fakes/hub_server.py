"""A Hugging Face hub on the loopback interface: the few requests that a pull makes, with faults on demand."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class FakeHub:
    """What the hub holds and how it misbehaves."""

    files: dict[str, bytes] = field(default_factory=dict)
    """Path in the repository to what is served."""
    large: set[str] = field(default_factory=set)
    """Paths that the hub records by SHA-256; the others by git's SHA-1 alone."""
    recorded: dict[str, bytes] = field(default_factory=dict)
    """What the hub's record is about, where it differs from what is served."""
    cut_at: int | None = None
    """Bytes after which the next download of a file breaks off, once."""
    ignores_range: bool = False
    status: int = 200
    """Status of every file request."""
    ranges: list[str | None] = field(default_factory=list)
    """The Range header of each file request, in order."""
    address: str = ""

    def record(self, path: str) -> dict[str, Any]:
        """Return the hub's record of one file."""
        content = self.recorded.get(path, self.files[path])
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
        entry: dict[str, Any] = {"type": "file", "path": path, "size": len(content), "oid": blob}
        if path in self.large:
            entry["lfs"] = {"size": len(content), "oid": hashlib.sha256(content).hexdigest(), "pointerSize": 134}
        return entry


@contextmanager
def running_hub(hub: FakeHub) -> Iterator[FakeHub]:
    """Serve ``hub`` while the block runs."""
    server = _Server(hub)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    def __init__(self, hub: FakeHub) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub = hub

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent where a client hangs up: some tests do just that."""


class _Handler(BaseHTTPRequestHandler):
    @property
    def hub(self) -> FakeHub:
        assert isinstance(self.server, _Server)
        return self.server.hub

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path == "/api/models":
            self._send(200, json.dumps([{"id": "somebody/something"}]).encode())
        elif "/resolve/" in path:
            self._file(path.split("/resolve/", 1)[1].split("/", 1)[1])
        else:
            self._send(404, b"{}")

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        wanted = json.loads(asked)["paths"] if asked.startswith(b"{") else parse_qs(asked.decode())["paths"]
        found = [self.hub.record(path) for path in wanted if path in self.hub.files]
        self._send(200, json.dumps(found).encode())

    def _file(self, name: str) -> None:
        wanted = self.headers.get("Range")
        self.hub.ranges.append(wanted)
        if self.hub.status != 200 or name not in self.hub.files:
            self._send(self.hub.status if self.hub.status != 200 else 404, b"{}")
            return
        content = self.hub.files[name]
        ranged = wanted is not None and not self.hub.ignores_range
        begin = int(wanted.removeprefix("bytes=").rstrip("-")) if ranged and wanted else 0
        self.send_response(206 if begin else 200)
        self.send_header("Content-Length", str(len(content) - begin))
        self.end_headers()
        end, self.hub.cut_at = self.hub.cut_at, None
        self.wfile.write(content[begin:end])
        self.close_connection = end is not None

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        return
