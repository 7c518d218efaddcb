"""What was said in the sessions of a life, and what stands in the record after each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from companion.core.record import NewTurn, TurnKind
from companion.evaluation.lives.lines import Line
from companion.evaluation.lives.persona import Persona
from companion.safety.risk import Level


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn: what the person said, and what 말벗 committed and said to it."""

    number: int
    """In the session, from 1: the greeting."""
    at: datetime
    """What time it really is, whatever the device believes."""
    line: Line | None
    """None where 말벗 speaks first, or again before the person does."""
    turn: NewTurn
    told: tuple[str, ...] = ()
    """Names of the contacts whom its alerts name."""
    is_open: bool = False
    """Whether safety had the word when the person spoke: a danger of concern or above was open."""

    @property
    def reply(self) -> str:
        """What 말벗 says."""
        return self.turn.reply.text

    @property
    def heard(self) -> str:
        """What the person said; empty for silence."""
        return self.line.text if self.line is not None else ""

    @property
    def level(self) -> Level:
        """Of the danger that was heard."""
        return Level(self.turn.risk_level or Level.NONE)


@dataclass(frozen=True, slots=True)
class SessionRun:
    """One session, over."""

    number: int
    """From 1."""
    began: datetime
    exchanges: tuple[Exchange, ...]
    ended_by: str
    farewells: int
    """How often the person said goodbye."""
    had_left: bool
    """Whether the person left without an end."""
    keeps: bool
    """Whether, when it began, a consent that conversations are kept stood in the record."""
    rows: Mapping[str, int] = field(default_factory=dict)
    """How many rows of each table belong to the person after it."""

    @property
    def opening(self) -> Exchange | None:
        """The greeting."""
        return next((one for one in self.exchanges if one.turn.kind is TurnKind.OPENING), None)

    @property
    def closing(self) -> Exchange | None:
        """The last words, where 말벗 had them."""
        last = self.exchanges[-1] if self.exchanges else None
        return last if last is not None and last.turn.reply.ends_session else None


@dataclass(frozen=True, slots=True)
class Life:
    """All sessions of one simulated person."""

    persona: Persona
    seed: int
    sessions: tuple[SessionRun, ...]
    names: tuple[str, ...] = ()
    """Of whoever 말벗 may call by name, as they are spoken: for the particles behind them."""

    def exchanges(self) -> Iterator[tuple[SessionRun, Exchange]]:
        """Yield every exchange with its session, in order."""
        for session in self.sessions:
            for exchange in session.exchanges:
                yield session, exchange
