"""What caregivers do: take alerts on, answer requests, set what is said. Each is in the record with a name."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.widgets import Checkbox, Input

from companion.core.access import OWNER
from companion.core.life import ASKED, Reminder
from companion.core.turn import Feeling
from companion.dashboard.screens.alerts import Alerts
from companion.dashboard.screens.person.screen import PersonScreen
from companion.dashboard.widgets.form import Form
from companion.safety.alerts import AlertStatus
from companion.store.alert_care import alerts_seen
from companion.store.errand_care import errands_seen
from companion.store.record import Record
from companion.store.reminder_care import reminders_seen
from companion.store.tables.daily import ErrandRow
from companion.store.tables.life import ReminderRow
from companion.store.viewing import Viewer
from companion.wiring.desk import RecordDoor
from tests.dashboard.conftest import Opening
from tests.dashboard.household import DAUGHTER, OKBOON, YOUNGJA, talk
from tests.dashboard.room import LARGE, Screens, press, screens, settled, text_of, type_in
from tests.dashboard.test_access import CLOSED, sign_in
from tests.fakes.clock import START, FakeClock
from tests.records import opened, record_in


def owner(record: Record) -> Viewer:
    return Viewer(record.database, record.audit, OWNER)


async def send(pilot: Screens, **values: str) -> None:
    """Fill a form in and send it."""
    for name, value in values.items():
        await type_in(pilot, f"#blank-{name}", value)
    await press(pilot, "ctrl+s")


async def test_an_alert_is_taken_on_and_resolved_by_name(door: RecordDoor, folder: Path, clock: FakeClock) -> None:
    """Both are written with who and what; after that nothing waits, and the old one is shown on demand."""
    async with screens(door, size=LARGE) as pilot:
        await press(pilot, "2", "a")
        await send(pilot, by="큰따님", note="지금 전화해요")
        assert "확인함" in text_of(pilot)
        clock.advance(60)
        await press(pilot, "e")
        await send(pilot, by="큰따님", note="함께 있었어요")
        assert "기다리는 알림이 없습니다." in text_of(pilot)
        await press(pilot, "v")
        assert all(words in text_of(pilot) for words in ("지금 전화해요", "함께 있었어요", "마침"))
        await press(pilot, "e")
        assert "이미 마친 알림입니다." in text_of(pilot)
    with record_in(folder, clock) as record:
        (seen,) = alerts_seen(owner(record), everything=True)

    assert [(note.by, note.status, note.note) for note in seen.notes] == [
        ("큰따님", AlertStatus.ACKNOWLEDGED, "지금 전화해요"),
        ("큰따님", AlertStatus.RESOLVED, "함께 있었어요"),
    ]
    assert not seen.is_false_alarm


async def test_a_false_alarm_is_labelled_on_resolving(door: RecordDoor, folder: Path, clock: FakeClock) -> None:
    """The box is ticked, and it is said wherever the alert is shown."""
    async with screens(door, size=LARGE) as pilot:
        await press(pilot, "2", "e")
        pilot.app.screen.query_one("#blank-false_alarm", Checkbox).value = True
        await send(pilot, by="큰따님", note="이사 이야기였어요")
        await press(pilot, "v")
        assert "잘못된 알림이었습니다." in text_of(pilot)
    with record_in(folder, clock) as record:
        assert [one.is_false_alarm for one in alerts_seen(owner(record), everything=True)] == [True]


async def test_a_form_keeps_what_was_typed_when_something_is_missing(door: RecordDoor) -> None:
    """It says what is missing and stays; Esc leaves it and nothing is written."""
    async with screens(door) as pilot:
        await press(pilot, "2", "a")
        await send(pilot, by="큰따님", note=" ")
        assert "이름과 내용을 모두 적어 주세요." in text_of(pilot)
        assert pilot.app.screen.query_one("#blank-by", Input).value == "큰따님"
        await press(pilot, "escape")

        assert isinstance(pilot.app.screen, Alerts)
        assert "확인 안 됨" in text_of(pilot)


async def test_keys_of_a_form_do_not_reach_the_screens_behind(door: RecordDoor) -> None:
    """Whoever types q, 1 or 말 into a line neither quits nor goes anywhere."""
    async with screens(door) as pilot:
        await press(pilot, "2", "a")
        pilot.app.screen.query_one("#blank-note", Input).focus()
        await press(pilot, "q", "1", "r", "f10")

        assert isinstance(pilot.app.screen, Form)
        assert pilot.app.screen.typed["note"] == "q1r"


async def test_enter_leads_from_an_alert_to_the_person(door: RecordDoor) -> None:
    """And Esc back to the alert."""
    async with screens(door) as pilot:
        await press(pilot, "2", "enter")
        entered = type(pilot.app.screen)
        await press(pilot, "escape")

        assert entered is PersonScreen
        assert isinstance(pilot.app.screen, Alerts)


@pytest.mark.parametrize(("key", "status", "answer"), [("a", "done", ""), ("e", "declined", "이번 주는 어렵대요")])
async def test_a_request_is_answered(
    door: RecordDoor, folder: Path, clock: FakeClock, key: str, status: str, answer: str
) -> None:
    """Done or not, with who and what will be told; it waits no more."""
    async with screens(door, size=LARGE) as pilot:
        await press(pilot, "3")
        assert "큰딸한테 전화 좀 해 줘" in text_of(pilot)
        await press(pilot, key)
        await send(pilot, by="큰따님", answer=answer)
        assert "기다리는 부탁이 없습니다." in text_of(pilot)
    with record_in(folder, clock) as record:
        (seen,) = errands_seen(owner(record), everything=True)

    assert (seen.errand.status, seen.errand.by, seen.errand.answer) == (status, "큰따님", answer)


async def test_reminders_are_added_changed_paused_and_removed(door: RecordDoor, folder: Path, clock: FakeClock) -> None:
    """Days are typed as people write them; each step is in the record."""

    def kept() -> list[tuple[str, dict[str, object], bool]]:
        with record_in(folder, clock) as record:
            found = [one.reminder for one in reminders_seen(owner(record)) if one.reminder.kind == "medicine"]
        return [(one.words, dict(one.schedule), one.active) for one in found]

    async with screens(door, size=LARGE) as pilot:
        await press(pilot, "4", "a")
        await send(pilot, words="혈압약", times="8:00, 20:00", days="월 수요일", by="큰따님")
        first = {"times": ["8:00", "20:00"], "days": ["mon", "wed"]}
        assert kept() == [("혈압약", first, True)]
        table = pilot.app.screen.query_one("#listed")
        await press(pilot, *(["down"] * (table.row_count - 1)))  # type: ignore[attr-defined]
        await press(pilot, "e")
        await send(pilot, words="혈압약 한 알", days="")
        assert kept() == [("혈압약 한 알", {"times": ["8:00", "20:00"]}, True)]
        await press(pilot, "s", "ctrl+s")
        assert [one[2] for one in kept()] == [False]
        await press(pilot, "delete", "ctrl+s")

        assert kept() == []


async def test_what_the_person_asked_for_is_shown_and_not_rewritten(
    door: RecordDoor, folder: Path, clock: FakeClock
) -> None:
    """It stands in their words, marked as theirs; it may be removed."""
    words = "오후 두 시에 드라마 한다고 알려 달라고 하셨지요."
    schedule = {"at": "14:00", "on": "2027-01-01", "in_quiet_hours": True, "what": "드라마 한다고 알려"}
    with record_in(folder, clock) as record:
        person = next(one for one in record.people.all() if record.asked.may_keep(one.id))
        record.asked.keep(person.id, Reminder(ASKED, words, "순자님", START + timedelta(days=900), schedule))
    async with screens(door, size=LARGE) as pilot:
        await press(pilot, "4")
        table = pilot.app.screen.query_one("#listed")
        await press(pilot, *(["down"] * (table.row_count - 1)))  # type: ignore[attr-defined]
        assert "본인 부탁" in text_of(pilot)
        await press(pilot, "e")
        assert not isinstance(pilot.app.screen, Form)
        await press(pilot, "delete", "ctrl+s")
        with record_in(folder, clock) as record:
            assert record.asked.all(person.id) == []


async def test_a_reminder_at_no_time_or_in_quiet_hours_is_refused(door: RecordDoor) -> None:
    """It says what is wrong and how it is written."""
    async with screens(door, size=LARGE) as pilot:
        await press(pilot, "4", "a")
        await send(pilot, words="혈압약", times="아침", by="큰따님")
        assert "시각은 08:00처럼" in text_of(pilot)
        await send(pilot, times="03:00")
        assert "조용한 시간" in text_of(pilot)


async def test_an_account_sees_and_changes_nothing_of_whom_it_was_not_granted(
    door_to: Opening, guarded: Path, clock: FakeClock
) -> None:
    """Alerts, requests, reminders and the running conversation of somebody else are nowhere."""
    record = opened(guarded, clock)
    talk(record, OKBOON, START - timedelta(hours=1), (CLOSED[-1], Feeling.SADNESS), risk=1)
    errand = ErrandRow(id="err-5", person_id=OKBOON.id, at=START, purpose="tell", words=CLOSED[-1], status="open")
    reminder = ReminderRow(
        id="rem-5", person_id=OKBOON.id, at=START, kind="water", words=CLOSED[-1], set_by="x", active=True,
        schedule={"times": ["10:00"]},
    )  # fmt: skip
    with record.database.writing() as session:
        session.add_all([errand, reminder])
    record.close()
    async with screens(door_to(guarded), size=LARGE) as pilot:
        await sign_in(pilot)
        for place in "2345":
            await press(pilot, place, "v")
            assert not any(words in text_of(pilot) for words in CLOSED), place
            assert place == "5" or YOUNGJA.name in text_of(pilot)
        await press(pilot, "4", "a")
        assert not any(words in text_of(pilot) for words in CLOSED)


async def test_only_administrators_reach_the_audit(door_to: Opening, guarded: Path) -> None:
    """No key leads a daughter there, and going there by force shows no entry."""
    async with screens(door_to(guarded), size=LARGE) as pilot:
        await sign_in(pilot)
        await press(pilot, "6")
        assert pilot.app.current_mode == "overview"
        await pilot.app.switch_mode("audit")
        await settled(pilot)

        assert "관리자 계정만" in text_of(pilot)
        assert DAUGHTER not in "\n".join(text_of(pilot).splitlines()[2:])
