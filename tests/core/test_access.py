"""Locks, sign-ins and the audit as laws."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.access import (
    CLOCK_SLACK,
    FREE_FAILURES,
    IDLE_LIMIT,
    LONGEST_LOCK,
    WHOLE_LIMIT,
    Lock,
    account_name,
    has_run_out,
    is_fit_for_audit,
    lock_length,
)
from tests.fakes.clock import START

FAILURES = st.integers(0, 200)
SPANS = st.timedeltas(timedelta(0), timedelta(days=3))


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 0), (4, 0), (5, 15), (6, 30), (7, 60), (8, 120), (11, 960), (12, 1440), (10**9, 1440)]
)
def test_the_fifth_wrong_password_locks_and_each_further_one_twice_as_long(failures: int, minutes: int) -> None:
    """A quarter of an hour at first, a day at most."""
    assert lock_length(failures) == timedelta(minutes=minutes)


@given(FAILURES)
def test_a_lock_is_never_shorter_for_more_failures(failures: int) -> None:
    """Going on guessing never helps."""
    assert lock_length(failures) <= lock_length(failures + 1) <= LONGEST_LOCK


def failed(times: int) -> Lock:
    """Return a lock after wrong passwords, each given as soon as it was looked at."""
    lock, now = Lock(), START
    for _ in range(times):
        now = max(now, lock.until or now)
        lock = lock.after_failure(now)
    return lock


@given(st.integers(FREE_FAILURES + 1, 30), SPANS)
def test_a_try_while_locked_changes_nothing(failures: int, after: timedelta) -> None:
    """Nobody keeps another out for ever by guessing on, and a right guess is not looked at either."""
    lock = failed(failures)
    assert lock.until is not None
    now = lock.until - min(lock_length(failures), after + timedelta(microseconds=1))

    assert lock.holds(now)
    assert lock.after_failure(now) == lock


@given(st.integers(FREE_FAILURES + 1, 30), SPANS, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_a_clock_set_back_neither_unlocks_early_nor_locks_longer(
    failures: int, waited: timedelta, back: timedelta
) -> None:
    """Time that really passed is at least the length; from the first look by the new clock it is at most that."""
    lock = failed(failures)
    assert lock.until is not None
    length = lock_length(failures)
    began = lock.until - length

    look = began + waited - back
    seen = lock.seen(look)

    assert seen.until is not None
    assert waited >= length or seen.holds(look)
    assert seen.until - look <= length
    assert seen.until <= lock.until


@given(st.lists(SPANS, max_size=6))
def test_a_sign_in_ends_after_disuse_and_after_a_day_of_work(pauses: list[timedelta]) -> None:
    """However it is used, it never outlives eight hours, nor a quarter of an hour without use."""
    now = used = START
    for pause in pauses:
        now += pause
        over = has_run_out(began_at=START, last_used_at=used, now=now)
        assert over == (pause >= IDLE_LIMIT or now - START >= WHOLE_LIMIT)
        if over:
            break
        used = now


@given(st.timedeltas(timedelta(0), WHOLE_LIMIT), st.timedeltas(CLOCK_SLACK + timedelta(seconds=1), timedelta(days=99)))
def test_a_clock_set_back_ends_a_sign_in(used: timedelta, back: timedelta) -> None:
    """Turning the clock back lengthens nothing: whoever is there signs in again."""
    last_used_at = START + used

    assert has_run_out(began_at=START, last_used_at=last_used_at, now=last_used_at - back)


def test_a_clock_corrected_by_seconds_ends_nothing() -> None:
    """A time server may set the clock back a little."""
    assert not has_run_out(began_at=START, last_used_at=START, now=START - timedelta(seconds=5))


@given(st.text())
def test_a_name_is_kept_in_one_form(typed: str) -> None:
    """However it is typed, with loose letters or more blanks, the same name is the same account."""
    kept = account_name(typed)

    assert account_name(kept) == kept
    assert account_name(f"  {typed} ") == kept


def test_loose_hangul_letters_are_the_same_name() -> None:
    """Some keyboards send 김 as three letters."""
    assert account_name("김영희") == "김영희"


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1))
def test_no_korean_word_is_fit_for_the_audit(word: str) -> None:
    """Names and what people say stay out."""
    assert not is_fit_for_audit({"value": word})
    assert not is_fit_for_audit({word: 1})
    assert not is_fit_for_audit({"list": ["ok", word]})
