"""What texts mean to the third voice of the assessment: a small network over sentence vectors.

Taught by ``scripts/train_danger.py`` together with the second voice; its arrays are shipped
(``models/danger/encoder_head.npz``, float16). An encoder that fails is a voice that is not there: the rules and the
second voice still are, and whoever runs 말벗 is told once.
"""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass, fields
from threading import Event
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.errors import InferenceError, PromptError
from companion.ports import Encoder

_log = logging.getLogger(__name__)
_Matrix = npt.NDArray[np.float32]

FILE: Final = "danger/encoder_head.npz"
SCALE: Final = np.float32(12.0)
"""Vectors of e5 lie close together: centred and scaled, they separate."""
SECONDS: Final = 5.0
"""An answer that comes later is none: the person waits for a reply. The usual one takes a tenth of a second; a device
that is busy is waited for, since what is not heard here may be heard nowhere."""
_AT_ONCE: Final = 4
"""Texts encoded without a look at the clock: a tenth of a second, a few where each is as long as the encoder reads."""
LOADING_SECONDS: Final = 10.0
"""The first one loads the encoder."""


@dataclass(frozen=True, slots=True)
class Head:
    """The trained network."""

    centre: _Matrix
    """float32 [d]: mean of the lessons."""
    weights: _Matrix
    """float32 [d, h]."""
    bias: _Matrix
    """float32 [h]."""
    out: _Matrix
    """float32 [h, classes], in the order of ``second_voice.Class``."""
    out_bias: _Matrix
    """float32 [classes]."""

    def probabilities(self, vectors: _Matrix) -> _Matrix:
        """Return float32 [m, classes], rows summing to 1, for unit vectors float32 [m, d]."""
        hidden = np.maximum(((vectors - self.centre) * SCALE) @ self.weights + self.bias, 0)
        scores = hidden @ self.out + self.out_bias
        raised = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: _Matrix = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
        return shares

    def arrays(self) -> Mapping[str, _Matrix]:
        """Return the arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def read_head(packed: bytes) -> Head:
    """Read the shipped arrays.

    Raises:
        PromptError: They are damaged.
    """
    try:
        with np.load(io.BytesIO(packed), allow_pickle=False) as kept:
            return Head(*(kept[field.name].astype(np.float32) for field in fields(Head)))
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise PromptError("lexicon.broken", file=FILE, detail=type(error).__name__) from error


class DangerEncoder:
    """``safety.voices.Overhearing`` over an encoder, on a thread of its own.

    Args:
        encoder: Sentences to unit vectors.
        head: What was learnt of them.
        seconds: How long an answer is waited for.
    """

    def __init__(self, encoder: Encoder, head: Head, *, seconds: float = SECONDS) -> None:
        self._encoder = encoder
        self._head = head
        self._seconds = seconds
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="danger-encoder")
        self._working: Future[_Matrix] | None = None
        self._waits = max(seconds, LOADING_SECONDS)
        self._failed = False

    def shares(self, texts: Sequence[str]) -> Sequence[Sequence[float]] | None:
        """See ``Overhearing.shares``: None where the encoder failed, is late, or is still busy with what was late."""
        if not texts or (self._working is not None and not self._working.done()):
            return None
        late = Event()
        self._working = self._thread.submit(self._vectors, tuple(texts), late)
        try:
            rows = self._head.probabilities(self._working.result(self._waits))
        except (InferenceError, TooLate) as error:
            if not self._failed:
                _log.warning("danger is heard without the sentence encoder: %s", type(error).__name__)
            self._failed = True
            late.set()
            return None
        finally:
            self._waits = self._seconds
        self._failed = False
        return [[float(share) for share in row] for row in rows]

    def _vectors(self, texts: Sequence[str], late: Event) -> _Matrix:
        """Encode a few texts at a time, and no more once nobody waits: the next turn wants the encoder."""
        rows: list[_Matrix] = []
        for at in range(0, len(texts), _AT_ONCE):
            rows.append(self._encoder.encode(texts[at : at + _AT_ONCE]))
            if late.is_set():
                break
        return np.concatenate(rows)
