"""Needs in words and signs: how soon, and why. A level is a word and a sign; its colour only repeats them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from companion.core.board import BoardLine
from companion.core.need import Because, Gravity, Need, Reason
from companion.dashboard.times import ago
from companion.dashboard.words import say

SIGNS: Final[Mapping[Gravity, str]] = {
    Gravity.URGENT: "!!",
    Gravity.CONCERN: "! ",
    Gravity.WATCH: "? ",
    Gravity.CALM: "  ",
}
"""ASCII: other signs are one cell wide in some terminals and two in others."""
STYLES: Final[Mapping[Gravity, str]] = {
    Gravity.URGENT: "error",
    Gravity.CONCERN: "warning",
    Gravity.WATCH: "primary",
    Gravity.CALM: "secondary",
}
"""Names of colours of the theme."""


def level_words(gravity: Gravity) -> str:
    """Return a level in a word with its sign."""
    return f"{SIGNS[gravity]} {say(f'need.level.{gravity.name.lower()}')}"


def reason_words(because: Because, now: datetime) -> str:
    """Return one reason as a caregiver reads it."""
    when = "" if because.at is None else ago(because.at, now)
    before, total, at_least = because.totals
    key = f"need.reason.{because.reason}"
    if because.reason is Reason.UNANSWERED and because.count:
        key = "need.reason.unanswered_told"
    return say(
        key,
        count=because.count,
        when=when,
        level=say(f"need.danger.{because.level}") if because.level else "",
        title=because.title,
        before=before,
        total=total,
        at_least=at_least,
    )


def why(need: Need, now: datetime, *, between: str = " ") -> str:
    """Return all reasons, the weightiest first; what stands in their place where there is none."""
    if not need.because:
        return say("need.calm")
    return between.join(reason_words(one, now) for one in need.because)


def why_of(row: BoardLine, need: Need, now: datetime, *, between: str = " ") -> str:
    """Return all reasons of a person; where there is none, whether all is as usual, or whether nobody can tell."""
    if not need.because and not row.line.allowed.conversation:
        return say("need.unknown")
    return why(need, now, between=between)
