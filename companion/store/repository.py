"""Reads and writes the record of conversations in SQLite.

A turn is one transaction, on the disk (``synchronous=FULL``) before ``add_turn`` returns. The seam is narrow on
purpose: encryption, consent and people come behind it without changing who calls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DatabaseError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from companion.core.record import KeptTurn, NewSession, NewTurn, SessionSummary, TurnKind
from companion.core.turn import Reply
from companion.errors import InputError, StorageFull, StoreUnreadable
from companion.store.ids import new_id
from companion.store.tables import SCHEMA_VERSION, Base, SessionRow, TurnRow

_FULL: Final = ("disk is full", "disk I/O error", "unable to open", "readonly", "no space")
_PREFIX_AT_LEAST: Final = 4


class Repository:
    """The record of one device.

    Args:
        path: The SQLite file; made with its folder, readable by its owner only, if it is not there.
        device_id: Stamped on every row.

    Raises:
        StoreUnreadable: The file is not such a database, is damaged, or was written by a newer version.
        StorageFull: It cannot be written: a full or read-only disk.
    """

    def __init__(self, path: Path, *, device_id: str) -> None:
        self._path = path
        self._device_id = device_id
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600, exist_ok=True)
        except OSError as error:
            raise StorageFull("store.cannot_write", file=path) from error
        self._engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 10})
        event.listen(self._engine, "connect", _prepare_connection)
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)
        with _mapped(path):
            _bring_up(self._engine, path)

    def close(self) -> None:
        """Let the file go."""
        self._engine.dispose()

    def start_session(self, new: NewSession) -> str:
        """Commit a session and return its id.

        Raises:
            StorageFull: Nothing could be written.
        """
        session_id = new_id(new.started_at)
        row = SessionRow(
            id=session_id,
            person_id=new.person_id,
            started_at=new.started_at,
            zone=new.started_at.strftime("%z"),
            mode=new.mode,
            profile=new.profile,
            reply_driver=new.reply_driver,
            device_id=self._device_id,
        )
        with self._transaction() as session:
            session.add(row)
        return session_id

    def add_turn(self, session_id: str, number: int, new: NewTurn) -> str:
        """Commit a turn and return its id; it is on the disk when this returns.

        Raises:
            StorageFull: Nothing could be written; the turn may be handed in again.
        """
        turn_id = new_id(new.at)
        row = TurnRow(
            id=turn_id, session_id=session_id, number=number, at=new.at, kind=new.kind, device_id=self._device_id
        )
        row.risk_level, row.risk_kind = new.risk_level, new.risk_kind
        _put_reply(row, new.reply)
        if new.heard is not None:
            row.heard = _storable(new.heard.text)
            row.hearing, row.heard_confidence, row.heard_from = new.heard.hearing, new.heard.confidence, new.heard_from
        if (understood := new.understanding) is not None:
            row.act, row.topic, row.feeling = understood.act, understood.topic, understood.feeling
            row.situation, row.understanding_confidence = understood.situation, understood.confidence
        with self._transaction() as session:
            session.add(row)
        return turn_id

    def mark_spoken(self, turn_id: str, spoken: str) -> None:
        """Record what of a reply was really spoken.

        Raises:
            StorageFull: Nothing could be written.
        """
        with self._transaction() as session:
            row = session.get(TurnRow, turn_id)
            if row is not None:
                row.spoken = _storable(spoken)

    def end_session(self, session_id: str, at: datetime, ended_by: str) -> None:
        """Commit the end of a session.

        Raises:
            StorageFull: Nothing could be written.
        """
        with self._transaction() as session:
            row = session.get(SessionRow, session_id)
            if row is not None:
                row.ended_at, row.ended_by = at, ended_by

    def session_count(self, person_id: str) -> int:
        """Return how many sessions a person has had."""
        with _mapped(self._path), self._sessions() as session:
            query = select(func.count()).select_from(SessionRow).where(SessionRow.person_id == person_id)
            return session.scalar(query) or 0

    def sessions(self, *, limit: int = 20) -> Sequence[SessionSummary]:
        """Return the newest sessions, newest first."""
        said = select(TurnRow.session_id, func.count().label("turns")).where(TurnRow.heard != "")
        counted = said.group_by(TurnRow.session_id).subquery()
        query = (
            select(SessionRow, func.coalesce(counted.c.turns, 0))
            .outerjoin(counted, counted.c.session_id == SessionRow.id)
            .order_by(SessionRow.started_at.desc(), SessionRow.id.desc())
            .limit(limit)
        )
        with _mapped(self._path), self._sessions() as session:
            return [_summary(row, turns) for row, turns in session.execute(query)]

    def session(self, prefix: str) -> tuple[SessionSummary, Sequence[KeptTurn]]:
        """Return one session with its turns, by its id, the end of its id, or ``"last"``.

        Raises:
            InputError: No session, or more than one, has such an id.
        """
        with _mapped(self._path), self._sessions() as session:
            query = select(SessionRow).order_by(SessionRow.started_at.desc(), SessionRow.id.desc())
            if prefix == "last":
                query = query.limit(1)
            elif len(prefix) < _PREFIX_AT_LEAST:
                raise InputError("store.id_too_short", id=prefix, least=_PREFIX_AT_LEAST)
            else:
                query = query.where(SessionRow.id.endswith(prefix, autoescape=True)).limit(2)
            rows = session.scalars(query).all()
            if len(rows) != 1:
                raise InputError("store.no_such_session" if not rows else "store.id_not_unique", id=prefix)
            turns = session.scalars(
                select(TurnRow).where(TurnRow.session_id == rows[0].id).order_by(TurnRow.number)
            ).all()
            said = sum(1 for turn in turns if turn.heard)
            return _summary(rows[0], said), [_kept(turn) for turn in turns]

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        with _mapped(self._path), self._sessions.begin() as session:
            yield session


def _prepare_connection(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _bring_up(engine: Engine, path: Path) -> None:
    with engine.begin() as connection:
        found = connection.scalar(text("PRAGMA user_version")) or 0
        if found > SCHEMA_VERSION:
            raise StoreUnreadable("store.newer_version", file=path, found=found, known=SCHEMA_VERSION)
        if found < SCHEMA_VERSION:
            Base.metadata.create_all(connection)
            connection.execute(text(f"PRAGMA user_version={SCHEMA_VERSION}"))


@contextmanager
def _mapped(path: Path) -> Iterator[None]:
    """Turn errors of the database into ours; the original text may quote values, so it stays out of the message."""
    try:
        yield
    except DatabaseError as error:
        reason = str(error.orig).lower()
        if any(sign.lower() in reason for sign in _FULL):
            raise StorageFull("store.cannot_write", file=path) from None
        raise StoreUnreadable("store.unreadable", file=path) from None
    except SQLAlchemyError:
        raise StoreUnreadable("store.unreadable", file=path) from None


def _storable(words: str) -> str:
    """Return ``words`` without what SQLite cannot hold as text: lone surrogates."""
    return words.encode("utf-8", "replace").decode("utf-8")


def _put_reply(row: TurnRow, reply: Reply) -> None:
    row.reply, row.reply_id = _storable(reply.text), reply.id
    row.reply_source, row.guard = reply.source, reply.guard


def _summary(row: SessionRow, turns: int) -> SessionSummary:
    return SessionSummary(
        id=row.id,
        person_id=row.person_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
        mode=row.mode,
        profile=row.profile,
        reply_driver=row.reply_driver,
        ended_by=row.ended_by,
        turns=turns,
    )


def _kept(row: TurnRow) -> KeptTurn:
    return KeptTurn(
        id=row.id,
        number=row.number,
        at=row.at,
        kind=TurnKind(row.kind),
        heard=row.heard,
        hearing=row.hearing,
        heard_confidence=row.heard_confidence,
        heard_from=row.heard_from,
        act=row.act,
        topic=row.topic,
        feeling=row.feeling,
        situation=row.situation,
        understanding_confidence=row.understanding_confidence,
        risk_level=row.risk_level,
        risk_kind=row.risk_kind,
        reply=row.reply,
        reply_id=row.reply_id,
        reply_source=row.reply_source,
        guard=row.guard,
        spoken=row.spoken,
    )
