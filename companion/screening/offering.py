"""Which screening may be offered, unasked or asked for. Pure: time and history come in as arguments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from companion.screening.due import Past, Permission, permission
from companion.screening.instrument import Instrument
from companion.screening.record import Asker

_MAY: frozenset[Permission] = frozenset({Permission.BEGIN, Permission.RESUME, Permission.RESTART})


@dataclass(frozen=True, slots=True)
class OfferRules:
    """``prompts/screening/offering.ko.toml``, but for the words of asking."""

    offered: tuple[str, ...]
    usual: str
    signs_count_for: timedelta
    rest_hour: int
    calm_seconds: float
    barred_stages: frozenset[str]

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> OfferRules:
        """Read the table.

        Raises:
            KeyError: A part is missing.
        """
        rest = table["rest"]
        return cls(
            offered=tuple(table["offered"]),
            usual=str(table["usual"]),
            signs_count_for=timedelta(days=int(table["signs"]["count_for_days"])),
            rest_hour=int(rest["hour"]),
            calm_seconds=float(rest["calm_seconds"]),
            barred_stages=frozenset(table["dementia"]["barred"]),
        )

    def not_before(self, at: datetime) -> datetime:
        """Return when the rest of a screening that is suspended now may be offered if the protocol does not let go."""
        return (at + timedelta(days=1)).replace(hour=self.rest_hour, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be administered."""

    instrument: Instrument
    permission: Permission


def to_offer(
    rules: OfferRules,
    instruments: Mapping[str, Instrument],
    history: Sequence[Past],
    now: datetime,
    touched: Collection[str] = (),
) -> Choice | None:
    """Return what the plan may offer now: what is open, then what signs touch, then what is due in turn.

    Args:
        rules: The table.
        instruments: By id.
        history: Screenings of the person.
        now: Aware.
        touched: Items that signs in free talk touch, one for each sign.
    """
    found = [Choice(one, permission(one, history, now, Asker.PLAN)) for one in instruments.values()]
    resumable = [one for one in found if one.permission is Permission.RESUME]
    if resumable:
        return resumable[0]
    by_sign = [name for name, _ in Counter(item.partition(".")[0] for item in touched).most_common()]
    allowed = {one.instrument.id: one for one in found if one.permission in _MAY}
    return next((allowed[name] for name in (*by_sign, *rules.offered) if name in allowed), None)


def to_ask(
    rules: OfferRules, instruments: Mapping[str, Instrument], history: Sequence[Past], now: datetime, wanted: str
) -> Choice:
    """Return what a person who asks for a check is given, and whether it may be begun.

    Args:
        rules: The table.
        instruments: By id.
        history: Screenings of the person.
        now: Aware.
        wanted: Id of the instrument that was named; empty where none was: then what is open, or the usual one.
    """
    if not wanted:
        found = (Choice(one, permission(one, history, now, Asker.PERSON)) for one in instruments.values())
        is_open = next((one for one in found if one.permission in {Permission.RESUME, Permission.SUSPENDED}), None)
        if is_open is not None:
            return is_open
    instrument = instruments[wanted or rules.usual]
    return Choice(instrument, permission(instrument, history, now, Asker.PERSON))
