"""Shows how a pull comes along: bars on a terminal, a few plain lines where there is none. Always on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn

from companion.artifacts.progress import Step
from companion.cli.messages import say
from companion.cli.output import tell

_LINE_EVERY: Final = 4
"""Plain lines for one file: at each quarter."""


@contextmanager
def shown_progress() -> Iterator[Callable[[Step], None]]:
    """Give something to report steps to, as long as the block runs."""
    if not sys.stderr.isatty():
        yield PlainLines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bars(progress)


class _Bars:
    """One bar for each file or package at each stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None
        self._shown: tuple[str, str] | None = None

    def __call__(self, step: Step) -> None:
        if self._shown != (step.stage, step.name):
            if self._task is not None:
                self._progress.remove_task(self._task)
            self._task = self._progress.add_task(f"{say(f'models.stage.{step.stage}')} {step.name}", total=None)
            self._shown = (step.stage, step.name)
        if self._task is not None:
            self._progress.update(self._task, completed=step.done, total=step.total or None)


class PlainLines:
    """A line when a file begins and at each quarter of it, for logs and pipes."""

    def __init__(self) -> None:
        self._last: tuple[str, str, int] | None = None

    def __call__(self, step: Step) -> None:
        """Print a line where one is due."""
        quarter = step.done * _LINE_EVERY // step.total if step.total else 0
        mark = (step.stage, step.name, quarter)
        if mark == self._last:
            return
        self._last = mark
        percent = quarter * 100 // _LINE_EVERY
        tell("models.progress", stage=say(f"models.stage.{step.stage}"), name=step.name, percent=percent)
