"""Scores: derived, in range, the same whatever the order, and none where too much is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.screening.instrument import Instrument, ReliableChange
from companion.screening.scoring import Validity, change, gate_is_open, score
from companion.wiring.instruments import instruments as load_all

ALL = load_all()


@st.composite
def answered(draw: st.DrawFn) -> tuple[Instrument, dict[str, str]]:
    """An instrument with any of its items answered in any way, in any order."""
    instrument = ALL[draw(st.sampled_from(sorted(ALL)))]
    items = draw(st.permutations(instrument.scored))
    kept = draw(st.integers(min_value=0, max_value=len(items)))
    return instrument, {
        item.id: draw(st.sampled_from([option.id for option in item.scale.options])) for item in items[:kept]
    }


@given(answered())
def test_a_total_is_in_range_and_obeys_the_rule_for_missing_items(case: tuple[Instrument, dict[str, str]]) -> None:
    """A total lies in the range of the instrument; there is one exactly if the rule allows it."""
    instrument, answers = case
    found = score(instrument, answers)
    required_missing = any(name not in answers for name in instrument.scoring.required)

    assert (found.total is None) == (len(found.missing) > instrument.scoring.most_missing or required_missing)
    if found.total is not None:
        low, high = instrument.total_range
        assert low <= found.total <= high
        assert found.band is not None or not instrument.bands
    assert bool(found.total_code) == (found.validity is Validity.COMPLETE)


@given(answered(), st.randoms())
def test_the_order_of_answering_does_not_change_a_score(
    case: tuple[Instrument, dict[str, str]], chance: st.DataObject
) -> None:
    """Answers are a set, not a story."""
    instrument, answers = case
    shuffled = list(answers.items())
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert score(instrument, dict(shuffled)) == score(instrument, answers)


def all_of(instrument: Instrument, option: str) -> dict[str, str]:
    return {item.id: option for item in instrument.scored}


def test_item_nine_is_never_imputed(phq9: Instrument) -> None:
    """Without item 9 there is no total, no band and no code to export; the sum of the eight is shown as such."""
    answers = all_of(phq9, "1")
    del answers["phq9.9"]
    found = score(phq9, answers)

    assert (found.total, found.band, found.total_code, found.raw_sum) == (None, None, "", 8)
    assert found.validity is Validity.REQUIRED_MISSING
    assert found.needs_follow_up


def test_two_missing_items_are_replaced_by_the_mean_and_three_are_not(phq9: Instrument) -> None:
    """Seven answers of one point make a prorated nine; six make none."""
    answers = all_of(phq9, "1")
    del answers["phq9.1"], answers["phq9.2"]

    assert score(phq9, answers).total == Fraction(9)
    assert score(phq9, answers).total_code == ""

    del answers["phq9.3"]

    assert score(phq9, answers).total is None


def test_reversed_items_of_the_gds_score_where_the_answer_is_no(gds15: Instrument) -> None:
    """All yes is ten points, all no is five: items 1, 5, 7, 11 and 13 are reversed."""
    assert score(gds15, all_of(gds15, "yes")).total == 10
    assert score(gds15, all_of(gds15, "no")).total == 5


@pytest.mark.parametrize(("points", "reached"), [(4, []), (5, ["watch"]), (9, ["watch"]), (10, ["watch", "positive"])])
def test_both_cut_offs_of_the_phq9_are_told_with_their_source(
    phq9: Instrument, points: int, reached: list[str]
) -> None:
    """Five is for watching, ten the international threshold."""
    answers = all_of(phq9, "0")
    for number in range(1, points + 1):
        item = f"phq9.{(number - 1) % 9 + 1}"
        answers[item] = str(int(answers[item]) + 1)

    assert [one.id for one in score(phq9, answers).cutoffs] == reached


def test_the_gate_opens_at_two_and_where_it_cannot_be_known(phq9: Instrument) -> None:
    """PHQ-2 below two ends the screening; an unanswered item of it does not."""
    assert gate_is_open(phq9, {"phq9.1": "1", "phq9.2": "1"}) is True
    assert gate_is_open(phq9, {"phq9.1": "1", "phq9.2": "0"}) is False
    assert gate_is_open(phq9, {"phq9.1": "1"}) is None


def test_a_gated_screening_has_the_total_of_the_gate_only(phq9: Instrument) -> None:
    """PHQ-2 alone: its own total and code, none of the PHQ-9, and nobody has to follow up."""
    found = score(phq9, {"phq9.1": "1", "phq9.2": "0"}, gated=True)

    assert (found.total, found.validity, found.needs_follow_up) == (None, Validity.GATED, False)
    assert [(one.id, one.total, one.total_code) for one in found.subscales] == [("phq2", 1, "55758-7")]


def test_a_change_is_told_in_points_and_reliable_only_with_a_source(phq9: Instrument) -> None:
    """Without a cited SD and retest no difference is called reliable."""
    before, now = score(phq9, all_of(phq9, "1")), score(phq9, all_of(phq9, "2"))
    told = change(phq9, before, now)
    cited = replace(phq9, reliable_change=ReliableChange(4.0, 0.8, "a population", "a paper"))
    reliable = change(cited, before, now)

    assert told is not None
    assert told.points == 9
    assert told.reliable is None
    assert reliable is not None
    assert reliable.reliable is True
    assert change(phq9, before, replace(now, digest="another")) is None


def test_the_count_of_symptoms_takes_item_nine_from_one_on(phq9: Instrument) -> None:
    """An extra line, as a manual counts: items at two, item 9 at one, and whether a core item is among them."""
    answers: Mapping[str, str] = {**all_of(phq9, "0"), "phq9.2": "2", "phq9.3": "1", "phq9.9": "1"}
    counted = score(phq9, answers).counted

    assert counted is not None
    assert (counted.symptoms, counted.core) == (2, True)
