"""A real browser without a window, driven by the protocol of its developer tools; skipped where there is none."""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome-headless-shell")
PATIENCE = 60.0


def browser() -> str:
    """Return the browser of this machine; skip the test, loudly, where none is installed."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is installed (Debian: apt-get install chromium)")
    return found


class Tab:
    """One page: what it asked the network for, what came over its WebSockets, and keys to press."""

    def __init__(self, wire: aiohttp.ClientWebSocketResponse) -> None:
        self._wire = wire
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._session = ""
        self._arrived = asyncio.Condition()
        self.requested: list[str] = []
        self.blocked: list[str] = []
        """What the page's own policy refused, and errors of its scripts."""
        self.screen = b""
        """All that the WebSocket brought: what the terminal in the page shows."""

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a method of the protocol and return its result."""
        number = next(self._numbers)
        message: dict[str, object] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._wire.send_json(message)
        async with asyncio.timeout(PATIENCE):
            return await self._answers[number]

    async def listen(self) -> None:
        """Take in what the browser tells, until it is gone."""
        async for message in self._wire:
            told = message.json()
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told.get("result", told))
            else:
                async with self._arrived:
                    self._note(told["method"], told["params"])
                    self._arrived.notify_all()

    def _note(self, method: str, told: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.requested.append(told["request"]["url"])
        elif method == "Network.webSocketCreated":
            self.requested.append(told["url"])
        elif method == "Network.webSocketFrameReceived":
            data = told["response"]["payloadData"]
            self.screen += base64.b64decode(data) if told["response"]["opcode"] == 2 else data.encode()
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.blocked.append(told["entry"]["text"])

    async def until(self, met: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(PATIENCE), self._arrived:
            await self._arrived.wait_for(met)

    async def open(self, width: int, height: int) -> None:
        """Open an empty page of a size and listen to its network."""
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            await self.call(f"{domain}.enable")
        await self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        await self.call("Emulation.setDeviceMetricsOverride", **size)

    async def go(self, url: str) -> None:
        """Follow a link."""
        await self.call("Page.navigate", url=url)

    async def type(self, text: str) -> None:
        """Type text as an input method commits it."""
        await self.call("Input.insertText", text=text)

    async def press(self, key: str, code: int) -> None:
        """Press and let go a key that has no character, or Enter."""
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            await self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)

    async def evaluate(self, expression: str) -> object:
        """Return what a script of the page would see."""
        found = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return found["result"].get("value")

    async def screenshot(self) -> bytes:
        """Return the page as a PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot", format="png"))["data"])


@asynccontextmanager
async def tab(folder: Path, *, width: int = 1280, height: int = 800) -> AsyncIterator[Tab]:
    """Start a browser with a profile of its own and give an empty page."""
    # --no-sandbox: Chromium has no sandbox for root, who runs tests in containers; it opens our own page alone.
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    process = await asyncio.create_subprocess_exec(
        browser(), "--headless=new", "--remote-debugging-port=0", f"--user-data-dir={folder}", "--disable-gpu",
        "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking", *sandbox, "about:blank",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with aiohttp.ClientSession() as http:
            async with asyncio.timeout(PATIENCE):
                address = await _address(process)
            async with http.ws_connect(address, max_msg_size=0) as wire:
                page = Tab(wire)
                listening = asyncio.create_task(page.listen())
                await page.open(width, height)
                yield page
                listening.cancel()
    finally:
        process.kill()
        await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async for line in process.stderr:
        if line.startswith(b"DevTools listening on "):
            return line.split()[-1].decode()
    raise AssertionError("the browser did not start")
