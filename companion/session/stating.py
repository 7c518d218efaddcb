"""What falls due while somebody talks: stated between two turns, so that no reminder waits for the end of a long talk.

It is stated as it was set, on the disk before it is heard, and asks nothing; the conversation goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from companion.core.occasion import Outcome
from companion.core.turn import Reply, ReplySource
from companion.dialogue.daily.looking import Remind
from companion.dialogue.daily.rules import Kind
from companion.dialogue.daily.words import DailyWords
from companion.dialogue.opportunity import Offer
from companion.dialogue.state import Response
from companion.ports import Clock
from companion.session.daybook import Daybook
from companion.session.ear import Utterance
from companion.session.interlude import Floor, Moment

LATE: Final = timedelta(minutes=10)
"""After which it is said for when a reminder was set."""


class Stating:
    """Lives as long as a conversation of a device that says by itself what is due.

    Args:
        daybook: Of the device.
        words: How it is said.
        clock: The wall clock.
        address: 호칭.
        time_spoken: Says a time of day.
    """

    def __init__(
        self,
        daybook: Daybook,
        words: DailyWords,
        *,
        clock: Clock,
        address: str,
        time_spoken: Callable[[datetime], str],
    ) -> None:
        self._daybook = daybook
        self._words = words
        self._clock = clock
        self._address = address
        self._time_spoken = time_spoken
        self._due: Remind | None = None

    @property
    def offer(self) -> Offer:
        """A reminder."""
        return Offer.REMINDER

    def due(self, moment: Moment) -> bool:
        """Return whether a reminder is due; not before the person has said anything: the greeting has the word."""
        duty = self._daybook.look().duty if moment.turns or moment.silent else None
        self._due = duty if isinstance(duty, Remind) else None
        return self._due is not None

    def wanted(self, response: Response, utterance: Utterance) -> bool:  # noqa: ARG002 - it comes by itself
        """Return False: it comes by itself."""
        return False

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """State it, once."""
        duty, self._due = self._due, None
        if duty is None or not self._daybook.begin([(one, 1) for one in duty.occasions]):
            return utterance
        due = duty.occasions[0].due_at
        late = self._time_spoken(due) if self._clock.now() - due > LATE else ""
        stated = [(Kind(one.kind), one.words) for one in duty.occasions]
        await floor.utter(self._words.remind(stated, self._address, 0.0, late=late), utterance)
        for one in duty.occasions:
            self._daybook.finish(one, 1, Outcome.SAID)
        return None

    def trouble(self) -> Reply:
        """Return nothing to say: the daybook tells of its own troubles."""
        return Reply("", ReplySource.FIXED, "daily.stating.trouble")
