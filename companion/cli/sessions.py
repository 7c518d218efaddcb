"""``companion sessions list|show``: gives back the conversations that were kept, to whoever may see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import passphrase
from companion.core.record import KeptTurn, SessionSummary
from companion.errors import InputError

if TYPE_CHECKING:
    from companion.store.viewing import Viewer

app: Final = typer.Typer(help="나눈 대화를 봅니다 (kept conversations)", no_args_is_help=True)

_SHORT: Final = 8
"""Characters of a session's id that are shown: its end, which differs even between sessions of one second."""


@app.command("list")
def list_sessions(
    limit: Annotated[int, typer.Option(min=1, help="몇 개까지 (how many)")] = 20,
    *,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """최근 대화부터 보여 줍니다 (newest first)."""
    with _viewer() as viewer:
        sessions = () if viewer is None else viewer.sessions(limit=limit)
    if json:
        print_json({"sessions": [_session_fields(session) for session in sessions]})
        return
    if not sessions:
        tell("sessions.none_yet")
    for session in sessions:
        print_line(_session_line(session))


@app.command("show")
def show_session(
    session: Annotated[str, typer.Argument(help="대화 번호의 끝자리, 또는 last (end of the id, or last)")] = "last",
    *,
    json: Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")] = False,
) -> None:
    """한 대화를 처음부터 끝까지 보여 줍니다 (one conversation, whole)."""
    with _viewer() as viewer:
        if viewer is None:
            raise InputError("store.no_such_session", id=session)
        summary, turns = viewer.session(session)
    if json:
        print_json({**_session_fields(summary), "turns": [_turn_fields(turn) for turn in turns]})
        return
    print_line(_session_line(summary))
    for turn in turns:
        for line in _turn_lines(turn):
            print_line(line)


@contextmanager
def _viewer() -> Iterator[Viewer | None]:
    """Open the record for whoever is signed in; None where there is none yet, and none is made by looking."""
    from companion.wiring.access import viewer
    from companion.wiring.record import open_record, record_place

    if not record_place().exists:
        yield None
        return
    with open_record(passphrase) as record:
        yield viewer(record)


def _local(at: datetime | None) -> str:
    return "" if at is None else at.astimezone().strftime("%Y-%m-%d %H:%M")


def _session_line(session: SessionSummary) -> str:
    return say(
        "sessions.line",
        id=session.id[-_SHORT:],
        started=_local(session.started_at),
        turns=session.turns,
        mode=say(f"sessions.mode.{session.mode}"),
        profile=session.profile,
        driver=say(f"sessions.driver.{session.reply_driver}"),
        ending=say(f"sessions.ending.{session.ended_by or 'open'}"),
    )


def _turn_lines(turn: KeptTurn) -> Sequence[str]:
    lines = [""]
    if turn.heard:
        lines.append(say("sessions.person", words=turn.heard, source=turn.heard_from))
        lines.append(_understood(turn))
    spoken = turn.reply if turn.spoken is None else turn.spoken
    cut = "" if turn.spoken is None or turn.spoken == turn.reply else say("sessions.cut")
    lines.append(say("sessions.companion", words=spoken, source=turn.reply_source, id=turn.reply_id, cut=cut))
    return lines


def _understood(turn: KeptTurn) -> str:
    risk = "" if turn.risk_level in ("", "none") else say("sessions.risk", level=turn.risk_level, kind=turn.risk_kind)
    return say(
        "sessions.understood",
        topic=turn.topic or "-",
        feeling=turn.feeling or "-",
        act=turn.act or "-",
        confidence=turn.heard_confidence,
        risk=risk,
    )


def _session_fields(session: SessionSummary) -> dict[str, object]:
    return {
        "id": session.id,
        "person": session.person_id,
        "started_at": session.started_at.isoformat(),
        "ended_at": None if session.ended_at is None else session.ended_at.isoformat(),
        "mode": session.mode,
        "profile": session.profile,
        "reply_driver": session.reply_driver,
        "ended_by": session.ended_by,
        "turn_count": session.turns,
    }


def _turn_fields(turn: KeptTurn) -> dict[str, object]:
    return {
        "number": turn.number,
        "at": turn.at.isoformat(),
        "kind": turn.kind,
        "heard": turn.heard,
        "hearing": turn.hearing,
        "heard_confidence": round(turn.heard_confidence, 3),
        "heard_from": turn.heard_from,
        "act": turn.act,
        "topic": turn.topic,
        "feeling": turn.feeling,
        "situation": turn.situation,
        "risk_level": turn.risk_level,
        "risk_kind": turn.risk_kind,
        "reply": turn.reply,
        "reply_id": turn.reply_id,
        "source": turn.reply_source,
        "guard": turn.guard,
        "spoken": turn.spoken,
    }
