"""A second pass through files that were looked through: what of them is one patient's, counted while it is taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from companion.core.body import Reading
from companion.core.hospital import HospitalRecord
from companion.exchange.fhir.incoming.gathering import Gathered, subject_of
from companion.exchange.fhir.incoming.kept import ELEMENTS
from companion.exchange.fhir.incoming.parts import Refused, Skipped
from companion.exchange.fhir.incoming.streams import Unreadable, digest_of, resources_in
from companion.exchange.fhir.incoming.taking import Found, Taker

_NAMED: Final = 20
"""Places of each reason that are named."""


@dataclass(slots=True)
class Tally:
    """What was found, file by file."""

    kinds: Counter[str] = field(default_factory=Counter)
    """Records, by kind."""
    readings: Counter[str] = field(default_factory=Counter)
    """Readings, by kind."""
    reasons: Counter[str] = field(default_factory=Counter)
    """What is not taken, by why."""
    places: dict[str, list[str]] = field(default_factory=dict)
    """The first of them by why: file, number in it, type."""
    skipped: Counter[str] = field(default_factory=Counter)
    """What is none of 말벗's business, by type."""
    others: int = 0
    """Resources about other patients."""
    old_scores: int = 0

    def note(self, found: Found, place: str, now: datetime) -> None:
        """Count one more."""
        match found:
            case HospitalRecord():
                self.kinds[found.kind] += 1
                self.old_scores += found.is_old(now)
            case Reading():
                self.readings[found.kind] += 1
            case Skipped():
                self.skipped[found.what] += 1
            case Refused():
                self.refuse(found.reason, f"{place} {found.what} {found.where}".strip())

    def refuse(self, reason: str, place: str) -> None:
        """Count one more that is not taken."""
        self.reasons[reason] += 1
        named = self.places.setdefault(reason, [])
        if len(named) < _NAMED:
            named.append(place)


def taken_from(
    path: Path, gathered: Gathered, key: str, taker: Taker, tally: Tally, now: datetime
) -> Iterator[HospitalRecord | Reading]:
    """Yield the records and readings of one patient in a file.

    Args:
        path: One of those that were gathered.
        gathered: The first look.
        key: Of the patient.
        taker: Takes resources.
        tally: Told of everything.
        now: Aware.

    Raises:
        Unreadable: The file is not the one that was looked through any more.
    """
    for located in resources_in(path):
        resource = located.resource
        place = f"{path.name}#{located.number}"
        if resource["resourceType"] in ELEMENTS:
            about = subject_of(resource)
            if not about:
                tally.refuse("no_patient", f"{place} {resource['resourceType']}")
                continue
            if not gathered.is_about(about, key):
                tally.others += 1
                continue
        for found in taker.taken(resource, gathered):
            tally.note(found, place, now)
            if isinstance(found, HospitalRecord | Reading):
                yield found
    if digest_of(path) != gathered.files[path]:
        raise Unreadable("changed", path)
