"""Where one simulated session is held: hears for 말벗, sees what it says, and writes down both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from companion.core.heard import Heard
from companion.core.record import NewTurn
from companion.core.turn import Reply
from companion.evaluation.lives.lines import Line, Why
from companion.evaluation.lives.person import SimulatedPerson
from companion.evaluation.lives.transcript import Exchange
from companion.safety.risk import Level
from companion.safety.steps import Action
from companion.session.ear import ENDED, SILENCE, Listened, Utterance
from companion.wiring.rehearsal.clock import SimulatedClock
from companion.wiring.rehearsal.stage import Stage

if TYPE_CHECKING:
    from companion.ports import Store

_SECONDS_A_TURN: Final = 20.0
"""That go by while 말벗 speaks and the person answers."""
_MOST_TURNS: Final = 80
"""After which the person gives up: no session may go on like this."""


class LifeStage(Stage):
    """The stage on which a simulated person talks.

    Args:
        somebody: Who talks.
        clock: Moves on while they do.
        store: What is committed is committed there.
        names: Of the contacts, by id.
    """

    def __init__(
        self, somebody: SimulatedPerson, clock: SimulatedClock, store: Store, names: Mapping[str, str]
    ) -> None:
        super().__init__(store)
        self._somebody = somebody
        self._clock = clock
        self._names = names
        self._last = ""
        self._line: Line | None = None
        self._is_open = False
        self.exchanges: list[Exchange] = []
        self.farewells = 0
        self.had_left = False

    async def listen(self, patience: float) -> Listened:
        """Return what the person says to the last words of 말벗."""
        line = self._somebody.says(self._last) if len(self.exchanges) < _MOST_TURNS else None
        if line is None:
            self.had_left = True
            return ENDED
        self._line = line
        self.farewells += line.why is Why.FAREWELL
        if not line.text:
            self._clock.advance(patience)
            return SILENCE
        self._clock.advance(_SECONDS_A_TURN)
        at = self._clock.monotonic()
        return Utterance(Heard.typed(line.text), speech_ended=at, turn_ended=at)

    def said(self, reply: Reply) -> None:
        """Hear what 말벗 says."""
        self._last = reply.text

    def add_turn(self, session_id: str, number: int, new: NewTurn) -> str:
        """Write a turn down, and commit it."""
        told = tuple(self._names[one] for alert in new.alerts for one in alert.contacts if one in self._names)
        at = self._clock.true
        self.exchanges.append(Exchange(len(self.exchanges) + 1, at, self._line, new, told, is_open=self._is_open))
        self._line = None
        self._follow(new)
        return super().add_turn(session_id, number, new)

    def _follow(self, new: NewTurn) -> None:
        """Note whether a danger is open behind a turn."""
        actions = {step.action for step in new.steps}
        if Action.ALLOW in actions:
            self._is_open = False
        elif actions and Level(new.risk_level or Level.NONE).rank >= Level.CONCERN.rank:
            self._is_open = True
