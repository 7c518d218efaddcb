"""A linking attack: somebody who knows real people, and something of their real lives, looks for them in the release.

The attacker knows age, sex and region of everybody, and one thing more. They look for all pseudonyms that fit, and
guess among those. Success is the chance that the guess is right; it is looked at for each person and each thing known.
That the attack is a real one is shown by releases made without the care that defeats it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from companion.core.research import Participant, Screened
from companion.exchange.release import preparing
from companion.exchange.release.assessing import assessed
from companion.exchange.release.revealing import Level
from companion.exchange.release.shifting import local_day
from companion.store.record import Record
from companion.store.research import research_view
from tests.exchange.release.conftest import NOW, SEOUL, Released, release_into

K = 5


def believed(released: Released, person: Participant) -> tuple[str, ...]:
    """Return the class in which the attacker looks for a person."""
    levels, kept = released.manifest["privacy"]["levels"], released.rules.hierarchies
    return tuple(kept.value(name, levels[name], person, NOW.year) for name in ("age", "sex", "region"))


def known(released: Released) -> Iterator[tuple[Participant, list[Screened]]]:
    """Yield everybody in the release with their real screenings: what a neighbour or nurse may know."""
    inside = {row[0] for row in released.rows("SELECT person FROM people")}
    with research_view(released.record.database) as source:
        for person, screenings in source.screenings(list(released.participants.values())):
            if released.called(person.id) in inside:
                yield person, list(screenings)


def classes(released: Released) -> Mapping[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for pseudonym, *shown in released.rows("SELECT person, age_band, sex, region FROM people"):
        found[tuple(shown)].add(pseudonym)
    return found


def success(candidates: set[str], true: str) -> Fraction:
    return Fraction(1, len(candidates)) if true in candidates else Fraction(0)


def test_age_sex_and_region_alone_find_nobody(released: Released) -> None:
    """Every person has at least k look-alikes."""
    found = classes(released)

    for person, _ in known(released):
        candidates = found[believed(released, person)]
        assert released.called(person.id) in candidates
        assert success(candidates, released.called(person.id)) <= Fraction(1, K)


def best_guess_by_score(released: Released, column: str) -> Fraction:
    """Return the best chance that anybody has who knows what one screening of one person came to."""
    found, holders = classes(released), defaultdict(set)
    for pseudonym, value in released.rows(f"SELECT person, {column} FROM screenings"):  # noqa: S608
        holders[value].add(pseudonym)
    best = Fraction(0)
    for person, screenings in known(released):
        for screened in screenings:
            result = assessed(screened, released.rules.instruments)
            fitting = holders[result.total if column == "total" else result.band]
            best = max(best, success(found[believed(released, person)] & fitting, released.called(person.id)))
    return best


def guess_by_last_day(released: Released) -> Fraction:
    """Return the mean chance of whoever takes each pseudonym's last day for the day of the release.

    They move its screenings back by as much, and look for the known date, a week to either side.
    """
    last = dict(released.rows("SELECT person, max(date) FROM days GROUP BY person"))
    moved: dict[str, set[date]] = defaultdict(set)
    for pseudonym, week in released.rows("SELECT person, date FROM screenings"):
        if pseudonym in last:
            off = (last[pseudonym] - NOW.date()).days // 7
            moved[pseudonym].add(week - timedelta(weeks=off))
    found, right, tried = classes(released), Fraction(0), 0
    for person, screenings in known(released):
        true, alike = released.called(person.id), found[believed(released, person)]
        for screened in screenings:
            day = local_day(screened.at, SEOUL)
            monday = day - timedelta(days=day.weekday())
            candidates = {one for one in alike if monday in moved[one]}
            right += success(candidates or alike, true)
            tried += 1
    return right / tried


@pytest.mark.parametrize("column", ["total", "band"])
def test_one_known_score_finds_nobody(released: Released, column: str) -> None:
    """Whoever knows besides what one screening came to, in points or as a band, is not further than one in k."""
    assert 0 < best_guess_by_score(released, column) <= Fraction(1, K)


def test_the_same_attack_finds_people_where_every_score_is_shown(
    cohort_record: Record, released: Released, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against a release that is k-anonymous over age, sex and region alone, one known score finds somebody for sure."""
    monkeypatch.setattr(preparing, "revealed", lambda results, _k: [Level.ITEMS] * len(results))
    release_into(tmp_path / "out", cohort_record, released.rules)

    assert best_guess_by_score(replace(released, folder=tmp_path / "out"), "total") == 1


def test_one_known_score_and_the_band_beside_the_person_find_nobody(released: Released) -> None:
    """The last score is told twice, in two tables: both together do no more than one."""
    found, holders, bands = classes(released), defaultdict(set), defaultdict(set)
    for pseudonym, value in released.rows("SELECT person, total FROM screenings WHERE total IS NOT NULL"):
        holders[value].add(pseudonym)
    for pseudonym, band in released.rows("SELECT person, sensitive_band FROM people"):
        bands[band].add(pseudonym)
    tried = 0
    for person, screenings in known(released):
        true = released.called(person.id)
        for screened in screenings:
            result = assessed(screened, released.rules.instruments)
            candidates = found[believed(released, person)] & holders[result.total] & bands[result.band]
            if true in candidates:
                tried += 1
                assert success(candidates, true) <= Fraction(1, K)
    assert tried > 100


def test_one_known_answer_finds_nobody(released: Released) -> None:
    """Nor does whoever knows what was answered to one item, the gravest included."""
    found, holders = classes(released), defaultdict(set)
    for pseudonym, item, score in released.rows("SELECT person, item, score FROM answers"):
        holders[item, score].add(pseudonym)
    for person, screenings in known(released):
        true = released.called(person.id)
        for screened in screenings:
            for answer in screened.points.items():
                candidates = found[believed(released, person)] & holders[answer]
                if true in candidates:
                    assert success(candidates, true) <= Fraction(1, K)


def test_known_dates_do_not_link(released: Released) -> None:
    """Whoever looks for the real date of a screening finds the person no oftener than anybody else in their class."""
    found, on = classes(released), defaultdict(set)
    for pseudonym, week in released.rows("SELECT person, date FROM screenings"):
        on[week].add(pseudonym)
    right, expected, tried = Fraction(0), Fraction(0), 0
    for person, screenings in known(released):
        true, alike = released.called(person.id), found[believed(released, person)]
        for screened in screenings:
            day = local_day(screened.at, SEOUL)
            candidates = alike & on[day - timedelta(days=day.weekday())]
            guesses = candidates or alike
            right += success(guesses, true)
            expected += Fraction(1, len(alike))
            tried += 1

    assert tried > 300
    assert right <= expected * Fraction(3, 2)
    assert right / tried <= Fraction(1, K)


def test_the_end_of_the_data_does_not_give_the_shift_away(
    cohort_record: Record, released: Released, tmp_path: Path
) -> None:
    """Nearly everybody talked on the last day. Cut by chance it finds nobody; uncut it would find far more."""
    rules = replace(released.rules, policy=replace(released.rules.policy, trim_weeks=0))
    release_into(tmp_path / "out", cohort_record, rules)
    careless = Released(tmp_path / "out", cohort_record, rules, released.participants)

    assert guess_by_last_day(released) <= Fraction(1, K)
    assert guess_by_last_day(careless) > 2 * guess_by_last_day(released)
