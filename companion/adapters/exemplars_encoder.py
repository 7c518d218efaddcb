"""Which exemplars an utterance is like: cosines to their sentence vectors, which are shipped.

Vectors are brought down to the directions in which exemplars differ and kept as bytes, a step a row, under the digest
of texts and encoder (``models/exemplars``, made by ``scripts/keep_exemplars.py``): a hundred bytes an exemplar. To
encode them on the device would take a quarter of an hour, so vectors of other exemplars or of another encoder find
nothing at all.
"""

from __future__ import annotations

import hashlib
import io
import logging
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.adapters.exemplars_by_fit import ExemplarsByFit
from companion.adapters.softmax import Matrix
from companion.dialogue.requests import Alike
from companion.ports import Encoder

_log = logging.getLogger(__name__)

_DIRECTIONS: Final = 96
"""Of 384: of 150 tellings of strangers the nearest of 24,000 exemplars was the same as with all for four in five, and
what was found instead was less like by 0.05 at most."""
_LEVELS: Final = 127
_SHOWN: Final = 24
_FORMAT: Final = "exemplars-1"


@dataclass(frozen=True, slots=True)
class KeptVectors:
    """What is shipped of n exemplars."""

    centre: Matrix
    """float32 [d]: mean of their vectors."""
    directions: Matrix
    """float32 [d, k]: orthonormal columns."""
    rows: npt.NDArray[np.int8]
    """[n, k]."""
    steps: Matrix
    """float32 [n]: what each row is multiplied by to be of unit length."""

    @classmethod
    def of(cls, vectors: Matrix) -> KeptVectors:
        """Return what is kept of unit vectors float32 [n, d]."""
        centre = vectors.mean(axis=0)
        around = vectors - centre
        _, found = np.linalg.eigh(around.T @ around)
        directions = found[:, ::-1][:, :_DIRECTIONS].astype(np.float16).astype(np.float32)
        rows = _unit((around @ directions).astype(np.float32))
        steps = np.abs(rows).max(axis=1) / _LEVELS
        return cls(centre, directions, np.round(rows / steps[:, None]).astype(np.int8), steps.astype(np.float32))

    def cosines(self, vector: Matrix) -> Matrix:
        """Return float32 [n] for a unit vector float32 [d]."""
        found: Matrix = (self.rows @ _unit(((vector - self.centre) @ self.directions)[None, :])[0]) * self.steps
        return found

    def packed(self) -> bytes:
        """Return the bytes of a file."""
        packed = io.BytesIO()
        np.savez(
            packed,
            centre=self.centre.astype(np.float32),
            directions=self.directions.astype(np.float16),
            rows=self.rows,
            steps=self.steps,
        )
        return packed.getvalue()

    @classmethod
    def read(cls, path: Path) -> KeptVectors | None:
        """Return what a file holds, or None where there is none that can be read."""
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
                centre, directions = kept["centre"].astype(np.float32), kept["directions"].astype(np.float32)
                return cls(centre, directions, kept["rows"].astype(np.int8), kept["steps"].astype(np.float32))
        except (OSError, EOFError, KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile):
            return None


class EncodedExemplars:
    """Finds exemplars that are like an utterance.

    Args:
        encoder: Sentences to unit vectors.
        texts: What was told in each exemplar.
        folders: Where vectors are kept.
        encoder_id: Which encoder it is: vectors of one are none of another.
        by_fit: What finds exemplars by their replies besides; None finds them by likeness alone.
    """

    def __init__(
        self,
        encoder: Encoder,
        texts: Sequence[str],
        folders: Sequence[Path] = (),
        *,
        encoder_id: str = "",
        by_fit: ExemplarsByFit | None = None,
    ) -> None:
        self._encoder = encoder
        self._by_fit = by_fit
        paths = [folder / vectors_name(texts, encoder_id) for folder in folders]
        kept = next((found for found in map(KeptVectors.read, paths) if found is not None), None)
        if texts and (kept is None or len(kept.rows) != len(texts)):
            _log.warning("no vectors of these exemplars: run scripts/keep_exemplars.py")
            kept = None
        self._kept = kept

    def alike(self, text: str) -> tuple[Alike, ...]:
        """Return the nearest exemplars and those whose replies fit best, the nearest first.

        None for blank text, or where no vectors are kept.

        Raises:
            InferenceError: The encoder failed.
        """
        if self._kept is None or not text.strip():
            return ()
        cosines = self._kept.cosines(self._encoder.encode([text])[0])
        nearest = map(int, np.argpartition(-cosines, min(_SHOWN, len(cosines) - 1))[:_SHOWN])
        best = {*nearest, *(self._by_fit.found(text, cosines) if self._by_fit is not None else ())}
        return tuple(Alike(index, float(cosines[index])) for index in sorted(best, key=lambda at: (-cosines[at], at)))


def vectors_name(texts: Sequence[str], encoder_id: str = "") -> str:
    """Return the file name of the vectors of these texts: a digest of all that decides them."""
    said = "\x1f".join([f"{_FORMAT} {encoder_id} {_DIRECTIONS}", *texts])
    return f"{hashlib.sha256(said.encode()).hexdigest()[:32]}.npz"


def _unit(rows: npt.NDArray[np.floating]) -> Matrix:
    unit: Matrix = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return unit
