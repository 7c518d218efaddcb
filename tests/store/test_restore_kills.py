"""Restoring, killed at every step: what is left is one whole record, the old one or the new one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from companion.errors import StoreBusy
from companion.store import cipher
from companion.store.backup import make
from companion.store.lock import RecordLock
from companion.store.opening import Place
from companion.store.restore import restore
from tests.fakes.clock import START
from tests.store.dying import Ending, killed_at_file
from tests.store.records import begun, heard_in, no_passphrase, opened, rotated, secrets_of, talked

OLD, NEW = ["전에 한 말"], ["전에 한 말", "뒤에 한 말"]
"""What the backup holds, and what the record held when it was replaced."""


def _plainly(home: Path) -> tuple[Place, str]:
    place = begun(home)
    with closing(opened(place)) as record:
        talked(record, *OLD)
    make(place, secrets_of(place), home.parent / "backups", now=START)
    return place, ""


def _after_a_change_of_key(home: Path) -> tuple[Place, str]:
    place = begun(home)
    code = rotated(place)
    with closing(opened(place)) as record:
        talked(record, *OLD)
    make(place, secrets_of(place), home.parent / "backups", now=START)
    rotated(place)
    return place, code


@pytest.mark.parametrize("made_ready", [_plainly, _after_a_change_of_key])
def test_a_kill_at_any_step_leaves_one_whole_record(
    tmp_path: Path, made_ready: Callable[[Path], tuple[Place, str]]
) -> None:
    """Killed before each thing that it does to a file, restoring leaves the old record or the new one, openable."""
    ready, code = made_ready(tmp_path / "ready" / "home")
    with closing(opened(ready)) as record:
        talked(record, NEW[1])
    (backup,) = (tmp_path / "ready" / "backups").glob("*.backup")
    seen, ending, step = [], Ending.KILLED, 0
    while ending is Ending.KILLED:
        step += 1
        place = Place(tmp_path / f"try-{step}")
        shutil.copytree(ready.folder, place.folder)

        work = partial(restore, place, backup, now=START, ask=no_passphrase, code=code)
        ending = killed_at_file(step, place.folder, work)

        with closing(opened(place)):
            heard = heard_in(place)
        assert heard in (OLD, NEW)
        kept = [path for path in place.folder.glob("record.sqlite3.kept-*") if not path.name.endswith(("-wal", "-shm"))]
        assert bool(kept) == (heard == OLD)
        if kept:
            assert cipher.opens(kept[0], secrets_of(ready).data_key)
        seen.append(heard)

    assert step > 15
    assert seen == sorted(seen, key=lambda heard: heard == OLD), "once the new record is in place it stays there"
    assert {len(heard) for heard in seen} == {1, 2}


def test_what_a_killed_restoring_began_waits_for_whoever_has_the_record_open(tmp_path: Path) -> None:
    """Two programs that start at once after a kill do not both move files."""
    place, _ = _plainly(tmp_path / "home")
    (backup,) = (tmp_path / "backups").glob("*.backup")
    with closing(opened(place)) as record:
        talked(record, NEW[1])
    step, pending = 0, place.folder / "record.restoring" / "moves.json"
    while not pending.exists():
        step += 1
        ending = killed_at_file(step, place.folder, lambda: restore(place, backup, now=START, ask=no_passphrase))
        assert ending is Ending.KILLED

    other = RecordLock(place.lock, alone=False)
    with pytest.raises(StoreBusy):
        opened(place)
    other.release()
    with closing(opened(place)):
        assert not pending.exists()
    assert heard_in(place) == OLD
