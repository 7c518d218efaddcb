"""All that belongs to a person is read whole and goes whole, on both engines."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Session

from companion.core.consent import Item
from companion.core.person import Person
from companion.errors import InputError, StorageFull
from companion.exchange.own_data import write_own_data
from companion.prompts import prompt_table
from companion.store.belongings import owned
from companion.store.record import Record
from companion.store.tables import Base
from companion.store.tables.access import AuditRow
from companion.store.tables.base import Table as JsonTable
from companion.store.tables.base import UtcTime, Words
from companion.store.tables.outbox import ChangeRow
from tests.fakes.clock import START
from tests.records import agreeing

CANARY = "보라색기린"
LABELS = prompt_table("records/own_data.ko.toml")
OWNED = [table for table in Base.metadata.sorted_tables if owned(table, "") is not None]


def fill(session: Session, person: Person) -> None:
    """Write one row of every table of a person, each word of it the canary; rows point to each other."""
    made: dict[str, str] = {"people": person.id}
    classes = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]
    for table in Base.metadata.sorted_tables:
        if table.name == "people" or (table not in OWNED and table.name != "accounts"):
            continue
        values = {column.name: value_of(column, made) for column in table.columns if column.name != "id"}
        row = classes[table.name](id=f"{table.name}-{person.id[-8:]}", **values)
        session.add(row)
        session.flush()
        made[table.name] = row.id


def value_of(column: Any, made: dict[str, str]) -> object:  # noqa: ANN401 - a column of any table
    for key in column.foreign_keys:
        return made[key.column.table.name]
    if isinstance(column.type, UtcTime):
        return START
    if isinstance(column.type, JsonTable):
        return {"word": CANARY} if column.name in {"speech", "schedule", "counts"} else [CANARY]
    if column.table.name == "accounts" and isinstance(column.type, (Words, String)):
        return f"account of {made['people'][-8:]}"[: getattr(column.type, "length", None) or 50]
    if isinstance(column.type, (Words, String)):
        return f"{CANARY}{made['people'][-8:]}"[: getattr(column.type, "length", None) or 50]
    return [[0, 7]] if isinstance(column.type, JSON) else column.type.python_type(7)


@pytest.fixture
def two(record: Record) -> tuple[Person, Person]:
    """Give two people, both with a row in every table."""
    first, second = agreeing(record), agreeing(record, address="영자님")
    for person in (first, second):
        with record.database.writing(person.id) as session:
            fill(session, person)
    return first, second


def whole(record: Record, *, without: type[Base] | None = None) -> str:
    """Return everything that stands in the database, as text."""
    with record.database.reading() as session:
        rows = [
            str(row)
            for table in Base.metadata.sorted_tables
            if without is None or table is not without.__table__
            for row in session.execute(select(table))
        ]
    return "\n".join(rows)


def test_every_table_of_a_person_is_read(record: Record, two: tuple[Person, Person]) -> None:
    """Nothing that is kept is withheld, and nothing of another is given."""
    first, second = two

    rows = list(record.belongings.rows(first.id))

    assert {name for name, _ in rows} == {table.name for table in OWNED}
    assert second.id not in str(rows)
    assert record.belongings.counts(first.id) == {
        table.name: sum(name == table.name for name, _ in rows) for table in OWNED
    }


def test_an_erased_person_leaves_no_trace(record: Record, two: tuple[Person, Person]) -> None:
    """No row, no word, no waiting change; the other person's record is as it was."""
    first, second = two
    before = list(record.belongings.rows(second.id))

    record.belongings.erase(first.id)

    assert first.id not in whole(record, without=ChangeRow)
    assert f"{CANARY}{first.id[-8:]}" not in whole(record)
    assert list(record.belongings.rows(second.id)) == before
    with record.database.reading() as session:
        left = session.execute(select(ChangeRow.table, ChangeRow.operation).where(ChangeRow.person_id == first.id))
        assert left.all() == [("people", "delete")]


def test_erasing_somebody_who_is_not_there_is_said(record: Record) -> None:
    """A typing error erases nobody."""
    with pytest.raises(InputError):
        record.belongings.erase("nobody")


@pytest.mark.parametrize(
    ("item", "gone"),
    [
        (Item.CONVERSATION, {"sessions", "turns", "memories", "errands", "observations", "activities"}),
        (
            Item.HEALTH,
            {"screenings", "answers", "observations", "readings", "imports", "limits", "sensors", "activities"}
            | {"hospital_patients", "hospital_records", "reading_days"},
        ),
        (Item.SHARING, set()),
    ],
)
def test_what_one_consent_carried_goes_alone(
    record: Record, two: tuple[Person, Person], item: Item, gone: set[str]
) -> None:
    """Danger stays, without the person's words where conversations went."""
    first, second = two
    before = {name: dict(row) for name, row in record.belongings.rows(second.id)}

    record.belongings.erase_item(first.id, item)

    left = dict(record.belongings.rows(first.id))
    assert {table.name for table in OWNED} - set(left) == gone
    assert (left["risk_events"]["words"] is None) == (item is Item.CONVERSATION)
    assert {name: dict(row) for name, row in record.belongings.rows(second.id)} == before


def test_the_audit_names_nobody(record: Record, two: tuple[Person, Person]) -> None:
    """What is left of an erased person there is an id."""
    record.belongings.erase(two[0].id)

    with record.database.reading() as session:
        assert CANARY not in str(session.execute(select(AuditRow.__table__)).all())


def test_every_column_that_a_person_reads_has_a_name() -> None:
    """A new column cannot be forgotten in the file that a person is given."""
    machine = {"id", "device_id", "centre_id", "digest", "wording_digest", "zone"}
    columns = {column.name for table in OWNED for column in table.columns} - machine
    read = {name for name in columns if not name.endswith("_id") or name == "contact_id"}

    assert read - set(LABELS["columns"]) == set()
    assert {table.name for table in OWNED} - set(LABELS["tables"]) == set()


def test_a_person_is_given_everything_to_read(record: Record, two: tuple[Person, Person], tmp_path: Path) -> None:
    """A text in Korean, and JSON that loses no column; nobody else can read either."""
    person = two[0]
    rows = list(record.belongings.rows(person.id))

    text, table = write_own_data(rows, tmp_path / "out", words=LABELS, made_at=START)

    kept = json.loads(table.read_text(encoding="utf-8"))
    assert {name: len(found) for name, found in kept.items()} == dict(record.belongings.counts(person.id))
    assert set(kept["turns"][0]) == {column.name for column in Base.metadata.tables["turns"].columns}
    read = text.read_text(encoding="utf-8")
    assert "순자님" in read
    assert "하신 말씀: 보라색기린" in read
    assert {stat.S_IMODE(path.stat().st_mode) for path in (text, table)} == {0o600}


def test_a_place_that_cannot_be_written_is_named(record: Record, two: tuple[Person, Person], tmp_path: Path) -> None:
    """A file where a folder was wanted."""
    (tmp_path / "out").write_text("", encoding="utf-8")

    with pytest.raises(StorageFull) as refused:
        write_own_data(record.belongings.rows(two[0].id), tmp_path / "out", words=LABELS, made_at=START)

    assert refused.value.key == "people.cannot_export"
