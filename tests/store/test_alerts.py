"""Alerts in the record: written with their turn, planned, begun, taken on; who may be told and who may look."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from companion.core.access import OWNER
from companion.core.consent import Item
from companion.core.person import Person, channel_name
from companion.core.record import NewStep
from companion.errors import InputError, NotAllowed, StorageFull
from companion.safety.alerts import AlertNote, AlertStatus, DeliveryOutcome
from companion.safety.delivering import PlannedTry, planned
from companion.safety.protocol import MISHEARD, STILL
from companion.store.alert_care import alert_seen, alerts_seen
from companion.store.record import Record
from companion.store.tables.safety import AlertRow, DeliveryRow, ProtocolStepRow, RiskEventRow
from companion.store.tables.talk import TurnRow
from companion.store.viewing import Viewer
from tests.alarms import DAUGHTER, RULES, WORDS, WORKER, alarming, contact, raised, withdraw
from tests.fakes.clock import START, FakeClock
from tests.records import turn


def note(status: AlertStatus, *, by: str = "김영희", said: str = "가 보았음", false_alarm: bool = False) -> AlertNote:
    return AlertNote("", START, by, status, said, false_alarm)


def coming(record: Record, clock: FakeClock) -> list[PlannedTry]:
    tries = [
        one
        for found in record.alerts.open()
        for one in planned(found.alert, found.contacts, found.deliveries, RULES, clock.now())
    ]
    record.alerts.plan(tries)
    return tries


def outcomes(record: Record) -> list[str]:
    with record.database.reading() as session:
        return list(session.scalars(select(DeliveryRow.outcome).order_by(DeliveryRow.id)))


def test_turn_danger_steps_and_alert_are_one_transaction(record: Record, person: Person) -> None:
    """All of them stand, with versions, standing level, answer, and whom to tell in order."""
    one = contact(record, person, "큰따님", DAUGHTER)
    other = contact(record, person, "김 복지사님", WORKER)
    session_id = raised(record, person, alarming(one, other))
    with record.database.reading() as session:
        (risk,) = session.scalars(select(RiskEventRow))
        (alert,) = session.scalars(select(AlertRow))
        steps = session.scalars(select(ProtocolStepRow).order_by(ProtocolStepRow.number)).all()
    assert (risk.words, risk.standing, risk.lexicon_version) == (WORDS, "urgent", "lexicon")
    assert (alert.session_id, alert.status, alert.contacts) == (session_id, "open", [one.id, other.id])
    assert [(step.number, step.action, step.question, step.answer) for step in steps] == [
        (1, "say", "", "unclear"),
        (2, "alert", "", ""),
        (3, "ask", "nearby", ""),
    ]
    assert {step.protocol_version for step in steps} == {"protocol"}


def test_what_cannot_be_written_whole_is_not_written_at_all(
    record: Record, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the alert cannot be kept there is no turn either: the session hands it in again."""

    def full(*_: object) -> list[AlertRow]:
        raise StorageFull("store.cannot_write", file="-")

    monkeypatch.setattr("companion.store.conversations._alert_rows", full)
    with pytest.raises(StorageFull):
        raised(record, person, alarming())
    with record.database.reading() as session:
        kept = [session.scalars(select(table)).first() for table in (TurnRow, RiskEventRow, ProtocolStepRow, AlertRow)]
    assert kept == [None] * 4


def test_without_consent_to_keep_the_conversation_everything_but_words_is_kept(record: Record, person: Person) -> None:
    """Danger, steps and alert stand; neither turn nor words do, and none are told."""
    one = contact(record, person, "큰따님", DAUGHTER, told_words=True)
    withdraw(record, person, Item.CONVERSATION)
    raised(record, person, alarming(one))
    with record.database.reading() as session:
        assert session.scalars(select(RiskEventRow.words)).all() == [None]
        assert len(session.scalars(select(ProtocolStepRow)).all()) == 3
        assert session.scalars(select(TurnRow)).all() == []
    (due,) = coming(record, FakeClock())
    begun = record.alerts.begin(due.key)
    assert begun is not None
    assert begun.words == ""


def test_only_who_was_agreed_to_by_name_and_has_a_channel_may_be_told(record: Record, person: Person) -> None:
    """A contact without consent, without a channel or withdrawn is nobody to be promised, urgent or not."""
    told = contact(record, person, "큰따님", DAUGHTER)
    contact(record, person, "작은따님", WORKER, agreed=False)
    contact(record, person, "아드님")
    gone = contact(record, person, "옆집", "json://neighbour.example/x")
    withdraw(record, person, Item.ALERTS, "옆집")
    assert [one.id for one in record.alerts.contacts(person.id)] == [told.id]
    raised(record, person, alarming(gone))
    assert [dict(found.contacts) and list(found.contacts) for found in record.alerts.open()] == [[told.id]]
    assert coming(record, FakeClock()) == [], "ordered was somebody who may not be told any more: nobody is"


