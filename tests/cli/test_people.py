"""`companion people`: who is kept, what they agreed to, what they are given, and how they are erased."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from companion.cli.exit_codes import ExitCode
from tests.cli.conftest import Program


def test_people_are_added_listed_shown_and_changed(companion: Program) -> None:
    """By the end of the id, the name or the 호칭."""
    companion("people", "add", "--address", "영자님", "--name", "박영자", "--group", "3반")
    companion("people", "edit", "박영자", "--birth-year", "1941")

    (listed,) = json.loads(companion("people", "list", "--json").stdout)["people"]
    shown = json.loads(companion("people", "show", listed["id"][-8:], "--json").stdout)

    assert (shown["address"], shown["name"], shown["birth_year"], shown["group"]) == ("영자님", "박영자", 1941, "3반")
    assert shown["consents"] == []


def test_the_hearing_profile_is_of_the_person(companion: Program) -> None:
    """What is lifted for somebody is kept with them, and a profile that there is not is refused."""
    companion("people", "add", "--address", "영자님")
    companion("people", "edit", "영자님", "--hearing", "mild")
    refused = companion("people", "edit", "영자님", "--hearing", "severe")

    shown = json.loads(companion("people", "show", "영자님", "--json").stdout)

    assert shown["speech"] == {"hearing": "mild"}
    assert refused.returncode == ExitCode.INPUT


@pytest.mark.parametrize("who", ["아무개", "0000", ""])
def test_somebody_who_is_not_there_is_named(set_up: Program, who: str) -> None:
    """A typing error shows nobody else."""
    done = set_up("people", "show", who)

    assert done.returncode == ExitCode.INPUT
    assert "no such person" in done.stderr


def test_two_of_one_name_are_not_guessed_between(set_up: Program) -> None:
    """The end of the id has to say who is meant."""
    set_up("people", "add", "--address", "순자님")

    assert "not unique" in set_up("people", "erase", "순자님", "--yes").stderr


def test_a_zone_that_is_none_is_refused(companion: Program) -> None:
    """Before anything is written."""
    done = companion("people", "add", "--address", "영자님", "--zone", "Seoul")

    assert done.returncode == ExitCode.INPUT
    assert "zone" in done.stderr


def test_a_withdrawn_consent_is_taken_down_and_its_rows_can_be_erased(set_up: Program) -> None:
    """It takes effect at once; what was kept stays unread or goes, as was said."""
    set_up("talk", "--text", "--silent", typed="무릎이 아파\n")
    taken_back = ("--item", "conversation", "--answer", "withdrawn")

    kept = set_up("people", "consent", "순자님", *taken_back)
    hidden = set_up("sessions", "list")
    set_up("people", "consent", "순자님", *taken_back, "--erase")

    counts = json.loads(set_up("people", "show", "순자님", "--json").stdout)["counts"]
    assert "not readable" in kept.stderr
    assert hidden.stdout == ""
    assert "turns" not in counts


@pytest.mark.parametrize(
    "options",
    [
        ("--item", "everything", "--answer", "given"),
        ("--item", "conversation"),
        ("--item", "conversation", "--answer", "perhaps"),
        ("--item", "sharing", "--answer", "given"),
        ("--item", "health", "--answer", "given", "--giver", "family", "--giver-name", "딸"),
        (),
    ],
)
def test_a_consent_that_says_too_little_is_refused(set_up: Program, options: tuple[str, ...]) -> None:
    """Which item, what, about whom, on what ground."""
    done = set_up("people", "consent", "순자님", *options)

    assert done.returncode == ExitCode.INPUT
    assert "Traceback" not in done.stderr


def test_a_contact_is_added_and_removed(set_up: Program) -> None:
    """The order in which they are told follows the order in which they were added."""
    set_up("people", "contact", "순자님", "--name", "작은아드님", "--relation", "아들")
    contacts = json.loads(set_up("people", "show", "순자님", "--json").stdout)["contacts"]
    set_up("people", "contact", "순자님", "--remove", contacts[0]["id"])

    left = json.loads(set_up("people", "show", "순자님", "--json").stdout)["contacts"]

    assert [contact["name"] for contact in contacts] == ["큰따님", "작은아드님"]
    assert [contact["name"] for contact in left] == ["작은아드님"]


def test_a_person_is_given_everything_that_is_kept(set_up: Program, tmp_path: Path) -> None:
    """A text to read, with what they said."""
    set_up("talk", "--text", "--silent", typed="어제 손주가 왔어\n")

    done = set_up("people", "export", "순자님", "--out", str(tmp_path / "out"))

    text = (tmp_path / "out" / "malbeot.txt").read_text(encoding="utf-8")
    assert done.returncode == ExitCode.OK
    assert "하신 말씀: 어제 손주가 왔어" in text
    assert "나눈 대화 (1건)" in text


def test_an_erased_person_is_gone_and_backups_are_named(set_up: Program) -> None:
    """Nobody is erased without a yes; what may still hold them is said."""
    set_up("backup")
    unsure = set_up("people", "erase", "순자님")
    still = set_up("people", "list").stdout

    done = set_up("people", "erase", "순자님", "--yes")

    assert unsure.returncode == ExitCode.INPUT
    assert "순자님" in still
    assert done.returncode == ExitCode.OK
    assert ".backup" in done.stderr
    assert set_up("people", "list").stdout == ""
    assert set_up("audit", "verify").returncode == ExitCode.OK


def test_what_is_done_to_people_is_in_the_audit(set_up: Program) -> None:
    """By whom, to whom, what: never a name or a word."""
    set_up("people", "show", "순자님")
    listed = set_up("audit", "list", "--json").stdout

    assert "person_shown" in listed
    assert "순자" not in listed


def test_only_an_administrator_looks_after_people_once_there_are_accounts(set_up: Program) -> None:
    """The owner's time is over with the first account."""
    assert (
        set_up(
            "accounts", "add", "admin", "--role", "administrator", "--stdin", typed="긴 비밀번호 열두 자\n"
        ).returncode
        == 0
    )

    refused = set_up("people", "list")
    set_up("accounts", "sign-in", "admin", "--stdin", typed="긴 비밀번호 열두 자\n")

    assert refused.returncode == ExitCode.ACCESS
    assert "순자님" in set_up("people", "list").stdout
