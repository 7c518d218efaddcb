"""Backups of a real encrypted record."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from contextlib import closing, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.errors import InputError, StoreBusy, StoreDamaged
from companion.store import archive
from companion.store.backup import Backup, State, listed, make, prove, prune
from companion.store.lock import RecordLock
from companion.store.opening import Place
from companion.store.schema import HEAD
from companion.store.vault.vault import Vault
from tests.fakes.clock import START
from tests.store.dying import Ending, killed_at_file
from tests.store.records import begun, opened, secrets_of, talked

TOP = Path(__file__).parents[2]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return begun(tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def made(place: Place, folder: Path, minutes: int = 0) -> Backup:
    return make(place, secrets_of(place), folder, now=START + timedelta(minutes=minutes))


def spoil(path: Path, at: int = 5000) -> None:
    with path.open("rb+") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 0xFF]))


def test_a_backup_is_one_file_for_its_owner_named_by_its_time(place: Place, folder: Path) -> None:
    """The name says when it was made, in UTC; nothing else is left in the folder but the lock."""
    backup = made(place, folder)

    assert backup.path.name == "malbeot-20261123T010000Z.backup"
    assert stat.S_IMODE(backup.path.stat().st_mode) == 0o600
    assert sorted(path.name for path in folder.iterdir()) == [".malbeot-lock", backup.path.name]


def test_a_backup_holds_the_database_the_vault_and_what_to_expect(place: Place, folder: Path) -> None:
    """The parts are stored as they are, and the manifest counts the rows of every table."""
    with closing(opened(place)) as record:
        talked(record, "하나", "둘")

    backup = made(place, folder)

    with ZipFile(backup.path) as file:
        assert sorted(file.namelist()) == ["manifest.json", "record.sqlite3", "record.vault"]
        assert {entry.compress_type for entry in file.infolist()} == {ZIP_STORED}
        table = json.loads(file.read("manifest.json"))
    assert (table["format"], table["number"], table["revision"]) == (1, 1, HEAD)
    assert {name: table["rows"][name] for name in ("people", "sessions", "turns")} == {
        "people": 1,
        "sessions": 1,
        "turns": 2,
    }


def test_the_key_is_not_in_a_backup(place: Place, folder: Path) -> None:
    """Whoever finds a backup alone cannot open it."""
    content = made(place, folder).path.read_bytes()
    contents = secrets_of(place)
    key = next(place.folder.glob("record.*.key")).read_text().strip()

    for secret in (contents.data_key, contents.audit_key, bytes.fromhex(key)):
        assert secret not in content
        assert secret.hex().encode() not in content


def test_a_backup_during_a_session_that_writes_is_one_moment_of_it(place: Place, folder: Path) -> None:
    """While another process goes on adding turns, each backup holds a whole beginning of the conversation."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.store.writer", str(place.folder)], stdout=subprocess.PIPE, cwd=TOP, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "1\n"
    counts = []
    for minute in range(3):
        backup = made(place, folder, minute)
        assert backup.described is not None
        counts.append(backup.described.rows["turns"])
        writer.stdout.readline()
    writer.kill()
    writer.wait()
    writer.stdout.close()

    assert counts == sorted(counts)
    assert counts[0] >= 1
    assert counts[-1] > counts[0]
    assert [one.state for one in listed(folder)] == [State.WHOLE] * 3


def test_a_backup_that_lost_a_byte_is_seen_to_be_damaged(place: Place, folder: Path) -> None:
    """Every byte of the parts is covered by a digest."""
    backup = made(place, folder)
    spoil(backup.path)

    (found,) = listed(folder)

    assert found.state is State.DAMAGED
    with pytest.raises(StoreDamaged):
        prove(backup.path, folder, secrets_of(place))


@given(at=st.integers(0, 10**9), length=st.integers(1, 64))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_bytes_are_lost_no_error_is_a_traceback(spoilt: tuple[bytes, Path], at: int, length: int) -> None:
    """A file cut or changed anywhere is refused in our words, or is whole in what it holds."""
    content, path = spoilt
    start = at % len(content)
    path.write_bytes(content[:start] + bytes(length) + content[start + length :])

    with suppress(StoreDamaged, InputError):
        archive.look_through(path)


@pytest.fixture
def spoilt(place: Place, folder: Path, tmp_path: Path) -> tuple[bytes, Path]:
    return made(place, folder).path.read_bytes(), tmp_path / "spoilt.backup"


