"""`companion import vitals`, as the family of one older adult runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from companion.cli.exit_codes import ExitCode
from companion.cli.importing_progress import Counting
from tests.cli.conftest import Program

TABLE = "측정일시,혈당(mg/dL),식전/식후\n2026-11-01 07:05,112,공복\n2026-11-01 13:30,165,식후\n"
OTHERS = "이름,박영수\n" + TABLE


def _file(folder: Path, text: str, name: str = "혈당.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_file_is_brought_in_once(set_up: Program, tmp_path: Path) -> None:
    """The second time nothing changes, and a file that overlaps adds only what is new."""
    file = _file(tmp_path, TABLE)
    first = set_up("import", "vitals", file, "--json")
    again = set_up("import", "vitals", file, "--json")
    longer = _file(tmp_path, TABLE + "2026-11-02 07:00,120,공복\n", "더.csv")
    more = set_up("import", "vitals", longer, "--json")

    told = [json.loads(done.stdout)["files"][0] for done in (first, again, more)]
    assert [done.returncode for done in (first, again, more)] == [0, 0, 0]
    assert [(one["added"], one["known"], one["seen_before"]) for one in told] == [
        (2, 0, False), (0, 2, True), (1, 2, False),
    ]  # fmt: skip
    assert "혈당 2" in first.stderr


def test_looking_brings_nothing_in(set_up: Program, tmp_path: Path) -> None:
    """--dry-run shows what a file holds; the file can be brought in after it."""
    file = _file(tmp_path, TABLE)
    looked = json.loads(set_up("import", "vitals", file, "--dry-run", "--json").stdout)["files"][0]
    brought = json.loads(set_up("import", "vitals", file, "--json").stdout)["files"][0]

    assert (looked["kinds"], "added" in looked) == ({"glucose": 2}, False)
    assert brought["added"] == 2


def test_a_file_about_somebody_else_is_asked_about(set_up: Program, tmp_path: Path) -> None:
    """With nobody at a terminal nothing is brought in until --yes says that it is theirs."""
    file = _file(tmp_path, OTHERS)
    asked = set_up("import", "vitals", file)
    said = set_up("import", "vitals", file, "--yes", "--json")
    own = set_up("import", "vitals", _file(tmp_path, "이름,김 순자\n" + TABLE, "본인.csv"), "--json")

    assert asked.returncode == 2
    assert json.loads(said.stdout)["files"][0]["added"] == 2
    assert (own.returncode, json.loads(own.stdout)["files"][0]["owner_in_doubt"]) == (0, False)


def test_without_consent_to_health_data_nothing_is_brought_in(set_up: Program, tmp_path: Path) -> None:
    """One sentence, and the status of what is not allowed."""
    taken = set_up("people", "consent", "순자님", "--item", "health", "--answer", "withdrawn")
    done = set_up("import", "vitals", _file(tmp_path, TABLE))

    assert (taken.returncode, done.returncode) == (0, 10)


def test_a_broken_file_is_one_sentence(set_up: Program, tmp_path: Path) -> None:
    """It names the file, brings nothing in, and has the status of bad input."""
    done = set_up("import", "vitals", _file(tmp_path, "오늘은 날이 좋다", "일기.txt"))

    assert done.returncode == 2
    assert "일기.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_names_of_a_file_stay_out_of_what_is_shown(set_up: Program, tmp_path: Path) -> None:
    """Whose name stands in a file is said to nobody."""
    done = set_up("import", "vitals", _file(tmp_path, OTHERS), "--yes", "--json")

    assert "박영수" not in done.stdout + done.stderr


def test_a_long_file_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Not in the first seconds; then, in a log, once a minute."""
    seconds = [0.0]
    counting = Counting("vitals.bringing", "심박.csv", 40_000, now=lambda: seconds[0])
    for moment, done in ((1.0, 1000), (4.0, 10_000), (30.0, 20_000), (70.0, 30_000)):
        seconds[0] = moment
        counting(done)
    counting.end()
    shown = capsys.readouterr()
    assert shown.out == ""
    assert [line.split(",")[0] for line in shown.err.splitlines()] == ["심박.csv: 들여오는 중"] * 2
    assert "40,000개 가운데 10,000개 (25%)" in shown.err


def test_whoever_stops_it_is_told_that_nothing_is_there(
    set_up: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the status of what was interrupted, and the file can be brought in after it."""
    file = _file(tmp_path, TABLE)

    def stopped(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("companion.vitals.incoming.Reader.readings", stopped)
        done = set_up("import", "vitals", file)
    again = set_up("import", "vitals", file, "--json")

    assert done.returncode == ExitCode.INTERRUPTED
    assert "이 파일에서 들여온 것은 없습니다" in done.stderr
    assert json.loads(again.stdout)["files"][0]["added"] == 2
