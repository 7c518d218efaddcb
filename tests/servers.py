"""Real servers on the loopback for tests of sending: HTTP that takes webhooks and ntfy messages, and SMTP."""

from __future__ import annotations

import json
import socketserver
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """What arrived, and how the server answers."""

    port: int = 0
    status: int = 200
    messages: list[dict[str, Any]] = field(default_factory=list)
    hold: threading.Event | None = None
    """Where it is set, answers wait for it."""


@contextmanager
def http_server() -> Iterator[Received]:
    """Run an HTTP server that keeps every JSON body that is posted to it."""
    received = Received()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if received.status == 200:
                received.messages.append(json.loads(body))
            if received.hold is not None:
                received.hold.wait(20)
            with suppress(OSError):  # whoever did not wait for it has hung up
                self.send_response(received.status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the library
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        received.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield received
        finally:
            server.shutdown()
            thread.join()


PASSWORD = "right"  # noqa: S105 - of a server that lives for one test


class MailHandler(socketserver.StreamRequestHandler):
    """Speaks as much SMTP as a client needs; every message goes to the ``received`` of its server."""

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 test ESMTP")
        commands = {"EHLO": self.greet, "AUTH": self.sign_in, "DATA": self.take}
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            verb = line.split(" ")[0].upper()
            if verb == "QUIT":
                self.say("221 bye")
                return
            commands.get(verb, self.agree)(line)

    def agree(self, _: str) -> None:
        self.say("250 ok")

    def greet(self, _: str) -> None:
        self.say("250-test\r\n250 AUTH PLAIN LOGIN")

    def sign_in(self, line: str) -> None:
        _, how, *rest = line.split(" ")
        if how.upper() == "PLAIN":
            right = b64decode(rest[0]).split(b"\0")[-1] == PASSWORD.encode()
        else:
            if not rest:
                self.say("334 VXNlcm5hbWU6")
                self.rfile.readline()
            self.say("334 UGFzc3dvcmQ6")
            right = b64decode(self.rfile.readline()) == PASSWORD.encode()
        self.say("235 ok" if right else "535 5.7.8 authentication failed")

    def take(self, _: str) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        found = message_from_bytes(b"".join(lines), policy=policy.default)
        texts = [part.get_content() for part in found.walk() if part.get_content_maintype() == "text"]
        assert isinstance(self.server, MailServer)
        received = self.server.received
        received.messages.append({"title": found["Subject"], "message": "".join(texts), "to": found["To"]})
        if received.hold is not None:
            received.hold.wait(20)
        self.say("250 kept")


class MailServer(socketserver.ThreadingTCPServer):
    """One connection a thread."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, received: Received) -> None:
        super().__init__(("127.0.0.1", 0), MailHandler)
        self.received = received


@contextmanager
def smtp_server() -> Iterator[Received]:
    """Run an SMTP server that wants AUTH PLAIN or LOGIN with ``PASSWORD`` and keeps every message."""
    received = Received()
    with MailServer(received) as server:
        received.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield received
        finally:
            server.shutdown()
            thread.join()
