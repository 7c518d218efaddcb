"""The dossier as tables: one row for each screening, one for each answer, and whatever else it holds.

Columns are named in English as they stand in ``prompts/reports/tables.ko.toml``, which is the data dictionary that goes
with them; a column without an entry there does not exist. Values stay values: writers decide how a moment or a share
looks. An answer that was not given is empty, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from companion.exchange.dossier import AlertRaised, Dossier, Screened
from companion.safety.alerts import AlertStatus, DeliveryOutcome
from companion.screening.record import Answer

Value: TypeAlias = str | int | float | bool | datetime | date | None
Row: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    title: str
    """In Korean."""
    kind: str
    """text, code, number, share, moment, day or yes_no."""
    about: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table."""

    name: str
    title: str
    """In Korean."""
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Value]]
    """Values in the order of the columns; may be read once only."""


def sheets(dossier: Dossier, words: Mapping[str, Any], activities: Mapping[str, str]) -> Iterator[Sheet]:
    """Yield every table of a dossier; readings one by one only where they are in it.

    Args:
        dossier: What is exported.
        words: ``prompts/reports/tables.ko.toml``.
        activities: Titles of activities by script.

    Raises:
        KeyError: A table or column has no entry in ``words``.
    """
    described = words["sheets"]
    for name, rows in _TABLES.items():
        if name in _ON_DEMAND and not _ON_DEMAND[name](dossier):
            continue
        yield _sheet(name, described[name], rows(dossier, activities))
    about = _sheet("about", described["about"], _about(dossier, words["about"]))
    yield about
    yield _sheet("dictionary", described["dictionary"], _dictionary(dossier, described))


def _sheet(name: str, described: Mapping[str, Any], rows: Iterable[Row]) -> Sheet:
    columns = tuple(Column(key, *entry) for key, entry in described["columns"].items())
    names = tuple(column.name for column in columns)
    return Sheet(name, described["title"], columns, (_in_order(row, names) for row in rows))


def _in_order(row: Row, names: Sequence[str]) -> Sequence[Value]:
    if len(row) != len(names):
        raise KeyError(min(row.keys() ^ set(names)))
    return [row[name] for name in names]


def _screenings(dossier: Dossier, _: Mapping[str, str]) -> Iterator[Row]:
    for one in dossier.screenings:
        instrument = one.instrument
        yield {
            "screening_id": one.id,
            "person_id": dossier.person.id,
            "number": one.number,
            "at": one.at,
            "ended_at": one.ended_at,
            "instrument": one.screening.instrument,
            "title": "" if instrument is None else instrument.title,
            "version": one.screening.version,
            "digest": one.screening.digest,
            "panel_loinc": "" if instrument is None else instrument.panel_code,
            "mode": one.mode,
            "asked_by": one.screening.asked_by,
            "status": one.status,
            **_scored(one),
            "suspended_by": one.screening.suspended_by,
            "suspended_at": one.suspended_at,
            "session_id": one.session_id,
        }


def _scored(one: Screened) -> Row:
    score, change = one.score, one.change
    if score is None:
        return dict.fromkeys((*_SCORE, *_CHANGE))
    return {
        "validity": score.validity,
        "items": score.answered + len(score.missing),
        "answered": score.answered,
        "missing": " ".join(score.missing),
        "raw_sum": score.raw_sum,
        "total": None if score.total is None else _number(float(score.total)),
        "total_loinc": score.total_code,
        "band": "" if score.band is None else score.band.label,
        "cutoffs": " / ".join(cutoff.label for cutoff in score.cutoffs),
        "needs_follow_up": score.needs_follow_up,
        "change": None if change is None else _number(float(change.points)),
        "change_reliable": None if change is None else change.reliable,
        "change_source": "" if change is None else change.source,
    }


_SCORE: Final = (
    *("validity", "items", "answered", "missing", "raw_sum", "total", "total_loinc"),
    *("band", "cutoffs", "needs_follow_up"),
)
_CHANGE: Final = ("change", "change_reliable", "change_source")


def _answers(dossier: Dossier, _: Mapping[str, str]) -> Iterator[Row]:
    for one in dossier.screenings:
        for answer in one.screening.answers:
            yield _answer(one, answer)


