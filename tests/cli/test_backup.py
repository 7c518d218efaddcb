"""The commands that keep the record safe: backup, backups, restore, retention."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from companion.cli.app import main
from companion.cli.messages import say
from companion.cli.restore import offer
from companion.errors import StoreDamaged
from companion.store.opening import Place
from companion.store.vault.places import Method
from companion.store.vault.vault import Vault
from tests.cli.terminal import at_a_terminal
from tests.fakes.clock import FakeClock
from tests.store.records import PERSON, begun, heard_in, no_passphrase, opened, rotated, talked


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def place(own_home: Path) -> Place:
    place = begun(own_home)
    with closing(opened(place)) as record:
        talked(record, "전에 한 말")
    return place


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line to its exit status, with nobody at a terminal."""

    def runs(*arguments: str, typed: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["companion", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    return runs


def line_of(done: Done) -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_backup_is_made_listed_and_restored(run: Run, place: Place, tmp_path: Path) -> None:
    """The three commands speak one line of JSON each, and the record goes back to the backup."""
    folder = tmp_path / "stick"
    made = line_of(run("backup", "--to", str(folder), "--json"))
    with closing(opened(place)) as record:
        talked(record, "뒤에 한 말")
    (listed,) = line_of(run("backups", "--from", str(folder), "--json"))["backups"]
    restored = line_of(run("restore", "newest", "--from", str(folder), "--yes", "--json"))

    assert made["rows"]["turns"] == 1
    assert (made["file"], made["state"]) == (listed["file"], listed["state"]) == (restored["file"], "whole")
    assert len(restored["kept"]) == 2
    assert restored["recovery_code"] == ""
    assert heard_in(place) == ["전에 한 말"]


def test_nothing_is_restored_unasked(run: Run, place: Place) -> None:
    """Where nobody can be asked and nobody agreed beforehand, nothing is moved."""
    run("backup")

    done = run("restore", "newest")

    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert list(place.folder.glob("*kept*")) == []


def test_an_old_backup_is_opened_with_the_code_of_its_time(run: Run, own_home: Path) -> None:
    """The code is read from the input, never from the command line; a new one is printed once."""
    place = Place(own_home)
    _, _, code = Vault.create(place.new_vault, Method.FILE, no_passphrase)
    with closing(opened(place)):
        pass
    file = run("backup").stdout.strip()
    rotated(place)

    refused = run("restore", file, "--yes")
    done = run("restore", file, "--code", "--yes", typed=f"{code}\n")

    assert "--code" in refused.stderr
    assert refused.returncode != 0
    assert "Traceback" not in refused.stderr
    assert done.returncode == 0, done.stderr
    new_code = done.stdout.strip()
    assert new_code != code
    assert Vault(place.vault).recovered(new_code)


def test_a_damaged_backup_is_refused_in_one_sentence(run: Run, place: Place, tmp_path: Path) -> None:
    """Exit status 6, the file named, no traceback, nothing moved."""
    file = tmp_path / "broken.backup"
    file.write_bytes(b"PK" * 100)

    done = run("restore", str(file), "--yes")

    assert done.returncode == 6
    assert str(file) in done.stderr
    assert "Traceback" not in done.stderr
    assert heard_in(place) == ["전에 한 말"]


def test_there_is_nothing_to_back_up_before_the_first_use(run: Run, own_home: Path) -> None:
    """Asking for a backup does not begin a record."""
    done = run("backup")

    assert done.returncode == 2
    assert "nothing to back up" in done.stderr
    assert list(own_home.iterdir()) == []


def test_retention_shows_and_deletes_only_when_told_to(run: Run, own_home: Path) -> None:
    """Without --apply nothing goes; with it, what is past its time goes and is counted by kind and person."""
    (own_home / "config.toml").write_text("[retention]\nconversation_days = 30\n", encoding="utf-8")
    long_ago = FakeClock()
    long_ago.advance(-400 * 86_400)
    place = begun(own_home, long_ago)
    with closing(opened(place, long_ago)) as record:
        talked(record, "옛말", at=long_ago.now())

    shown = line_of(run("retention", "--json"))
    unasked = run("retention", "--apply")
    done = line_of(run("retention", "--apply", "--yes", "--json"))

    assert (shown["applied"], shown["rows"], shown["clock_doubtful"]) == (False, 2, True)
    assert {(count["kind"], count["person"]) for count in shown["counts"]} == {("conversation", PERSON.id)}
    assert unasked.returncode == 2
    assert (done["applied"], done["rows"]) == (True, 2)
    assert heard_in(place) == []


def test_without_rules_retention_says_so(run: Run, place: Place) -> None:
    """The default keeps everything until it is erased."""
    done = run("retention")

    assert done.returncode == 0
    assert "[retention]" in done.stderr
    assert heard_in(place) == ["전에 한 말"]


@pytest.mark.parametrize(("answer", "is_restored"), [("네", True), ("n", False), ("", False)])
def test_a_damaged_record_is_offered_its_newest_good_backup(
    run: Run,
    place: Place,
    answer: str,
    is_restored: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """On a terminal `companion talk` asks once: a yes restores it and the talk begins, a no leaves it as it is."""
    file = run("backup").stdout.strip()
    place.file.write_bytes(b"damaged" * 1000)

    shown = at_a_terminal(["talk", "--text", "--silent"], [answer, "그만"], asks=(":", say("talk.listening")))

    kept = [path.read_bytes() for path in place.folder.glob("record.sqlite3.kept-*")]
    assert f'companion restore "{file}"' in "".join(shown.split("\r\n"))
    assert kept == ([b"damaged" * 1000] if is_restored else [])
    assert (place.file.read_bytes() == b"damaged" * 1000) is not is_restored
    assert ("conversation kept" in shown) is is_restored


def test_where_nobody_can_be_asked_the_backup_is_only_named(
    run: Run, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """A device without a terminal leaves the damaged file where it is."""
    file = run("backup").stdout.strip()
    place.file.write_bytes(b"damaged" * 1000)

    assert not offer(StoreDamaged("store.damaged", file=place.file))

    assert file in capsys.readouterr().err
    assert place.file.read_bytes() == b"damaged" * 1000


def test_without_a_good_backup_the_operator_is_told_what_not_to_do(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """No backup is no reason to delete a damaged file."""
    place.file.write_bytes(b"damaged" * 1000)

    assert not offer(StoreDamaged("store.damaged", file=place.file))

    assert "no good backup" in capsys.readouterr().err
