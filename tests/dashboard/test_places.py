"""Settings, help, audit; and every place as it was kept, in both sizes and colours."""

from __future__ import annotations

from pathlib import Path

import pytest

from companion.core.access import IDLE_LIMIT
from companion.dashboard.appearance import Appearance, Colours, keep_appearance, kept_appearance
from companion.dashboard.places import PLACES
from companion.dashboard.screens.sign_in import SignIn
from companion.wiring.desk import RecordDoor
from tests.dashboard.conftest import Opening
from tests.dashboard.household import ADMINISTRATOR, YOUNGJA
from tests.dashboard.room import LARGE, press, same_picture, screens, settled, text_of
from tests.dashboard.test_access import dashboard, sign_in
from tests.dashboard.test_snapshots import LOOKS, name_of
from tests.fakes.clock import FakeClock

KEYS = {place.id: place.key for place in PLACES if place.id not in ("overview", "audit")}


@pytest.mark.parametrize(("size", "colours"), LOOKS)
async def test_every_place_looks_as_kept(door: RecordDoor, size: tuple[int, int], colours: Colours) -> None:
    """Each by its key; forms on top of them."""
    changed = []
    async with screens(door, size=size, appearance=Appearance(colours)) as pilot:
        for place, key in KEYS.items():
            await press(pilot, key)
            changed += [] if same_picture(pilot, name_of(place, size, colours)) else [place]
        for name, keys in {"alert-form": ("2", "e"), "reminder-form": ("escape", "4", "a")}.items():
            await press(pilot, *keys)
            changed += [] if same_picture(pilot, name_of(name, size, colours)) else [name]

    assert changed == []


async def test_the_audit_names_who_looked_at_whom(door_to: Opening, guarded: Path) -> None:
    """Newest first, with the name of the account and of the person."""
    async with screens(door_to(guarded), size=LARGE) as pilot:
        await sign_in(pilot, ADMINISTRATOR)
        await press(pilot, "6")
        text = text_of(pilot)

    assert ADMINISTRATOR in text
    assert "들어옴" in text


async def test_replies_are_shared_out_by_their_source(door: RecordDoor) -> None:
    """Shares in words and numbers, of the last days only."""
    async with screens(door, size=LARGE) as pilot:
        await press(pilot, "0")
        text = text_of(pilot)

    assert "검토된 대답" in text
    assert "정해진 말" in text


async def test_the_screens_lock_sooner_where_that_was_chosen(door_to: Opening, guarded: Path, clock: FakeClock) -> None:
    """Five minutes instead of fifteen; it is never longer than the record itself allows."""
    async with screens(door_to(guarded)) as pilot:
        await sign_in(pilot)
        await press(pilot, "0", "i")
        assert "5분 뒤에" in text_of(pilot)
        clock.advance(5 * 60)
        await dashboard(pilot)._tick()
        await settled(pilot)

        assert isinstance(pilot.app.screen, SignIn)
        assert IDLE_LIMIT.total_seconds() == 15 * 60


def test_looks_are_kept_and_what_is_unfit_is_as_if_never_chosen(tmp_path: Path) -> None:
    """They come back as they were; a time to lock that is none of the choices is the longest."""
    file, chosen = tmp_path / "dashboard.toml", Appearance(Colours.DARK, large=True, idle_minutes=5)
    keep_appearance(file, chosen)
    assert kept_appearance(file) == chosen
    file.write_text("idle_minutes = 600\n", encoding="utf-8")

    assert kept_appearance(file) == Appearance()


async def test_an_empty_place_says_that_it_is_empty(door_to: Opening, tmp_path: Path, clock: FakeClock) -> None:
    """A record without people, and a record that is not there: each place says so and none breaks."""
    from tests.records import opened

    opened(tmp_path / "empty", clock).close()
    for folder in (tmp_path / "empty", tmp_path / "none"):
        async with screens(door_to(folder)) as pilot:
            for key in KEYS.values():
                await press(pilot, key)
                assert len(text_of(pilot).split()) > 4
                assert YOUNGJA.name not in text_of(pilot)
