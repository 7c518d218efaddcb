"""The commands around screening: checking instruments, measuring, administering."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from companion.cli.app import main
from companion.cli.exit_codes import ExitCode
from companion.prompts import data_folder
from tests.cli.conftest import PLAN


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str, typed: str = "") -> int:
    monkeypatch.setattr(sys, "argv", ["companion", *arguments])
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_the_shipped_instruments_are_whole(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """No problem, exit status 0, one line of JSON."""
    assert run(monkeypatch, "instruments", "check", "--json") == ExitCode.OK
    told = json.loads(capsys.readouterr().out)
    assert {one["id"] for one in told["instruments"]} >= {"phq9", "gds15", "gad7"}
    assert told["problems"] == []


def test_every_problem_of_a_file_is_listed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing option and an unknown key of the same file are both told, and the exit status says so."""
    source = (data_folder("prompts") / "instruments" / "phq9.ko.toml").read_text(encoding="utf-8")
    lines = [line for line in source.splitlines() if 'score = 1, code = "LA6569-3"' not in line]
    broken = tmp_path / "broken.ko.toml"
    broken.write_text("colour = 1\n" + "\n".join(lines), encoding="utf-8")

    assert run(monkeypatch, "instruments", "check", str(broken)) == ExitCode.INPUT
    told = capsys.readouterr().out
    assert "(missing option)" in told
    assert "(unknown key)" in told


@pytest.mark.parametrize("content", ["not = [toml", None])
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    """No traceback, exit status 2."""
    file = tmp_path / "x.toml"
    if content is not None:
        file.write_text(content, encoding="utf-8")

    assert run(monkeypatch, "instruments", "check", str(file)) == ExitCode.INPUT
    assert "x.toml" in capsys.readouterr().err


def test_measuring_prints_exactly_one_line_of_json(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The fields are those that were agreed, whatever else is told."""
    cases = tmp_path / "answers.jsonl"
    line = {"id": "a", "instrument": "gds15", "item": 7, "question": "", "answer": "네, 안 즐거워요", "expected": "no"}
    cases.write_text(json.dumps(line) + "\n", encoding="utf-8")

    assert run(monkeypatch, "evaluate", "answers", str(cases), "--json") == ExitCode.OK
    figures = json.loads(capsys.readouterr().out)
    assert (figures["n"], figures["accuracy"], figures["committed"], figures["committed_accuracy"]) == (1, 1, 1, 1)
    assert (figures["wrong_commitments"], figures["confirmations"]) == ([], 0)


def test_a_bad_line_is_named_by_its_number(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2 and the number of the line."""
    cases = tmp_path / "interviews.jsonl"
    cases.write_text('{"id": "p", "instrument": "gad7", "replies": [], "expected": []}\n', encoding="utf-8")

    assert run(monkeypatch, "evaluate", "interviews", str(cases), "--json") == ExitCode.INPUT
    assert "1번째 줄" in capsys.readouterr().err


def test_a_typed_screening_ends_with_answers_and_score(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The words behind every option are in the one line of JSON; the conversation itself goes to stderr."""
    typed = "네 물어보세요\n사흘쯤\n전혀 없어요\n"

    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    assert run(monkeypatch, "screen", "--text", "--silent", typed=typed) == ExitCode.ACCESS
    assert run(monkeypatch, "setup", "--from", str(tmp_path / "plan.toml")) == ExitCode.OK
    capsys.readouterr()
    assert run(monkeypatch, "screen", "--text", "--silent", "--json", typed=typed) == ExitCode.OK
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert [answer["reply"] for answer in told["answers"]] == ["사흘쯤", "전혀 없어요"]
    assert told["score"]["validity"] == "gated"
    assert told["score"]["subscales"]["phq2"] == 1
    assert "PHQ" not in err


def test_an_unknown_instrument_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The ones that there are stand in the sentence."""
    assert run(monkeypatch, "screen", "--instrument", "bdi", "--text") == ExitCode.INPUT
    assert "gds15" in capsys.readouterr().err
