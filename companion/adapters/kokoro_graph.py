"""The Kokoro graph, cut where the pitch curve passes from its predictor to its decoder.

Predictor: ``tokens`` int64 [1, n], ``style`` float32 [1, 256], ``speed`` float32 [1] to the frames of each token
[1, n], pitch and energy [1, 2 t] and features of the text [1, 512, t]. Decoder: pitch, energy, features and style to
samples float32 [600 t] at 24 kHz, silence at both ends. Uncut and cut with nothing changed, the samples are the same,
bit for bit. The predictor takes about a fiftieth of the time.

Source of the graph: hexgrad/Kokoro-82M, export of thewh1teagle/kokoro-onnx, model-files-v1.0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from companion.adapters.graph_cut import Graph
from companion.adapters.pitch_curve import Curve
from companion.core.audio import Samples
from companion.errors import DigestMismatch

STEPS_PER_FRAME: Final = 2
"""Of pitch and energy; a frame is 25 ms."""
_FRAMES: Final = "/encoder/Clip_output_0"
_PITCH: Final = "/encoder/Squeeze_output_0"
_ENERGY: Final = "/encoder/Squeeze_1_output_0"
_FEATURES: Final = "/encoder/MatMul_1_output_0"
_AUDIO: Final = "audio"
Indices: TypeAlias = npt.NDArray[np.int_]


class KokoroGraph:
    """Predictor and decoder, opened from the one file.

    Raises:
        DigestMismatch: The file is damaged.
    """

    def __init__(self, path: Path, threads: int) -> None:
        seams = [_PITCH, _ENERGY, _FEATURES]
        try:
            graph = Graph(path.read_bytes())
            self._predictor = _opened(graph.part([], [_FRAMES, *seams]), threads)
            self._decoder = _opened(graph.part(seams, [_AUDIO]), threads)
        except Exception as error:  # onnxruntime raises kinds of its own that share no base but Exception
            raise DigestMismatch("voice.file_damaged", file=path) from error

    def run(
        self,
        tokens: Sequence[int],
        style: npt.NDArray[np.float32],
        speed: float,
        *,
        options: Any,  # noqa: ANN401 - onnxruntime publishes no types
        tune: Callable[[Curve, Sequence[int]], Curve],
        held: tuple[int, int] | None = None,
    ) -> Samples:
        """Return the samples of ``tokens``.

        Args:
            tokens: At most 510, with their edges.
            style: float32 [256].
            speed: 1.0 is what the predictor learnt.
            options: ``onnxruntime.RunOptions``; terminating them ends the run.
            tune: Given the pitch curve and where in it each token begins (and the last ends), returns another of its
                length.
            held: Index of a token and how many frames it may have at most, at least 1; the rest of it is left out.
        """
        spoken = {
            "tokens": np.array([tokens], dtype=np.int64),
            "style": style[np.newaxis, :],
            "speed": np.array([speed], dtype=np.float32),
        }
        frames, pitch, energy, features = self._predictor.run([_FRAMES, _PITCH, _ENERGY, _FEATURES], spoken, options)
        ends, kept = shortened(frames.ravel().astype(int), held)
        steps = (STEPS_PER_FRAME * kept[:, np.newaxis] + np.arange(STEPS_PER_FRAME)).ravel()
        curve = tune(pitch[0, steps], [0, *(STEPS_PER_FRAME * ends).tolist()])[np.newaxis, :]
        sounding = {_PITCH: curve, _ENERGY: energy[:, steps], _FEATURES: features[:, :, kept], "style": spoken["style"]}
        made: Samples = np.asarray(self._decoder.run([_AUDIO], sounding, options)[0], dtype=np.float32).ravel()
        return made


def shortened(frames: Indices, held: tuple[int, int] | None) -> tuple[Indices, Indices]:
    """Hold one token to so many frames, the first of its own.

    Args:
        frames: int [n], how many each token has.
        held: Index of the token, and how many frames it may have at most; None changes nothing.

    Returns:
        Where each token ends then, int [n], and the indices of the frames that are left.
    """
    ends = np.cumsum(frames)
    if held is None:
        return ends, np.arange(ends[-1])
    token, most = held
    end = ends[token]
    left_out = max(0, frames[token] - most)
    kept = np.concatenate([np.arange(end - left_out), np.arange(end, ends[-1])])
    ends[token:] -= left_out
    return ends, kept


def _opened(model: bytes, threads: int) -> Any:  # noqa: ANN401 - as above
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, threads)
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # a terminated run is no error worth a line on the terminal
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
