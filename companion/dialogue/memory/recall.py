"""What to come back to, and when: seldom, once, and never to what hurts.

Pure. A plan that is over is asked about once; something acute while it may last, once; news of the family once. What
lasts (a bad knee, diabetes, a loss) is known and never asked about unasked. Of the rest (a grandchild, a song) one
thing now and then, the one that was mentioned least lately.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from companion.core.life import Memory

OVER_AFTER: Final = timedelta(hours=3)
"""A visit at noon is not asked about at one."""
OVER_UNTIL: Final = timedelta(days=14)
ACUTE_AFTER: Final = timedelta(hours=6)
NEWS_AFTER: Final = timedelta(days=2)
WARM_AGAIN: Final = timedelta(days=21)
WARM_REST: Final = timedelta(days=2)
"""Between two warm recalls of any kind."""
_WARM: Final = frozenset({("family", "name"), ("likes", "like"), ("likes", "habit"), ("family", "home")})
_SURE: Final = 0.6
"""What was heard or read with less confidence is known, but not brought up."""


@dataclass(frozen=True, slots=True)
class Recall:
    """One thing to come back to."""

    memory: Memory
    way: str
    """Key of the words: plan_over, plan_today, plan_tomorrow, acute, news, warm."""


def for_opening(memories: Sequence[Memory], now: datetime, refused: Collection[str] = ()) -> Recall | None:
    """Return what a session may open with; None where nothing is worth it.

    Args:
        memories: All that stand, of earlier sessions.
        now: Aware, in the person's zone.
        refused: Kinds that the person does not want remembered.
    """
    usable = [one for one in memories if one.kind not in refused and one.confidence >= _SURE]
    for found in (_over(usable, now), _coming(usable, now), _acute(usable, now), _news(usable, now)):
        first = next(found, None)
        if first is not None:
            return first
    return _warm(usable, now)


def about(memories: Sequence[Memory], mentioned: str, now: datetime, said: Collection[str]) -> Recall | None:
    """Return what fits to somebody whom the person has just mentioned; None where nothing does.

    Args:
        memories: All that stand, of earlier sessions.
        mentioned: The plain word for them: 손주.
        now: Aware.
        said: Ids of what was brought up in this session.
    """
    theirs = [one for one in memories if one.about == mentioned and one.id not in said and one.confidence >= _SURE]
    for found in (_over(theirs, now), _news(theirs, now)):
        first = next(found, None)
        if first is not None:
            return first
    warm = [one for one in theirs if (one.kind, one.aspect) == ("family", "name") and _rested(one, now)]
    return Recall(warm[0], "warm") if warm else None


def standing(memories: Sequence[Memory], now: datetime) -> list[Memory]:
    """Return what still holds: no plan whose day is gone, nothing acute that has faded."""
    return [
        one
        for one in memories
        if not (one.due_at is not None and now - one.due_at > timedelta(days=1))
        and not (one.fades_at is not None and one.fades_at < now)
    ]


def _over(memories: Sequence[Memory], now: datetime) -> Iterator[Recall]:
    """Plans whose time has come and gone, the latest first."""
    for one in sorted(memories, key=lambda memory: memory.due_at or now, reverse=True):
        due = one.due_at
        if due is None or not OVER_AFTER <= now - due <= OVER_UNTIL:
            continue
        if one.asked_after_at is None or one.asked_after_at < due:
            yield Recall(one, "plan_over")


def _coming(memories: Sequence[Memory], now: datetime) -> Iterator[Recall]:
    """Plans of today and tomorrow that were not mentioned yet, the nearest first."""
    for one in sorted(memories, key=lambda memory: memory.due_at or now):
        if one.due_at is None or one.due_at <= now or one.asked_after_at is not None or one.at > now - ACUTE_AFTER:
            continue
        days = (one.due_at.astimezone(now.tzinfo).date() - now.date()).days
        if days == 0:
            yield Recall(one, "plan_today")
        elif days == 1:
            yield Recall(one, "plan_tomorrow")


def _acute(memories: Sequence[Memory], now: datetime) -> Iterator[Recall]:
    for one in reversed(memories):
        lasts = one.kind == "health" and one.fades_at is not None and now < one.fades_at
        if lasts and one.asked_after_at is None and now - one.at >= ACUTE_AFTER:
            yield Recall(one, "acute")


def _news(memories: Sequence[Memory], now: datetime) -> Iterator[Recall]:
    for one in reversed(memories):
        fresh = (one.kind, one.aspect) == ("family", "news") and one.fades_at is not None and now < one.fades_at
        if fresh and one.asked_after_at is None and now - one.at >= NEWS_AFTER:
            yield Recall(one, "news")


def _warm(memories: Sequence[Memory], now: datetime) -> Recall | None:
    """Return one thing that gladdens; none too soon after another."""
    asked = [one.asked_after_at for one in memories if one.asked_after_at is not None]
    if asked and now - max(asked) < WARM_REST:
        return None
    dead = {one.about for one in memories if one.kind == "loss"}
    left = [
        one
        for one in memories
        if (one.kind, one.aspect) in _WARM
        and one.about not in dead
        and _rested(one, now)
        and now - one.at >= NEWS_AFTER
    ]
    never = datetime.min.replace(tzinfo=now.tzinfo)
    chosen = min(left, key=lambda one: (one.asked_after_at or never, -one.confidence, one.at), default=None)
    return None if chosen is None else Recall(chosen, "warm")


def _rested(memory: Memory, now: datetime) -> bool:
    return memory.asked_after_at is None or now - memory.asked_after_at >= WARM_AGAIN
