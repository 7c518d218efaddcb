"""What a conversation listens with: the ear, until somebody stops it, and what was heard at the wrong moment."""

from __future__ import annotations

import asyncio

from companion.errors import DeviceError, InferenceError
from companion.session.ear import ENDED, SILENCE, Ear, Listened, Utterance
from companion.session.outward import Screen


class Attention:
    """Gives what is heard, one after another. One listener at a time.

    Args:
        ear: What hears.
        screen: Shows whose turn it is.
    """

    def __init__(self, ear: Ear, screen: Screen) -> None:
        self._ear = ear
        self._screen = screen
        self._stopping = asyncio.Event()
        self._waiting: Listened | DeviceError | None = None
        """What was heard, or went wrong, while something else was going on."""

    def stop(self) -> None:
        """From now on nothing is listened to."""
        self._stopping.set()

    @property
    def is_kept_waiting(self) -> bool:
        """Whether something was said that nobody answered."""
        return isinstance(self._waiting, Utterance)

    def put_back(self, listened: Listened | DeviceError) -> None:
        """Let it be what is heard next."""
        self._waiting = listened

    async def listen(self, patience: float) -> Listened | None:
        """Return what is heard, or None as soon as the conversation is to stop.

        Raises:
            DeviceError: The microphone went away.
            InferenceError: The recogniser failed.
        """
        listening = asyncio.ensure_future(self._listen(patience))
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return None if self._stopping.is_set() else listening.result()
        finally:
            for task in (listening, stopping):
                task.cancel()
            await asyncio.gather(listening, stopping, return_exceptions=True)

    async def listen_inside(self, patience: float) -> Listened:
        """Return what is heard inside an interlude. Trouble with the microphone is its end, and waits for the loop."""
        try:
            listened = await self.listen(patience)
        except DeviceError as error:
            self.put_back(error)
            return ENDED
        except InferenceError as error:
            self._screen.notice(error.key, **error.fields)
            return SILENCE
        if listened is ENDED:
            self.put_back(ENDED)
        return ENDED if listened is None else listened

    async def _listen(self, patience: float) -> Listened:
        waiting, self._waiting = self._waiting, None
        if isinstance(waiting, DeviceError):
            raise waiting
        if waiting is not None:
            return waiting
        self._screen.listening()
        return await self._ear.listen(patience)
