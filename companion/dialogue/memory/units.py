"""Cuts what was told into its clauses, each as it was said, so that one of them can be said back alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from companion.core.morphology import Analyser, Morpheme
from companion.dialogue.memory.clauses import sentences

_SIGNS: Final = re.compile(r"(?<=[.!?…])\s+")
_BEFORE_A_VERB: Final = frozenset({"아", "어", "게", "러", "으러", "려고", "으려고", "지", "고", "야", "라고", "다고"})
"""Endings behind which a verb belongs to the one before it; 고 does only before another verb."""
_LEAST: Final = 5
"""Letters of a clause; less belongs to what follows."""


def pieces(text: str) -> list[str]:
    """Return the sentences as punctuation has them."""
    return [piece for piece in _SIGNS.split(text.strip()) if piece]


def units(text: str, analyser: Analyser) -> list[list[str]]:
    """Return the clauses of each sentence: endings close a sentence too, where speech has no punctuation."""
    return [
        [unit for unit in _cut(piece, sentence) if unit]
        for piece in pieces(text)
        for sentence in sentences(analyser.analyse(piece))
    ]


def _cut(piece: str, sentence: Sequence[Morpheme]) -> Iterator[str]:
    begun = sentence[0].start
    for one, following in pairwise(sentence):
        if following.start > one.end - 1 and _closes(one, following) and one.end - begun >= _LEAST:
            yield piece[begun : one.end].strip(" ,")
            begun = following.start
    yield piece[begun : sentence[-1].end].strip(" ,")


def _closes(one: Morpheme, following: Morpheme) -> bool:
    if one.tag in {"SC", "SP"}:
        return True
    if one.tag != "EC" or following.tag in {"VX", "EC", "JX", "SC", "SP"} or following.start < one.end:
        return False
    return one.form not in _BEFORE_A_VERB or (one.form == "고" and following.tag not in {"VV", "VA"})
