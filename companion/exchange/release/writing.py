"""Writes the tables as they come, person by person: partitioned Parquet and CSV; memory holds some thousand rows.

Parquet lies as Hive lays it: ``parquet/<table>/bucket=<b>/part-0.parquet``, the bucket being the first digit of the
pseudonym, which is chance. CSV is UTF-8 with a byte order mark, one file a table.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

import pyarrow as pa
from pyarrow import parquet

from companion.exchange.release.rows import Row, shown_value
from companion.exchange.release.schema import Column, Kind

_ROWS_AT_ONCE: Final = 20_000
_ONE_BUCKET: Final = 500
"""People up to which one bucket is enough: many small files read slower than one."""
_TYPES: Final[Mapping[Kind, pa.DataType]] = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int32(),
    Kind.REAL: pa.float64(),
    Kind.DAY: pa.date32(),
}


class TableFiles:
    """The files of one table, open for writing.

    Args:
        folder: Of the release that is being made.
        name: Of the table.
        columns: In their order.
        formats: ``parquet``, ``csv`` or both.
        described: Metadata of every Parquet file: title, release, version.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        columns: Sequence[Column],
        formats: Sequence[str],
        described: Mapping[str, str],
    ) -> None:
        self.name, self.rows = name, 0
        self._columns = columns
        fields = [pa.field(one.name, _TYPES[one.kind], metadata=_metadata(one)) for one in columns]
        self._schema = pa.schema(fields, metadata=dict(described))
        self._parquet = folder / "parquet" / name if "parquet" in formats else None
        self._csv: IO[str] | None = None
        if "csv" in formats:
            (folder / "csv").mkdir(exist_ok=True)
            self._csv = (folder / "csv" / f"{name}.csv").open("w", encoding="utf-8-sig", newline="")
            self._lines = csv.writer(self._csv, lineterminator="\n")
            self._lines.writerow(one.name for one in columns)
        self._bucket = ""
        self._writer: Any = None
        self._waiting: dict[str, list[Any]] = {one.name: [] for one in columns}

    def add(self, bucket: str, rows: Sequence[Row]) -> None:
        """Write the rows of one person; buckets come in one after the other, each once."""
        if self._parquet is not None and (bucket != self._bucket or self._writer is None):
            self._open(bucket)
        for row in rows:
            values = [shown_value(column, row.get(column.name)) for column in self._columns]
            if self._csv is not None:
                self._lines.writerow("" if value is None else value for value in values)
            if self._parquet is not None:
                for column, value in zip(self._columns, values, strict=True):
                    self._waiting[column.name].append(value)
        self.rows += len(rows)
        if self._parquet is not None and len(self._waiting["person"]) >= _ROWS_AT_ONCE:
            self._flush()

    def close(self) -> None:
        """Write what waits, and end every file."""
        if self._parquet is not None and self._writer is None:
            self._open("0")
        self._end()
        if self._csv is not None:
            self._csv.close()

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every file, whatever happened."""
        self.close()

    def _open(self, bucket: str) -> None:
        self._end()
        folder = (self._parquet or Path()) / f"bucket={bucket}"
        folder.mkdir(parents=True)
        self._bucket = bucket
        self._writer = parquet.ParquetWriter(folder / "part-0.parquet", self._schema, compression="zstd")

    def _flush(self) -> None:
        if self._waiting["person"]:
            self._writer.write_table(pa.table(self._waiting, schema=self._schema))
            for values in self._waiting.values():
                values.clear()

    def _end(self) -> None:
        if self._writer is not None:
            self._flush()
            self._writer.close()


def read_back(folder: Path, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table as they lie in a folder, by column: what its recipient will read."""
    if (folder / "parquet" / name).is_dir():
        rows: list[dict[str, Any]] = parquet.read_table(folder / "parquet" / name).to_pylist()
        return rows
    with (folder / "csv" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def bucket_of(pseudonym: str, people: int) -> str:
    """Return in which partition somebody lies: one of sixteen, or of one where few people are."""
    return "0" if people <= _ONE_BUCKET else pseudonym[0]


def _metadata(column: Column) -> dict[str, str]:
    return {"what": column.what} | ({"unit": column.unit} if column.unit else {})
