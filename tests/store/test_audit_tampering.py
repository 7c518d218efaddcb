"""Tampering: nothing in the audit can be changed, removed, put in, reordered or cut off unseen."""

# ruff: noqa: S608 - tampering is done by hand

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as dbapi
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from companion.store import cipher
from companion.store.verification import Fault
from tests.store.audits import (
    COLUMNS,
    DEVICE,
    ENTRIES,
    KEY,
    UNGUARDED,
    copy_of,
    faults,
    look,
    raw,
    write,
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a record of some entries; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("audit")
    write(folder, ENTRIES)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return copy_of(written, tmp_path / "copy")


ANY_VALUE = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40),
    st.integers(-(2**40), 2**40),
    st.binary(max_size=12),
    st.floats(allow_nan=False),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120)
@given(st.integers(1, ENTRIES), st.sampled_from(COLUMNS), ANY_VALUE)
@example(1, "number", 2.0)
def test_any_change_of_any_field_is_found(
    written: Path, tmp_path: Path, number: int, column: str, value: object
) -> None:
    """Whatever single field of whatever entry becomes another value, verification says so."""
    folder = copy_of(written, tmp_path / secrets.token_hex(8))
    path = folder / "record.sqlite3"
    with closing(cipher.connect(path, KEY)) as connection:
        for statement in UNGUARDED:
            connection.execute(statement)
        where = f"FROM audit WHERE number = {number}"
        before = connection.execute(f'SELECT "{column}", typeof("{column}") {where}').fetchone()
        try:
            connection.execute(f'UPDATE audit SET "{column}" = ? WHERE number = ?', (value, number))
        except dbapi.IntegrityError:  # another entry has it already: the record itself refuses
            shutil.rmtree(folder)
            return
        after = connection.execute(
            f'SELECT "{column}", typeof("{column}") FROM audit WHERE id IS NOT NULL AND rowid = ?', (number,)
        ).fetchone()

    found = look(folder).findings

    shutil.rmtree(folder)
    assert bool(found) == (before != after)


@pytest.mark.parametrize("number", range(1, ENTRIES + 1))
@pytest.mark.parametrize(
    ("column", "rewritten"),
    [
        ("details", lambda text: text.replace(": ", ":  ")),
        ("details", lambda text: '{"count": 99, ' + text[1:]),
        ("at", lambda text: text + "0"),
        ("person_id", lambda text: text.encode()),
    ],
)
def test_what_would_be_read_alike_is_found_too(
    folder: Path, number: int, column: str, rewritten: Callable[[str], object]
) -> None:
    """What is digested is what is stored: other blanks, a key twice, a longer fraction, bytes for text."""
    with closing(cipher.connect(folder / "record.sqlite3", KEY)) as connection:
        (text,) = connection.execute(f"SELECT {column} FROM audit WHERE number = ?", (number,)).fetchone()
    raw(folder, (f"UPDATE audit SET {column} = ? WHERE number = ?", (rewritten(text), number)))

    assert look(folder).findings != ()


@pytest.mark.parametrize("number", range(1, ENTRIES + 1))
def test_a_removed_entry_is_found(folder: Path, number: int) -> None:
    """Nothing goes from the beginning, the middle or the end."""
    raw(folder, f"DELETE FROM audit WHERE number = {number}")

    assert faults(folder) & {Fault.MISSING, Fault.CUT_OFF}


@pytest.mark.parametrize("number", range(1, ENTRIES))
def test_a_removed_entry_is_found_when_the_others_close_the_gap(folder: Path, number: int) -> None:
    """Renumbering what follows hides nothing."""
    raw(
        folder,
        f"DELETE FROM audit WHERE number = {number}",
        f"UPDATE audit SET number = -number WHERE number > {number}",
        "UPDATE audit SET number = -number - 1 WHERE number < 0",
    )

    assert Fault.CHANGED in faults(folder)


def test_an_entry_put_in_is_found(folder: Path) -> None:
    """Nobody adds an entry without the key, at the end or as a chain of its own."""
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    values = "'new', device_id, centre_id, at, zone, chain, number + 1, account_id, action, person_id, details, digest"
    raw(folder, f"INSERT INTO audit ({names}) SELECT {values} FROM audit WHERE number = {ENTRIES}")

    assert faults(folder) == {Fault.CHANGED}


@pytest.mark.parametrize(("one", "other"), [(1, 2), (2, 5), (ENTRIES - 1, ENTRIES)])
def test_entries_that_changed_places_are_found(folder: Path, one: int, other: int) -> None:
    """The order of entries is part of what they say."""
    raw(
        folder,
        f"UPDATE audit SET number = 0 WHERE number = {one}",
        f"UPDATE audit SET number = {one} WHERE number = {other}",
        f"UPDATE audit SET number = {other} WHERE number = 0",
    )

    assert Fault.CHANGED in faults(folder)


@pytest.mark.parametrize("left", range(ENTRIES))
def test_a_tail_that_was_cut_off_is_found(folder: Path, left: int) -> None:
    """A chain that ends before its anchor was cut, down to one that is gone altogether."""
    raw(folder, f"DELETE FROM audit WHERE number > {left}")

    assert faults(folder) == {Fault.CUT_OFF}


def test_a_cut_tail_is_still_found_after_more_was_written(folder: Path) -> None:
    """Going on writing, even past the old length, hides no cut: the anchor waits."""
    raw(folder, f"DELETE FROM audit WHERE number > {ENTRIES - 2}")

    write(folder, 5)

    assert faults(folder) == {Fault.CUT_OFF}


def test_an_anchor_that_is_gone_is_found_and_not_made_anew(folder: Path) -> None:
    """Removing the anchor with the tail hides nothing either."""
    (folder / f"audit.{DEVICE}.anchor").unlink()
    raw(folder, f"DELETE FROM audit WHERE number > {ENTRIES - 2}")

    write(folder, 5)

    assert faults(folder) == {Fault.NO_ANCHOR}


@pytest.mark.parametrize("change", [{"number": 2}, {"seal": "0" * 64}, {"chain": "device-2"}, {"digest": "é"}])
def test_an_anchor_that_was_written_by_another_is_found(folder: Path, change: dict[str, object]) -> None:
    """An anchor cannot be set back without the key."""
    path = folder / f"audit.{DEVICE}.anchor"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **change}), encoding="utf-8")

    assert faults(folder) == {Fault.FORGED_ANCHOR}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{}", b'{"number": "x"}'])
def test_a_damaged_anchor_is_found_and_stops_no_entry(folder: Path, content: bytes) -> None:
    """A broken file beside the record keeps nobody from working."""
    (folder / f"audit.{DEVICE}.anchor").write_bytes(content)

    write(folder, 2)

    assert (faults(folder), look(folder).entries) == ({Fault.FORGED_ANCHOR}, ENTRIES + 2)
