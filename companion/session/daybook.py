"""What is due and what was done, over the record: each thing is on the disk before it is said.

Where the record cannot be written, what was said is remembered until the process ends: a reminder that was set is said
all the same, and not twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from companion.core.occasion import KeptOccasion, Occasion, Outcome
from companion.core.record import NewAlert
from companion.dialogue.daily.looking import LOOK_BACK, Agenda, Look, look
from companion.errors import StoreError
from companion.ports import Clock

_TRY_AGAIN: Final = timedelta(seconds=30)
"""After which the record is read again where it could not be."""


class OccasionStore(Protocol):
    """The record of one person, as far as it is about speaking first. What is written is on the disk on return."""

    def agenda(self) -> Agenda:
        """Return what was set, as it stands now.

        Raises:
            StoreError: It cannot be read.
        """
        ...

    def since(self, moment: datetime) -> Sequence[KeptOccasion]:
        """Return what was due or done since a moment.

        Raises:
            StoreError: It cannot be read.
        """
        ...

    def begin(self, calls: Iterable[tuple[Occasion, int]]) -> bool:
        """Commit that these are about to be said; False where one of them was begun before.

        Raises:
            StoreError: It cannot be written.
        """
        ...

    def finish(self, key: str, number: int, outcome: Outcome) -> None:
        """Commit what came of it.

        Raises:
            StoreError: It cannot be written.
        """
        ...

    def settle(self, settled: Iterable[tuple[Occasion, int, Outcome]]) -> None:
        """Commit that these are over without being said.

        Raises:
            StoreError: It cannot be written.
        """
        ...

    def interrupt_begun(self) -> int:
        """Commit that whatever is begun was interrupted.

        Raises:
            StoreError: It cannot be written.
        """
        ...

    def tell(self, occasion: Occasion, number: int, alert: NewAlert) -> bool:
        """Commit that nobody answered, with the alert that says so; False where it was done before.

        Raises:
            StoreError: It cannot be written.
        """
        ...

    def met_at(self) -> datetime | None:
        """Return when the person last talked, as far as it was kept.

        Raises:
            StoreError: It cannot be read.
        """
        ...

    def asked_after(self, memory_id: str) -> None:
        """Commit that what the person promised is being asked after.

        Raises:
            StoreError: It cannot be written.
        """
        ...


class Daybook:
    """Over one person's record.

    Args:
        store: The record.
        clock: The wall clock.
        on_trouble: Told, once in a row, that the record could not be used.
    """

    def __init__(self, store: OccasionStore, *, clock: Clock, on_trouble: Callable[[StoreError], None]) -> None:
        self._store = store
        self._clock = clock
        self._on_trouble = on_trouble
        self._troubled = False
        self._agenda: Agenda | None = None
        self._kept: Sequence[KeptOccasion] = ()
        self._unwritten: dict[tuple[str, int], KeptOccasion] = {}
        self._met_at: datetime | None = None

    def start(self) -> None:
        """What an earlier process was saying when it died is over."""
        self._guarded(self._store.interrupt_begun)

    def look(self) -> Look:
        """Settle what is over, and return what is due."""
        now = self._clock.now()
        self._read(now)
        if self._agenda is None:
            return Look(None, (), now + _TRY_AGAIN)
        past = [one for one in self._kept if (one.key, one.number) not in self._unwritten]
        found = look(self._agenda, [*past, *self._unwritten.values()], now, met_at=self._met_at)
        if found.settled:
            settled = [(one.occasion, one.number, one.outcome) for one in found.settled]
            self._guarded(lambda: self._store.settle(settled))
        return found

    def agenda(self) -> Agenda | None:
        """Return what was set, as it was when it was last read."""
        return self._agenda

    def begin(self, calls: Sequence[tuple[Occasion, int]]) -> bool:
        """Write down that these are about to be said; return whether they are to be."""
        if any((one.key, number) in self._unwritten for one, number in calls):
            return False
        try:
            return self._store.begin(calls)
        except StoreError as error:
            self._in_trouble(error)
            now = self._clock.now()
            for one, number in calls:
                kept = KeptOccasion(one.key, number, one.kind, one.source_id, one.due_at, now, Outcome.BEGUN)
                self._unwritten[one.key, number] = kept
            return True

    def finish(self, occasion: Occasion, number: int, outcome: Outcome) -> None:
        """Write down what came of it."""
        kept = self._unwritten.get((occasion.key, number))
        if kept is not None:
            self._unwritten[occasion.key, number] = replace(kept, outcome=outcome)
        else:
            self._guarded(lambda: self._store.finish(occasion.key, number, outcome))

    def tell(self, occasion: Occasion, number: int, alert: NewAlert) -> bool:
        """Write down that nobody answered, and that people are to be told; False where it could not or need not be."""
        try:
            return self._store.tell(occasion, number, alert)
        except StoreError as error:
            # Not remembered here: an alert that is not in the record reaches nobody, so it is tried again.
            self._in_trouble(error)
            return False

    def asked_after(self, memory_id: str) -> None:
        """Write down that a promise is being asked after."""
        self._guarded(lambda: self._store.asked_after(memory_id))

    def met(self) -> None:
        """The person said something just now."""
        self._met_at = self._clock.now()

    def _read(self, now: datetime) -> None:
        try:
            self._agenda = self._store.agenda()
            self._kept = self._store.since(now - LOOK_BACK)
            kept_at = self._store.met_at()
        except StoreError as error:
            self._in_trouble(error)
            return
        self._troubled = False
        known = [at for at in (kept_at, self._met_at) if at is not None]
        self._met_at = max(known, default=None)

    def _guarded(self, write: Callable[[], object]) -> None:
        try:
            write()
        except StoreError as error:
            self._in_trouble(error)

    def _in_trouble(self, error: StoreError) -> None:
        if not self._troubled:
            self._troubled = True
            self._on_trouble(error)
