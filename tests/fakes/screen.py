"""A screen that notes what it was asked to show."""

from __future__ import annotations

from companion.core.heard import Heard
from companion.core.turn import Reply


class Notes:
    """What the screen was asked to show."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.notices: list[str] = []

    def said(self, reply: Reply) -> None:
        self.shown.append(reply.text)

    def heard(self, heard: Heard, source: str) -> None:
        self.shown.append(heard.text)

    def listening(self) -> None:
        self.shown.append("…")

    def notice(self, key: str, **fields: object) -> None:
        self.notices.append(key)
