"""What a listener would say or ask behind what was told: how probable each of some hundred reactions and questions is.

A small network over the sentence vector of what was told, that of it behind what 말벗 had said, and the words of both.
It learnt what authors chose behind each of some forty thousand tellings (``models/reactions/lessons_*.jsonl``,
``scripts/train_reactions.py``); numpy, a few milliseconds beside the encoder.
"""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from companion.adapters.softmax import Matrix, softmax
from companion.core.morphology import Analyser
from companion.dialogue.requests import Reacted
from companion.ports import Encoder

_log = logging.getLogger(__name__)

FILE: Final = "reactions/network.npz"
NOTHING, WANTED = "-", "?"
"""Behind the names of reactions: that none fits, and that something is asked or wanted of 말벗."""
ASKED_LETTERS: Final = 40
"""Of what 말벗 had said: its end."""
TOLD_LETTERS: Final = 200
VECTOR_SCALE: Final = np.float32(12.0)
WORDS_SCALE: Final = np.float32(6.0)
_TAGS: Final = frozenset("NVMXIJE")
_ARRAYS: Final = ("centre", "rarity", "inner", "inner_bias", "outer", "outer_bias")


@dataclass(frozen=True, slots=True)
class ReactionNetwork:
    """What was learnt: d of the encoder, w words, h inner.

    n reactions with ``NOTHING`` and ``WANTED``, q questions with ``NOTHING``.
    """

    encoder: str
    """Over which encoder it was learnt: it knows nothing over another."""
    names: tuple[str, ...]
    """Of reactions."""
    questions: tuple[str, ...]
    words: Mapping[str, int]
    """Number of each word."""
    centre: Matrix
    """float32 [2, d]: means of the sentence vectors, of what was told and of both."""
    rarity: Matrix
    """float32 [w]."""
    inner: Matrix
    """float32 [2 d + w, h], then a rectifier."""
    inner_bias: Matrix
    """float32 [h]."""
    outer: Matrix
    """float32 [h, n + q]."""
    outer_bias: Matrix
    """float32 [n + q]."""

    def row(self, vectors: Matrix, pieces: frozenset[str]) -> Matrix:
        """Return float32 [2 d + w]: what the network is shown.

        Args:
            vectors: float32 [2, d]: of what was told, and of it behind what 말벗 had said.
            pieces: As ``pieces_of`` returns them.
        """
        said = np.zeros(len(self.words), dtype=np.float32)
        known = [self.words[piece] for piece in pieces if piece in self.words]
        said[known] = self.rarity[known]
        said *= WORDS_SCALE / max(float(np.linalg.norm(said)), 1e-6)
        return np.concatenate([((vectors - self.centre) * VECTOR_SCALE).ravel(), said]).astype(np.float32)

    def shares(self, row: Matrix) -> tuple[Matrix, Matrix]:
        """Return float32 [n] of reactions and float32 [q] of questions; each sums to 1."""
        raised = np.maximum(row @ self.inner + self.inner_bias, 0)
        scores = (raised @ self.outer + self.outer_bias)[None]
        said, asked = np.split(scores, [len(self.names)], axis=1)
        return softmax(said)[0], softmax(asked)[0]

    def packed(self) -> bytes:
        """Return the bytes of a file."""
        packed = io.BytesIO()
        said = "\n".join((self.encoder, *map("\t".join, (self.names, self.questions, self.words))))
        narrow: dict[str, npt.NDArray[Any]] = {name: getattr(self, name).astype(np.float16) for name in _ARRAYS}
        np.savez(packed, said=np.frombuffer(said.encode(), dtype=np.uint8), **narrow)  # type: ignore[arg-type]
        return packed.getvalue()

    @classmethod
    def read(cls, path: Path) -> ReactionNetwork | None:
        """Return what a file holds, or None where there is none that can be read."""
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
                encoder, names, questions, words = kept["said"].tobytes().decode().split("\n")
                arrays = {name: kept[name].astype(np.float32) for name in _ARRAYS}
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
            return None
        numbers = {word: number for number, word in enumerate(words.split("\t"))}
        return cls(encoder, tuple(names.split("\t")), tuple(questions.split("\t")), numbers, **arrays)


class EncodedReactions:
    """Tells how probable each reaction is.

    Args:
        encoder: Sentences to unit vectors.
        analyser: Sentences to morphemes.
        network: What was learnt; None where it is not there: then nobody knows.
        encoder_id: Which encoder it is.
    """

    def __init__(
        self, encoder: Encoder, analyser: Analyser, network: ReactionNetwork | None, *, encoder_id: str = ""
    ) -> None:
        self._encoder = encoder
        self._analyser = analyser
        self._network = network if network is not None and network.encoder == encoder_id else None
        if self._network is None:
            _log.warning("nobody knows what is said behind a telling: run scripts/train_reactions.py")

    def reacted(self, text: str, asked: str) -> Reacted:
        """Return how probable each reaction and question is, and that something is wanted.

        None where nobody knows, or nothing was told.

        Args:
            text: What was told.
            asked: What 말벗 had said before; empty where it had said nothing.

        Raises:
            InferenceError: The encoder failed.
        """
        if self._network is None or not text.strip():
            return Reacted()
        told, both = shown_of(text, asked)
        vectors = self._encoder.encode([told, both] if asked else [told, told])
        network = self._network
        said, asks = network.shares(network.row(vectors, pieces_of(self._analyser, told, asked)))
        found = dict(zip(network.names, map(float, said), strict=True))
        questions = dict(zip(network.questions, map(float, asks), strict=True))
        for one in (found, questions):
            one.pop(NOTHING, None)
        wanted = found.pop(WANTED, 0.0)
        return Reacted(found, wanted, questions)


def shown_of(text: str, asked: str) -> tuple[str, str]:
    """Return what is read of what was told, and of it behind what 말벗 had said."""
    told = text[-TOLD_LETTERS:]
    return told, f"{asked} {told}" if asked else told


def pieces_of(analyser: Analyser, told: str, asked: str) -> frozenset[str]:
    """Return the morphemes of what was told with the kind of their tag and each pair of neighbours; marked, of both."""
    return _pieces(analyser, told) | {f"{WANTED}{one}" for one in _pieces(analyser, asked[-ASKED_LETTERS:])}


def _pieces(analyser: Analyser, text: str) -> frozenset[str]:
    said = [f"{one.form}/{one.tag[0]}" for one in analyser.analyse(text) if one.tag[0] in _TAGS]
    pairs = (f"{first}_{second}" for first, second in zip(["^", *said], [*said, "$"], strict=True))
    return frozenset((*said, *pairs) if said else ())
