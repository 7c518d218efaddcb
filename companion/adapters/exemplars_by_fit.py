"""Exemplars whose replies fit what is told, however little it is like what was told to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from companion.adapters.reply_fit import EncodedFit
from companion.adapters.softmax import Matrix
from companion.dialogue.exemplars import Exemplar, Theme

_OWN: Final = 12
"""Replies of single exemplars that are found."""
_COMMON: Final = 6
"""Themes that are found, by the mean of their replies."""


class ExemplarsByFit:
    """Built once.

    Args:
        fit: How well replies fit.
        exemplars: All of them, in their order.
        themes: What they tell in common.
    """

    def __init__(self, fit: EncodedFit, exemplars: Sequence[Exemplar], themes: Sequence[Theme]) -> None:
        self._fit = fit
        rows = fit.rows_of([one.reply for one in exemplars])
        self._own = np.flatnonzero(rows >= 0)
        self._own_rows = rows[self._own]
        members: dict[int, list[int]] = defaultdict(list)
        for number, one in enumerate(exemplars):
            if one.theme is not None:
                members[one.theme].append(number)
        common = [(members[one.number], fit.rows_of(one.replies)) for one in themes if members[one.number]]
        self._common = [(at, known[known >= 0]) for at, known in common if (known >= 0).any()]
        self._starts = np.cumsum([0, *(len(known) for _, known in self._common)])[:-1]
        self._common_rows = np.concatenate([known for _, known in self._common] or [np.zeros(0, dtype=np.intp)])
        self._lengths = np.array([len(known) for _, known in self._common])

    def found(self, text: str, likeness: Matrix) -> frozenset[int]:
        """Return the numbers of exemplars whose own reply fits best, and of the nearest of the themes that do.

        Args:
            text: What is told.
            likeness: float32 [n]: how like each exemplar is to it.

        Raises:
            InferenceError: The encoder failed.
        """
        if not len(self._own) and not self._common:
            return frozenset()
        fits = self._fit.cosines(text)
        own = self._own[_best(fits[self._own_rows], _OWN)]
        if not self._common:
            return frozenset(map(int, own))
        means = np.add.reduceat(fits[self._common_rows], self._starts) / self._lengths
        themes = (self._common[at][0] for at in _best(means, _COMMON))
        nearest = (members[int(likeness[members].argmax())] for members in themes)
        return frozenset({*map(int, own), *nearest})


def _best(values: Matrix, count: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.argsort(-values, kind="stable")[:count]
