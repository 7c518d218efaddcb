"""Puts together what ``companion voice`` needs: states of voices, one sentence aloud, kept sounds."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from companion.adapters.voices import VoiceCatalogue, VoiceEntry
from companion.core.cancellation import Cancellation
from companion.errors import ArtifactError
from companion.prompts import prompt_table
from companion.wiring import language, speaking
from companion.wiring.at_work import AtWork, look
from companion.wiring.clock import SystemClock
from companion.wiring.kept import kept_replies
from companion.wiring.measuring_voice import speech

_EXTRAS = {"espeak": "espeakng_loader", "supertonic": "supertonic"}


@dataclass(frozen=True, slots=True)
class SaidOnce:
    """What came of one text."""

    seconds: float
    dropped: tuple[str, ...]
    """Characters that could not be said."""


@dataclass(frozen=True, slots=True)
class PreparedSounds:
    """What preparing came to."""

    voice: str
    keeps: bool
    """Whether sounds of this voice are kept at all."""
    made: int
    there: int
    size_bytes: int
    """Of all kept sounds."""


def voice_states() -> tuple[tuple[VoiceEntry, bool], ...]:
    """Return every voice of the catalogue and whether it can speak now: files verified, extra installed."""
    at_work = look()
    entries = VoiceCatalogue.of(prompt_table("speech/voices.toml")).entries.values()
    ready: dict[str, bool] = {}
    for entry in entries:
        if entry.artifact not in ready:
            ready[entry.artifact] = _is_here(at_work, entry)
    return tuple((entry, ready[entry.artifact]) for entry in entries)


def _is_here(at_work: AtWork, entry: VoiceEntry) -> bool:
    if entry.engine in _EXTRAS and importlib.util.find_spec(_EXTRAS[entry.engine]) is None:
        return False
    if not entry.artifact:
        return True
    try:
        at_work.artifact_folder(entry.artifact)
    except (ArtifactError, KeyError):
        return False
    return True


def say_once(text: str, *, voice: str | None, speed: float | None, out: Path | None) -> SaidOnce:
    """Say ``text`` on the speaker, or into the file ``out``, and return when it has been heard.

    Raises:
        ArtifactError: The voice's files are missing or damaged.
        ConfigError: There is no such voice.
        DeviceError: There is no speaker, or it was lost.
        StorageFull: The file cannot be written.
    """
    from companion.adapters.speaker_file import write_wav
    from companion.adapters.speaker_sounddevice import SounddeviceSpeaker
    from companion.core.speakable import Speakable

    at_work = look()
    name = voice or speaking.voice_name(at_work)
    said = speech(at_work, name, analyser=language.analyser(), speed=speed).say(text)
    dropped = Speakable(prompt_table("speech/speakable.toml")).read(text).dropped
    if not said.trimmed_seconds:
        return SaidOnce(0.0, tuple(dropped))
    if out is not None:
        write_wav(out, said.sound)
    else:
        speaker = SounddeviceSpeaker(at_work.settings.audio.speaker)
        try:
            cancel = Cancellation()
            speaker.write(said.sound, cancel)
            speaker.drain(cancel)
        finally:
            speaker.close()
    return SaidOnce(said.sound.seconds, tuple(dropped))


async def prepare_sounds(
    voice: str | None, notice: Callable[..., None], progress: Callable[[int, int], None]
) -> PreparedSounds:
    """Make and keep the sound of every fixed sentence that is not kept yet.

    Args:
        voice: A voice or blend; None takes that of the settings.
        notice: Told the key of an operator sentence and its fields.
        progress: Told how many phrases are done, of how many.

    Raises:
        ArtifactError: The voice's files are missing or damaged.
        ConfigError: There is no such voice.
    """
    at_work, words = look(), language.analyser()
    name = voice or speaking.voice_name(at_work)
    telling = speaking.Telling(
        trouble=lambda error: notice(error.key, **error.fields),
        back=lambda: None,
        notice=lambda key, fields: notice(key, **fields),
    )
    voice_at_work = speaking.make_voice(at_work, name, speaking.pronunciation(words))
    making = speaking.Making(voice=voice_at_work, analyser=words, known="")
    mouth = speaking.mouth(at_work, making, clock=SystemClock(), telling=telling)
    try:
        done = await mouth.prepare(kept_replies(), progress=progress)
        return PreparedSounds(
            name, mouth.keeps, done.made, done.there, speaking.kept_sounds(telling.notice).size_bytes()
        )
    finally:
        await mouth.close()
