"""What is due, when: the laws of speaking first, over whole lives of days, restarts and clocks that jump."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from companion.core.occasion import KeptOccasion, Occasion, Outcome
from companion.core.schedule import QuietHours, Schedule
from companion.dialogue.daily.looking import (
    Agenda,
    CallOut,
    Duty,
    Look,
    Promise,
    Remind,
    Standing,
    TellPeople,
    look,
    stale,
)
from companion.dialogue.daily.rules import Kind, load_daily_rules
from companion.prompts import prompt_table

RULES = load_daily_rules(prompt_table("daily/rules.toml"))
SEOUL = ZoneInfo("Asia/Seoul")
NEW_YORK = ZoneInfo("America/New_York")
NIGHT = QuietHours(time(21), time(7))
MORNING = datetime(2026, 11, 27, 6, 0, tzinfo=SEOUL)


def standing(kind: Kind = Kind.MEDICINE, source: str = "", **schedule: Any) -> Standing:  # noqa: ANN401 - JSON
    return Standing(source or str(kind), kind, Schedule.parse(schedule or {"times": ["08:00"]}), "혈압약")


def agenda(*standings: Standing, zone: ZoneInfo = SEOUL, promises: tuple[Promise, ...] = ()) -> Agenda:
    return Agenda(RULES, zone, NIGHT, standings, promises)


@dataclass
class Life:
    """A record in memory, and a person who answers or does not."""

    agenda: Agenda
    now: datetime
    kept: list[KeptOccasion] = field(default_factory=list)
    said: list[tuple[datetime, Duty]] = field(default_factory=list)

    def look(self) -> Look:
        return look(self.agenda, self.kept, self.now)

    def step(self, *, answers: bool = False, dies: bool = False) -> Look:
        """Look once, settle what is settled, and do what is due; a process that dies leaves it begun."""
        found = self.look()
        for one in found.settled:
            self._keep(one.occasion, one.number, one.outcome)
        match found.duty:
            case Remind(occasions):
                self.said.append((self.now, found.duty))
                for occasion in occasions:
                    self._keep(occasion, 1, Outcome.BEGUN if dies else Outcome.SAID)
            case CallOut(occasion, call):
                self.said.append((self.now, found.duty))
                outcome = Outcome.ANSWERED if answers else Outcome.UNANSWERED
                self._keep(occasion, call.number, Outcome.BEGUN if dies else outcome)
            case TellPeople(occasion, tell):
                self.said.append((self.now, found.duty))
                self._keep(occasion, tell.number, Outcome.TOLD)
            case None:
                pass
        return found

    def restart(self) -> None:
        for one in stale(self.kept):
            self.kept[self.kept.index(one)] = replace(one, outcome=Outcome.INTERRUPTED)

    def run_until(self, end: datetime, *, answers: bool = False) -> None:
        """Live on without a pause."""
        while self.now < end:
            found = self.step(answers=answers)
            if found.duty is None:
                assert found.next_at > self.now
                self.now = min(found.next_at, end).astimezone(self.now.tzinfo)
            else:
                self.now += timedelta(seconds=5)

    def _keep(self, occasion: Occasion, number: int, outcome: Outcome) -> None:
        self.kept.append(
            KeptOccasion(occasion.key, number, occasion.kind, occasion.source_id, occasion.due_at, self.now, outcome)
        )

    def spoken_keys(self) -> list[str]:
        keys = []
        for _, duty in self.said:
            if isinstance(duty, Remind):
                keys += [f"{one.key}#1" for one in duty.occasions]
            elif isinstance(duty, CallOut):
                keys.append(f"{duty.occasion.key}#{duty.call.number}")
            else:
                keys.append(f"{duty.occasion.key}#told")
        return keys


def hours(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


standings = st.lists(
    st.builds(
        lambda kind, number, times, at_night: standing(
            kind, f"{kind}-{number}", times=[hours(one) for one in times], in_quiet_hours=at_night
        ),
        st.sampled_from([Kind.MEDICINE, Kind.WATER, Kind.APPOINTMENT, Kind.CHECK_IN]),
        st.integers(0, 3),
        st.lists(st.integers(0, 24 * 60 - 1), min_size=1, max_size=4),
        st.booleans(),
    ),
    max_size=5,
    unique_by=lambda one: one.source_id,
)
steps = st.lists(
    st.tuples(st.integers(0, 700), st.booleans(), st.booleans(), st.sampled_from([0, 0, 0, -180, -61, 61, 1500])),
    max_size=25,
)


@settings(max_examples=400, deadline=None)
@given(standings=standings, steps=steps, zone=st.sampled_from([SEOUL, NEW_YORK]))
def test_whatever_the_clock_does_nothing_is_said_twice_or_at_night(
    standings: list[Standing], steps: list[tuple[int, bool, bool, int]], zone: ZoneInfo
) -> None:
    """Sleeps, deaths and clocks set forwards and back: each occasion sounds once, and not in quiet hours."""
    life = Life(agenda(*standings, zone=zone), datetime(2026, 10, 31, 6, 0, tzinfo=UTC))
    at_night = {one.source_id for one in standings if one.schedule.in_quiet_hours}
    for minutes, answers, dies, jump in steps:
        life.now += timedelta(minutes=minutes + jump)
        for _ in range(3):
            life.step(answers=answers, dies=dies)
        if dies:
            life.restart()
    assert len(life.spoken_keys()) == len(set(life.spoken_keys()))
    for moment, duty in life.said:
        occasions = duty.occasions if isinstance(duty, Remind) else (duty.occasion,)
        assert len(occasions) <= RULES.together
        if not isinstance(duty, TellPeople) and NIGHT.holds(moment, zone):
            assert {one.source_id for one in occasions} <= at_night


@settings(max_examples=1500, deadline=None)
@given(standings=standings, asleep=st.integers(1, 4000), answers=st.booleans())
def test_a_long_sleep_is_followed_by_no_avalanche(standings: list[Standing], asleep: int, answers: bool) -> None:  # noqa: FBT001
    """However much was missed, two things that begin are three minutes apart."""
    life = Life(agenda(*standings), MORNING + timedelta(minutes=asleep))
    life.run_until(life.now + timedelta(hours=3), answers=answers)
    begun = [at for at, duty in life.said if not isinstance(duty, TellPeople) and not is_repeated(duty)]
    assert all(
        later - earlier >= RULES.apart or NIGHT.holds(earlier + RULES.apart, SEOUL)
        for earlier, later in pairwise(begun)
    )


def is_repeated(duty: Duty) -> bool:
    return isinstance(duty, CallOut) and duty.call.number > 1


@settings(max_examples=150, deadline=None)
@given(
    minutes=st.lists(st.integers(7 * 60, 21 * 60 - 1), min_size=1, max_size=5), zone=st.sampled_from([SEOUL, NEW_YORK])
)
def test_every_medicine_is_said_once_on_every_day_that_a_device_is_awake(minutes: list[int], zone: ZoneInfo) -> None:
    """Also on the days on which the clock changes to and from summer time."""
    times = [hours(one) for one in minutes]
    starts = datetime(2026, 10, 30, 0, 0, tzinfo=zone)
    life = Life(
        agenda(*[standing(Kind.MEDICINE, f"m{n}", times=[at]) for n, at in enumerate(times)], zone=zone), starts
    )
    life.run_until(starts + timedelta(days=4))
    days = [date(2026, 10, 30) + timedelta(days=ahead) for ahead in range(3)]
    wanted = {f"m{n}/{day}T{at}#1" for n, at in enumerate(times) for day in days}
    assert wanted <= set(life.spoken_keys())


def test_a_time_that_the_clock_leaves_out_falls_due_when_it_has_jumped() -> None:
    """Half past two on the day on which summer time begins is half past three."""
    (fell,) = Schedule.parse({"times": ["02:30"]}).between(
        datetime(2026, 3, 8, 0, 0, tzinfo=NEW_YORK), datetime(2026, 3, 8, 12, 0, tzinfo=NEW_YORK), NEW_YORK
    )
    assert fell.at.astimezone(NEW_YORK).time() == time(3, 30)


def test_a_time_that_comes_twice_falls_due_once() -> None:
    """Half past one on the day on which summer time ends."""
    life = Life(
        replace(agenda(standing(times=["01:30"], in_quiet_hours=True), zone=NEW_YORK)),
        datetime(2026, 11, 1, 0, 0, tzinfo=NEW_YORK),
    )
    life.run_until(datetime(2026, 11, 1, 6, 0, tzinfo=NEW_YORK))
    assert life.spoken_keys() == ["medicine/2026-11-01T01:30#1"]


def test_a_medicine_is_not_said_hours_late() -> None:
    """Somebody who took it by themselves must not take it again."""
    life = Life(agenda(standing()), MORNING.replace(hour=9, minute=30))
    life.step()
    assert life.said == []
    assert life.kept[-1].outcome is Outcome.PASSED


def test_what_was_due_before_it_was_set_is_not_said() -> None:
    """Eight o'clock is over when it is set at ten past."""
    set_at = MORNING.replace(hour=8, minute=10)
    life = Life(agenda(replace(standing(), since=set_at)), set_at + timedelta(minutes=1))
    assert life.step().duty is None
    assert life.kept == []


