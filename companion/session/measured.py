"""The interlude of a dangerous reading: what a device measured is asked about before anything else, once an episode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from companion.core.occasion import Occasion, Outcome
from companion.core.turn import Reply, ReplySource
from companion.dialogue.opportunity import Offer
from companion.dialogue.state import Response
from companion.errors import StoreError
from companion.safety.risk import Kind, Level, Risk
from companion.session.ear import Utterance
from companion.session.interlude import Floor, Moment


@dataclass(frozen=True, slots=True)
class Measured:
    """A dangerous reading that nobody asked about yet."""

    occasion: Occasion
    """Keyed by the moment of the reading: begun on the disk before the first sound."""
    rule: str
    """Id of the rule that found it."""
    danger: Kind


class MeasuredStore(Protocol):
    """Readings of one person, as far as they are dangerous now. Blocking."""

    def due(self) -> Measured | None:
        """Return the dangerous reading that must be asked about now.

        Raises:
            StoreError: It cannot be read.
        """
        ...

    def begin(self, occasion: Occasion) -> bool:
        """Commit that it is about to be asked about; False where it was begun before.

        Raises:
            StoreError: It could not be written.
        """
        ...

    def finish(self, occasion: Occasion, outcome: Outcome) -> None:
        """Commit what came of it.

        Raises:
            StoreError: It could not be written.
        """
        ...


class AskingAfterReadings:
    """Lives as long as a device, across its conversations.

    Args:
        store: Of the person who lives with it.
        on_trouble: Told, once in a row, that the record could not be used.
    """

    def __init__(self, store: MeasuredStore, *, on_trouble: Callable[[StoreError], None]) -> None:
        self._store = store
        self._on_trouble = on_trouble
        self._troubled = False
        self._asked: set[str] = set()
        """Keys of what was asked about where the record could not be written."""

    def is_due(self) -> bool:
        """Return whether something must be asked about now."""
        return self._due() is not None

    @property
    def offer(self) -> Offer:
        """A danger that a device measured."""
        return Offer.MEASURED

    def due(self, _moment: Moment) -> bool:
        """Return whether something must be asked about now."""
        return self.is_due()

    def wanted(self, _response: Response, _utterance: Utterance) -> bool:
        """Return False: nobody asks for it."""
        return False

    async def hold(self, floor: Floor, _utterance: Utterance | None) -> Utterance | None:
        """Ask; the answer is the protocol's."""
        measured = self._due()
        if measured is None or not self._begin(measured.occasion):
            return None
        risk = Risk(Level.CONCERN, measured.danger, f"reading.{measured.rule}")
        await floor.raise_danger(risk, None)
        try:
            self._store.finish(measured.occasion, Outcome.SAID)
        except StoreError as error:
            self._in_trouble(error)
        return None

    def trouble(self) -> Reply:
        """Return nothing to say: a record that cannot be used keeps nobody from being asked."""
        return Reply("", ReplySource.FIXED, "measured.trouble")

    def _due(self) -> Measured | None:
        try:
            measured = self._store.due()
        except StoreError as error:
            self._in_trouble(error)
            return None
        self._troubled = False
        return None if measured is None or measured.occasion.key in self._asked else measured

    def _begin(self, occasion: Occasion) -> bool:
        try:
            return self._store.begin(occasion)
        except StoreError as error:
            self._in_trouble(error)
            self._asked.add(occasion.key)
            return True

    def _in_trouble(self, error: StoreError) -> None:
        if not self._troubled:
            self._troubled = True
            self._on_trouble(error)
