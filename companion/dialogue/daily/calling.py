"""Somebody who does not answer: call, call louder, come back later, and at last tell the people who are to be told.

A small state machine whose state is the calls that were made; it reads no clock.

Laws:
- Calls come in rounds of two, the second one louder; a round comes after a rest.
- Nobody is called in quiet hours: where the next call would fall into them, the people are told instead.
- The people are told once, after the last call, and never of somebody who answered.
- A clock that was set back makes nobody wait longer than a clock that was not: what looks as if it were still to come
  is over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from companion.dialogue.daily.rules import CallRules


@dataclass(frozen=True, slots=True)
class Call:
    """Call the person."""

    number: int
    """1 is the first call."""
    at: datetime
    """Not before; may lie in the past."""
    louder: bool
    last: bool
    """Whether the people are told where this one is not answered either."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the people who are to be told."""

    number: int
    """One more than that of the last call."""
    at: datetime


CallStep: TypeAlias = Call | Tell


def next_step(
    calls: Sequence[datetime], rules: CallRules, now: datetime, is_quiet: Callable[[datetime], bool]
) -> CallStep:
    """Return what comes next for somebody who has not answered.

    Args:
        calls: When each call was made, in order.
        rules: Figures.
        now: Aware.
        is_quiet: Whether a moment lies in quiet hours.
    """
    made = len(calls)
    if made == 0:
        return Call(1, now, louder=False, last=rules.calls == 1)
    if made >= rules.calls:
        return Tell(made + 1, _after(calls[-1], made, rules, now))
    at = max(_after(calls[-1], made, rules, now), now)
    if is_quiet(at):
        return Tell(made + 1, _waited_for(calls[-1], rules, now))
    louder = made % 2 == 1
    return Call(made + 1, at, louder=louder, last=made + 1 == rules.calls)


def _after(last: datetime, made: int, rules: CallRules, now: datetime) -> datetime:
    """Return when what follows so many calls is due."""
    if last > now:
        return now
    if made >= rules.calls or made % 2 == 1:
        return last + max(rules.again, rules.answer)
    return last + max(rules.rests[made // 2 - 1], rules.answer)


def _waited_for(last: datetime, rules: CallRules, now: datetime) -> datetime:
    return now if last > now else last + rules.answer
