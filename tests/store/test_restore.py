"""Restoring backups of real encrypted records: what opens them, what is kept, and what a kill leaves."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from companion.errors import CompanionError, InputError, KeyRefused, StoreBusy, StoreDamaged, StoreUnreadable, WrongKey
from companion.store import archive, cipher
from companion.store.backup import make
from companion.store.damage import newest_good
from companion.store.opening import Place, open_record
from companion.store.restore import Restored, restore
from companion.store.tables.people import PersonRow
from companion.store.vault.places import Method
from companion.store.vault.vault import Vault
from tests.fakes.clock import START, FakeClock
from tests.store.records import (
    PERSON,
    STAMP,
    begun,
    heard_in,
    no_passphrase,
    opened,
    rotated,
    rows,
    secrets_of,
    talked,
)
from tests.store.test_backup import spoil

LATER = START + timedelta(hours=1)
OLD, NEW = ["전에 한 말"], ["전에 한 말", "뒤에 한 말"]
"""What the backup holds, and what the record held when it was replaced."""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = begun(tmp_path / "home")
    with closing(opened(place)) as record:
        talked(record, *OLD)
    return place


@pytest.fixture
def backup(place: Place, tmp_path: Path) -> Path:
    """A backup, after which the conversation went on."""
    made = make(place, secrets_of(place), tmp_path / "backups", now=START)
    with closing(opened(place)) as record:
        talked(record, NEW[1])
    return made.path


def restored(place: Place, backup: Path, code: str = "") -> Restored:
    return restore(place, backup, now=LATER, ask=no_passphrase, code=code)


def kept_place(place: Place, result: Restored, folder: Path) -> Place:
    """Give the record that was kept the names of a record again, in a folder of its own."""
    folder.mkdir()
    for path in result.kept:
        name = path.name.replace(".kept-20261123T020000Z", "")
        shutil.copy(path, folder / name)
    for key in place.folder.glob("record.*.key"):
        shutil.copy(key, folder)
    return Place(folder)


def test_a_restored_record_is_the_record_of_the_backup(place: Place, backup: Path) -> None:
    """It opens with the same key, and holds what was said up to the backup."""
    assert heard_in(place) == NEW

    restored(place, backup)

    with closing(opened(place)) as record:
        assert [person.name for person in record.people.all()] == ["김영자"]
    assert heard_in(place) == OLD


def test_the_record_before_is_kept_and_opens(place: Place, backup: Path, tmp_path: Path) -> None:
    """What was said after the backup lies beside the record, under a name with the time, with its vault."""
    result = restored(place, backup)

    assert [path.name for path in result.kept] == [
        "record.sqlite3.kept-20261123T020000Z",
        "record.vault.kept-20261123T020000Z",
    ]
    assert heard_in(kept_place(place, result, tmp_path / "kept")) == NEW


def test_a_damaged_record_is_kept_byte_by_byte(place: Place, backup: Path) -> None:
    """Somebody may still get something out of it."""
    place.file.write_bytes(b"damaged" * 1000)

    result = restored(place, backup)

    assert result.kept[0].read_bytes() == b"damaged" * 1000
    assert heard_in(place) == OLD


def test_a_write_ahead_log_is_kept_with_its_database(place: Place, backup: Path, tmp_path: Path) -> None:
    """What was committed and not yet moved into the database is not left behind, nor mixed into the new one."""
    with closing(cipher.connect(place.file, secrets_of(place).data_key)) as connection:
        connection.execute("UPDATE turns SET heard = '로그에만 있는 말'")
        copies = tmp_path / "pulled"
        shutil.copytree(place.folder, copies)
    pulled = Place(copies)
    assert Path(f"{pulled.file}-wal").stat().st_size > 0

    result = restored(pulled, backup)

    assert heard_in(pulled) == OLD
    assert heard_in(kept_place(pulled, result, tmp_path / "kept")) == ["로그에만 있는 말"] * 2


def test_a_record_that_is_gone_comes_back(place: Place, backup: Path) -> None:
    """With the vault and key still there, the database alone is put back; nothing was there to be kept."""
    for path in place.folder.glob("record.sqlite3*"):
        path.unlink()

    result = restored(place, backup)

    assert heard_in(place) == OLD
    assert [path.name for path in result.kept] == ["record.vault.kept-20261123T020000Z"]


def test_a_vault_that_is_lost_comes_back_with_the_backup(place: Place, backup: Path) -> None:
    """The vault inside the backup opens by the key file that lies here."""
    place.vault.unlink()

    result = restored(place, backup)

    assert heard_in(place) == OLD
    assert result.recovery_code == ""


def test_a_backup_from_before_a_change_of_key_needs_the_code_of_its_time(place: Place, backup: Path) -> None:
    """The key of its time was forgotten: without the code nothing is moved."""
    rotated(place)
    before = {path.name: path.read_bytes() for path in place.folder.iterdir()}

    with pytest.raises(KeyRefused) as refused:
        restored(place, backup)

    assert refused.value.key == "restore.needs_code"
    assert {path.name: path.read_bytes() for path in place.folder.iterdir()} == before


def test_the_code_of_its_time_opens_it_and_a_fresh_key_takes_over(tmp_path: Path) -> None:
    """The record is encrypted anew: old key and old code open it no more, and the record before still opens."""
    place = Place(tmp_path / "home")
    _, _, code = Vault.create(place.new_vault, Method.FILE, no_passphrase)
    with closing(opened(place)):
        pass
    made = make(place, secrets_of(place), tmp_path / "backups", now=START)
    old_key = secrets_of(place).data_key
    rotated(place)
    key_of_today = secrets_of(place).data_key

    result = restored(place, made.path, code)

    assert Vault(place.vault).generation == 3
    assert secrets_of(place).data_key not in (old_key, key_of_today)
    assert not cipher.opens(place.file, old_key)
    with pytest.raises(WrongKey):
        Vault(place.vault).recovered(code)
    (by_new_code,) = Vault(place.vault).recovered(result.recovery_code)
    assert by_new_code.data_key == secrets_of(place).data_key
    with closing(opened(place)):
        pass
    assert secrets_of(kept_place(place, result, tmp_path / "kept")).data_key == key_of_today
    assert cipher.opens(result.kept[0], key_of_today)


def test_another_machine_opens_a_backup_with_the_code(tmp_path: Path) -> None:
    """Machine and key are lost; the backup, and the code on paper, are enough."""
    place = Place(tmp_path / "home")
    _, contents, code = Vault.create(place.new_vault, Method.FILE, no_passphrase)
    with closing(opened(place)):
        pass
    made = make(place, contents, tmp_path / "backups", now=START)
    other = begun(tmp_path / "other")
    key_of_other = secrets_of(other)

    result = restored(other, made.path, code.lower().replace("-", " "))

    assert rows(other, "SELECT count(*) FROM people") == [(0,)]
    assert secrets_of(other).audit_key == contents.audit_key
    assert secrets_of(kept_place(other, result, tmp_path / "kept")).data_key == key_of_other.data_key


def test_people_who_come_back_with_a_backup_are_named(place: Place, backup: Path) -> None:
    """Somebody who was erased after the backup is in it still: whoever restores it is told by their id."""
    with closing(opened(place)) as record, record.database.writing() as session:
        session.delete(session.get(PersonRow, PERSON.id))

    result = restored(place, backup)

    assert result.returned == (PERSON.id,)
    assert restored(place, backup).returned == ()


def test_a_wrong_code_moves_nothing(place: Place, backup: Path) -> None:
    """The record is as it was."""
    with pytest.raises(WrongKey):
        restored(place, backup, "00000-00000-00000-00000-00000-0")

    assert heard_in(place) == NEW
    assert list(place.folder.glob("*kept*")) == []


def test_a_damaged_backup_moves_nothing(place: Place, backup: Path) -> None:
    """It is looked through before anything of the record is touched."""
    spoil(backup)

    with pytest.raises(StoreDamaged):
        restored(place, backup)

    assert heard_in(place) == NEW
    assert list(place.folder.glob("*kept*")) == []


def test_a_backup_with_rows_missing_moves_nothing(place: Place, backup: Path, tmp_path: Path) -> None:
    """A file that is whole and holds less than was counted is no good backup."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    described = archive.unpack(backup, folder).described
    forged = tmp_path / "forged.backup"
    files = {name: folder / name for name in (archive.DATABASE, archive.VAULT)}
    archive.pack(forged, replace(described, rows={**described.rows, "turns": 7}), files)

    with pytest.raises(StoreDamaged):
        restored(place, forged)


