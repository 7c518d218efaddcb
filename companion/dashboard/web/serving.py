"""Serves the screens to a browser of this device, and to nothing else.

Each window is a process of its own that runs ``companion dashboard`` with the web driver of Textual, and asks for a
sign-in of its own. Nothing that the screens show is logged: textual-serve's log is silenced, and what a process writes
to its standard error goes to no terminal.
"""

from __future__ import annotations

import asyncio
import logging
import shlex
import signal
import socket
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import jinja2
from aiohttp import web
from textual_serve.server import Server, to_int

from companion.dashboard.web.doorkeeper import Doorkeeper
from companion.dashboard.words import say
from companion.errors import InputError

_HERE: Final = Path(str(files("companion.dashboard.web")))
_PAGE_FILES: Final = {"page.css": "text/css", "page.js": "text/javascript"}
_SMALLEST, _USUAL, _LARGEST = 8, 18, 48
"""Size of letters, in CSS pixels: the address may ask for another, ``/?fontsize=24``."""


class ScreensServer(Server):
    """textual-serve with a door, a page of our own and no log.

    Args:
        command: Runs the screens in a shell.
        doorkeeper: Looks at each request.
    """

    def __init__(self, command: str, doorkeeper: Doorkeeper) -> None:
        super().__init__(command, public_url=f"http://{doorkeeper.address}")
        self._doorkeeper = doorkeeper
        loader = jinja2.FileSystemLoader(_HERE)
        self._page = jinja2.Environment(loader=loader, autoescape=True).get_template("page.html")

    def initialize_logging(self) -> None:
        """Log nothing: its tracebacks show the values of variables."""

    async def on_startup(self, app: web.Application) -> None:
        """Print nothing: stdout is the caller's."""

    async def make_app(self) -> web.Application:
        """Return the application with its door."""
        app = web.Application(middlewares=[self._doorkeeper.middleware])
        app.on_response_prepare.append(self._doorkeeper.stamp)
        app.add_routes(
            [
                web.get("/", self.page),
                web.get("/page/{name}", self.page_file),
                web.get("/ws", self.handle_websocket),
                web.get("/download/{key}", self.handle_download),
                web.static("/static", self.statics_path),
            ]
        )
        return app

    async def page(self, request: web.Request) -> web.Response:
        """Return the page, whose every part comes from here."""
        size = to_int(request.query.get("fontsize", ""), _USUAL)
        words = {name: say(f"web.{name}") for name in ("title", "opening", "closed", "again")}
        context: dict[str, Any] = {
            "words": words,
            "socket": f"ws://{self._doorkeeper.address}/ws",
            "font_size": min(max(size, _SMALLEST), _LARGEST),
        }
        return web.Response(text=self._page.render(context), content_type="text/html")

    async def page_file(self, request: web.Request) -> web.Response:
        """Return the style or the script of the page."""
        name = request.match_info["name"]
        if name not in _PAGE_FILES:
            raise web.HTTPNotFound
        return web.Response(text=(_HERE / name).read_text(encoding="utf-8"), content_type=_PAGE_FILES[name])


def serve(port: int, ready: Callable[[str], None]) -> None:
    """Serve the screens on 127.0.0.1 until SIGINT or SIGTERM.

    Args:
        port: On which; 0 for any that is free.
        ready: Told the one-time link as soon as it can be followed.

    Raises:
        InputError: The port cannot be had.
    """
    for name in ("textual-serve", "aiohttp.access", "aiohttp.server"):
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    with _listening(port) as listening:
        asyncio.run(_serving(listening, ready))


def _listening(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise InputError("dashboard.port_taken", port=port) from error
    return listening


async def _serving(listening: socket.socket, ready: Callable[[str], None]) -> None:
    doorkeeper = Doorkeeper(listening.getsockname()[1])
    # 2>: what a broken program says may quote what was shown. stdin and stdout carry the screens.
    command = f"exec {shlex.join([sys.executable, '-m', 'companion', 'dashboard', '--served'])} 2>/dev/null"
    runner = web.AppRunner(await ScreensServer(command, doorkeeper).make_app(), access_log=None, shutdown_timeout=5.0)
    over, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, over.set)
    await runner.setup()
    try:
        await web.SockSite(runner, listening).start()
        ready(doorkeeper.url)
        await over.wait()
    finally:
        await runner.cleanup()
