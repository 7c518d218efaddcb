"""Transcripts written by hand, for the checks to be tried on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from companion.core.record import NewAlert, NewStep, NewTurn, TurnKind
from companion.core.turn import Reply, ReplySource
from companion.evaluation.lives.checker import check
from companion.evaluation.lives.findings import Check
from companion.evaluation.lives.lines import Line, Why
from companion.evaluation.lives.persona import Persona
from companion.evaluation.lives.transcript import Exchange, Life, SessionRun
from tests.fakes.clock import SEOUL
from tests.simulation.personas import person, standard

MORNING = datetime(2026, 12, 1, 9, 5, tzinfo=SEOUL)
NOBODY = replace(person("lee-okhui"), scripts=(), facts=(), promises=(), around=())
HELLO = "안녕하세요, 옥희 씨. 이야기 나눈 지 {number}번째예요."
GOODBYE = "말씀 잘 들었어요. 편히 쉬세요."


@dataclass(frozen=True)
class Said:
    """One exchange, in short."""

    reply: str
    line: Line | None = None
    id: str = "planted.reply#0"
    source: ReplySource = ReplySource.BANK
    kind: TurnKind = TurnKind.EXCHANGE
    level: str = "none"
    kind_of_risk: str = ""
    steps: tuple[NewStep, ...] = ()
    alerts: tuple[NewAlert, ...] = ()
    told: tuple[str, ...] = ()
    is_open: bool = False
    ends: bool = False


def own(text: str) -> Line:
    """Return a line that comes to mind."""
    return Line(text, Why.OWN)


def run(
    *said: Said,
    number: int = 1,
    began: datetime = MORNING,
    ended_by: str = "person",
    rows: Mapping[str, int] | None = None,
    farewells: int = 1,
    keeps: bool = True,
) -> SessionRun:
    """Return a session of these exchanges, between a greeting and a goodbye."""
    opening = Said(HELLO.format(number=number), source=ReplySource.FIXED, kind=TurnKind.OPENING)
    closing = Said(GOODBYE, Line("잘 있어", Why.FAREWELL), source=ReplySource.FIXED, ends=True)
    exchanges = tuple(
        Exchange(
            at=began + timedelta(seconds=20 * index),
            number=index,
            line=one.line,
            turn=NewTurn(
                at=began,
                kind=one.kind,
                reply=Reply(one.reply, one.source, one.id, ends_session=one.ends),
                risk_level=one.level,
                risk_kind=one.kind_of_risk,
                steps=one.steps,
                alerts=one.alerts,
            ),
            told=one.told,
            is_open=one.is_open,
        )
        for index, one in enumerate((opening, *said, closing), 1)
    )
    return SessionRun(number, began, exchanges, ended_by, farewells, had_left=False, keeps=keeps, rows=rows or {})


def life(*sessions: SessionRun, persona: Persona = NOBODY) -> Life:
    """Return a life of these sessions."""
    return Life(persona, 1, sessions, (persona.address, *(one.name for one in persona.around)))


def checks(whole: Life) -> list[Check]:
    """Return what the checker finds, without the details."""
    return [one.check for one in check(whole, standard())]


def of_replies(replies: Sequence[str], **fields: object) -> list[Check]:
    """Return what is found in one session in which these are answered to small talk."""
    said = [Said(reply, own(f"그랬지 {index}"), id=f"planted.{index}#0") for index, reply in enumerate(replies)]
    return checks(life(run(*said, **fields)))  # type: ignore[arg-type]
