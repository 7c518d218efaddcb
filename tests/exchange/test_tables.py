"""Tables say what the record holds, and no spreadsheet makes a formula of it."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from companion.errors import InputError
from companion.exchange import workbook as workbooks
from companion.exchange.cells import plain_text, shown
from companion.exchange.csv_files import csv_files
from companion.exchange.dossier import Dossier
from companion.exchange.tables import Column, Sheet
from companion.exchange.workbook import workbook
from companion.prompts import prompt_table
from companion.wiring.export_files import csv_of, xlsx_of
from tests.exchange.opened import read_back
from tests.exchange.somebody import DANGEROUS, SEOUL

_FORMULA: Final = "=+-@\t\r＝＋－＠﹢﹣﹫⁺₌"
_BLANKS: Final = "\u00a0\u200b\ufeff \u3000\u2060"
_WORDS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_TRICKY: Final = st.tuples(st.text(st.sampled_from(_BLANKS), max_size=3), st.sampled_from(_FORMULA), _WORDS).map(
    "".join
)


@pytest.fixture(scope="session")
def tables(dossier: Dossier) -> dict[str, list[dict[str, str]]]:
    """Give every CSV file read back, row by row."""
    return {name: read_back(content) for name, content in csv_of(dossier).files.items()}


@given(_TRICKY)
def test_whatever_begins_like_a_formula_comes_out_as_text(words: str) -> None:
    """Behind blanks and unseen letters, too, and in full width."""
    assert plain_text(words) == f"'{words}"


@given(st.one_of(_WORDS, _TRICKY, _WORDS.map("'".__add__)))
def test_what_went_in_is_had_back_by_taking_one_apostrophe_off(words: str) -> None:
    """And no cell begins like a formula."""
    out = plain_text(words)
    assert out.removeprefix("'") == words
    seen = next((one for one in out if not unicodedata.category(one).startswith(("C", "Z"))), "")
    assert unicodedata.normalize("NFKC", seen)[:1] not in ("=", "+", "-", "@") or out == ""


@given(_WORDS, _TRICKY, st.floats(-1e6, 1e6))
def test_a_row_is_read_back_as_it_was(words: str, tricky: str, number: float) -> None:
    """Line ends, quotes and commas inside it; numbers stay numbers, below zero, too."""
    columns = tuple(Column(name, name, "text", "") for name in ("words", "tricky", "number"))
    [(name, content)] = csv_files([Sheet("t", "t", columns, [[words, tricky, number]])], UTC)
    assert name == "t.csv"
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [["words", "tricky", "number"], [plain_text(words), plain_text(tricky), str(number)]]


def test_a_moment_is_shown_in_the_zone_of_the_person() -> None:
    """ISO 8601 with its offset."""
    assert shown(datetime(2026, 7, 27, 0, 30, tzinfo=UTC), SEOUL) == "2026-07-27T09:30:00+09:00"
    assert (shown(None, UTC), shown(True, UTC), shown(-3, UTC)) == ("", "true", -3)


def test_korean_excel_opens_the_files(dossier: Dossier) -> None:
    """A byte order mark first, CRLF at the end of lines."""
    for content in csv_of(dossier).files.values():
        assert content.startswith("\ufeff".encode())
        assert content.endswith(b"\r\n")


def test_there_is_a_row_for_each_screening_and_each_answer(tables: dict[str, list[dict[str, str]]]) -> None:
    """A form without a total has none; an answer that was not given is empty and not 0."""
    screenings = tables["screenings.csv"]
    assert [row["total"] for row in screenings] == ["8", "10", "8", "16", "9", "5", "2", ""]
    assert screenings[4]["validity"] == "prorated"
    assert screenings[4]["missing"] == "phq9.6"
    assert screenings[4]["total_loinc"] == ""
    assert screenings[7]["status"] == "refused"
    answers = tables["answers.csv"]
    assert len(answers) == 5 * 9 + 2 * 15
    skipped = next(row for row in answers if row["outcome"] == "skipped")
    assert (skipped["item_id"], skipped["score"], skipped["reply"]) == ("phq9.6", "", "그건 대답 안 할래요.")
    assert {row["screening_id"] for row in answers} <= {row["screening_id"] for row in screenings}


def test_alerts_say_whom_they_reached_and_what_became_of_them(tables: dict[str, list[dict[str, str]]]) -> None:
    """With the words of danger beside them, readings by day, and one by one where that was asked for."""
    [alert] = tables["alerts.csv"]
    assert (alert["tries"], alert["status"], alert["contacts"]) == ("2", "resolved", "큰따님")
    assert alert["sent_at"].endswith("+09:00")
    assert tables["safety_events.csv"][0]["words"] == DANGEROUS
    assert len(tables["readings.csv"]) == len(tables["readings_raw.csv"]) == 840
    assert "hospital.csv" not in tables


def test_the_dictionary_has_every_column_and_no_other(tables: dict[str, list[dict[str, str]]]) -> None:
    """With a Korean name and a meaning each."""
    described = [(row["table"], row["column"]) for row in tables["dictionary.csv"]]
    there = {name.removesuffix(".csv"): rows for name, rows in tables.items() if rows}
    for name, rows in there.items():
        assert [column for table, column in described if table == name] == list(rows[0])
    assert all(row["title"] and row["about"] for row in tables["dictionary.csv"])
    assert set(prompt_table("reports/tables.ko.toml")["sheets"]) - {"hospital"} == {table for table, _ in described}


def test_the_workbook_holds_the_same_tables(dossier: Dossier, tables: dict[str, list[dict[str, str]]]) -> None:
    """Headers frozen, no cell a formula."""
    book = load_workbook(io.BytesIO(xlsx_of(dossier).files["malbeot.xlsx"]))
    assert [f"{name}.csv" for name in book.sheetnames] == list(tables)
    for page in book:
        assert page.freeze_panes == "A2"
        assert page.max_row == len(tables[f"{page.title}.csv"]) + 1
        assert not any(cell.data_type == "f" for row in page.iter_rows() for cell in row)


def test_a_formula_in_an_answer_stays_text_in_a_workbook() -> None:
    """And a text that is longer than any cell is cut with a mark."""
    column = Column("words", "말", "text", "")
    sheet = Sheet("t", "표", (column,), [["=1+1"], ["http://example.invalid"], ["가" * 40_000]])
    content = workbook([sheet], zone=SEOUL, made_at=datetime(2026, 1, 1, tzinfo=UTC), title="t")
    cells = [row[0] for row in load_workbook(io.BytesIO(content))["t"].iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells[:2]] == [("'=1+1", "s"), ("http://example.invalid", "s")]
    assert len(str(cells[2].value)) == 32_767
    assert str(cells[2].value).endswith("…")


def test_a_workbook_refuses_more_rows_than_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is dropped in silence: CSV takes them."""
    monkeypatch.setattr(workbooks, "MOST_ROWS", 2)
    sheet = Sheet("t", "표", (Column("n", "수", "number", ""),), [[1], [2], [3]])
    with pytest.raises(InputError, match="too_many_rows"):
        workbook([sheet], zone=SEOUL, made_at=datetime(2026, 1, 1, tzinfo=UTC), title="t")


def test_the_same_dossier_gives_the_same_bytes(dossier: Dossier) -> None:
    """Twice the same files."""
    assert csv_of(dossier).files == csv_of(dossier).files
    assert xlsx_of(dossier).files == xlsx_of(dossier).files
