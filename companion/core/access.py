"""Who may see a record, as values and laws: accounts, sign-ins, locks, and what the audit may hold. Pure.

Laws:
- Whoever holds the key of a device is its ``OWNER`` until the first account is added, and nobody after that.
- A lock ends no earlier than its length after the wrong password that set it, however far the clock is set back; and
  no later than its length after the first look at it by the new time.
- A sign-in ends after a while without use, after a day's work whatever its use, and when the clock was set back behind
  its last use: turning the clock never lengthens it.
- The audit holds ids, counts, kinds and dates, never names or words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

FREE_FAILURES: Final = 4
"""Wrong passwords that cost nothing; the next one locks."""
FIRST_LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(days=1)
IDLE_LIMIT: Final = timedelta(minutes=15)
"""Source: NIST SP 800-63B-4, section 5.2 sets limits of inactivity and of the whole; here stricter than its AAL 2."""
WHOLE_LIMIT: Final = timedelta(hours=8)
PASS_LIMIT: Final = timedelta(days=365)
"""How long a schedule may read by one pass: somebody looks once a year whether it is still wanted."""
CLOCK_SLACK: Final = timedelta(minutes=1)
"""How far a clock may be corrected backwards without ending a sign-in: time servers do that by seconds."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:+-]{0,64}")


class Role(StrEnum):
    """What an account is for."""

    CAREGIVER = "caregiver"
    CLINICIAN = "clinician"
    ADMINISTRATOR = "administrator"
    """Adds accounts and grants; sees no more of a record than was granted to it."""


class Action(StrEnum):
    """What stands in the audit."""

    ACCOUNT_ADDED = "account_added"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_LOCKED = "account_locked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an action
    GRANTED = "granted"
    REVOKED = "revoked"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    SIGN_IN_RAN_OUT = "sign_in_ran_out"
    PASS_GIVEN = "pass_given"  # noqa: S105 - the name of an action
    """A schedule of this device may read the overview for an account."""
    PASS_ENDED = "pass_ended"  # noqa: S105 - the name of an action
    REFUSED = "refused"
    """Something was wanted that this account may not do or see."""
    SESSIONS_LISTED = "sessions_listed"
    SESSION_READ = "session_read"
    SESSION_STOPPED = "session_stopped"
    """Somebody ended a running conversation from the screens."""
    SCREENINGS_LISTED = "screenings_listed"
    SCREENING_READ = "screening_read"
    OBSERVATIONS_LISTED = "observations_listed"
    AUDIT_LISTED = "audit_listed"
    PEOPLE_LISTED = "people_listed"
    PERSON_ADDED = "person_added"
    PERSON_SHOWN = "person_shown"
    PERSON_CHANGED = "person_changed"
    PERSON_EXPORTED = "person_exported"
    PERSON_ERASED = "person_erased"
    CONTACT_CHANGED = "contact_changed"
    CONSENT_DECIDED = "consent_decided"
    READINGS_IMPORTED = "readings_imported"
    READINGS_READ = "readings_read"
    LIMIT_SET = "limit_set"
    HOSPITAL_IMPORTED = "hospital_imported"
    HOSPITAL_LISTED = "hospital_listed"
    HOSPITAL_READ = "hospital_read"
    SENSOR_PAIRED = "sensor_paired"
    SENSORS_LISTED = "sensors_listed"
    SENSOR_FORGOTTEN = "sensor_forgotten"
    ITEM_ERASED = "item_erased"
    RETENTION_APPLIED = "retention_applied"
    ALERTS_LISTED = "alerts_listed"
    ALERT_SHOWN = "alert_shown"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    ALERT_RESOLVED = "alert_resolved"
    CHANNELS_TESTED = "channels_tested"
    REMINDERS_CHANGED = "reminders_changed"
    REMINDERS_LISTED = "reminders_listed"
    ERRANDS_LISTED = "errands_listed"
    ERRAND_SETTLED = "errand_settled"
    SUMMARY_READ = "summary_read"
    TIMELINE_READ = "timeline_read"
    RECORD_EXPORTED = "record_exported"
    """A file about a person was made for somebody to take away."""
    OVERVIEW_READ = "overview_read"
    """Everybody's line, as the overview shows it."""
    PAGE_READ = "page_read"
    MEMORIES_READ = "memories_read"
    RELEASE_PREPARED = "release_prepared"
    """People's records were read for a research release, or for a try at one."""
    RELEASE_MADE = "release_made"
    RELEASES_LISTED = "releases_listed"
    RELEASE_WITHDRAWALS_TOLD = "release_withdrawals_told"
    RECORD_RESTORED = "record_restored"
    """A backup was put in the record's place: the chain before may be shorter than it was."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks."""

    account_id: str
    sign_in_id: str = ""


