"""What a research release reads of people, as values: no name, no word of theirs. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple, Protocol

_PSEUDONYM: Final = b"person\0"
PSEUDONYM_DIGITS: Final = 16
"""Hexadecimal: 64 bits, so that among ten thousand people two alike are as likely as three in a trillion."""


def pseudonym(secret: bytes, person_id: str) -> str:
    """Return what a person is called in the release that a secret belongs to: 16 hexadecimal digits."""
    return hmac.new(secret, _PSEUDONYM + person_id.encode(), hashlib.sha256).hexdigest()[:PSEUDONYM_DIGITS]


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who agrees now that de-identified data may be released."""

    id: str
    """Of the record: it never leaves."""
    birth_year: int | None
    sex: str
    """female, male, or empty where it was not said."""
    region: str
    """Where they live, as typed: 시/도 first."""
    zone: str
    talks: bool
    """Whether conversations may be read: agreed to now."""
    health: bool
    """Whether health data may be read: agreed to now."""


class Talk(NamedTuple):
    """One conversation, without its words."""

    at: datetime
    minutes: float
    heard: int
    """Turns in which the person said something."""
    bright: int
    heavy: int


class Done(NamedTuple):
    """One activity that was offered."""

    at: datetime
    outcome: str
    mood_before: int | None
    mood_after: int | None


class Screened(NamedTuple):
    """One administration of an instrument, with the coded answers that count."""

    id: str
    at: datetime
    instrument: str
    version: str
    digest: str
    status: str
    mode: str
    requested_by: str
    gated: bool
    options: Mapping[str, str]
    """Option id by item id."""
    points: Mapping[str, int]
    """Score by item id, as it was kept."""


class Measured(NamedTuple):
    """One value of a wearable or meter."""

    at: datetime
    kind: str
    value: float


@dataclass(frozen=True, slots=True)
class History:
    """All that a release may know of one participant, each list in the order of time."""

    participant: Participant
    talks: Sequence[Talk] = ()
    activities: Sequence[Done] = ()
    screenings: Sequence[Screened] = ()
    readings: Sequence[Measured] = ()


class Span(NamedTuple):
    """From the first to the last thing that is known of a participant."""

    first: datetime
    last: datetime


class ResearchSource(Protocol):
    """One consistent look at what may be released."""

    def participants(self) -> Sequence[Participant]:
        """Return everybody who agrees to research now."""
        ...

    def spans(self, people: Sequence[Participant]) -> Mapping[str, Span]:
        """Return from when to when something is known of each, by id; people of whom nothing is known are left out."""
        ...

    def kinds(self, people: Sequence[Participant]) -> Mapping[str, int]:
        """Return of how many people each kind of reading is known."""
        ...

    def screenings(self, people: Sequence[Participant]) -> Iterator[tuple[Participant, Sequence[Screened]]]:
        """Yield each with their screenings, in the order in which those were begun."""
        ...

    def histories(self, people: Sequence[Participant]) -> Iterator[History]:
        """Yield all that may be known of each, in the order of ``people``."""
        ...


@dataclass(frozen=True, slots=True)
class NewRelease:
    """A release that is about to be handed over."""

    id: str
    title: str
    recipient: str
    purpose: str
    legal_basis: str
    terms: str
    expires: date
    policy_digest: str
    """SHA-256 of the policy, hex."""
    manifest_digest: str
    """SHA-256 of its manifest, hex."""
    k: int
    """Smallest class of the people table."""
    l: int  # noqa: E741 - the name that the literature gives it
    """Fewest different sensitive values in a class."""
    rows: Mapping[str, int]
    """Rows by table."""
    formats: Sequence[str]
    software: str


@dataclass(frozen=True, slots=True)
class KeptRelease:
    """A release as the ledger holds it."""

    release: NewRelease
    made_at: datetime
    people: int

    def has_expired(self, today: date) -> bool:
        """Return whether the recipient may not hold it any more."""
        return today > self.release.expires


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Who of a release does not agree any more, or was erased, by the pseudonyms that its recipient knows."""

    release: KeptRelease
    untold: tuple[str, ...]
    """Pseudonyms whose deletion the recipient has still to be asked for, in order."""
    told: tuple[str, ...]
