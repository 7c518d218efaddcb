"""Measures how a year of readings comes in and is looked at: ``python scripts/bench_vitals.py [--days 365] [--json]``.

One person, glucose every 5 minutes and heart rate every minute, as a table. While it comes in, a talk in another
process writes a turn every quarter of a second: how long it waits is told, beside what it waits on a record that is
left alone. Then the person's readings are opened as the screens open them (time on the wall, and of the
processor, which other work on the machine does not lengthen). An Apple Health export of ``--xml-mb``
megabytes and a table of ``--rows`` rows are looked through only. The baseline is reading a table with the csv module
and nothing else, in the same run. Memory is the highest resident set of the process that did it.

``--whole`` does something else: it brings those two large files in, each into a record of its own (``--only`` one of
them), and tells how long looking and bringing took, in what memory, and how large the record is then.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from queue import Empty

from companion.core.access import OWNER
from companion.core.consent import Answer, Decision, Giver, Item, Manner
from companion.core.person import Person
from companion.core.record import NewSession, NewTurn, TurnKind
from companion.core.timeline import Happening
from companion.core.turn import Reply, ReplySource
from companion.store.database import Stamp
from companion.store.opening import Place, open_record
from companion.store.record import Record
from companion.store.timeline import timeline_seen
from companion.store.viewing import Viewer
from companion.wiring.people import consent_words
from companion.wiring.vitals import Wishes, bring_in, look_through, looked_at, reader_for

START = datetime(2025, 11, 1, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""When the large files begin: none of their moments lies ahead of the clock."""


def _table(path: Path, days: int) -> int:
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["측정일시", "혈당(mg/dL)", "심박수"])
        for minute in range(days * 24 * 60):
            at = (START + timedelta(minutes=minute)).strftime("%Y-%m-%d %H:%M:%S")
            glucose = 110 + (minute * 7919) % 60 if minute % 5 == 0 else ""
            out.writerow([at, glucose, 60 + (minute * 104_729) % 40])
            rows += 1 + (minute % 5 == 0)
    return rows


def _many(path: Path, rows: int) -> None:
    """Write a table of a heart rate every 5 seconds, as a strap that is worn day and night tells it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["측정일시", "심박수"])
        for row in range(rows):
            at = (LONG_AGO + timedelta(seconds=5 * row)).strftime("%Y-%m-%d %H:%M:%S")
            out.writerow([at, 60 + (row * 104_729) % 40])


def _apple(path: Path, megabytes: int) -> None:
    record = (
        '<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="시계" unit="count/min" '
        'creationDate="2026-01-01 00:00:00 +0900" startDate="{at}" endDate="{at}" value="{value}"/>\n'
    )
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="ko_KR">\n')
        row, written = 0, 0
        while written < megabytes << 20:
            at = (LONG_AGO + timedelta(seconds=5 * row)).strftime("%Y-%m-%d %H:%M:%S +0900")
            written += file.write(record.format(at=at, value=60 + row % 40))
            row += 1
        file.write("</HealthData>\n")


def _opened(folder: Path) -> tuple[Record, Person]:
    def nobody() -> str:
        raise AssertionError

    record = open_record(Place(folder), stamp=Stamp("bench", "", None), now=lambda: datetime.now(UTC), ask=nobody)
    everybody = record.people.all()
    if everybody:
        return record, everybody[0]
    person = record.people.add(Person("", "순자님"))
    decision = Decision(
        item=Item.HEALTH,
        answer=Answer.GIVEN,
        at=datetime.now(UTC),
        giver=Giver.PERSON,
        giver_name="순자",
        manner=Manner.SIGNED,
        wording=consent_words().wording(Item.HEALTH),
    )
    record.consents.decide(person.id, decision)
    record.consents.decide(person.id, replace(decision, item=Item.CONVERSATION))
    return record, person


def _import(folder: Path, file: Path) -> dict[str, object]:
    record, person = _opened(folder)
    with closing(record):
        reader = reader_for(person, Wishes(), datetime.now(UTC))
        began = time.perf_counter()
        seen = look_through(reader, file)
        looked = time.perf_counter()
        brought = bring_in(record, person, reader, file, seen)
        ended = time.perf_counter()
    if brought is None:
        sys.exit("the year was there already")
    return {"look_s": round(looked - began, 2), "bring_s": round(ended - looked, 2), "added": brought.added}


def _opening(folder: Path, _file: Path) -> dict[str, object]:
    """Open the readings as the person's page and ``companion vitals show`` do, and as the charts of the page do."""
    record, person = _opened(folder)
    record.database.now = lambda: START + timedelta(days=365)
    view = Viewer(record.database, record.audit, OWNER)
    now = record.database.now()
    with closing(record):
        took: dict[str, object] = {}
        for days in (28, 365):
            took |= _middle(f"days_{days}", lambda days=days: looked_at(record, view, person, days=days))  # type: ignore[misc]
            since = now - timedelta(days=days)
            drawn = partial(timeline_seen, view, person.id, since, now, happenings=(Happening.READING,), limit=2000)
            took |= _middle(f"charts_{days}", drawn)
    return took


