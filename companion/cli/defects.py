"""What is kept of a failure that nobody foresaw: where it happened, never what was said.

The text of an exception may quote speech or names, so only its type and the places in the code are written.
"""

from __future__ import annotations

import traceback
from datetime import UTC, datetime
from pathlib import Path

from companion.config import home_folder


def note_defect(error: BaseException) -> Path | None:
    """Append type and places of ``error`` to ``defects.log``; return the file, or None where it cannot be written."""
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
