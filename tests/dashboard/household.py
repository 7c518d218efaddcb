"""Five invented people in a real encrypted record, as they stood on the morning of ``START``; no chance, no clock.

김영자: in danger two hours ago, nobody took the alert on; her PHQ-9 rose; agreed to everything. 박말순: did not answer
this morning's check-in. 이순자: took back that conversations are kept. 최복례: all is calm. 정옥분: never granted.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from companion.core.access import OWNER, Role
from companion.core.body import Import, Reading
from companion.core.consent import Answer, Decision, Giver, Item, Manner, Wording
from companion.core.heard import Heard
from companion.core.person import Contact, Person
from companion.core.record import NewAlert, NewSession, NewTurn, TurnKind
from companion.core.turn import Act, Feeling, Reply, ReplySource, Understanding
from companion.store.record import Record
from companion.store.tables.base import Base
from companion.store.tables.daily import ErrandRow, OccasionRow
from companion.store.tables.life import ActivityRow, MemoryRow, ReminderRow
from companion.store.tables.screening import AnswerRow, ObservationRow, ScreeningRow
from companion.wiring.instruments import instruments
from tests.fakes.clock import START

PASSWORD = "따뜻한 보리차 한 잔"  # noqa: S105 - of no record but those of tests
DAUGHTER, ADMINISTRATOR = "큰따님", "관리인"
_ID = "01900000-0000-7000-8000-00000000000{}"
YOUNGJA = Person(id=_ID.format(1), address="영자 님", name="김영자", birth_year=1943, group="달밭")
MALSOON = Person(id=_ID.format(2), address="말순 님", name="박말순", birth_year=1938, group="달밭")
SOONJA = Person(id=_ID.format(3), address="순자 님", name="이순자", group="느티나무")
BOKRYE = Person(id=_ID.format(4), address="복례 님", name="최복례", group="느티나무")
OKBOON = Person(id=_ID.format(5), address="옥분 님", name="정옥분", group="비밀마을")
PEOPLE = (YOUNGJA, MALSOON, SOONJA, BOKRYE, OKBOON)
SECRET = "아무도 모르는 옥분의 말"  # noqa: S105 - what somebody said
"""Said by 정옥분 alone."""
WITHDRAWN = "거두기 전에 순자가 한 말"
"""Said by 이순자 before she took her consent back."""


def fill(record: Record) -> None:
    """Write the five people."""
    _people(record)
    _youngja(record)
    talk(record, MALSOON, START - timedelta(days=1, hours=2), ("오늘은 날이 좋네", Feeling.JOY))
    _write(record, _check_in(MALSOON, 1, "unanswered"), _check_in(MALSOON, 2, "told"))
    talk(record, SOONJA, START - timedelta(days=3), (WITHDRAWN, Feeling.SADNESS))
    decide(record, SOONJA, Item.CONVERSATION, Answer.WITHDRAWN, START - timedelta(days=2))
    talk(record, BOKRYE, START - timedelta(hours=2), ("감자를 캤어", Feeling.JOY), ("고맙지", Feeling.GRATITUDE))
    talk(record, OKBOON, START - timedelta(hours=3), (SECRET, Feeling.LONELINESS))


def add_accounts(record: Record) -> None:
    """Add an administrator, and a daughter who may read four of the five."""
    record.accounts.add(OWNER, ADMINISTRATOR, Role.ADMINISTRATOR, PASSWORD)
    administrator = record.accounts.whoami(record.accounts.sign_in(ADMINISTRATOR, PASSWORD))
    record.accounts.add(administrator, DAUGHTER, Role.CAREGIVER, PASSWORD)
    for person in (YOUNGJA, MALSOON, SOONJA, BOKRYE):
        decide(record, person, Item.SHARING, named=DAUGHTER)
        record.grants.grant(administrator, DAUGHTER, person.id)


def decide(
    record: Record,
    person: Person,
    item: Item,
    answer: Answer = Answer.GIVEN,
    at: datetime = START,
    *,
    named: str = "",
) -> None:
    """Keep what a person decided."""
    wording = Wording("1", "0" * 64)
    made = Decision(item, answer, at, Giver.PERSON, person.name, Manner.SIGNED, wording, named=named)
    record.consents.decide(person.id, made)


def talk(record: Record, person: Person, at: datetime, *said: tuple[str, Feeling], risk: int = 0) -> str:
    """Keep one conversation; ``risk`` is the number of the turn in which danger was found."""
    begun = NewSession(person_id=person.id, started_at=at, mode="microphone", profile="embedded", reply_driver="bank")
    session_id = record.conversations.start_session(begun)
    for number, (words, feeling) in enumerate(said, 1):
        one = _turn(at + timedelta(minutes=number), words, feeling)
        record.conversations.add_turn(session_id, number, _in_danger(one) if number == risk else one)
    record.conversations.end_session(session_id, at + timedelta(minutes=10), "person")
    return session_id


def _turn(at: datetime, words: str, feeling: Feeling) -> NewTurn:
    topic = "sleep" if "잠" in words else "family_children" if "딸" in words else "mood"
    return NewTurn(
        at=at,
        kind=TurnKind.EXCHANGE,
        reply=Reply("네, 그러셨군요.", ReplySource.BANK, "other.0"),
        heard=Heard.typed(words),
        understanding=Understanding(Act.TELL, topic, feeling, 0.9),
        risk_level="none",
    )


def _in_danger(one: NewTurn) -> NewTurn:
    alert = NewAlert("urgent", "plan_or_means", 60, ("contact-1",), told_person=True)
    reply = Reply("지금 109에 전화하실 수 있어요.", ReplySource.FIXED, "safety.urgent")
    return replace(one, risk_level="urgent", risk_kind="plan_or_means", alerts=(alert,), reply=reply)


def _people(record: Record) -> None:
    for person in PEOPLE:
        record.people.add(person)
        for item in (Item.CONVERSATION, Item.HEALTH):
            decide(record, person, item, at=START - timedelta(days=100))
    daughter = Contact("contact-1", YOUNGJA.id, DAUGHTER, "딸", "010-1234-5678", channels=("ntfys://topic",))
    record.people.add_contact(replace(daughter, quiet_from=22, quiet_until=7))
    decide(record, YOUNGJA, Item.ALERTS, at=START - timedelta(days=100), named=DAUGHTER)


def _youngja(record: Record) -> None:
    for weeks in range(10, 0, -1):
        feeling = Feeling.JOY if weeks > 4 else Feeling.SADNESS
        said = ("잠이 안 와", feeling), ("딸이 보고 싶어", Feeling.LONGING)
        talk(record, YOUNGJA, START - timedelta(weeks=weeks), *said)
    said_now = ("잠을 한숨도 못 잤어", Feeling.FATIGUE), ("딸이 오늘 온대", Feeling.JOY)
    talk(record, YOUNGJA, START - timedelta(hours=2), *said_now, ("다 정리해 놨어", Feeling.SADNESS), risk=3)
    for number, scores in enumerate(([0, 1, 0, 1, 0, 0, 0, 0, 0], [1, 1, 2, 2, 1, 1, 1, 2, 0]), 1):
        _write(record, *screening(YOUNGJA, number, scores))
    _write(record, *_life(START - timedelta(hours=1)))
    readings = [
        Reading(kind, value + day % 5, unit, START - timedelta(days=day))
        for day in range(20)
        for kind, value, unit in (("systolic", 130.0, "mm[Hg]"), ("diastolic", 80.0, "mm[Hg]"))
    ]
    record.readings.bring_in(YOUNGJA.id, Import("vitals", "혈압.csv", "d" * 64, START), readings)


def _life(hour_ago: datetime) -> tuple[Base, ...]:
    who = YOUNGJA.id
    return (
        ObservationRow(id="sign", person_id=who, at=hour_ago, sign="sleep", quote="잠을 한숨도 못 잤어"),
        ActivityRow(
            id="act-1", person_id=who, at=START - timedelta(days=2), script="childhood_play", outcome="done",
            mood_before=4, mood_after=6,
        ),
        MemoryRow(
            id="mem-1", person_id=who, at=START - timedelta(days=3), kind="family", fact="큰딸이 부산에 산다",
            sentence="우리 큰딸은 부산 살아",
        ),
        ReminderRow(
            id="rem-1", person_id=who, at=START - timedelta(days=30), kind="check_in", words="잘 주무셨어요?",
            set_by=DAUGHTER, active=True, schedule={"times": ["10:30"]},
        ),
        ErrandRow(
            id="err-1", person_id=who, at=hour_ago, purpose="call", whom="큰딸", words="큰딸한테 전화 좀 해 줘",
            status="open",
        ),
    )  # fmt: skip


def _check_in(person: Person, number: int, outcome: str) -> Base:
    due = START - timedelta(hours=1)
    return OccasionRow(
        id=f"call-{person.id[-1]}-{number}", person_id=person.id, key="settings:10:30", number=number,
        kind="check_in", due_at=due, at=due, outcome=outcome,
    )  # fmt: skip


def screening(person: Person, number: int, scores: list[int]) -> tuple[Base, ...]:
    """Return a whole PHQ-9 with the words that were said, a month before the next one; the last one is a week old."""
    instrument = instruments()["phq9"]
    at = START - timedelta(days=7 + 30 * (2 - number))
    said = {0: "아니, 그런 적 없어", 1: "한 사흘", 2: "거의 반은 그랬지", 3: "날마다 그래"}
    one = f"screening-{number}"
    answers = [
        AnswerRow(
            id=f"{one}-{item.number}", screening_id=one, item=item.id, link=item.code, order=item.number,
            at=at + timedelta(minutes=item.number), asked=item.text, form="question", reply=said[score],
            option=item.scale.options[score].id, option_text=item.scale.options[score].text, score=score,
            outcome="answered", confidence=0.92, rule="days", decider="grammar",
            confirmed="yes" if score == 2 else "not_asked",
        )
        for item, score in zip(instrument.scored, scores, strict=True)
    ]  # fmt: skip
    row = ScreeningRow(
        id=one, person_id=person.id, number=number, instrument=instrument.id, version=instrument.version,
        digest=instrument.digest, status="complete", requested_by="plan", mode="voice", at=at,
        ended_at=at + timedelta(minutes=12),
    )  # fmt: skip
    return row, *answers


def _write(record: Record, *rows: Base) -> None:
    with record.database.writing() as session:
        for row in rows:
            session.add(row)
            session.flush()
