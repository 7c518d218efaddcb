"""`companion run` as a process: days on a clock that hurries, and deaths and signals at the worst moment.

The processes are real, because only a real one can be killed: starting one takes seconds.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from companion.cli.exit_codes import ExitCode
from tests.cli.conftest import Program
from tests.servers import http_server

DAY = "2030-12-02"
MEDICINE = "혈압약 드실 시간이에요."


@pytest.fixture
def alive(set_up: Program, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Give the program on a machine without models, where a medicine was set for eight and nobody calls."""
    monkeypatch.setenv("COMPANION_MODELS", str(own_home / "none"))
    (own_home / "config.toml").write_text('profile = "embedded"\n[daily]\ncheck_ins = []\n', encoding="utf-8")
    typed = ("--words", "혈압약", "--at", "08:00", "--by", "큰딸")
    assert set_up("reminders", "add", *typed).returncode == ExitCode.OK
    return set_up


def options(begin: str, until: str, pace: float) -> list[str]:
    begins, ends = (f"{DAY}T{one}+09:00" for one in (begin, until))
    return ["run", "--text", "--silent", "--clock", begins, "--until", ends, "--pace", str(pace)]


@pytest.fixture
def process(alive: Program) -> Iterator[subprocess.Popen[str]]:
    """Give a process for which it is ten seconds to eight."""
    begun = subprocess.Popen(
        [sys.executable, "-m", "companion", *options("07:59:50", "12:00:00", 10)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    yield begun
    begun.kill()
    begun.communicate()


def test_a_day_is_lived_through_and_ends(alive: Program) -> None:
    """The medicine at its time, a request on the way, and nothing else."""
    done = alive(*options("07:59:00", "08:40:00", 400), typed="말벗아 복지관에 전화해 줘\n응 그래\n그만하자\n")
    assert done.returncode == ExitCode.OK, done.stderr
    assert done.stdout.count(MEDICINE) == 1
    assert "네, 적어 두었어요." in done.stdout
    assert "복지관에 전화해 줘" in alive("requests", "list").stdout


def test_what_is_asked_in_talk_is_said_at_its_time(alive: Program) -> None:
    """Also by the next process, in the person's own words."""
    typed = "말벗아 여덟 시 삼십 분에 드라마 한다고 알려 줘\n응 그래\n그만하자\n"
    begun = alive(*options("08:05:00", "08:15:00", 200), typed=typed)
    assert begun.returncode == ExitCode.OK, begun.stderr
    assert "네, 아침 여덟 시 반에 말씀드릴게요." in begun.stdout
    done = alive(*options("08:20:00", "08:40:00", 400))
    assert done.returncode == ExitCode.OK, done.stderr
    assert done.stdout.count("아침 여덟 시 반에 드라마 한다고 알려 달라고 하셨지요.") == 1


def test_whoever_does_not_answer_is_reported_to_the_contact(alive: Program, own_home: Path) -> None:
    """Called six times, then a message on a real server; the last call says who will be told."""
    (own_home / "config.toml").write_text('profile = "embedded"\n', encoding="utf-8")
    with http_server() as web:
        address = f"json://127.0.0.1:{web.port}/topic"
        assert alive("people", "contact", "순자님", "--name", "큰따님", "--channel", address).returncode == ExitCode.OK
        done = alive(*options("10:29:00", "11:50:00", 500))
    assert done.returncode == ExitCode.OK, done.stderr
    assert "큰따님께 알릴게요" in done.stdout
    assert [one["title"] for one in web.messages] == ["[말벗] 대답이 없으세요: 김순자"]


def test_a_process_that_is_killed_in_the_middle_of_a_word_is_followed_by_silence(
    process: subprocess.Popen[str], alive: Program
) -> None:
    """What it was saying is not said again, and stands in the summary as interrupted or said."""
    assert process.stdout is not None
    assert MEDICINE in process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = alive(*options("08:00:10", "09:30:00", 4000))
    assert done.returncode == ExitCode.OK, done.stderr
    assert MEDICINE not in done.stdout


def test_sigterm_ends_it_kindly_and_a_second_process_is_refused(process: subprocess.Popen[str], alive: Program) -> None:
    """Two would say everything twice."""
    assert process.stdout is not None
    assert process.stderr is not None
    assert MEDICINE in process.stdout.readline()
    second = alive(*options("08:00:10", "09:30:00", 4000))
    assert second.returncode == ExitCode.INPUT
    assert "already running" in second.stderr
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == ExitCode.OK
    assert "(stopped)" in process.stderr.read()


@pytest.mark.parametrize("typed", [["--clock", "soon", "--text"], ["--until", "noon", "--text"], ["--pace", "9"]])
def test_what_cannot_be_used_is_said_in_a_sentence(alive: Program, typed: list[str]) -> None:
    """Before anything is loaded."""
    done = alive("run", *typed)
    assert done.returncode == ExitCode.INPUT
    assert "Traceback" not in done.stderr
