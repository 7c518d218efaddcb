"""What was asked, answered and noticed, as whoever may see it reads it at the command line."""

from __future__ import annotations

import json

import pytest

from companion.cli.exit_codes import ExitCode
from tests.cli.conftest import Program

REPLIES = [
    "사흘쯤",
    "한 닷새는 우울했지",
    "밤마다 못 자",
    "한 이레",
    "뭐 잘 먹지",
    "없어 그런 건",
    "하루 그랬지",
    "네",
    "그런 적 없어",
    "그런 생각은 안 해",
    "조금 힘들었지",
]


def talked(program: Program, *lines: str) -> str:
    """Hold a typed conversation; return what was said in it."""
    done = program("talk", "--text", "--silent", typed="\n".join(lines) + "\n")
    assert done.returncode == ExitCode.OK
    return done.stdout + done.stderr


def test_a_whole_phq9_in_a_typed_conversation_is_shown_item_by_item(set_up: Program) -> None:
    """Asked for, answered, kept: verbatim words, option, decider, confidence, total with the source of its band."""
    said = talked(set_up, "요새 통 잠을 못 자", "우울증 검사 해 볼래", *REPLIES, "고마워", "잘 있어 또 보자")
    listed = json.loads(set_up("screenings", "list", "--json").stdout)["screenings"]
    shown = json.loads(set_up("screenings", "show", listed[0]["id"][-8:], "--json").stdout)
    text = set_up("screenings", "show").stdout

    assert "솔직하게 말씀해 주셔서 고마워요" in said
    assert [(one["status"], one["asked_by"]) for one in listed] == [("complete", "person")]
    assert [one["reply"] for one in shown["answers"]] == [one for one in REPLIES if one != "네"]
    assert [one["score"] for one in shown["answers"]] == [1, 1, 3, 2, 0, 0, 1, 0, 0, 1]
    assert all({"option", "decider", "confidence", "asked", "evidence"} <= one.keys() for one in shown["answers"])
    assert shown["answers"][6]["confirmed"] == "yes"
    assert (shown["score"]["total"], shown["score"]["validity"]) == (8, "complete")
    assert shown["score"]["band_source"]
    assert all(words in text for words in (*REPLIES, "8점", "진단이 아닙니다", "Kroenke"))
    observed = json.loads(set_up("screenings", "observations", "--json").stdout)["observations"]
    assert [(one["sign"], one["quote"], one["touches"]) for one in observed] == [
        ("sleep", "요새 통 잠을 못 자", "phq9.3")
    ]
    told = set_up("screenings", "observations")
    assert "요새 통 잠을 못 자" in told.stdout
    assert "점수가 아니고" in told.stderr


def test_a_suspended_one_is_shown_as_such_and_never_as_refused(set_up: Program) -> None:
    """When, why, and from when on the rest may be asked."""
    talked(set_up, "우울증 검사 해 보자", *["사흘"] * 8, "그런 생각이 들지", "아니", "잘 있어")

    shown = json.loads(set_up("screenings", "show", "--json").stdout)
    text = set_up("screenings", "show").stdout

    assert (shown["status"], shown["suspended_by"]) == ("suspended", "item")
    assert shown["not_before"] > shown["suspended_at"]
    assert shown["score"]["total"] is None
    assert shown["score"]["needs_follow_up"]
    assert "거절이 아닙니다" in text
    assert "그런 생각이 들지" in text
    held_back = set_up("screen", "--text", "--silent", typed="네\n")
    assert held_back.returncode == ExitCode.INPUT
    assert "안전을 확인" in held_back.stderr


def test_stopped_and_refused_are_told_apart(set_up: Program) -> None:
    """The words for each are true of it."""
    talked(set_up, "우울증 검사 해 보자", "사흘", "그만", "잘 있어")
    done = set_up("screen", "--text", "--silent", "--instrument", "gad7", typed="싫어\n")
    assert done.returncode == ExitCode.OK

    listed = json.loads(set_up("screenings", "list", "--json").stdout)["screenings"]

    assert [(one["instrument"], one["status"]) for one in listed] == [("gad7", "refused"), ("phq9", "stopped")]
    assert "원하지 않으셨습니다" in set_up("screenings", "list").stdout


def test_an_open_one_is_gone_on_with_by_the_other_command(set_up: Program) -> None:
    """What was begun in a conversation is finished alone, and stays one screening."""
    talked(set_up, "우울증 검사 해 보자", "사흘", "나흘")
    done = set_up("screen", "--text", "--silent", "--json", typed="\n".join(["네", *REPLIES[2:]]) + "\n")

    told = json.loads(done.stdout)
    listed = json.loads(set_up("screenings", "list", "--json").stdout)["screenings"]
    assert "이어서 합니다" in done.stderr
    assert [one["reply"] for one in told["answers"]][:3] == ["사흘", "나흘", "밤마다 못 자"]
    assert [one["status"] for one in listed] == ["complete"]


def test_without_consent_nothing_is_shown(set_up: Program) -> None:
    """A withdrawal hides what was kept at once, from the list and from a look at one."""
    talked(set_up, "요새 통 잠을 못 자", "우울증 검사 해 보자", "사흘", "그만")
    given = set_up("people", "consent", "순자님", "--item", "health", "--answer", "withdrawn")
    assert given.returncode == ExitCode.OK, given.stderr

    assert json.loads(set_up("screenings", "list", "--json").stdout) == {"screenings": []}
    assert json.loads(set_up("screenings", "observations", "--json").stdout) == {"observations": []}
    assert set_up("screenings", "show").returncode == ExitCode.INPUT


@pytest.mark.parametrize("arguments", [("show",), ("show", "없는번호")])
def test_a_screening_that_is_not_there_is_one_clear_sentence(companion: Program, arguments: tuple[str, ...]) -> None:
    """No traceback, and nothing is made by looking."""
    done = companion("screenings", *arguments)

    assert done.returncode == ExitCode.INPUT
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_stage_of_dementia_is_put_on_record(set_up: Program) -> None:
    """With a moderate one nothing is offered unless a clinician turns it on."""
    assert set_up("people", "edit", "순자님", "--dementia", "moderate").returncode == ExitCode.OK
    assert set_up("people", "edit", "순자님", "--screening-despite-dementia").returncode == ExitCode.OK
    shown = json.loads(set_up("people", "show", "순자님", "--json").stdout)

    assert (shown["dementia_stage"], shown["screening_despite_dementia"]) == ("moderate", True)
    assert set_up("people", "edit", "순자님", "--dementia", "heavy").returncode == ExitCode.INPUT
