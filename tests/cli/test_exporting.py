"""Files about one person, made at the command line for whoever is signed in."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from pathlib import Path

import pytest
import pyzipper

from companion.cli.exit_codes import ExitCode
from companion.exchange import handing_over
from companion.store import passwords
from tests.cli.conftest import Done, Program

PASSWORD = "긴 비밀번호 하나둘셋"  # noqa: S105 - a test's own
SECRET = "three plain words 4"  # noqa: S105 - a test's own
READER = "김영희"
"""Whom the person of ``set_up`` agreed to by name."""


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let each test run in a folder of its own, without a passphrase."""
    monkeypatch.delenv("COMPANION_EXPORT_PASSPHRASE_FILE", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def open_to_reader(set_up: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Give a machine on which a clinician to whom the record is open is signed in."""
    passwords._nobodys.cache_clear()
    monkeypatch.setattr(passwords, "_MEMORY_KIB", 32)
    monkeypatch.setattr(passwords, "_PASSES", 1)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    assert (
        set_up("accounts", "add", "관리자", "--role", "administrator", "--stdin", typed=PASSWORD + "\n").returncode == 0
    )
    assert set_up("accounts", "sign-in", "관리자", "--stdin", typed=PASSWORD + "\n").returncode == 0
    assert set_up("accounts", "add", READER, "--role", "clinician", "--stdin", typed=PASSWORD + "\n").returncode == 0
    assert set_up("accounts", "grant", READER, "순자님").returncode == 0
    assert set_up("accounts", "sign-in", READER, "--stdin", typed=PASSWORD + "\n").returncode == 0
    return set_up


def exported(program: Program, *arguments: str) -> Done:
    return program("export", *arguments, "--person", "순자님")


def test_tables_come_into_a_folder_that_only_their_owner_reads(open_to_reader: Program, tmp_path: Path) -> None:
    """One line of JSON says where; the audit says who."""
    done = exported(open_to_reader, "csv", "--out", "tables", "--json")
    assert done.returncode == ExitCode.OK, done.stderr
    said = json.loads(done.stdout)
    folder = tmp_path / "tables"
    assert (said["path"], said["format"], said["sealed"], said["left_out"]) == ("tables", "csv", False, [])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in folder.iterdir())
    rows = list(csv.DictReader(io.StringIO((folder / "about.csv").read_text("utf-8-sig"))))
    assert {row["key"]: row["value"] for row in rows}["made_by"] == READER
    assert "잠겨 있지 않으니" in done.stderr
    assert list(tmp_path.glob(".*.part")) == []


def test_a_file_gets_a_name_without_a_name_in_it(open_to_reader: Program, tmp_path: Path) -> None:
    """Beside the others of a folder that is there."""
    (tmp_path / "shelf").mkdir()
    done = exported(open_to_reader, "xlsx", "--out", "shelf")
    assert done.returncode == ExitCode.OK, done.stderr
    [file] = (tmp_path / "shelf").iterdir()
    assert file.name.startswith("malbeot-")
    assert file.suffix == ".xlsx"
    assert "순자" not in file.name


def test_nothing_is_written_over(open_to_reader: Program, tmp_path: Path) -> None:
    """One sentence, exit status 2, and what was there is as it was."""
    (tmp_path / "there.xlsx").write_text("mine")
    done = exported(open_to_reader, "xlsx", "--out", "there.xlsx")
    assert done.returncode == ExitCode.INPUT
    assert "이미 있습니다" in done.stderr
    assert (tmp_path / "there.xlsx").read_text() == "mine"
    assert [one.name for one in tmp_path.iterdir() if "part" in one.name] == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_disk_without_room_is_one_sentence(
    open_to_reader: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """Exit status 6, nothing left behind, no traceback."""

    def full(path: Path, content: bytes) -> None:
        path.write_bytes(content[:10])
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(handing_over, "_write", full)
    before = sorted(tmp_path.iterdir())
    done = exported(open_to_reader, kind, "--out", "out")
    assert done.returncode == ExitCode.STORE
    assert "아무것도 남기지 않았으니" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_that_is_a_file_is_one_sentence(open_to_reader: Program, tmp_path: Path) -> None:
    """Exit status 6."""
    (tmp_path / "file").write_text("")
    assert exported(open_to_reader, "csv", "--out", "file/tables").returncode == ExitCode.STORE


def test_a_sealed_file_opens_with_its_passphrase_and_no_other(
    open_to_reader: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AES-256; the words of the record are not in it in plain sight."""
    secret = tmp_path / "secret"
    secret.touch(0o600)
    secret.write_text(SECRET + "\n")
    monkeypatch.setenv("COMPANION_EXPORT_PASSPHRASE_FILE", str(secret))
    done = exported(open_to_reader, "csv", "--seal", "--out", "sealed.zip")
    assert done.returncode == ExitCode.OK, done.stderr
    assert stat.S_IMODE((tmp_path / "sealed.zip").stat().st_mode) == 0o600
    with pyzipper.AESZipFile(tmp_path / "sealed.zip") as archive:
        archive.setpassword(b"another passphrase")
        with pytest.raises(RuntimeError):
            archive.read("about.csv")
        archive.setpassword(SECRET.encode())
        assert READER in archive.read("about.csv").decode("utf-8-sig")
        assert all(entry.wz_aes_strength == 3 for entry in archive.infolist())


@pytest.mark.parametrize(
    ("passphrase", "said"),
    [
        ("short one", "짧습니다"),
        ("010-1234-5678-9999", "숫자와 기호만"),
        ("aaaaaaaaaaaaaaaaaab", "되풀이"),
        ("한글로 된 아주 긴 암호문입니다", "영문자, 숫자, 기호만"),
    ],
)
def test_a_weak_passphrase_is_refused_before_anything_is_read(
    companion: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passphrase: str, said: str
) -> None:
    """With what to do instead."""
    secret = tmp_path / "secret"
    secret.touch(0o600)
    secret.write_text(passphrase)
    monkeypatch.setenv("COMPANION_EXPORT_PASSPHRASE_FILE", str(secret))
    done = exported(companion, "csv", "--seal", "--out", "sealed.zip")
    assert done.returncode == ExitCode.INPUT
    assert said in done.stderr
    assert not (tmp_path / "sealed.zip").exists()


def test_a_passphrase_that_others_can_read_is_refused(
    companion: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where there is no terminal and no file, it is said what to do."""
    assert exported(companion, "csv", "--seal").returncode == ExitCode.VAULT
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o644)
    monkeypatch.setenv("COMPANION_EXPORT_PASSPHRASE_FILE", str(secret))
    assert exported(companion, "csv", "--seal").returncode == ExitCode.VAULT


def test_nobody_exports_what_is_not_open_to_them(open_to_reader: Program, tmp_path: Path) -> None:
    """An administrator without a grant, somebody who signed out, a reader to whom the consent was withdrawn."""
    open_to_reader("accounts", "sign-in", "관리자", "--stdin", typed=PASSWORD + "\n")
    for kind in ("csv", "xlsx"):
        assert exported(open_to_reader, kind).returncode == ExitCode.ACCESS
    open_to_reader("accounts", "sign-out")
    assert exported(open_to_reader, "csv").returncode == ExitCode.ACCESS
    assert list(tmp_path.glob("malbeot-*")) == []


def test_a_device_without_accounts_says_that_one_is_needed(set_up: Program) -> None:
    """Whoever takes a file away is named in it."""
    done = exported(set_up, "csv")
    assert done.returncode == ExitCode.ACCESS
    assert "accounts add" in done.stderr


def test_a_window_that_ends_before_it_begins_is_refused(open_to_reader: Program) -> None:
    """Exit status 2; so is a day that is none, and nobody of that name."""
    assert (
        exported(open_to_reader, "csv", "--since", "2026-02-02", "--until", "2026-02-01").returncode == ExitCode.INPUT
    )
    assert exported(open_to_reader, "csv", "--since", "2026-02-31").returncode == ExitCode.INPUT
    assert open_to_reader("export", "csv", "--person", "없는분").returncode == ExitCode.INPUT


def test_a_report_needs_its_letters_and_one_audience(
    companion: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without them it is said how to get them, before anything is taken out of the record."""
    assert exported(companion, "pdf", "--family", "--full").returncode == ExitCode.INPUT
    monkeypatch.delenv("COMPANION_MODELS", raising=False)
    done = exported(companion, "pdf", "--out", "report.pdf")
    assert done.returncode == ExitCode.ARTIFACT
    assert "companion models pull nanum-gothic" in done.stderr
    assert not (tmp_path / "report.pdf").exists()


@pytest.mark.skipif(
    not (Path(os.environ.get("COMPANION_MODELS", "-")) / "nanum-gothic").is_dir(),
    reason="REPORTS NOT PRINTED: COMPANION_MODELS names no folder with nanum-gothic",
)
def test_a_clinician_gets_the_whole_report_and_a_family_one_page(open_to_reader: Program, tmp_path: Path) -> None:
    """By the role of whoever asks, or as they say."""
    from pypdf import PdfReader

    assert exported(open_to_reader, "pdf", "--out", "whole.pdf").returncode == ExitCode.OK
    assert exported(open_to_reader, "pdf", "--family", "--out", "family.pdf").returncode == ExitCode.OK
    assert exported(open_to_reader, "pdf", "--for", "이웃", "--out", "no.pdf").returncode == ExitCode.ACCESS
    assert len(PdfReader(tmp_path / "family.pdf").pages) == 1
    assert len(PdfReader(tmp_path / "whole.pdf").pages) > 1
    assert (tmp_path / "whole.pdf").read_bytes().startswith(b"%PDF-")
