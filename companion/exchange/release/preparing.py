"""Looks at everybody once and decides how they may be shown; writes nothing. Raises where nobody may be."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from companion.core.research import Participant, ResearchSource, Screened, Span, pseudonym
from companion.errors import InputError
from companion.exchange.release.assessing import NO_SCREENING, Assessed, assessed
from companion.exchange.release.hierarchies import Hierarchies
from companion.exchange.release.policy import Policy
from companion.exchange.release.protecting import Demand, Protected, Quasi, Shown, Unreachable, protect
from companion.exchange.release.revealing import Level, Result, revealed
from companion.exchange.release.schema import Schema
from companion.exchange.release.shifting import Shift, local_day, shift_of
from companion.screening.instrument import Instrument

RARE = ("instrument", "version", "status", "mode", "validity")
"""Columns of screenings whose value is left out where it is that of fewer than k people."""


@dataclass(frozen=True, slots=True)
class Rules:
    """By what a release is made."""

    policy: Policy
    schema: Schema
    hierarchies: Hierarchies
    instruments: Mapping[str, Instrument]
    secret: bytes
    """Of this release, 32 bytes."""
    made_at: datetime
    """Aware."""


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a release."""

    person: Participant
    pseudonym: str
    shown: Shown
    """Of their quasi-identifiers."""
    sensitive: str
    """As it is written."""
    shift: Shift
    zone: tzinfo
    levels: Sequence[Level]
    """Of those of their screenings that are in the time that is shown, in their order."""


@dataclass(slots=True)
class Prepared:
    """Who is in a release, and how."""

    members: Sequence[Member]
    """In the order of their pseudonyms, which tells nothing."""
    protected: Protected
    considered: int
    """How many people agree to research."""
    unknown: Mapping[str, int]
    """Of how many people in the release a quasi-identifier is not known."""
    common: frozenset[tuple[str, str]]
    """Column and value of screenings that at least k people share."""
    kinds: frozenset[str]
    """Kinds of readings that at least k people have."""
    rare_kinds: int
    """How many kinds fewer have."""


def zone_of(person: Participant) -> tzinfo:
    """Return in which zone a person's days are meant."""
    return _zone(person.zone)


@cache
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("Asia/Seoul")


@dataclass(slots=True)
class _Looked:
    """One person, looked at."""

    person: Participant
    shift: Shift
    band: str = NO_SCREENING
    results: list[tuple[object, Assessed]] = field(default_factory=list)
    """What is shown beside each result, and the result."""
    values: set[tuple[str, str]] = field(default_factory=set)


def prepare(source: ResearchSource, rules: Rules) -> Prepared:
    """Return who is in a release and how they are shown.

    Raises:
        InputError: Too few people agree, or they cannot be shown without somebody standing out. Nothing was written.
    """
    policy = rules.policy
    people = sorted(source.participants(), key=lambda one: pseudonym(rules.secret, one.id))
    if len(people) < policy.k:
        raise InputError("release.too_few", count=len(people), k=policy.k)
    looked = _looked(source, people, rules)
    found = protect(
        _quasi(people, rules), [one.band for one in looked], Demand(policy.k, policy.l, policy.most_suppressed)
    )
    if isinstance(found, Unreachable):
        fields = {"count": found.people, "kept": found.best_kept, "k": policy.k, "l": policy.l}
        raise InputError("release.unreachable", **fields, share=f"{policy.most_suppressed:.0%}")
    kept = [looked[index] for index in sorted(found.written)]
    kinds = source.kinds([one.person for one in kept])
    counted = Counter(value for one in kept for value in one.values)
    return Prepared(
        members=_members(looked, found, rules),
        protected=found,
        considered=len(people),
        unknown=_unknown(found, rules),
        common=frozenset(value for value, count in counted.items() if count >= policy.k),
        kinds=frozenset(kind for kind, count in kinds.items() if count >= policy.k and kind in rules.schema.bounds),
        rare_kinds=sum(count < policy.k for count in kinds.values()),
    )


def _looked(source: ResearchSource, people: Sequence[Participant], rules: Rules) -> list[_Looked]:
    spans = source.spans(people)
    return [_look(one, screenings, spans.get(one.id), rules) for one, screenings in source.screenings(people)]


def _look(person: Participant, screenings: Sequence[Screened], span: Span | None, rules: Rules) -> _Looked:
    policy, zone = rules.policy, zone_of(person)
    looked = _Looked(person, shift_of(rules.secret, person.id, span, zone=zone, trim_weeks=policy.trim_weeks))
    for screened in screenings:
        day = local_day(screened.at, zone)
        if not looked.shift.shows(day):
            continue
        result = assessed(screened, rules.instruments)
        weekday = day.weekday() if policy.screening_dates == "day" else -1
        looked.results.append(((screened.instrument, weekday), result))
        values = (screened.instrument, screened.version, screened.status, screened.mode, result.validity)
        looked.values.update(zip(RARE, values, strict=True))
        if screened.instrument == policy.sensitive and result.band:
            looked.band = result.band
    return looked


def _quasi(people: Sequence[Participant], rules: Rules) -> list[Quasi]:
    year = rules.made_at.year
    return [
        Quasi(
            name,
            [
                [rules.hierarchies.value(name, level, one, year) for one in people]
                for level in range(rules.hierarchies.levels(name))
            ],
            rules.policy.coarsest[name],
        )
        for name in rules.policy.quasi
    ]


def _members(looked: Sequence[_Looked], found: Protected, rules: Rules) -> list[Member]:
    """Return everybody that is kept, with what may be shown of each of their screenings."""
    shown = {index: combination for combination, indexes in found.classes.items() for index in indexes}
    kept = sorted(shown)
    results = [
        Result((shown[index], found.written[index]), index, beside, one.total, one.band, one.items)
        for index in kept
        for beside, one in looked[index].results
    ]
    levels: dict[int, list[Level]] = defaultdict(list)
    for result, level in zip(results, revealed(results, rules.policy.k), strict=True):
        levels[result.person].append(level)
    return [
        Member(
            person=looked[index].person,
            pseudonym=pseudonym(rules.secret, looked[index].person.id),
            shown=shown[index],
            sensitive=found.written[index],
            shift=looked[index].shift,
            zone=zone_of(looked[index].person),
            levels=levels[index],
        )
        for index in kept
    ]


def _unknown(found: Protected, rules: Rules) -> Mapping[str, int]:
    unknown = rules.hierarchies.unknown
    return {
        name: sum(len(members) for shown, members in found.classes.items() if shown[place] == unknown)
        for place, name in enumerate(rules.policy.quasi)
    }
