"""A caregiver's overview and a person's page, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, text

from companion.core.consent import Answer, Item
from companion.core.heard import Heard
from companion.core.overview import BRIGHT, HEAVY, OverviewLine, PersonPage
from companion.core.person import Contact, Person
from companion.core.record import NewTurn, TurnKind
from companion.core.turn import Act, Feeling, Reply, ReplySource, Understanding
from companion.errors import InputError
from companion.store.database import encrypted, server
from companion.store.overview import overview
from companion.store.page import page
from companion.store.record import Record
from companion.store.schema import bring_up
from companion.store.tables.base import Base
from companion.store.tables.life import ActivityRow, MemoryRow, ReminderRow
from companion.store.tables.safety import AlertRow
from companion.store.tables.screening import AnswerRow, ObservationRow, ScreeningRow
from companion.store.tables.talk import SessionRow, TurnRow
from tests.fakes.clock import START, FakeClock
from tests.records import agreeing, decision, new_session, record_in

REPLY = Reply("네, 그러셨군요.", ReplySource.BANK, "other.0")
BOTH = (Item.CONVERSATION, Item.HEALTH)


def turn(at: datetime, words: str = "그냥 그래", feeling: Feeling = Feeling.NEUTRAL, level: str = "none") -> NewTurn:
    return NewTurn(
        at=at,
        kind=TurnKind.EXCHANGE if words else TurnKind.SILENCE,
        reply=REPLY,
        heard=Heard.typed(words) if words else None,
        understanding=Understanding(Act.TELL, "mood", feeling, 0.9) if words else None,
        risk_level=level,
        risk_kind="" if level == "none" else "passive_wish",
    )


def talk(record: Record, person: Person, at: datetime, *turns: NewTurn) -> str:
    """Keep a whole conversation."""
    session_id = record.conversations.start_session(replace(new_session(person), started_at=at))
    for number, one in enumerate(turns, 1):
        record.conversations.add_turn(session_id, number, one)
    record.conversations.end_session(session_id, at + timedelta(minutes=5), "person")
    return session_id


def keep(record: Record, *rows: Base) -> None:
    """Write rows in their order, those that others refer to first."""
    with record.database.writing() as session:
        for row in rows:
            session.add(row)
            session.flush()


def screening(
    person: Person, number: int, *scores: int | None, status: str = "complete", gated: bool = False
) -> tuple[Base, ...]:
    """Return a PHQ-9 with its answers, on a day of its own."""
    one, at = f"screening-{number}", START - timedelta(days=30 - number)
    given = [
        AnswerRow(
            id=f"{one}-{item}",
            screening_id=one,
            item=f"phq9.{item}",
            order=item,
            at=at,
            score=score,
            outcome="skipped" if score is None else "answered",
        )
        for item, score in enumerate(scores, 1)
    ]
    made = ScreeningRow(
        id=one,
        person_id=person.id,
        number=number,
        gated=gated,
        instrument="phq9",
        version="1",
        digest="",
        status=status,
        requested_by="plan",
        mode="voice",
        at=at,
    )
    return made, *given


def line(record: Record, person: Person, now: datetime = START) -> OverviewLine:
    with record.database.reading() as session:
        (found,) = overview(session, [person.id], now)
    return found


def page_of(record: Record, person: Person, now: datetime = START) -> PersonPage:
    with record.database.reading() as session:
        return page(session, person.id, now)


def everything(record: Record, person: Person) -> None:
    """Keep something of every kind about a person."""
    hour_ago = START - timedelta(hours=1)
    session_id = talk(record, person, hour_ago, turn(hour_ago, "죽고 싶어", Feeling.SADNESS, "concern"))
    record.people.add_contact(Contact("contact", person.id, "큰따님"))
    keep(
        record,
        *screening(person, 1, *[1] * 9),
        AlertRow(id="alert", person_id=person.id, at=hour_ago, level="concern", kind="passive_wish", status="open"),
        ObservationRow(id="sign", person_id=person.id, at=hour_ago, sign="low_mood", quote="울적해"),
        ActivityRow(id="walk", person_id=person.id, at=hour_ago, script="walk", outcome="done", mood_before=4),
        MemoryRow(id="memory", person_id=person.id, at=hour_ago, kind="family", fact="딸이 둘"),
        ReminderRow(
            id="reminder",
            person_id=person.id,
            at=hour_ago,
            kind="water",
            words="물 한 잔 드세요.",
            set_by="큰따님",
            last_said_at=hour_ago - timedelta(hours=1),
        ),
    )
    assert session_id


def test_a_line_says_when_they_last_talked_and_how_they_were(record: Record) -> None:
    """Counts of turns, the share of bright and heavy ones, and the days since, in the person's zone."""
    person = agreeing(record, *BOTH)
    yesterday = START - timedelta(days=1)
    talk(record, person, yesterday, turn(yesterday, "좋아", Feeling.JOY), turn(yesterday, "아파", Feeling.PAIN))
    talk(record, person, yesterday, turn(yesterday, "고마워", Feeling.GRATITUDE), turn(yesterday, "", Feeling.NEUTRAL))

    seen = line(record, person)

    assert (seen.last_session_at, seen.days_since, seen.heard_last_week) == (yesterday, 1, 3)
    last = seen.mood[-1]
    assert (last.sessions, last.heard, last.bright, last.heavy) == (2, 3, 2, 1)
    assert last.balance == pytest.approx(1 / 3)
    assert [week.balance for week in seen.mood[:-1]] == [None] * 7
    assert seen.device_seen_at == yesterday


