"""`companion alerts` and everything before it: from what is typed to a message on a real server, and back to a note."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from companion.cli.exit_codes import ExitCode
from tests.cli.conftest import Program
from tests.servers import Received, http_server

SECRET = "canary-topic"  # noqa: S105 - the canary of these tests
DANGER = "농약을 사다 놨어 오늘 밤에 마실 거야\n"


@pytest.fixture
def web() -> Iterator[Received]:
    with http_server() as received:
        yield received


@pytest.fixture
def reached(set_up: Program, web: Received, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> Program:
    """The program on a machine whose one contact has a channel."""
    monkeypatch.setenv("COMPANION_MODELS", str(own_home / "none"))
    address = f"json://127.0.0.1:{web.port}/{SECRET}"
    done = set_up("people", "contact", "순자님", "--name", "큰따님", "--channel", address, "--quiet", "22-7")
    assert done.returncode == ExitCode.OK, done.stderr
    return set_up


def listed(companion: Program, *options: str) -> list[dict[str, Any]]:
    done = companion("alerts", "list", "--json", *options)
    assert done.returncode == ExitCode.OK, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["alerts"]
    return found


def test_danger_in_a_conversation_reaches_the_contact(reached: Program, web: Received) -> None:
    """The person is told who will be told, the message arrives while they talk, and the record says so."""
    done = reached("talk", "--text", "--silent", typed=DANGER)
    assert done.returncode == ExitCode.OK, done.stderr
    assert "큰따님께 지금 알릴게요" in done.stdout
    (message,) = web.messages
    assert message["title"] == "[말벗] 급한 알림: 김순자"
    assert "농약" not in message["message"]
    (alert,) = listed(reached)
    assert (alert["level"], alert["kind"], alert["status"], alert["told_person"]) == (
        "urgent",
        "plan_or_means",
        "open",
        True,
    )
    assert [(made["number"], made["outcome"]) for made in alert["deliveries"]] == [(1, "sent")]
    assert alert["id"][-8:] in message["message"]
    assert reached("alerts", "deliver", "--json").stdout.count('"sent":0') == 1
    assert len(web.messages) == 1


def test_no_command_shows_or_logs_an_address(reached: Program, web: Received, own_home: Path) -> None:
    """Channels are named by kind and digest everywhere, also when they fail."""
    web.status = 401
    shown = [reached("talk", "--text", "--silent", typed=DANGER)]
    shown += [reached(*command) for command in (("alerts", "list"), ("alerts", "list", "--json"), ("alerts", "test"))]
    shown.append(reached("alerts", "show", listed(reached)[0]["id"][-8:]))
    shown += [reached("people", "show", "순자님"), reached("people", "show", "순자님", "--json"), reached("doctor")]
    logs = [file.read_text(encoding="utf-8") for file in own_home.rglob("*.log")]
    assert [text for done in shown for text in (done.stdout, done.stderr) if SECRET in text] == []
    assert [text for text in logs if SECRET in text] == []


def test_taking_on_and_resolving_need_a_name_and_a_note(reached: Program) -> None:
    """What lacks either changes nothing; a false alarm is labelled and counted."""
    reached("talk", "--text", "--silent", typed=DANGER)
    (alert,) = listed(reached)
    assert reached("alerts", "ack", alert["id"][-8:], "--by", "김영희").returncode == ExitCode.INPUT
    assert reached("alerts", "ack", alert["id"][-8:], "--by", "김영희", "--note", "전화함").returncode == ExitCode.OK
    assert [one["status"] for one in listed(reached)] == ["acknowledged"]
    done = reached("alerts", "resolve", alert["id"][-8:], "--by", "김영희", "--note", "드라마였음", "--false-alarm")
    assert done.returncode == ExitCode.OK
    assert listed(reached) == []
    everything = json.loads(reached("alerts", "list", "--all", "--json").stdout)
    assert everything["false_alarms"] == 1
    assert [note["by"] for note in everything["alerts"][0]["notes"]] == ["김영희", "김영희"]
    shown = reached("alerts", "show", alert["id"][-8:]).stdout
    assert "드라마였음" in shown
    assert "큰따님" in shown


def test_the_next_session_does_not_return_to_what_was_resolved(reached: Program) -> None:
    """It does return to what is open."""
    reached("talk", "--text", "--silent", typed=DANGER)
    assert "지난번에 많이 힘들다고" in reached("talk", "--text", "--silent").stdout
    for alert in listed(reached):
        reached("alerts", "resolve", alert["id"][-8:], "--by", "김영희", "--note", "함께 있음")
    assert "지난번에 많이 힘들다고" not in reached("talk", "--text", "--silent").stdout


def test_a_test_message_goes_to_every_channel_and_says_so(reached: Program, web: Received) -> None:
    """Each is reported; one that fails makes the command fail."""
    done = reached("alerts", "test", "--json")
    assert done.returncode == ExitCode.OK
    (line,) = json.loads(done.stdout)["channels"]
    assert (line["name"], line["outcome"]) == ("큰따님", "sent")
    assert "시험" in web.messages[0]["title"]
    web.status = 503
    done = reached("alerts", "test")
    assert done.returncode == ExitCode.PROBLEMS
    assert "못 보냄" in done.stdout


def test_a_channel_that_was_down_gets_it_from_the_timer(reached: Program, web: Received) -> None:
    """`alerts deliver` makes what is due, and nothing before its time; doctor says what failed."""
    web.status = 503
    reached("talk", "--text", "--silent", typed=DANGER)
    assert "보내지 못한 것이 1건" in reached("doctor").stdout
    (alert,) = listed(reached)
    assert [made["outcome"] for made in alert["deliveries"]] == ["failed", "planned"]
    web.status = 200
    reached("alerts", "deliver")
    assert web.messages == []


def test_without_a_channel_nobody_is_promised_to_be_told(set_up: Program) -> None:
    """It is said at the start, in doctor and aloud; the alert stands all the same."""
    done = set_up("talk", "--text", "--silent", typed=DANGER)
    assert "no contacts" in done.stderr
    assert "다른 분께 알리지는 못해요" in done.stdout
    assert "알릴게요" not in done.stdout
    (alert,) = listed(set_up)
    assert (alert["contacts"], alert["told_person"], alert["deliveries"]) == ([], False, [])
    assert "알릴 길(주소)이 없는 분이 1명" in set_up("doctor").stdout


def test_an_address_that_cannot_be_used_is_refused_when_it_is_typed(set_up: Program) -> None:
    """It is told by its place and never quoted."""
    done = set_up("people", "contact", "순자님", "--name", "큰따님", "--channel", f"nosuch://{SECRET}")
    assert done.returncode == ExitCode.INPUT
    assert SECRET not in done.stderr
    assert "--channel" in done.stderr


def test_an_alert_that_is_not_there_is_said(set_up: Program) -> None:
    """One sentence, no traceback."""
    done = set_up("alerts", "show", "00000000")
    assert done.returncode == ExitCode.INPUT
    assert "no such alert" in done.stderr
    assert set_up("alerts", "show", "1").returncode == ExitCode.INPUT


def test_a_contact_of_the_same_name_is_changed_not_doubled(reached: Program) -> None:
    """What is not named stays; an empty address takes the channels away."""
    assert reached("people", "contact", "순자님", "--name", "큰따님", "--told-words").returncode == ExitCode.OK
    contacts = json.loads(reached("people", "show", "순자님", "--json").stdout)["contacts"]
    (contact,) = contacts
    assert (contact["told_words"], contact["quiet_from"], contact["quiet_until"], len(contact["channels"])) == (
        True,
        22,
        7,
        1,
    )
    done = reached("people", "contact", "순자님", "--name", "큰따님", "--channel", "")
    assert "no channel" in done.stderr
    assert reached("people", "contact", "순자님", "--name", "큰따님", "--quiet", "25-3").returncode == ExitCode.INPUT


def test_a_setup_file_may_hold_the_channel(companion: Program, tmp_path: Path) -> None:
    """One that names no channel is refused without being quoted; nothing is set up then."""
    plan = tmp_path / "plan.toml"
    text = '[person]\naddress = "순자님"\n[[contacts]]\nname = "큰따님"\nquiet_from = 22\nchannels = ["{}"]\n'
    plan.write_text(text.format(f"nosuch://{SECRET}"), encoding="utf-8")
    refused = companion("setup", "--from", str(plan))
    assert refused.returncode == ExitCode.INPUT
    assert "contacts.0.channels.0" in refused.stderr
    assert SECRET not in refused.stderr
    plan.write_text(text.format(f"ntfys://{SECRET}"), encoding="utf-8")
    assert companion("setup", "--from", str(plan)).returncode == ExitCode.OK
    (contact,) = json.loads(companion("people", "show", "순자님", "--json").stdout)["contacts"]
    assert (contact["quiet_from"], len(contact["channels"])) == (22, 1)
