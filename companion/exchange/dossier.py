"""All that an export of one person holds between two moments, as one frozen value.

Everything that leaves the record about one person is made of it: tables, reports, FHIR. It is gathered elsewhere, where
access, consent and audit are; here nothing is decided. What the person did not agree to is not in it, and ``left_out``
names it. Totals are derived from the answers by the instrument they were given to; where that version is not at hand
there is no total. The same record and the same moment give the same value: nothing in it depends on the clock but
``made.at``.

Times are aware, in UTC; ``zone`` says where the person lives. Windows are half-open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Any

from companion.core.body import Association, Reading
from companion.core.consent import Decision
from companion.core.history import DangerFound, Talk
from companion.core.life import Activity
from companion.core.person import Contact, Person
from companion.safety.alerts import Alert, AlertNote, Delivery
from companion.screening.instrument import Instrument
from companion.screening.record import Observation, Screening, Status
from companion.screening.scoring import Change, Score


class Part(StrEnum):
    """What may be left out."""

    TALKS = "talks"
    """Conversations as such: when, how long, how many turns; never their words."""
    MOODS = "moods"
    SCREENINGS = "screenings"
    OBSERVATIONS = "observations"
    DANGER_WORDS = "danger_words"
    """What the person said when danger was found; that it was found is always in."""
    ACTIVITIES = "activities"
    READINGS = "readings"
    HOSPITAL = "hospital"


class Why(StrEnum):
    """Why a part is left out."""

    NO_CONSENT = "no_consent"
    """The person does not agree, now, that it is kept and shown."""
    NOT_ASKED = "not_asked"
    """Whoever asked did not want it."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part that is not there, which is not the same as a part in which there is nothing."""

    part: Part
    why: Why


@dataclass(frozen=True, slots=True)
class Made:
    """Who asked for it, and when."""

    at: datetime
    account_id: str
    by: str
    """Name of the account."""
    role: str
    """caregiver, clinician or administrator."""


@dataclass(frozen=True, slots=True)
class ArtifactStamp:
    """A model file that took part: what it is by digest."""

    id: str
    kind: str
    """recognizer, language, voice, turn or encoder."""
    title: str
    revision: str
    digests: Mapping[str, str]
    """SHA-256, hex, by name of file."""


@dataclass(frozen=True, slots=True)
class DeviceStamp:
    """What wrote the record, and what reads it now."""

    ids: tuple[str, ...]
    """Of the devices that wrote the person's rows; an erased or empty record has none."""
    software: str
    """Version of 말벗 that makes this export."""
    profiles: Mapping[str, tuple[ArtifactStamp, ...]]
    """By name of profile: artifacts of the conversations in the window, as this version names them."""
    reply_drivers: tuple[str, ...] = ()
    """What drove replies in them: bank or model."""


@dataclass(frozen=True, slots=True)
class Screened:
    """One administration of an instrument, whatever became of it."""

    id: str
    number: int
    """1, 2, 3 … for each person, in the order in which they were begun."""
    at: datetime
    """When willingness was asked."""
    gone_on_at: datetime
    """When it was last gone on with."""
    ended_at: datetime | None
    suspended_at: datetime | None
    mode: str
    """voice, recording or text."""
    risk_level: str
    """Of the danger that suspended it; empty where none did."""
    screening: Screening
    """Every answer word for word, superseded ones too; ``screening.current()`` gives those that count."""
    status: Status
    """As it stands now: an open one may have expired since."""
    instrument: Instrument | None = None
    """None where it was given with a version that is not shipped any more: then there is no score either."""
    score: Score | None = None
    """``score.total`` is None where the answers make no total: ``score.validity`` says why, ``score.missing`` what."""
    change: Change | None = None
    """Since the last complete one of the same instrument and version."""
    artifacts: Mapping[int, str] = field(default_factory=dict)
    """Id of the language model that gave an opinion, by ``order`` of the answer."""
    session_id: str | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """A sign in free talk: never a score."""

    id: str
    at: datetime
    observation: Observation
    led_to: str | None = None
    """Id of the screening that it led to offering."""


