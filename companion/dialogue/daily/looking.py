"""What is due now, and when to look again: computed from what was set, what was done, and the time. Pure.

Laws:
- Nothing is said in quiet hours but what the family wants said in them.
- No occasion is said twice, whatever the clock does and however often the process is started; a call of somebody who
  does not answer is an occasion of its own.
- What is too late is settled without being said. Of what was due several times only the last is said.
- Two things are begun no closer to each other than the rules allow, but for a medicine that would not be said at all
  because quiet hours begin.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, TypeAlias

from companion.core.occasion import KeptOccasion, Occasion, Outcome
from companion.core.schedule import QuietHours, Schedule
from companion.dialogue.daily.calling import Call, Tell, next_step
from companion.dialogue.daily.rules import RANKS, STATED, DailyRules, Kind

LOOK_BACK: Final = timedelta(days=2)
"""How far back anything that was due, or was done, still matters."""
_LOOK_AHEAD: Final = timedelta(days=1)
_CALLED_FOR: Final = timedelta(days=1)
"""After which somebody who did not answer is not called any more: the device must have slept."""
_OVER: Final = frozenset({Outcome.ANSWERED, Outcome.MET, Outcome.PASSED, Outcome.TOLD})


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that was set."""

    source_id: str
    kind: Kind
    schedule: Schedule
    words: str = ""
    since: datetime | None = None
    """When it was set: nothing was due before. None where it always stood."""


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that the person said they would do."""

    memory_id: str
    due_at: datetime
    words: str
    """The sentence of the person."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """All that was set for one person."""

    rules: DailyRules
    zone: tzinfo
    """The person's."""
    quiet: QuietHours
    standing: tuple[Standing, ...] = ()
    promises: tuple[Promise, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """An occasion that is over without being said."""

    occasion: Occasion
    number: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Remind:
    """State these, in one breath."""

    occasions: tuple[Occasion, ...]


@dataclass(frozen=True, slots=True)
class CallOut:
    """Call the person for this."""

    occasion: Occasion
    call: Call


@dataclass(frozen=True, slots=True)
class TellPeople:
    """Nobody answered: have the people told."""

    occasion: Occasion
    tell: Tell
    calls: tuple[datetime, ...]


Duty: TypeAlias = Remind | CallOut | TellPeople


@dataclass(frozen=True, slots=True)
class Look:
    """What one look came to."""

    duty: Duty | None
    """What to do at once."""
    settled: tuple[Settled, ...]
    next_at: datetime
    """When to look again where nothing happens before; UTC. The past where there is a duty."""


@dataclass(slots=True)
class _Sorted:
    """Occasions by what is to be done with them."""

    ready: list[Occasion] = field(default_factory=list)
    calls: list[tuple[Occasion, Call]] = field(default_factory=list)
    tells: list[TellPeople] = field(default_factory=list)
    settled: list[Settled] = field(default_factory=list)
    later: list[datetime] = field(default_factory=list)
    calling: bool = False
    """Whether somebody was called for a check-in and did not answer yet."""


def look(agenda: Agenda, past: Sequence[KeptOccasion], now: datetime, *, met_at: datetime | None = None) -> Look:
    """Return what is due.

    Args:
        agenda: What was set.
        past: What was begun, said and settled in the last ``LOOK_BACK``, in any order.
        now: Aware.
        met_at: When the person last said something.
    """
    by_key: dict[str, list[KeptOccasion]] = {}
    for one in past:
        by_key.setdefault(one.key, []).append(one)
    found = _Sorted()
    latest: dict[str, Occasion] = {}
    for occasion in _due(agenda, now):
        if Kind(occasion.kind) is Kind.CHECK_IN:
            _sort_check_in(found, occasion, by_key.get(occasion.key, ()), agenda, now, met_at)
        elif occasion.key not in by_key:
            before = latest.get(occasion.source_id)
            if before is not None:
                found.settled.append(Settled(before, 1, Outcome.PASSED))
            latest[occasion.source_id] = occasion
    for occasion in latest.values():
        _sort_once(found, occasion, agenda, now)
    _one_check_in(found)
    duty = _duty(found, agenda, past, now)
    return Look(duty, tuple(found.settled), now.astimezone(UTC) if duty else _next(found, agenda, now))


def _due(agenda: Agenda, now: datetime) -> Iterator[Occasion]:
    """Yield what was due until now and might still matter, each source in order."""
    for one in agenda.standing:
        after = now - LOOK_BACK
        for fell in one.schedule.between(max(after, one.since or after), now, agenda.zone):
            yield Occasion(f"{one.source_id}/{fell.name}", one.kind, one.source_id, fell.at, one.words)
    for promise in agenda.promises:
        due = promise.due_at + agenda.rules.follow_up_after
        if now - LOOK_BACK < due <= now:
            yield Occasion(f"{promise.memory_id}/promise", Kind.FOLLOW_UP, promise.memory_id, due, promise.words)


def _may_sound(occasion: Occasion, agenda: Agenda, moment: datetime) -> bool:
    wanted = any(one.source_id == occasion.source_id and one.schedule.in_quiet_hours for one in agenda.standing)
    return wanted or not agenda.quiet.holds(moment, agenda.zone)


def _sort_once(found: _Sorted, occasion: Occasion, agenda: Agenda, now: datetime) -> None:
    """Sort what is said once, or is begun."""
    deadline = occasion.due_at + agenda.rules.late[Kind(occasion.kind)]
    opens = now if _may_sound(occasion, agenda, now) else agenda.quiet.over_at(now, agenda.zone)
    if opens > deadline:
        found.settled.append(Settled(occasion, 1, Outcome.PASSED))
    elif opens > now:
        found.later.append(opens)
    else:
        found.ready.append(occasion)


def _sort_check_in(
    found: _Sorted,
    occasion: Occasion,
    kept: Sequence[KeptOccasion],
    agenda: Agenda,
    now: datetime,
    met_at: datetime | None,
) -> None:
    if any(one.outcome in _OVER for one in kept):
        return
    calls = tuple(one.at for one in sorted(kept, key=lambda one: one.number))
    begun = calls[0] if calls else occasion.due_at - agenda.rules.met_before
    too_late = not calls and now > occasion.due_at + agenda.rules.late[Kind.CHECK_IN]
    if not too_late and met_at is not None and begun < met_at <= now:
        found.settled.append(Settled(occasion, len(calls) + 1, Outcome.ANSWERED if calls else Outcome.MET))
    elif not calls:
        _sort_once(found, occasion, agenda, now)
    elif now - max(calls) > _CALLED_FOR:
        found.settled.append(Settled(occasion, len(calls) + 1, Outcome.PASSED))
    else:
        found.calling = True
        step = next_step(calls, agenda.rules.call, now, lambda at: not _may_sound(occasion, agenda, at))
        if step.at > now:
            found.later.append(step.at)
        elif isinstance(step, Tell):
            found.tells.append(TellPeople(occasion, step, calls))
        else:
            found.calls.append((occasion, step))


def _one_check_in(found: _Sorted) -> None:
    """Leave one check-in: the one that somebody is being called for, else the latest that was due."""
    waiting = sorted((one for one in found.ready if one.kind == Kind.CHECK_IN), key=lambda one: one.due_at)
    for one in waiting if found.calling else waiting[:-1]:
        found.ready.remove(one)
        found.settled.append(Settled(one, 1, Outcome.PASSED))


def _duty(found: _Sorted, agenda: Agenda, past: Sequence[KeptOccasion], now: datetime) -> Duty | None:
    """Choose one thing to do; the rest waits for the next look."""
    if found.tells:
        return found.tells[0]
    if found.calls:
        occasion, call = min(found.calls, key=lambda one: one[0].due_at)
        return CallOut(occasion, call)
    if not found.ready:
        return None
    in_turn = sorted(found.ready, key=lambda one: (RANKS[Kind(one.kind)], one.due_at, one.key))
    first = in_turn[0]
    rested = _rested_at(past, agenda.rules, now)
    can_wait = first.kind != Kind.MEDICINE or _may_sound(first, agenda, rested)
    if now < rested and can_wait:
        found.later.append(rested)
        return None
    if Kind(first.kind) not in STATED:
        return CallOut(first, Call(1, now, louder=False, last=False))
    return Remind(tuple(one for one in in_turn if Kind(one.kind) in STATED)[: agenda.rules.together])


def _rested_at(past: Sequence[KeptOccasion], rules: DailyRules, now: datetime) -> datetime:
    """Return when the next thing may be begun; what seems to lie ahead was said before the clock was set back."""
    sounded = (one.at for one in past if one.outcome not in {Outcome.PASSED, Outcome.MET, Outcome.TOLD})
    return max((at + rules.apart for at in sounded if at <= now), default=now)


def _next(found: _Sorted, agenda: Agenda, now: datetime) -> datetime:
    ahead = now + _LOOK_AHEAD
    coming = [fell.at for one in agenda.standing for fell in list(one.schedule.between(now, ahead, agenda.zone))[:1]]
    coming += [due for one in agenda.promises if now < (due := one.due_at + agenda.rules.follow_up_after) <= ahead]
    return min((*found.later, *coming), default=ahead).astimezone(UTC)


def stale(past: Sequence[KeptOccasion]) -> tuple[KeptOccasion, ...]:
    """Return what a process that died has begun: for whoever has just started, and is the only one."""
    return tuple(one for one in past if one.outcome is Outcome.BEGUN)
