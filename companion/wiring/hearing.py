"""Puts the ear together: microphone or recordings, voice activity, recogniser."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from companion.artifacts.manifest import Kind
from companion.prompts import prompt_table
from companion.wiring.at_work import AtWork

if TYPE_CHECKING:
    from companion.ports import Clock, Recognizer
    from companion.session.listening import EarSettings, Notices, VoiceEar
    from companion.session.recorded import RecordedEar


def recognizer(at_work: AtWork) -> Recognizer:
    """Load the recogniser of the profile.

    Raises:
        ArtifactError: Its files are missing or damaged.
    """
    from companion.adapters.recognizer_faster_whisper import FasterWhisperRecognizer
    from companion.core.hearing_gate import GateTable

    return FasterWhisperRecognizer(
        at_work.folder(Kind.RECOGNIZER),
        gate=GateTable.from_table(prompt_table("speech/inventions.toml")),
        threads=at_work.settings.thread_count,
    )


def _ear_settings(at_work: AtWork) -> EarSettings:
    from companion.core.turn_taking import FixedPause
    from companion.session.listening import EarSettings

    return EarSettings(pause_rule=FixedPause(ms=int(at_work.settings.audio.end_of_turn_seconds * 1000)))


def microphone_ear(at_work: AtWork, hearing: Recognizer, *, clock: Clock, notices: Notices) -> VoiceEar:
    """Open the microphone and listen from now on. Needs a running event loop."""
    from companion.adapters.microphone_sounddevice import SoundDeviceMicrophone
    from companion.adapters.vad_silero import SileroActivity
    from companion.session.listening import VoiceEar

    microphone = SoundDeviceMicrophone(at_work.settings.audio.microphone)
    return VoiceEar(
        microphone, SileroActivity(), hearing, clock=clock, notices=notices, settings=_ear_settings(at_work)
    )


def check_recordings(files: Sequence[Path]) -> None:
    """Open each recording and close it again, so that a bad one is refused before anything is loaded.

    Raises:
        InputError: A file is missing, empty or no recording.
    """
    if files:
        from companion.adapters.recording import Recording

        for file in files:
            Recording(file)


def recorded_ear(
    at_work: AtWork, files: Sequence[Path], hearing: Recognizer, *, clock: Clock, notices: Notices
) -> RecordedEar:
    """Return an ear for recordings.

    Raises:
        InputError: A file is missing, empty or no recording.
    """
    from companion.adapters.recording import Recording
    from companion.adapters.vad_silero import SileroActivity
    from companion.session.recorded import Recorded, RecordedEar

    recordings = [Recorded(file.name, Recording(file)) for file in files]
    return RecordedEar(
        recordings, SileroActivity(), hearing, clock=clock, notices=notices, settings=_ear_settings(at_work)
    )
