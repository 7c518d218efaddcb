"""How well a reply fits what is told: both are brought to points of one space, in which they lie near where they fit.

A dual encoder for the selection of responses (Henderson et al. 2017), learnt from all replies that authors wrote to
tellings, among others that lie near (``scripts/train_reply_fit.py``). Each side is a small network over the sentence
vector, which hears the meaning, and a sum over the words, which hears that persimmons are no pears. The points of
replies are shipped by the digest of their text; a reply that is not among them has no fit.
"""

from __future__ import annotations

import hashlib
import io
import logging
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from companion.adapters.softmax import Matrix
from companion.core.morphology import Analyser
from companion.ports import Encoder

_log = logging.getLogger(__name__)

_SCALE: Final = np.float32(10.0)
"""Of centred vectors of unit length, as they were learnt."""
_TAGS: Final = frozenset(
    {"NNG", "NNP", "NNB", "NR", "VV", "VA", "VX", "XR", "XSV", "XSA", "MAG", "MM", "IC"}
)  # fmt: skip
MOST_WORDS: Final = 24
"""Of a sentence: the first ones."""
_FEWEST: Final = 0.3
"""The least by which a sum over words is divided."""
_LEVELS: Final = 127
_ARRAYS: Final = ("centre", "inner", "inner_bias", "outer", "through", "bias", "words", "steps")


@dataclass(frozen=True, slots=True)
class Side:
    """Brings sentences of one side, tellings or replies, to points; v words, d of the encoder, k of a point."""

    centre: Matrix
    """float32 [d]: mean of the sentence vectors."""
    inner: Matrix
    """float32 [d, h], then a rectifier."""
    inner_bias: Matrix
    """float32 [h]."""
    outer: Matrix
    """float32 [h, k]."""
    through: Matrix
    """float32 [d, k]: past the inner layer."""
    bias: Matrix
    """float32 [k]."""
    words: npt.NDArray[np.int8]
    """[v, k]."""
    steps: Matrix
    """float32 [v]: what each row of ``words`` is multiplied by."""

    def points(self, vectors: Matrix, bags: Sequence[Sequence[int]], rarity: Matrix) -> Matrix:
        """Return unit rows float32 [n, k].

        Args:
            vectors: float32 [n, d], of unit length.
            bags: Numbers of the words of each sentence.
            rarity: float32 [v]: weight of each word.
        """
        around = _unit(vectors - self.centre) * _SCALE
        raised = np.maximum(around @ self.inner + self.inner_bias, 0)
        said = np.stack([self._bag(list(bag), rarity) for bag in bags])
        return _unit((raised @ self.outer + around @ self.through + self.bias + said).astype(np.float32))

    def _bag(self, bag: list[int], rarity: Matrix) -> Matrix:
        weights: Matrix = rarity[bag]
        spread = max(float(np.sqrt(weights.sum() + 1e-3)), _FEWEST)
        total: Matrix = ((weights * self.steps[bag] / spread) @ self.words[bag]).astype(np.float32)
        return total


@dataclass(frozen=True, slots=True)
class FitModel:
    """What was learnt, and the points of m replies."""

    encoder: str
    """Over which encoder it was learnt: it knows nothing over another."""
    words: tuple[str, ...]
    rarity: Matrix
    """float32 [v]."""
    told: Side
    replies: Side
    digests: npt.NDArray[np.uint64]
    """[m], sorted."""
    rows: npt.NDArray[np.int8]
    """[m, k]: points of the replies."""
    steps: Matrix
    """float32 [m]: what each row is multiplied by to be of unit length."""

    def packed(self) -> bytes:
        """Return the bytes of a file."""
        sides = {
            f"{name}_{array}": _narrow(getattr(side, array))
            for name, side in (("told", self.told), ("replies", self.replies))
            for array in _ARRAYS
        }
        packed = io.BytesIO()
        words = np.frombuffer("\n".join((self.encoder, *self.words)).encode(), dtype=np.uint8)
        kept = {"rarity": _narrow(self.rarity), "digests": self.digests, "rows": self.rows, "row_steps": self.steps}
        np.savez(packed, said=words, **kept, **sides)  # type: ignore[arg-type]
        return packed.getvalue()

    @classmethod
    def read(cls, path: Path) -> FitModel | None:
        """Return what a file holds, or None where there is none that can be read."""
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
                told, replies = (
                    Side(**{array: _wide(kept[f"{name}_{array}"]) for array in _ARRAYS}) for name in ("told", "replies")
                )
                encoder, *words = kept["said"].tobytes().decode().split("\n")
                rows, steps = kept["rows"], kept["row_steps"].astype(np.float32)
                return cls(encoder, tuple(words), _wide(kept["rarity"]), told, replies, kept["digests"], rows, steps)
        except (OSError, EOFError, KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile):
            return None


