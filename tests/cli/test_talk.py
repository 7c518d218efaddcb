"""`companion talk` as a program: typed, recorded, interrupted, with bad input."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from companion.cli.exit_codes import ExitCode
from companion.wiring.record import open_record
from tests.cli.conftest import Program
from tests.weather import weather_server

COMMAND = [sys.executable, "-m", "companion"]
RECORDINGS = Path(__file__).resolve().parents[1] / "recordings"


@pytest.fixture
def no_models(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which no model file was pulled."""
    monkeypatch.setenv("COMPANION_MODELS", str(own_home / "none"))
    (own_home / "config.toml").write_text('profile = "embedded"\n', encoding="utf-8")
    return own_home


def program(*arguments: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], check=False, capture_output=True, text=True, input=typed, timeout=240)


def last_session(companion: Program) -> dict[str, object]:
    shown: dict[str, object] = json.loads(companion("sessions", "show", "--json").stdout)
    return shown


@pytest.mark.usefixtures("no_models", "set_up")
def test_a_typed_conversation_is_answered_and_given_back() -> None:
    """As a process without any model file: typed words get replies, and `sessions show` gives both back."""
    done = program("talk", "--text", "--silent", typed="무릎이 아파\n너 사람이야?\n그만\n")

    turns = json.loads(program("sessions", "show", "--json").stdout)["turns"]
    assert isinstance(turns, list)
    assert done.returncode == ExitCode.OK
    assert [turn["heard"] for turn in turns] == ["", "무릎이 아파", "너 사람이야?", "그만"]
    assert all(turn["reply"] in done.stdout for turn in turns)
    assert "인공지능" in turns[2]["reply"]
    assert [turn["source"] for turn in turns] == ["fixed", "bank", "fixed", "fixed"]


def test_a_wish_is_taken_down_and_the_weather_told_in_a_typed_conversation(no_models: Path, set_up: Program) -> None:
    """The wish stands in the record and is said to need a device that stays on; the weather comes from its server."""
    with weather_server() as sky:
        weather = f'[weather]\nsource = "open-meteo"\nlatitude = 37.35\nlongitude = 127.95\naddress = "{sky.address}"\n'
        (no_models / "config.toml").write_text(f'profile = "embedded"\n{weather}', encoding="utf-8")
        typed = "모레 여섯 시에 드라마 한다고 알려 줘\n그래\n오늘 날씨 어때?\n끝말잇기 하자\n그만\n"
        done = set_up("talk", "--text", "--silent", typed=typed)
    listed = set_up("reminders", "list").stdout

    assert done.returncode == ExitCode.OK
    assert "말벗을 늘 켜 두시면 모레 저녁 여섯 시에 말씀드려요." in done.stdout
    assert "기온은 영하 3도예요." in done.stdout
    assert "드라마 한다고 알려 달라고 하셨지요." in listed


def no_passphrase() -> str:
    raise AssertionError("nothing asks here")


@pytest.mark.usefixtures("no_models")
def test_speed_and_loudness_are_remembered(set_up: Program) -> None:
    """Asked to speak slower twice and louder once, over two sessions, the second goes on from the first."""
    remembered: list[object] = []
    for words in ("천천히 말해 줘", "더 천천히 말해 줘\n크게 말해 줘"):
        set_up("talk", "--text", "--silent", typed=f"{words}\n그만\n")
        with open_record(no_passphrase) as record:
            (person,) = record.people.all()
            remembered.append(dict(person.speech))

    assert remembered == [{"speed": pytest.approx(0.9)}, {"speed": pytest.approx(0.8), "lufs": pytest.approx(-17.0)}]


def test_nothing_that_was_said_can_be_read_in_any_file(no_models: Path, set_up: Program) -> None:
    """A phrase that was spoken is in the record, and no file at all holds it readably."""
    canary = "보라색기린이춤춘다"

    set_up("talk", "--text", "--silent", typed=f"{canary}\n{canary * 300}\n그만\n")

    holding = {path.name for path in no_models.rglob("*") if path.is_file() and canary.encode() in path.read_bytes()}
    assert holding == set()
    assert canary in str(last_session(set_up))


@pytest.mark.usefixtures("no_models")
def test_without_consent_a_conversation_is_held_and_not_kept(companion: Program) -> None:
    """It is said before and after, and nothing is there to be read."""
    done = companion("talk", "--text", "--silent", typed="무릎이 아파\n그만\n")

    assert done.returncode == ExitCode.OK
    assert "적어 두지 않아요" in done.stdout
    assert "(nothing is kept)" in done.stderr
    assert "(conversation not kept)" in done.stderr
    assert companion("sessions", "list").stdout == ""


@pytest.mark.usefixtures("no_models")
def test_words_are_on_the_screen_when_there_is_no_voice(companion: Program) -> None:
    """A missing voice is said once, and the conversation goes on in words."""
    done = companion("talk", "--text", typed="비가 오네\n")

    assert done.returncode == ExitCode.OK
    assert "words on the screen only" in done.stderr
    assert done.stdout.count("말벗:") == 3


@pytest.mark.usefixtures("no_models")
def test_sigterm_says_goodbye_and_keeps_everything(set_up: Program) -> None:
    """A service that is stopped ends kindly, with status 0 and the session closed."""
    with subprocess.Popen(
        [*COMMAND, "talk", "--text", "--silent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as running:
        assert running.stdout is not None
        greeting = running.stdout.readline()
        running.send_signal(signal.SIGTERM)
        goodbye = running.stdout.readline()
        status = running.wait(60)

    assert greeting.startswith("말벗: ")
    assert goodbye.startswith("말벗: ")
    assert status == ExitCode.OK
    assert last_session(set_up)["ended_by"] == "interrupted"


@pytest.mark.usefixtures("no_models")
def test_recordings_need_a_recogniser(companion: Program) -> None:
    """Without the recogniser's files one sentence says which command brings them."""
    done = companion("talk", "--audio", str(next(RECORDINGS.glob("*.flac"))))

    assert done.returncode == ExitCode.ARTIFACT
    assert "companion models pull" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.models
@pytest.mark.parametrize("content", [b"", b"this is no sound at all" * 50, b"RIFF\x00\x00\x00\x00WAVE"])
def test_a_file_that_is_no_recording_is_refused_before_the_greeting(
    companion: Program, tmp_path: Path, content: bytes
) -> None:
    """An empty file, a text file and a broken header each get one sentence and status 2."""
    bad = tmp_path / "bad.wav"
    bad.write_bytes(content)

    done = companion("talk", "--silent", "--audio", str(bad))

    assert done.returncode == ExitCode.INPUT
    assert "bad.wav" in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.models
def test_recorded_speech_is_heard_answered_and_saved(tmp_path: Path, set_up: Program) -> None:
    """A recorded clip is recognised, answered, and the answer written as sound."""
    clips = sorted(RECORDINGS.glob("*.flac"))[:1]
    # What is said at a first meeting is long, and takes half a minute to be made into sound.
    set_up("talk", "--text", "--silent", typed="그만\n")

    done = set_up("talk", "--audio", *map(str, clips), "--save-audio", str(tmp_path / "out"))

    turns = last_session(set_up)["turns"]
    assert isinstance(turns, list)
    assert done.returncode == ExitCode.OK
    assert turns[1]["heard_from"] == clips[0].name
    assert len(turns[1]["heard"]) > 10
    assert len(list((tmp_path / "out").glob("*.wav"))) == len(turns)
