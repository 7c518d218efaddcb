"""The overview without a screen: plain lines for a screen reader or a schedule, and the same as fields.

One line a person, whoever needs somebody first, each with why: the words, the order and the limits are those of the
screens. No drawing, no colour, nothing that a voice would stumble over. Knows no Textual.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from companion.core.board import BoardLine
from companion.core.need import Because, Gravity, Need
from companion.dashboard.needs import reason_words, why_of
from companion.dashboard.times import ago, ahead
from companion.dashboard.words import say
from companion.wiring.board import Board
from companion.wiring.reminders import zone_of


def lines_of(board: Board) -> Iterator[str]:
    """Yield how many there are, then a line for each person.

    Args:
        board: The overview; of each person it is said by the time where they live.
    """
    if not board.rows:
        yield say("overview.nobody")
        return
    counts = counts_of(board)
    calm = counts["calm"] == len(board.rows)
    yield say("overview.counts_calm" if calm else "overview.counts", all=len(board.rows), **counts)
    for row, need in board.rows:
        yield _line(row, need, board.at.astimezone(zone_of(row.line.person)))


def fields_of(board: Board) -> Mapping[str, object]:
    """Return the overview as what goes into JSON: moments in ISO 8601, reasons by name and in words."""
    return {
        "at": board.at.isoformat(),
        "counts": counts_of(board),
        "people": [_fields(row, need, board.at.astimezone(zone_of(row.line.person))) for row, need in board.rows],
    }


def counts_of(board: Board) -> dict[str, int]:
    """Return how many people need somebody how soon."""
    found = [need.gravity for _, need in board.rows]
    return {one.name.lower(): found.count(one) for one in Gravity}


def _line(row: BoardLine, need: Need, now: datetime) -> str:
    group = row.line.person.group
    return say(
        "once.line",
        level=say(f"need.level.{need.gravity.name.lower()}"),
        name=say("once.name_and_group", name=row.name, group=group) if group else row.name,
        why=why_of(row, need, now),
        talked=_talked(row, now),
        check_in=say("once.check_in", when=ahead(row.next_check_in, now)) if row.next_check_in else "",
    ).rstrip()


def _talked(row: BoardLine, now: datetime) -> str:
    if not row.line.allowed.conversation:
        return say("once.not_agreed")
    if row.last_heard_at is None:
        return say("once.never_talked")
    return say("once.talked", when=ago(row.last_heard_at, now))


def _fields(row: BoardLine, need: Need, now: datetime) -> Mapping[str, object]:
    line = row.line
    return {
        "id": row.person_id,
        "name": row.name,
        "group": line.person.group,
        "level": need.gravity.name.lower(),
        "reasons": [_reason(one, now) for one in need.because],
        "alerts": {"open": line.alerts.open, "acknowledged": line.alerts.acknowledged, "gravest": line.alerts.gravest},
        "conversation_agreed": line.allowed.conversation,
        "health_agreed": line.allowed.health,
        "last_heard_at": _iso(row.last_heard_at),
        "days_without_talk": row.days_without_talk,
        "device_seen_at": _iso(row.seen_at),
        "next_check_in": _iso(row.next_check_in),
        "open_requests": row.open_errands,
        "mood": [week.balance for week in line.mood],
        "scores": {
            name: [{"at": one.at.isoformat(), "total": one.total} for one in points]
            for name, points in row.scores.items()
        },
    }


def _reason(because: Because, now: datetime) -> Mapping[str, object]:
    return {"reason": because.reason, "at": _iso(because.at), "words": reason_words(because, now)}


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
