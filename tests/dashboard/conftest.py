"""A real encrypted record of five people, made once and copied for each test, and the door to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from companion.config import Settings
from companion.store.opening import Place
from companion.wiring.desk import RecordDoor
from tests.dashboard.household import add_accounts, fill
from tests.fakes.clock import FakeClock
from tests.records import opened

Opening = Callable[..., RecordDoor]


@pytest.fixture(scope="session")
def household(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the record without accounts."""
    folder = tmp_path_factory.mktemp("household") / "record"
    record = opened(folder)
    fill(record)
    record.close()
    return folder


@pytest.fixture(scope="session")
def guarded_household(tmp_path_factory: pytest.TempPathFactory, household: Path) -> Path:
    """Give the folder of the record with an administrator and a daughter."""
    folder = tmp_path_factory.mktemp("guarded") / "record"
    shutil.copytree(household, folder)
    record = opened(folder)
    add_accounts(record)
    record.close()
    return folder


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def folder(tmp_path: Path, household: Path) -> Path:
    """Give a copy of the record without accounts."""
    shutil.copytree(household, tmp_path / "record")
    return tmp_path / "record"


@pytest.fixture
def guarded(tmp_path: Path, guarded_household: Path) -> Path:
    """Give a copy of the record with accounts."""
    shutil.copytree(guarded_household, tmp_path / "guarded")
    return tmp_path / "guarded"


@pytest.fixture
def door_to(clock: FakeClock) -> Iterator[Opening]:
    """Open doors that are closed after the test."""
    doors: list[RecordDoor] = []

    def made(folder: Path, settings: Settings | None = None) -> RecordDoor:
        doors.append(
            RecordDoor(
                Place(folder), lambda: opened(folder, clock), settings or Settings(), clock.now, kept_sign_in=False
            )
        )
        return doors[-1]

    yield made
    for door in doors:
        door.close()


@pytest.fixture
def door(door_to: Opening, folder: Path) -> RecordDoor:
    return door_to(folder)