OWNER: Final = Identity("owner")
"""Whoever holds the key of a device on which no account exists yet."""
KEY_HOLDER: Final = Identity("key")
"""Whoever holds the key or recovery code of the record and acts beside the accounts: restores, lets somebody in."""
NOBODY: Final = Identity("nobody")
"""Somebody who tried to sign in under a name that no account has."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    id: str
    name: str
    role: Role
    added_at: datetime
    disabled: bool = False
    locked_until: datetime | None = None
    people: tuple[str, ...] = ()
    """Ids of those whose record was granted to it."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done, as the audit holds it."""

    chain: str
    """Id of the device that wrote it."""
    number: int
    """1, 2, 3 … in its chain."""
    at: datetime
    account_id: str
    action: str
    person_id: str
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Lock:
    """Wrong passwords since the last right one, and until when no other is looked at."""

    failures: int = 0
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Return whether it is locked."""
        return self.until is not None and now < self.until

    def seen(self, now: datetime) -> Lock:
        """Return the lock as it is to be kept after a look at ``now``: brought back after a clock that was set back."""
        longest = now + lock_length(self.failures)
        return self if self.until is None or self.until <= longest else Lock(self.failures, longest)

    def after_failure(self, now: datetime) -> Lock:
        """Return the lock after a wrong password; tries while it holds are not looked at and change nothing."""
        if self.holds(now):
            return self.seen(now)
        length = lock_length(self.failures + 1)
        return Lock(self.failures + 1, now + length if length else None)


def lock_length(failures: int) -> timedelta:
    """Return how long the latest of so many wrong passwords locks: nothing, 15 minutes, then twice as long each."""
    doublings = failures - FREE_FAILURES - 1
    if doublings < 0:
        return timedelta()
    longest_useful = (LONGEST_LOCK // FIRST_LOCK).bit_length()
    return min(FIRST_LOCK * (1 << min(doublings, longest_useful)), LONGEST_LOCK)


def has_run_out(*, began_at: datetime, last_used_at: datetime, now: datetime) -> bool:
    """Return whether a sign-in is over by its age, its disuse, or a clock that was set back behind its last use."""
    return now - began_at >= WHOLE_LIMIT or now - last_used_at >= IDLE_LIMIT or now < last_used_at - CLOCK_SLACK


def is_pass_over(*, given_at: datetime, now: datetime) -> bool:
    """Return whether a pass of a schedule is over by its age, or by a clock that was set back behind its giving."""
    return now - given_at >= PASS_LIMIT or now < given_at - CLOCK_SLACK


def account_name(typed: str) -> str:
    """Return a name as it is kept and compared: composed Hangul, single blanks."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def is_fit_for_audit(details: Mapping[str, object]) -> bool:
    """Return whether nothing in it could be a name or words: whole numbers, ids, kinds and dates only."""
    return all(_is_plain(name) and _is_fit(value) for name, value in details.items())


def _is_fit(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_is_fit(one) for one in value)
    return value is None or isinstance(value, int) or _is_plain(value)


def _is_plain(value: object) -> bool:
    return isinstance(value, str) and _PLAIN.fullmatch(value) is not None