def test_medicines_of_the_same_hour_are_said_in_one_breath() -> None:
    """Three of them at most."""
    life = Life(agenda(*[standing(source=f"m{number}") for number in range(4)]), MORNING.replace(hour=8))
    duty = life.step().duty
    assert isinstance(duty, Remind)
    assert [one.source_id for one in duty.occasions] == ["m0", "m1", "m2"]


def test_somebody_who_does_not_answer_is_called_six_times_and_then_the_people_are_told_once() -> None:
    """Twice in each of three rounds, the second time louder."""
    life = Life(agenda(standing(Kind.CHECK_IN, times=["10:30"])), MORNING)
    life.run_until(MORNING + timedelta(hours=12))
    calls = [duty for _, duty in life.said if isinstance(duty, CallOut)]
    assert [duty.call.louder for duty in calls] == [False, True] * 3
    assert [duty.call.last for duty in calls] == [False] * 5 + [True]
    assert [type(duty) for _, duty in life.said[6:]] == [TellPeople]
    told = life.said[-1][0]
    assert timedelta(minutes=40) <= told - life.said[0][0] <= timedelta(minutes=45)


def test_whoever_answers_is_not_called_again() -> None:
    """And nobody is told."""
    life = Life(agenda(standing(Kind.CHECK_IN, times=["10:30"])), MORNING)
    life.run_until(MORNING + timedelta(hours=12), answers=True)
    assert len(life.said) == 1


