"""The first page: whose record it is, who asked for it, what it is for and what it is not, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from companion.exchange.dossier import Dossier, Part, Screened
from companion.exchange.report.words import Words, number, title_of
from companion.safety.alerts import AlertStatus
from companion.safety.risk import Level
from companion.screening.record import Status
from companion.screening.scoring import Validity

Pairs = Sequence[tuple[str, str]]
_SHORT = 8


def head(dossier: Dossier, words: Words, kind: str) -> Mapping[str, str]:
    """Return what stands above and below every page.

    Args:
        dossier: What is reported.
        words: Of reports.
        kind: clinician or family.
    """
    person, made = dossier.person, dossier.made
    name = person.name or person.address or words.text("head.no_name")
    year = words.text("head.no_year") if person.birth_year is None else words.text("head.year", year=person.birth_year)
    return {
        "title": words.text(f"head.{kind}"),
        "kind": words.text(f"head.for_{kind}"),
        "running": words.text("head.running", name=name, year=year, id=person.id[-_SHORT:]),
        "footer": words.text("head.footer"),
        "made": words.text("head.made", at=words.moment(made.at), software=dossier.device.software),
        "confidential": words.text("head.confidential"),
        "page": words.text("head.page", page="{page}", pages="{pages}"),
        "name": name,
    }


def identity(dossier: Dossier, words: Words) -> Pairs:
    """Return the block that says whose record it is, and where it comes from."""
    person, made = dossier.person, dossier.made
    none = words.text("identity.none")
    year = words.text("head.no_year") if person.birth_year is None else words.text("head.year", year=person.birth_year)
    span = (words.last_day(dossier) - words.first_day(dossier)).days + 1
    period = words.text(
        "identity.period_value", since=words.first_day(dossier), until=words.last_day(dossier), days=span
    )
    role = words.name("role", made.role)
    values = {
        "name": person.name or words.text("head.no_name"),
        "born": year,
        "address": person.address,
        "id": person.id,
        "group": person.group or none,
        "contacts": ", ".join(_contacts(dossier, words)) or none,
        "period": period,
        "asked_by": words.text("identity.asked_value", by=made.by, role=role),
        "made": words.moment(made.at),
        "software": words.text("identity.software_value", software=dossier.device.software),
        "device": ", ".join(dossier.device.ids) or none,
        "agreed": ", ".join(_agreed(dossier, words)) or none,
    }
    return [(words.text(f"identity.{key}"), value) for key, value in values.items()]


def _contacts(dossier: Dossier, words: Words) -> Iterator[str]:
    for one in dossier.contacts:
        kind = "contact" if one.relation else "contact_plain"
        yield words.text(f"identity.{kind}", name=one.name, relation=one.relation)


def _agreed(dossier: Dossier, words: Words) -> Iterator[str]:
    for one in dossier.standing:
        item = words.name("item", one.item)
        yield f"{item}({one.named})" if one.named else item


def glance(dossier: Dossier, words: Words) -> Pairs:
    """Return everything in a few lines."""
    facts = [*_talked(dossier, words), *_screened(dossier, words), *_safe(dossier, words), *_lived(dossier, words)]
    return [(label, value or words.text("glance.nothing")) for label, value in facts]


def _talked(dossier: Dossier, words: Words) -> Iterator[tuple[str, str]]:
    if dossier.lacks(Part.TALKS) is None:
        talks = dossier.talks
        last = words.day(talks[-1].at) if talks else ""
        value = words.text("glance.talks_value", count=len(talks), last=last) if talks else ""
        yield words.text("glance.talks"), value


def _screened(dossier: Dossier, words: Words) -> Iterator[tuple[str, str]]:
    label = words.text("glance.screenings")
    if dossier.lacks(Part.SCREENINGS) is not None:
        return
    complete: dict[str, list[Screened]] = {}
    for one in dossier.screenings:
        if one.status is Status.COMPLETE and one.instrument is not None:
            complete.setdefault(title_of(one.instrument), []).append(one)
    for title, those in complete.items():
        last = words.day(those[-1].at)
        fields = {"title": title, "count": len(those), "last": last, "total": total_of(those[-1], words)}
        yield label, words.text("glance.screenings_value", **fields)
    if not complete:
        yield label, ""


def total_of(one: Screened, words: Words) -> str:
    """Return the total of a screening in words: prorated ones say so, and where there is none it says that."""
    if one.score is None or one.score.total is None:
        return words.text("glance.no_total")
    kind = "prorated" if one.score.validity is Validity.PRORATED else "total"
    return words.text(f"glance.{kind}", total=number(float(one.score.total)))


def _safe(dossier: Dossier, words: Words) -> Iterator[tuple[str, str]]:
    value = ""
    if dossier.dangers:
        gravest = max((Level(one.level) for one in dossier.dangers), key=lambda level: level.rank)
        fields = {"count": len(dossier.dangers), "last": words.day(dossier.dangers[-1].at)}
        value = words.text("glance.dangers_value", level=words.name("level", gravest), **fields)
    yield words.text("glance.dangers"), value
    value = ""
    if dossier.alerts:
        is_open = sum(one.alert.status is AlertStatus.OPEN for one in dossier.alerts)
        fields = {"count": len(dossier.alerts), "open": is_open}
        value = words.text("glance.alerts_value", **fields, false=sum(one.is_false_alarm for one in dossier.alerts))
    yield words.text("glance.alerts"), value


def _lived(dossier: Dossier, words: Words) -> Iterator[tuple[str, str]]:
    if dossier.lacks(Part.ACTIVITIES) is None:
        done = sum(one.outcome == "done" for one in dossier.activities)
        value = words.text("glance.activities_value", offered=len(dossier.activities), done=done)
        yield words.text("glance.activities"), value if dossier.activities else ""
    if dossier.lacks(Part.READINGS) is None:
        kinds = list(dict.fromkeys(words.name("reading", one.kind) for one in dossier.days_of_readings))
        days = len({one.day for one in dossier.days_of_readings})
        value = words.text("glance.readings_value", kinds=", ".join(kinds), days=days)
        yield words.text("glance.readings"), value if kinds else ""
    if dossier.hospital:
        yield words.text("glance.hospital"), words.text("glance.hospital_value", count=len(dossier.hospital))


def missing(dossier: Dossier, words: Words) -> Sequence[str]:
    """Return what is left out, what is empty, and what was not answered: never passed over in silence."""
    found = [words.text(f"missing.{one.why}", part=words.text(f"part.{one.part}")) for one in dossier.left_out]
    empty = {
        Part.SCREENINGS: dossier.screenings,
        Part.TALKS: dossier.talks,
        Part.ACTIVITIES: dossier.activities,
        Part.READINGS: dossier.days_of_readings,
        Part.HOSPITAL: dossier.hospital,
    }
    for part, things in empty.items():
        if not things and dossier.lacks(part) is None:
            found.append(words.text("missing.empty", part=words.text(f"part.{part}")))
    found += [line for one in dossier.screenings for line in _wanting(one, words)]
    found += _of_other_versions(dossier, words)
    return found or [words.text("missing.none")]


def _wanting(one: Screened, words: Words) -> Iterator[str]:
    if one.instrument is None:
        return
    fields = {"at": words.day(one.at), "title": title_of(one.instrument)}
    if one.status is not Status.COMPLETE:
        yield words.text("missing.not_complete", **fields, status=words.name("status", one.status))
    elif one.score is not None and one.score.missing and one.score.validity is not Validity.GATED:
        numbers = ", ".join(str(one.instrument.by_id[item].number) for item in one.score.missing)
        yield words.text("missing.no_answers", **fields, items=numbers)


def _of_other_versions(dossier: Dossier, words: Words) -> Iterator[str]:
    """Yield a line for each version that is not at hand: without it there is no total."""
    others = [one.screening for one in dossier.screenings if one.instrument is None]
    counted = Counter((screening.instrument, screening.version) for screening in others)
    for (name, version), count in sorted(counted.items()):
        shipped = dossier.instruments.get(name)
        title = name if shipped is None else title_of(shipped)
        yield words.text("missing.other_version", title=title, version=version, count=count)
