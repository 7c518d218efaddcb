"""Gathers what an export of one person holds.

Access, consent and audit come first, then the value that files are made of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from companion import __version__
from companion.core import consent
from companion.core.consent import Decision
from companion.core.history import Talk
from companion.errors import InputError
from companion.exchange.dossier import (
    AlertRaised,
    ArtifactStamp,
    DayOfMood,
    DayOfReadings,
    DeviceStamp,
    Dossier,
    HospitalRecord,
    LeftOut,
    Made,
    Observed,
    Part,
    Screened,
    Why,
)
from companion.prompts import data_folder
from companion.screening.due import Past, standing
from companion.screening.instrument import Instrument
from companion.screening.record import Status
from companion.screening.scoring import Change, Score, change, score_of
from companion.vitals.associations import moods_of
from companion.wiring.instruments import instruments
from companion.wiring.together import associations

if TYPE_CHECKING:
    from companion.core.body import Association, Quarter
    from companion.core.hospital import KeptHospitalRecord
    from companion.core.overview import Allowed
    from companion.core.person import Person
    from companion.store.excerpt import Excerpt
    from companion.store.screenings import KeptScreening
    from companion.store.viewing import Viewer

_OF_CONVERSATION: Final = (Part.TALKS, Part.MOODS, Part.OBSERVATIONS, Part.DANGER_WORDS, Part.ACTIVITIES)
_OF_HEALTH: Final = (Part.SCREENINGS, Part.OBSERVATIONS, Part.READINGS, Part.HOSPITAL)
_A_DAY: Final = timedelta(days=1)
_A_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What whoever asks wants of a person."""

    since: date | None = None
    """First day, in the person's zone; None for the first thing that is there."""
    until: date | None = None
    """Last day, itself included; None for now."""
    raw: bool = False
    """Readings one by one, too."""


def gathered(viewer: Viewer, person: Person, wish: Wish, *, kind: str) -> Dossier:
    """Return all that an export of a person holds. The audit says that it was asked for before this returns.

    Args:
        viewer: Of whoever asks, signed in by an account.
        person: Whose record.
        wish: Between which days.
        kind: csv, xlsx, pdf or fhir, for the audit.

    Raises:
        AccessError: No account is signed in, or the record is not open to it.
        InputError: The last day lies before the first.
        StorageFull: It could not be audited: nothing may be written.
    """
    from companion.store.excerpt import BEGINNING, END, Window, excerpt
    from companion.store.overview import zone_called

    zone = zone_called(person.zone)
    since = BEGINNING if wish.since is None else datetime.combine(wish.since, time(), zone)
    until = None if wish.until is None else datetime.combine(wish.until, time(), zone) + _A_DAY
    if until is not None and until <= since:
        raise InputError("export.window")
    found = excerpt(viewer, person.id, Window(since, until or END, wish.raw), format=kind)
    shipped = instruments()
    dossier = Dossier(
        person=found.person,
        contacts=found.contacts,
        zone=zone,
        since=since,
        until=until or found.at,
        made=Made(found.at, found.account_id, found.account, found.role),
        device=_device(found),
        consents=found.decisions,
        standing=_standing(found.decisions, found.at),
        left_out=tuple(_left_out(found.allowed)),
        screenings=tuple(one for one in _screened(found, shipped) if one.at >= since),
        observations=tuple(Observed(one.id, one.at, one.observation, one.offered) for one in found.observations),
        dangers=found.dangers,
        alerts=tuple(AlertRaised(one.alert, one.contacts, one.deliveries, one.notes) for one in found.alerts),
        activities=found.activities,
        moods=tuple(_moods(found.talks, zone)),
        together=tuple(_together(found, zone)),
        days_of_readings=tuple(_days_of_readings(found, zone)),
        readings=found.readings,
        gender=next((one.gender for one in found.patients if one.gender), ""),
        born=_born(found),
        hospital=tuple(hospital_entry(one, found.at) for one in found.hospital),
        talks=found.talks,
        instruments=shipped,
    )
    return dossier if wish.since is not None else replace(dossier, since=_first(dossier))


def _first(dossier: Dossier) -> datetime:
    """Return when the first thing happened that is there; where there is nothing, when the person was added."""
    moments = [one.at for one in dossier.screenings]
    moments += [one.at for one in dossier.talks]
    moments += [one.at for one in dossier.dangers]
    moments += [one.at for one in dossier.activities]
    moments += [one.alert.raised_at for one in dossier.alerts]
    moments += [datetime.combine(one.day, time(), dossier.zone) for one in dossier.days_of_readings[:1]]
    added = dossier.person.added_at
    return min([*moments, *([] if moments or added is None else [added]), dossier.until])


def _left_out(allowed: Allowed) -> Iterator[LeftOut]:
    closed = (() if allowed.conversation else _OF_CONVERSATION) + (() if allowed.health else _OF_HEALTH)
    return (LeftOut(part, Why.NO_CONSENT) for part in Part if part in closed)


def _standing(decisions: Sequence[Decision], now: datetime) -> tuple[Decision, ...]:
    asked = sorted({(one.item, one.named) for one in decisions})
    found = (consent.standing(decisions, item, now, named=named) for item, named in asked)
    return tuple(one for one in found if one is not None)


