"""The neural Korean voice of the recommended profiles: Supertonic 3, through the optional package ``supertonic``.

It reads Hangul itself, so no pronouncer stands before it. Its files come from the hub as the artifact ``supertonic-3``
(``onnx/`` and ``voice_styles/``); the package's own downloading is switched off, and its folder is the verified one.
"""

from __future__ import annotations

import importlib
import re
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from companion.adapters.sound_shape import resampled, trimmed
from companion.core.audio import SPOKEN_RATE, Sound, silence
from companion.core.cancellation import Cancellation
from companion.core.phrase import Phrase
from companion.errors import ArtifactMissing, ConfigError, DigestMismatch, InferenceError

_GRAPHS: Final = ("dp_ort", "text_enc_ort", "vector_est_ort", "vocoder_ort")
_STEPS: Final = 5
_LANGUAGE: Final = "ko"
_SLOWEST: Final = 0.7
_FASTEST: Final = 2.0
_LONGEST: Final = 120
"""Characters in one run, the package's own bound for Korean."""
_SPEAKABLE: Final = re.compile(r"[가-힣]")
_UNSPEAKABLE: Final = re.compile(r"[^가-힣 ,.?!]+")


class SupertonicVoice:
    """One of Supertonic's voices, speaking Korean.

    Args:
        folder: Of the artifact: ``onnx/`` and ``voice_styles/``.
        style: Name of a voice style of the artifact, ``F1`` to ``F5`` or ``M1`` to ``M5``.
        threads: Of one run.
        pace: The engine's own speed that is 1.0 of the port.

    Raises:
        ArtifactMissing: The folder or the extra ``companion[supertonic]`` is not there.
        DigestMismatch: The files are not those of the engine.
        ConfigError: There is no such style.
    """

    def __init__(self, folder: Path, *, style: str = "F1", threads: int = 2, pace: float = 1.0) -> None:
        if not (folder / "onnx" / "tts.json").is_file():
            raise ArtifactMissing("voice.file_missing", file=folder / "onnx" / "tts.json")
        try:
            package = importlib.import_module("supertonic")
        except ImportError as error:
            raise ArtifactMissing("voice.extra_missing", voice="supertonic", extra="supertonic") from error
        try:
            self._engine = package.TTS(
                model="supertonic-3",
                model_dir=folder,
                auto_download=False,
                intra_op_num_threads=max(1, threads),
                inter_op_num_threads=1,
            )
        except Exception as error:  # onnxruntime raises kinds of its own that share no base but Exception
            raise DigestMismatch("voice.file_damaged", file=folder) from error
        known = list(self._engine.voice_style_names)
        if style not in known:
            raise ConfigError("voice.unknown", voice=style, known=", ".join(known))
        self._style = self._engine.get_voice_style(style)
        self._stops = [_Terminable(getattr(self._engine.model, graph)) for graph in _GRAPHS]
        for graph, stop in zip(_GRAPHS, self._stops, strict=True):
            setattr(self._engine.model, graph, stop)
        self._name = f"supertonic:{style}"
        self._pace = pace

    @property
    def name(self) -> str:
        """Name of the voice and its style."""
        return self._name

    def say(self, phrase: Phrase, *, speed: float = 1.0, cancel: Cancellation | None = None) -> Sound:
        """Return the sound of one phrase, 24 kHz mono float32 in [-1, 1], trimmed; empty where nothing can be said.

        Raises:
            InferenceError: The engine itself failed.
        """
        text = " ".join(_UNSPEAKABLE.sub(" ", phrase.spoken).split())
        if not _SPEAKABLE.search(text):
            return silence(0)
        if phrase.rises:
            text = f"{text.rstrip(' ,.?!')}?"
        engine_speed = min(max(self._pace * speed, _SLOWEST), _FASTEST)
        options = [stop.fresh() for stop in self._stops]
        if cancel is not None:
            for each in options:
                cancel.on_cancel(partial(setattr, each, "terminate", True))
        pieces = []
        for at in range(0, len(text), _LONGEST):
            if cancel is not None and cancel.cancelled:
                return silence(0)
            try:
                made, seconds = self._engine.model(
                    [text[at : at + _LONGEST]], self._style, _STEPS, engine_speed, _LANGUAGE
                )
            except Exception as error:  # as in __init__
                if cancel is not None and cancel.cancelled:
                    return silence(0)
                raise InferenceError("voice.failed", voice=self._name) from error
            rate = int(self._engine.sample_rate)
            samples = np.asarray(made, dtype=np.float32).ravel()[: int(float(np.ravel(seconds)[0]) * rate)]
            pieces.append(trimmed(resampled(np.nan_to_num(samples), rate, SPOKEN_RATE), SPOKEN_RATE))
        return Sound(np.concatenate(pieces), SPOKEN_RATE)


class _Terminable:
    """A graph whose running can be ended from another thread; the package itself offers no way to."""

    def __init__(self, graph: Any) -> None:  # noqa: ANN401 - onnxruntime publishes no types
        self._graph = graph
        self._options: Any = None

    def fresh(self) -> Any:  # noqa: ANN401
        """Return the options that the next runs will use."""
        import onnxruntime

        self._options = onnxruntime.RunOptions()
        return self._options

    def run(self, outputs: Any, feed: Any) -> Any:  # noqa: ANN401
        """Run as the graph itself would."""
        return self._graph.run(outputs, feed, self._options)
