"""An ear and a mouth for conversations that run on a clock of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from companion.core.heard import Heard
from companion.core.turn import Reply
from companion.session.ear import ENDED, Listened, Utterance
from companion.session.spoken import Spoken

Turn = str | Heard | Listened | Exception | Callable[[], None]


class ScriptedEar:
    """Gives one scripted turn after another: words, silence, an error, or something that happens meanwhile."""

    def __init__(self, turns: Iterable[Turn]) -> None:
        self._turns = list(turns)
        self.interrupts = asyncio.Event()
        self.closed = False
        self.muted = 0
        self.patience: list[float] = []

    async def listen(self, patience: float) -> Listened:
        self.patience.append(patience)
        while self._turns:
            turn = self._turns.pop(0)
            if isinstance(turn, Exception):
                raise turn
            if isinstance(turn, str):
                turn = Heard.typed(turn)
            if isinstance(turn, Heard):
                return Utterance(heard=turn, speech_ended=0.0, turn_ended=0.0)
            if not callable(turn):
                return turn
            turn()
            await asyncio.sleep(0)
        return ENDED

    async def speech(self) -> None:
        await self.interrupts.wait()
        self.interrupts.clear()

    @property
    def busy(self) -> bool:
        return False

    def mute(self) -> None:
        self.muted += 1

    def unmute(self) -> None:
        self.muted -= 1

    async def close(self) -> None:
        self.closed = True


class ScriptedMouth:
    """Says everything at once, or half of it where it is interrupted."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.on_say: Callable[[Reply], None] = lambda reply: None
        self.kept: Callable[[Reply], bool] = lambda reply: True
        self.steps = 0
        self.limit = 2
        self._interrupted = asyncio.Event()

    async def say(self, reply: Reply) -> Spoken:
        self.said.append(reply.text)
        self._interrupted.clear()
        self.on_say(reply)
        for _ in range(5):
            await asyncio.sleep(0)
        if self._interrupted.is_set() and not reply.uninterruptible:
            return Spoken(reply.text[: len(reply.text) // 2], complete=False, first_sound=0.0)
        return Spoken(reply.text, complete=True, first_sound=0.0)

    async def at_once(self, reply: Reply) -> bool:
        return self.kept(reply)

    def interrupt(self) -> bool:
        self._interrupted.set()
        return True

    def _step(self) -> bool:
        self.steps += 1
        return self.steps <= self.limit

    louder = softer = slower = faster = _step
