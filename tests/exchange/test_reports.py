"""Reports on paper say what the record holds, look the same each time, and can be read by eye and by machine."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from companion.core.consent import Answer, Item
from companion.errors import ArtifactMissing, NotAllowed
from companion.exchange.dossier import Dossier, HospitalRecord
from companion.exchange.report.calendar import Span
from companion.exchange.report.charts import reading_charts, screening_charts
from companion.exchange.report.clinician import clinician_report
from companion.exchange.report.family import family_report
from companion.safety.risk import Kind
from companion.screening.scoring import Validity
from companion.wiring.export_files import csv_of, family_pdf_of, pdf_of, report_words
from companion.wiring.exporting import Wish, gathered
from tests.exchange.opened import read_back
from tests.exchange.somebody import DANGEROUS, DAUGHTER, SEOUL, Somebody

LETTERS = "nanum-gothic"


@pytest.fixture(scope="module")
def letters() -> str:
    """Give the folder with model files; skip loudly where the letters are not in it."""
    folder = os.environ.get("COMPANION_MODELS", "")
    if not folder or not (Path(folder) / LETTERS).is_dir():
        pytest.skip("REPORTS NOT PRINTED: COMPANION_MODELS names no folder with nanum-gothic")
    return folder


@pytest.fixture(scope="module")
def whole(letters: str, dossier: Dossier) -> PdfReader:
    """Give the report for a clinician, opened again."""
    return printed(dossier)


def printed(dossier: Dossier) -> PdfReader:
    """Print the report for a clinician and open it again."""
    return PdfReader(io.BytesIO(pdf_of(dossier).files["malbeot.pdf"]))


def text_of(pdf: PdfReader) -> str:
    """Return all text without blanks: where a line was broken is no matter."""
    return squeezed("".join(page.extract_text() for page in pdf.pages))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def fonts_of(pdf: PdfReader) -> Iterator[dict[str, Any]]:
    """Yield the descriptor of each font of each page."""
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            below = font.get_object().get("/DescendantFonts", [font])[0].get_object()
            yield below["/FontDescriptor"].get_object()


def test_the_whole_report_holds_what_was_said_and_what_it_came_to(whole: PdfReader, dossier: Dossier) -> None:
    """Every answer word for word, every total, the words of danger, who took the alert on, and the sources."""
    text = text_of(whole)
    for one in dossier.screenings:
        for answer in one.screening.answers:
            assert squeezed(answer.reply) in text
    assert squeezed(DANGEROUS) in text
    assert all(squeezed(note.note) in text for one in dossier.alerts for note in one.notes)
    for said in ("합계16점", "비례환산9점", "10점이상:선별양성", "HanC2008", "Kroenke", "원치않으심", "서명"):
        assert said in text
    assert all(squeezed(line) in text for line in report_words(dossier).lines("purpose.lines"))
    assert squeezed("2026-08-24 PHQ-9: 답하지 않은 문항 6. 사람이 직접 여쭈어 주세요.") in text


def test_every_page_says_whose_it_is_and_which_of_how_many(whole: PdfReader) -> None:
    """With the purpose and the version below."""
    pages = len(whole.pages)
    assert 8 <= pages <= 14
    for number, page in enumerate(whole.pages, 1):
        text = squeezed(page.extract_text())
        assert f"{number}쪽/전체{pages}쪽" in text
        assert "김순자·1944년생" in text
        assert "진단이아닙니다" in text
        assert "말벗0.1.0" in text


def test_a_table_that_goes_over_a_page_says_its_columns_again(whole: PdfReader, dossier: Dossier) -> None:
    """More headings than forms."""
    forms = sum(bool(one.screening.answers) for one in dossier.screenings)
    assert text_of(whole).count("번호문항하신말씀그대로옮긴보기점수") > forms


def test_the_file_can_be_kept_for_ever_and_read_aloud(whole: PdfReader) -> None:
    """Letters embedded, PDF/A-2a, tagged, in Korean, and no name of anybody in its properties."""
    descriptors = list(fonts_of(whole))
    assert descriptors
    assert all("/FontFile2" in one or "/FontFile3" in one for one in descriptors)
    assert {str(one["/FontName"]).split("+")[-1].split("-")[0] for one in descriptors} == {
        "NanumGothic",
        "NanumGothicBold",
    }
    metadata = bytes(whole.trailer["/Root"]["/Metadata"].get_object().get_data())  # type: ignore[index]
    assert b"<pdfaid:part>2</pdfaid:part>" in metadata
    assert "김순자".encode() not in metadata
    assert whole.trailer["/Root"]["/Lang"] == "ko-KR"  # type: ignore[index]
    assert whole.trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]


def test_the_same_dossier_gives_the_same_bytes(letters: str, dossier: Dossier) -> None:
    """Twice the same file."""
    assert pdf_of(dossier).files == pdf_of(dossier).files


def test_words_are_printed_as_they_are_whatever_they_look_like(letters: str, dossier: Dossier) -> None:
    """Signs of the typesetter mean nothing in them; an answer longer than a page is printed to its end."""
    signs, sentence, end = "#panic[x] $a_1$ *별* <b> \\ `c` //", "길게 말씀하신 대답이 이어집니다.", "여기까지예요."
    tricky = " ".join([signs, *[sentence] * 300, end])
    first = dossier.screenings[0]
    answers = (replace(first.screening.answers[0], reply=tricky), *first.screening.answers[1:])
    changed = replace(first, screening=replace(first.screening, answers=answers))
    text = text_of(printed(replace(dossier, screenings=(changed,))))
    assert squeezed(signs) in text
    assert squeezed(end) in text
    assert text.count(squeezed("대답이")) == 300


def test_a_letter_that_no_font_has_stops_no_report(letters: str, dossier: Dossier) -> None:
    """The rest is printed, and the note around it."""
    danger = replace(dossier.dangers[0], words="오늘은 😀 좋았어")
    text = text_of(printed(replace(dossier, dangers=(danger,))))
    assert "오늘은" in text
    assert "좋았어" in text


def test_what_is_left_out_is_named(letters: str, fresh: Somebody) -> None:
    """Nothing of it is printed, and the report says why it is not there."""
    fresh.decide(Item.HEALTH, Answer.WITHDRAWN)
    text = text_of(
        PdfReader(io.BytesIO(pdf_of(gathered(fresh.viewer(), fresh.person, Wish(), kind="pdf")).files["malbeot.pdf"]))
    )
    assert squeezed("마음 점검: 동의하지 않으셔서 이 보고서에서 뺐습니다.") in text
    assert squeezed("측정값: 동의하지 않으셔서 이 보고서에서 뺐습니다.") in text
    assert "PHQ-9" not in text


def test_of_somebody_without_screenings_there_is_a_report(letters: str, newborn: Somebody) -> None:
    """It says that there are none, and that this does not mean safety."""
    found = gathered(newborn.viewer(), newborn.person, Wish(), kind="pdf")
    text = text_of(printed(found))
    assert squeezed("이 기간에 점검이 없습니다.") in text
    assert squeezed("안전하다는 뜻은 아닙니다.") in text
    assert len(PdfReader(io.BytesIO(family_pdf_of(found).files["malbeot.pdf"])).pages) == 1


def test_the_family_gets_one_page_without_any_answer(letters: str, dossier: Dossier) -> None:
    """No item, no words of danger, no kind of it; whom to call is there."""
    pdf = PdfReader(io.BytesIO(family_pdf_of(dossier).files["malbeot.pdf"]))
    text = text_of(pdf)
    assert len(pdf.pages) == 1
    assert "진단이아닙니다" in text
    assert all(number in text for number in ("119", "109", "1577-0199"))
    assert squeezed(DANGEROUS) not in text
    assert "죽고싶" not in text
    assert not any(squeezed(answer.reply) in text for one in dossier.screenings for answer in one.screening.answers)


def test_a_reader_whom_the_person_agreed_to_gets_the_words_on_the_back(letters: str, dossier: Dossier) -> None:
    """Of the latest screening only; anybody else is refused."""
    pdf = PdfReader(io.BytesIO(family_pdf_of(dossier, reader=DAUGHTER).files["malbeot.pdf"]))
    assert len(pdf.pages) == 2
    latest = dossier.screenings[6]
    back = squeezed(pdf.pages[1].extract_text())
    assert all(squeezed(answer.reply) in back for answer in latest.screening.answers)
    with pytest.raises(NotAllowed, match="reader_not_agreed"):
        family_pdf_of(dossier, reader="이웃")


def test_the_family_page_never_tells_of_abuse(dossier: Dossier) -> None:
    """Not in a count either: who reads it may be the one."""
    words = report_words(dossier)
    raised = dossier.alerts[0]
    order = replace(raised.alert.order, kind=Kind.ABUSE)
    abuse = replace(raised, alert=replace(raised.alert, order=order))
    found = replace(dossier, dangers=(replace(dossier.dangers[0], kind="abuse"),), alerts=(abuse,))
    none = replace(dossier, dangers=(), alerts=())
    assert family_report(found, words) == family_report(none, words)


def test_a_version_that_is_not_at_hand_has_answers_and_no_total(letters: str, dossier: Dossier) -> None:
    """Said once for all its screenings."""
    others = tuple(replace(one, instrument=None, score=None, change=None) for one in dossier.screenings[:3])
    text = text_of(printed(replace(dossier, screenings=others)))
    assert squeezed("PHQ-9 2번: 지금 갖고 있지 않은 판(ko-pfizer-1)의 문항이어서") in text
    assert squeezed(others[0].screening.answers[2].reply) in text
    assert "합계8점" not in text


def test_what_hospitals_wrote_stands_as_they_wrote_it(letters: str, dossier: Dossier) -> None:
    """With where it came from; an old score says that it is old, and answers to single items stay in the tables."""
    at = datetime(2024, 3, 4, tzinfo=UTC)
    code = "http://loinc.org"
    found = (
        HospitalRecord("1", "condition", at, "2형 당뇨병", "http://hl7.org/fhir/sid/icd-10", "E11.9", source="a.json"),
        HospitalRecord("2", "result", None, "당화혈색소", code, "4548-4", "6.8 %", "%", source="a.json"),
        HospitalRecord("3", "score", at, "PHQ-9 total", code, "44261-6", "11", "{score}", source="a.json", old=True),
        HospitalRecord("4", "answer", at, "item of a form", source="a.json"),
    )
    changed = replace(dossier, hospital=found)
    text = text_of(printed(changed))
    for said in ("2형 당뇨병", "icd-10 E11.9", "6.8 %", "PHQ-9 total", "오래된 점수", "a.json", "병원 기록 4건"):
        assert squeezed(said) in text
    assert "itemofaform" not in text
    assert "{score}" not in text
    assert {row["record_id"] for row in read_back(csv_of(changed).files["hospital.csv"])} == {"1", "2", "3", "4"}


def test_without_letters_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch, dossier: Dossier) -> None:
    """Before anything is printed."""
    monkeypatch.delenv("COMPANION_MODELS", raising=False)
    with pytest.raises(ArtifactMissing) as refused:
        pdf_of(dossier)
    assert refused.value.fields["artifact"] == LETTERS


def test_a_chart_says_what_kind_of_total_it_shows(dossier: Dossier) -> None:
    """Prorated ones are hollow, one without a total is no 0, and cut-offs carry population and source."""
    words = report_words(dossier)
    phq9: Any = next(iter(screening_charts(dossier, words)))
    assert [(point["mark"], point["label"]) for point in phq9["points"]] == [
        ("full", "8"),
        ("full", "8"),
        ("full", "16"),
        ("hollow", "9"),
        ("full", "5"),
    ]
    assert [line["at"] for line in phq9["lines"]] == [5 / 27, 10 / 27]
    assert "N=6,022" in phq9["notes"][0]
    first = dossier.screenings[0]
    assert first.score is not None
    score = replace(first.score, total=None, validity=Validity.REQUIRED_MISSING)
    without: Any = next(iter(screening_charts(replace(dossier, screenings=(replace(first, score=score),)), words)))
    assert without["points"] == [{"x": without["points"][0]["x"], "y": 0, "mark": "none", "label": ""}]
    assert [entry["mark"] for entry in without["legend"]] == ["full", "none"]


def test_every_point_of_every_chart_lies_on_the_paper(dossier: Dossier) -> None:
    """Between 0 and 1, months in order; a kind that never changed, too."""
    words = report_words(dossier)
    flat = replace(
        dossier, days_of_readings=tuple(replace(one, least=70, mean=70, most=70) for one in dossier.days_of_readings)
    )
    for one in (dossier, flat):
        for chart in reading_charts(one, words):
            series: Any = chart["series"]
            assert all(0 <= point[name] <= 1 for days in series for point in days for name in ("x", "y", "low", "high"))
            names: Any = chart["names"]
            assert [name["at"] for name in names] == sorted(name["at"] for name in names)


@pytest.mark.parametrize("days", [1, 8, 62, 63, 400, 2000])
def test_a_span_of_any_length_has_few_names(dossier: Dossier, days: int) -> None:
    """At least none and at most thirteen below a chart, all within it."""
    since = datetime(2026, 1, 31, 15, tzinfo=UTC)
    span = Span.of(replace(dossier, since=since, until=since + timedelta(days=days)))
    names = list(span.names(report_words(dossier)))
    assert 1 <= len(names) <= 13
    assert span.noon(date(2020, 1, 1), report_words(dossier)) == 0
    assert span.place(since.astimezone(SEOUL)) == 0


def test_a_report_is_made_of_plain_values(dossier: Dossier) -> None:
    """Whatever a layout gets can be JSON."""
    import json

    words = report_words(dossier)
    for report in (clinician_report(dossier, words), family_report(dossier, words, reader=DAUGHTER)):
        assert json.loads(json.dumps(report)) is not None
