"""Runs work in a child that is killed (SIGKILL) at its n-th step: of its SQL, or of what it does to files.

The child is forked, so that nothing has to be loaded again; it ends by the kill, or by ``os._exit`` when it came to the
end of its work. Nothing of the parent's is used in it but what it opens itself.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from enum import Enum, auto
from itertools import chain, count
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

_TOUCHES_FILES = frozenset(
    {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate", "shutil.rmtree"}
)


def places(densely: int, sparsely: int) -> Iterator[int]:
    """Yield numbers of steps to die at: each of the first, then some of those that do the same again."""
    return chain(range(1, densely), count(densely, sparsely))


class Ending(Enum):
    """How the child ended."""

    KILLED = auto()
    DONE = auto()


def killed_at_statement(step: int, work: Callable[[], object]) -> Ending:
    """Kill when SQLAlchemy begins, before it executes or commits, or after it committed, whichever is the n-th."""

    def trapped() -> None:
        _trap_statements(step)
        work()

    return forked(trapped)


def killed_at_file(step: int, folder: Path, work: Callable[[], object]) -> Ending:
    """Kill before the n-th time that a file under ``folder`` is opened, moved, made or removed."""

    def trapped() -> None:
        _trap_files(step, folder)
        work()

    return forked(trapped)


def killed_while(work: Callable[[], object], ready: Callable[[], object]) -> Ending:
    """Kill as soon as ``ready`` returns, wherever the work is by then."""
    child = _fork(work)
    ready()
    os.kill(child, signal.SIGKILL)
    return _ending(child)


def forked(work: Callable[[], object]) -> Ending:
    """Run work in a child and say how that ended.

    Raises:
        AssertionError: It ended by an error.
    """
    return _ending(_fork(work))


def _fork(work: Callable[[], object]) -> int:
    # A collection in the child would copy every page that the tests before it have filled.
    gc.freeze()
    child = os.fork()
    if child:
        gc.unfreeze()
        return child
    try:
        work()
    except BaseException:  # noqa: BLE001 - the child says what went wrong and never comes back into the test
        traceback.print_exc()
        os._exit(70)
    os._exit(0)


def _ending(child: int) -> Ending:
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return Ending.KILLED
    assert os.WEXITSTATUS(status) == 0
    return Ending.DONE


def _countdown(step: int) -> Callable[..., None]:
    left = [step]

    def tick(*_: object, **__: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return tick


def _trap_statements(step: int) -> None:
    tick = _countdown(step)
    for name in ("begin", "before_cursor_execute", "commit"):
        event.listen(Engine, name, tick, named=True)
    event.listen(Session, "after_commit", tick)


def _trap_files(step: int, folder: Path) -> None:
    tick, under = _countdown(step), str(folder)

    def seen(name: str, arguments: tuple[object, ...]) -> None:
        touches = name in _TOUCHES_FILES or name == "open"
        if touches and arguments and str(arguments[0]).startswith(under):
            tick()

    sys.addaudithook(seen)