def test_whoever_talked_meanwhile_needs_no_call() -> None:
    """Just before a check-in, or between two calls of it."""
    plan = agenda(replace(standing(Kind.CHECK_IN, times=["10:30"]), since=MORNING))
    at = MORNING.replace(hour=10, minute=31)
    met = look(plan, (), at, met_at=at - timedelta(minutes=20))
    assert (met.duty, [one.outcome for one in met.settled]) == (None, [Outcome.MET])
    life = Life(plan, at)
    life.step()
    came = look(plan, life.kept, at + timedelta(minutes=5), met_at=at + timedelta(minutes=2))
    assert (came.duty, [one.outcome for one in came.settled]) == (None, [Outcome.ANSWERED])


def test_nobody_is_called_into_the_night_the_people_are_told_instead() -> None:
    """The first round before quiet hours, the second would be in them."""
    life = Life(agenda(standing(Kind.CHECK_IN, times=["20:55"])), MORNING)
    life.run_until(MORNING + timedelta(hours=20))
    assert [type(duty) for _, duty in life.said] == [CallOut, CallOut, TellPeople]
    assert life.said[-1][0] < MORNING.replace(hour=21)


def test_two_check_ins_do_not_call_at_the_same_time() -> None:
    """While somebody is called for one, the other passes."""
    plan = agenda(standing(Kind.CHECK_IN, "a", times=["10:30"]), standing(Kind.CHECK_IN, "b", times=["10:40"]))
    life = Life(plan, MORNING)
    life.run_until(MORNING + timedelta(hours=12))
    assert {duty.occasion.source_id for _, duty in life.said if not isinstance(duty, Remind)} == {"a"}


def test_a_promise_is_asked_after_once_when_it_should_be_over() -> None:
    """Three hours after, and not again where nobody answers."""
    due = MORNING.replace(hour=10)
    life = Life(agenda(promises=(Promise("m1", due, "내일 병원 가야 돼"),)), MORNING)
    life.run_until(MORNING + timedelta(days=2))
    assert [(at.hour, type(duty)) for at, duty in life.said] == [(13, CallOut)]


def test_a_schedule_says_what_it_cannot_understand() -> None:
    """The part is named, so that whoever typed it can mend it."""
    bad: list[dict[str, object]] = [
        {},
        {"times": "8시"},
        {"times": ["25:00"]},
        {"every_minutes": 5, "from": "9:00", "to": "10:00"},
    ]
    bad += [{"times": "8:00", "days": ["someday"]}, {"times": "8:00", "on": "tomorrow"}, {"every_minutes": 60}]
    for table in bad:
        try:
            Schedule.parse(table)
        except ValueError:
            continue
        raise AssertionError(table)


def test_every_two_hours_is_a_series_of_times() -> None:
    """From nine to seven, both included."""
    assert Schedule.parse({"every_minutes": 300, "from": "09:00", "to": "19:00"}).times == (time(9), time(14), time(19))