def _screened(found: Excerpt, shipped: Mapping[str, Instrument]) -> Iterator[Screened]:
    artifacts = found.artifacts or {}
    before: dict[tuple[str, str], Score] = {}
    for kept in found.screenings:
        instrument = shipped.get(kept.screening.instrument)
        if instrument is not None and instrument.digest != kept.screening.digest:
            instrument = None
        of_this = (kept.screening.instrument, kept.screening.digest)
        score, changed = _scored(kept, instrument, before.get(of_this))
        if score is not None and kept.screening.status is Status.COMPLETE:
            before[of_this] = score
        yield Screened(
            id=kept.id,
            number=kept.number,
            at=kept.at,
            gone_on_at=kept.gone_on_at,
            ended_at=kept.ended_at,
            suspended_at=kept.suspended_at,
            mode=kept.mode,
            risk_level=kept.risk_level,
            screening=kept.screening,
            status=standing(Past(kept.screening, kept.ended_at or kept.gone_on_at), found.at),
            instrument=instrument,
            score=score,
            change=changed,
            artifacts=artifacts.get(kept.id, {}),
            session_id=kept.session_id,
        )


def _scored(
    kept: KeptScreening, instrument: Instrument | None, before: Score | None
) -> tuple[Score | None, Change | None]:
    """Return what the answers come to, and the change since the last complete ones.

    What was refused, put off or is under way has no score, though its answers are there.
    """
    if instrument is None or not kept.screening.answers:
        return None, None
    score = score_of(instrument, kept.screening.answers, gated=kept.screening.gated)
    is_done = kept.screening.status is Status.COMPLETE
    return score, change(instrument, before, score) if is_done and before is not None else None


def _moods(talks: Iterable[Talk], zone: tzinfo) -> Iterator[DayOfMood]:
    days: dict[date, list[Talk]] = {}
    for talk in talks:
        if talk.turns:
            days.setdefault(talk.at.astimezone(zone).date(), []).append(talk)
    for day, of_day in days.items():
        turns, bright, heavy = (
            sum(column) for column in zip(*((t.turns, t.bright, t.heavy) for t in of_day), strict=True)
        )
        yield DayOfMood(day, turns, bright, heavy)


def _together(found: Excerpt, zone: tzinfo) -> Iterator[Association]:
    """Yield what stands beside mood, of kinds that were measured; nothing where either may not be shown."""
    if not (found.allowed.conversation and found.allowed.health):
        return
    measured = {kind: quarters for kind, (_, quarters) in (found.quarters or {}).items() if quarters}
    moods = moods_of((one.day, one.turns, one.bright, one.heavy) for one in _moods(found.talks, zone))
    yield from associations(measured, moods, zone)


def _days_of_readings(found: Excerpt, zone: tzinfo) -> list[DayOfReadings]:
    days: dict[tuple[date, str], list[Quarter]] = {}
    units = {}
    for kind, (unit, quarters) in (found.quarters or {}).items():
        units[kind] = unit
        for one in quarters:
            days.setdefault((one.at.astimezone(zone).date(), kind), []).append(one)
    return [_day_of_readings(kind, units[kind], day, days[day, kind]) for day, kind in sorted(days)]


def _day_of_readings(kind: str, unit: str, day: date, quarters: Sequence[Quarter]) -> DayOfReadings:
    count = sum(one.count for one in quarters)
    return DayOfReadings(
        kind=kind,
        unit=unit,
        day=day,
        count=count,
        least=min(one.least for one in quarters),
        mean=sum(one.mean * one.count for one in quarters) / count,
        most=max(one.most for one in quarters),
    )


def _born(found: Excerpt) -> str:
    """Return the day of birth of a confirmed patient, where its year is not another than the one that is known."""
    year = found.person.birth_year
    days = (one.born for one in found.patients if _A_DATE.fullmatch(one.born))
    return next((day for day in days if year is None or day.startswith(f"{year}-")), "")


def hospital_entry(kept: KeptHospitalRecord, now: datetime) -> HospitalRecord:
    """Return a hospital's record as a dossier holds it, at the moment of the export."""
    one = kept.record
    return HospitalRecord(
        id=kept.id,
        kind=one.kind,
        at=one.occurred_at,
        text=one.text,
        system=one.system,
        code=one.code,
        value=one.value,
        unit=one.unit,
        status=one.status,
        source=kept.source,
        imported_at=kept.brought_at,
        origin=kept.origin,
        instrument=one.instrument,
        number=one.number,
        old=one.is_old(now),
        resource_id=one.resource_id,
        resource=one.resource,
    )


def _device(found: Excerpt) -> DeviceStamp:
    from companion.artifacts.catalogue import load_manifests
    from companion.artifacts.profiles import load_profiles

    manifests = load_manifests(data_folder("models"))
    profiles = load_profiles(data_folder("models"), manifests)
    used = sorted({talk.profile for talk in found.talks})
    stamps = {
        name: tuple(
            ArtifactStamp(
                id=manifest.id,
                kind=manifest.kind,
                title=manifest.title,
                revision=manifest.revision,
                digests={file.name: file.sha256 or "" for file in manifest.files},
            )
            for manifest in (manifests[one] for one in profiles[name].artifacts)
        )
        for name in used
        if name in profiles
    }
    drivers = tuple(sorted({talk.reply_driver for talk in found.talks}))
    return DeviceStamp(found.devices, __version__, stamps, drivers)
