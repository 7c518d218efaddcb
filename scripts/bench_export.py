"""Measures exports of invented people: ``python scripts/bench_export.py [--people 100] [--days 365] [--json]``.

A real encrypted record is seeded with people whose readings are kept, a clinician is let in to all of them, and each
kind of file is made for everybody, one after the other, in a process of its own. The baseline is taking a person's
dossier out of the record, audit and all, and nothing else, in the same run. Memory is the highest resident set of the
process that did it. The report needs the letters: ``companion models pull nanum-gothic``.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from demo.seeding import Plan, seed

from companion.core.access import OWNER, Role
from companion.core.consent import Answer, Decision, Giver, Item, Manner, Wording
from companion.store.database import Stamp
from companion.store.opening import Place, open_record
from companion.store.record import Record
from companion.store.viewing import Viewer
from companion.wiring.export_files import csv_of, family_pdf_of, pdf_of, xlsx_of
from companion.wiring.exporting import Wish, gathered

READER, PASSWORD = "의료진", "벤치에만 쓰는 긴 비밀번호"
LAST_DAY = date(2026, 11, 26)
KINDS = {
    "gather": lambda dossier: dossier,
    "csv": csv_of,
    "xlsx": xlsx_of,
    "pdf": pdf_of,
    "family": family_pdf_of,
}


def _no_passphrase() -> str:
    raise AssertionError("a key file opens it")


def _opened(home: Path) -> Record:
    return open_record(Place(home), stamp=Stamp("bench"), now=lambda: datetime.now(UTC), ask=_no_passphrase)


def _seeded(home: Path, people: int, days: int) -> None:
    """Fill a record, and let one clinician in to everybody."""
    with closing(_opened(home)) as record:
        seed(record.database, Plan(people, days, LAST_DAY, 7, readings=True), lambda line: print(line, file=sys.stderr))
        record.accounts.add(OWNER, READER, Role.ADMINISTRATOR, PASSWORD)
        identity = record.accounts.whoami(record.accounts.sign_in(READER, PASSWORD))
        now, wording = datetime.now(UTC), Wording("bench", "0" * 64)
        for person in record.people.all():
            given: dict[str, object] = {
                "answer": Answer.GIVEN,
                "giver": Giver.PERSON,
                "giver_name": "-",
                "manner": Manner.SIGNED,
            }
            given |= {"basis": "-", "until": now + timedelta(days=1)}
            for item, named in ((Item.CONVERSATION, ""), (Item.HEALTH, ""), (Item.SHARING, READER)):
                decision = Decision(item=item, at=now, wording=wording, named=named, **given)  # type: ignore[arg-type]
                record.consents.decide(person.id, decision)
            record.grants.grant(identity, READER, person.id)


def _made(home: Path, kind: str) -> dict[str, float]:
    """Make one kind of file for everybody; return seconds and bytes for each person."""
    with closing(_opened(home)) as record:
        identity = record.accounts.whoami(record.accounts.sign_in(READER, PASSWORD))
        viewer, people = Viewer(record.database, record.audit, identity), record.people.all()
        size, began = 0, time.perf_counter()
        for person in people:
            made = KINDS[kind](gathered(viewer, person, Wish(raw=kind in ("csv", "xlsx")), kind=kind))
            size += sum(map(len, getattr(made, "files", {}).values()))
        seconds = time.perf_counter() - began
    return {"seconds_each": seconds / len(people), "bytes_each": size / len(people)}


def _alone(work: Callable[..., object], *arguments: object) -> tuple[dict[str, float], float]:
    """Run something in a process of its own; return what it measured, and its highest resident set in MB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_measured, (work, arguments))


def _measured(work: Callable[..., dict[str, float]], arguments: tuple[object, ...]) -> tuple[dict[str, float], float]:
    figures = work(*arguments)
    # Not getrusage: what the parent held when it forked counts in that.
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return figures, int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Seed, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    results: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "record"
        _seeded(home, arguments.people, arguments.days)
        for kind in KINDS:
            figures, memory = _alone(_made, home, kind)
            results[kind] = {**figures, "memory_mb": memory}
    baseline = results["gather"]["seconds_each"]
    for figures in results.values():
        figures["times_gathering"] = figures["seconds_each"] / baseline
    if arguments.json:
        print(json.dumps({"people": arguments.people, "days": arguments.days, "kinds": results}))
        return
    for kind, figures in results.items():
        print(
            f"{kind:8} {figures['seconds_each']:7.3f} s each ({figures['times_gathering']:5.1f} x gathering)  "
            f"{figures['bytes_each'] / 1000:8.0f} kB each  {figures['memory_mb']:6.0f} MB at most"
        )


if __name__ == "__main__":
    main()
