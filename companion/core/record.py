"""What the session writes and what reviewers read of it, as values: no database row leaves the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from companion.core.heard import Heard
from companion.core.turn import Reply, Understanding


class TurnKind(StrEnum):
    """Where in a session a turn stands."""

    OPENING = "opening"
    EXCHANGE = "exchange"
    SILENCE = "silence"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class NewSession:
    """What is known when a session starts."""

    person_id: str
    started_at: datetime
    """Aware, in the person's zone."""
    mode: str
    profile: str
    reply_driver: str


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step of the crisis protocol, in the words of ``companion.safety.steps``."""

    action: str
    key: str = ""
    """Of the fixed sentence; empty for what is not spoken."""
    question: str = ""


@dataclass(frozen=True, slots=True)
class NewAlert:
    """An order of the protocol that people be told, in the words of ``companion.safety``."""

    level: str
    kind: str
    within_seconds: int
    """Until the first contact must have been tried."""
    contacts: tuple[str, ...]
    """Ids of those to tell, in order; empty where there is nobody."""
    told_person: bool
    """Whether the person was told, in the same turn, that these people will be told."""


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A turn as it is committed, before its reply is spoken."""

    at: datetime
    kind: TurnKind
    reply: Reply
    heard: Heard | None = None
    heard_from: str = ""
    understanding: Understanding | None = None
    risk_level: str = ""
    risk_kind: str = ""
    risk_evidence: str = ""
    """Id of the rule that decided."""
    risk_confidence: float = 1.0
    risk_standing: str = ""
    """The highest level of the session so far."""
    lexicon_version: str = ""
    steps: tuple[NewStep, ...] = ()
    """Of the crisis protocol, in the order they are taken."""
    answer: str = ""
    """What was said in answer to the protocol's question before; empty where nothing was asked."""
    alerts: tuple[NewAlert, ...] = ()
    protocol_version: str = ""


@dataclass(frozen=True, slots=True)
class Lately:
    """What the last sessions leave for the next one."""

    last_at: datetime | None = None
    """When the last session began; None where there was none."""
    said: frozenset[str] = frozenset()
    """Ids of the replies that were said in them."""


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One line of ``companion sessions list``."""

    id: str
    person_id: str
    started_at: datetime
    ended_at: datetime | None
    mode: str
    profile: str
    reply_driver: str
    ended_by: str
    turns: int
    """Turns in which the person said something."""


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A turn as it stands in the record."""

    id: str
    number: int
    at: datetime
    kind: TurnKind
    heard: str
    hearing: str
    heard_confidence: float
    heard_from: str
    act: str
    topic: str
    feeling: str
    situation: str
    understanding_confidence: float
    risk_level: str
    risk_kind: str
    reply: str
    reply_id: str
    reply_source: str
    guard: str
    spoken: str | None
