"""Fills every table of the record with one row, whatever tables there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Float, Integer, LargeBinary, String, inspect
from sqlalchemy.orm import Session

from companion.store.ids import new_id
from companion.store.tables import Base
from companion.store.tables.base import Table, UtcTime, Words
from tests.fakes.clock import START

CLASSES: Mapping[str, type[Base]] = {
    mapper.local_table.name: mapper.class_  # type: ignore[attr-defined] # every mapper of ours has a table
    for mapper in Base.registry.mappers
}


def words_columns(table: str) -> list[str]:
    """Return the names of the columns of a table that hold what people say, write or are called."""
    return [column.key for column in Base.metadata.tables[table].columns if isinstance(column.type, (Words, Table))]


def fill(session: Session, text: str) -> dict[str, str]:
    """Add one row to every table, parents first, with ``text`` in every column of words; return their ids."""
    ids: dict[str, str] = {}
    for table in Base.metadata.sorted_tables:
        ids[table.name] = new_id(START)
        values = {column.key: _value(column, text, ids) for column in table.columns}
        attributes = {column.key: attribute.key for attribute, column in _attributes(CLASSES[table.name])}
        session.add(CLASSES[table.name](**{attributes[name]: value for name, value in values.items()}))
        session.flush()
    return ids


def read_back(session: Session, table: str, row_id: str) -> dict[str, Any]:
    """Return the columns of words of one row."""
    row = session.get(CLASSES[table], row_id)
    return {
        attribute.key: getattr(row, attribute.key)
        for attribute, column in _attributes(CLASSES[table])
        if isinstance(column.type, (Words, Table))
    }


def _attributes(row: type[Base]) -> list[tuple[Any, Any]]:
    return [(attribute, attribute.columns[0]) for attribute in inspect(row).column_attrs]


_BY_TYPE: tuple[tuple[type[Any], Callable[[str], object]], ...] = (
    (Words, lambda text: text),
    (Table, lambda text: {text: [text, {"inner": text}]}),
    (JSON, lambda _: [[0, 1, 0.5, 0.5, 0.5]]),
    (UtcTime, lambda _: START),
    (Boolean, lambda _: True),
    (Integer, lambda _: 1),
    (Float, lambda _: 0.5),
    (LargeBinary, lambda text: text.encode("utf-8", "replace")),
)


def _value(column: Column[Any], text: str, ids: Mapping[str, str]) -> object:
    if column.primary_key:
        return ids[column.table.name]
    if column.foreign_keys:
        return ids[next(iter(column.foreign_keys)).column.table.name]
    for kind, make in _BY_TYPE:
        if isinstance(column.type, kind):
            return make(text)
    assert isinstance(column.type, String)
    return new_id(START)[-(column.type.length or 36) :]
