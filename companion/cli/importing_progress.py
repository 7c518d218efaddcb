"""Shows how far an import is, where it takes longer than a moment: one line that changes, or now and then one more."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from companion.cli.messages import say
from companion.cli.output import tell

_SILENT: Final = 3.0
"""Seconds for which nothing is shown: most files are there by then."""
_EVERY_AT_TERMINAL: Final = 1.0
_EVERY_ELSEWHERE: Final = 60.0
"""Seconds between two lines in a log or a pipe."""


@dataclass(slots=True)
class Counting:
    """Told how many are done, shows it on stderr.

    Args:
        key: Of the sentence.
        file: Name of the file.
        of: How many there are; 0 where nobody knows yet.
        now: Monotonic seconds.
    """

    key: str
    file: str
    of: int = 0
    now: Callable[[], float] = time.monotonic
    _due: float = field(init=False)
    _shown: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Begin to wait."""
        self._due = self.now() + _SILENT

    def __call__(self, done: int) -> None:
        """Show it where it is due."""
        if self.now() < self._due:
            return
        is_terminal = sys.stderr.isatty()
        self._due = self.now() + (_EVERY_AT_TERMINAL if is_terminal else _EVERY_ELSEWHERE)
        percent = 100 * done // self.of if self.of else 0
        fields = {"file": self.file, "done": f"{done:,}", "all": f"{self.of:,}", "percent": percent}
        if not is_terminal:
            tell(self.key, **fields)
            return
        self._shown = True
        sys.stderr.write(f"\r\x1b[K{say(self.key, **fields)}")
        sys.stderr.flush()

    def end(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
