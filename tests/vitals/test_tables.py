"""Tables as Korean meters, spreadsheets and people make them."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.body import Reading
from companion.core.person import Person
from companion.errors import InputError
from companion.vitals.found import Unreadable
from companion.vitals.incoming import Reader, Seen, seen_in
from companion.vitals.kinds import Kind, UnknownUnit, canonical
from companion.vitals.moments import Calendar
from companion.wiring.vitals import Wishes, look_through, reader_for

NOW = datetime(2026, 11, 27, tzinfo=UTC)
NO_WISHES = Wishes()


def reader(wishes: Wishes = NO_WISHES) -> Reader:
    return reader_for(Person("p", "순자님"), wishes, NOW)


def read(folder: Path, text: str | bytes, wishes: Wishes = NO_WISHES, name: str = "기록.csv") -> list[Reading]:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(reader(wishes).readings(file))


def seen(folder: Path, text: str | bytes, wishes: Wishes = NO_WISHES) -> Seen:
    file = folder / "기록.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return seen_in(reader(wishes), file)


KOREAN = """환자명,김순자
생년월일,1943-03-02

측정일시,혈당(mg/dL),식전/식후,수축기 혈압,이완기 혈압,맥박
2026-11-01 오전 7:05,112,공복,,,
2026. 11. 1. 오후 1:30:00,"1,05",식후 2시간,,,
2026-11-02 08:00,,,138,82,71
"""


def test_a_korean_table_is_read_with_its_context_and_owner(tmp_path: Path) -> None:
    """Mornings and afternoons, several values in a row, and what stands above the headings."""
    found = read(tmp_path, KOREAN.replace('"1,05"', "165"))
    told = [(one.kind, one.value, one.at.strftime("%d %H:%M"), one.context) for one in found]
    assert told == [
        ("glucose", 112.0, "01 07:05", "fasting"),
        ("glucose", 165.0, "01 13:30", "after_meal"),
        ("systolic", 138.0, "02 08:00", ""),
        ("diastolic", 82.0, "02 08:00", ""),
        ("heart_rate", 71.0, "02 08:00", ""),
    ]
    (owner,) = [one for one in seen(tmp_path, KOREAN).owners if one.born is not None]
    assert owner.name == "김순자"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_of_korean_spreadsheets_are_recognised(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    """CP949 too, which Excel writes."""
    text = delimiter.join(["측정일시", "혈당(mg/dL)"]) + "\n" + delimiter.join(["2026-11-01 07:05", "112"]) + "\n"
    assert [one.value for one in read(tmp_path, text.encode(encoding))] == [112.0]


def test_date_and_time_in_two_columns_are_one_moment(tmp_path: Path) -> None:
    """날짜 and 시각."""
    (one,) = read(tmp_path, "날짜,시각,체중(kg)\n2026-11-01,07:05,58.2\n")
    assert (one.kind, one.at.isoformat()) == ("weight", "2026-11-01T07:05:00+09:00")


def test_days_that_excel_made_numbers_of_are_days_again(tmp_path: Path) -> None:
    """46327.3125 is the first of November 2026, half past seven."""
    (one,) = read(tmp_path, "측정일시,혈당(mg/dL)\n46327.3125,112\n")
    assert one.at.isoformat() == "2026-11-01T07:30:00+09:00"


def test_a_moment_that_excel_hid_is_named_by_its_row(tmp_path: Path) -> None:
    """######## is no moment; the other rows are kept."""
    found = seen(tmp_path, "측정일시,혈당(mg/dL)\n########,112\n2026-11-01 07:05,118\n")
    assert (dict(found.kinds), found.troubles[0].reason, found.troubles[0].place) == ({"glucose": 1}, "no_moment", "2")


def test_glucose_without_a_unit_is_not_guessed(tmp_path: Path) -> None:
    """5.6 could be either; whoever knows may say."""
    text = "측정일시,혈당\n2026-11-01 07:05,5.6\n"
    assert dict(seen(tmp_path, text).reasons) == {"no_unit": 1}
    (one,) = read(tmp_path, text, Wishes(glucose_unit="mmol/L"))
    assert round(one.value, 1) == 100.9


def test_units_that_change_from_row_to_row_are_followed(tmp_path: Path) -> None:
    """A column of units decides for each row."""
    text = "측정일시,혈당,단위\n2026-11-01 07:05,5.6,mmol/L\n2026-11-01 12:05,112,mg/dL\n2026-11-01 13:05,112,mV\n"
    assert [round(one.value) for one in read(tmp_path, text)] == [101, 112]
    assert dict(seen(tmp_path, text).reasons) == {"unknown_unit": 1}