def test_a_backup_of_a_newer_version_moves_nothing(place: Place, backup: Path, tmp_path: Path) -> None:
    """An old program does not put a record in place that it cannot open."""
    folder = tmp_path / "unpacked"
    folder.mkdir()
    described = archive.unpack(backup, folder).described
    newer = tmp_path / "newer.backup"
    files = {name: folder / name for name in (archive.DATABASE, archive.VAULT)}
    archive.pack(newer, replace(described, revision="9999"), files)

    with pytest.raises(StoreUnreadable) as refused:
        restored(place, newer)

    assert refused.value.key == "store.newer_version"


@pytest.mark.parametrize("content", [b"", b"not a backup", b"PK\x05\x06" + bytes(18)])
def test_a_file_that_is_no_backup_is_refused(place: Place, tmp_path: Path, content: bytes) -> None:
    """Any other file is refused by its name."""
    path = tmp_path / "other.backup"
    path.write_bytes(content)

    with pytest.raises(StoreDamaged) as refused:
        restored(place, path)

    assert refused.value.key == "backup.damaged"


def test_a_backup_that_is_not_there_is_refused(place: Place, tmp_path: Path) -> None:
    """The name that was typed comes back."""
    with pytest.raises(InputError) as refused:
        restored(place, tmp_path / "nowhere.backup")

    assert refused.value.key == "backup.no_such_file"


