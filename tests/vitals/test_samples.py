"""Every real sample file is read, with the counts that a person counted in it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from companion.core.body import Reading
from companion.core.consent import Item
from companion.core.person import Person
from companion.vitals.found import Unreadable
from companion.vitals.incoming import Reader, seen_in
from companion.vitals.moments import Order
from companion.wiring.vitals import Wishes, bring_in, look_through, reader_for
from tests.records import agreeing, record_in

FILES = Path(__file__).parent / "files"
NOW = datetime(2026, 11, 27, tzinfo=UTC)
NO_WISHES = Wishes()


def reader(wishes: Wishes = NO_WISHES) -> Reader:
    return reader_for(Person("p", "순자님"), wishes, NOW)


COUNTED = {
    "apple_health_dogsheep_export.xml": {"heart_rate": 1},
    "com.samsung.shealth.tracker.heart_rate.20260521094693.csv": {"heart_rate": 2},
    "com.samsung.shealth.tracker.pedometer_day_summary.csv": {"steps": 1},
    "dexcom_clarity_cgmquantify.csv": {"glucose": 688},
    "dexcom_es_cgmpy_edge_with_gap.csv": {"glucose": 12},
    "libre_glyco_out_glucose_sample.csv": {"glucose": 599},
    "omh_blood-glucose_4.0_shouldPass_with-temporal-relationship-to-meal.json": {"glucose": 1},
    "omh_body-weight_3.0_shouldPass_body-weight-only.json": {"weight": 1},
    "omh_oxygen-saturation_2.0_shouldPass_saturation-only.json": {"spo2": 1},
    "omh_step-count_2.0_shouldPass_valid-step-count.json": {"steps": 1},
    "shimmer_fitbit-activities-heart-1d-1m-intraday.json": {"heart_rate": 5},
    "shimmer_fitbit-activities-steps-timeseries.json": {"steps": 3},
    "shimmer_fitbit-sleep-date-range.json": {"sleep": 2},
    "shimmer_googlefit-merge-heart-rate.json": {"heart_rate": 2},
    "shimmer_googlefit-merge-weight.json": {"weight": 3},
    "shimmer_ihealth-sleep.json": {"sleep": 3},
    "shimmer_ihealth-weight.json": {"weight": 2},
    "shimmer_withings-intraday-activity.json": {"steps": 4},
    # A lowest of months is no reading; a page without entries holds none.
    "omh_blood-glucose_3.0_shouldPass_with-descriptive-statistic.json": {},
    "omh_heart-rate_2.0_shouldPass_with-descriptive-statistic.json": {},
    "shimmer_ihealth-glucose-empty.json": {},
}


@pytest.mark.parametrize(("name", "kinds"), COUNTED.items())
def test_a_sample_holds_what_was_counted_in_it(name: str, kinds: dict[str, int]) -> None:
    """By kind, with nothing troubled and nothing doubted."""
    seen = seen_in(reader(), FILES / name)
    assert (dict(seen.kinds), dict(seen.reasons), dict(seen.doubted)) == (kinds, {}, {})


def test_every_sample_is_among_those_counted() -> None:
    """A new file cannot be forgotten; the one with dates that could be two days is asked about below."""
    others = {"README.md", "ble_hr_nordic.json", "ble_glucose_nordic.json", "libre_glyco_tiny_sample.csv"}
    assert {file.name for file in FILES.iterdir()} == {*COUNTED, *others}


def test_dates_that_could_be_two_days_are_asked_about() -> None:
    """05-12 is refused until somebody says which is the day."""
    file = FILES / "libre_glyco_tiny_sample.csv"
    with pytest.raises(Unreadable, match="which_is_the_day"):
        seen_in(reader(), file)
    by_day = seen_in(reader(Wishes(order=Order.DAY_FIRST)), file)
    by_month = seen_in(reader(Wishes(order=Order.MONTH_FIRST)), file)
    assert by_day.first is not None
    assert by_month.first is not None
    assert (by_day.first.month, by_month.first.month) == (12, 5)


def _first(name: str) -> Reading:
    return next(reader().readings(FILES / name))


def test_millimoles_become_milligrams() -> None:
    """5.63997 mmol/L times 18.016, by hand: 101.61 mg/dL."""
    first = _first("libre_glyco_out_glucose_sample.csv")
    assert (round(first.value, 2), first.unit) == (101.61, "mg/dL")


def test_moments_stand_in_the_zone_that_the_file_tells() -> None:
    """Samsung writes UTC and the offset beside it; iHealth the clock on the wall; a plain one is the person's."""
    samsung = _first("com.samsung.shealth.tracker.heart_rate.20260521094693.csv")
    assert samsung.at.isoformat() == "2026-05-20T10:00:00+02:00"
    assert _first("shimmer_ihealth-weight.json").at.isoformat() == "2015-09-17T12:04:09-08:00"
    assert _first("dexcom_clarity_cgmquantify.csv").at.isoformat() == "2016-10-24T11:24:17+09:00"


def test_the_steps_of_a_day_last_that_day() -> None:
    """A summary of Samsung's is told as midnight in UTC and means the person's day."""
    steps = _first("com.samsung.shealth.tracker.pedometer_day_summary.csv")
    assert steps.until is not None
    assert (steps.at.isoformat(), steps.until.isoformat()) == ("2026-05-20T00:00:00+09:00", "2026-05-21T00:00:00+09:00")


def test_the_owner_of_an_export_is_seen() -> None:
    """Clarity's rows of name and birth are no readings, and tell whose file it is."""
    owners = seen_in(reader(), FILES / "dexcom_clarity_cgmquantify.csv").owners
    assert any(owner.name == "Joe Schmoe" and owner.born is not None and owner.born.year == 1970 for owner in owners)


def test_a_gap_of_a_sensor_stays_a_gap() -> None:
    """Nothing is made up between 00:25 and 00:55."""
    minutes = [one.at.minute for one in reader().readings(FILES / "dexcom_es_cgmpy_edge_with_gap.csv")][:7]
    assert minutes == [0, 5, 10, 15, 20, 25, 55]
    assert Counter(minutes)[30] == 0


def test_every_sample_comes_into_a_record_whole_and_once(tmp_path: Path) -> None:
    """As many readings as were counted, each with its import; the second time none."""
    with record_in(tmp_path) as record:
        person = agreeing(record, Item.HEALTH)
        reading = reader()
        for name, kinds in COUNTED.items():
            if not kinds:
                continue
            file = FILES / name
            seen = look_through(reading, file)
            brought = bring_in(record, person, reading, file, seen)
            assert brought is not None, name
            assert (brought.added, brought.known) == (sum(kinds.values()), 0), name
            assert bring_in(record, person, reading, file, seen) is None, name
        whole = sum(sum(kinds.values()) for kinds in COUNTED.values())
        assert record.belongings.counts(person.id)["readings"] == whole
