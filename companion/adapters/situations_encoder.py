"""Which situations of the reply bank an utterance is near to: a small head over the sentence encoder.

A softmax regression on centred sentence vectors, one class a situation, taught with the utterances ("says") of the bank
alone. A head is kept under the digest of what it was taught: the one for the shipped bank is shipped
(``models/situations/``, made by ``scripts/train_situations.py``), and a changed bank is another digest, for which the
first use trains a head (about 20 s) and keeps it on the device. So a stale head is never used.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from companion.adapters.softmax import Matrix, Schedule, fit, softmax
from companion.dialogue.requests import Near
from companion.ports import Encoder

_SCHEDULE: Final = Schedule(steps=200, rate=20.0, decay=5e-4)
"""Steps, rate and decay by examples that neither head nor encoder had heard: of the settings that did equally well, the
one that is right as often as it is sure."""
_SCALE: Final = np.float32(12.0)
"""Vectors of e5 lie close together: centred and scaled, they separate."""
_SHOWN: Final = 8
_FORMAT: Final = "situations-1"


@dataclass(frozen=True, slots=True)
class Head:
    """A trained head."""

    weights: Matrix
    """float32 [d, n]: d of the encoder, n situations."""
    bias: Matrix
    """float32 [n]."""
    centre: Matrix
    """float32 [d]: mean of the examples."""

    def probabilities(self, vectors: Matrix) -> Matrix:
        """Return float32 [m, n], rows summing to 1, for unit vectors float32 [m, d]."""
        return softmax(((vectors - self.centre) * _SCALE) @ self.weights + self.bias)


class EncodedSituations:
    """Finds near situations. Trains, or loads what was trained, when it is made.

    Args:
        encoder: Sentences to unit vectors.
        situations: Id and example utterances of each situation.
        folders: Where trained heads are kept: each is looked through, and a new head is written to the first
            that can be written. None at all keeps nothing.
        encoder_id: Which encoder it is: a head over one is none over another.
    """

    def __init__(
        self,
        encoder: Encoder,
        situations: Sequence[tuple[str, Sequence[str]]],
        folders: Sequence[Path] = (),
        *,
        encoder_id: str = "",
    ) -> None:
        self._encoder = encoder
        self._names, taught = _lesson(situations)
        paths = [folder / head_name(situations, encoder_id) for folder in folders]
        head = next((found for found in map(_read, paths) if found is not None), None)
        if head is None:
            head = train(encoder, taught, len(self._names))
            any(_write(path, head) for path in paths)
        self._head = head

    def nearest(self, text: str) -> tuple[Near, ...]:
        """Return the nearest situations, best first; none for blank text.

        Raises:
            InferenceError: The encoder failed.
        """
        if not text.strip() or not self._names:
            return ()
        row = self._head.probabilities(self._encoder.encode([text]))[0]
        best = np.argsort(row)[::-1][:_SHOWN]
        return tuple(Near(self._names[index], float(row[index])) for index in best)


def train(encoder: Encoder, taught: Sequence[tuple[int, str]], classes: int) -> Head:
    """Return a head taught with (class, text) pairs. Deterministic: starts at zero, sees all examples in every step.

    Raises:
        InferenceError: The encoder failed.
    """
    vectors = encoder.encode([text for _, text in taught])
    width = vectors.shape[1]
    centre = vectors.mean(axis=0) if len(taught) else np.zeros(width, dtype=np.float32)
    inputs = (vectors - centre) * _SCALE
    labels = np.array([label for label, _ in taught], dtype=np.intp)
    weights, bias = fit(inputs, labels, classes, _SCHEDULE)
    return Head(weights, bias, centre.astype(np.float32))


def _lesson(situations: Sequence[tuple[str, Sequence[str]]]) -> tuple[list[str], list[tuple[int, str]]]:
    """Return the names of the classes and the (class, text) pairs to learn."""
    taught = [(name, tuple(says)) for name, says in situations if says]
    return [name for name, _ in taught], [(number, text) for number, (_, says) in enumerate(taught) for text in says]


def head_name(situations: Sequence[tuple[str, Sequence[str]]], encoder_id: str = "") -> str:
    """Return the file name of the head for these situations: a digest of all that decides what it learns."""
    names, taught = _lesson(situations)
    settings = f"{_FORMAT} {encoder_id} {_SCHEDULE} {float(_SCALE)}"
    said = "\x1f".join([settings, *names, *(f"{number}\x1e{text}" for number, text in taught)])
    return f"{hashlib.sha256(said.encode()).hexdigest()[:32]}.npz"


def _read(path: Path) -> Head | None:
    """Return the kept head, or None where there is none that can be read."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            return Head(*(kept[name].astype(np.float32) for name in ("weights", "bias", "centre")))
    except (OSError, EOFError, KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile):
        return None


def _write(path: Path, head: Head) -> bool:
    """Keep the head; return whether that could be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.savez(
                file, weights=head.weights.astype(np.float16), bias=head.bias.astype(np.float16), centre=head.centre
            )
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        return False
    return True
