"""Voice activity by Silero (MIT), from the ONNX file that faster-whisper carries. No torch.

The network sees one frame of 512 samples with the last 64 samples of the frame before it, and keeps the state of its
recurrent cells between frames. Both are kept here, so that a stream of frames gives the same figures as the whole
recording at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from companion.core.audio import FRAME_SAMPLES, Samples
from companion.errors import InferenceError

_CONTEXT_SAMPLES: Final = 64
_STATE_SHAPE: Final = (1, 1, 128)
_FILE: Final = "silero_vad_v6.onnx"


class SileroActivity:
    """Probability of speech, frame by frame. One instance hears one stream."""

    def __init__(self) -> None:
        """Load the network: about 2 MB, some 50 ms.

        Raises:
            InferenceError: The file is not where faster-whisper keeps it, or cannot be loaded.
        """
        import onnxruntime
        from faster_whisper.utils import get_assets_path

        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        path = Path(get_assets_path()) / _FILE
        try:
            self._network = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            # onnxruntime's own exceptions share no public base class.
            raise InferenceError("hearing.activity_unusable", file=_FILE) from error
        self._hidden = self._cell = np.zeros(_STATE_SHAPE, dtype=np.float32)
        self._context: Samples = np.zeros(_CONTEXT_SAMPLES, dtype=np.float32)

    def probability(self, samples: Samples) -> float:
        """Return the probability in [0, 1] that this frame (float32 [512], 16 kHz) is speech; keeps state.

        Raises:
            InferenceError: The network failed.
        """
        frame = np.zeros((1, _CONTEXT_SAMPLES + FRAME_SAMPLES), dtype=np.float32)
        frame[0, :_CONTEXT_SAMPLES] = self._context
        frame[0, _CONTEXT_SAMPLES : _CONTEXT_SAMPLES + len(samples)] = samples
        try:
            found, self._hidden, self._cell = self._network.run(
                None, {"input": frame, "h": self._hidden, "c": self._cell}
            )
        except Exception as error:
            raise InferenceError("hearing.activity_failed") from error
        self._context = frame[0, -_CONTEXT_SAMPLES:]
        return min(max(float(found.reshape(-1)[0]), 0.0), 1.0)

    def reset(self) -> None:
        """Forget what was heard before."""
        self._hidden = self._cell = np.zeros(_STATE_SHAPE, dtype=np.float32)
        self._context = np.zeros(_CONTEXT_SAMPLES, dtype=np.float32)
