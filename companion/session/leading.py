"""Lets a kept opener lead a reply whose first phrase has yet to be made, so that sound begins at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from companion.core.turn import Reply, ReplySource
from companion.dialogue.flow import Response
from companion.dialogue.openers import led
from companion.session.parts import Parts

_ID: Final = "opener"


class Leading:
    """Knows whether the last reply was led: no two in a row are.

    Args:
        parts: Of the conversation.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._was_led = False

    async def led(self, response: Response) -> Response:
        """Return ``response``, its reply led by an opener where one may lead it, would start at once, and is needed."""
        opener = "" if self._was_led else await self._opener(response)
        self._was_led = bool(opener)
        return replace(response, reply=led(response.reply, opener)) if opener else response

    async def _opener(self, response: Response) -> str:
        parts = self._parts
        fitting = () if parts.openers is None else parts.openers.fitting(response)
        if not fitting or await parts.mouth.at_once(response.reply):
            return ""
        opener = fitting[int(parts.chance() * len(fitting))]
        return opener if await parts.mouth.at_once(Reply(opener, ReplySource.FIXED, _ID, opener=opener)) else ""
