"""Makes of what the dialogue decided the turn that is committed: words, understanding, danger, steps and alerts."""

from __future__ import annotations

from datetime import datetime

from companion.core.record import NewAlert, NewStep, NewTurn, TurnKind
from companion.dialogue.flow import Dialogue, Response
from companion.safety.alerts import AlertOrder
from companion.safety.steps import Question
from companion.session.ear import Utterance


def new_turn(
    at: datetime, kind: TurnKind, response: Response, *, dialogue: Dialogue, utterance: Utterance | None = None
) -> NewTurn:
    """Return a turn as it is committed, before its reply is spoken.

    Args:
        at: Aware.
        kind: Where in the session it stands.
        response: What the dialogue decided.
        dialogue: Names the versions of its protocol and lexicon.
        utterance: What was heard, if anything was.
    """
    risk = response.risk
    return NewTurn(
        at=at,
        kind=kind,
        reply=response.reply,
        heard=None if utterance is None else utterance.heard,
        heard_from="" if utterance is None else utterance.source,
        understanding=response.understanding,
        risk_level=risk.level,
        risk_kind=risk.kind,
        risk_evidence=risk.evidence,
        risk_confidence=risk.confidence,
        risk_standing=max(response.state.protocol.standing, risk.level, key=lambda level: level.rank),
        lexicon_version=dialogue.lexicon_version,
        steps=tuple(
            NewStep(step.action, step.key, "" if step.question is Question.NONE else step.question)
            for step in response.steps
        ),
        answer=response.answer or "",
        alerts=tuple(_new_alert(step.alert) for step in response.steps if step.alert is not None),
        protocol_version=dialogue.protocol_version,
    )


def _new_alert(order: AlertOrder) -> NewAlert:
    return NewAlert(order.level, order.kind, order.within_seconds, order.contacts, order.told_person)
