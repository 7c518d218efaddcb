"""Opening a person's page: one look, shown when it is there; whoever goes elsewhere meanwhile is not called back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TypeVar

import pytest
from rich.cells import cell_len

from companion.core.access import OWNER
from companion.dashboard.screens.person.screen import PersonScreen
from companion.dashboard.screens.sign_in import SignIn
from companion.dashboard.widgets.key_line import KeyLine
from companion.dashboard.widgets.state import State, StateView
from companion.dashboard.widgets.tab_line import TabLine
from companion.store.viewing import Viewer
from companion.wiring.desk import Desk, RecordDoor
from tests.dashboard.conftest import Opening
from tests.dashboard.household import MALSOON, YOUNGJA
from tests.dashboard.room import LARGE, Screens, press, screens, settled, text_of
from tests.dashboard.test_access import dashboard, sign_in
from tests.fakes.clock import FakeClock
from tests.records import opened

T = TypeVar("T")


class SlowRecord:
    """Makes every look after ``begin`` wait until ``go_on``, as somebody else's long writing does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.looks = 0
        self._free = Event()
        self._free.set()
        look = RecordDoor.look

        def waiting(door: RecordDoor, reading: Callable[[Desk], T]) -> T:
            self.looks += 1
            assert self._free.wait(30)
            return look(door, reading)

        monkeypatch.setattr(RecordDoor, "look", waiting)

    def begin(self) -> None:
        self._free.clear()

    def go_on(self) -> None:
        self._free.set()


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> SlowRecord:
    return SlowRecord(monkeypatch)


def page_state(pilot: Screens) -> State:
    return pilot.app.screen.query_one("#person", StateView).state


def where(pilot: Screens) -> str:
    return type(pilot.app.screen).__name__


async def test_a_page_is_one_look_with_both_its_entries_in_the_audit(
    door: RecordDoor, folder: Path, clock: FakeClock, record: SlowRecord
) -> None:
    """Who it is, why now and the summaries come together; nothing is read of anybody before they are gone to."""
    async with screens(door, size=LARGE) as pilot:
        before = record.looks
        await press(pilot, "enter")
        assert record.looks == before + 1
        assert "“다 정리해 놨어”" in text_of(pilot)
    kept = opened(folder, clock)
    entries = Viewer(kept.database, kept.audit, OWNER).audit_entries(limit=100)
    kept.close()

    of_one = [one for one in entries if one.person_id]
    assert [(one.action, one.person_id) for one in of_one] == [("summary_read", YOUNGJA.id), ("page_read", YOUNGJA.id)]
    assert of_one[0].details["session"]
    assert not any(MALSOON.id in str(one.details) for one in of_one)


async def test_a_page_that_takes_long_says_that_it_is_being_read(
    door: RecordDoor, record: SlowRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody looks at a list that does not answer; no name stands there before the look was let in."""
    monkeypatch.setattr("companion.dashboard.app._PATIENCE_SECONDS", 0.0)
    async with screens(door, size=LARGE) as pilot:
        record.begin()
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, PersonScreen)
        assert page_state(pilot) is State.READING
        assert YOUNGJA.name not in text_of(pilot)
        record.go_on()
        await settled(pilot)

        assert page_state(pilot) is State.THERE
        assert YOUNGJA.name in text_of(pilot)


async def test_whoever_goes_elsewhere_meanwhile_stays_there(
    door: RecordDoor, record: SlowRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that comes late does not push itself before what was gone to."""
    monkeypatch.setattr("companion.dashboard.app._PATIENCE_SECONDS", 30.0)
    async with screens(door) as pilot:
        record.begin()
        await pilot.press("enter", "2")
        record.go_on()
        await settled(pilot)

        assert where(pilot) == "Alerts"
        await press(pilot, "1")
        assert where(pilot) == "Overview"


async def test_a_page_that_comes_after_signing_out_is_not_shown(
    door_to: Opening, guarded: Path, record: SlowRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it stands on the screen of the sign-in."""
    monkeypatch.setattr("companion.dashboard.app._PATIENCE_SECONDS", 30.0)
    async with screens(door_to(guarded), size=LARGE) as pilot:
        await sign_in(pilot)
        record.begin()
        await pilot.press("enter", "f10")
        record.go_on()
        await settled(pilot)

        assert isinstance(pilot.app.screen, SignIn)
        assert (dashboard(pilot).people_shown, YOUNGJA.name in text_of(pilot)) == ({}, False)


async def test_keys_and_parts_can_be_clicked(door: RecordDoor) -> None:
    """The line of keys leads where its keys lead, and so does the line of parts."""
    async with screens(door, size=LARGE) as pilot:
        keys = pilot.app.screen.query_one(KeyLine).render().plain
        assert await pilot.click(KeyLine, offset=(_cells_before(keys, "2 알림"), 0))
        await settled(pilot)
        assert where(pilot) == "Alerts"
        await press(pilot, "1", "enter")
        parts = pilot.app.screen.query_one(TabLine).render().plain
        assert await pilot.click(TabLine, offset=(_cells_before(parts, "5 대화") + 1, 0))
        await settled(pilot)

        assert isinstance(pilot.app.screen, PersonScreen)
        assert pilot.app.screen.part_id == "part-talks"


@pytest.mark.parametrize("width", [60, 66, 80])
async def test_the_part_that_is_shown_and_the_help_are_named_in_every_width(door: RecordDoor, width: int) -> None:
    """What does not fit gives way to them."""
    async with screens(door, size=(width, 24), person=YOUNGJA.name) as pilot:
        for key, name in (("1", "1 요약"), ("9", "9 동의"), ("5", "5 대화")):
            await press(pilot, key)
            assert name in text_of(pilot)
            assert "? 도움말" in text_of(pilot).splitlines()[-1]


def _cells_before(line: str, words: str) -> int:
    return cell_len(line[: line.index(words)])
