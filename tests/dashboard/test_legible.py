"""What a tired reader could take amiss: two of one name, nothing known, many figures, words that do not fit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from rich.cells import cell_len

from companion.core.body import Import, Reading
from companion.core.life import Reminder
from companion.dashboard.curves import curves_of
from companion.dashboard.once import lines_of
from companion.wiring.board import board
from companion.wiring.desk import RecordDoor
from companion.wiring.person import timeline_of
from tests.dashboard.household import BOKRYE, MALSOON, SOONJA, YOUNGJA
from tests.dashboard.room import LARGE, SMALL, press, screens, text_of
from tests.fakes.clock import START, FakeClock
from tests.records import opened

LONG = "점심 드시고 나서 드실 하얀 알약이 두 개 있어요. 물과 함께 천천히 드세요."


async def test_of_whom_nothing_is_kept_it_is_not_said_that_all_is_as_usual(door: RecordDoor) -> None:
    """Nobody can tell; on the screen and in the lines alike."""
    line = next(one for one in lines_of(door.look(board)) if SOONJA.name in one)
    async with screens(door, size=LARGE, person=SOONJA.name) as pilot:
        page = text_of(pilot)

    assert all(
        "대화 기록에 동의가 없어 알 수 없습니다." in one and "평소와 같습니다." not in one for one in (line, page)
    )


async def test_two_of_one_name_are_told_apart_by_what_no_column_shows(
    door: RecordDoor, folder: Path, clock: FakeClock
) -> None:
    """By the group: in its column, or below the name where there is none; else by how they are called."""
    record = opened(folder, clock)
    record.people.change(MALSOON.id, name=BOKRYE.name, group="행복주민돌봄센터 둘째 모둠")
    record.close()
    async with screens(door, size=SMALL) as pilot:
        small = text_of(pilot)
    async with screens(door, size=LARGE) as pilot:
        large = text_of(pilot)

    assert ("느티나무" in small, MALSOON.address in small) == (True, False)
    assert ("행복주민돌" in small, "센터" in small) == (True, False)
    assert [large.count(one) for one in (MALSOON.address, BOKRYE.address, "행복주민돌봄센터")] == [0, 0, 1]
    record = opened(folder, clock)
    record.people.change(MALSOON.id, group=BOKRYE.group)
    record.close()
    async with screens(door, size=LARGE) as pilot:
        assert all(one in text_of(pilot) for one in (MALSOON.address, BOKRYE.address))


async def test_what_was_measured_at_one_moment_stands_on_one_line(door: RecordDoor) -> None:
    """Else the figures of a month hide the conversations between them."""
    async with screens(door, size=LARGE, person=YOUNGJA.name) as pilot:
        await press(pilot, "2")

        assert "위 혈압 130mmHg, 아래 혈압 80mmHg" in text_of(pilot)


def test_no_axis_of_readings_goes_below_nothing(door: RecordDoor, folder: Path, clock: FakeClock) -> None:
    """There are no steps below zero, however far the days lie apart."""
    record = opened(folder, clock)
    days = zip((1, 2), (10.0, 4700.0), strict=True)
    walked = [Reading("steps", count, "{steps}", START - timedelta(days=day)) for day, count in days]
    record.readings.bring_in(YOUNGJA.id, Import("vitals", "걸음.csv", "e" * 64, START), walked)
    record.close()
    found = door.look(lambda desk: timeline_of(desk, YOUNGJA.id, 90))
    steps = next(one for one in curves_of(found, {}, START) if one.id == "steps")

    assert (steps.lowest, steps.highest > max(value for _, value in steps.points)) == (0, True)


async def test_words_that_do_not_fit_a_list_are_marked(door: RecordDoor, folder: Path, clock: FakeClock) -> None:
    """The last column takes the room that a narrow window leaves; in full they stand below."""
    record = opened(folder, clock)
    record.reminders.set(BOKRYE.id, Reminder("medicine", LONG, "큰따님", START, {"times": ["12:00"]}))
    record.close()
    async with screens(door, size=SMALL) as pilot:
        await press(pilot, "4")
        listed = [line for line in text_of(pilot).splitlines() if BOKRYE.name in line and "…" in line]

    assert len(listed) == 1
    assert "점심 드시고 나서 드실" in listed[0]
    assert cell_len(listed[0]) <= SMALL[0]
