"""Screenings: the blank form, the form as it was answered aloud, and an Observation for whatever was answered.

What was not answered is no Observation. A total is written only where every item that counts was answered: a PHQ-9
without item 9 has none. The words of the person stand beside each coded answer, as an item of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from companion.exchange.dossier import Dossier, Screened
from companion.exchange.fhir.outgoing.writing import (
    LOINC,
    Json,
    Writing,
    category,
    quantity,
    referred,
    shared_id,
    without_empty,
)
from companion.screening.instrument import Instrument, Item, Option
from companion.screening.record import Answer, ItemOutcome, Status
from companion.screening.scoring import Score, Validity

_ORDINAL: Final = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
_MODE: Final = "http://hl7.org/fhir/StructureDefinition/questionnaireresponse-completionMode"
_PARTICIPATION: Final = "http://terminology.hl7.org/CodeSystem/v3-ParticipationMode"
_NOT_PUT: Final = frozenset({Status.REFUSED, Status.DEFERRED})
_FORM_STATUS: Final = {
    Status.COMPLETE: "completed",
    Status.IN_PROGRESS: "in-progress",
    Status.SUSPENDED: "in-progress",
    Status.INTERRUPTED: "in-progress",
    Status.STOPPED: "stopped",
    Status.EXPIRED: "stopped",
}


def blank_forms(dossier: Dossier, writing: Writing) -> Iterator[Json]:
    """Yield the forms that were used, each once."""
    used = {one.instrument.id: one.instrument for one in dossier.screenings if _is_written(one) and one.instrument}
    for instrument in sorted(used.values(), key=lambda one: one.id):
        yield _blank(instrument, writing)


def screening(one: Screened, writing: Writing) -> Iterator[Json]:
    """Yield a screening: form, Observations of items, totals and panel, and where they come from."""
    instrument = one.instrument
    if not _is_written(one) or instrument is None:
        return
    form = _answered_form(one, instrument, writing)
    yield form
    seen = [found for item in instrument.items if (found := _item_observation(one, item, form, writing))]
    totals = list(_totals(one, instrument, form, writing))
    yield from seen
    yield from totals
    panel = _panel(one, instrument, form, [*seen, *totals], writing)
    yield panel
    yield _provenance(one, form, [*seen, *totals, panel], writing)


def _is_written(one: Screened) -> bool:
    return one.status not in _NOT_PUT and bool(one.screening.answers)


def _blank(instrument: Instrument, writing: Writing) -> Json:
    stem: Json = {"linkId": "stem", "type": "display", "text": instrument.stem}
    return {
        "resourceType": "Questionnaire",
        "id": _blank_id(instrument),
        "url": f"urn:uuid:{_blank_id(instrument)}",
        "version": instrument.version,
        "name": instrument.id.upper(),
        "title": instrument.title,
        "status": "active",
        "subjectType": ["Patient"],
        "copyright": f"{writing.words['copyright']}\n{instrument.attribution}\n{instrument.licence}",
        "code": writing.coded(instrument.panel_code, instrument.title)["coding"],
        "item": [stem, *(part for item in instrument.items for part in _blank_item(item, writing))],
    }


def _blank_item(item: Item, writing: Writing) -> Iterator[Json]:
    coded = {"code": [{"system": LOINC, "code": item.code}]} if item.code else {}
    options = [_option(item, option) for option in item.scale.options]
    yield {"linkId": _link(item), **coded, "text": item.text, "type": "choice", "answerOption": options}
    yield {"linkId": f"{_link(item)}/said", "text": writing.words["said"], "type": "string"}


def _option(item: Item, option: Option) -> Json:
    """Return an option; its ordinal is what it scores in this item, turned round where the item is."""
    ordinal = {"url": _ORDINAL, "valueDecimal": item.score(option)}
    return {"extension": [ordinal], "valueCoding": _coding(option.code, option.text)}


def _answered_form(one: Screened, instrument: Instrument, writing: Writing) -> Json:
    mode = "ELECTRONIC" if one.mode == "text" else "VERBAL"
    current = one.screening.current()
    items = (
        part for item in instrument.items if item.id in current for part in _answered(item, current[item.id], writing)
    )
    return {
        "resourceType": "QuestionnaireResponse",
        "id": writing.id("form", one.id),
        "extension": [{"url": _MODE, "valueCodeableConcept": {"coding": [{"system": _PARTICIPATION, "code": mode}]}}],
        "questionnaire": f"urn:uuid:{_blank_id(instrument)}|{instrument.version}",
        "status": _FORM_STATUS[one.status],
        "subject": writing.patient,
        "authored": _authored(one, writing),
        "author": writing.device,
        "source": writing.patient,
        "item": list(items),
    }


def _answered(item: Item, answer: Answer, writing: Writing) -> Iterator[Json]:
    whole: Json = {"linkId": _link(item), "text": item.text}
    if answer.outcome is ItemOutcome.ANSWERED and answer.option is not None:
        whole["answer"] = [{"valueCoding": _coding(answer.code, answer.option_text)}]
    yield whole
    if answer.reply.strip():
        said = {"valueString": answer.reply}
        yield {"linkId": f"{_link(item)}/said", "text": writing.words["said"], "answer": [said]}


def _item_observation(one: Screened, item: Item, form: Json, writing: Writing) -> Json | None:
    answer = one.screening.current().get(item.id)
    if answer is None or answer.outcome is not ItemOutcome.ANSWERED or answer.option is None:
        return None
    words = writing.words
    note = words["decided"].format(
        decider=words["decider"][answer.decider],
        confidence=answer.confidence,
        confirmed=words["confirmed"][answer.confirmed],
    )
    corrected = any(before.superseded and before.item == item.id for before in one.screening.answers)
    coding = _coding(answer.code, answer.option_text)
    return _observed(one, form, writing) | {
        "id": writing.id("item", one.id, item.id),
        "status": "amended" if corrected and one.status is Status.COMPLETE else _status(one),
        "code": writing.coded(item.code, item.text),
        "valueCodeableConcept": {"coding": [coding], "text": answer.option_text},
        "note": [{"text": note}],
    }


def _totals(one: Screened, instrument: Instrument, form: Json, writing: Writing) -> Iterator[Json]:
    score = one.score
    if score is None or one.status is not Status.COMPLETE:
        return
    if score.validity is Validity.COMPLETE and score.total is not None and score.total_code:
        band = {"interpretation": [{"text": score.band.label}]} if score.band is not None else {}
        yield _total(one, form, writing, instrument.id, score.total_code, int(score.total)) | band
    for part in score.subscales:
        if part.total is not None and part.total_code:
            yield _total(one, form, writing, part.id, part.total_code, part.total)


def _total(one: Screened, form: Json, writing: Writing, name: str, code: str, total: int) -> Json:
    title = writing.words["total"].get(name, name)
    return _observed(one, form, writing) | {
        "id": writing.id("total", one.id, name),
        "code": writing.coded(code, title),
        "valueQuantity": quantity(total, "{score}"),
    }


def _panel(one: Screened, instrument: Instrument, form: Json, members: list[Json], writing: Writing) -> Json:
    found = _observed(one, form, writing) | {
        "id": writing.id("panel", one.id),
        "code": writing.coded(instrument.panel_code, instrument.title),
        "hasMember": [referred(member) for member in members],
    }
    note = _why_no_total(one, writing)
    return without_empty(found | ({"note": [{"text": note}]} if note else {}))


def _why_no_total(one: Screened, writing: Writing) -> str:
    score: Score | None = one.score
    if score is None or (score.validity in {Validity.COMPLETE, Validity.PRORATED} and not score.missing):
        return ""
    key = {Validity.REQUIRED_MISSING: "required", Validity.GATED: "gated"}.get(score.validity, "incomplete")
    return str(writing.words[key]).format(missing=", ".join(score.missing))


def _observed(one: Screened, form: Json, writing: Writing) -> Json:
    """Return what all Observations of a screening share; ``id`` and ``code`` are still to come."""
    return {
        "resourceType": "Observation",
        "id": "",
        "status": _status(one),
        "category": category("survey"),
        "code": {},
        "subject": writing.patient,
        "effectiveDateTime": _authored(one, writing),
        "performer": [writing.patient],
        "device": writing.device,
        "derivedFrom": [referred(form)],
    }


def _provenance(one: Screened, form: Json, made: list[Json], writing: Writing) -> Json:
    return {
        "resourceType": "Provenance",
        "id": writing.id("provenance", one.id),
        "target": [referred(resource) for resource in (form, *made)],
        "occurredDateTime": writing.moment(one.at),
        "recorded": _authored(one, writing),
        "activity": {"text": f"{one.screening.instrument} {one.screening.version} sha256:{one.screening.digest}"},
        "agent": [{"who": writing.device}],
        "entity": [{"role": "source", "what": referred(form)}],
    }


def _status(one: Screened) -> str:
    return "preliminary" if one.status.is_open else "final"


def _authored(one: Screened, writing: Writing) -> str:
    return writing.moment(one.ended_at or one.gone_on_at)


def _blank_id(instrument: Instrument) -> str:
    return shared_id("questionnaire", instrument.id, instrument.version, instrument.digest)


def _link(item: Item) -> str:
    return f"/{item.code}" if item.code else item.id


def _coding(code: str, display: str) -> Json:
    return {"system": LOINC, "code": code, "display": display} if code else {"display": display}
