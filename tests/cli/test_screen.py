"""What stands on the screen."""

from __future__ import annotations

import pytest

from companion.cli.screen import TerminalScreen
from companion.core.heard import Heard, Hearing
from companion.core.turn import Reply, ReplySource


def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reply: Reply) -> str:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    TerminalScreen(listening_cue=False).said(reply)
    return capsys.readouterr().out


def test_crisis_numbers_stand_apart_digit_by_digit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever cannot make out a number that is spoken can read it, once each."""
    reply = Reply("109번이에요. 다시, 109번. 노인학대는 1577-1389.", ReplySource.FIXED, "safety", uninterruptible=True)

    out = shown(monkeypatch, capsys, reply)

    assert out.count("1 0 9") == 1
    assert "1 5 7 7 - 1 3 8 9" in out


def test_numbers_of_ordinary_talk_stay_in_their_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only safety sentences show their numbers apart."""
    out = shown(monkeypatch, capsys, Reply("1943년 이야기군요.", ReplySource.BANK, "x"))

    assert "1 9 4 3" not in out


def test_markup_in_what_was_said_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """Brackets in words are words, not colours."""
    TerminalScreen(listening_cue=False).heard(Heard("[bold]네[/bold]", 1.0, Hearing.CLEAR, 1.0), "a.wav")

    assert "[bold]네[/bold] (a.wav)" in capsys.readouterr().out
