"""Who may see whom: sign-in, its end, and that nothing leads to a record that is not open."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from textual.command import DiscoveryHit, Hit
from textual.widgets import Input

from companion.core.access import IDLE_LIMIT, OWNER
from companion.core.consent import Answer, Item
from companion.dashboard.app import Dashboard
from companion.dashboard.commands import BoardCommands
from companion.dashboard.screens.overview import Overview
from companion.dashboard.screens.person.part import PARTS
from companion.dashboard.screens.person.screen import PersonScreen
from companion.dashboard.screens.sign_in import SignIn
from companion.store.viewing import Viewer
from companion.wiring.desk import RecordDoor
from tests.dashboard.conftest import Opening
from tests.dashboard.household import (
    ADMINISTRATOR,
    BOKRYE,
    DAUGHTER,
    OKBOON,
    PASSWORD,
    SECRET,
    SOONJA,
    WITHDRAWN,
    decide,
)
from tests.dashboard.room import LARGE, Screens, press, screens, settled, text_of, type_in
from tests.fakes.clock import FakeClock
from tests.records import opened

CLOSED = (OKBOON.name, OKBOON.address, OKBOON.group, SECRET)


def dashboard(pilot: Screens) -> Dashboard:
    assert isinstance(pilot.app, Dashboard)
    return pilot.app


async def sign_in(pilot: Screens, name: str = DAUGHTER, password: str = PASSWORD) -> None:
    await type_in(pilot, "#name", name)
    await type_in(pilot, "#password", password)
    pilot.app.screen.query_one("#password", Input).focus()
    await press(pilot, "enter")


async def test_with_accounts_nothing_is_shown_before_the_sign_in(door_to: Opening, guarded: Path) -> None:
    """The first screen asks for name and password; no name of the record stands on it."""
    async with screens(door_to(guarded)) as pilot:
        assert isinstance(pilot.app.screen, SignIn)
        assert not any(one in text_of(pilot) for one in ("김영자", "박말순", *CLOSED))
        await sign_in(pilot)

        assert isinstance(pilot.app.screen, Overview)
        assert DAUGHTER in text_of(pilot)


async def test_a_wrong_password_says_so_and_counts(door_to: Opening, guarded: Path, clock: FakeClock) -> None:
    """After five the account is locked, and the right password is refused too until the lock is over."""
    async with screens(door_to(guarded)) as pilot:
        for _ in range(5):
            await sign_in(pilot, password="틀린 비밀번호")  # noqa: S106 - a wrong one
        assert "이름이나 비밀번호가 맞지 않습니다." in text_of(pilot)
        await sign_in(pilot)
        assert isinstance(pilot.app.screen, SignIn)
        clock.advance(timedelta(minutes=16).total_seconds())
        await sign_in(pilot)

        assert isinstance(pilot.app.screen, Overview)


async def test_an_account_reaches_nobody_who_was_not_granted_by_any_way(door_to: Opening, guarded: Path) -> None:
    """Not in the list, the search, the palette, by an argument, by an id, or by any part of a page."""
    async with screens(door_to(guarded), size=LARGE, person=OKBOON.name) as pilot:
        await sign_in(pilot)
        assert isinstance(pilot.app.screen, Overview)
        assert f"'{OKBOON.name}'에 맞는 분이 보이지 않습니다." in text_of(pilot)
        await type_in(pilot, "#search", "ㅈㅇㅂ")
        assert list(pilot.app.screen.shown()) == []
        await press(pilot, "escape")
        provider = BoardCommands(pilot.app.screen)
        hits = [hit async for hit in provider.search("옥분")] + [hit async for hit in provider.discover()]
        assert not any(OKBOON.name in str(hit.text) for hit in hits if isinstance(hit, (Hit, DiscoveryHit)))
        dashboard(pilot).open_person(OKBOON.id)
        await settled(pilot)
        assert isinstance(pilot.app.screen, Overview)
        pilot.app.clear_notifications()  # the name that was typed is said back
        await pilot.app.push_screen(PersonScreen(OKBOON.id))
        await settled(pilot)
        for part in PARTS:
            await press(pilot, part.key)
            assert not any(one in text_of(pilot) for one in CLOSED)
        assert "이 계정에는 이분의 기록이 열려 있지 않습니다." in text_of(pilot)


async def test_a_withdrawn_consent_hides_what_it_covered_and_says_so(door: RecordDoor) -> None:
    """What was said before it was taken back is nowhere, and its place says why."""
    async with screens(door, size=LARGE, person=SOONJA.name) as pilot:
        for part in PARTS:
            await press(pilot, part.key)
            assert WITHDRAWN not in text_of(pilot), part.id
        await press(pilot, "5")
        assert "이야기를 적어 두는 데 동의하신 기록이 없어 볼 수 없습니다." in text_of(pilot)
        await press(pilot, "1")
        assert "대화를 적어 두는 데 동의하지 않으셔서" in text_of(pilot)


async def test_a_consent_withdrawn_while_the_page_is_open_takes_the_words_away(
    door: RecordDoor, folder: Path, clock: FakeClock
) -> None:
    """The next reading closes what was shown."""
    async with screens(door, size=LARGE, person=BOKRYE.name) as pilot:
        await press(pilot, "5")
        assert "감자를 캤어" in text_of(pilot)
        record = opened(folder, clock)
        decide(record, BOKRYE, Item.CONVERSATION, Answer.WITHDRAWN)
        record.close()
        await press(pilot, "r")

        assert "감자를 캤어" not in text_of(pilot)


async def test_the_sign_in_ends_after_a_while_without_use(door_to: Opening, guarded: Path, clock: FakeClock) -> None:
    """What was shown is gone, and signing in again begins anew; so it is after signing out."""
    async with screens(door_to(guarded), person=BOKRYE.name) as pilot:
        await sign_in(pilot)
        assert isinstance(pilot.app.screen, PersonScreen)
        clock.advance(IDLE_LIMIT.total_seconds() + 60)
        await press(pilot, "2")
        assert isinstance(pilot.app.screen, SignIn)
        assert "들어와 계신 시간이 끝났습니다." in text_of(pilot)
        assert dashboard(pilot).people_shown == {}
        await sign_in(pilot, ADMINISTRATOR)
        assert "김영자" not in text_of(pilot)
        await press(pilot, "f10")

        assert isinstance(pilot.app.screen, SignIn)


async def test_screens_that_nobody_uses_lock_themselves(door_to: Opening, guarded: Path, clock: FakeClock) -> None:
    """The pulse that keeps them fresh does not keep a sign-in alive."""
    async with screens(door_to(guarded)) as pilot:
        await sign_in(pilot)
        clock.advance(IDLE_LIMIT.total_seconds())
        await dashboard(pilot)._tick()
        await settled(pilot)

        assert isinstance(pilot.app.screen, SignIn)


async def test_every_look_is_in_the_audit(door: RecordDoor, folder: Path, clock: FakeClock) -> None:
    """The overview, the page, and each part that was looked at."""
    async with screens(door, person=BOKRYE.name) as pilot:
        for part in PARTS:
            await press(pilot, part.key)
    record = opened(folder, clock)
    entries = Viewer(record.database, record.audit, OWNER).audit_entries(limit=100)
    record.close()

    of_bokrye = {one.action for one in entries if one.person_id == BOKRYE.id}
    assert "overview_read" in {one.action for one in entries}
    assert {
        "page_read", "summary_read", "timeline_read", "screenings_listed", "sessions_listed", "session_read",
        "memories_read", "readings_read",
    } <= of_bokrye  # fmt: skip
