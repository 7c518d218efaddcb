"""Words of the screens: every name of the record has one, particles fit, moments are told as people tell them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from companion.core import consent, hospital, life, occasion, turn
from companion.core.need import Because, Gravity, Reason
from companion.core.timeline import Happening
from companion.dashboard.appearance import Colours
from companion.dashboard.needs import SIGNS, STYLES, reason_words
from companion.dashboard.screens.person.part import PARTS
from companion.dashboard.sparks import spark
from companion.dashboard.times import ago, ahead
from companion.dashboard.words import all_words, explain, known, say
from companion.dialogue.daily.rules import Kind as Daily
from companion.errors import AccessError, StoreError
from companion.safety.alerts import AlertStatus
from companion.safety.risk import Kind, Level
from companion.screening.record import Asker, Confirmed, Decider, ItemOutcome, Status
from companion.screening.scoring import Validity
from companion.vitals.kinds import UNITS
from companion.vitals.kinds import Kind as Vital
from tests.fakes.clock import START

NAMES: dict[str, Iterable[str]] = {
    "need.level": [one.name.lower() for one in Gravity],
    "need.reason": Reason,
    "happening": [f"{one}.name" for one in Happening],
    "level": Level,
    "danger": [one for one in Kind if one is not Kind.NONE],
    "alert_status": AlertStatus,
    "screening_status": Status,
    "asker": Asker,
    "item_outcome": ItemOutcome,
    "decider": [one or "nobody" for one in Decider],
    "confirmed": Confirmed,
    "screening.no_total": Validity,
    "feeling": turn.Feeling,
    "reply_source": turn.ReplySource,
    "activity_outcome": life.Outcome,
    "reminder": Daily,
    "occasion": occasion.Outcome,
    "reading": Vital,
    "unit": UNITS.values(),
    "consent_item": consent.Item,
    "giver": consent.Giver,
    "manner": consent.Manner,
    "hospital": hospital.Kind,
    "colours": Colours,
    "person.part": [one.id for one in PARTS],
}


@pytest.mark.parametrize("group", NAMES)
def test_every_name_of_the_record_has_a_word(group: str) -> None:
    """Nobody reads an English name of a column."""
    assert [one for one in NAMES[group] if not known(f"{group}.{one}")] == []


def test_each_level_has_a_sign_of_its_own_that_is_one_cell_a_letter_wide() -> None:
    """Colour alone says nothing, and signs are ASCII."""
    assert len({*SIGNS.values()}) == len(Gravity) == len(STYLES)
    assert all(one.isascii() and len(one) == 2 for one in SIGNS.values())


def test_particles_fit_the_word_before_them() -> None:
    """After an open syllable, a closed one and ㄹ."""
    told = [say("colours.changed", name=one) for one in ("밝은 색", "화면 하나", "어두운 물")]

    assert told == ["밝은 색으로 바꿨습니다.", "화면 하나로 바꿨습니다.", "어두운 물로 바꿨습니다."]


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (timedelta(seconds=20), "방금"),
        (timedelta(minutes=5), "5분 전"),
        (timedelta(hours=3), "3시간 전"),
        (timedelta(hours=9), "오늘 01:00"),
        (timedelta(hours=15), "어제 19:00"),
        (timedelta(days=4), "4일 전"),
        (timedelta(days=40), "2026-10-14"),
        (-timedelta(minutes=3), "방금"),
    ],
)
def test_how_long_ago_is_told_as_people_tell_it(before: timedelta, told: str) -> None:
    """From a minute to months; what a clock set back makes of it is just now."""
    assert ago(START - before, START) == told


def test_what_is_to_come_is_told_with_its_day() -> None:
    """Today, tomorrow, a date."""
    told = [ahead(START + one, START) for one in (timedelta(hours=1), timedelta(days=1), timedelta(days=9))]

    assert told == ["오늘 11:00", "내일 10:00", "12월 2일 10:00"]


def test_a_gap_in_a_spark_is_a_blank_and_never_a_low_value() -> None:
    """Nothing said is not sadness."""
    assert spark([-1, None, 1], lowest=-1, highest=1) == "▁ █"


def test_a_reason_says_its_figures() -> None:
    """Who worsened, from what to what, and which cut-off that is."""
    because = Because(Reason.WORSENED, START, title="GDS-15", totals=(5, 9, 8))

    assert reason_words(because, START) == "GDS-15 5점에서 9점으로, 기준인 8점 이상이 되었습니다."


def test_errors_are_told_without_the_english_key_phrase() -> None:
    """That phrase is for whoever helps with the command line."""
    assert explain(StoreError("store.busy", file="x")).isascii() is False
    assert "(" not in explain(StoreError("store.busy", file="x"))[-2:]
    assert explain(AccessError("nothing.such")) == say("error.other")


def test_no_text_of_the_screens_is_a_bare_key() -> None:
    """A text that was forgotten would read like this."""
    assert [key for key, text in all_words().items() if key == text] == []
