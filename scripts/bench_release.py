"""Measures research releases: seconds and peak memory for 1 (refused), 100 and 10,000 people over a year.

    python scripts/bench_release.py [--people 1 100 10000] [--days 365] [--home FOLDER] [--json]

What a release reads is seeded into a real encrypted record (``demo.cohort``): a conversation a day, activities, a PHQ-9
about every four weeks with every answer, a heart rate a week. Turns are not seeded: a release reads none. Each release
runs in a process of its own, so that its peak memory (resident set) is its own; the same process first opens the record
and imports everything, and that is the baseline it is compared with.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo.cohort import Cohort, seed_cohort
from seed_demo import no_passphrase

from companion.errors import InputError
from companion.exchange.release.making import Imprint, make, publish, workshop
from companion.exchange.release.policy import read_policy
from companion.exchange.release.preparing import Rules, prepare
from companion.prompts import data_folder, prompt_table
from companion.store.database import Stamp
from companion.store.opening import Place, open_record
from companion.store.record import Record
from companion.store.research import research_view
from companion.wiring.instruments import instruments
from companion.wiring.releasing import SOFTWARE, hierarchies, schema

NOW = datetime(2026, 11, 26, 23, 59, tzinfo=UTC)
PEOPLE = (1, 100, 10_000)


def opened(home: Path) -> Record:
    """Open the record in a folder, made there if there is none."""
    return open_record(Place(home), stamp=Stamp("cohort"), now=lambda: NOW, ask=no_passphrase)


def peak_mb() -> float:
    """Return the largest resident set of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def released(home: Path, out: Path) -> dict[str, Any]:
    """Make a release of the record in a folder; return what it took."""
    known = instruments()
    text = (data_folder("prompts") / "release/policy.example.toml").read_bytes()
    policy, problems = read_policy(
        text, schema=schema(), hierarchies=hierarchies(), instruments=known, today=NOW.date()
    )
    assert policy is not None, problems  # noqa: S101 - the example is whole
    with closing(opened(home)) as record:
        release_id = record.releases.new_id()
        rules = Rules(policy, schema(), hierarchies(), known, record.releases.secret(release_id), NOW)
        words = prompt_table("release/words.ko.toml")["summary"]
        baseline, began = peak_mb(), time.monotonic()
        try:
            with workshop(out) as part, research_view(record.database) as source:
                prepared = prepare(source, rules)
                prepared_at = time.monotonic()
                made = make(source, prepared, rules, Imprint(release_id, SOFTWARE, words), part)
                publish(part, out)
        except InputError as error:
            return {"refused": error.key, "seconds": round(time.monotonic() - began, 2), "peak_mb": round(peak_mb())}
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return {
        "seconds": round(time.monotonic() - began, 1),
        "preparing_seconds": round(prepared_at - began, 1),
        "baseline_mb": round(baseline),
        "peak_mb": round(peak_mb()),
        "k": made.k,
        "l": made.l,
        "people": made.loss.people,
        "suppressed": made.loss.suppressed,
        "rows": dict(made.rows),
        "written_mb": round(size / 2**20, 1),
        "loss": {"levels": dict(made.loss.levels), "screenings": made.loss.screenings, "trimmed": made.loss.trimmed},
    }


def measured(people: int, days: int, home: Path) -> dict[str, Any]:
    """Seed a record and release it in a process of its own."""
    began = time.monotonic()
    if not (home / "record.sqlite3").exists():
        with closing(opened(home)) as record:
            seed_cohort(record.database, Cohort(people, days, NOW), instruments()["phq9"])
    seeded = time.monotonic() - began
    print(f"{people} people seeded in {seeded:.0f} s", file=sys.stderr)
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, __file__, "--release", str(home), "--out", f"{out}/release"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    record_mb = (home / "record.sqlite3").stat().st_size / 2**20
    return {"seeded": people, "seed_seconds": round(seeded), "record_mb": round(record_mb), **json.loads(done.stdout)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=list(PEOPLE))
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--home", type=Path, help="keep the seeded records there")
    parser.add_argument("--release", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.release is not None:
        print(json.dumps(released(arguments.release, arguments.out)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        top = arguments.home or Path(temporary)
        runs = [measured(people, arguments.days, top / str(people)) for people in arguments.people]
    print(json.dumps({"days": arguments.days, "runs": runs}, ensure_ascii=False, indent=None if arguments.json else 1))


if __name__ == "__main__":
    main()
