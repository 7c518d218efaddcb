"""Measures the caregiver's screens as a terminal sees them: first paint, the overview, a person's page, memory.

    python scripts/bench_dashboard.py --home FOLDER [--repeat 5] [--people 5] [--json]

FOLDER holds a record without accounts, such as `scripts/seed_demo.py --people 200 --days 365` makes. Each run starts
`companion dashboard` in a terminal of 160×48 and reads what it draws: nothing is measured from within. Beside it, in
the same run and turn about, the same is measured of an empty Textual program and of a record without people: figures
are to be read as ratios to those. On a machine that others use too the clock says how long was waited, and "cpu" how
much was done. "first paint" is the frame of the screens, "overview" everybody in their order. A page is measured from
Enter to its words: "latest" with who it is, why now and the latest conversation, "page" with the week too; "first page"
is the first one after the start, which loads what the others find loaded. The load of the machine is told beside them.
Ends with 1 where a library of speech or models was loaded.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import select
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from seed_demo import no_passphrase

from companion.dashboard.words import say
from companion.store.database import Stamp
from companion.store.opening import Place, open_record
from companion.wiring.clock import SystemClock

COLUMNS, LINES = 160, 48
PATIENCE_S = 120.0
HEAVY = ("torch", "onnxruntime", "ctranslate2", "sounddevice", "portaudio", "llama", "faster_whisper")
BARE = (
    "from textual.app import App\nfrom textual.widgets import Static\n"
    "class Bare(App):\n    def compose(self):\n        yield Static('ready')\nBare().run()\n"
)


@dataclass
class Terminal:
    """A program in a terminal of its own."""

    process: psutil.Process
    wire: int
    began: float = field(default_factory=time.perf_counter)
    shown: bytes = b""

    def until(self, *words: str) -> float:
        """Read until one of the words was drawn since the last key; return the milliseconds since then.

        Raises:
            TimeoutError: None came.
        """
        wanted = [word.encode() for word in words]
        while not any(word in self.shown for word in wanted):
            if time.perf_counter() - self.began > PATIENCE_S:
                raise TimeoutError(words)
            if select.select([self.wire], [], [], 1.0)[0]:
                self.shown += os.read(self.wire, 1 << 16)
        return (time.perf_counter() - self.began) * 1000

    def press(self, key: str) -> None:
        """Press a key; what was drawn before it is forgotten."""
        while select.select([self.wire], [], [], 0.3)[0]:
            os.read(self.wire, 1 << 16)
        self.shown, self.began = b"", time.perf_counter()
        os.write(self.wire, key.encode())

    @property
    def worked(self) -> float:
        """Milliseconds of the processor so far."""
        used = self.process.cpu_times()
        return float(used.user + used.system) * 1000

    @property
    def megabytes(self) -> float:
        """Memory that belongs to it."""
        return float(self.process.memory_full_info().uss) / 1e6

    @property
    def heavy(self) -> Sequence[str]:
        """Libraries of speech and models that it has mapped."""
        maps = Path(f"/proc/{self.process.pid}/maps").read_text(encoding="utf-8").lower()
        return [name for name in HEAVY if name in maps]


@contextmanager
def terminal(arguments: Sequence[str], home: Path) -> Iterator[Terminal]:
    """Run Python in a terminal; it is ended afterwards."""
    child, wire = pty.fork()
    if child == 0:
        top = str(Path(__file__).resolve().parents[1])
        os.chdir(top)
        environment = {**os.environ, "COMPANION_HOME": str(home), "TERM": "xterm-256color", "PYTHONPATH": top}
        os.execve(sys.executable, [sys.executable, *arguments], environment)  # noqa: S606 - a program of ours
    fcntl.ioctl(wire, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    try:
        yield Terminal(psutil.Process(child), wire)
    finally:
        psutil.Process(child).kill()
        os.waitpid(child, 0)
        os.close(wire)


def bare(home: Path) -> Mapping[str, float]:
    """Measure an empty Textual program."""
    with terminal(["-c", BARE], home) as seen:
        return {"first_paint_ms": seen.until("ready"), "first_paint_cpu_ms": seen.worked, "memory_mb": seen.megabytes}


def screens(home: Path, pages: int) -> Mapping[str, float]:
    """Measure the screens over a record."""
    counts = say("overview.counts", all="§", urgent="", concern="", watch="").split("§")[0]
    nobody = say("overview.nobody_yet").split()[0]
    with terminal(["-m", "companion", "dashboard"], home) as seen:
        found = {"first_paint_ms": seen.until(say("state.reading"), counts), "first_paint_cpu_ms": seen.worked}
        found |= {"overview_ms": seen.until(counts, nobody), "overview_cpu_ms": seen.worked}
        found["overview_memory_mb"] = seen.megabytes
        latest, waited, worked = [], [], []
        for _ in range(pages):
            seen.press("\r")
            before = seen.worked
            latest.append(seen.until(say("person.latest", when="").rstrip(" ,"), say("person.latest_none")))
            waited.append(seen.until(say("person.week")))
            worked.append(seen.worked - before)
            seen.press("\x1b")
            seen.until(say("overview.column.why"))
            seen.press("\x1b[B")
        if pages:
            found |= {"latest_ms": statistics.median(latest), "page_ms": statistics.median(waited)}
            found |= {"page_cpu_ms": statistics.median(worked), "first_page_ms": waited[0]}
        found["memory_mb"] = seen.megabytes
        if seen.heavy:
            print(f"loaded: {', '.join(seen.heavy)}", file=sys.stderr)
            sys.exit(1)
        return found


def repeated(times: int, *measured: Callable[[], Mapping[str, float]]) -> list[dict[str, float]]:
    """Measure turn about, and return the medians of each."""
    runs: list[list[Mapping[str, float]]] = [[] for _ in measured]
    for _ in range(times):
        for one, found in zip(measured, runs, strict=True):
            found.append(one())
    return [{name: round(statistics.median(run[name] for run in found), 1) for name in found[0]} for found in runs]


def main() -> None:
    """Measure and say it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--people", type=int, default=5, help="whose pages are opened in each run")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder)
        open_record(Place(empty), stamp=Stamp("bench"), now=SystemClock().now, ask=no_passphrase).close()
        home, pages = arguments.home, arguments.people
        names = ("bare_textual", "empty_record", "record")
        measured = (lambda: bare(empty), lambda: screens(empty, 0), lambda: screens(home, pages))
        medians = dict(zip(names, repeated(arguments.repeat, *measured), strict=True))
    full, base, none = medians["record"], medians["bare_textual"], medians["empty_record"]
    ratios = {
        "first_paint_to_bare": full["first_paint_ms"] / base["first_paint_ms"],
        "first_paint_to_bare_cpu": full["first_paint_cpu_ms"] / base["first_paint_cpu_ms"],
        "overview_to_empty_cpu": full["overview_cpu_ms"] / none["overview_cpu_ms"],
        "page_to_bare_first_paint": full["page_ms"] / base["first_paint_ms"],
        "page_to_bare_first_paint_cpu": full["page_cpu_ms"] / base["first_paint_cpu_ms"],
        "memory_to_bare": full["memory_mb"] / base["memory_mb"],
    }
    size = {"record_mb": round((home / "record.sqlite3").stat().st_size / 1e6, 1), "repeat": arguments.repeat}
    size["load"] = round(os.getloadavg()[0], 1)
    done = {**size, **medians, "ratios": {name: round(value, 2) for name, value in ratios.items()}}
    print(json.dumps(done) if arguments.json else json.dumps(done, indent=2))


if __name__ == "__main__":
    main()