def _middle(name: str, work: Callable[[], object]) -> dict[str, object]:
    """Do work five times; the middle one counts."""
    times, worked = [], []
    for _ in range(5):
        began, busy = time.perf_counter(), time.process_time()
        work()
        times.append(time.perf_counter() - began)
        worked.append(time.process_time() - busy)
    return {f"{name}_ms": round(1000 * sorted(times)[2]), f"{name}_cpu_ms": round(1000 * sorted(worked)[2])}


def _talk(folder: Path, ended: Event, waits: Queue[float]) -> None:
    """Write a turn every quarter of a second, as a talk does, and tell how long each took."""
    record, person = _opened(folder)
    with closing(record):
        new = NewSession(person.id, datetime.now(UTC), "text", "embedded", "bank")
        session_id, number = record.conversations.start_session(new), 0
        while not ended.wait(0.25):
            number += 1
            reply = Reply("그러셨어요.", ReplySource.FIXED, "bench")
            began = time.perf_counter()
            record.conversations.add_turn(session_id, number, NewTurn(datetime.now(UTC), TurnKind.EXCHANGE, reply))
            waits.put(time.perf_counter() - began)


def _beside_a_talk(folder: Path, work: Callable[[], dict[str, object]]) -> dict[str, object]:
    """Do work while a talk writes its turns in another process; add what it waited."""
    context = multiprocessing.get_context("spawn")
    ended, waits = context.Event(), context.Queue()
    talk = context.Process(target=_talk, args=(folder, ended, waits))
    talk.start()
    done = work()
    ended.set()
    took = []
    while talk.is_alive() or not waits.empty():
        with suppress(Empty):
            took.append(waits.get(timeout=0.1))
    talk.join()
    ordered = sorted(took)
    return {
        **done,
        "turns": len(ordered),
        "turn_median_ms": round(1000 * ordered[len(ordered) // 2]),
        "turn_longest_ms": round(1000 * ordered[-1]),
    }


def _alone(folder: Path) -> dict[str, object]:
    def rest() -> dict[str, object]:
        time.sleep(15)
        return {}

    return _beside_a_talk(folder, rest)


def _look(folder: Path, file: Path) -> dict[str, object]:
    record, person = _opened(folder)
    record.close()
    began = time.perf_counter()
    seen = look_through(reader_for(person, Wishes(), datetime.now(UTC)), file)
    return {"look_s": round(time.perf_counter() - began, 2), "records": sum(seen.kinds.values())}


def _baseline(_folder: Path, file: Path) -> dict[str, object]:
    began = time.perf_counter()
    with file.open(encoding="utf-8", newline="") as text:
        rows = sum(1 for _ in csv.reader(text))
    return {"read_s": round(time.perf_counter() - began, 2), "rows": rows}


Work = Callable[[Path, Path], dict[str, object]]


def _apart(work: Work, folder: Path, file: Path) -> dict[str, object]:
    """Run work in a process of its own, and add its memory."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measured, (work, folder, file))


def _measured(work: Work, folder: Path, file: Path) -> dict[str, object]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    done = work(folder, file)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {**done, "mb": round(peak / 1024), "mb_more": round((peak - before) / 1024)}


def _size(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) >> 20


def _whole(asked: argparse.Namespace, folder: Path, makers: Mapping[str, Callable[[Path], None]]) -> dict[str, object]:
    """Bring large files in, each into a record of its own that is removed after it."""
    figures: dict[str, object] = {}
    for name, make in makers.items():
        if asked.only and asked.only != name:
            continue
        place = folder / f"record of {name}"
        file = folder / name
        make(file)
        opened, _ = _opened(place)
        opened.close()
        done = {**_apart(_import, place, file), "file_mb": file.stat().st_size >> 20, "record_mb": _size(place)}
        figures[f"whole {name}"] = {**done, "load": [round(one, 1) for one in os.getloadavg()]}
        shutil.rmtree(place)
        file.unlink()
    return figures


def _figures(asked: argparse.Namespace, folder: Path) -> dict[str, object]:
    table, apple, many = folder / "year.csv", folder / "export.xml", folder / "many.csv"
    readings = _table(table, asked.days)
    _apple(apple, asked.xml_mb)
    _many(many, asked.rows)
    opened, _ = _opened(folder)
    opened.close()
    return {
        "readings": readings,
        "baseline": _apart(_baseline, folder, table),
        "talk_alone": _alone(folder),
        "import": _beside_a_talk(folder, lambda: _apart(_import, folder, table)),
        "open": _apart(_opening, folder, table),
        "apple": {**_apart(_look, folder, apple), "file_mb": asked.xml_mb},
        "many_baseline": _apart(_baseline, folder, many),
        "many": _apart(_look, folder, many),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--xml-mb", type=int, default=200)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--only", choices=("export.xml", "many.csv"))
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    makers = {"export.xml": partial(_apple, megabytes=asked.xml_mb), "many.csv": partial(_many, rows=asked.rows)}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = _whole(asked, folder, makers) if asked.whole else _figures(asked, folder)
    print(json.dumps(figures, ensure_ascii=False) if asked.json else json.dumps(figures, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
