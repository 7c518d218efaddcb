"""Keeping turns when the disk gives trouble."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from companion.core.record import NewSession, NewTurn
from companion.errors import CompanionError, StorageFull
from companion.session.keeping import Keeper
from tests.fakes.clock import START
from tests.records import agreeing, new_session, opened, read_last, turn


class TroubledStore:
    """The real record on a disk that can be full for a while."""

    def __init__(self, folder: Path) -> None:
        self.record = opened(folder)
        self.new = new_session(agreeing(self.record))
        self.full = False

    def _check(self) -> None:
        if self.full:
            raise StorageFull("store.cannot_write", file="record")

    def start_session(self, new: NewSession) -> str:
        self._check()
        return self.record.conversations.start_session(new)

    def add_turn(self, session_id: str, number: int, new: NewTurn) -> str:
        self._check()
        return self.record.conversations.add_turn(session_id, number, new)

    def mark_spoken(self, turn_id: str, spoken: str) -> None:
        self._check()
        self.record.conversations.mark_spoken(turn_id, spoken)

    def end_session(self, session_id: str, at: datetime, ended_by: str) -> None:
        self._check()
        self.record.conversations.end_session(session_id, at, ended_by)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TroubledStore]:
    made = TroubledStore(tmp_path / "record")
    yield made
    made.record.close()


@pytest.fixture
def troubles() -> list[CompanionError]:
    return []


@pytest.fixture
def keeper(store: TroubledStore, troubles: list[CompanionError]) -> Keeper:
    return Keeper(store, on_trouble=troubles.append)


def kept(store: TroubledStore) -> list[tuple[int, str, str | None]]:
    _, turns = read_last(store.record)
    return [(turn.number, turn.heard, turn.spoken) for turn in turns]


def test_each_turn_is_kept_before_it_is_spoken(keeper: Keeper, store: TroubledStore) -> None:
    """A turn stands in the record with nothing spoken, until it was."""
    keeper.start(store.new)
    keeper.keep(turn("하나"))

    before = kept(store)
    keeper.spoken("네")

    assert before == [(1, "하나", None)]
    assert kept(store) == [(1, "하나", "네")]


def test_turns_of_a_full_disk_are_written_when_there_is_room_again(
    keeper: Keeper, store: TroubledStore, troubles: list[CompanionError]
) -> None:
    """Nothing is lost: what waited is written in its order, with what was spoken, and the trouble is told once."""
    keeper.start(store.new)
    keeper.keep(turn("하나"))
    store.full = True
    keeper.keep(turn("둘"))
    keeper.spoken("둘의 대답")
    keeper.keep(turn("셋"))
    waiting = keeper.unwritten
    store.full = False
    keeper.keep(turn("넷"))

    assert waiting == 2
    assert [(number, heard) for number, heard, _ in kept(store)] == [(1, "하나"), (2, "둘"), (3, "셋"), (4, "넷")]
    assert kept(store)[1][2] == "둘의 대답"
    assert [trouble.key for trouble in troubles] == ["store.cannot_write"]


def test_a_session_that_could_not_begin_is_written_later(keeper: Keeper, store: TroubledStore) -> None:
    """A disk that is full at the start loses no turn once there is room."""
    store.full = True
    keeper.start(store.new)
    keeper.keep(turn("하나"))
    nothing = keeper.session_id
    store.full = False
    keeper.end(START, "person")

    assert nothing is None
    assert kept(store) == [(1, "하나", None)]
    assert read_last(store.record)[0].ended_by == "person"


def test_what_could_not_be_written_is_counted(keeper: Keeper, store: TroubledStore) -> None:
    """At the end it is known how many turns are not in the record."""
    keeper.start(store.new)
    store.full = True
    keeper.keep(turn("하나"))
    keeper.end(START, "person")

    assert keeper.unwritten == 1
