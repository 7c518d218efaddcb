"""Passes of schedules, on a real encrypted record and a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from companion.core.access import OWNER, PASS_LIMIT, Action, Role
from companion.core.consent import Answer, Item
from companion.errors import NotAllowed, SignInRefused
from companion.store.board import board_seen
from tests.store.room import DAUGHTER, PASSWORD, Room, a_room, quick_passwords


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server_url: str) -> Iterator[Room]:
    quick_passwords(monkeypatch)
    with a_room(tmp_path, server_url) as made:
        yield made


def seen_by(room: Room, given: str) -> list[str]:
    """Return whom a schedule sees, as it does: a sign-in that ends with the look."""
    token = room.record.passes.enter(given)
    rows = board_seen(room.viewer(room.accounts.whoami(token)))
    room.accounts.sign_out(token)
    return [one.line.person.id for one in rows]


def test_a_schedule_sees_whom_its_account_sees_and_each_look_is_audited(room: Room) -> None:
    """Long after the sign-in ended; a person who took their consent back is gone from it at once."""
    one, other = room.person("순자"), room.person("옥분")
    daughter = room.reader(room.administrator(), DAUGHTER, Role.CAREGIVER, one)
    given = room.record.passes.give(daughter)
    room.later(days=30)
    assert seen_by(room, given) == [one]
    assert other not in seen_by(room, given)
    room.decide(one, Item.SHARING, named=DAUGHTER, answer=Answer.WITHDRAWN)
    assert seen_by(room, given) == []

    by_pass = [entry for entry in room.trail() if entry.action == Action.SIGNED_IN and "pass" in entry.details]
    assert [entry.account_id for entry in by_pass] == [daughter.account_id] * 3
    assert room.actions().count(Action.OVERVIEW_READ) == room.actions().count(Action.SIGNED_OUT) == 3


def test_a_pass_is_no_sign_in(room: Room) -> None:
    """Nobody acts with it, and a token of a sign-in is no pass."""
    admin = room.administrator()
    given = room.record.passes.give(admin)
    with pytest.raises(SignInRefused):
        room.accounts.whoami(given)
    with pytest.raises(SignInRefused):
        room.record.passes.enter(room.accounts.sign_in("관리자", PASSWORD))

    assert given not in str(room.trail())


ENDINGS: tuple[Callable[[Room, str], object], ...] = (
    lambda room, given: room.record.passes.end(given),
    lambda room, _: room.accounts.change_password(room.signed_in("관리자"), DAUGHTER, PASSWORD + " 새로"),
    lambda room, _: room.accounts.disable(room.signed_in("관리자"), DAUGHTER),
    lambda room, _: room.later(seconds=PASS_LIMIT.total_seconds()),
    lambda room, _: room.later(seconds=-timedelta(days=2).total_seconds()),
)


@pytest.mark.parametrize("ending", ENDINGS, ids=["ended", "password", "disabled", "a year", "clock set back"])
def test_a_pass_ends_and_says_so(room: Room, ending: Callable[[Room, str], object]) -> None:
    """By hand, with the password, with the account, after a year, and by a clock that was set back."""
    daughter = room.reader(room.administrator(), DAUGHTER, Role.CAREGIVER)
    given = room.record.passes.give(daughter)
    assert seen_by(room, given) == []
    ending(room, given)

    with pytest.raises(SignInRefused) as refused:
        room.record.passes.enter(given)
    assert refused.value.key == "access.pass_over"
    assert [entry.account_id for entry in room.trail() if entry.action == Action.SIGN_IN_FAILED] == [
        daughter.account_id
    ]


def test_a_wrong_pass_locks_nobody_out(room: Room) -> None:
    """A schedule that was forgotten goes on trying every hour."""
    daughter = room.reader(room.administrator(), DAUGHTER, Role.CAREGIVER)
    given = room.record.passes.give(daughter)
    room.record.passes.end(given)
    room.record.passes.end(given)
    for wrong in (given, "x" * 43) * 4:
        with pytest.raises(SignInRefused):
            room.record.passes.enter(wrong)

    assert room.signed_in(DAUGHTER).account_id == daughter.account_id
    assert room.actions().count(Action.PASS_ENDED) == 1


def test_without_accounts_there_is_nothing_to_permit(room: Room) -> None:
    """Whoever holds the key reads anyway."""
    with pytest.raises(NotAllowed):
        room.record.passes.give(OWNER)
