"""Who needs somebody first: an order that follows from the record alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.board import BoardLine, Worsened
from companion.core.need import Gravity, NeedLimits, Reason, by_need, need_of
from companion.core.overview import Allowed, OpenAlerts, OverviewLine
from companion.core.person import Person
from companion.errors import PromptError
from tests.fakes.clock import START

LIMITS = NeedLimits(timedelta(hours=26), 2)
LONG_AGO = START - timedelta(days=3)
WORSE = Worsened("phq9", "PHQ-9", 2, 11, 10, START)


def row(number: int = 1, alerts: OpenAlerts = OpenAlerts()) -> BoardLine:  # noqa: B008 - a frozen value
    """Return the row of somebody about whom all is calm."""
    line = OverviewLine(
        person=Person(id=f"person-{number}", address="순자 님", name=f"이름{number}"),
        allowed=Allowed(conversation=True, health=True),
        alerts=alerts,
        last_session_at=START,
        days_since=0,
        heard_last_week=1,
        unanswered_last_week=0,
        mood=(),
        screenings=(),
        device_seen_at=START,
    )
    return BoardLine(line, last_heard_at=START, days_without_talk=0, seen_at=START)


CHANGES: Mapping[Reason, Callable[[BoardLine], BoardLine]] = {
    Reason.URGENT_ALERT: lambda one: with_alerts(one, open=1, gravest="urgent", newest_at=START),
    Reason.UNANSWERED: lambda one: replace(one, unanswered_at=START),
    Reason.WORSENED: lambda one: replace(one, worsened=(WORSE,)),
    Reason.DEVICE_SILENT: lambda one: replace(one, seen_at=LONG_AGO),
    Reason.RECENT_DANGER: lambda one: replace(one, recent_level="concern"),
    Reason.LONG_SILENCE: lambda one: replace(one, days_without_talk=5),
    Reason.ERRANDS: lambda one: replace(one, open_errands=2),
}


def with_alerts(one: BoardLine, **alerts: object) -> BoardLine:
    return replace(one, line=replace(one.line, alerts=OpenAlerts(**alerts)))  # type: ignore[arg-type]


@st.composite
def rows(draw: st.DrawFn) -> BoardLine:
    """Draw a row with any of the reasons."""
    one = row(draw(st.integers(1, 50)))
    for reason in draw(st.sets(st.sampled_from(sorted(CHANGES)))):
        one = CHANGES[reason](one)
    return one


def test_calm_is_a_row_without_reasons() -> None:
    """Nothing to say, nothing to do."""
    assert need_of(row(), START, LIMITS) == need_of(row(), START, LIMITS)
    assert (need_of(row(), START, LIMITS).gravity, need_of(row(), START, LIMITS).because) == (Gravity.CALM, ())


@pytest.mark.parametrize(
    ("alerts", "gravity"),
    [
        (OpenAlerts(open=1, gravest="urgent"), Gravity.URGENT),
        (OpenAlerts(open=1, gravest="concern"), Gravity.CONCERN),
        (OpenAlerts(acknowledged=1, gravest="urgent"), Gravity.CONCERN),
        (OpenAlerts(acknowledged=1, gravest="concern"), Gravity.WATCH),
    ],
)
def test_an_alert_weighs_by_its_level_and_by_whether_somebody_took_it_on(alerts: OpenAlerts, gravity: Gravity) -> None:
    """What somebody took on is still not over."""
    assert need_of(row(alerts=alerts), START, LIMITS).gravity is gravity


def test_requests_that_wait_are_told_and_alarm_nobody() -> None:
    """A wish for a call is no danger."""
    need = need_of(replace(row(), open_errands=1), START, LIMITS)

    assert (need.gravity, [one.reason for one in need.because]) == (Gravity.CALM, [Reason.ERRANDS])


def test_a_silent_device_is_told_once_and_not_as_days_without_a_talk_too() -> None:
    """One silence, one reason."""
    silent = replace(row(), seen_at=LONG_AGO, days_without_talk=3)

    assert [one.reason for one in need_of(silent, START, LIMITS).because] == [Reason.DEVICE_SILENT]


def test_where_nothing_is_kept_a_silence_means_nothing() -> None:
    """Somebody who agreed to nothing is not missing."""
    unknown = replace(row(), seen_at=None, last_heard_at=None, days_without_talk=None)

    assert need_of(unknown, START, LIMITS).gravity is Gravity.CALM


@given(st.lists(rows(), max_size=8).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_follows_from_the_rows_alone(both: tuple[list[BoardLine], list[BoardLine]]) -> None:
    """However they come in, they stand alike; and graver ones never stand below."""
    some, shuffled = both
    ordered = by_need(some, START, LIMITS)

    assert [need for _, need in ordered] == [need for _, need in by_need(shuffled, START, LIMITS)]
    gravities = [need.gravity for _, need in ordered]
    assert gravities == sorted(gravities, reverse=True)


@given(rows(), st.sampled_from(sorted(set(CHANGES) - {Reason.DEVICE_SILENT})))
def test_another_reason_never_moves_a_person_down(before: BoardLine, reason: Reason) -> None:
    """Beside the same person without it."""
    after = CHANGES[reason](before)
    if [one.reason for one in need_of(after, START, LIMITS).because] == [
        one.reason for one in need_of(before, START, LIMITS).because
    ]:
        return
    first, _ = by_need((before, after), START, LIMITS)

    assert first[0] == after


@pytest.mark.parametrize(
    "table", [{}, {"device_silent_hours": 0, "days_without_talk": 2}, {"device_silent_hours": "x"}]
)
def test_limits_that_cannot_be_used_are_refused(table: dict[str, object]) -> None:
    """With the file named."""
    with pytest.raises(PromptError):
        NeedLimits.of(table)