def test_abuse_is_told_only_to_whom_it_may_be(record: Record, person: Person) -> None:
    """Even where the order names them: the setting may have changed since."""
    son = contact(record, person, "아드님", DAUGHTER)
    worker = contact(record, person, "김 복지사님", WORKER, told_of_abuse=True)
    raised(record, person, alarming(son, worker, kind="abuse"))
    assert [one.contact_id for one in coming(record, FakeClock())] == [worker.id]


def test_a_consent_taken_back_between_plan_and_sending_stops_it(record: Record, person: Person) -> None:
    """It is looked at in the transaction that begins the try."""
    one = contact(record, person, "큰따님", DAUGHTER)
    raised(record, person, alarming(one))
    (due,) = coming(record, FakeClock())
    withdraw(record, person, Item.ALERTS, "큰따님")
    assert record.alerts.begin(due.key) is None
    assert outcomes(record) == [DeliveryOutcome.DROPPED]


def test_words_are_told_only_where_that_was_agreed_to(record: Record, person: Person) -> None:
    """By contact, and while the conversation may be kept."""
    one = contact(record, person, "큰따님", DAUGHTER, told_words=True)
    other = contact(record, person, "김 복지사님", WORKER)
    raised(record, person, alarming(one, other))
    first, second = coming(record, FakeClock())
    begun = [record.alerts.begin(due.key) for due in (first, second)]
    assert [one and (one.address, one.words) for one in begun] == [(DAUGHTER, WORDS), (WORKER, "")]


def test_words_that_may_not_be_kept_any_more_are_not_told(record: Record, person: Person) -> None:
    """They still stand in the record, unread; a message says nothing of them."""
    one = contact(record, person, "큰따님", DAUGHTER, told_words=True)
    raised(record, person, alarming(one))
    (due,) = coming(record, FakeClock())
    withdraw(record, person, Item.CONVERSATION)
    begun = record.alerts.begin(due.key)
    assert begun is not None
    assert begun.words == ""


def test_a_try_is_begun_once(record: Record, person: Person) -> None:
    """Whoever comes second, in whatever process, is told to leave it."""
    one = contact(record, person, "큰따님", DAUGHTER)
    raised(record, person, alarming(one))
    (due,) = coming(record, FakeClock())
    assert record.alerts.begin(due.key) is not None
    assert record.alerts.begin(due.key) is None
    record.alerts.plan([due])
    assert outcomes(record) == [DeliveryOutcome.BEGUN]
    record.alerts.finish(due.key, DeliveryOutcome.SENT)
    record.alerts.plan([replace(due, held=True)])
    assert outcomes(record) == [DeliveryOutcome.SENT]


def test_no_address_stands_in_a_delivery(record: Record, person: Person) -> None:
    """A channel is named by its kind and a digest."""
    secret = "tgram://123456:secret/42"  # noqa: S105 - the canary of this test
    one = contact(record, person, "큰따님", secret)
    raised(record, person, alarming(one))
    (due,) = coming(record, FakeClock())
    assert due.channel == channel_name(secret)
    assert "secret" not in due.key
    assert due.channel.startswith("tgram-")


def test_taking_an_alert_on_stops_what_waits(record: Record, person: Person) -> None:
    """With name and note, in the audit; nobody else is told, and the alert is still not resolved."""
    one = contact(record, person, "큰따님", DAUGHTER)
    raised(record, person, alarming(one))
    (due,) = coming(record, FakeClock())
    (found,) = record.alerts.open()
    record.alert_care.note(OWNER, found.alert.id[-8:], note(AlertStatus.ACKNOWLEDGED))
    assert record.alerts.open() == []
    assert outcomes(record) == [DeliveryOutcome.DROPPED]
    assert record.alerts.begin(due.key) is None
    viewer = Viewer(record.database, record.audit, OWNER)
    (seen,) = alerts_seen(viewer)
    assert [(one.by, one.status, one.note) for one in seen.notes] == [("김영희", "acknowledged", "가 보았음")]
    actions = [entry.action for entry in viewer.audit_entries(person_id=person.id)]
    assert "alert_acknowledged" in actions


def test_a_false_alarm_is_labelled_on_resolving_and_stays_to_be_counted(record: Record, person: Person) -> None:
    """Resolved alerts are seen when asked for, false ones as such; nothing can be added to them."""
    raised(record, person, alarming())
    (found,) = record.alerts.open()
    record.alert_care.note(OWNER, found.alert.id, note(AlertStatus.RESOLVED, false_alarm=True))
    viewer = Viewer(record.database, record.audit, OWNER)
    assert alerts_seen(viewer) == []
    (seen,) = alerts_seen(viewer, everything=True)
    assert seen.is_false_alarm
    assert record.danger.left_open(person.id) == []
    with pytest.raises(InputError, match=r"alerts\.resolved_already"):
        record.alert_care.note(OWNER, found.alert.id, note(AlertStatus.RESOLVED))


@pytest.mark.parametrize(
    "bad",
    [
        note(AlertStatus.ACKNOWLEDGED, by=" "),
        note(AlertStatus.RESOLVED, said=""),
        note(AlertStatus.ACKNOWLEDGED, false_alarm=True),
        note(AlertStatus.OPEN),
    ],
)
def test_a_note_that_lacks_something_changes_nothing(record: Record, person: Person, bad: AlertNote) -> None:
    """A name and a note are needed, and a false alarm is said at the end."""
    raised(record, person, alarming())
    (found,) = record.alerts.open()
    with pytest.raises(InputError):
        record.alert_care.note(OWNER, found.alert.id, bad)
    assert len(record.alerts.open()) == 1


