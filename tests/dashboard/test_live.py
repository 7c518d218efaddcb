"""A conversation that runs: seen turn by turn on the screens, and ended kindly from there."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from companion.config import Settings
from companion.core.access import OWNER, Action
from companion.core.consent import Item
from companion.core.record import NewSession
from companion.store.opening import Place
from companion.store.viewing import Viewer
from companion.wiring.desk import RecordDoor
from companion.wiring.stopping import HOLDS, ask_to_stop, taken
from tests.dashboard.household import decide
from tests.dashboard.room import LARGE, press, screens, text_of
from tests.records import agreeing, opened

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture
def talking(own_home: Path) -> Iterator[subprocess.Popen[str]]:
    """Give a conversation of a set-up device that is typed, and has just greeted."""
    (own_home / "config.toml").write_text('profile = "embedded"\n', encoding="utf-8")
    record = opened(own_home)
    person = agreeing(record)
    decide(record, person, Item.HEALTH)
    record.close()
    with subprocess.Popen(
        [sys.executable, "-m", "companion", "talk", "--text", "--silent"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=TOP,
        env={**os.environ, "COMPANION_HOME": str(own_home), "COMPANION_MODELS": str(own_home / "none"),
             "PYTHONPATH": str(TOP)},
    ) as process:  # fmt: skip
        yield process
        process.kill()


def wait_for(process: subprocess.Popen[str], words: str) -> str:
    """Read until something was said; the test's own time limit is the patience."""
    assert process.stdout is not None
    said = ""
    watch = threading.Timer(90, process.kill)
    watch.start()
    for line in process.stdout:
        said += line
        if words in said:
            break
    watch.cancel()
    assert words in said
    return said


async def test_a_running_conversation_is_seen_and_ended_from_the_screens(
    talking: subprocess.Popen[str], own_home: Path
) -> None:
    """What was just said stands there; after the key it says goodbye and ends with 0, and that is audited."""
    assert talking.stdin is not None
    talking.stdin.write("오늘은 감자를 캤어\n")
    talking.stdin.flush()
    wait_for(talking, "말벗")
    door = RecordDoor(Place(own_home), lambda: opened(own_home), Settings(), lambda: datetime.now(UTC))
    async with screens(door, size=LARGE) as pilot:
        await press(pilot, "5")
        while "감자를 캤어" not in text_of(pilot):
            await press(pilot, "r")
        await press(pilot, "s", "ctrl+s")
        assert "말벗에게 멈추라고 했습니다." in text_of(pilot)
        assert talking.wait(60) == 0
        await press(pilot, "r")
        assert "지금 이 기기에서 나누고 있는 대화가 없습니다." in text_of(pilot)
    record = door._opened()
    entries = Viewer(record.database, record.audit, OWNER).audit_entries(limit=50)
    door.close()

    assert [one.action for one in entries].count(Action.SESSION_STOPPED) == 1


def test_a_request_is_obeyed_once_and_soon(own_home: Path) -> None:
    """Not twice, not by a conversation that began later, not after half a minute, and not where nobody asked."""
    began = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
    asked = began + timedelta(seconds=5)

    def obeyed(*, now: datetime, since: datetime = began) -> bool:
        ask_to_stop(asked)
        return taken(now, since)

    assert obeyed(now=asked)
    assert not taken(asked, began)
    assert obeyed(now=asked + HOLDS / 2)
    assert not obeyed(now=asked + HOLDS)
    assert not obeyed(now=asked + timedelta(seconds=1), since=asked + timedelta(seconds=1))
    assert not taken(asked, began)


@pytest.mark.parametrize("content", [b"", b"now", b"2026-11-27T10:00:00", b"\xff\xfe"])
def test_what_is_no_request_ends_nothing(own_home: Path, content: bytes) -> None:
    """An empty file, other words, a moment without a zone, no text at all."""
    (own_home / "stop-talking").write_bytes(content)

    assert not taken(datetime(2026, 11, 27, 10, 0, 1, tzinfo=UTC), datetime(2026, 11, 27, 9, 0, tzinfo=UTC))


async def test_a_conversation_that_was_cut_off_is_not_running(own_home: Path) -> None:
    """A power failure leaves no end behind: after a quarter of an hour without a turn nothing is shown."""
    now = datetime.now(UTC)
    record = opened(own_home)
    person = agreeing(record)
    begun = NewSession(person.id, now - timedelta(hours=1), "microphone", "embedded", "bank")
    record.conversations.start_session(begun)
    record.close()
    door = RecordDoor(Place(own_home), lambda: opened(own_home), Settings(), lambda: now)
    async with screens(door) as pilot:
        await press(pilot, "5")
        assert "지금 이 기기에서 나누고 있는 대화가 없습니다." in text_of(pilot)
        await press(pilot, "s")
        assert "지금 나누고 있는 대화가 없습니다." in text_of(pilot)
    door.close()
