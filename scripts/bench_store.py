"""Measures the record: opening it, keeping a turn, a caregiver's overview, a person's page, and what encryption costs.

    python scripts/bench_store.py [--home FOLDER] [--people 200] [--days 365] [--repeat 30] [--turns 200] [--json]

Without --home an invented population is made in a temporary folder first (see seed_demo.py). The same rows are then
exported to a file without encryption and measured the same way in the same run: "plain". Queries are measured on a
connection that nobody disturbs ("warm"), and after another connection has kept a turn, which empties the page cache of
this one ("after a turn": a day with devices in use). "counted anew" is the overview's mood trend read from the turns
themselves instead of the counts that sessions keep. The turns that are measured belong to a person who is erased again.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from demo.seeding import Plan, seed
from seed_demo import no_passphrase
from sqlalchemy import Connection, Engine, create_engine, delete, event, func, select
from sqlalchemy.pool import QueuePool

from companion.core.consent import Answer, Decision, Giver, Item, Manner, Wording
from companion.core.heard import Heard
from companion.core.person import Person
from companion.core.record import NewSession, NewTurn, TurnKind
from companion.core.turn import Act, Feeling, Reply, ReplySource, Understanding
from companion.store import cipher
from companion.store.consents import Consents
from companion.store.conversations import Conversations
from companion.store.database import Database, Stamp, encrypted
from companion.store.opening import Place, open_record, unlocked
from companion.store.overview import overview
from companion.store.page import page
from companion.store.people import People
from companion.store.tables.outbox import ChangeRow
from companion.store.tables.people import PersonRow
from companion.store.tables.talk import SessionRow, TurnRow

STAMP = Stamp("bench")
WORDS = "bench bench bench bench bench bench"
REPLY = Reply(WORDS, ReplySource.BANK, "bench.0")
UNDERSTOOD = Understanding(Act.TELL, "other", Feeling.JOY, 0.9, "bench")


@dataclass(frozen=True)
class Opened:
    """A record twice: to read it, and as somebody else who writes into it."""

    reading: Database
    writing: Database
    people: tuple[str, ...]
    now: datetime


def milliseconds(act: Callable[[], object]) -> tuple[float, float]:
    """Return how long something takes: by the clock, and of the processor."""
    began, worked = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000


def spread(values: list[tuple[float, float]]) -> dict[str, float]:
    """Return least, median and 95th percentile by the clock, and the median of the processor, in milliseconds.

    On a machine that others use too the clock says how long was waited, the processor how much was done.
    """
    ordered = sorted(waited for waited, _ in values)
    ninety_fifth = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return {
        "least_ms": round(ordered[0], 2),
        "median_ms": round(statistics.median(ordered), 2),
        "p95_ms": round(ninety_fifth, 2),
        "median_cpu_ms": round(statistics.median(worked for _, worked in values), 2),
    }


def plain(path: Path) -> Engine:
    """Return an engine over a file without encryption, set up as the encrypted one is."""
    engine = create_engine(
        "sqlite://", module=cipher.MODULE, creator=lambda: cipher.connect(path, None), poolclass=QueuePool
    )

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")

    event.listen(engine, "begin", begin)
    return engine


def export(source: Path, key: bytes, target: Path) -> None:
    """Write all rows of an encrypted record into a file without encryption."""
    with closing(cipher.connect(source, key)) as connection:
        connection.execute("ATTACH DATABASE ? AS plain KEY ''", (str(target),))
        connection.execute("SELECT sqlcipher_export('plain')").fetchone()
        connection.execute("DETACH DATABASE plain")


@contextmanager
def opened(make: Callable[[], Engine], place: Path) -> Iterator[Opened]:
    """Open a record for reading and for writing."""
    with closing(_database(make(), place)) as reading, closing(_database(make(), place)) as writing:
        with reading.reading() as session:
            people = tuple(session.scalars(select(PersonRow.id).order_by(PersonRow.id)))
            last = session.scalar(select(func.max(SessionRow.started_at)))
        yield Opened(reading, writing, people, (last or datetime.now(UTC)) + timedelta(hours=1))


def _database(engine: Engine, place: Path) -> Database:
    return Database(engine, place=place, stamp=STAMP, now=lambda: datetime.now(UTC))


class Talker:
    """Somebody who talks so that others are disturbed; erased at the end."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._conversations = Conversations(database)
        now = datetime.now(UTC)
        self.id = People(database).add(Person(id="", address="bench")).id
        agreed = Decision(
            Item.CONVERSATION, Answer.GIVEN, now, Giver.PERSON, "bench", Manner.SPOKEN, Wording("bench", "")
        )
        Consents(database).decide(self.id, agreed)
        self._session = self._conversations.start_session(NewSession(self.id, now, "text", "bench", "bank"))
        self._number = 0

    def say(self) -> None:
        """Keep one turn."""
        self._number += 1
        turn = NewTurn(datetime.now(UTC), TurnKind.EXCHANGE, REPLY, heard=Heard.typed(WORDS), understanding=UNDERSTOOD)
        self._conversations.add_turn(self._session, self._number, turn)

    def erase(self) -> None:
        """Leave the record as it was."""
        with self._database.writing(self.id) as session:
            session.execute(delete(PersonRow).where(PersonRow.id == self.id))
            session.execute(delete(ChangeRow).where(ChangeRow.person_id == self.id))