def test_an_account_without_a_grant_sees_and_changes_no_alert(record: Record, person: Person) -> None:
    """The gate is that of every read."""
    from companion.core.access import Role

    raised(record, person, alarming())
    (found,) = record.alerts.open()
    record.accounts.add(OWNER, "관리자", Role.ADMINISTRATOR, "correct horse battery staple")
    token = record.accounts.sign_in("관리자", "correct horse battery staple")
    identity = record.accounts.whoami(token)
    assert alerts_seen(Viewer(record.database, record.audit, identity)) == []
    with pytest.raises((InputError, NotAllowed)):
        alert_seen(Viewer(record.database, record.audit, identity), found.alert.id)
    with pytest.raises((InputError, NotAllowed)):
        record.alert_care.note(identity, found.alert.id, note(AlertStatus.RESOLVED))


def test_the_gravest_alert_comes_first(record: Record, person: Person) -> None:
    """Whatever came first, urgent goes out first."""
    one = contact(record, person, "큰따님", DAUGHTER)
    raised(record, person, alarming(one, level="concern", kind="passive_wish"))
    raised(record, person, alarming(one))
    assert [found.alert.order.level for found in record.alerts.open()] == ["urgent", "concern"]


def test_a_try_says_which_rules_planned_it(record: Record, person: Person, clock: FakeClock) -> None:
    """The version of the delivery rules stands with each try, so that a delay can be explained later."""
    one = contact(record, person, "큰따님", DAUGHTER)
    raised(record, person, alarming(one))
    coming(record, clock)
    (found,) = record.alerts.open()

    assert [delivery.rules_version for delivery in found.deliveries] == [RULES.version]


def test_what_was_asked_about_and_not_meant_is_not_returned_to(record: Record, person: Person) -> None:
    """A danger that was only faintly heard and denied is none for the next session; one told beside it still is."""
    asked = replace(
        turn(WORDS, risk_level="urgent"),
        risk_kind="plan_or_means",
        steps=(NewStep("say", "self_harm.open.unsure"), NewStep("ask", "self_harm.ask.meant", "meant")),
    )
    denied = replace(turn("그런 말이 아니야"), steps=(NewStep("say", MISHEARD), NewStep("allow")))
    session_id = raised(record, person, asked)
    assert record.danger.left_open(person.id) == [("urgent", "plan_or_means")]
    record.conversations.add_turn(session_id, 2, denied)
    assert record.danger.left_open(person.id) == []
    record.conversations.add_turn(session_id, 3, turn(WORDS, risk_level="concern"))
    assert record.danger.left_open(person.id) == [("concern", "passive_wish")]


def test_what_was_no_danger_by_their_word_is_not_returned_to(record: Record, person: Person) -> None:
    """An old story that was taken for an emergency does not open the next talk; another danger still does."""
    hurt = replace(turn(WORDS, risk_level="urgent"), risk_kind="medical")
    session_id = raised(record, person, hurt)
    assert record.danger.left_open(person.id) == [("urgent", "medical")]
    corrected = replace(turn("옛날 일이라니까"), steps=(NewStep("say", "medical.reply.misheard"), NewStep("allow")))
    record.conversations.add_turn(session_id, 2, corrected)
    assert record.danger.left_open(person.id) == []
    record.conversations.add_turn(session_id, 3, turn(WORDS, risk_level="concern"))
    assert record.danger.left_open(person.id) == [("concern", "passive_wish")]


def test_a_danger_to_the_body_is_asked_after_once(record: Record, person: Person, clock: FakeClock) -> None:
    """The talk after it speaks of it, the one after that does not."""
    raised(record, person, replace(turn(WORDS, risk_level="urgent"), risk_kind="medical"))
    clock.advance(3600)
    returned = replace(turn(""), at=clock.now(), steps=(NewStep("say", "medical.reply.return"),))
    raised(record, person, returned)
    assert record.danger.left_open(person.id) == []


@pytest.mark.parametrize(("answer", "left"), [("no", []), ("unclear", [("concern", "passive_wish")])])
def test_a_wish_to_die_is_returned_to_until_it_is_denied(
    record: Record, person: Person, clock: FakeClock, answer: str, left: list[tuple[str, str]]
) -> None:
    """Who says no when asked again is not asked at the beginning of every talk for a month."""
    raised(record, person, turn(WORDS, risk_level="concern"))
    clock.advance(3600)
    steps = (NewStep("say", "self_harm.reply.return"), NewStep("ask", STILL, "wish"))
    session_id = raised(record, person, replace(turn(""), at=clock.now(), steps=steps))
    answered = replace(turn("아니"), at=clock.now(), steps=(NewStep("allow"),), answer=answer)
    record.conversations.add_turn(session_id, 2, answered)
    assert record.danger.left_open(person.id) == left