def test_a_record_in_use_is_not_replaced(place: Place, backup: Path) -> None:
    """A conversation is going on: the operator is told so."""
    with closing(opened(place)), pytest.raises(StoreBusy):
        restored(place, backup)

    assert heard_in(place) == NEW


def test_two_restorings_in_one_second_keep_both_records(place: Place, backup: Path) -> None:
    """What was kept first is not overwritten by what is kept next."""
    first, second = restored(place, backup), restored(place, backup)

    assert set(first.kept) & set(second.kept) == set()
    assert all(path.exists() for path in first.kept + second.kept)


def test_the_newest_good_backup_is_offered(place: Place, backup: Path) -> None:
    """A newer one that is damaged is passed over; the damaged record is not touched."""
    newer = make(place, secrets_of(place), backup.parent, now=LATER)
    spoil(newer.path)
    place.file.write_bytes(b"damaged" * 1000)
    with pytest.raises(StoreDamaged):
        opened(place)

    found = newest_good(place, (backup.parent,), no_passphrase)

    assert found is not None
    assert found.path == backup
    assert place.file.read_bytes() == b"damaged" * 1000


def test_no_backup_is_offered_where_none_opens(place: Place, backup: Path) -> None:
    """A backup from before a change of key is not offered: it needs the code of its time."""
    rotated(place)

    assert newest_good(place, (backup.parent,), no_passphrase) is None


def test_a_passphrase_opens_a_backup_of_its_time(tmp_path: Path) -> None:
    """Where somebody's memory opens the record, the passphrase of the backup's time restores it."""
    place = Place(tmp_path / "home")

    def ask() -> str:
        return "하늘은 높고 말은 살찐다"

    with closing(open_record(place, stamp=STAMP, now=FakeClock().now, ask=ask, method=Method.PASSPHRASE)):
        pass
    (contents,) = Vault(place.vault).candidates(ask)
    made = make(place, contents, tmp_path / "backups", now=START)
    other = Place(tmp_path / "other")

    restore(other, made.path, now=LATER, ask=ask)

    with closing(open_record(other, stamp=STAMP, now=FakeClock().now, ask=ask)):
        pass
    with pytest.raises(CompanionError):
        open_record(other, stamp=STAMP, now=FakeClock().now, ask=lambda: "다른 암호입니다요")