def test_a_turn_belongs_to_the_week_that_it_fell_in(record: Record) -> None:
    """Each week ends where the next begins; what is older than eight weeks or not yet come is in none."""
    person = agreeing(record)
    for weeks in (0, 1, 8, 9, -1):
        at = START - timedelta(weeks=weeks) + timedelta(minutes=1) * (weeks == 8)
        talk(record, person, at, turn(at))

    assert [week.heard for week in line(record, person, START + timedelta(seconds=1)).mood] == [1, 0, 0, 0, 0, 0, 1, 1]


def test_somebody_who_did_not_answer_is_counted(record: Record) -> None:
    """A session in which nothing was said, and which is over, was not answered."""
    person = agreeing(record)
    talk(record, person, START - timedelta(days=2), turn(START, ""), turn(START, ""))
    record.conversations.start_session(replace(new_session(person), started_at=START))

    assert line(record, person, START + timedelta(minutes=1)).unanswered_last_week == 1


def test_nothing_of_conversations_is_shown_without_consent(record: Record) -> None:
    """After a withdrawal lines and pages are closed at once, but danger and alerts stay, without words."""
    person = agreeing(record, *BOTH)
    everything(record, person)
    assert page_of(record, person).latest is not None
    record.consents.decide(person.id, decision(Item.CONVERSATION, Answer.WITHDRAWN))

    seen = page_of(record, person)

    assert not seen.line.allowed.conversation
    assert (seen.line.last_session_at, seen.line.days_since, seen.line.mood, seen.line.heard_last_week) == (
        None,
        None,
        (),
        0,
    )
    assert (seen.latest, seen.days, seen.activities, seen.memories) == (None, (), (), 0)
    assert [risk.words for risk in seen.risks] == [None]
    assert [sign.quote for sign in seen.observations] == [None]
    assert (len(seen.alerts), seen.line.alerts.gravest, len(seen.screenings)) == (1, "concern", 1)


def test_nothing_of_health_is_shown_without_consent(record: Record) -> None:
    """Screenings, signs and moods need the consent to health data."""
    person = agreeing(record, *BOTH)
    everything(record, person)
    record.consents.decide(person.id, decision(Item.HEALTH, Answer.WITHDRAWN))

    seen = page_of(record, person)

    assert (seen.line.screenings, seen.screenings, seen.observations) == ((), (), ())
    assert [done.mood_before for done in seen.activities] == [None]
    assert seen.latest is not None