class EncodedFit:
    """Tells how well replies fit.

    Args:
        encoder: Sentences to unit vectors.
        analyser: Sentences to morphemes.
        model: What was learnt; None where it is not there: then nothing has a fit.
        encoder_id: Which encoder it is.
    """

    def __init__(self, encoder: Encoder, analyser: Analyser, model: FitModel | None, *, encoder_id: str = "") -> None:
        self._encoder = encoder
        self._analyser = analyser
        model = model if model is not None and model.encoder == encoder_id else None
        self._model = model
        self._at = {} if model is None else {word: number for number, word in enumerate(model.words)}
        self._last: tuple[str, Matrix] | None = None
        """What is told is asked for twice: to find exemplars, and to weigh what would be said."""
        if model is None:
            _log.warning("no model of how replies fit: run scripts/train_reply_fit.py")

    def fits(self, text: str, replies: Iterable[str]) -> Mapping[str, float]:
        """Return the cosine of what is told and each reply, in [-1, 1]; those that are not known are left out.

        Raises:
            InferenceError: The encoder failed.
        """
        said = tuple(dict.fromkeys(replies))
        rows = self.rows_of(said)
        known = rows >= 0
        cosines = self.cosines(text)[rows[known]] if known.any() and text.strip() else np.zeros(0)
        names = [reply for reply, is_known in zip(said, known, strict=True) if is_known]
        return dict(zip(names, map(float, cosines), strict=False))

    def cosines(self, text: str) -> Matrix:
        """Return float32 [m]: how well each known reply fits; empty where nothing was learnt.

        Raises:
            InferenceError: The encoder failed.
        """
        model = self._model
        if model is None:
            return np.zeros(0, dtype=np.float32)
        if self._last is not None and self._last[0] == text:
            return self._last[1]
        bags = [bag_of(self._analyser, text, self._at)]
        point = model.told.points(self._encoder.encode([text]), bags, model.rarity)[0]
        found: Matrix = (model.rows @ point) * model.steps
        self._last = text, found
        return found

    def rows_of(self, replies: Sequence[str]) -> npt.NDArray[np.intp]:
        """Return the place of each reply among those that are known, below zero where it is not."""
        if self._model is None or not replies:
            return np.full(len(replies), -1)
        known = self._model.digests
        wanted = np.array([digest_of(reply) for reply in replies], dtype=np.uint64)
        at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return np.where(known[at] == wanted, at, -1)


def digest_of(reply: str) -> int:
    """Return a number for the text of a reply."""
    return int.from_bytes(hashlib.sha256(reply.encode()).digest()[:8], "big")


def pieces_of(analyser: Analyser, text: str) -> list[str]:
    """Return the words of a sentence that count, each once, with the kind of their tag."""
    return list(dict.fromkeys(f"{one.form}/{one.tag[:2]}" for one in analyser.analyse(text) if one.tag in _TAGS))


def bag_of(analyser: Analyser, text: str, at: Mapping[str, int]) -> list[int]:
    """Return the numbers of the words of a sentence that are known."""
    return [at[piece] for piece in pieces_of(analyser, text) if piece in at][:MOST_WORDS]


def as_bytes(rows: Matrix) -> tuple[npt.NDArray[np.int8], Matrix]:
    """Return rows as whole numbers [n, k], and float32 [n] by which each is multiplied."""
    steps = np.maximum(np.abs(rows).max(axis=1), 1e-9) / _LEVELS
    return np.round(rows / steps[:, None]).astype(np.int8), steps.astype(np.float32)


def _unit(rows: Matrix) -> Matrix:
    unit: Matrix = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return unit


def _narrow(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return array.astype(np.float16) if array.dtype == np.float32 else array


def _wide(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return array.astype(np.float32) if array.dtype == np.float16 else array
