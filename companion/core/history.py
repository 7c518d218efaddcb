"""What happened to a person, as the record gives it out whole. Values only.

Conversations stand here without their words, dangers with what the protocol did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation, without its words."""

    id: str
    at: datetime
    ended_at: datetime | None
    mode: str
    profile: str
    reply_driver: str
    ended_by: str
    turns: int
    """Turns in which the person said something."""
    bright: int
    heavy: int


@dataclass(frozen=True, slots=True)
class ProtocolStep:
    """One step of the crisis protocol."""

    number: int
    action: str
    key: str
    question: str
    answer: str
    """What was answered to the question before."""


@dataclass(frozen=True, slots=True)
class DangerFound:
    """One utterance in which danger was found."""

    id: str
    at: datetime
    level: str
    standing: str
    """The highest level of the conversation so far."""
    kind: str
    confidence: float
    rule: str
    basis: str
    """consent or vital_interest: why it is kept."""
    words: str | None
    """None where they were not kept, or may not be shown."""
    session_id: str | None
    lexicon_version: str
    protocol_version: str = ""
    steps: tuple[ProtocolStep, ...] = ()
