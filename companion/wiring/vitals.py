"""Brings files of wearables and meters into the record: the formats, their tables, and what is asked before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from companion.core.body import Import, OwnLimit
from companion.errors import ConfigError, InputError
from companion.vitals.formats.apple import AppleHealth
from companion.vitals.formats.documents import Document
from companion.vitals.formats.fhir import FhirObservations
from companion.vitals.formats.headings import Words
from companion.vitals.formats.mapped import mapped
from companion.vitals.formats.table import Table
from companion.vitals.found import Choices, Format, Unreadable
from companion.vitals.incoming import Counted, Reader, Seen, nobody, seen_in
from companion.vitals.kinds import Bounds, Kind
from companion.vitals.moments import Calendar, Order
from companion.vitals.rules import Finding, Rules, gravest_first
from companion.wiring.tables import table_of

if TYPE_CHECKING:
    from companion.core.body import Brought, LookedAt
    from companion.core.person import Person
    from companion.store.record import Record
    from companion.store.viewing import Viewer


@dataclass(frozen=True, slots=True)
class Wishes:
    """What an operator says about files that cannot say it themselves."""

    zone: str = ""
    """Where moments without a zone were written; empty for the person's own."""
    order: Order | None = None
    glucose_unit: str = ""
    mapping: Path | None = None


def reader_for(person: Person, wishes: Wishes, now: datetime) -> Reader:
    """Return what reads files about a person.

    Raises:
        ConfigError: There is no such time zone.
        InputError: The mapping file cannot be used.
        PromptError: A table under prompts/vitals is broken.
    """
    name = wishes.zone or person.zone
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError("vitals.no_such_zone", zone=name) from None
    choices = Choices(Calendar(zone, wishes.order), wishes.glucose_unit)
    return Reader(_formats(wishes.mapping), table_of("vitals/bounds.toml", Bounds.of), choices, now)


def _formats(mapping: Path | None) -> tuple[Format, ...]:
    words = table_of("vitals/columns.toml", Words.of)
    if mapping is not None:
        return (Table(mapped(words, mapping)),)
    return (AppleHealth(), table_of("vitals/codes.toml", FhirObservations.of), Document(), Table(words))


def look_through(reader: Reader, path: Path, counted: Counted = nobody) -> Seen:
    """Return what a file holds.

    Args:
        reader: What reads it.
        path: Of the file.
        counted: Told now and then how much was found.

    Raises:
        InputError: It breaks off, is locked, or nothing in it is known.
    """
    try:
        seen = seen_in(reader, path, counted)
    except Unreadable as error:
        raise _unreadable(error, path) from error
    if not seen.kinds:
        reason = seen.reasons.most_common(1)[0][0] if seen.reasons else "no_readings"
        raise InputError(f"vitals.unreadable.{reason}", file=path.name, place="")
    return seen


def bring_in(
    record: Record, person: Person, reader: Reader, path: Path, seen: Seen, counted: Counted = nobody
) -> Brought | None:
    """Commit the readings of a file, or none of them; None where the file was brought in before.

    Args:
        record: Into which.
        person: Whose.
        reader: What reads it.
        path: Of the file.
        seen: What it was found to hold.
        counted: Told now and then how many were read.

    Raises:
        InputError: The file changed since it was looked through.
        NotAllowed: Health data may not be kept.
        StorageFull: Nothing could be written.
    """
    what = Import(
        kind="vitals",
        source=path.name,
        digest=seen.digest,
        at=reader.now,
        format=", ".join(sorted(seen.formats)),
        counts={**seen.kinds, **{f"doubted_{why}": count for why, count in seen.doubted.items()}},
    )
    try:
        return record.readings.bring_in(person.id, what, reader.readings(path, counted))
    except Unreadable as error:
        raise _unreadable(error, path) from error


def rules() -> Rules:
    """Return the rules about readings.

    Raises:
        PromptError: The table is broken.
    """
    return table_of("vitals/rules.ko.toml", Rules.of)


def looked_at(record: Record, viewer: Viewer, person: Person, *, days: int) -> tuple[LookedAt, list[Finding]]:
    """Return a person's readings of the last days and what the rules find in them, the gravest first.

    Raises:
        AccessError: The record is not open, or health data may not be kept.
        PromptError: The table of rules is broken.
    """
    table = rules()
    zone = ZoneInfo(person.zone)
    seen = viewer.readings(person.id, days=days, lines=table.lines(record.limits.standing(person.id)))
    found = [
        table.in_reading(replace(one, at=one.at.astimezone(zone)), seen.own)
        for readings in seen.beyond.values()
        for one in readings
    ]
    over_days = [
        finding
        for kind, quarters in seen.quarters.items()
        for finding in table.in_days(Kind(kind), [(one.at, one.mean) for one in quarters], seen.now, zone)
    ]
    return seen, gravest_first([*(one for one in found if one is not None), *over_days])


def set_limit(record: Record, person: Person, rule: str, value: float | None, by: str) -> None:
    """Commit a doctor's limit for a person.

    Raises:
        InputError: There is no such rule, or nobody is named.
        NotAllowed: Health data may not be kept.
    """
    known = [one.id for one in rules().limits]
    if rule not in known:
        raise InputError("vitals.no_such_rule", rule=rule, rules=", ".join(known))
    if not by.strip():
        raise InputError("vitals.who_set_it")
    record.limits.set(person.id, OwnLimit(rule, value, by.strip(), record.database.now()))


def _unreadable(error: Unreadable, path: Path) -> InputError:
    return InputError(f"vitals.unreadable.{error.reason}", file=path.name, place=error.place)
