"""When an instrument may be administered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from companion.screening.due import Past, Permission, has_expired, permission
from companion.screening.instrument import Instrument
from companion.screening.record import Asker, Screening, Status

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def past(
    instrument: Instrument, status: Status, ago: timedelta, *, digest: str = "", in_this_session: bool = False
) -> Past:
    kept = Screening(instrument.id, instrument.version, digest or instrument.digest, status, Asker.PLAN)
    return Past(kept, NOW - ago, in_this_session=in_this_session)


@pytest.mark.parametrize(
    ("status", "ago", "asked_by", "expected"),
    [
        (Status.COMPLETE, timedelta(days=13), Asker.PLAN, Permission.TOO_SOON),
        (Status.COMPLETE, timedelta(days=14), Asker.PLAN, Permission.BEGIN),
        (Status.COMPLETE, timedelta(days=1), Asker.PERSON, Permission.BEGIN),
        (Status.COMPLETE, timedelta(days=-3), Asker.PLAN, Permission.TOO_SOON),
        (Status.INTERRUPTED, timedelta(hours=23), Asker.PLAN, Permission.RESUME),
        (Status.INTERRUPTED, timedelta(hours=25), Asker.PLAN, Permission.BEGIN),
        (Status.INTERRUPTED, timedelta(hours=-2), Asker.PLAN, Permission.RESUME),
        (Status.SUSPENDED, timedelta(hours=25), Asker.PLAN, Permission.RESUME),
        (Status.REFUSED, timedelta(days=2), Asker.PLAN, Permission.REFUSED_LATELY),
        (Status.REFUSED, timedelta(days=2), Asker.CLINICIAN, Permission.BEGIN),
        (Status.STOPPED, timedelta(days=2), Asker.PLAN, Permission.BEGIN),
    ],
)
def test_what_may_be_done_after_what(
    phq9: Instrument, status: Status, ago: timedelta, asked_by: Asker, expected: Permission
) -> None:
    """Fourteen days between, a day to go on, and no negative interval where the clock was set back."""
    assert permission(phq9, [past(phq9, status, ago)], NOW, asked_by) is expected


def test_another_version_is_never_mixed_in(phq9: Instrument) -> None:
    """An open screening of another digest is not gone on with."""
    open_one = past(phq9, Status.INTERRUPTED, timedelta(hours=1), digest="0" * 64)

    assert permission(phq9, [open_one], NOW, Asker.PLAN) is Permission.RESTART


def test_one_instrument_a_session(phq9: Instrument, gds15: Instrument) -> None:
    """After one was administered no other is begun in the same session."""
    done = past(gds15, Status.COMPLETE, timedelta(0), in_this_session=True)

    assert permission(phq9, [done], NOW, Asker.PLAN) is Permission.ONE_A_SESSION


def test_the_protocol_holds_a_suspended_one_back(phq9: Instrument) -> None:
    """Until the protocol allows it, the rest is not offered; after two days it has expired."""
    suspended = past(phq9, Status.SUSPENDED, timedelta(hours=1))
    held_back = Past(suspended.screening, suspended.at, not_before=NOW + timedelta(hours=1))

    assert permission(phq9, [held_back], NOW, Asker.PLAN) is Permission.SUSPENDED
    assert not has_expired(suspended, NOW)
    assert has_expired(suspended, NOW + timedelta(days=3))


@pytest.mark.parametrize(
    ("asked_by", "days", "expected"),
    [
        (Asker.PLAN, 5, Permission.ENOUGH),
        (Asker.PLAN, 15, Permission.BEGIN),
        (Asker.PERSON, 5, Permission.BEGIN),
    ],
)
def test_the_plan_offers_two_in_a_fortnight(
    phq9: Instrument, gds15: Instrument, asked_by: Asker, days: int, expected: Permission
) -> None:
    """Of whatever kind, done or put off; whoever asks is not made to wait."""
    history = [
        past(gds15, Status.DEFERRED, timedelta(days=4)),
        past(gds15, Status.REFUSED, timedelta(days=days)),
    ]

    assert permission(phq9, history, NOW, asked_by) is expected
