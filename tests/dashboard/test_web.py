"""The screens in a browser: a link that opens once, a door before all, a sign-in behind it, nothing from elsewhere."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from companion.core.access import OWNER, Role
from companion.core.consent import Item
from tests.dashboard.chromium import browser, tab
from tests.records import decision, opened

TOP = Path(__file__).resolve().parents[2]
_LONGEST = 150
"""Seconds: a browser that stands still is a failure, not an evening."""
PASSWORD = "맑은 가을 하늘 아래"  # noqa: S105 - of no account but this one


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a device with one person and one account that may see them."""
    folder = tmp_path_factory.mktemp("home")
    record = opened(folder)
    from companion.core.person import Person

    person = record.people.add(Person(id="", address="말자님", name="김말자"))
    for item, named in ((Item.CONVERSATION, ""), (Item.SHARING, "이영희")):
        record.consents.decide(person.id, decision(item, named=named))
    record.accounts.add(OWNER, "이영희", Role.ADMINISTRATOR, PASSWORD)
    token = record.accounts.sign_in("이영희", PASSWORD)
    record.grants.grant(record.accounts.whoami(token), "이영희", person.id)
    record.close()
    return folder


@pytest.fixture
def served(home: Path) -> Iterator[str]:
    """Give the one-time link of a server that was just started."""
    with subprocess.Popen(
        [sys.executable, "-m", "companion", "dashboard", "--web", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=TOP,
        env={**os.environ, "COMPANION_HOME": str(home), "PYTHONPATH": str(TOP)},
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


async def asked(url: str, **headers: str) -> aiohttp.ClientResponse:
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
        http.get(url, headers=headers, allow_redirects=False) as answer,
    ):
        await answer.read()
        return answer


def keep(name: str, shot: bytes) -> None:
    """Leave a screenshot to be looked at, where a folder for it is named."""
    if folder := os.environ.get("COMPANION_SCREENSHOTS"):
        Path(folder, name).write_bytes(shot)


async def test_only_the_link_opens_and_only_once(served: str) -> None:
    """Without link or cookie all is refused; the link gives a cookie no script can read, and is then spent."""
    base = served.split("?", maxsplit=1)[0]
    shut = [await asked(base + path) for path in ("", "ws", "static/js/textual.js", "page/page.css", "?token=x")]
    first, second = await asked(served), await asked(served)
    cookie = first.headers["Set-Cookie"]
    inside = await asked(base, Cookie=cookie.split(";")[0])

    assert [one.status for one in shut] == [403] * 5
    assert (first.status, first.headers["Location"], second.status, inside.status) == (303, "/", 403, 200)
    assert {"HttpOnly", "SameSite=Strict"} <= set(cookie.split("; "))
    assert "default-src 'none'" in inside.headers["Content-Security-Policy"]


async def test_the_cookie_counts_only_from_this_address(served: str) -> None:
    """Another Host, another Origin, or a WebSocket without an Origin is refused, cookie or not."""
    base, host = served.split("?", maxsplit=1)[0], urlsplit(served).netloc
    cookie = (await asked(served)).headers["Set-Cookie"].split(";")[0]
    socket = {"Connection": "Upgrade", "Upgrade": "websocket"}
    refused = [
        await asked(base, Cookie=cookie, Host=f"malbeot.example:{host.split(':')[1]}"),
        await asked(base, Cookie=cookie, Origin="http://malbeot.example"),
        await asked(f"{base}ws", Cookie=cookie, **socket),
        await asked(f"{base}ws", Cookie=cookie, Origin="null", **socket),
        await asked(f"{base}ws", Origin=f"http://{host}", **socket),
    ]

    assert [one.status for one in refused] == [403] * 5
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"ws://{host}/ws", headers={"Cookie": cookie, "Origin": f"http://{host}"}) as wire,
        asyncio.timeout(60),
    ):
        assert (await wire.receive()).type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT)


async def test_a_link_that_was_tried_from_elsewhere_still_opens_here(served: str) -> None:
    """Whoever makes a name point here neither comes in nor spends the link."""
    assert (await asked(served, Host="malbeot.example")).status == 403
    assert (await asked(served)).status == 303


async def test_a_real_browser_shows_the_screens_after_a_sign_in(served: str, tmp_path: Path) -> None:
    """The page loads nothing from elsewhere, asks for a password before any name is shown, and then shows everybody."""
    browser()
    async with asyncio.timeout(_LONGEST), tab(tmp_path / "profile") as page:
        await page.go(served)
        await page.until(lambda: "들어가기".encode() in page.screen)
        before = await page.screenshot()
        assert "김말자".encode() not in page.screen
        assert await page.evaluate("location.href") == served.split("?", maxsplit=1)[0]
        assert await page.evaluate("document.cookie") == ""

        while not await page.evaluate("document.activeElement.classList.contains('xterm-helper-textarea')"):
            pass  # the browser is asked, and has to answer, each time
        await page.type("이영희")
        await page.until(lambda: "이영희".encode() in page.screen)
        await page.press("Enter", 13)
        await page.type(PASSWORD)
        await page.press("Enter", 13)
        await page.until(lambda: "김말자".encode() in page.screen)
        after = await page.screenshot()

    host = urlsplit(served).netloc
    assert {urlsplit(url).netloc for url in page.requested if not url.startswith("data:")} == {host}
    assert page.blocked == []
    assert PASSWORD.encode() not in page.screen
    assert all(re.match(rb"\x89PNG\r\n", shot) and len(shot) > 5000 for shot in (before, after))
    keep("web-sign-in.png", before)
    keep("web-overview.png", after)


def test_without_an_account_nothing_is_served(tmp_path: Path) -> None:
    """Where the link alone would open every record, it says how to add an account."""
    opened(tmp_path).close()
    done = subprocess.run(
        [sys.executable, "-m", "companion", "dashboard", "--web", "--port", "0"],
        check=False, capture_output=True, text=True, cwd=TOP,
        env={**os.environ, "COMPANION_HOME": str(tmp_path), "PYTHONPATH": str(TOP)},
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (2, "")
    assert "companion accounts add" in done.stderr
