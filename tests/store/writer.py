"""Run as a process by tests: keeps one conversation going until it is killed, and says each turn that is on the disk.

python -m tests.store.writer FOLDER [TURNS]
"""

from __future__ import annotations

import sys
from contextlib import closing
from itertools import count
from pathlib import Path

from companion.store.opening import Place
from tests.store.records import opened, session, turn


def main(folder: str, turns: str = "") -> None:
    """Add turns; the words of each are its number."""
    with closing(opened(Place(Path(folder)))) as record:
        session_id = record.conversations.start_session(session())
        for number in range(1, int(turns) + 1) if turns else count(1):
            record.conversations.add_turn(session_id, number, turn(f"{session_id} {number}", risk="watch"))
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
        record.conversations.end_session(session_id, turn().at, "person")


if __name__ == "__main__":
    main(*sys.argv[1:])