def test_what_cannot_be_measured_is_kept_and_marked(tmp_path: Path) -> None:
    """5.6 mg/dL was surely millimoles, but is not turned into what nobody wrote."""
    text = (
        "Timestamp,Glucose Value (mg/dL)\n2026-11-01T07:05:00,5.6\n2026-11-01T07:10:00,Low\n2026-11-01T07:15:00,High\n"
    )
    assert [(one.value, str(one.quality)) for one in read(tmp_path, text)] == [
        (5.6, "implausible"), (40.0, "below_range"), (400.0, "above_range"),
    ]  # fmt: skip


def test_moments_to_come_are_not_taken(tmp_path: Path) -> None:
    """A meter whose clock runs a year ahead has measured nothing yet."""
    text = "측정일시,혈당(mg/dL)\n2027-11-01 07:05,112\n2026-11-01 07:05,118\n"
    found = seen(tmp_path, text)
    assert (dict(found.kinds), dict(found.reasons)) == ({"glucose": 1}, {"future": 1})


def test_dates_in_two_orders_are_refused(tmp_path: Path) -> None:
    """13/05 and 05/13 in one file."""
    with pytest.raises(Unreadable, match="mixed_dates"):
        seen(tmp_path, "Date,Glucose (mg/dL)\n13/05/2026,112\n05/13/2026,118\n")


def test_one_date_that_can_be_only_one_day_settles_all(tmp_path: Path) -> None:
    """05-12 is the fifth of December because 16-10 cannot be a month."""
    found = read(tmp_path, "Device Timestamp,Strip Glucose mmol/L\n05-12-2025 16:25,6.3\n16-10-2025 16:25,6.3\n")
    assert [one.at.month for one in found] == [12, 10]


def test_headings_of_ones_own_are_read_by_a_mapping(tmp_path: Path) -> None:
    """And a mapping that names no such column is refused in one sentence."""
    mapping = tmp_path / "열.toml"
    mapping.write_text('[columns]\nwhole = "잰 때"\nglucose = "당"\n[units]\nglucose = "mg/dL"\n', encoding="utf-8")
    (one,) = read(tmp_path, "잰 때,당\n2026-11-01 07:05,112\n", Wishes(mapping=mapping))
    assert (one.kind, one.value) == ("glucose", 112.0)
    mapping.write_text('[columns]\nwhen = "잰 때"\n', encoding="utf-8")
    with pytest.raises(InputError) as refused:
        reader(Wishes(mapping=mapping))
    assert refused.value.key == "vitals.mapping_flawed"


