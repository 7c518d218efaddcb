"""What is kept of troubles and of failures that nobody foresaw: where it happened, never what was said.

The text of an exception may quote speech or names, so only its type and the places in the code are written.
"""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path


def note_defect(error: BaseException) -> Path | None:
    """Append type and places of ``error`` to ``defects.log``; return the file, or None where it cannot be written."""
    from companion.config import home_folder

    file = home_folder() / "defects.log"
    places = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    entry = "\n".join((f"{datetime.now(UTC).isoformat()} {type(error).__name__}", *places, ""))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write(entry)
    except OSError:
        return None
    return file


def keep_log() -> None:
    """Write warnings of the package to ``companion.log``; the file is made with the first one.

    Nothing in the package logs speech, answers or names: a test speaks a phrase and looks for it there.
    """
    from companion.config import home_folder

    log = logging.getLogger("companion")
    if log.handlers:
        return
    folder = home_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.FileHandler(folder / "companion.log", encoding="utf-8", delay=True)
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    log.addHandler(handler)
    log.propagate = False
