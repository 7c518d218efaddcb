"""Room held back on a disk that fills up: alerts are written into it, on a real full disk."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.core.person import Person
from companion.errors import StorageFull
from companion.safety.risk import Level
from companion.session.keeping import Keeper
from companion.store.reserve import Reserve
from tests.alarms import DAUGHTER, alarming, contact
from tests.records import agreeing, new_session, record_in, turn

SMALL = 256 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MiB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(folder)]
    try:
        subprocess.run(mounting, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a file system cannot be mounted here: only root may")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


def filled(folder: Path) -> None:
    """Fill the disk to its last block."""
    for size in (64 * 1024, 4096, 1):
        with (folder / "full").open("ab", buffering=0) as file:
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue


def test_room_is_held_back_once_and_let_go_once(tmp_path: Path) -> None:
    """Taking it twice is taking it once; letting go says whether there was any."""
    reserve = Reserve(tmp_path / "reserve", size=SMALL)

    assert reserve.take()
    assert reserve.take()
    assert (tmp_path / "reserve").stat().st_blocks * 512 >= SMALL
    assert reserve.release()
    assert not reserve.release()


def test_a_disk_without_the_room_is_left_as_it_is(small_disk: Path) -> None:
    """What cannot be held back leaves no half of it behind."""
    reserve = Reserve(small_disk / "reserve", size=64 * 1024 * 1024)

    assert not reserve.take()
    assert not (small_disk / "reserve").exists()


def person_of(record_folder: Path) -> Person:
    with record_in(record_folder) as record:
        return agreeing(record)


@pytest.mark.parametrize("held", [True, False])
def test_an_alert_outlives_a_talk_that_ends_on_a_full_disk(small_disk: Path, *, held: bool) -> None:
    """With room held back the alert is in the record when the talk ends; without it, it would not be."""
    reserve = Reserve(small_disk / "reserve")
    folder = small_disk / "record"
    person = person_of(folder)
    if held:
        assert reserve.take()
    with record_in(folder) as record:
        one = contact(record, person, "큰따님", DAUGHTER)
        keeper = Keeper(record.conversations, on_trouble=lambda error: None, make_room=reserve.release)
        keeper.start(new_session(person))
        filled(small_disk)
        for number in range(40):
            keeper.keep(turn(f"말 {number} " + "가" * 400))
        waiting_before = keeper.unwritten
        keeper.keep(alarming(one))
        waiting_after = keeper.unwritten
    with record_in(folder) as record:
        levels = [one.alert.order.level for one in record.alerts.open()]

    assert waiting_before > 0
    assert (levels, waiting_after) == (([Level.URGENT], 0) if held else ([], waiting_before + 1))


def test_a_turn_without_an_alert_does_not_take_the_room(tmp_path: Path) -> None:
    """Ordinary talk waits in memory; the room stays for what must not be lost."""

    class Full:
        def start_session(self, *_: object) -> str:
            raise StorageFull("store.cannot_write", file="record")

    asked: list[bool] = []

    def make_room() -> bool:
        asked.append(True)
        return True

    keeper = Keeper(Full(), on_trouble=lambda error: None, make_room=make_room)  # type: ignore[arg-type]
    with record_in(tmp_path) as record:
        keeper.start(new_session(agreeing(record)))
    keeper.keep(turn("하나"))

    assert keeper.unwritten == 1
    assert not asked
