"""One line of time on paper: what stood beside what, week by week, with nothing twice and nothing between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.body import Association
from companion.core.consent import Answer, Item
from companion.exchange.dossier import Dossier, HospitalRecord, LeftOut, Part, Why
from companion.exchange.report.line import line
from companion.exchange.report.together import together
from companion.exchange.stretches import stretches
from companion.wiring.export_files import report_words
from companion.wiring.exporting import Wish, gathered
from tests.exchange.somebody import Somebody


def cells(dossier: Dossier, label: str) -> dict[str, object]:
    """Return the cells of one column by what stands before them."""
    section = line(dossier, report_words(dossier))
    columns, rows = section["columns"], section["rows"]
    assert isinstance(columns, list)
    assert isinstance(rows, list)
    at = [one["label"] for one in columns].index(label)
    return {row[0]: row[at] for row in rows}


@given(st.integers(1, 900), st.integers(0, 6))
def test_stretches_cover_the_window_once(dossier: Dossier, days: int, later: int) -> None:
    """Weeks from Monday, or months where it is long, one after the other; every talk of it in exactly one."""
    since = dossier.since + timedelta(days=later)
    cut = stretches(replace(dossier, since=since, until=since + timedelta(days=days)))
    assert all(one.end == other.first for one, other in pairwise(cut))
    assert cut[0].first <= since.astimezone(dossier.zone).date() < cut[0].end
    assert all(one.first.weekday() == 0 or one.is_month for one in cut)
    assert len(cut) <= 40
    found = [talk.id for one in cut for talk in one.talks]
    assert len(found) == len(set(found))


def test_everything_of_a_dossier_stands_on_the_line(dossier: Dossier) -> None:
    """As often as it is in it."""
    cut = stretches(dossier)
    assert sum(len(one.talks) for one in cut) == len(dossier.talks)
    assert sum(len(one.screenings) for one in cut) == len(dossier.screenings)
    assert sum(len(one.activities) for one in cut) == len(dossier.activities)
    assert sum(len(one.days_of_readings) for one in cut) == len(dossier.days_of_readings)
    assert sum(len(one.dangers) + len(one.alerts) for one in cut) == len(dossier.dangers) + len(dossier.alerts)


def test_a_week_says_what_was_in_it(dossier: Dossier) -> None:
    """Talks with their mood, a total, a danger with its alert, and what was measured: all in one row."""
    week = "2026-07-27"
    assert cells(dossier, "대화와 기분")[week] == {"text": "2번", "marks": ["밝은 말씀 0%, 무거운 말씀 100%"]}
    assert cells(dossier, "마음 점검")[week] == ["PHQ-9 16점"]
    assert cells(dossier, "위험과 알림")[week] == ["걱정: 죽고 싶은 마음 1번", "알림 1건"]
    assert "혈압 144/79" in str(cells(dossier, "측정값")[week])


def test_hospital_records_stand_in_their_week_the_many_counted(dossier: Dossier) -> None:
    """What lasts from before the window is in its own table only, and so are answers to single items."""
    day = datetime(2026, 7, 28, tzinfo=UTC)
    record = HospitalRecord("1", "condition", day, "제2형 당뇨병")
    old, item = replace(record, at=day - timedelta(days=4000)), replace(record, kind="answer", text="예")
    found = cells(replace(dossier, hospital=(old, item, *[record] * 6)), "병원 기록")
    assert [one for one in found.values() if one] == [["진단: 제2형 당뇨병"] * 4 + ["그 밖에 2건"]]


def test_what_is_closed_is_no_column(fresh: Somebody) -> None:
    """Neither screenings nor readings of somebody who took consent to health data back; talks stay."""
    fresh.decide(Item.HEALTH, Answer.WITHDRAWN)
    dossier = gathered(fresh.viewer(), fresh.person, Wish(), kind="pdf")
    columns = line(dossier, report_words(dossier))["columns"]
    assert isinstance(columns, list)
    assert [one["label"] for one in columns] == ["때", "대화와 기분", "활동"]


@pytest.mark.parametrize("closed", [Part.MOODS, Part.READINGS])
def test_what_stood_beside_mood_is_not_there_without_either(dossier: Dossier, closed: Part) -> None:
    """Nor without consent to conversations, nor to health data."""
    words = report_words(dossier)
    assert together(replace(dossier, left_out=(LeftOut(closed, Why.NO_CONSENT),)), words) is None


def test_a_figure_beside_mood_comes_with_its_days_its_interval_and_a_caution(dossier: Dossier) -> None:
    """And one that cannot be told says why; nothing says what made what."""
    clear = Association("glucose_variability", 61, -0.31, -0.52, -0.07)
    section = together(replace(dossier, together=(Association("sleep", 7), clear)), report_words(dossier))
    assert section is not None
    rows = section["rows"]
    assert isinstance(rows, list)
    few, told = rows
    assert few[1:4] == ["7일", "", ""]
    assert "20일이 되기 전에는" in few[4]
    assert told[1:4] == ["61일", "-0.31", "-0.52 ~ -0.07"]
    assert "뜻이 아니고" in str(section["intro"])


def test_a_kind_that_was_never_measured_stands_beside_nothing(dossier: Dossier) -> None:
    """Nights were measured, glucose never was; on one day only was enough said to tell a mood."""
    assert [(one.measure, one.days) for one in dossier.together] == [("sleep", 1)]