def _answer(one: Screened, answer: Answer) -> Row:
    item = None if one.instrument is None else one.instrument.by_id.get(answer.item)
    said = [said for said in answer.replies if said.reply == answer.reply]
    return {
        "screening_id": one.id,
        "order": answer.order,
        "item_id": answer.item,
        "item_number": None if item is None else item.number,
        "item_loinc": answer.link,
        "item_text": "" if item is None else item.text,
        "outcome": answer.outcome,
        "asked": answer.asked,
        "form": answer.form,
        "reply": answer.reply,
        "exchanges": " | ".join(f"{said.asked} → {said.reply}" for said in answer.replies),
        "heard_confidence": said[-1].heard_confidence if said else None,
        "option": answer.option,
        "option_text": answer.option_text,
        "answer_loinc": answer.code,
        "score": answer.score,
        "confidence": answer.confidence,
        "evidence": " | ".join(one.text for one in answer.evidence),
        "rule": answer.rule,
        "decided_by": answer.decider,
        "model": one.artifacts.get(answer.order, ""),
        "confirmed": answer.confirmed,
        "confirmations": answer.confirmations,
        "superseded": answer.superseded,
    }


def _observations(dossier: Dossier, _: Mapping[str, str]) -> Iterator[Row]:
    for one in dossier.observations:
        sign = one.observation
        head: Row = {"observation_id": one.id, "at": one.at, "sign": sign.sign, "touches": sign.touches}
        yield {**head, "quote": sign.quote, "led_to": one.led_to}


def _safety_events(dossier: Dossier, _: Mapping[str, str]) -> Iterator[Row]:
    for one in dossier.dangers:
        yield {
            "event_id": one.id,
            "at": one.at,
            "level": one.level,
            "standing": one.standing,
            "kind": one.kind,
            "words": one.words,
            "confidence": one.confidence,
            "rule": one.rule,
            "basis": one.basis,
            "steps": " | ".join(" ".join(filter(None, (step.action, step.key))) for step in one.steps),
            "session_id": one.session_id,
        }


def _alerts(dossier: Dossier, _: Mapping[str, str]) -> Iterator[Row]:
    for one in dossier.alerts:
        order = one.alert.order
        sent = [try_.tried_at for try_ in one.deliveries if try_.outcome is DeliveryOutcome.SENT and try_.tried_at]
        yield {
            "alert_id": one.alert.id,
            "raised_at": one.alert.raised_at,
            "level": order.level,
            "kind": order.kind,
            "within_seconds": order.within_seconds,
            "told_person": order.told_person,
            "contacts": ", ".join(one.contacts.get(contact, contact) for contact in order.contacts),
            "tries": sum(try_.tried_at is not None for try_ in one.deliveries),
            "sent_at": min(sent, default=None),
            "deliveries": " | ".join(_tries(dossier, one)),
            "status": one.alert.status,
            "acknowledged_at": _noted(one, AlertStatus.ACKNOWLEDGED),
            "resolved_at": _noted(one, AlertStatus.RESOLVED),
            "notes": " | ".join(f"{note.by}: {note.note}" for note in one.notes),
            "false_alarm": one.is_false_alarm,
        }


def _tries(dossier: Dossier, one: AlertRaised) -> Iterator[str]:
    for try_ in one.deliveries:
        at = (try_.tried_at or try_.due_at).astimezone(dossier.zone)
        name = one.contacts.get(try_.contact_id, try_.contact_id)
        yield f"{name} {try_.channel} {try_.number} {at.isoformat(timespec='minutes')} {try_.outcome}"


def _noted(one: AlertRaised, status: AlertStatus) -> datetime | None:
    return min((note.at for note in one.notes if note.status is status), default=None)


def _activities(dossier: Dossier, activities: Mapping[str, str]) -> Iterator[Row]:
    for one in dossier.activities:
        yield {
            "activity_id": one.id,
            "at": one.at,
            "script": one.script,
            "title": activities.get(one.script, ""),
            "version": one.version,
            "outcome": one.outcome,
            "mood_before": one.mood_before,
            "mood_after": one.mood_after,
            "plan": one.plan,
        }


def _moods(dossier: Dossier, _: Mapping[str, str]) -> Iterator[Row]:
    for one in dossier.moods:
        yield {
            "day": one.day,
            "turns": one.turns,
            "bright": one.bright,
            "heavy": one.heavy,
            "balance": _number(one.balance),
        }


