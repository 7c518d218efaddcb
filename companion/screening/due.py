"""Whether an instrument may be administered now: anew, gone on with, or not yet.

Time comes in as arguments. A clock that was set back makes no negative interval: what lies in the future counts as just
now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from companion.screening.instrument import Instrument
from companion.screening.record import Asker, Screening, Status

RESUMED_WITHIN: Final = timedelta(days=1)
"""After an interruption; later the screening has expired."""
SUSPENDED_WITHIN: Final = timedelta(days=2)
"""After a suspension, whose rest may be left for the next day."""
_REST_AFTER: Final[Mapping[Status, timedelta]] = {
    Status.REFUSED: timedelta(days=7),
    Status.STOPPED: timedelta(days=1),
    Status.DEFERRED: timedelta(days=3),
}
"""How long the plan does not offer again what was not wanted. Recommendation of this project."""


OFFERED_WITHIN, OFFERS_IN = timedelta(days=14), 2
"""How many screenings the plan begins or offers in so long a time, of whatever kind. Recommendation of this project:
somebody who puts one off is not asked for the next at once."""


class Permission(StrEnum):
    """What may be done now."""

    BEGIN = "begin"
    RESUME = "resume"
    """Go on with the open one; it was begun with this very instrument."""
    RESTART = "restart"
    """The open one was begun with another version: it is left as it is, and a new one begun. Never mixed."""
    TOO_SOON = "too_soon"
    """Inside the recall window of the last one."""
    REFUSED_LATELY = "refused_lately"
    """It was refused, stopped or put off a short while ago."""
    ENOUGH = "enough"
    """The plan offered ``OFFERS_IN`` of any kind in the last ``OFFERED_WITHIN``, taken or not."""
    SUSPENDED = "suspended"
    """The safety protocol does not allow it yet."""
    ONE_A_SESSION = "one_a_session"


@dataclass(frozen=True, slots=True)
class Past:
    """A screening of the person, and when."""

    screening: Screening
    at: datetime
    """When it ended, or was last gone on with. Aware."""
    not_before: datetime | None = None
    """After a suspension: the protocol does not allow it earlier. Aware."""
    in_this_session: bool = False
    number: int = 0
    """1, 2, 3 … in the order in which they were begun, whatever the clock said; 0 where nobody counted."""

    @property
    def was_administered(self) -> bool:
        """Whether questions were put, or may still be."""
        return self.screening.status not in {Status.REFUSED, Status.DEFERRED}


def permission(instrument: Instrument, history: Sequence[Past], now: datetime, asked_by: Asker) -> Permission:
    """Return what may be done with an instrument now.

    Args:
        instrument: Which one.
        history: The screenings of the person, in any order.
        now: Aware.
        asked_by: Somebody who asks is not made to wait for the recall window; the plan waits.
    """
    own = sorted(
        (past for past in history if past.screening.instrument == instrument.id),
        key=lambda past: (past.number, past.at),
    )
    last = own[-1] if own else None
    if last is not None and last.screening.status.is_open and (found := _of_open(last, instrument, now)) is not None:
        return found
    if any(past.in_this_session and past.was_administered for past in history):
        return Permission.ONE_A_SESSION
    if asked_by is not Asker.PLAN:
        return Permission.BEGIN
    return _of_plan(instrument, own, history, now)


def _of_plan(instrument: Instrument, own: Sequence[Past], history: Sequence[Past], now: datetime) -> Permission:
    """Return whether the plan must wait: for the recall window, after a no, or because it offered enough lately."""
    done = [past.at for past in own if past.screening.status is Status.COMPLETE]
    if done and _elapsed(done[-1], now) < timedelta(days=instrument.least_days_between):
        return Permission.TOO_SOON
    if any(_rests(past, now) for past in own):
        return Permission.REFUSED_LATELY
    if sum(_elapsed(past.at, now) < OFFERED_WITHIN for past in history) >= OFFERS_IN:
        return Permission.ENOUGH
    return Permission.BEGIN


def _rests(past: Past, now: datetime) -> bool:
    rest = _REST_AFTER.get(past.screening.status)
    return rest is not None and _elapsed(past.at, now) < rest


def has_expired(past: Past, now: datetime) -> bool:
    """Return whether an open screening can no longer be gone on with."""
    limit = SUSPENDED_WITHIN if past.screening.status is Status.SUSPENDED else RESUMED_WITHIN
    return past.screening.status.is_open and _elapsed(past.at, now) > limit


def standing(past: Past, now: datetime) -> Status:
    """Return where a screening stands now: expired as soon as it has, whether that was written already or not."""
    return Status.EXPIRED if has_expired(past, now) else past.screening.status


def _of_open(past: Past, instrument: Instrument, now: datetime) -> Permission | None:
    """Return what may be done with an open one; None where it has expired."""
    if past.not_before is not None and now < past.not_before:
        return Permission.SUSPENDED
    if has_expired(past, now):
        return None
    return Permission.RESUME if past.screening.digest == instrument.digest else Permission.RESTART


def _elapsed(since: datetime, now: datetime) -> timedelta:
    return max(now - since, timedelta(0))
