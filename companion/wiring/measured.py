"""Dangerous readings of one person, over the record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from companion.core.occasion import Occasion, Outcome
from companion.safety.risk import Kind
from companion.session.measured import AskingAfterReadings, Measured
from companion.vitals.episodes import pressing
from companion.wiring.vitals import rules

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.errors import StoreError
    from companion.store.record import Record
    from companion.vitals.rules import Rules

KIND: Final = "measured"
_MOMENT: Final = timedelta(seconds=1)
_LOOK_BACK: Final = timedelta(days=1)
"""Over which an episode is followed: one that lasts longer was told of, and stands as an alert."""


class RecordMeasured:
    """Readings that are dangerous now.

    Args:
        record: Opened.
        person: Whose.
        now: Aware.
        table: The rules.
        speaks_first: Whether 말벗 speaks first about it, and not the next talk.
    """

    def __init__(
        self, record: Record, person: Person, now: Callable[[], datetime], table: Rules, *, speaks_first: bool
    ) -> None:
        self._record = record
        self._person = person
        self._now = now
        self._rules = table
        self._within = table.aloud.first_within if speaks_first else table.aloud.talk_within

    def due(self) -> Measured | None:
        """Return the dangerous reading that must be asked about now.

        Raises:
            StoreError: It cannot be read.
        """
        own = self._record.limits.standing(self._person.id)
        for kind in self._rules.lines(own, urgent=True):
            found = self._in_kind(kind, own)
            if found is not None:
                return found
        return None

    def _in_kind(self, kind: str, own: Mapping[str, float]) -> Measured | None:
        now = self._now()
        readings = self._record.readings.between(
            self._person.id, kind, now - _LOOK_BACK, now + self._rules.aloud.ahead + _MOMENT
        )
        if not readings or now - readings[-1].at > self._within:
            return None
        asked = self._asked(now)
        found = pressing(self._rules, readings, own, asked=asked, now=now, within=self._within)
        if found is None:
            return None
        at = found.at.astimezone(UTC)
        return Measured(Occasion(f"{KIND}/{at.isoformat()}", KIND, "", at), found.rule, Kind(found.danger))

    def _asked(self, now: datetime) -> Sequence[datetime]:
        """Return the moments of the readings that were asked about; a try that its process did not outlive is one."""
        kept = self._record.occasions.since(self._person.id, now - _LOOK_BACK)
        return [one.due_at for one in kept if one.kind == KIND]

    def begin(self, occasion: Occasion) -> bool:
        """Commit that it is about to be asked about; False where it was begun before.

        Raises:
            StoreError: It could not be written.
        """
        return self._record.occasions.begin(self._person.id, [(occasion, 1)])

    def finish(self, occasion: Occasion, outcome: Outcome) -> None:
        """Commit what came of it.

        Raises:
            StoreError: It could not be written.
        """
        self._record.occasions.finish(self._person.id, occasion.key, 1, outcome)


def asking_after_readings(
    record: Record,
    person: Person,
    now: Callable[[], datetime],
    on_trouble: Callable[[StoreError], None],
    *,
    speaks_first: bool = False,
) -> AskingAfterReadings:
    """Return what asks after dangerous readings of a person, in a talk or on 말벗's own account.

    Raises:
        PromptError: The table of rules is broken.
    """
    store = RecordMeasured(record, person, now, rules(), speaks_first=speaks_first)
    return AskingAfterReadings(store, on_trouble=on_trouble)