def test_a_page_holds_what_is_kept(record: Record) -> None:
    """Quotes with marks of danger, the week by day, and everything beside it."""
    person = agreeing(record, *BOTH)
    everything(record, person)

    seen = page_of(record, person)

    assert seen.latest is not None
    assert seen.latest.turns == 1
    (quote,) = seen.latest.quotes
    assert (quote.words, quote.feeling, quote.risk_level) == ("죽고 싶어", "sadness", "concern")
    assert [day.heard for day in seen.days] == [0, 0, 0, 0, 0, 0, 1]
    assert seen.days[-1].feelings == {"sadness": 1}
    assert [risk.words for risk in seen.risks] == ["죽고 싶어"]
    assert (seen.memories, len(seen.reminders), [one.name for one in seen.contacts]) == (1, 1, ["큰따님"])
    assert {one.item for one in seen.consents} == set(BOTH)
    assert [(done.script, done.mood_before) for done in seen.activities] == [("walk", 4)]


def test_a_day_is_a_day_of_the_person(record: Record) -> None:
    """Half past midnight in Seoul is today there, although it is yesterday in UTC."""
    person = agreeing(record)
    early = START.replace(hour=0, minute=30)
    talk(record, person, early, turn(early))

    assert line(record, person).days_since == 0
    assert [day.sessions for day in page_of(record, person).days] == [0, 0, 0, 0, 0, 0, 1]


def test_a_sum_stands_only_where_every_item_was_answered(record: Record) -> None:
    """An item that was not answered is missing, never 0; a corrected answer counts once, and difficulty not at all."""
    person = agreeing(record, Item.HEALTH)
    whole, missing, stopped, gated = (
        screening(person, 1, *[1] * 9),
        screening(person, 2, *[1] * 8, None),
        screening(person, 3, 3, 3, status="stopped"),
        screening(person, 4, 0, 1, gated=True),
    )
    corrected = AnswerRow(
        id="first", screening_id="screening-1", item="phq9.9", order=10, at=START, outcome="answered", score=3
    )
    corrected.superseded = True
    difficulty = AnswerRow(
        id="hard", screening_id="screening-1", item="phq9.function", order=11, at=START, outcome="answered", score=2
    )
    keep(record, *whole, *missing, *stopped, *gated, corrected, difficulty)

    seen = page_of(record, person).screenings

    assert [(one.status, one.items, one.answered, one.sum) for one in seen] == [
        ("complete", 2, 2, None),
        ("stopped", 2, 2, None),
        ("complete", 9, 8, None),
        ("complete", 9, 9, 9),
    ]
    assert [one.id for one in line(record, person).screenings] == ["screening-4", "screening-3"]


def test_a_resolved_alert_is_open_no_more(record: Record) -> None:
    """The gravest level is that of what is still to be seen to."""
    person = agreeing(record)
    keep(
        record,
        *(
            AlertRow(id=status, person_id=person.id, at=START, level=level, kind="medical", status=status)
            for status, level in (("open", "watch"), ("acknowledged", "concern"), ("resolved", "urgent"))
        ),
    )

    alerts = line(record, person).alerts

    assert (alerts.open, alerts.acknowledged, alerts.gravest, alerts.newest_at) == (1, 1, "concern", START)


