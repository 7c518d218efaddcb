"""Puts together what ``companion evaluate`` measures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from companion.artifacts.manifest import Kind
from companion.prompts import prompt_table
from companion.wiring.at_work import look
from companion.wiring.clock import SystemClock

if TYPE_CHECKING:
    from companion.core.heard import Heard
    from companion.evaluation.speech import SpeechInstruments


def speech_instruments(*, folder: Path | None = None, threads: int | None = None) -> SpeechInstruments:
    """Load the product's hearing and the raw recogniser that it is measured against, on the same files.

    Args:
        folder: Holds the recogniser; the profile's where none is given.
        threads: CPU threads; the settings' where none is given.

    Raises:
        ArtifactError: The recogniser's files are missing or damaged.
        ConfigError: The settings cannot be used.
    """
    from companion.adapters.recognizer_faster_whisper import FasterWhisperRecognizer, raw_transcriber
    from companion.adapters.recording import Recording, read_samples
    from companion.adapters.vad_silero import SileroActivity
    from companion.core.hearing_gate import GateTable
    from companion.core.speakable import Speakable
    from companion.evaluation.speech import SpeechInstruments
    from companion.session.recorded import hear_recording

    if folder is None or threads is None:
        at_work = look()
        folder = folder or at_work.folder(Kind.RECOGNIZER)
        threads = threads or at_work.settings.thread_count
    gate = GateTable.from_table(prompt_table("speech/inventions.toml"))
    recognizer = FasterWhisperRecognizer(folder, gate=gate, threads=threads)
    raw = raw_transcriber(folder, threads=threads)
    activity = SileroActivity()
    speakable = Speakable(prompt_table("speech/speakable.toml"))

    def hear(path: Path) -> Heard:
        return hear_recording(Recording(path), activity, recognizer)

    return SpeechInstruments(
        hear=hear,
        baseline=lambda path: raw(read_samples(path)),
        seconds=lambda path: Recording(path).seconds,
        spoken=lambda text: speakable.read(text).text,
        clock=SystemClock(),
    )
