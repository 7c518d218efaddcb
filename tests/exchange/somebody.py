"""Half a year of one invented person, in a real encrypted record: whatever an export may hold is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import sin
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from companion.core.access import OWNER, Identity, Role
from companion.core.body import Import, Reading
from companion.core.consent import Answer as Decided
from companion.core.consent import Decision, Giver, Item, Manner, Wording
from companion.core.heard import Heard
from companion.core.life import Activity, Outcome
from companion.core.person import Contact, Person, channel_name
from companion.core.record import NewAlert, NewSession, NewStep, NewTurn, TurnKind
from companion.core.turn import Act, Feeling, Reply, ReplySource, Understanding
from companion.safety.alerts import AlertNote, AlertStatus, DeliveryOutcome
from companion.safety.delivering import PlannedTry
from companion.screening.instrument import Instrument
from companion.screening.record import (
    Answer,
    Asker,
    Confirmed,
    Decider,
    Evidence,
    Form,
    ItemOutcome,
    Observation,
    Said,
    Screening,
    Status,
)
from companion.store.database import Stamp
from companion.store.opening import Place, open_record
from companion.store.record import Record
from companion.store.screenings import Begun
from companion.store.viewing import Viewer
from companion.wiring.instruments import instruments
from tests.fakes.clock import FakeClock

SEOUL: Final = ZoneInfo("Asia/Seoul")
FIRST_DAY: Final = datetime(2026, 6, 1, 9, 30, tzinfo=SEOUL)
NURSE: Final = "박간호사"
DAUGHTER: Final = "큰따님"
ADMINISTRATOR: Final = "관리자"
PASSWORD: Final = "긴 비밀번호 하나둘셋"  # noqa: S105 - a test's own
PASSPHRASE: Final = "correct horse battery"  # noqa: S105 - of no record but those of tests
CHANNEL: Final = "ntfy://example.invalid/daughter"
DANGEROUS: Final = "요새는 그냥 자다가 조용히 갔으면 좋겠다 싶을 때가 있어."

_WEEKS: Final = 24
_PHQ9: Final[Mapping[int, str]] = {1: "122110100", 5: "121111100", 9: "232222210", 13: "12211-100", 17: "111100100"}
"""Options by week, item by item; ``-`` is not answered."""
_GDS15: Final[Mapping[int, str]] = {3: "nyyynnnnyynnnnn", 19: "ynnyynynnyynynn"}
_LONG: Final = (
    "한 일주일 넘게 그랬던 것 같아요. 영감 제사 지내고 나서부터는 아침에 눈을 떠도 일어나기가 싫고, 밥상 차리는 것도 "
    "귀찮아서 그냥 누워 있다가 점심때나 되어야 겨우 물에 말아 한술 뜨고 그랬지."
)
_REPLIES: Final[Mapping[str, Sequence[str]]] = {
    "0": ("아니, 그런 건 없어요.", "그런 적은 없지.", "전혀요. 괜찮아요."),
    "1": ("한 사나흘 그랬나, 며칠 그랬어요.", "어쩌다 며칠은 그랬지.", "이틀인가 사흘인가 그랬어요."),
    "2": (
        _LONG,
        "반 넘게 그랬지. 열흘은 됐나 봐.",
        "일주일은 더 그랬어요.",
    ),
    "3": ("거의 날마다 그랬어.", "매일이지 뭐.", "하루도 안 그런 날이 없었어요."),
    "y": ("예, 그래요.", "그렇지요, 그런 편이지.", "그럼요."),
    "n": ("아니요, 안 그래요.", "아니, 그렇지는 않아.", "아니에요."),
    "-": ("그건 대답 안 할래요.",),
}


@dataclass
class Somebody:
    """The record, the clock, and who is in it."""

    record: Record
    clock: FakeClock
    person: Person

    def viewer(self, name: str = NURSE) -> Viewer:
        """Sign an account in and return what it may read."""
        accounts = self.record.accounts
        return Viewer(self.record.database, self.record.audit, accounts.whoami(accounts.sign_in(name, PASSWORD)))

    def decide(self, item: Item, answer: Decided = Decided.GIVEN, *, named: str = "") -> None:
        """Take down a decision of the person."""
        decide(self.record, self.person, self.clock.now(), item, answer, named=named)


def decide(
    record: Record, person: Person, at: datetime, item: Item, answer: Decided = Decided.GIVEN, *, named: str = ""
) -> None:
    """Take down what a person decides for themselves."""
    wording = Wording("1", "0" * 64)
    decision = Decision(item, answer, at, Giver.PERSON, person.name, Manner.SPOKEN, wording, named=named)
    record.consents.decide(person.id, decision)


@contextmanager
def somebody(folder: Path, *, weeks: int = _WEEKS, lived: bool = True) -> Iterator[Somebody]:
    """Give the record, open, on the day after the last week; without ``lived`` nothing ever happened."""
    clock = FakeClock(FIRST_DAY)
    record = open_record(Place(folder), stamp=Stamp("device-1"), now=clock.now, ask=lambda: PASSPHRASE)
    try:
        one = Somebody(record, clock, _person(record, clock))
        if lived:
            _Life(one, weeks).live()
        yield one
    finally:
        record.close()


def _person(record: Record, clock: FakeClock) -> Person:
    person = record.people.add(Person(id="", address="순자님", name="김순자", birth_year=1944, group="행복마을 2반"))
    record.people.add_contact(
        Contact("", person.id, DAUGHTER, "딸", "010-1234-5678", 1, (CHANNEL,), told_of_abuse=True)
    )
    for item in (Item.CONVERSATION, Item.HEALTH):
        decide(record, person, clock.now(), item)
    decide(record, person, clock.now(), Item.ALERTS, named=DAUGHTER)
    decide(record, person, clock.now(), Item.RESEARCH, Decided.REFUSED)
    record.accounts.add(OWNER, ADMINISTRATOR, Role.ADMINISTRATOR, PASSWORD)
    administrator = record.accounts.whoami(record.accounts.sign_in(ADMINISTRATOR, PASSWORD))
    for name, role in ((NURSE, Role.CLINICIAN), (DAUGHTER, Role.CAREGIVER)):
        record.accounts.add(administrator, name, role, PASSWORD)
        decide(record, person, clock.now(), Item.SHARING, named=name)
        record.grants.grant(administrator, name, person.id)
    return person


class _Life:
    def __init__(self, one: Somebody, weeks: int) -> None:
        self.one, self.weeks = one, weeks
        self.record, self.clock, self.person = one.record, one.clock, one.person
        self.known = instruments()
        self.readings: list[Reading] = []

    def live(self) -> None:
        for week in range(1, self.weeks + 1):
            self._week(week)
        brought = Import("vitals", "health.csv", "1" * 64, self.clock.now())
        self.record.readings.bring_in(self.person.id, brought, self.readings)

    def _week(self, week: int) -> None:
        for day in range(7):
            self._measured(week, day)
            if day in (0, 3):
                self._talked(week, day)
            self.clock.advance(timedelta(days=1).total_seconds())

    def _measured(self, week: int, day: int) -> None:
        morning = self.clock.now()
        number = week * 7 + day
        sway = sin(number * 1.7) + sin(number * 0.61) + sin(number * 0.11)
        low = 8 <= week <= 11
        steps, sleep = 2600 + 450 * sway - 900 * low, 385 + 28 * sway - 70 * low
        self.readings += [
            Reading("systolic", round(134 + 5 * sway + 4 * low), "mm[Hg]", morning),
            Reading("diastolic", round(76 + 3 * sway), "mm[Hg]", morning),
            Reading("heart_rate", round(69 + 3 * sway), "/min", morning),
            Reading("steps", round(steps), "{steps}", morning + timedelta(hours=10)),
            Reading("sleep", round(sleep), "min", morning - timedelta(hours=8), until=morning),
        ]

    def _talked(self, week: int, day: int) -> None:
        heavy = 8 <= week <= 11
        feelings = (Feeling.LONELINESS, Feeling.SADNESS) if heavy else (Feeling.NEUTRAL, Feeling.JOY)
        session_id = self.record.conversations.start_session(
            NewSession(self.person.id, self.clock.now(), "microphone", "embedded", "bank")
        )
        for number, feeling in enumerate(feelings, 1):
            self.record.conversations.add_turn(session_id, number, self._turn(feeling))
        if week == 9 and day == 3:
            self._danger(session_id, 3)
        if day == 0:
            self._asked(week, session_id)
        else:
            self._did(week, session_id)
        self.clock.advance(1200)
        self.record.conversations.end_session(session_id, self.clock.now(), "person")
        self.clock.advance(-1200)

    def _turn(self, feeling: Feeling, words: str = "그냥 그래") -> NewTurn:
        understood = Understanding(act=Act.TELL, topic="mood", feeling=feeling, confidence=0.8, situation="mood.so")
        reply = Reply(text="그러셨어요?", source=ReplySource.BANK, id="other.neutral.0")
        return NewTurn(
            at=self.clock.now(),
            kind=TurnKind.EXCHANGE,
            reply=reply,
            heard=Heard.typed(words),
            understanding=understood,
        )

    def _danger(self, session_id: str, number: int) -> None:
        contact = self.record.people.contacts(self.person.id)[0]
        order = NewAlert("concern", "passive_wish", 900, (contact.id,), told_person=True)
        found = replace(
            self._turn(Feeling.SADNESS, DANGEROUS),
            risk_level="concern",
            risk_kind="passive_wish",
            risk_evidence="death.wish",
            risk_confidence=0.9,
            risk_standing="concern",
            lexicon_version="1",
            steps=(NewStep("say", "safety.stay"), NewStep("ask", "safety.ask_thoughts", "thoughts")),
            alerts=(order,),
            protocol_version="1",
        )
        self.record.conversations.add_turn(session_id, number, found)
        self._told(contact)

    def _told(self, contact: Contact) -> None:
        alert = self.record.alerts.open()[0].alert
        channel = channel_name(CHANNEL)
        for number, outcome in ((1, DeliveryOutcome.FAILED), (2, DeliveryOutcome.SENT)):
            one = PlannedTry(alert.id, contact.id, channel, number, self.clock.now(), rules_version="1")
            self.clock.advance(60)
            self.record.alerts.plan([one])
            self.record.alerts.begin(one.key)
            self.record.alerts.finish(one.key, outcome, "" if outcome == DeliveryOutcome.SENT else "alerts.no_answer")
        for status, note in (
            (AlertStatus.ACKNOWLEDGED, "전화드렸습니다. 오늘 저녁에 찾아뵙겠습니다."),
            (AlertStatus.RESOLVED, "만나 뵙고 이야기 나눴습니다. 다음 주에 정신건강복지센터에 함께 가기로 했습니다."),
        ):
            self.clock.advance(1800)
            self.record.alert_care.note(
                self._signed_in(DAUGHTER), alert.id, AlertNote("", self.clock.now(), DAUGHTER, status, note)
            )
        self.clock.advance(-3720)

    def _signed_in(self, name: str) -> Identity:
        return self.record.accounts.whoami(self.record.accounts.sign_in(name, PASSWORD))

    def _asked(self, week: int, session_id: str) -> None:
        if week in _PHQ9:
            self._screened(self.known["phq9"], _PHQ9[week], session_id)
        if week in _GDS15:
            self._screened(self.known["gds15"], _GDS15[week], session_id)
        if week == 21:
            self._begun(Screening("gds15", *_stamp(self.known["gds15"]), Status.REFUSED, Asker.PLAN), session_id)
        if week == 8:
            self.record.screenings.observe(
                self.person.id,
                Observation("sleep", "phq9.3", "밤에 자꾸 깨서 천장만 보고 있어", "sleep.broken"),
                self.clock.now(),
            )

    def _screened(self, instrument: Instrument, options: str, session_id: str) -> None:
        answers = answers_of(instrument, options)
        screening = Screening(
            instrument.id, *_stamp(instrument), Status.COMPLETE, Asker.PLAN, answers, replies=len(answers), whole=True
        )
        kept = self._begun(replace(screening, status=Status.IN_PROGRESS, answers=()), session_id)
        self.record.screenings.go_on(self.person.id, kept, screening)

    def _begun(self, screening: Screening, session_id: str) -> str:
        return self.record.screenings.begin(self.person.id, screening, Begun("voice", session_id, "w" * 8))

    def _did(self, week: int, session_id: str) -> None:
        scripts = ("breath_plain", "three_good", "hometown_road", "seated_arms")
        outcome = (Outcome.DONE, Outcome.DONE, Outcome.STOPPED, Outcome.REFUSED)[week % 4]
        before = 3 + week % 3
        moods = (before, before + 1 + week % 2) if outcome is Outcome.DONE else (None, None)
        self.record.activities.keep(
            self.person.id, Activity(scripts[week % 4], outcome, self.clock.now(), session_id, "1", *moods)
        )


def answers_of(instrument: Instrument, options: str) -> tuple[Answer, ...]:
    """Return answers to the scored items in their order, each with what was said; ``-`` is a skipped item."""
    names = {"y": "yes", "n": "no"}
    return tuple(
        _answer(instrument, number, names.get(option, option), option) for number, option in enumerate(options, 1)
    )


def _answer(instrument: Instrument, number: int, option_id: str, letter: str) -> Answer:
    item = instrument.scored[number - 1]
    reply = _REPLIES[letter][number % len(_REPLIES[letter])]
    said = Said(item.text, reply, 0.92)
    chosen = None if letter == "-" else item.scale.option(option_id)
    return Answer(
        item=item.id,
        link=item.code,
        order=number,
        outcome=ItemOutcome.SKIPPED if chosen is None else ItemOutcome.ANSWERED,
        asked=item.text,
        form=Form.QUESTION,
        reply=reply,
        option=None if chosen is None else chosen.id,
        option_text="" if chosen is None else chosen.text,
        score=None if chosen is None else item.score(chosen),
        code="" if chosen is None else chosen.code,
        confidence=0.0 if chosen is None else 0.94,
        evidence=() if chosen is None else (Evidence(reply[:4], 0, 4),),
        rule="" if chosen is None else "days.count",
        decider=Decider.NOBODY if chosen is None else Decider.GRAMMAR,
        confirmed=Confirmed.YES if letter == "2" else Confirmed.NOT_ASKED,
        confirmations=1 if letter == "2" else 0,
        replies=(said,),
    )


def _stamp(instrument: Instrument) -> tuple[str, str]:
    return instrument.version, instrument.digest
