"""Runs work in a child that is killed (SIGKILL) at its n-th step: of its SQL, or of what it does to files.

The child is forked, so that nothing has to be loaded again; it ends by the kill, or by ``os._exit`` when it came to the
end of its work. Nothing of the parent's is used in it but what it opens itself.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from sqlalchemy import Engine, event

_TOUCHES_FILES = frozenset(
    {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate", "shutil.rmtree"}
)


class Ending(Enum):
    """How the child ended."""

    KILLED = auto()
    DONE = auto()


def killed_at_statement(step: int, work: Callable[[], object]) -> Ending:
    """Kill before or after a statement or commit of SQLAlchemy: 1 is before the first, 2 after it, and so on."""
    return _forked(lambda: (_trap_statements(step), work()))


def killed_at_file(step: int, folder: Path, work: Callable[[], object]) -> Ending:
    """Kill before the n-th time that a file under ``folder`` is opened, moved, made or removed."""
    return _forked(lambda: (_trap_files(step, folder), work()))


def _forked(work: Callable[[], object]) -> Ending:
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - the child says what went wrong and never comes back into the test
            traceback.print_exc()
            os._exit(70)
        os._exit(0)
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
    for name in ("begin", "before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, tick, named=True)


def _trap_files(step: int, folder: Path) -> None:
    tick, under = _countdown(step), str(folder)

    def seen(name: str, arguments: tuple[object, ...]) -> None:
        touches = name in _TOUCHES_FILES or name == "open"
        if touches and arguments and str(arguments[0]).startswith(under):
            tick()

    sys.addaudithook(seen)
