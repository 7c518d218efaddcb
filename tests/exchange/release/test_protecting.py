"""Laws of k-anonymity and l-diversity, of shared results and of shifted dates, over anything that can come."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from companion.core.research import Participant, Span
from companion.exchange.release.hierarchies import QUASI
from companion.exchange.release.protecting import WITHHELD, Demand, Protected, Quasi, Unreachable, protect, written
from companion.exchange.release.revealing import Level, Result, revealed
from companion.exchange.release.shifting import MOST_WEEKS, shift_of
from companion.wiring.releasing import hierarchies

KNOWN = hierarchies()
SEOUL = ZoneInfo("Asia/Seoul")
PEOPLE = st.builds(
    Participant,
    id=st.uuids().map(str),
    birth_year=st.none() | st.integers(1925, 1965),
    sex=st.sampled_from(["female", "male", ""]),
    region=st.sampled_from(["서울", "전남 곡성군", "제주도", "경기 성남시", "", "어딘가"]),
    zone=st.just("Asia/Seoul"),
    talks=st.just(True),
    health=st.just(True),
)
BANDS = st.sampled_from(["none", "0-4", "5-9", "10-14", "20-27"])
COHORTS = st.lists(st.tuples(PEOPLE, BANDS), max_size=60)
DEMANDS = st.builds(Demand, k=st.integers(2, 7), l=st.integers(2, 3), most_suppressed=st.floats(0, 0.5))


def quasi_of(people: list[Participant]) -> list[Quasi]:
    """Return every level of every quasi-identifier."""
    return [
        Quasi(
            name,
            [[KNOWN.value(name, level, one, 2026) for one in people] for level in range(KNOWN.levels(name))],
            KNOWN.levels(name) - 1,
        )
        for name in QUASI
    ]


@given(COHORTS, DEMANDS)
def test_nobody_who_is_kept_stands_alone(cohort: list[tuple[Participant, str]], demand: Demand) -> None:
    """Counted anew from what is shown: k in every class and with every written value, l values in every class."""
    people, bands = [one for one, _ in cohort], [band for _, band in cohort]
    found = protect(quasi_of(people), bands, demand)

    if isinstance(found, Unreachable):
        assert found.best_kept <= len(people)
        return
    classes: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for index, value in found.written.items():
        shown = tuple(KNOWN.value(name, found.levels[name], people[index], 2026) for name in QUASI)
        classes[shown][value] += 1
        assert value in (bands[index], WITHHELD)
    assert found.k == min(sum(values.values()) for values in classes.values()) >= demand.k
    assert found.l == min(len(values) for values in classes.values()) >= demand.l
    assert min(count for values in classes.values() for count in values.values()) >= demand.k
    assert set(found.written) | set(found.suppressed) == set(range(len(people)))
    assert len(found.suppressed) <= demand.most_suppressed * len(people)


@given(COHORTS, DEMANDS, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(
    cohort: list[tuple[Participant, str]], demand: Demand, chance: object
) -> None:
    """The same people come to the same classes."""
    again = list(cohort)
    chance.shuffle(again)  # type: ignore[attr-defined] # a Random

    def found_of(some: list[tuple[Participant, str]]) -> object:
        found = protect(quasi_of([one for one, _ in some]), [band for _, band in some], demand)
        if isinstance(found, Unreachable):
            return found
        return found.levels, {key: len(members) for key, members in found.classes.items()}, found.k, found.l

    assert found_of(cohort) == found_of(again)


@given(COHORTS)
def test_too_few_people_are_never_shown(cohort: list[tuple[Participant, str]]) -> None:
    """Fewer than k come to no class at all."""
    people = cohort[:4]
    found = protect(quasi_of([one for one, _ in people]), [band for _, band in people], Demand(5, 2, 0.5))

    assert isinstance(found, Unreachable)


@given(PEOPLE, PEOPLE)
def test_who_is_alike_stays_alike_where_it_is_coarser(one: Participant, other: Participant) -> None:
    """The law of the hierarchies."""
    for name in QUASI:
        for level in range(KNOWN.levels(name) - 1):
            if KNOWN.value(name, level, one, 2026) == KNOWN.value(name, level, other, 2026):
                assert KNOWN.value(name, level + 1, one, 2026) == KNOWN.value(name, level + 1, other, 2026)


@given(st.lists(BANDS, max_size=40), st.integers(2, 7))
def test_no_written_value_belongs_to_fewer_than_k(values: list[str], k: int) -> None:
    """Where there are k people at all; of fewer everything is withheld."""
    counts = Counter(written(values, k))

    assert set(counts) <= {WITHHELD, *values}
    assert min(counts.values(), default=k) >= min(k, len(values))


RESULTS = st.lists(
    st.builds(
        Result,
        group=st.integers(0, 1),
        person=st.integers(0, 8),
        setting=st.sampled_from(["phq9", "gds15"]),
        total=st.none() | st.integers(0, 6),
        band=st.just(""),
        items=st.lists(st.integers(0, 2), min_size=3, max_size=3).map(
            lambda scores: tuple((f"item{place}", score) for place, score in enumerate(scores))
        ),
    ).map(
        lambda one: (
            one
            if one.total is None
            else Result(one.group, one.person, one.setting, one.total, f"{one.total // 3}", one.items)
        )
    ),
    max_size=80,
)


@given(RESULTS, st.integers(2, 5))
def test_each_shown_result_is_shared(results: list[Result], k: int) -> None:
    """Whoever knows one total, band or answer finds k people who show it in the class, or nobody."""
    levels = revealed(results, k)
    holders: dict[object, set[int]] = defaultdict(set)
    for one, level in zip(results, levels, strict=True):
        seen: list[object] = []
        if level >= Level.BAND:
            seen.append(("band", one.band))
        if level >= Level.TOTAL:
            seen.append(("total", one.total))
        if level is Level.ITEMS:
            seen += one.items
        for value in seen:
            holders[one.group, one.setting, value].add(one.person)

    assert all(len(people) >= k for people in holders.values())


DAYS = st.dates(date(2024, 1, 1), date(2026, 11, 26))


@given(st.binary(min_size=32, max_size=32), st.uuids().map(str), DAYS, DAYS, st.integers(0, 26))
def test_shifted_dates_keep_intervals_and_weekdays(
    secret: bytes, person: str, one: date, other: date, trim: int
) -> None:
    """All of a person's dates move by the same whole weeks, at most a year, never by nothing."""
    first, last = sorted((one, other))
    noon = [datetime(day.year, day.month, day.day, 3, tzinfo=UTC) for day in (first, last)]
    shift = shift_of(secret, person, Span(*noon), zone=SEOUL, trim_weeks=trim)

    assert shift.day(other) - shift.day(one) == other - one
    assert shift.day(one).weekday() == one.weekday()
    assert timedelta(0) < abs(shift.day(one) - one) <= timedelta(weeks=MOST_WEEKS)
    assert shift.week(one).weekday() == 0
    assert first <= shift.first <= first + timedelta(weeks=trim)
    assert last - timedelta(weeks=trim) <= shift.last <= last


@given(st.uuids().map(str))
def test_a_person_moves_otherwise_in_another_release(person: str) -> None:
    """Over many releases one person's shift takes many values: nothing of it is the person's own."""
    moved = {shift_of(bytes([one]) * 32, person, None, zone=SEOUL, trim_weeks=0).weeks for one in range(64)}

    assert len(moved) > 20


def test_protection_is_a_value_that_says_what_it_did() -> None:
    """Twelve alike but for one: the one is left out, the others stay as fine as they were."""

    def person(year: int) -> Participant:
        return Participant("", year, "female", "서울", "Asia/Seoul", talks=True, health=True)

    people = [person(1945)] * 12 + [person(1930)]
    found = protect(quasi_of(people), ["0-4", "5-9"] * 6 + ["0-4"], Demand(5, 2, 0.1))

    assert isinstance(found, Protected)
    assert (found.suppressed, found.k, found.l, dict(found.levels)) == ((12,), 12, 2, {"age": 0, "sex": 0, "region": 0})