@dataclass(frozen=True, slots=True)
class AlertRaised:
    """One alert with all that was done about it."""

    alert: Alert
    contacts: Mapping[str, str]
    """Names of those that were to be told, by id; one that was removed since is missing."""
    deliveries: tuple[Delivery, ...]
    notes: tuple[AlertNote, ...]
    """Oldest first: who took it on, who resolved it and how."""

    @property
    def is_false_alarm(self) -> bool:
        """Whether a named person said so on resolving it."""
        return bool(self.notes) and self.notes[-1].false_alarm


@dataclass(frozen=True, slots=True)
class DayOfMood:
    """The feelings of one day of conversations, in turns; a share of turns is no score."""

    day: date
    """In the person's zone."""
    turns: int
    bright: int
    heavy: int

    @property
    def balance(self) -> float:
        """The share of bright turns less that of heavy ones, in [-1, 1]."""
        return (self.bright - self.heavy) / self.turns


@dataclass(frozen=True, slots=True)
class DayOfReadings:
    """The plausible readings of one kind on one day."""

    kind: str
    unit: str
    """UCUM."""
    day: date
    """In the person's zone."""
    count: int
    least: float
    mean: float
    most: float


@dataclass(frozen=True, slots=True)
class HospitalRecord:
    """One record that a hospital made, as it was imported."""

    id: str
    kind: str
    """Of ``companion.core.hospital.Kind``: condition, medication, allergy, result, score …"""
    at: datetime | None
    """When it was recorded or began; None where the hospital did not say."""
    text: str
    """As the hospital wrote it."""
    system: str = ""
    code: str = ""
    value: str = ""
    unit: str = ""
    status: str = ""
    source: str = ""
    """Name of the file that brought it."""
    imported_at: datetime | None = None
    origin: str = ""
    """Address or name space of the hospital; empty where it names none."""
    instrument: str = ""
    """Of scores, answers and forms: phq9, phq2, gad7, gds15, gds30."""
    number: float | None = None
    old: bool = False
    """Whether it is a score that says nothing about the day of the export any more."""
    resource_id: str = ""
    """At the hospital."""
    resource: Mapping[str, Any] = field(default_factory=dict)
    """Its elements as FHIR R4 spells them, as far as they are kept; without whom it is about."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything. Sequences are oldest first."""

    person: Person
    contacts: tuple[Contact, ...]
    """Without their channels and telephones: names and relations."""
    zone: tzinfo
    """Of the person: days are days of it, and times are shown in it."""
    since: datetime
    """Inclusive. Where nobody said, the first thing that is there."""
    until: datetime
    """Exclusive."""
    made: Made
    device: DeviceStamp
    consents: tuple[Decision, ...]
    """Every decision, in the order they were made."""
    standing: tuple[Decision, ...]
    """Those that stand now."""
    left_out: tuple[LeftOut, ...] = ()
    screenings: tuple[Screened, ...] = ()
    observations: tuple[Observed, ...] = ()
    dangers: tuple[DangerFound, ...] = ()
    alerts: tuple[AlertRaised, ...] = ()
    activities: tuple[Activity, ...] = ()
    """``plan`` is empty and moods are None where they are left out."""
    moods: tuple[DayOfMood, ...] = ()
    days_of_readings: tuple[DayOfReadings, ...] = ()
    readings: tuple[Reading, ...] = ()
    """One by one, doubted ones too; only where they were asked for."""
    together: tuple[Association, ...] = ()
    """What was measured beside the mood of the talks of the same days, for what was ever measured in the window."""
    hospital: tuple[HospitalRecord, ...] = ()
    gender: str = ""
    """As a hospital recorded it: male, female, other, unknown; empty where none did. 말벗 does not ask."""
    born: str = ""
    """Day of birth as a hospital recorded it, ``1943-05-12``; empty where it is not the year that is known here."""
    talks: tuple[Talk, ...] = ()
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    """Those shipped, by id: wording, codes, bands and cut-offs with their sources."""

    def lacks(self, part: Part) -> Why | None:
        """Return why a part is left out; None where it is not."""
        return next((one.why for one in self.left_out if one.part is part), None)
