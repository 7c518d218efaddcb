"""`companion` on a terminal of its own, with somebody who types."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time


def at_a_terminal(arguments: list[str], answers: list[str], *, asks: tuple[str, ...] = (":",)) -> str:
    """Run `companion` on a terminal of its own and return all it showed.

    Whenever what it showed last ends in one of ``asks``, the next answer is typed.
    """
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "companion", *arguments]
    plain = {**os.environ, "TERM": "dumb"}
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=plain) as running:
        os.close(theirs)
        shown, waiting = b"", list(answers)
        until = time.monotonic() + 120
        while time.monotonic() < until:
            ready, _, _ = select.select([ours], [], [], 1.0)
            try:
                new = os.read(ours, 65536) if ready else b""
            except OSError:
                break
            shown += new
            if new and waiting and shown.decode("utf-8", "replace").rstrip().endswith(asks):
                os.write(ours, waiting.pop(0).encode() + b"\n")
            if not new and running.poll() is not None:
                break
        else:
            running.kill()
        running.wait(60)
    os.close(ours)
    return shown.decode("utf-8", "replace")
