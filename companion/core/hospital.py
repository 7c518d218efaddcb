"""What hospitals recorded of a person, as values: read from files, kept, shown, and passed on.

A record keeps only what is named here: no narrative, no identifiers of people, no notes. Nothing of it is ever said
aloud; a few conditions speak against activities, that is all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

OLD_AFTER: Final = timedelta(days=365)
"""A score older than this says nothing about today and is shown as old: screeners ask about one or two weeks.
Recommendation of this project."""
ENTERED_IN_ERROR: Final = "entered-in-error"


class Kind(StrEnum):
    """What a record is."""

    CONDITION = "condition"
    MEDICATION = "medication"
    ALLERGY = "allergy"
    RESULT = "result"
    """A value of a laboratory, of an examination, of a measurement that devices do not make."""
    SCORE = "score"
    """A total of a screening instrument."""
    ANSWER = "answer"
    """An answer to one item of a screening instrument, without its form."""
    FORM = "form"
    """A form that was filled in, with its answers."""
    ENCOUNTER = "encounter"
    IMMUNIZATION = "immunization"
    PROCEDURE = "procedure"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class HospitalRecord:
    """One resource of a hospital, as far as it is kept."""

    kind: Kind
    resource_type: str
    resource_id: str
    """Its id at its source; a digest of what it says where it has none."""
    text: str
    """What it is called there."""
    code: str = ""
    system: str = ""
    """Of the code: ``http://loinc.org`` …; empty where the source names none."""
    status: str = ""
    """active, resolved, final … as the source says it."""
    occurred: str = ""
    """When it happened, as precisely as the source says it: ``2019``, ``2019-03``, ``2019-03-04T09:00:00+09:00``."""
    occurred_at: datetime | None = None
    """The beginning of ``occurred``; aware."""
    ended_at: datetime | None = None
    value: str = ""
    """What was found, to read: ``12``, ``6.1 %``, ``양성``."""
    number: float | None = None
    unit: str = ""
    """UCUM where the source says it so."""
    instrument: str = ""
    """phq9, phq2, gad7, gds15, gds30: of scores, answers and forms."""
    version: str = ""
    """``meta.versionId``."""
    updated_at: datetime | None = None
    """``meta.lastUpdated``."""
    resource: Mapping[str, Any] = field(default_factory=dict)
    """The elements that are kept, as FHIR spells them, without whom it is about."""
    digest: str = ""
    """SHA-256 of ``resource``, hex."""

    @property
    def is_withdrawn(self) -> bool:
        """Whether its source says that it was never true."""
        return self.status == ENTERED_IN_ERROR

    def is_old(self, now: datetime) -> bool:
        """Whether it is a score that says nothing about today any more."""
        scored = self.kind in {Kind.SCORE, Kind.ANSWER, Kind.FORM}
        return scored and self.occurred_at is not None and now - self.occurred_at > OLD_AFTER

    def replaces(self, other: HospitalRecord) -> bool:
        """Whether this is a newer state of the same resource than ``other``, which says something else.

        Law: of two states with versions or times the newer one stands, in whichever order they are brought in. Where
        the source numbers and dates neither, the one that is brought in later stands.
        """
        if self.updated_at is not None and other.updated_at is not None and self.updated_at != other.updated_at:
            return self.updated_at > other.updated_at
        if self.version.isdecimal() and other.version.isdecimal() and self.version != other.version:
            return int(self.version) > int(other.version)
        return self.is_dated or not other.is_dated

    @property
    def is_dated(self) -> bool:
        """Whether its source says which state of it this is."""
        return self.updated_at is not None or self.version.isdecimal()


@dataclass(frozen=True, slots=True)
class HospitalPatient:
    """A patient of a hospital, who was confirmed to be a person of the record."""

    key: str
    """Id of the Patient resource at its source."""
    origin: str = ""
    """Base address of the source or the name space of its patient numbers; empty where it names none."""
    gender: str = field(default="", compare=False)
    """As FHIR spells it: male, female, other, unknown; empty where the hospital does not say."""
    born: str = field(default="", compare=False)
    """``1943-05-12``, or less of it."""


@dataclass(frozen=True, slots=True)
class KeptHospitalRecord:
    """A record as it is kept."""

    id: str
    record: HospitalRecord
    origin: str
    import_id: str
    source: str
    """Name of the file that brought it."""
    brought_at: datetime
    by: str = ""
    """Name of the account that brought it in; empty for the owner of a device without accounts."""
    earlier: int = 0
    """How many earlier states of it are kept."""


@dataclass(frozen=True, slots=True)
class BroughtRecords:
    """What became of files of a hospital."""

    added: int = 0
    replaced: int = 0
    known: int = 0
    conflicting: int = 0
    """Two different things under one id in what was brought in together: the first stands."""
    readings_added: int = 0
    readings_known: int = 0