def test_a_damaged_record_is_not_backed_up_as_if_it_were_whole(place: Place, folder: Path) -> None:
    """A backup is made of a record that is whole, or not at all."""
    with closing(opened(place)) as record:
        talked(record, *(["긴 이야기 " * 200] * 40))
    contents = secrets_of(place)
    spoil(place.file, place.file.stat().st_size // 2)

    with pytest.raises(StoreDamaged):
        make(place, contents, folder, now=START)

    assert listed(folder) == ()


def test_backups_are_listed_newest_first_whatever_the_clock_said(place: Place, folder: Path) -> None:
    """Set back between two backups, the clock does not make the later one the older."""
    first, second = made(place, folder, 60), made(place, folder, 0)

    found = listed(folder, vault_id=Vault(place.vault).id)

    assert [one.path for one in found] == [second.path, first.path]


def test_two_backups_of_one_second_do_not_meet(place: Place, folder: Path) -> None:
    """The second gets a name of its own."""
    assert made(place, folder).path != made(place, folder).path
    assert len(listed(folder)) == 2


def test_only_one_backup_at_a_time_is_written_into_a_folder(place: Place, folder: Path) -> None:
    """The other is told so and leaves everything alone."""
    folder.mkdir()
    lock = RecordLock(folder / ".malbeot-lock", alone=True)

    with pytest.raises(StoreBusy) as refused:
        made(place, folder)
    lock.release()

    assert refused.value.key == "backup.busy"


def test_a_folder_without_backups_lists_none(tmp_path: Path) -> None:
    """A folder that is not there is no error."""
    assert listed(tmp_path / "nowhere") == ()


@pytest.mark.parametrize("keep", [1, 2, 5])
def test_pruning_keeps_the_newest(place: Place, folder: Path, keep: int) -> None:
    """As many as are to be kept stay; the rest go."""
    backups = [made(place, folder, minute) for minute in range(4)]

    removed = prune(folder, Vault(place.vault).id, keep)

    assert sorted(removed) == sorted(backup.path for backup in backups[: max(4 - keep, 0)])
    assert all(backup.path.exists() for backup in backups[-keep:])


def test_pruning_never_removes_the_newest_good_one(place: Place, folder: Path) -> None:
    """Where the newer ones are damaged, the last whole one stays beyond the number that is kept."""
    backups = [made(place, folder, minute) for minute in range(4)]
    for backup in backups[2:]:
        spoil(backup.path)

    removed = prune(folder, Vault(place.vault).id, 1)

    assert set(removed) == {backups[0].path, backups[2].path}
    assert backups[1].path.exists()


def test_pruning_removes_nothing_where_nothing_is_whole(place: Place, folder: Path) -> None:
    """A damaged backup may be all that is left of a record."""
    backups = [made(place, folder, minute) for minute in range(3)]
    for backup in backups:
        spoil(backup.path)

    assert prune(folder, Vault(place.vault).id, 1) == ()


def test_pruning_leaves_backups_of_other_records_alone(place: Place, folder: Path, tmp_path: Path) -> None:
    """Several devices may share one folder."""
    other = begun(tmp_path / "other")
    theirs = made(other, folder)
    mine = [made(place, folder, minute) for minute in range(1, 3)]

    removed = prune(folder, Vault(place.vault).id, 1)

    assert removed == (mine[0].path,)
    assert theirs.path.exists()


def test_what_a_killed_backup_left_is_cleared_away(place: Place, folder: Path) -> None:
    """The next backup in the folder removes the unfinished one."""
    left = folder / ".malbeot-killed"
    left.mkdir(parents=True)
    (left / "record.sqlite3").write_bytes(b"\0" * 100)

    made(place, folder)

    assert not left.exists()


def test_a_kill_at_any_step_leaves_a_whole_backup_or_none(place: Place, folder: Path) -> None:
    """Killed before each thing that it does to a file, no unfinished file ever bears the name of a backup."""
    contents, counted = secrets_of(place), []
    for step in count(1):
        own = folder / f"{step}"
        ending = killed_at_file(step, own, lambda own=own: make(place, contents, own, now=START))  # type: ignore[misc]
        counted.append([backup.state for backup in listed(own)])
        made(place, own)
        assert [path.name for path in own.iterdir() if path.is_dir()] == [], "what was left is cleared away"
        if ending is Ending.DONE:
            break

    assert step > 15
    assert counted[0] == []
    assert all(states in ([], [State.WHOLE]) for states in counted)


def test_the_record_of_a_server_is_backed_up_by_the_server(tmp_path: Path, folder: Path, place: Place) -> None:
    """Copying a server's files is not ours to do."""
    with pytest.raises(InputError) as refused:
        make(Place(tmp_path, "postgresql+psycopg://centre/companion"), secrets_of(place), folder, now=START)

    assert refused.value.key == "backup.server"