def test_an_overview_asks_as_often_for_many_as_for_one(record: Record) -> None:
    """Consent of many people is one question, and so is everything else."""
    people = [agreeing(record, *BOTH).id for _ in range(12)]
    asked: list[str] = []
    event.listen(record.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    numbers = []
    for some in (people[:1], people):
        asked.clear()
        with record.database.reading() as session:
            overview(session, some, START)
        numbers.append(len(asked))

    assert numbers[0] == numbers[1]


def test_lines_come_in_the_order_that_was_asked_for(record: Record) -> None:
    """Whoever is not there is left out of an overview, and has no page."""
    first, second = agreeing(record), agreeing(record)
    with record.database.reading() as session:
        lines = overview(session, [second.id, "nobody", first.id], START)

        with pytest.raises(InputError):
            page(session, "nobody", START)

    assert [one.person.id for one in lines] == [second.id, first.id]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["", "좋다", "아프다"]), st.sampled_from(list(Feeling))), max_size=8))
def test_what_a_session_counts_is_what_its_turns_say(tmp_path: Path, said: list[tuple[str, Feeling]]) -> None:
    """The counts kept with each turn are those that counting the turns gives."""
    with record_in(tmp_path / "record", FakeClock()) as record:
        person = agreeing(record)
        session_id = talk(record, person, START, *(turn(START, words, feeling) for words, feeling in said))

        with record.database.reading() as session:
            row = session.get_one(SessionRow, session_id)
            spoken = TurnRow.session_id == session_id, TurnRow.heard != ""
            counted = [
                session.scalar(select(func.count()).select_from(TurnRow).where(*spoken, *felt))
                for felt in ((), (TurnRow.feeling.in_(BRIGHT),), (TurnRow.feeling.in_(HEAVY),))
            ]

            assert [row.heard_turns, row.bright_turns, row.heavy_turns] == counted


def test_what_was_kept_before_sessions_counted_is_counted(tmp_path: Path, empty_url: str) -> None:
    """A record of revision 0005 with conversations is brought up with the counts of its turns."""
    engine = server(empty_url) if empty_url else encrypted(tmp_path / "record.sqlite3", bytes(32))
    with engine.execution_options(begin="IMMEDIATE").begin() as connection:
        bring_up(connection, place="here", to="0005")
        for statement in _OLD:
            connection.execute(text(statement))
        bring_up(connection, place="here")
        counts = connection.execute(
            text("SELECT heard_turns, bright_turns, heavy_turns, last_turn_at FROM sessions ORDER BY id")
        ).all()
    engine.dispose()

    assert [tuple(row[:3]) for row in counts] == [(3, 1, 1), (0, 0, 0)]
    assert [str(row[3])[:19] for row in counts] == ["2026-11-01 00:00:04", "None"]


_STAMPS = "'', ''"
_OLD = (
    """INSERT INTO people (id, name, address, "group", understanding_doubtful, dementia_stage,
        screening_despite_dementia, speech, device_id, centre_id, at, zone)
        VALUES ('one', '', 'one', '', false, '', false, '{}', '', '', '2026-11-01 00:00:00.000000', 'Asia/Seoul')""",
    *(
        f"""INSERT INTO sessions (id, person_id, started_at, zone, mode, profile, reply_driver, ended_by, device_id,
        centre_id) VALUES ('{name}', 'one', '2026-11-01 00:00:00.000000', '', '', '', '', '', {_STAMPS})"""  # noqa: S608 - fixed words
        for name in ("first", "second")
    ),
    *(
        f"""INSERT INTO turns (id, session_id, number, at, zone, kind, heard, hearing, heard_confidence, heard_from,
        act, topic, feeling, situation, understanding_confidence, risk_level, risk_kind, reply, reply_id, reply_source,
        guard, device_id, centre_id)
        VALUES ('turn-{number}', 'first', {number}, '2026-11-01 00:00:0{number}.000000', '',
        'exchange', '{heard}', '', 0, '', '', '', '{feeling}', '', 0, '', '', '', '', '', '', {_STAMPS})"""  # noqa: S608 - fixed words
        for number, (heard, feeling) in enumerate(
            (("one", "joy"), ("two", "pain"), ("three", "neutral"), ("", "joy")), 1
        )
    ),
)
