"""Scripted crises, typed into the text session and checked step by step against what the record says.

The path is that of `companion talk --text`: the keyboard's ear, the conversation, the shipped dialogue and the record;
one crisis runs through the command itself in `tests/cli`.
"""

from __future__ import annotations

import io
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from companion.core.person import Person
from companion.core.record import KeptTurn, NewSession
from companion.core.turn import Reply
from companion.dialogue.flow import Dialogue
from companion.safety.risk import Level
from companion.session.alerting import Round
from companion.session.answering import Answerer
from companion.session.conversation import Conversation, Parts
from companion.session.keeping import Keeper
from companion.session.keyboard import KeyboardEar
from companion.store.record import Record
from companion.store.tables.safety import AlertRow, DeliveryRow, ProtocolStepRow, RiskEventRow
from companion.wiring import language
from companion.wiring.alerts import told_contacts
from companion.wiring.record import left_open
from tests.alarms import alerting, contact
from tests.fakes.clock import FakeClock
from tests.fakes.ear import ScriptedMouth
from tests.fakes.notifier import ScriptedNotifier
from tests.records import agreeing, read_last, record_in

SCRIPTS = tomllib.loads(Path(__file__).with_name("crises.toml").read_text(encoding="utf-8"))
CRISES: list[dict[str, Any]] = SCRIPTS["crisis"]


class BlankScreen:
    """A screen that nobody looks at."""

    def said(self, reply: Reply) -> None:
        """Show nothing."""

    def heard(self, heard: object, source: str) -> None:
        """Show nothing."""

    def listening(self) -> None:
        """Show nothing."""

    def notice(self, key: str, **fields: object) -> None:
        """Show nothing."""


@pytest.fixture(scope="module")
def dialogue() -> Dialogue:
    return language.dialogue(language.analyser())


@dataclass(frozen=True)
class Home:
    """One person with their record, and a notifier beside them."""

    record: Record
    person: Person
    clock: FakeClock
    notifier: ScriptedNotifier

    def add_contacts(self, contacts: Sequence[dict[str, Any]]) -> None:
        """Set up whoever is around them."""
        for one in contacts:
            fields = {name: value for name, value in one.items() if name not in {"name", "channel", "agreed"}}
            channels = (f"json://{one['name']}.example/",) if one.get("channel", True) else ()
            contact(self.record, self.person, one["name"], *channels, agreed=one.get("agreed", True), **fields)

    def alerts(self, session_id: str) -> dict[int, list[AlertRow]]:
        """Return the alerts of a session by the number of their turn."""
        found: dict[int, list[AlertRow]] = {}
        with self.record.database.reading() as session:
            for row in session.scalars(select(AlertRow).where(AlertRow.session_id == session_id)):
                found.setdefault(row.turn_number or 0, []).append(row)
        return found

    def names(self, ids: Sequence[object]) -> list[str]:
        """Return the names of contacts by their ids."""
        named = {one.id: one.name for one in self.record.people.contacts(self.person.id)}
        return [named[str(one)] for one in ids]

    def sent(self) -> dict[str, list[str]]:
        """Return whom a message reached, by the alert."""
        with self.record.database.reading() as session:
            rows = session.scalars(select(DeliveryRow).where(DeliveryRow.outcome == "sent").order_by(DeliveryRow.id))
            found: dict[str, list[str]] = {}
            for row in rows:
                found.setdefault(row.alert_id, []).extend(self.names([row.contact_id]))
        return found

    def steps(self, session_id: str) -> dict[int, list[ProtocolStepRow]]:
        """Return the steps of the protocol by the number of their turn."""
        found: dict[int, list[ProtocolStepRow]] = {}
        with self.record.database.reading() as session:
            query = select(ProtocolStepRow).where(ProtocolStepRow.session_id == session_id)
            for row in session.scalars(query.order_by(ProtocolStepRow.number)):
                found.setdefault(row.turn_number, []).append(row)
        return found

    def risks(self, session_id: str) -> dict[int, RiskEventRow]:
        """Return the dangers by the number of their turn."""
        with self.record.database.reading() as session:
            query = select(RiskEventRow).where(RiskEventRow.session_id == session_id)
            return {row.turn_number or 0: row for row in session.scalars(query)}


