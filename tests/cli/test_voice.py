"""``companion voice``: what an operator sees and which status comes back."""

from __future__ import annotations

import json
import os
import wave
from pathlib import Path

import pytest

from companion.adapters.voice_kokoro import FILES
from companion.cli import app as command_line
from companion.cli.exit_codes import ExitCode
from companion.prompts import prompt_table
from companion.wiring.kept import kept_replies


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the command as a person would and return its exit status."""
    monkeypatch.setattr("sys.argv", ["companion", *words])
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    return int(ended.value.code or 0)


@pytest.fixture
def models() -> Path:
    folder = Path(os.environ.get("COMPANION_MODELS", ""))
    if not all((folder / "kokoro-82m" / file).is_file() for file in FILES):
        pytest.skip("the artifact kokoro-82m is not under $COMPANION_MODELS")
    return folder


def test_lists_every_voice_with_its_credit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each voice of the catalogue is listed, ready or not, with whom it is owed to."""
    assert run(monkeypatch, "voice", "list", "--json") == ExitCode.OK

    shown = json.loads(capsys.readouterr().out)
    table = prompt_table("speech/voices.toml")
    assert {voice["name"]: voice["credit"] for voice in shown["voices"]} == {
        name: entry["credit"] for name, entry in table["voices"].items()
    }
    assert shown["chosen"] in table["voices"]


@pytest.mark.models
def test_writes_what_it_says(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A text becomes a WAV file at 24 kHz; what could not be said is named."""
    out = tmp_path / "deep" / "hello.wav"
    assert run(monkeypatch, "voice", "say", "안녕하세요. я", "--out", str(out)) == ExitCode.OK

    with wave.open(str(out)) as file:
        assert file.getframerate() == 24_000
        assert 0.5 < file.getnframes() / 24_000 < 3.0
    assert "я" in capsys.readouterr().err


@pytest.mark.models
@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("say", "안녕", "--voice", "jf_nobody"), ExitCode.CONFIG),
        (("say", "안녕", "--voice", "jf_nezumi:0"), ExitCode.CONFIG),
        (("say", "...", "--out", "x.wav"), ExitCode.INPUT),
    ],
)
def test_what_cannot_be_said_has_a_status_and_a_sentence(
    models: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    status: ExitCode,
) -> None:
    """An unknown voice, a bad blend and a text without words each end with one sentence and the documented status."""
    assert run(monkeypatch, "voice", *words) == status

    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "<" not in told, "a slot of the sentence was not filled"


def test_what_is_kept_names_nobody_and_begins_with_danger() -> None:
    """The sentences to prepare have no slot left, come once each, and those of danger are uninterruptible and first."""
    replies = kept_replies()

    assert len({reply.text for reply in replies}) == len(replies) > 100
    assert not [reply.text for reply in replies if "{" in reply.text]
    dangers = [reply.uninterruptible for reply in replies]
    assert dangers == sorted(dangers, reverse=True)
    assert any("109" in reply.text for reply in replies if reply.uninterruptible)
