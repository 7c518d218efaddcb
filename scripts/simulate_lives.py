"""Lives whole lives of every simulated person, overnight: a thousand sessions and more, and what went wrong in them.

    python scripts/simulate_lives.py --sessions 1000 [--people FOLDER] [--seed 1] [--out FINDINGS.jsonl]
        [--no-encoder] [--processes 1] [--json]

The sessions are shared among the people evenly; each person has a record of their own that is removed afterwards.
Findings are written as JSON, one a line, as soon as a life is over; a summary by check comes at the end, with the
sessions a minute.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from companion.cli.exit_codes import exit_code_for
from companion.cli.messages import explain
from companion.errors import CompanionError, InputError
from companion.evaluation.lives.checker import check, figures
from companion.evaluation.lives.parsing import read_persona
from companion.evaluation.lives.standard import FILE, load_standard
from companion.prompts import prompt_table
from companion.wiring.conversation import Loaded
from companion.wiring.lives.living import live
from companion.wiring.rehearsal.home import loaded

PEOPLE = Path(__file__).resolve().parent.parent / "tests" / "simulation" / "people"


@dataclass(frozen=True)
class Share:
    """One life to be lived."""

    file: Path
    sessions: int
    seed: int
    with_encoder: bool


@dataclass(frozen=True)
class Lived:
    """What came of one life."""

    figures: dict[str, object]
    findings: tuple[dict[str, object], ...]


@cache
def shared(*, with_encoder: bool) -> Loaded:
    """Return what all lives of this process share."""
    return loaded(with_encoder=with_encoder)


def lived(share: Share) -> Lived:
    """Live one life and check it."""
    life = live(
        read_persona(share.file), share.sessions, seed=share.seed, loaded=shared(with_encoder=share.with_encoder)
    )
    findings = check(life, load_standard(prompt_table(FILE)))
    rows = tuple({"persona": life.persona.id, "fault": one.check.fault.value, **asdict(one)} for one in findings)
    return Lived(figures(life, findings), rows)


def shares(arguments: argparse.Namespace) -> list[Share]:
    """Return the lives to be lived: the sessions shared evenly among the people.

    Raises:
        InputError: There is nobody in the folder.
    """
    files = sorted(arguments.people.glob("*.toml"))
    if not files:
        raise InputError("simulate.unreadable", file=arguments.people)
    each, more = divmod(arguments.sessions, len(files))
    counts = (each + (number < more) for number in range(len(files)))
    whole = (
        Share(file, count, arguments.seed, with_encoder=not arguments.no_encoder)
        for file, count in zip(files, counts, strict=True)
    )
    return [one for one in whole if one.sessions]


def lives(arguments: argparse.Namespace) -> Iterator[Lived]:
    """Yield each life when it is over."""
    if arguments.processes == 1:
        yield from map(lived, shares(arguments))
        return
    with ProcessPoolExecutor(arguments.processes) as pool:
        yield from pool.map(lived, shares(arguments))


def parsed() -> argparse.Namespace:
    """Return the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--people", type=Path, default=PEOPLE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--no-encoder", action="store_true")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.sessions < 1 or arguments.processes < 1:
        parser.error("--sessions and --processes begin at 1")
    return arguments


def simulate(arguments: argparse.Namespace) -> dict[str, object]:
    """Live every life, write down what was found, and return the summary."""
    began, checks, faults, sessions = time.monotonic(), Counter[str](), Counter[str](), 0
    out = arguments.out.open("w", encoding="utf-8") if arguments.out else None
    try:
        for came in lives(arguments):
            sessions += int(str(came.figures["sessions"]))
            for row in came.findings:
                checks[str(row["check"])] += 1
                faults[str(row["fault"])] += 1
                if out is not None:
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
            print(json.dumps(came.figures, ensure_ascii=False), file=sys.stderr, flush=True)
    finally:
        if out is not None:
            out.close()
    rate = round(sessions / (time.monotonic() - began) * 60, 1)
    return {"sessions": sessions, "sessions_per_minute": rate, "faults": dict(faults), "checks": dict(checks)}


def main() -> None:
    """Run, and say what came of it."""
    arguments = parsed()
    try:
        summary = simulate(arguments)
    except CompanionError as error:
        print(explain(error), file=sys.stderr)
        sys.exit(exit_code_for(error))
    print(json.dumps(summary, ensure_ascii=False) if arguments.json else summary)


if __name__ == "__main__":
    main()