def test_a_zip_of_several_exports_is_read_part_by_part(tmp_path: Path) -> None:
    """What is not known in it is left out."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "측정일시,혈당(mg/dL)\n2026-11-01 07:05,112\n")
        archive.writestr("b/c.csv", "측정일시,체중(kg)\n2026-11-01 07:05,58\n")
        archive.writestr("photo.jpg", b"\xff\xd8\xff\0\0")
    assert [one.kind for one in read(tmp_path, packed.getvalue(), name="all.zip")] == ["glucose", "weight"]


def _zipped(text: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.xml", text)
    return packed.getvalue()


APPLE = b'<?xml version="1.0"?><HealthData locale="ko_KR">%s</HealthData>'
RECORD = (
    b'<Record type="HKQuantityTypeIdentifierBloodGlucose" sourceName="m" unit="mg/dL" '
    b'startDate="2026-11-01 07:05:00 +0900" endDate="2026-11-01 07:05:00 +0900" value="112"/>'
)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("cut.zip", _zipped(APPLE % (RECORD * 50))[:-40], "broken_zip"),
        ("bomb.zip", _zipped(APPLE % (b" " * 3_000_000)), "zip_bomb"),
        ("cut.xml", (APPLE % (RECORD * 5))[:-60], "broken_off"),
        (
            "bomb.xml",
            b'<!DOCTYPE HealthData [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><HealthData>&b;</HealthData>',
            "entities",
        ),
        ("long.xml", APPLE % (b'<Record type="' + b"a" * 3_000_000 + b'"/>'), "entities"),
        ("deep.xml", APPLE % (b"<a>" * 100_000 + b"</a>" * 100_000), "entities"),
        ("one line.csv", "측정일시,심박수\n".encode() + b"2026-11-01 07:05," * 100_000, "no_text"),
        ("cut.json", b'{"activities-steps": [{"dateTime": "2026-', "broken_off"),
        ("other.json", b'{"a": 1}', "unknown_shape"),
        ("text.txt", "오늘은 날이 좋다".encode(), "unknown_format"),
        ("empty.csv", b"", "unknown_format"),
        ("binary.bin", bytes(range(256)) * 8, "unknown_format"),
    ],
)
def test_a_broken_file_is_refused_whole(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    """With the reason, and nothing of it is read."""
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        seen_in(reader(), file)
    assert refused.value.reason == reason


def test_whoever_waits_is_told_how_much_was_found(tmp_path: Path) -> None:
    """Every thousand, while looking and while bringing in."""
    file = tmp_path / "many.csv"
    lines = (f"2026-11-01 {minute // 60:02}:{minute % 60:02},70" for minute in range(1440))
    file.write_text("측정일시,심박수\n" + "\n".join([*lines] * 2), encoding="utf-8")
    looked: list[int] = []
    brought: list[int] = []
    seen_in(reader(), file, looked.append)
    assert sum(1 for _ in reader().readings(file, brought.append)) == 2880
    assert looked == brought == [1000, 2000]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """In one sentence."""
    with pytest.raises(InputError) as refused:
        look_through(reader(), tmp_path / "nothing.csv")
    assert refused.value.key == "vitals.unreadable.cannot_open"


def test_apple_records_are_read_with_their_context(tmp_path: Path) -> None:
    """Saturation is written as a share; nights in bed are no sleep."""
    records = (
        b'<Record type="HKQuantityTypeIdentifierOxygenSaturation" unit="%" value="0.97" '
        b'startDate="2026-11-01 07:05:00 +0900" endDate="2026-11-01 07:05:00 +0900"/>'
        b'<Record type="HKCategoryTypeIdentifierSleepAnalysis" value="HKCategoryValueSleepAnalysisAsleepDeep" '
        b'startDate="2026-11-01 23:00:00 +0900" endDate="2026-11-02 00:30:00 +0900"/>'
        b'<Record type="HKCategoryTypeIdentifierSleepAnalysis" value="HKCategoryValueSleepAnalysisInBed" '
        b'startDate="2026-11-01 23:00:00 +0900" endDate="2026-11-02 06:30:00 +0900"/>'
        b'<Record type="HKQuantityTypeIdentifierBloodGlucose" unit="mmol&lt;180.1558800000541&gt;/L" value="5.6" '
        b'startDate="2026-11-01 07:05:00 +0900" endDate="2026-11-01 07:05:00 +0900">'
        b'<MetadataEntry key="HKBloodGlucoseMealTime" value="2"/></Record>'
    )
    found = read(tmp_path, APPLE % records, name="export.xml")
    assert [(one.kind, round(one.value, 1), one.context) for one in found] == [
        ("spo2", 97.0, ""), ("sleep", 90.0, "deep"), ("glucose", 100.9, "after_meal"),
    ]  # fmt: skip


@given(st.floats(0.5, 40).map(lambda value: round(value, 1)))
def test_milligrams_and_millimoles_are_never_mixed_up(millimoles: float) -> None:
    """One is eighteen times the other, and no other unit is taken for either."""
    milligrams, unit = canonical(Kind.GLUCOSE, millimoles, "mmol/L")
    assert unit == "mg/dL"
    assert abs(milligrams / 18.016 - millimoles) < 1e-4
    with pytest.raises(UnknownUnit):
        canonical(Kind.GLUCOSE, millimoles, "kg")


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2026, 1, 1)).map(lambda one: one.replace(microsecond=0)),  # noqa: DTZ001
    st.integers(-12, 14),
)
def test_a_moment_comes_back_from_every_spelling(moment: datetime, hours: int) -> None:
    """With its offset, as seconds, as milliseconds, and in Korean."""
    from datetime import timezone

    aware = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    calendar = Calendar(aware.tzinfo or UTC)
    half = "오전" if aware.hour < 12 else "오후"
    korean = (
        f"{aware.year}. {aware.month}. {aware.day}. {half} {aware.hour % 12 or 12}:{aware.minute:02}:{aware.second:02}"
    )
    for text in (aware.isoformat(), aware.strftime("%Y-%m-%d %H:%M:%S %z"), korean):
        assert calendar.moment(text) == aware
    if aware.timestamp() > 10**9:
        assert calendar.moment(str(int(aware.timestamp()))) == aware
        assert calendar.moment(str(int(aware.timestamp() * 1000))) == aware


@given(st.text(max_size=40))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    """Nothing is ever raised."""
    moment = Calendar(UTC).moment(text)
    assert moment is None or moment.tzinfo is not None
