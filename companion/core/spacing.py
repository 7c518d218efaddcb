"""Gives text that was written without blanks its blanks back, as morphology sees its words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from companion.core.morphology import Morpheme

_BEGINS: Final = ("NN", "NP", "NR", "VV", "VA", "VX", "MA", "MM", "IC", "XR")
"""Tags that may begin a word."""
_ENDS: Final = ("J", "E", "MA", "MM", "IC", "SF", "SP")
"""Tags after which the next word begins: 밥을 먹고 안 자."""


def spaced(morphemes: Sequence[Morpheme], text: str) -> str:
    """Return ``text`` with a blank before each word that follows a particle, an ending, an adverb or a determiner.

    Args:
        morphemes: Those of ``text``, in order.
        text: Where blanks stand already none is added.
    """
    places = [
        after.start
        for before, after in pairwise(morphemes)
        if before.tag.startswith(_ENDS) and after.tag.startswith(_BEGINS) and after.start >= before.end
    ]
    parts, last = [], 0
    for place in sorted(set(places)):
        if text[last:place].strip():
            parts.append(text[last:place].rstrip())
            last = place
    return " ".join([*parts, text[last:].lstrip()])