async def hold(dialogue: Dialogue, home: Home, lines: Sequence[str]) -> tuple[str, Sequence[KeptTurn]]:
    """Type a session into the keyboard's ear; return its id and its turns as they were recorded."""
    record, person, clock = home.record, home.person, home.clock
    earlier = left_open(record, person.id)
    deliver = alerting(record, home.notifier, clock)
    with ThreadPoolExecutor(1) as thread:
        parts = Parts(
            ear=KeyboardEar(io.StringIO("".join(f"{line}\n" for line in lines)), now=clock.monotonic),
            mouth=ScriptedMouth(),
            dialogue=dialogue,
            answerer=Answerer(language=None, situations=None, thread=thread),
            keeper=Keeper(record.conversations, on_trouble=lambda error: pytest.fail(str(error))),
            screen=BlankScreen(),
            clock=clock,
            chance=lambda: 0.0,
            setting=lambda: replace(
                dialogue.setting(clock.now(), address="어르신", earlier=earlier),
                contacts=told_contacts(record, person.id),
            ),
            alarm=lambda: check_delivery(deliver.round()),
        )
        new = NewSession(person.id, clock.now(), mode="text", profile="embedded", reply_driver="bank")
        await Conversation(parts, patience=300.0).run(new)
    summary, turns = read_last(record)
    return summary.id, turns


def check_delivery(came: Round) -> None:
    """Nothing fails where the channels work."""
    assert came.failed == 0


def check_record(home: Home, session_id: str, expected: dict[int, dict[str, Any]], kept: Sequence[KeptTurn]) -> None:
    """Compare what was alerted, to whom, and what stands in the record with the script, turn by turn."""
    alerts, steps, risks, sent = home.alerts(session_id), home.steps(session_id), home.risks(session_id), home.sent()
    standing = 0
    for turn in kept:
        script, raised = expected.get(turn.number, {}), alerts.get(turn.number, [])
        assert [row.level for row in raised] == ([script["alert"]] if "alert" in script else []), turn.heard
        for row in raised:
            assert home.names(row.contacts) == script.get("to", [])
            assert sent.get(row.id, []) == script.get("sent", [])
            assert row.told_person == bool(row.contacts)
            assert row.status == "open"
        taken = steps.get(turn.number, [])
        assert [step.number for step in taken] == list(range(1, len(taken) + 1))
        assert sum(step.action == "alert" for step in taken) == len(raised)
        assert all(bool(step.key) == (step.action in {"say", "ask"}) for step in taken)
        assert all(step.protocol_version for step in taken)
        risk = risks.get(turn.number)
        assert (risk is not None) == (turn.risk_level != "none")
        if risk is not None:
            assert (risk.level, risk.kind, risk.words) == (turn.risk_level, turn.risk_kind, turn.heard or risk.words)
            assert Level(risk.standing).rank >= max(standing, Level(risk.level).rank), "the standing level never falls"
            standing = Level(risk.standing).rank


def check_turn(expected: dict[str, Any], turn: KeptTurn) -> None:
    """Compare one turn with its script."""
    assert turn.heard == expected["say"]
    assert [text for text in expected.get("holds", ()) if text not in turn.reply] == [], turn.reply
    assert [text for text in expected.get("lacks", ()) if text in turn.reply] == [], turn.reply
    assert turn.risk_level == expected.get("level", "none"), turn.reply
    assert turn.risk_kind == expected.get("kind", "none")


def check_session(session: dict[str, Any], kept: Sequence[KeptTurn]) -> None:
    """Compare a session with its script: opening, each turn, how it ended."""
    opening, *turns = kept
    assert [text for text in session.get("opens", ()) if text not in opening.reply] == [], opening.reply
    for expected, turn in zip(session["turns"], turns, strict=False):
        check_turn(expected, turn)
    ended = any(turn.get("ends", False) for turn in session["turns"])
    assert len(turns) == len(session["turns"]) + (not ended)
    assert [text for text in session.get("closes", ()) if text not in turns[-1].reply] == [], turns[-1].reply


def test_there_are_enough_crises() -> None:
    """At least twelve, among them all that the protocol must bear."""
    assert len(CRISES) >= 12


@pytest.mark.parametrize("crisis", CRISES, ids=lambda crisis: crisis["name"])
async def test_crisis(crisis: dict[str, Any], dialogue: Dialogue, tmp_path: Path) -> None:
    """What is said, which numbers come when, who is alerted, what is recorded, and what the next session opens with."""
    clock = FakeClock()
    with record_in(tmp_path / "record", clock) as record:
        home = Home(record, agreeing(record), clock, ScriptedNotifier())
        home.add_contacts(crisis.get("contacts", ()))
        for session in crisis["session"]:
            session_id, kept = await hold(dialogue, home, [turn["say"] for turn in session["turns"]])
            check_session(session, kept)
            expected = dict(enumerate(session["turns"], 2))
            if "closing_alert" in session:
                expected[len(kept)] = {"alert": session["closing_alert"], "to": session["closing_sent"]}
                expected[len(kept)]["sent"] = session["closing_sent"]
            check_record(home, session_id, expected, kept)
            clock.advance(3600.0)
