"""The embedded voice: Kokoro-82M (int8 ONNX) fed with Korean phones.

Knows onnxruntime, the files of the artifact ``kokoro-82m`` and nothing of Korean: whoever wires it hands in the way
from Hangul to phones. The graph takes ``tokens`` int64 [1, n + 2] (0, the phones, 0), ``style`` float32 [1, 256] (the
row of the style table for n phones) and ``speed`` float32 [1], and gives float32 [m] at 24 kHz with silence at both
ends.

Source of the graph's contract: hexgrad/Kokoro-82M, export of thewh1teagle/kokoro-onnx, model-files-v1.0.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from companion.adapters.question_rise import risen
from companion.adapters.sound_shape import trimmed
from companion.adapters.voice_style import STYLES_FILE, blended, read_styles
from companion.core.audio import SPOKEN_RATE, Samples, Sound, silence
from companion.core.cancellation import Cancellation
from companion.core.phrase import Phrase
from companion.errors import ArtifactMissing, DigestMismatch, InferenceError

GRAPH_FILE: Final = "kokoro-v1.0.int8.onnx"
SYMBOLS_FILE: Final = "vocab.json"
FILES: Final = (GRAPH_FILE, STYLES_FILE, SYMBOLS_FILE)

PROCESSING_VERSION: Final = "3"
"""Raised whenever the same phones would come out as another sound, so that kept sounds are made anew."""

LONGEST_RUN: Final = 120
"""Phones in one run of the graph: about 10 s of sound and 360 MB; memory grows with the length of a run."""
_BETWEEN_RUNS_MS: Final = 60
_SLOWEST: Final = 0.5
_FASTEST: Final = 2.0
_SPEAKABLE: Final = re.compile(r"[가-힣ㄱ-ㅣᄀ-ᇿ]")
_UNSPEAKABLE: Final = re.compile(r"[^가-힣ㄱ-ㅣᄀ-ᇿ ,.?!…]+")
_MARKS: Final = ",.?!…"
"""One of them ends every run: without it the voice trails off in a vowel of its own."""
_BREAKS: Final = (re.compile(r"(?<=[.?!…])\s*(?=[^\s.?!…])"), re.compile(r"(?<=[,;:])\s*"), re.compile(r"\s+"))
"""Where a run that is too long is cut: at ends of sentences, else at lesser marks, else between words."""


class KokoroVoice:
    """One voice, or a blend of voices, of the Kokoro artifact.

    Args:
        folder: Holds the files of the artifact.
        pronounce: Hangul and punctuation to phones of the artifact's symbol table; symbols it lacks are left out.
        blend: A voice name or a blend such as ``jf_nezumi:0.7,jm_kumo:0.3``.
        threads: Of one run of the graph.
        pace: The graph's own speed that makes about 3.7 syllables a second.
        digest: SHA-256 of the graph as the manifest names it, part of ``fingerprint``; empty to read the file for it.

    Raises:
        ArtifactMissing: A file is not there.
        DigestMismatch: A file is damaged.
        ConfigError: The blend is malformed or names an unknown voice.
    """

    least_style_row = 130
    """Shorter runs take this row of the style table: its first rows mumble. Measured: docs/decisions/0006-voice.md."""

    def __init__(
        self,
        folder: Path,
        *,
        pronounce: Callable[[str], str],
        blend: str = "jf_nezumi",
        threads: int = 2,
        pace: float = 0.7,
        digest: str = "",
    ) -> None:
        for file in FILES:
            if not (folder / file).is_file():
                raise ArtifactMissing("voice.file_missing", file=folder / file)
        self._style = blended(read_styles(folder), blend)
        self._symbols = _read_symbols(folder / SYMBOLS_FILE)
        self._graph = _open_graph(folder / GRAPH_FILE, threads)
        self._folder = folder
        self._pronounce = pronounce
        self._blend = blend
        self._pace = pace
        self._digest = digest

    @property
    def name(self) -> str:
        """Name of the voice, or the blend."""
        return self._blend

    def say(self, phrase: Phrase, *, speed: float = 1.0, cancel: Cancellation | None = None) -> Sound:
        """Return the sound of one phrase, 24 kHz mono float32 in [-1, 1], trimmed; empty where nothing can be said.

        Raises:
            InferenceError: onnxruntime itself failed.
        """
        pieces: list[Samples] = []
        for phones in runs(self._phones(phrase)):
            if cancel is not None and cancel.cancelled:
                return silence(0)
            made = trimmed(self._run(phones, self._graph_speed(speed), cancel), SPOKEN_RATE)
            if len(made):
                pieces += [silence(_BETWEEN_RUNS_MS).samples, made] if pieces else [made]
        if not pieces or (cancel is not None and cancel.cancelled):
            return silence(0)
        made = np.concatenate(pieces)
        return Sound(risen(made, SPOKEN_RATE) if phrase.rises else made, SPOKEN_RATE)

    def fingerprint(self, phrase: Phrase, *, speed: float = 1.0) -> str:
        """Return the SHA-256 (hex) of all that decides how ``phrase`` sounds: equal exactly if the sound would be.

        Pauses within the phrase are punctuation among its phones; the one after it is added when it is played.
        """
        if not self._digest:
            with (self._folder / GRAPH_FILE).open("rb") as file:
                self._digest = hashlib.file_digest(file, "sha256").hexdigest()
        digest = hashlib.sha256()
        told = (PROCESSING_VERSION, self._digest, f"{self._graph_speed(speed):.4f}", str(self.least_style_row))
        digest.update("\n".join((*told, self._phones(phrase))).encode())
        digest.update(self._style.tobytes())
        return digest.hexdigest()

    def _graph_speed(self, speed: float) -> float:
        return min(max(self._pace * speed, _SLOWEST), _FASTEST)

    def _phones(self, phrase: Phrase) -> str:
        """Return the phones of ``phrase``, only such as the graph knows; empty where there is nothing to say."""
        if not _SPEAKABLE.search(phrase.spoken):
            return ""
        phones = self._pronounce(_UNSPEAKABLE.sub(" ", phrase.spoken))
        known = "".join(symbol for symbol in phones if symbol in self._symbols).strip()
        if phrase.rises and known:
            known = f"{known.rstrip(' ,.!?…')}?"
        return known if known[-1:] in _MARKS else f"{known},"

    def _run(self, phones: str, speed: float, cancel: Cancellation | None) -> Samples:
        import onnxruntime

        tokens = [self._symbols[symbol] for symbol in phones]
        row = min(max(len(tokens), self.least_style_row), len(self._style) - 1)
        options = onnxruntime.RunOptions()
        if cancel is not None:
            cancel.on_cancel(lambda: setattr(options, "terminate", True))
        feed = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": self._style[row][np.newaxis, :],
            "speed": np.array([speed], dtype=np.float32),
        }
        try:
            made = self._graph.run(None, feed, options)[0]
        except Exception as error:  # onnxruntime raises kinds of its own that share no base but Exception
            if cancel is not None and cancel.cancelled:
                return silence(0).samples
            raise InferenceError("voice.failed", voice=self._blend) from error
        return np.nan_to_num(np.asarray(made, dtype=np.float32).ravel())


def runs(phones: str) -> Iterator[str]:
    """Cut ``phones`` into as few runs as the graph can hold, at the best places there are."""
    if len(phones) <= LONGEST_RUN:
        if phones:
            yield phones
        return
    cuts = ([piece for piece in pattern.split(phones) if piece] for pattern in _BREAKS)
    pieces = next((found for found in cuts if len(found) > 1), None)
    if pieces is None:
        yield from (phones[at : at + LONGEST_RUN] for at in range(0, len(phones), LONGEST_RUN))
        return
    run = ""
    for piece in pieces:
        joined = f"{run} {piece}".lstrip()
        if len(joined) <= LONGEST_RUN:
            run = joined
            continue
        yield from runs(run)
        run = piece
    yield from runs(run)


def _read_symbols(path: Path) -> dict[str, int]:
    try:
        table = json.loads(path.read_text(encoding="utf-8"))["vocab"]
        return {str(symbol): int(token) for symbol, token in table.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DigestMismatch("voice.file_damaged", file=path) from error


def _open_graph(path: Path, threads: int) -> Any:  # noqa: ANN401 - onnxruntime publishes no types
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, threads)
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # a terminated run is no error worth a line on the terminal
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # as in KokoroVoice._run
        raise DigestMismatch("voice.file_damaged", file=path) from error
