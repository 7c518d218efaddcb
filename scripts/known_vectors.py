"""The taught sentence encoder, with vectors that are known from before: a lesson is read in seconds, not minutes.

What is not known is encoded by the engine, or, where there is much of it, by ``quick_encoder``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from companion.ports import Encoder
from companion.wiring.language import sentence_encoder, taught_encoder

MANY = 5_000
"""Texts, from which it is worth while to load torch."""

Matrix = npt.NDArray[np.float32]


class KnownVectors:
    """``ports.Encoder`` that keeps what it has encoded.

    Args:
        file: Where vectors are kept between runs (.npz: ``texts``, ``vectors``); None keeps them in memory alone.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._encoder = sentence_encoder()
        self._known: dict[str, npt.NDArray[np.floating]] = {}
        if file is not None and file.exists():
            with np.load(file, allow_pickle=False) as kept:
                self._known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    def encode(self, texts: Sequence[str]) -> Matrix:
        """Return float32 [n, d], one unit vector a text."""
        missing = sorted({text for text in texts if text not in self._known})
        if missing:
            vectors = self._for(len(missing)).encode(missing).astype(np.float16)
            self._known |= dict(zip(missing, vectors, strict=True))
            self._keep()
        return np.stack([self._known[text] for text in texts]).astype(np.float32)

    def _for(self, texts: int) -> Encoder:
        """Return what encodes so many texts soonest."""
        if texts < MANY:
            return self._encoder
        from quick_encoder import QuickEncoder

        return QuickEncoder(taught_encoder())

    def _keep(self) -> None:
        if self._file is not None:
            np.savez(self._file, texts=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
