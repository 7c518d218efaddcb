"""What is said on 말벗's own account and what is asked of people: on the disk first, told once, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from companion.core.access import OWNER, Identity
from companion.core.consent import Answer, Item
from companion.core.errand import Errand, Purpose, Standing
from companion.core.life import Reminder
from companion.core.occasion import Occasion, Outcome
from companion.core.person import Person
from companion.core.record import NewAlert
from companion.errors import InputError, NotAllowed, SignInRefused
from companion.store.errand_care import errands_seen
from companion.store.record import Record
from companion.store.reminder_care import reminders_seen
from companion.store.viewing import Viewer
from tests.fakes.clock import START, FakeClock
from tests.records import agreeing, decision

MORNING = Occasion("reminder/2026-11-23T10:00", "medicine", "reminder", START, "혈압약")
CHECK_IN = Occasion("daily/2026-11-23T10:00", "check_in", "", START)
ERRAND = Errand(Purpose.TELL, "딸", "딸한테 보고 싶다고 전해 줘", START)
MEDICINE = Reminder("medicine", "혈압약", "큰딸", START, {"times": ["08:00"]})
NO_ANSWER = NewAlert("concern", "no_answer", 0, ("c1",), told_person=True)


def viewer(record: Record) -> Viewer:
    return Viewer(record.database, record.audit, OWNER)


def outcomes(record: Record, person: Person) -> list[tuple[str, int, Outcome]]:
    return sorted((one.key, one.number, one.outcome) for one in record.occasions.since(person.id, START))


def test_what_was_begun_is_not_begun_again(record: Record, person: Person) -> None:
    """Not in the same process, nor in another, nor as one of several."""
    assert record.occasions.begin(person.id, [(MORNING, 1)])
    other = replace(MORNING, key="other/2026-11-23T10:00", source_id="other")
    assert not record.occasions.begin(person.id, [(other, 1), (MORNING, 1)])
    assert outcomes(record, person) == [(MORNING.key, 1, Outcome.BEGUN)]


def test_what_a_dead_process_began_is_interrupted_and_may_still_end(record: Record, person: Person) -> None:
    """A slow end is told apart from none."""
    record.occasions.begin(person.id, [(MORNING, 1)])
    assert record.occasions.interrupt_begun(person.id) == 1
    assert outcomes(record, person) == [(MORNING.key, 1, Outcome.INTERRUPTED)]
    record.occasions.finish(person.id, MORNING.key, 1, Outcome.SAID)
    record.occasions.finish(person.id, MORNING.key, 1, Outcome.UNANSWERED)
    assert outcomes(record, person) == [(MORNING.key, 1, Outcome.SAID)]


def test_what_is_settled_stays_as_it_was(record: Record, person: Person) -> None:
    """What was said does not become what passed."""
    record.occasions.begin(person.id, [(MORNING, 1)])
    record.occasions.settle(person.id, [(MORNING, 1, Outcome.PASSED), (CHECK_IN, 1, Outcome.MET)])
    assert outcomes(record, person) == [(CHECK_IN.key, 1, Outcome.MET), (MORNING.key, 1, Outcome.BEGUN)]


def test_a_reminder_knows_when_it_was_said_last(record: Record, person: Person) -> None:
    """In the transaction in which it is begun."""
    made = record.reminders.set(person.id, MEDICINE)
    record.occasions.begin(person.id, [(replace(MORNING, source_id=made), 1)])
    assert record.reminders.all(person.id)[0].last_said_at == START


def test_an_alert_of_no_answer_is_raised_once(record: Record, person: Person) -> None:
    """However often it is ordered."""
    assert record.occasions.tell(person.id, CHECK_IN, 7, NO_ANSWER)
    assert not record.occasions.tell(person.id, CHECK_IN, 7, NO_ANSWER)
    (found,) = record.alerts.open()
    assert (found.alert.order.kind, found.alert.order.level, found.alert.order.told_person) == (
        "no_answer",
        "concern",
        True,
    )


def test_the_occasions_of_another_are_not_given(record: Record, person: Person) -> None:
    """Two people may be reminded at the same time of the same thing."""
    other = agreeing(record, address="영자님")
    assert record.occasions.begin(person.id, [(MORNING, 1)])
    assert record.occasions.begin(other.id, [(MORNING, 1)])
    assert len(outcomes(record, other)) == 1


def test_a_clock_that_was_set_back_still_finds_what_was_said(record: Record, person: Person, clock: FakeClock) -> None:
    """A row of this afternoon is there this morning."""
    clock.advance(6 * 3600)
    record.occasions.begin(person.id, [(MORNING, 1)])
    clock.advance(-8 * 3600)
    assert outcomes(record, person) == [(MORNING.key, 1, Outcome.BEGUN)]


def test_an_errand_is_seen_answered_and_told_back_once(record: Record, person: Person) -> None:
    """From the person to whoever looks after them, and back."""
    made = record.errands.keep(person.id, ERRAND)
    (seen,) = errands_seen(viewer(record))
    assert (seen.errand.id, seen.errand.whom, seen.errand.words, seen.person) == (made, "딸", ERRAND.words, "김순자")
    assert record.errands.to_tell(person.id) == []
    record.errand_care.settle(OWNER, made[-8:], Standing.DONE, name="김영희", answer="주말에 오신대요.")
    assert errands_seen(viewer(record)) == []
    (told,) = record.errands.to_tell(person.id)
    assert (told.answer, told.by) == ("주말에 오신대요.", "김영희")
    assert record.errands.told(person.id, made, START)
    assert not record.errands.told(person.id, made, START)
    assert record.errands.to_tell(person.id) == []
    assert len(errands_seen(viewer(record), everything=True)) == 1
    with pytest.raises(InputError):
        record.errand_care.settle(OWNER, made, Standing.DONE, name="김영희", answer="다시")


def test_no_errand_is_kept_or_shown_without_consent(record: Record, person: Person) -> None:
    """Neither before it is given nor after it was taken back."""
    silent = agreeing(record, Item.HEALTH, address="영자님")
    with pytest.raises(NotAllowed):
        record.errands.keep(silent.id, ERRAND)
    assert not record.errands.may_keep(silent.id)
    made = record.errands.keep(person.id, ERRAND)
    record.errand_care.settle(OWNER, made, Standing.DONE, name="김영희", answer="")
    record.consents.decide(person.id, decision(answer=Answer.WITHDRAWN))
    assert errands_seen(viewer(record), everything=True) == []
    assert record.errands.to_tell(person.id) == []
    with pytest.raises(InputError):
        record.errand_care.settle(OWNER, made, Standing.DONE, name="김영희", answer="")


def test_what_is_declined_needs_a_reason_and_everything_a_name(record: Record, person: Person) -> None:
    """The person hears both."""
    made = record.errands.keep(person.id, ERRAND)
    for status, name, answer in ((Standing.DECLINED, "김영희", " "), (Standing.DONE, " ", "됐어요")):
        with pytest.raises(InputError):
            record.errand_care.settle(OWNER, made, status, name=name, answer=answer)
    with pytest.raises(InputError):
        record.errand_care.settle(OWNER, "nothere", Standing.DONE, name="김영희", answer="")


def test_an_errand_that_is_taken_back_is_not_told(record: Record, person: Person) -> None:
    """And cannot be answered any more."""
    made = record.errands.keep(person.id, ERRAND)
    record.errands.take_back(person.id, made, START)
    with pytest.raises(InputError):
        record.errand_care.settle(OWNER, made, Standing.DONE, name="김영희", answer="")
    assert record.errands.to_tell(person.id) == []


def test_reminders_are_set_paused_and_removed_by_whoever_may_read_the_record(record: Record, person: Person) -> None:
    """Each change is in the audit, and nothing of the words."""
    made = record.reminder_care.add(OWNER, person.id, MEDICINE)
    assert [one.reminder.id for one in reminders_seen(viewer(record))] == [made]
    assert not record.reminder_care.change(OWNER, made[-8:], active=False).active
    later = record.reminder_care.change(OWNER, made, active=True, schedule={"paused_until": "2026-12-01"})
    assert (later.active, later.schedule) == (True, {"times": ["08:00"], "paused_until": "2026-12-01"})
    assert record.reminder_care.remove(OWNER, made).words == "혈압약"
    assert reminders_seen(viewer(record)) == []
    entries = viewer(record).audit_entries(limit=20)
    changes = [one.details["what"] for one in entries if one.action == "reminders_changed"]
    assert changes == ["removed", "resumed", "paused", "added"]
    assert "혈압약" not in str(entries)


def test_nobody_else_sets_or_settles_anything(record: Record, person: Person) -> None:
    """Somebody whose sign-in is over is refused."""
    made = record.errands.keep(person.id, ERRAND)
    stranger = Identity("stranger", "none")
    with pytest.raises(SignInRefused):
        record.reminder_care.add(stranger, person.id, MEDICINE)
    with pytest.raises(SignInRefused):
        record.errand_care.settle(stranger, made, Standing.DONE, name="김영희", answer="")
    with pytest.raises(NotAllowed):
        record.reminder_care.add(OWNER, "nobody", MEDICINE)


def test_the_last_meeting_is_that_of_a_conversation_in_which_something_was_said(record: Record, person: Person) -> None:
    """Nothing is known where nothing was kept."""
    assert record.occasions.met_at(person.id) is None
    from tests.records import new_session, turn

    session_id = record.conversations.start_session(new_session(person))
    record.conversations.add_turn(session_id, 1, turn())
    met = record.occasions.met_at(person.id)
    assert met is not None
    assert abs(met - START) < timedelta(seconds=1)
