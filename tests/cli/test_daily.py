"""`companion reminders` and `requests`, from what is typed to what stands in the record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from companion.cli.exit_codes import ExitCode
from companion.core.errand import Errand, Purpose
from tests.cli.conftest import Done, Program
from tests.fakes.clock import START


def table(done: Done) -> dict[str, Any]:
    assert done.returncode == ExitCode.OK, done.stderr
    assert done.stdout.count("\n") == 1
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def listed(companion: Program, room: str, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table(companion(room, "list", "--json", *options))[room]
    return found


def test_a_reminder_is_added_paused_resumed_and_removed(set_up: Program) -> None:
    """Each time the list says how it stands."""
    typed = ("--kind", "medicine", "--words", "혈압약", "--at", "08:00", "--at", "20:00", "--by", "큰딸")
    made = table(set_up("reminders", "add", *typed, "--json"))
    assert (made["schedule"], made["by"]) == ({"times": ["08:00", "20:00"]}, "큰딸")
    assert "혈압약" in set_up("reminders", "list").stdout
    end = made["id"][-8:]
    assert table(set_up("reminders", "pause", end, "--json"))["active"] is False
    assert table(set_up("reminders", "pause", end, "--until", "2030-01-01", "--json"))["active"] is True
    assert "2030-01-01" in set_up("reminders", "list").stdout
    assert table(set_up("reminders", "resume", end, "--json"))["schedule"]["paused_until"] is None
    assert set_up("reminders", "remove", end).returncode == ExitCode.OK
    assert listed(set_up, "reminders") == []


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (("--words", "혈압약", "--by", "큰딸"), "times"),
        (("--words", "혈압약", "--by", "큰딸", "--at", "8시"), "times"),
        (("--words", "혈압약", "--by", "큰딸", "--at", "08:00", "--days", "someday"), "days"),
        (("--by", "큰딸", "--at", "08:00"), "words"),
        (("--words", "혈압약", "--at", "08:00"), "by"),
        (("--words", "혈압약", "--by", "큰딸", "--at", "23:00"), "quiet"),
        (("--words", "약" * 200, "--by", "큰딸", "--at", "08:00"), "long"),
        (("--kind", "song", "--words", "x", "--by", "큰딸", "--at", "08:00"), "kind"),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence_and_nothing_is_kept(
    set_up: Program, typed: tuple[str, ...], key: str
) -> None:
    """The part is named, and what to type instead."""
    done = set_up("reminders", "add", *typed)
    assert done.returncode == ExitCode.INPUT
    assert key in done.stderr
    assert "Traceback" not in done.stderr
    assert listed(set_up, "reminders") == []


def test_a_reminder_in_quiet_hours_is_kept_where_it_is_wanted(set_up: Program) -> None:
    """Some medicines are taken at night."""
    typed = ("--words", "자기 전 약", "--by", "큰딸", "--at", "22:00", "--in-quiet-hours", "--json")
    assert table(set_up("reminders", "add", *typed))["schedule"] == {"times": ["22:00"], "in_quiet_hours": True}


def test_a_request_is_listed_and_answered(set_up: Program, own_home: Path) -> None:
    """What was asked, by whom it was seen to, and with what answer."""
    from companion.cli.secret_entry import passphrase
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        person = record.people.all()[0]
        made = record.errands.keep(person.id, Errand(Purpose.CALL, "복지관", "복지관에 전화해 줘", START))
    (request,) = listed(set_up, "requests")
    assert (request["id"], request["purpose"], request["status"]) == (made, "call", "open")
    assert "복지관에 전화해 줘" in set_up("requests", "list").stdout
    assert set_up("requests", "done", made[-8:]).returncode == ExitCode.INPUT
    assert set_up("requests", "answer", made[-8:], "내일 오신대요.", "--by", "김영희").returncode == ExitCode.OK
    assert listed(set_up, "requests") == []
    (settled,) = listed(set_up, "requests", "--all")
    assert (settled["status"], settled["answer"], settled["by"]) == ("done", "내일 오신대요.", "김영희")


def test_a_summary_says_what_the_record_holds(set_up: Program, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the last conversation and of the week, as lines and as JSON."""
    monkeypatch.setenv("COMPANION_MODELS", str(own_home / "none"))
    assert set_up("talk", "--text", "--silent", typed="요새 통 잠이 안 와\n").returncode == ExitCode.OK
    of_session = table(set_up("summary", "--session", "last", "--json"))
    of_week = table(set_up("summary", "--json"))
    for made in (of_session, of_week):
        talk = next(line for line in made["lines"] if line["kind"] == "talk")
        assert talk["numbers"] == {"sessions": 1, "said": 1}
    assert of_session["session"] is not None
    shown = set_up("summary", "--week")
    assert "대화 1번, 말씀 1마디." in shown.stdout
    assert "“요새 통 잠이 안 와”" in shown.stdout
    assert "진단이 아닙니다" in shown.stdout
    assert set_up("summary", "--session", "last", "--week").returncode == ExitCode.INPUT
    assert set_up("summary", "--session", "nothere").returncode == ExitCode.INPUT


def test_a_summary_for_others_names_nobody(set_up: Program, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was said is quoted with names and numbers masked; without --shared it stands as it was said."""
    monkeypatch.setenv("COMPANION_MODELS", str(own_home / "none"))
    said = "옆집 최영례가 떠들어서 요새 통 잠이 안 와\n"
    assert set_up("talk", "--text", "--silent", typed=said).returncode == ExitCode.OK
    assert "최영례" in set_up("summary").stdout

    shared = set_up("summary", "--shared")

    assert shared.returncode == ExitCode.OK
    assert "최영례" not in shared.stdout
    assert "옆집 (이름)가 떠들어서 요새 통 잠이 안 와" in shared.stdout