def _talks(dossier: Dossier, _: Mapping[str, str]) -> Iterator[Row]:
    for one in dossier.talks:
        yield {
            "session_id": one.id,
            "started_at": one.at,
            "ended_at": one.ended_at,
            "mode": one.mode,
            "turns": one.turns,
            "ended_by": one.ended_by,
            "profile": one.profile,
            "reply_driver": one.reply_driver,
        }


def _readings(dossier: Dossier, _: Mapping[str, str]) -> Iterator[Row]:
    for one in dossier.days_of_readings:
        figures = {name: _number(getattr(one, name)) for name in ("least", "mean", "most")}
        yield {"day": one.day, "kind": one.kind, "unit": one.unit, "count": one.count, **figures}


def _readings_raw(dossier: Dossier, _: Mapping[str, str]) -> Iterator[Row]:
    for one in dossier.readings:
        span: Row = {"at": one.at, "until": one.until, "kind": one.kind, "value": _number(one.value)}
        yield {**span, "unit": one.unit, "device": one.device, "context": one.context, "quality": one.quality}


def _together(dossier: Dossier, _: Mapping[str, str]) -> Iterator[Row]:
    for one in dossier.together:
        figures: Row = {"coefficient": one.coefficient, "low": one.low, "high": one.high}
        yield {"measure": one.measure, "days": one.days, **figures}


def _hospital(dossier: Dossier, _: Mapping[str, str]) -> Iterator[Row]:
    for one in dossier.hospital:
        yield {
            "record_id": one.id,
            "at": one.at,
            "kind": one.kind,
            "text": one.text,
            "system": one.system,
            "code": one.code,
            "value": one.value,
            "unit": one.unit,
            "status": one.status,
            "source": one.source,
            "origin": one.origin,
            "old": one.old,
        }


def _consents(dossier: Dossier, _: Mapping[str, str]) -> Iterator[Row]:
    for one in dossier.consents:
        yield {
            "at": one.at,
            "item": one.item,
            "named": one.named,
            "answer": one.answer,
            "giver": one.giver,
            "giver_name": one.giver_name,
            "manner": one.manner,
            "assent": one.assent,
            "until": one.until,
            "wording": one.wording.version,
            "stands": one in dossier.standing,
        }


def _about(dossier: Dossier, words: Mapping[str, str]) -> Iterator[Row]:
    person, made = dossier.person, dossier.made
    facts: dict[str, Value] = {
        "purpose": words["purpose"],
        "person_id": person.id,
        "name": person.name,
        "birth_year": person.birth_year,
        "since": dossier.since,
        "until": dossier.until,
        "time_zone": person.zone,
        "made_at": made.at,
        "made_by": made.by,
        "role": made.role,
        "software": dossier.device.software,
        "devices": " ".join(dossier.device.ids),
    }
    for profile, stamps in dossier.device.profiles.items():
        for stamp in stamps:
            files = " ".join(f"{name}={digest}" for name, digest in stamp.digests.items())
            facts[f"{profile}.{stamp.kind}"] = f"{stamp.id} {stamp.revision} {files}"
    facts |= {f"left_out.{one.part}": words[one.why] for one in dossier.left_out}
    for key, value in facts.items():
        yield {"key": key, "value": value}


def _dictionary(dossier: Dossier, described: Mapping[str, Any]) -> Iterator[Row]:
    for name, sheet in described.items():
        if name in _ON_DEMAND and not _ON_DEMAND[name](dossier):
            continue
        for column, (title, kind, about) in sheet["columns"].items():
            yield {"table": name, "column": column, "title": title, "kind": kind, "about": about}


def _number(value: float) -> float | int:
    """Return a number without the noise of its last binary digits."""
    return int(value) if float(value).is_integer() else round(value, 4)


_TABLES: Final[Mapping[str, Callable[[Dossier, Mapping[str, str]], Iterator[Row]]]] = {
    "screenings": _screenings,
    "answers": _answers,
    "observations": _observations,
    "safety_events": _safety_events,
    "alerts": _alerts,
    "activities": _activities,
    "moods": _moods,
    "talks": _talks,
    "readings": _readings,
    "readings_raw": _readings_raw,
    "together": _together,
    "hospital": _hospital,
    "consents": _consents,
}
_ON_DEMAND: Final[Mapping[str, Callable[[Dossier], bool]]] = {
    "readings_raw": lambda dossier: bool(dossier.readings),
    "together": lambda dossier: bool(dossier.together),
    "hospital": lambda dossier: bool(dossier.hospital),
}
"""Tables that are there only where there is something in them."""