def measured(record: Opened, repeat: int, turns: int) -> dict[str, dict[str, float]]:
    """Return the figures of one record."""

    def see_all() -> None:
        with record.reading.reading() as session:
            overview(session, record.people, record.now)

    def see_one() -> None:
        with record.reading.reading() as session:
            page(session, next(whose), record.now)

    def nothing() -> None:
        with record.reading.reading() as session:
            session.execute(select(1)).all()

    whose = iter(record.people * (1 + (3 * repeat * 4) // len(record.people)))
    talker = Talker(record.writing)
    try:
        figures = {"add_turn": spread([milliseconds(talker.say) for _ in range(turns)])}
        for name, act, times in (
            ("select_1", nothing, repeat),
            ("overview", see_all, repeat),
            ("page", see_one, 3 * repeat),
        ):
            act()
            figures[f"{name}_warm"] = spread([milliseconds(act) for _ in range(times)])
            disturbed = []
            for _ in range(times):
                talker.say()
                disturbed.append(milliseconds(act))
            figures[f"{name}_after_a_turn"] = spread(disturbed)
        figures["trend_counted_anew"] = spread([milliseconds(lambda: counted_anew(record))])
    finally:
        talker.erase()
    return figures


def counted_anew(record: Opened) -> None:
    """Read the trend of eight weeks from the turns themselves."""
    query = (
        select(SessionRow.person_id, TurnRow.feeling, func.count())
        .join(TurnRow, TurnRow.session_id == SessionRow.id)
        .where(
            SessionRow.person_id.in_(record.people),
            SessionRow.started_at >= record.now - timedelta(weeks=8),
            TurnRow.heard != "",
        )
        .group_by(SessionRow.person_id, TurnRow.feeling)
    )
    with record.reading.reading() as session:
        session.execute(query).all()


def counts(record: Opened) -> dict[str, int]:
    """Return how much the record holds."""
    with record.reading.reading() as session:
        return {
            one.__tablename__: session.scalar(select(func.count()).select_from(one)) or 0
            for one in (PersonRow, SessionRow, TurnRow)
        }


def ratio(one: dict[str, dict[str, float]], other: dict[str, dict[str, float]], name: str) -> dict[str, float]:
    """Return how much slower one is than the other, by medians."""
    return {
        clock: round(one[name][f"median_{clock}"] / other[name][f"median_{clock}"], 2) for clock in ("ms", "cpu_ms")
    }


def bench(home: Path, folder: Path, repeat: int, turns: int) -> dict[str, object]:
    """Measure a record as it is, and without encryption."""
    place = Place(home)

    def open_and_close() -> None:
        open_record(place, stamp=STAMP, now=lambda: datetime.now(UTC), ask=no_passphrase).close()

    open_and_close()
    opening = spread([milliseconds(open_and_close) for _ in range(5)])
    _, contents = unlocked(place, no_passphrase)
    with opened(lambda: encrypted(place.file, contents.data_key), place.file) as record:
        holds, ours = counts(record), measured(record, repeat, turns)
    target = folder / "plain.sqlite3"
    export(place.file, contents.data_key, target)
    with opened(lambda: plain(target), target) as record:
        theirs = measured(record, repeat, turns)
    size, plain_size = place.file.stat().st_size, target.stat().st_size
    return {
        **holds,
        "open": opening,
        "size_mb": round(size / 1e6, 1),
        "plain_size_mb": round(plain_size / 1e6, 1),
        "size_ratio": round(size / plain_size, 3),
        "encrypted": ours,
        "plain": theirs,
        "encrypted_to_plain": {name: ratio(ours, theirs, name) for name in ours},
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
    }


def seeded(home: Path, people: int, days: int) -> dict[str, object]:
    """Make the invented population; return how fast it was written."""
    record = open_record(Place(home), stamp=Stamp("demo"), now=lambda: datetime.now(UTC), ask=no_passphrase)
    began = time.perf_counter()
    with closing(record):
        plan = Plan(people, days, date(2026, 11, 26), seed=7)
        turns = seed(record.database, plan, lambda line: print(line, file=sys.stderr))
    spent = time.perf_counter() - began
    return {"seed_s": round(spent, 1), "seeded_turns_per_s": round(turns / spent)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--repeat", type=int, default=30)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-store-"))
    try:
        made = {} if arguments.home else seeded(folder / "home", arguments.people, arguments.days)
        figures = {**made, **bench(arguments.home or folder / "home", folder, arguments.repeat, arguments.turns)}
    finally:
        shutil.rmtree(folder)
    if arguments.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name:24} {value}")


if __name__ == "__main__":
    main()
