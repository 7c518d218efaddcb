"""Delivers alerts: plans on the disk, marks each try as begun, sends, writes down what became of it.

``Alerting.round`` is blocking and is run on a thread of its own; ``AlertWatch`` runs it beside a conversation, at once
when an alert was committed and again when something falls due, and never makes the conversation wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from companion.core.masking.chain import Outward, withheld
from companion.errors import StoreError
from companion.ports import AlertStore, Clock, Notice, Notifier, OpenAlert
from companion.safety.alerts import Delivery, DeliveryOutcome
from companion.safety.delivering import PlannedTry, is_abandoned, planned
from companion.safety.delivery_rules import DeliveryRules
from companion.safety.notices import AlertWords, Subject
from companion.safety.risk import Level

_LONGEST_REST: Final = 30.0
"""Seconds between two looks at the record: another process may have written."""
_SHORTEST_REST: Final = 0.2


@dataclass(frozen=True, slots=True)
class Round:
    """What one look at the record came to."""

    sent: int = 0
    failed: int = 0
    """Tries that did not reach their contact, and may be followed by others."""
    waiting: int = 0
    """Tries that are planned for later."""
    unreachable: int = 0
    """Open alerts of which nobody can be told: they stand in the record alone."""
    next_at: datetime | None = None
    """When the next try is due."""


class Alerting:
    """Over ports.

    Args:
        store: The record of alerts.
        notifier: Sends.
        rules: When.
        words: What.
        outward: Given the id of a person and their words, how these may leave. By default not at all.
        clock: Wall clock in the zone of the device, by which quiet hours are meant.
    """

    def __init__(
        self,
        store: AlertStore,
        notifier: Notifier,
        *,
        rules: DeliveryRules,
        words: AlertWords,
        clock: Clock,
        outward: Callable[[str, str], Outward] = withheld,
    ) -> None:
        self._store = store
        self._notifier = notifier
        self._rules = rules
        self._words = words
        self._outward = outward
        self._clock = clock

    def round(self) -> Round:
        """Make every try that is due, until none is; return what it came to.

        Raises:
            StoreError: The record cannot be read or written: nothing is sent that is not written down before.
        """
        sent = failed = 0
        while True:
            open_alerts = self._store.open()
            coming = [one for alert in open_alerts for one in self._planned(alert)]
            self._store.plan(coming)
            due = [one for one in coming if one.due_at <= self._clock.now()]
            outcomes = [self._try(one) for one in due]
            sent += outcomes.count(DeliveryOutcome.SENT)
            failed += len(outcomes) - outcomes.count(DeliveryOutcome.SENT) - outcomes.count(None)
            if not any(outcomes):
                later = [one.due_at for one in coming if one not in due]
                unreachable = sum(not alert.contacts for alert in open_alerts)
                return Round(sent, failed, len(later), unreachable, min(later, default=None))

    def _planned(self, one: OpenAlert) -> tuple[PlannedTry, ...]:
        now, tries = self._clock.now(), list[Delivery]()
        for made in one.deliveries:
            abandoned = is_abandoned(made, self._rules, now)
            if abandoned:
                self._store.finish(made.key, DeliveryOutcome.INTERRUPTED, "alerts.interrupted")
            tries.append(replace(made, outcome=DeliveryOutcome.INTERRUPTED) if abandoned else made)
        return planned(one.alert, one.contacts, tries, self._rules, now)

    def _try(self, one: PlannedTry) -> DeliveryOutcome | None:
        """Make one try; None where it must not be made any more, or another process makes it."""
        begun = self._store.begin(one.key)
        if begun is None:
            return None
        said = self._outward(begun.alert.person_id, begun.words) if begun.words else Outward("")
        subject = Subject(begun.person, said.text, withheld=said.withheld, repeats=one.repeats)
        title, body = self._words.alert(begun.alert, subject, self._clock.now())
        urgent = begun.alert.order.level is Level.URGENT
        sent = self._notifier.send(begun.address, Notice(title, body, urgent=urgent))
        self._store.finish(one.key, sent.outcome, sent.error_key)
        return sent.outcome


class AlertWatch:
    """Runs rounds beside a conversation.

    Args:
        alerting: Used on one thread of this watch.
        clock: The session's.
        on_trouble: Told, once in a row, that the record could not be used.
        farewell: Seconds that the end of a conversation waits for what is due.
    """

    def __init__(
        self, alerting: Alerting, *, clock: Clock, on_trouble: Callable[[StoreError], None], farewell: float = 20.0
    ) -> None:
        self._alerting = alerting
        self._clock = clock
        self._on_trouble = on_trouble
        self._farewell = farewell
        self._wake = asyncio.Event()
        self._ending = False
        self._troubled = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="alerting")
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; what earlier processes left is looked at first."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def alarm(self) -> None:
        """Look at the record at once."""
        self._wake.set()

    async def close(self) -> None:
        """Make what is due, for a while, and end. What is left stays planned on the disk."""
        self._ending = True
        self._wake.set()
        if self._task is not None:
            done, _ = await asyncio.wait({self._task}, timeout=self._farewell)
            if not done:
                self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self) -> None:
        while True:
            last = self._ending
            self._wake.clear()
            rest = await self._round()
            if last:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._wake.wait()

    async def _round(self) -> float:
        """Run a round and return seconds until the next."""
        try:
            came = await asyncio.get_running_loop().run_in_executor(self._thread, self._alerting.round)
        except StoreError as error:
            if not self._troubled:
                self._troubled = True
                self._on_trouble(error)
            return _LONGEST_REST
        self._troubled = False
        if came.next_at is None:
            return _LONGEST_REST
        until = (came.next_at - self._clock.now()).total_seconds()
        return min(max(until, _SHORTEST_REST), _LONGEST_REST)
