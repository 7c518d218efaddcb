"""Times are said by the day of whoever they tell of."""

from __future__ import annotations

from pathlib import Path

from companion.wiring.desk import RecordDoor
from tests.dashboard.household import YOUNGJA
from tests.dashboard.room import LARGE, press, screens, text_of
from tests.fakes.clock import FakeClock
from tests.records import opened


async def test_of_each_person_it_is_said_by_the_time_where_they_live(
    door: RecordDoor, folder: Path, clock: FakeClock
) -> None:
    """Page, overview and alerts alike, whatever the zone of the device; where the two differ the page says so."""
    record = opened(folder, clock)
    record.people.change(YOUNGJA.id, zone="Asia/Bangkok")
    record.close()
    async with screens(door, size=LARGE) as pilot:
        assert "오늘 10:30" in text_of(pilot)
        await press(pilot, "enter")
        page = text_of(pilot)
        await press(pilot, "escape", "2")
        alerts = text_of(pilot)
        await press(pilot, "1", "down", "enter")
        other = text_of(pilot)

    assert [one for one in ("지난 대화, 11월 23일 06:00", "Asia/Bangkok 시각") if one not in page] == []
    assert "11월 23일 06:03" in alerts
    assert ("Asia" in other, "지난 대화, 11월 22일 08:00" in other) == (False, True)
