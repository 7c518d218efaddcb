"""Screenings, signs in free talk, activities and readings, all following the latent mood."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

from demo import danger
from demo.people import Someone, utc
from demo.rows import Batch
from demo.talk import Talk
from demo.words import Population

_REFUSED, _STOPPED, _SKIPPED = 0.04, 0.03, 0.04
_SIGN = 0.2
_ACTIVITY = 0.22
_LAST_ITEM = 9
_DIFFICULT = ("concern", "passive_wish")


def screened(talk: Talk, mood: float, table: dict[str, Any], population: Population, *, unresolved: bool) -> None:
    """Add one administration of an instrument at the end of a session."""
    one, chance = talk.one, talk.one.chance
    drawn = chance.random()
    status = "refused" if drawn < _REFUSED else "stopped" if drawn < _REFUSED + _STOPPED else "complete"
    status = "complete" if one.finishes else status
    items = len(table["hardness"])
    put = {"refused": 0, "stopped": chance.randrange(1, items), "complete": items}[status]
    at = talk.at
    one.screenings += 1
    row = one.row(
        at,
        number=one.screenings,
        session_id=talk.session["id"],
        instrument=table["id"],
        version=population.instruments[table["id"]].version,
        digest=population.instruments[table["id"]].digest,
        language="ko",
        wording="",
        status=status,
        requested_by="plan",
        mode="voice",
        whole=True,
        gated=False,
        replies=put + 1,
        gone_on_at=at + timedelta(seconds=20 + 18 * put),
        ended_at=at + timedelta(seconds=20 + 18 * put),
        suspended_at=None,
        not_before=None,
        suspended_by="",
        risk_level="",
        risk_kind="",
        gate_of=None,
    )
    talk.batch.add("screenings", row)
    for item in range(1, put + 1):
        option = (
            None
            if status == "complete" and chance.random() < _SKIPPED / items and not one.finishes
            else _option(one, mood, table, item)
        )
        answer = _answer(one, row, table, item, option)
        answer["asked"] = population.instruments[table["id"]].scored[item - 1].text
        talk.batch.add("answers", answer)
        if table["id"] == "phq9" and item == _LAST_ITEM and option is not None and option["score"]:
            row["risk_level"], row["risk_kind"] = _DIFFICULT
            kind = {"level": _DIFFICULT[0], "kind": _DIFFICULT[1]}
            danger.found(one, talk.batch, at, kind, session=(talk.session["id"], talk.turns), words=option["says"][0])
            danger.raised(one, talk.batch, at, kind, population, unresolved=unresolved)


def _option(one: Someone, mood: float, table: dict[str, Any], item: int) -> dict[str, Any]:
    """Draw an answer: the lower the mood, and the easier the item is to affirm, the graver."""
    options: list[dict[str, Any]] = table["options"]
    if table["id"] == "phq9":
        grave = -1.1 * mood + one.chance.gauss(0, 0.45) - table["hardness"][item - 1]
        return options[sum(1 for step in (-0.6, 0.5, 1.2) if grave > step)]
    grave = -1.3 * mood + one.chance.gauss(0, 0.4) - table["hardness"][item - 1]
    affirmed = one.chance.random() < 1 / (1 + math.exp(-2.2 * grave))
    return options[0 if affirmed is not (item in table["reversed"]) else 1]


def _answer(
    one: Someone, screening: dict[str, Any], table: dict[str, Any], item: int, option: dict[str, Any] | None
) -> dict[str, Any]:
    at = screening["at"] + timedelta(seconds=15 + 18 * item)
    reply = "" if option is None else one.chance.choice(option["says"])
    reverse = item in table["reversed"]
    row = one.row(
        at,
        screening_id=screening["id"],
        turn_id=None,
        item=f"{table['id']}.{item}",
        link=table["links"][item - 1],
        order=item,
        asked="",
        form="question",
        reply=reply,
        replies=[{"asked": "", "reply": reply, "heard_confidence": 0.9}],
        option=option and option["id"],
        option_text=option["text"] if option else "",
        score=(1 - option["score"] if reverse else option["score"]) if option else None,
        code=option["code"] if option else "",
        outcome="answered" if option else "skipped",
        confidence=0.95 if option else 0.0,
        evidence=[{"text": reply, "start": 0, "end": len(reply)}] if option else [],
        rule="demo" if option else "",
        decider="grammar" if option else "",
        confirmed="not_asked",
        confirmations=0,
        model="",
        superseded=False,
    )
    del row["person_id"]
    return row


def observed(talk: Talk, turns: list[dict[str, Any]], population: Population) -> None:
    """Add signs of symptoms that some of these turns show."""
    signs = {(one["topic"], feeling): one for one in population.data["sign"] for feeling in one["feelings"]}
    for turn in turns:
        sign = signs.get((turn["topic"], turn["feeling"]))
        if sign is not None and turn["situation"] and talk.one.chance.random() < _SIGN:
            talk.batch.add(
                "observations",
                talk.one.row(
                    turn["at"],
                    session_id=talk.session["id"],
                    turn_id=turn["id"],
                    sign=sign["sign"],
                    touches=sign["touches"],
                    quote=turn["heard"],
                    rule="demo",
                    offered=None,
                ),
            )


def activity(talk: Talk, mood: float, population: Population) -> None:
    """Now and then add a small activity and how they felt before and after it, 0 to 10."""
    chance = talk.one.chance
    if chance.random() >= _ACTIVITY:
        return
    table = chance.choice(population.data["activity"])
    outcome = chance.choices(("done", "refused", "begun", "stopped"), weights=(6, 2, 1, 1))[0]
    before = max(0, min(10, round(5.5 + 1.6 * mood + chance.gauss(0, 0.8))))
    after = max(0, min(10, before + chance.choice((-1, 0, 0, 1, 1, 2))))
    rated = talk.one.health and outcome == "done"
    talk.batch.add(
        "activities",
        talk.one.row(
            talk.at,
            session_id=talk.session["id"],
            script=table["script"],
            version="demo-1",
            outcome=outcome,
            mood_before=before if rated else None,
            mood_after=after if rated else None,
            plan=chance.choice(table["plans"]) if outcome == "done" else "",
        ),
    )


def readings(one: Someone, day: date, mood: float, batch: Batch) -> None:
    """Add a morning's blood pressure and pulse, and the steps of the day."""
    values = (
        ("systolic", round(one.chance.gauss(132, 9)), "mm[Hg]", 7.5),
        ("diastolic", round(one.chance.gauss(78, 6)), "mm[Hg]", 7.5),
        ("heart_rate", round(one.chance.gauss(71, 6)), "/min", 7.5),
        ("steps", max(0, round(one.chance.gauss(2800 + 700 * mood, 900))), "{steps}", 0.0),
    )
    for kind, value, unit, hour in values:
        at = utc(day, hour)
        batch.add(
            "readings",
            one.row(
                at,
                import_id=None,
                kind=kind,
                value=float(value),
                unit=unit,
                until=at + timedelta(days=1) if kind == "steps" else None,
                device="demo",
                context="",
                quality="",
            ),
        )
