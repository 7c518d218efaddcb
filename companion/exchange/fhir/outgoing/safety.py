"""Dangers as DetectedIssue, and what was told to whom as Communication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from companion.core.history import DangerFound
from companion.exchange.dossier import AlertRaised
from companion.exchange.fhir.outgoing.writing import Json, Writing, reference, without_empty
from companion.safety.alerts import AlertStatus, DeliveryOutcome

_SEVERITY: Final[Mapping[str, str]] = {"watch": "low", "concern": "moderate", "urgent": "high"}
_PRIORITY: Final[Mapping[str, str]] = {"watch": "routine", "concern": "urgent", "urgent": "stat"}
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/communication-category"


def danger(one: DangerFound, writing: Writing) -> Json:
    """Return one utterance in which danger was found; its words only where they are in the dossier."""
    words = writing.words
    return without_empty(
        {
            "resourceType": "DetectedIssue",
            "id": writing.id("danger", one.id),
            "status": "final",
            "code": {"text": words["danger"].get(one.kind, one.kind)},
            "severity": _SEVERITY.get(one.level, ""),
            "patient": writing.patient,
            "identifiedDateTime": writing.moment(one.at),
            "author": writing.device,
            "detail": one.words or "",
            "mitigation": [
                {
                    "action": {
                        "text": words["step"].get(step.action, step.action) + (f" ({step.key})" if step.key else "")
                    }
                }
                for step in one.steps
            ],
        }
    )


def alert(one: AlertRaised, writing: Writing) -> Json:
    """Return an alert with those who were to be told, when the first was, and what named people did."""
    order, words = one.alert.order, writing.words
    sent = [
        delivery.tried_at
        for delivery in one.deliveries
        if delivery.outcome is DeliveryOutcome.SENT and delivery.tried_at is not None
    ]
    told = words["alert"]["sent"].format(
        level=words["level"].get(order.level, order.level), what=words["danger"].get(order.kind, order.kind)
    )
    return without_empty(
        {
            "resourceType": "Communication",
            "id": writing.id("alert", one.alert.id),
            "status": "completed" if sent or one.alert.status is AlertStatus.RESOLVED else "in-progress",
            "category": [{"coding": [{"system": _CATEGORY, "code": "alert"}]}],
            "priority": _PRIORITY.get(order.level, "urgent"),
            "subject": writing.patient,
            "sent": writing.moment(min(sent)) if sent else "",
            "recipient": [
                reference("RelatedPerson", writing.id("contact", contact))
                for contact in order.contacts
                if contact in one.contacts
            ],
            "sender": writing.device,
            "payload": [{"contentString": told}],
            "note": _notes(one, writing),
        }
    )


def _notes(one: AlertRaised, writing: Writing) -> list[Json]:
    words = writing.words["alert"]
    found = []
    for note in one.notes:
        key = "false_alarm" if note.false_alarm else "note"
        told = words[key].format(status=words.get(note.status, note.status), note=note.note).strip()
        found.append({"authorString": note.by, "time": writing.moment(note.at), "text": told})
    return found
