"""A record that goes away and comes back, one of a newer version, and a defect: said in words, and nothing is lost."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from textual.widgets import DataTable

from companion.dashboard.appearance import Appearance, Colours, keep_appearance, kept_appearance
from companion.dashboard.reading import Reads
from companion.dashboard.screens.overview import Overview
from companion.dashboard.widgets.state import State, StateView
from companion.errors import StoreUnreadable
from companion.wiring.desk import Desk, RecordDoor
from tests.dashboard.household import SECRET
from tests.dashboard.room import press, screens, settled, text_of
from tests.fakes.clock import FakeClock
from tests.records import opened

TOP = Path(__file__).resolve().parents[2]


def moved(place: Path, other: Path) -> None:
    place.rename(other)


def view(screen: object) -> StateView:
    assert isinstance(screen, Overview)
    return screen.query_one("#everybody", StateView)


async def test_a_record_that_goes_away_keeps_what_is_shown_and_one_that_comes_back_is_read(
    door: RecordDoor, folder: Path
) -> None:
    """The sentence stands above what was read before; the cursor and the table stay."""
    away = folder.with_name("away")
    async with screens(door) as pilot:
        await press(pilot, "down")
        moved(folder, away)
        await press(pilot, "r")
        gone = view(pilot.app.screen)
        assert gone.state is State.FAILED
        assert "저절로 다시 읽습니다." in gone.note
        assert "김영자" in text_of(pilot)
        moved(away, folder)
        assert isinstance(pilot.app.screen, Reads)
        await press(pilot, "r")

        assert view(pilot.app.screen).state is State.THERE
        assert pilot.app.screen.query_one(DataTable).cursor_row == 1


async def test_a_record_that_was_replaced_is_opened_anew(door: RecordDoor, folder: Path, clock: FakeClock) -> None:
    """A backup that was put in its place is what is read, not the file that is gone."""
    async with screens(door) as pilot:
        other = folder.with_name("other")
        shutil.copytree(folder, other)
        record = opened(other, clock)
        record.people.change(next(one.id for one in record.people.all() if one.name == "최복례"), name="최새복")
        record.close()
        shutil.rmtree(folder)
        moved(other, folder)
        await press(pilot, "r")

        assert "최새복" in text_of(pilot)


async def test_a_failed_reading_is_tried_again_by_itself(
    door: RecordDoor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to press anything."""
    monkeypatch.setattr("companion.dashboard.reading.RETRY_SECONDS", 0.05)
    away = folder.with_name("away")
    moved(folder, away)
    async with screens(door) as pilot:
        moved(away, folder)
        await pilot.pause(0.1)
        await settled(pilot)

        assert "김영자" in text_of(pilot)


async def test_a_record_of_a_newer_version_says_what_to_do(door: RecordDoor, folder: Path, clock: FakeClock) -> None:
    """The screens stay usable."""
    record = opened(folder, clock)
    with record.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    record.close()
    async with screens(door) as pilot:
        assert view(pilot.app.screen).state is State.FAILED
        assert "새" in text_of(pilot)
        await press(pilot, "f2")


async def test_a_defect_of_a_reading_is_a_sentence_and_its_words_are_in_no_log(
    door: RecordDoor, caplog: pytest.LogCaptureFixture
) -> None:
    """No traceback, and the log holds the place alone."""

    def broken(_desk: Desk) -> None:
        raise ValueError(SECRET)

    with caplog.at_level(logging.DEBUG):
        async with screens(door) as pilot:
            assert isinstance(pilot.app.screen, Reads)
            pilot.app.screen.read("board", broken, lambda _: None, into="#everybody")
            await settled(pilot)
            assert "프로그램에 잘못이 있어 읽지 못했습니다." in text_of(pilot)

    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text


def test_the_pulse_changes_with_what_is_written_and_not_with_looks(
    door: RecordDoor, folder: Path, clock: FakeClock
) -> None:
    """Looking is audited, and yet no news."""
    before = door.pulse()
    door.look(lambda desk: desk.viewer.sessions())
    assert door.pulse() == before
    record = opened(folder, clock)
    record.alerts.begin("nothing")
    assert door.pulse() == before
    with record.database.writing() as session:
        session.connection().exec_driver_sql("UPDATE reminders SET active = 0")
    record.close()

    assert door.pulse() != before


def test_a_door_without_a_record_makes_none(door: RecordDoor, folder: Path) -> None:
    """Looking never creates."""
    shutil.rmtree(folder)
    with pytest.raises(StoreUnreadable):
        door.look(lambda desk: desk.now)

    assert not folder.exists()


def test_appearance_is_kept_and_what_cannot_be_read_is_the_default(tmp_path: Path) -> None:
    """A broken file changes looks only."""
    file = tmp_path / "home" / "dashboard.toml"
    keep_appearance(file, Appearance(Colours.CONTRAST, large=True))
    kept = kept_appearance(file)
    file.write_text("colours = 'plaid'", encoding="utf-8")

    assert (kept, kept_appearance(file)) == (Appearance(Colours.CONTRAST, large=True), Appearance())


def test_the_screens_load_no_speech_and_no_language_library() -> None:
    """Everything that the screens import, charts too, and the door with them."""
    heavy = ("torch", "transformers", "onnxruntime", "faster_whisper", "ctranslate2", "sounddevice", "xllamacpp")
    script = (
        "import pkgutil, importlib, sys, json, companion.dashboard as room, companion.cli.dashboard\n"
        "for found in pkgutil.walk_packages(room.__path__, room.__name__ + '.'):\n"
        "    importlib.import_module(found.name)\n"
        "import companion.wiring.desk, companion.wiring.board, companion.wiring.person\n"
        "companion.wiring.board.known_instruments(); companion.wiring.person.activity_titles()\n"
        f"print(json.dumps(sorted(set({heavy!r}) & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=TOP, env={**os.environ}
    )

    assert json.loads(done.stdout) == []
