"""The overview: who comes first and why, finding by typing, and what is said where nothing is."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import DataTable

from companion.core.person import Person
from companion.dashboard.screens.overview import Overview
from companion.dashboard.screens.person.screen import PersonScreen
from companion.wiring.desk import RecordDoor
from tests.dashboard.conftest import Opening
from tests.dashboard.household import BOKRYE, MALSOON, PEOPLE
from tests.dashboard.room import LARGE, Screens, press, screens, settled, text_of, type_in
from tests.fakes.clock import FakeClock
from tests.records import opened


def overview(pilot: Screens) -> Overview:
    assert isinstance(pilot.app.screen, Overview)
    return pilot.app.screen


def names(pilot: Screens) -> list[str]:
    return [row.name for row, _ in overview(pilot).shown()]


def opened_person(pilot: Screens) -> str:
    assert isinstance(pilot.app.screen, PersonScreen)
    return pilot.app.screen.person_id


async def test_whoever_needs_somebody_first_stands_at_the_top_with_why(door: RecordDoor) -> None:
    """An alert that nobody took on comes before a check-in without an answer, and calm people come last."""
    async with screens(door, size=LARGE) as pilot:
        shown = text_of(pilot)

    assert sorted((one.name for one in PEOPLE), key=shown.index) == ["김영자", "박말순", "이순자", "정옥분", "최복례"]
    assert "아무도 확인하지 않은 위급 알림 1건" in shown
    assert "안부에 대답이 없어 연락할 분께 알렸습니다." in shown
    assert "PHQ-9 2점에서 11점으로, 기준인 10점 이상이 되었습니다." in shown
    assert "!! 위급" in shown


async def test_typing_first_consonants_finds_a_person(door: RecordDoor) -> None:
    """ㅊㅂㄹ is 최복례; Escape shows everybody again."""
    async with screens(door) as pilot:
        await press(pilot, "slash")
        await type_in(pilot, "#search", "ㅊㅂㄹ")
        found = names(pilot)
        await press(pilot, "escape")

        assert (found, len(names(pilot))) == (["최복례"], 5)


async def test_nobody_found_says_how_to_see_everybody(door: RecordDoor) -> None:
    """A search that finds nobody is no empty table."""
    async with screens(door) as pilot:
        await type_in(pilot, "#search", "황")

        assert "찾으시는 분이 없습니다. Esc를 누르면 모두 보여 드립니다." in text_of(pilot)


@pytest.mark.parametrize("key", ["v", "ㅍ"])
async def test_only_those_who_need_somebody_whichever_way_the_keyboard_is_switched(door: RecordDoor, key: str) -> None:
    """The same key works in Hangul and in Latin mode."""
    async with screens(door) as pilot:
        await press(pilot, key)

        assert names(pilot) == ["김영자", "박말순"]


async def test_groups_come_one_after_the_other(door: RecordDoor) -> None:
    """The key of groups shows one group, then the next, then everybody."""
    async with screens(door) as pilot:
        shown = []
        for _ in range(4):
            await press(pilot, "m")
            shown.append(names(pilot))

    everybody = ["김영자", "박말순", "이순자", "정옥분", "최복례"]
    assert shown == [["이순자", "최복례"], ["김영자", "박말순"], ["정옥분"], everybody]


async def test_enter_and_a_click_open_a_person_and_escape_goes_back(door: RecordDoor) -> None:
    """Keyboard first, mouse too (a second click on the row opens it); the cursor stays where it was."""
    async with screens(door) as pilot:
        await press(pilot, "down", "enter")
        assert opened_person(pilot) == MALSOON.id
        await press(pilot, "escape")
        table = overview(pilot).query_one(DataTable)
        assert table.cursor_row == 1
        for _ in range(2):
            await pilot.click("#people", offset=(12, 1 + table.ordered_rows[0].height))
            await settled(pilot)

        assert opened_person(pilot) == MALSOON.id


async def test_a_person_named_on_the_command_line_is_shown_at_once(door: RecordDoor) -> None:
    """A name, its first consonants, or the end of an id."""
    async with screens(door, person="최복례") as pilot:
        assert opened_person(pilot) == BOKRYE.id


async def test_without_people_it_says_how_to_add_one(door_to: Opening, tmp_path: Path, clock: FakeClock) -> None:
    """Neither a record without people nor no record at all is an empty table; and none is made by looking."""
    empty = tmp_path / "empty"
    opened(empty, clock).close()
    for folder in (empty, tmp_path / "nothing"):
        async with screens(door_to(folder)) as pilot:
            assert "companion people add" in text_of(pilot)
    assert not (tmp_path / "nothing").exists()


async def test_what_changed_is_shown_and_the_cursor_stays_on_the_person(
    door: RecordDoor, folder: Path, clock: FakeClock
) -> None:
    """A record that somebody else writes to is read anew."""
    async with screens(door) as pilot:
        await press(pilot, "end")
        table = overview(pilot).query_one(DataTable)
        last = table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value
        record = opened(folder, clock)
        record.people.add(Person(id="", address="새 님", name="가새로"))
        record.close()
        await press(pilot, "r")

        assert "가새로" in names(pilot)
        assert table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value == last


async def test_a_resize_changes_columns_and_keeps_search_and_cursor(door: RecordDoor) -> None:
    """From 80×24 to 160×48 and back, and down to a window that is too small."""
    async with screens(door) as pilot:
        await type_in(pilot, "#search", "ㅂ")
        await pilot.resize_terminal(*LARGE)
        await settled(pilot)
        wide = text_of(pilot)
        await pilot.resize_terminal(50, 14)
        await settled(pilot)
        tiny = text_of(pilot)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)

        assert "다음 안부" in wide
        assert "창이 작아 다 보여 드릴 수 없습니다." in tiny
        assert names(pilot) == ["박말순", "정옥분", "최복례"]


async def test_the_large_setting_shows_fewer_columns(door: RecordDoor) -> None:
    """Letters cannot be enlarged: fewer columns and more room, and a word about the terminal."""
    async with screens(door, size=LARGE) as pilot:
        await press(pilot, "f3")
        shown = text_of(pilot)

    assert "다음 안부" not in shown
    assert "터미널에서 키워 주세요" in shown
