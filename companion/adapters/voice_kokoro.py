"""The embedded voice: Kokoro-82M (int8 ONNX) fed with Korean phones.

Knows the files of the artifact ``kokoro-82m`` and nothing of Korean: whoever wires it hands in the way from Hangul to
phones and tones. The graph is given 0, the n phones, 0, and the row of the style table for n phones.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Final

import numpy as np

from companion.adapters.kokoro_graph import KokoroGraph
from companion.adapters.pitch_curve import Curve, tuned
from companion.adapters.sound_shape import closed_up, trimmed
from companion.adapters.voice_style import STYLES_FILE, blended, read_styles
from companion.core.audio import SPOKEN_RATE, Samples, Sound, silence
from companion.core.cancellation import Cancellation
from companion.core.phrase import Manner, Phrase
from companion.core.score import Score, Scoring
from companion.errors import ArtifactMissing, DigestMismatch, InferenceError

GRAPH_FILE: Final = "kokoro-v1.0.int8.onnx"
SYMBOLS_FILE: Final = "vocab.json"
FILES: Final = (GRAPH_FILE, STYLES_FILE, SYMBOLS_FILE)

PROCESSING_VERSION: Final = "6"
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
_NO_PHONES: Final = f"{_MARKS};: "
_BREAKS: Final = (re.compile(r"(?<=[.?!…])\s*(?=[^\s.?!…])"), re.compile(r"(?<=[,;:])\s*"), re.compile(r"\s+"))
"""Where a run that is too long is cut: at ends of sentences, else at lesser marks, else between words."""


class KokoroVoice:
    """One voice, or a blend of voices, of the Kokoro artifact.

    Args:
        folder: Holds the files of the artifact.
        pronounce: Hangul and punctuation to phones of the artifact's symbol table, and their tones; symbols that the
            table lacks are left out.
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

    longest_silence = 0.2
    """Seconds within a run. The voice's own, between words, are up to 0.6 s that nobody asked for; digits keep them."""

    longest_last = 11
    """Frames (25 ms) of the last phone of a run. The voice gives it up to 28, most of them silence that takes time to
    make; digits keep them. Measured: docs/decisions/0036-silence-after-a-phrase.md."""

    def __init__(
        self,
        folder: Path,
        *,
        pronounce: Scoring,
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
        self._graph = KokoroGraph(folder / GRAPH_FILE, threads)
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
        for run in runs(self._score(phrase)):
            if cancel is not None and cancel.cancelled:
                return silence(0)
            closes_up = self._closes_up(phrase)
            made = trimmed(self._run(run, self._graph_speed(speed), cancel, ends_soon=closes_up), SPOKEN_RATE)
            if closes_up:
                made = closed_up(made, SPOKEN_RATE, self.longest_silence)
            if len(made):
                pieces += [silence(_BETWEEN_RUNS_MS).samples, made] if pieces else [made]
        if not pieces or (cancel is not None and cancel.cancelled):
            return silence(0)
        return Sound(np.concatenate(pieces), SPOKEN_RATE)

    def fingerprint(self, phrase: Phrase, *, speed: float = 1.0) -> str:
        """Return the SHA-256 (hex) of all that decides how ``phrase`` sounds: equal exactly if the sound would be.

        Pauses within the phrase are punctuation among its phones; the one after it is added when it is played.
        """
        if not self._digest:
            with (self._folder / GRAPH_FILE).open("rb") as file:
                self._digest = hashlib.file_digest(file, "sha256").hexdigest()
        digest = hashlib.sha256()
        silence_kept = str((self.longest_silence, self.longest_last) if self._closes_up(phrase) else None)
        pace = f"{self._graph_speed(speed):.4f}"
        told = (PROCESSING_VERSION, self._digest, pace, str(self.least_style_row), silence_kept)
        score = self._score(phrase)
        digest.update("\n".join((*told, score.phones, *map(str, score.tones))).encode())
        digest.update(self._style.tobytes())
        return digest.hexdigest()

    @staticmethod
    def _closes_up(phrase: Phrase) -> bool:
        return phrase.manner is not Manner.SLOW

    def _graph_speed(self, speed: float) -> float:
        return min(max(self._pace * speed, _SLOWEST), _FASTEST)

    def _score(self, phrase: Phrase) -> Score:
        """Return what ``phrase`` is said by, only such phones as the graph knows; no phones where it says nothing."""
        if not _SPEAKABLE.search(phrase.spoken):
            return Score("")
        score = _known(self._pronounce(_UNSPEAKABLE.sub(" ", phrase.spoken), phrase.rises), self._symbols)
        phones = score.phones.rstrip()
        if phrase.rises and phones:
            return Score(f"{phones.rstrip(' ,.!?…')}?", score.tones)
        return Score(phones if phones[-1:] in _MARKS else f"{phones},", score.tones)

    def _run(self, run: Score, speed: float, cancel: Cancellation | None, *, ends_soon: bool) -> Samples:
        import onnxruntime

        tokens = [self._symbols[symbol] for symbol in run.phones]
        row = min(max(len(tokens), self.least_style_row), len(self._style) - 1)
        last = len(run.phones.rstrip(_NO_PHONES))
        held = (last, self.longest_last) if ends_soon and last else None
        options = onnxruntime.RunOptions()
        if cancel is not None:
            cancel.on_cancel(lambda: setattr(options, "terminate", True))

        def tune(curve: Curve, begins: Sequence[int]) -> Curve:
            return tuned(curve, begins[1:], run.tones)

        try:
            made = self._graph.run([0, *tokens, 0], self._style[row], speed, options=options, tune=tune, held=held)
        except Exception as error:  # onnxruntime raises kinds of its own that share no base but Exception
            if cancel is not None and cancel.cancelled:
                return silence(0).samples
            raise InferenceError("voice.failed", voice=self._blend) from error
        return np.nan_to_num(made)


def runs(score: Score) -> Iterator[Score]:
    """Cut ``score`` into as few runs as the graph can hold, at the best places there are."""
    audible = [at for at, symbol in enumerate(score.phones) if not symbol.isspace()]
    said = 0
    for phones in _cut(score.phones):
        begun, said = said, said + len("".join(phones.split()))
        part = score.between(audible[begun], audible[said - 1] + 1) if said > begun else Score(phones)
        yield part if part.phones == phones else Score(phones)


def _cut(phones: str) -> Iterator[str]:
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
        yield from _cut(run)
        run = piece
    yield from _cut(run)


def _known(score: Score, symbols: Mapping[str, int]) -> Score:
    """Return ``score`` without the symbols that the voice lacks and the blanks before the first one."""
    if all(symbol in symbols for symbol in score.phones) and score.phones[:1].strip():
        return score
    begun = len(score.phones) - len(score.phones.lstrip())
    kept = [at >= begun and symbol in symbols for at, symbol in enumerate(score.phones)]
    places = [0, *accumulate(kept)]
    phones = "".join(symbol for symbol, keep in zip(score.phones, kept, strict=True) if keep)
    return Score(phones, tuple(tone._replace(start=places[tone.start], end=places[tone.end]) for tone in score.tones))


def _read_symbols(path: Path) -> dict[str, int]:
    try:
        table = json.loads(path.read_text(encoding="utf-8"))["vocab"]
        return {str(symbol): int(token) for symbol, token in table.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DigestMismatch("voice.file_damaged", file=path) from error
