"""`companion setup` and `companion vault`, from a file and at a terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from companion.cli.exit_codes import ExitCode
from tests.cli.conftest import PLAN, Program
from tests.cli.terminal import at_a_terminal

CODE = re.compile(r"^[0-9A-Z]{5}(-[0-9A-Z]{1,5})+$", re.MULTILINE)


def test_a_machine_is_set_up_from_a_file(set_up: Program) -> None:
    """Person, contact and consents are there; nobody was asked anything."""
    shown = set_up("people", "show", "순자님")

    assert "큰따님 (딸) 010-2345-6789" in shown.stdout
    assert "나눈 이야기 적어 두기: 동의" in shown.stdout
    assert "보여 드리기 (김영희): 동의" in shown.stdout
    assert "연구에 쓰기: 거절" in shown.stdout


def test_the_recovery_code_is_shown_once_and_opens_the_record(
    companion: Program, own_home: Path, tmp_path: Path
) -> None:
    """The only line on standard output; with it a lost key is replaced."""
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    done = companion("setup", "--from", str(tmp_path / "plan.toml"))
    code = done.stdout.strip()
    for key in own_home.glob("record.*.key"):
        key.unlink()

    lost = companion("people", "list")
    recovered = companion("vault", "recover", typed=code + "\n")

    assert CODE.fullmatch(code)
    assert lost.returncode == ExitCode.VAULT
    assert "vault recover" in lost.stderr
    assert recovered.returncode == ExitCode.OK
    assert "순자님" in companion("people", "list").stdout
    assert companion("vault", "recover", typed=code + "\n").returncode == ExitCode.VAULT


def test_a_second_setup_changes_nothing(set_up: Program, tmp_path: Path) -> None:
    """It says who is there and how to change them."""
    again = set_up("setup", "--from", str(tmp_path / "plan.toml"))

    assert again.returncode == ExitCode.INPUT
    assert "people edit" in again.stderr
    assert set_up("people", "list").stdout.count("순자님") == 1


@pytest.mark.parametrize(
    ("plan", "place"),
    [
        ("", "person"),
        ('[person]\naddress = ""\n', "person.address"),
        ('[person]\naddress = "순자님"\nbirth_year = 1700\n', "person.birth_year"),
        ('[person]\naddress = "순자님"\nzone = "Mars/Olympus"\n', "person.zone"),
        ('[person]\naddress = "순자님"\nshoes = 1\n', "person.shoes"),
        ('[person]\naddress = "순자님"\n[consent]\ngiver_name = "딸"\ngiver = "neighbour"\n', "consent.giver"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_whole(companion: Program, own_home: Path, plan: str, place: str) -> None:
    """The place is named and nothing is made."""
    (own_home / "plan.toml").write_text(plan, encoding="utf-8")

    done = companion("setup", "--from", str(own_home / "plan.toml"))

    assert done.returncode == ExitCode.INPUT
    assert place in done.stderr
    assert not (own_home / "record.sqlite3").exists()


@pytest.mark.parametrize("plan", [b"\xff\xfe", b"= nonsense", None])
def test_a_plan_that_cannot_be_read_is_named(companion: Program, own_home: Path, plan: bytes | None) -> None:
    """No TOML, no text, no file."""
    if plan is not None:
        (own_home / "plan.toml").write_bytes(plan)

    done = companion("setup", "--from", str(own_home / "plan.toml"))

    assert done.returncode == ExitCode.INPUT
    assert "plan.toml" in done.stderr


def test_family_consent_for_a_doubtful_understanding_needs_its_ground(companion: Program, own_home: Path) -> None:
    """Without ground and day nothing is written at all."""
    plan = (
        '[person]\naddress = "순자님"\nunderstanding_doubtful = true\n[consent]\ngiver = "family"\ngiver_name = "딸"\n'
    )
    (own_home / "plan.toml").write_text(plan + "conversation = true\n", encoding="utf-8")
    refused = companion("setup", "--from", str(own_home / "plan.toml"))
    whole = plan + 'conversation = true\nbasis = "딸로서 돌봄"\nuntil = 2099-01-01\n'
    (own_home / "plan.toml").write_text(whole, encoding="utf-8")

    done = companion("setup", "--from", str(own_home / "plan.toml"))

    assert refused.returncode == ExitCode.INPUT
    assert "basis" in refused.stderr
    assert done.returncode == ExitCode.OK
    assert "동의: -" in companion("people", "list").stdout  # waits for the person's own yes


def test_without_a_terminal_setup_says_how(companion: Program) -> None:
    """An installer's script gets a sentence and no question."""
    done = companion("setup", typed="")

    assert done.returncode == ExitCode.INPUT
    assert "--from" in done.stderr


def test_the_key_becomes_a_passphrase_and_a_wrong_one_opens_nothing(
    set_up: Program, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The passphrase comes from a file that only its owner can read; one that others can is refused."""
    secret = own_home / "passphrase"
    secret.touch(mode=0o600)
    secret.write_text("보라색 기린 열두 마리\n", encoding="utf-8")
    monkeypatch.setenv("COMPANION_PASSPHRASE_FILE", str(secret))
    assert set_up("vault", "rotate", "--key", "passphrase").returncode == ExitCode.OK
    assert "순자님" in set_up("people", "list").stdout

    secret.write_text("다른 말\n", encoding="utf-8")
    wrong = set_up("people", "list")
    secret.chmod(0o644)
    readable = set_up("people", "list")

    assert (wrong.returncode, readable.returncode) == (ExitCode.VAULT, ExitCode.VAULT)
    assert "wrong key or passphrase" in wrong.stderr
    assert "chmod 600" in readable.stderr


def test_vault_status_says_how_the_record_is_locked(set_up: Program) -> None:
    """Without opening it."""
    assert "열쇠 파일" in set_up("vault", "status").stdout


def test_a_person_is_set_up_at_a_terminal(companion: Program, own_home: Path) -> None:
    """Every question can be answered by typing; the texts of consent are read before they are agreed to."""
    answers = ["순자님", "김순자", "1943", "", "예", "큰따님", "딸", "010-1111-2222", "아니요"]
    answers += ["", "서명", "김영희", "예", "예", "아니요", "예", "예", "file"]

    shown = at_a_terminal(["setup"], answers)

    assert "목소리는 남기지 않습니다" in shown
    assert CODE.search(shown.replace("\r", ""))
    people = companion("people", "show", "순자님").stdout
    assert "위급할 때 알리기 (큰따님): 동의" in people
    assert "연구에 쓰기: 거절" in people
