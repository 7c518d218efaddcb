"""A finder of situations that takes everything for one wish."""

from __future__ import annotations

from collections.abc import Sequence

from companion.core.turn import Act, Feeling
from companion.dialogue.requests import Alike, Fits, Labels, Near, Reacted, Restated


class Hinting:
    """Takes everything for a wish to be told something."""

    def nearest(self, text: str) -> tuple[Near, ...]:
        return ()

    def alike(self, text: str) -> tuple[Alike, ...]:
        return ()

    def fits(self, text: str, replies: Sequence[str]) -> Fits:
        return Fits()

    def labels(self, text: str) -> Labels:
        return Labels({Act.REQUEST: 0.9}, {"other": 0.9}, {Feeling.NEUTRAL: 0.9}, {"ask_remind": 0.95}, {})

    def restated(self, text: str, asked: str) -> tuple[Restated, ...]:
        return ()

    def reacted(self, text: str, asked: str) -> Reacted:
        return Reacted()
