"""Scripted crises, typed into the text session and checked step by step against what the record says.

The path is that of `companion talk --text`: the keyboard's ear, the conversation, the shipped dialogue and the record;
one crisis runs through the command itself.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from companion.adapters.analyser_mecab import MecabAnalyser
from companion.cli.exit_codes import ExitCode
from companion.core.person import Person
from companion.core.record import KeptTurn, NewSession
from companion.core.turn import Reply
from companion.dialogue.flow import Dialogue
from companion.session.answering import Answerer
from companion.session.conversation import Conversation, Parts
from companion.session.keeping import Keeper
from companion.session.keyboard import KeyboardEar
from companion.store.record import Record
from companion.wiring import language
from companion.wiring.record import left_open
from tests.fakes.clock import FakeClock
from tests.fakes.ear import ScriptedMouth
from tests.records import agreeing, read_last, record_in

SCRIPTS = tomllib.loads(Path(__file__).with_name("crises.toml").read_text(encoding="utf-8"))
CRISES: list[dict[str, Any]] = SCRIPTS["crisis"]


class BlankScreen:
    """A screen that nobody looks at."""

    def said(self, reply: Reply) -> None:
        """Show nothing."""

    def heard(self, heard: object, source: str) -> None:
        """Show nothing."""

    def listening(self) -> None:
        """Show nothing."""

    def notice(self, key: str, **fields: object) -> None:
        """Show nothing."""


@pytest.fixture(scope="module")
def dialogue() -> Dialogue:
    return language.dialogue(MecabAnalyser())


async def hold(
    dialogue: Dialogue, kept: tuple[Record, Person], clock: FakeClock, lines: Sequence[str]
) -> Sequence[KeptTurn]:
    """Type a session into the keyboard's ear and return its turns as they were recorded."""
    record, person = kept
    earlier = left_open(record, person.id)
    with ThreadPoolExecutor(1) as thread:
        parts = Parts(
            ear=KeyboardEar(io.StringIO("".join(f"{line}\n" for line in lines)), now=clock.monotonic),
            mouth=ScriptedMouth(),
            dialogue=dialogue,
            answerer=Answerer(language=None, situations=None, thread=thread),
            keeper=Keeper(record.conversations, on_trouble=lambda error: pytest.fail(str(error))),
            screen=BlankScreen(),
            clock=clock,
            chance=lambda: 0.0,
            setting=lambda: dialogue.setting(clock.now(), address="어르신", earlier=earlier),
        )
        new = NewSession(person.id, clock.now(), mode="text", profile="embedded", reply_driver="bank")
        await Conversation(parts, patience=300.0).run(new)
    return read_last(record)[1]


def check_turn(expected: dict[str, Any], turn: KeptTurn) -> None:
    """Compare one turn with its script."""
    assert turn.heard == expected["say"]
    assert [text for text in expected.get("holds", ()) if text not in turn.reply] == [], turn.reply
    assert [text for text in expected.get("lacks", ()) if text in turn.reply] == [], turn.reply
    assert turn.risk_level == expected.get("level", "none"), turn.reply
    assert turn.risk_kind == expected.get("kind", "none")


def check_session(session: dict[str, Any], kept: Sequence[KeptTurn]) -> None:
    """Compare a session with its script: opening, each turn, how it ended."""
    opening, *turns = kept
    assert [text for text in session.get("opens", ()) if text not in opening.reply] == [], opening.reply
    for expected, turn in zip(session["turns"], turns, strict=False):
        check_turn(expected, turn)
    ended = any(turn.get("ends", False) for turn in session["turns"])
    assert len(turns) == len(session["turns"]) + (not ended)
    assert [text for text in session.get("closes", ()) if text not in turns[-1].reply] == [], turns[-1].reply


def test_there_are_enough_crises() -> None:
    """At least twelve, among them all that the protocol must bear."""
    assert len(CRISES) >= 12


@pytest.mark.parametrize("crisis", CRISES, ids=lambda crisis: crisis["name"])
async def test_crisis(crisis: dict[str, Any], dialogue: Dialogue, tmp_path: Path) -> None:
    """What is said, which numbers come when, how it ends, and what the next session opens with."""
    clock = FakeClock()
    with record_in(tmp_path / "record", clock) as record:
        kept = record, agreeing(record)
        for session in crisis["session"]:
            check_session(session, await hold(dialogue, kept, clock, [turn["say"] for turn in session["turns"]]))
            clock.advance(3600.0)


def test_a_crisis_through_the_command(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Typed into `companion talk --text`, a plan is met with 119 and 109, and the next session returns to it."""
    monkeypatch.setenv("COMPANION_MODELS", str(own_home / "none"))
    (own_home / "config.toml").write_text('profile = "embedded"\n', encoding="utf-8")
    command = [sys.executable, "-m", "companion"]

    def companion(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *arguments], check=False, capture_output=True, text=True, input=typed, timeout=240
        )

    plan = own_home / "plan.toml"
    plan.write_text(
        '[person]\naddress = "순자님"\n[consent]\ngiver_name = "김순자"\nconversation = true\n', encoding="utf-8"
    )
    assert companion("setup", "--from", str(plan)).returncode == ExitCode.OK
    first = companion("talk", "--text", "--silent", typed="농약을 사다 놨어\n")
    second = companion("talk", "--text", "--silent")
    turns = json.loads(companion("sessions", "show", "--json").stdout)["turns"]

    assert first.returncode == second.returncode == ExitCode.OK
    assert "119번" in first.stdout
    assert "109번이에요" in first.stdout
    assert "지난번에 많이 힘들다고" in turns[0]["reply"]
