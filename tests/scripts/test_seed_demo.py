"""The invented population and the bench of the record, run as anybody runs them, in small."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import correlation, mean

import pytest
from sqlalchemy import func, select

from companion.config import Settings
from companion.core.need import Gravity, Reason
from companion.store.database import Stamp
from companion.store.opening import Place, open_record
from companion.store.overview import overview
from companion.store.record import Record
from companion.store.tables import Base
from companion.store.tables.people import ConsentRow, PersonRow
from companion.store.tables.safety import AlertNoteRow, AlertRow, ProtocolStepRow, RiskEventRow
from companion.store.tables.screening import ScreeningRow
from companion.store.tables.talk import SessionRow, TurnRow
from companion.wiring.board import board
from companion.wiring.desk import RecordDoor

TOP = Path(__file__).resolve().parents[2]
UNTIL = "2026-11-26"
SEES = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)


def run(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, TOP / "scripts" / script, *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": str(TOP)},
    )


def seeded(home: Path, people: int = 3, days: int = 10, seed: int = 7) -> subprocess.CompletedProcess[str]:
    return run("seed_demo.py", "--people", str(people), "--days", str(days), "--home", home, "--seed", str(seed),
               "--until", UNTIL, "--json")  # fmt: skip


def opened(home: Path) -> Record:
    return open_record(Place(home), stamp=Stamp("test"), now=lambda: SEES, ask=lambda: "")


def digest(home: Path) -> str:
    """Return a digest of every row of every table."""
    record, found = opened(home), hashlib.sha256()
    with record.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table).order_by(table.c.id)):
                found.update(repr((table.name, *row)).encode())
    record.close()
    return found.hexdigest()


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a record of thirty people and eight weeks."""
    home = tmp_path_factory.mktemp("year")
    done = seeded(home, 30, 56)
    assert done.returncode == 0, done.stderr
    return home


def test_the_same_seed_writes_the_same_record(tmp_path: Path) -> None:
    """Every row follows from the seed and the last day; another seed writes another."""
    for name, seed in (("one", 7), ("same", 7), ("other", 8)):
        done = seeded(tmp_path / name, seed=seed)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["turns"] > 500

    one, same, other = (digest(tmp_path / name) for name in ("one", "same", "other"))

    assert one == same != other


def test_a_record_that_has_people_is_left_alone(tmp_path: Path) -> None:
    """A second run writes nothing, says why in one sentence, and ends with 2."""
    seeded(tmp_path)
    before = digest(tmp_path)

    done = seeded(tmp_path)

    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""
    assert digest(tmp_path) == before


def test_nothing_that_was_said_can_be_read_in_the_file(year: Path) -> None:
    """The record is a real one, encrypted."""
    record = opened(year)
    with record.database.reading() as session:
        said = session.scalars(select(TurnRow.heard).where(TurnRow.heard != "").limit(200)).all()
    record.close()
    kept = (year / "record.sqlite3").read_bytes()

    assert [words for words in said if len(words) > 5 and words.encode() in kept] == []


def test_people_are_plausible(year: Path) -> None:
    """Old, called by a name, talking about twice a day in some twenty turns, and not always answering."""
    record = opened(year)
    with record.database.reading() as session:
        people = session.scalars(select(PersonRow)).all()
        sessions = session.scalars(select(SessionRow)).all()
        turns = dict(session.execute(select(TurnRow.session_id, func.count()).group_by(TurnRow.session_id)).all())
    record.close()

    assert len({one.address for one in people}) > 10
    assert all(one.birth_year is not None and 60 <= 2026 - one.birth_year <= 100 for one in people)
    assert 1.5 < len(sessions) / (56 * 28) < 2
    answered = [one for one in sessions if one.heard_turns]
    assert 0.85 < len(answered) / len(sessions) < 0.99
    assert 19 < mean(turns[one.id] for one in answered) < 26
    assert all(5 <= (one.started_at.hour + 9) % 24 <= 21 for one in sessions)


