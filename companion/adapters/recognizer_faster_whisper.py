"""Speech to text by Whisper through faster-whisper (CTranslate2): int8 on a CPU, float16 on CUDA.

Reads the files of one local folder; never asks the network. The settings are those that held when measured on Korean
speech: no sampling (falling back to it stalls for 20 s on bad sound), no text of what was heard before, no prompt (a
polite one makes it add endings and drop words), and a cap on what it may write, because it loops.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from companion.core.audio import HEARD_RATE, Samples
from companion.core.heard import NOTHING_HEARD, Heard
from companion.core.hearing_gate import GateTable, Segment, judge
from companion.errors import ArtifactMissing, InferenceError

_FILES: Final = ("model.bin", "config.json", "tokenizer.json")
_LEAST_SAMPLES: Final = HEARD_RATE // 10
_TOKENS_AT_LEAST: Final = 64
"""Enough for a loop to be seen as one."""
_TOKENS_PER_SECOND: Final = 14
"""Fast Korean speech needs about nine tokens a second with Whisper's tokenizer; more is a loop."""
_TOKENS_AT_MOST: Final = 220
_PEAK: Final = 0.5
_GAIN_AT_MOST: Final = 8.0
"""Soft voices are lifted to half of full scale, by 18 dB at most, so that noise does not become speech."""
_EDGE_SAMPLES: Final = HEARD_RATE // 4
"""A quarter of a second, within the sound that a turn keeps before (480 ms) and after (288 ms) its speech. On 63 clips:
155 wrong letters without a fade, 145 with 100 ms, 144 with 180 ms, 139 with 250 ms; 140 for the raw recogniser."""

Device = Literal["cpu", "cuda", "auto"]


class FasterWhisperRecognizer:
    """One loaded recogniser. Used from one thread at a time."""

    def __init__(self, folder: Path, *, gate: GateTable, threads: int = 2, device: Device = "auto") -> None:
        """Load it: a second or so.

        Args:
            folder: Holds model.bin, config.json, tokenizer.json and the vocabulary of a CTranslate2 Whisper.
            gate: Decides how far a transcript can be trusted.
            threads: CPU threads; at least 1.
            device: ``auto`` takes CUDA where there is a usable GPU.

        Raises:
            ArtifactMissing: A file is not in the folder.
            InferenceError: The files cannot be loaded.
        """
        for name in _FILES:
            if not (folder / name).is_file():
                raise ArtifactMissing("hearing.recognizer_missing", file=str(folder / name))
        self._gate = gate
        self._whisper = _load(folder, threads=max(threads, 1), device=device)

    def recognise(self, samples: Samples) -> Heard:
        """Return what was said in float32 [n], mono, 16 kHz.

        Raises:
            InferenceError: The recogniser itself failed; odd sound is a value, not an error.
        """
        seconds = len(samples) / HEARD_RATE
        peak = float(np.abs(samples).max(initial=0.0))
        if len(samples) < _LEAST_SAMPLES or not 0.0 < peak < np.inf:
            return NOTHING_HEARD
        lifted = _soft_edges(samples * min(max(_PEAK / peak, 1.0), _GAIN_AT_MOST))
        try:
            found, _ = self._whisper.transcribe(lifted, **_settings(seconds))
            segments = [_segment(one) for one in found]
        except Exception as error:
            # CTranslate2 raises bare RuntimeError and ValueError.
            raise InferenceError("hearing.recognizer_failed") from error
        return judge(segments, self._gate, seconds=seconds)


def raw_transcriber(folder: Path, *, threads: int = 2, device: Device = "auto") -> RawTranscriber:
    """Return faster-whisper as it comes, to measure against.

    Raises:
        InferenceError: The files cannot be loaded.
    """
    return RawTranscriber(_load(folder, threads=max(threads, 1), device=device))


class RawTranscriber:
    """faster-whisper with its own defaults, beam 5, told only that the language is Korean; no gate, no trimming."""

    def __init__(self, whisper: Any) -> None:  # noqa: ANN401 (the library has no types)
        self._whisper = whisper

    def __call__(self, samples: Samples) -> str:
        """Return the bare transcript of float32 [n], mono, 16 kHz.

        Raises:
            InferenceError: The recogniser itself failed.
        """
        try:
            found, _ = self._whisper.transcribe(samples, language="ko", beam_size=5)
            return " ".join(segment.text.strip() for segment in found)
        except Exception as error:
            raise InferenceError("hearing.recognizer_failed") from error


def _load(folder: Path, *, threads: int, device: Device) -> Any:  # noqa: ANN401 (the library has no types)
    from faster_whisper import WhisperModel

    where = _device() if device == "auto" else device
    try:
        return WhisperModel(
            str(folder),
            device=where,
            compute_type="float16" if where == "cuda" else "int8",
            cpu_threads=threads,
            local_files_only=True,
        )
    except Exception as error:
        raise InferenceError("hearing.recognizer_unusable", file=str(folder)) from error


def _device() -> Literal["cpu", "cuda"]:
    import ctranslate2

    try:
        return "cuda" if ctranslate2.get_cuda_device_count() > 0 else "cpu"
    except RuntimeError:
        # A driver that is there but too old.
        return "cpu"


def _settings(seconds: float) -> dict[str, object]:
    return {
        "language": "ko",
        "beam_size": 5,
        "temperature": 0.0,
        "condition_on_previous_text": False,
        # The gate decides, not the library: it would drop a lone "네" without a word.
        "no_speech_threshold": None,
        "log_prob_threshold": None,
        "compression_ratio_threshold": None,
        "max_new_tokens": min(_TOKENS_AT_LEAST + round(seconds * _TOKENS_PER_SECOND), _TOKENS_AT_MOST),
    }


def _soft_edges(samples: Samples) -> Samples:
    """Return a copy that fades in and out: the recogniser pads with zeros, and a step in the noise misleads it."""
    faded = samples.astype(np.float32)
    edge = min(_EDGE_SAMPLES, len(faded) // 4)
    slope = np.linspace(0.0, 1.0, edge, dtype=np.float32)
    faded[:edge] *= slope
    faded[len(faded) - edge :] *= slope[::-1]
    return faded


def _segment(found: Any) -> Segment:  # noqa: ANN401 (the library has no types)
    return Segment(
        text=str(found.text),
        avg_logprob=float(found.avg_logprob),
        no_speech_prob=float(found.no_speech_prob),
        compression_ratio=float(found.compression_ratio),
    )
