"""A few dangerous moments: what was said, the steps that were taken, the alert, who was told and what they did."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random  # noqa: TID251 - drawn by chance, from a seed
from typing import Any

from demo.people import Someone
from demo.rows import Batch
from demo.talk import Talk
from demo.words import Population

_LEXICON = _PROTOCOL = "demo-1"
_WITHIN_S = {"concern": 900, "urgent": 0}
_FALSE_ALARM = 0.15


def drawn(population: Population, chance: Random) -> dict[str, Any]:
    """Draw what kind of danger it is, a wish to be gone far oftener than a plan."""
    kinds: list[dict[str, Any]] = population.data["danger"]
    return chance.choices(kinds, weights=[one["share"] for one in kinds])[0]


def crisis(talk: Talk, kind: dict[str, Any], population: Population, *, unresolved: bool) -> None:
    """Add the turns of a danger to a session, with everything that follows from it."""
    words = talk.one.chance.choice(kind["says"])
    said_at = talk.at
    turn = _said(talk, words, f"self_harm.{kind['key']}", population)
    turn["risk_level"], turn["risk_kind"] = kind["level"], kind["kind"]
    found(talk.one, talk.batch, said_at, kind, session=(talk.session["id"], turn["number"]), words=words)
    if kind["level"] == "watch":
        return
    _steps(talk, turn, kind, population)
    alert = raised(talk.one, talk.batch, said_at, kind, population, unresolved=unresolved)
    alert["session_id"], alert["turn_number"] = talk.session["id"], turn["number"]


def found(
    one: Someone,
    batch: Batch,
    at: datetime,
    kind: dict[str, Any],
    *,
    session: tuple[str, int] | None,
    words: str | None,
) -> None:
    """Add the danger that was found; without words where conversations may not be kept."""
    batch.add(
        "risk_events",
        one.row(
            at,
            session_id=session[0] if session else None,
            turn_number=session[1] if session else None,
            level=kind["level"],
            standing=kind["level"],
            kind=kind["kind"],
            evidence=f"demo.{kind['kind']}",
            confidence=0.95,
            words=words,
            lexicon_version=_LEXICON,
            basis="vital_interest" if words is None else "consent",
        ),
    )


def raised(
    one: Someone, batch: Batch, at: datetime, kind: dict[str, Any], population: Population, *, unresolved: bool
) -> dict[str, Any]:
    """Add an alert, its delivery to the first contact, and what was done about it; return its row."""
    alert = batch.add(
        "alerts",
        one.row(
            at,
            session_id=None,
            turn_number=None,
            level=kind["level"],
            kind=kind["kind"],
            status="open" if unresolved else "resolved",
            within_seconds=_WITHIN_S[kind["level"]],
            contacts=one.contacts[:2],
            told_person=True,
            protocol_version=_PROTOCOL,
        ),
    )
    _delivered(one, batch, alert)
    if not unresolved:
        _handled(one, batch, alert, population)
    return alert


def _said(talk: Talk, words: str, key: str, population: Population, *, unlike: str = "") -> dict[str, Any]:
    found_key, reply = population.fixed_sentence(key, talk.one.address, talk.one.chance)
    while found_key == unlike:
        found_key, reply = population.fixed_sentence(key, talk.one.address, talk.one.chance)
    return talk.turn(
        "exchange",
        (reply, found_key, "fixed"),
        heard=words,
        hearing="clear",
        heard_confidence=0.93,
        act="tell",
        topic="mood",
        feeling="sadness",
        understanding_confidence=0.9,
    )


def _steps(talk: Talk, turn: dict[str, Any], kind: dict[str, Any], population: Population) -> None:
    """Add the questions that follow and the steps of the protocol, turn by turn."""
    after: list[dict[str, Any]] = population.data["after"]
    _step(talk, turn, 1, action="say", key=turn["reply_id"], question=after[0]["question"])
    _step(talk, turn, 2, action="alert")
    last = turn["reply_id"]
    again = f"open.{kind['level']}_again"
    for number, given in enumerate(after):
        following = after[number + 1]["question"] if number + 1 < len(after) else ""
        key = f"self_harm.{again}" if following else "self_harm.stay.say"
        answered = _said(talk, talk.one.chance.choice(given["says"]), key, population, unlike=last)
        last = answered["reply_id"]
        _step(talk, answered, 1, action="say", key=answered["reply_id"], question=following, answer=given["answer"])


def _step(talk: Talk, turn: dict[str, Any], number: int, **values: str) -> None:
    row = {"key": "", "question": "", "answer": "", **values}
    talk.batch.add(
        "protocol_steps",
        talk.one.row(
            turn["at"],
            session_id=turn["session_id"],
            turn_number=turn["number"],
            number=number,
            protocol_version=_PROTOCOL,
            **row,
        ),
    )


def _delivered(one: Someone, batch: Batch, alert: dict[str, Any]) -> None:
    at = alert["at"] + timedelta(seconds=min(60, alert["within_seconds"]))
    row = one.row(
        at,
        key=f"{alert['id']}/{one.contacts[0]}/sms/1",
        alert_id=alert["id"],
        contact_id=one.contacts[0],
        channel="sms",
        number=1,
        tried_at=at,
        outcome="sent",
        error_key="",
    )
    del row["person_id"]
    batch.add("deliveries", row)


def _handled(one: Someone, batch: Batch, alert: dict[str, Any], population: Population) -> None:
    notes, false_alarm = population.data["notes"], one.chance.random() < _FALSE_ALARM
    last = notes["false_alarm"] if false_alarm else one.chance.choice(notes["resolved"])
    taken = [(0.4, "acknowledged", one.chance.choice(notes["acknowledged"])), (26.0, "resolved", last)]
    for hours, status, note in taken:
        row = one.row(
            alert["at"] + timedelta(hours=hours),
            alert_id=alert["id"],
            by=population.data["relations"][0][1],
            status=status,
            note=note,
            false_alarm=false_alarm and status == "resolved",
        )
        del row["person_id"]
        batch.add("alert_notes", row)