def test_consent_is_withheld_by_some_and_withdrawn_by_one(year: Path) -> None:
    """Whoever refused has no conversation in the record, and after a withdrawal none is kept any more."""
    record = opened(year)
    with record.database.reading() as session:
        decided = session.scalars(select(ConsentRow).where(ConsentRow.item == "conversation")).all()
        last = dict(
            session.execute(
                select(SessionRow.person_id, func.max(SessionRow.started_at)).group_by(SessionRow.person_id)
            ).all()
        )
    record.close()
    refused = {one.person_id for one in decided if one.answer == "refused"}
    (withdrawal,) = (one for one in decided if one.answer == "withdrawn")

    assert refused
    assert refused.isdisjoint(last)
    assert last[withdrawal.person_id] < withdrawal.at


def test_danger_is_whole(year: Path) -> None:
    """Behind every alert there is a danger that was found; a few alerts are still open."""
    record = opened(year)
    with record.database.reading() as session:
        alerts = session.scalars(select(AlertRow)).all()
        risks = {(one.person_id, one.at, one.level) for one in session.scalars(select(RiskEventRow))}
        steps = session.scalar(select(func.count()).select_from(ProtocolStepRow))
    record.close()

    assert alerts
    assert {(one.person_id, one.at, one.level) for one in alerts} <= risks
    assert {one.status for one in alerts} >= {"open"}
    assert steps


def test_what_they_answer_fits_how_they_talk(year: Path) -> None:
    """Those whose screening sums are high have said heavier things in the eight weeks."""
    record = opened(year)
    with record.database.reading() as session:
        ids = session.scalars(select(PersonRow.id)).all()
        lines = overview(session, ids, SEES)
        assert session.scalar(select(func.count()).select_from(ScreeningRow))
    record.close()
    pairs = [
        (one.sum, sum(week.heavy for week in line.mood) / sum(week.heard for week in line.mood))
        for line in lines
        for one in line.screenings
        if one.instrument == "phq9" and one.sum is not None and line.mood
    ]

    assert len(pairs) > 20
    assert correlation(*zip(*pairs, strict=True)) > 0.3


def test_a_month_tells_its_story(tmp_path: Path) -> None:
    """Forty people in four groups: an open crisis and a resolved one, one silent, worse, better, without an answer."""
    done = run("seed_demo.py", "--month", "--home", tmp_path, "--until", UNTIL, "--json")
    assert done.returncode == 0, done.stderr
    record = opened(tmp_path)
    door = RecordDoor(Place(tmp_path), lambda: record, Settings(), lambda: SEES)
    rows = door.look(board).rows
    with record.database.reading() as session:
        alerts = session.scalars(select(AlertRow).order_by(AlertRow.at)).all()
        withdrawn = session.scalars(select(ConsentRow).where(ConsentRow.answer == "withdrawn")).all()
        notes = session.scalars(select(AlertNoteRow.status).order_by(AlertNoteRow.at)).all()
    record.close()
    reasons = [one.reason for _, need in rows for one in need.because]
    changes = {points[-1].total - points[0].total for row, _ in rows if len(points := row.scores.get("phq9", ())) > 1}

    assert len(rows) == 40
    assert sorted(Counter(row.line.person.group for row, _ in rows).values()) == [10] * 4
    assert [one.status for one in alerts] == ["resolved", "open"]
    assert (rows[0][1].gravity, notes, len(withdrawn)) == (Gravity.URGENT, ["acknowledged", "resolved"], 1)
    counted = Counter(reasons)
    # Anybody may miss a call; all else is as the story has it.
    assert counted.pop(Reason.UNANSWERED) >= 1
    assert counted == {Reason.URGENT_ALERT: 1, Reason.WORSENED: 1, Reason.DEVICE_SILENT: 1, Reason.ERRANDS: 2}
    assert max(changes) > 5
    assert min(changes) < -5


def test_the_bench_measures_and_leaves_the_record_as_it_was(tmp_path: Path) -> None:
    """One line of JSON, with both files measured."""
    seeded(tmp_path)
    before = digest(tmp_path)

    done = run("bench_store.py", "--home", tmp_path, "--repeat", "2", "--turns", "3", "--json")

    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    figures = json.loads(line)
    assert figures["people"] == 3
    assert set(figures["encrypted"]) == set(figures["plain"])
    assert all(value["ms"] > 0 for value in figures["encrypted_to_plain"].values())
    assert digest(tmp_path) == before
