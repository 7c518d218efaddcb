"""Puts together what ``companion evaluate voice`` and the bench of the voice measure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from companion.artifacts.manifest import Kind
from companion.core.audio import HEARD_RATE, SPOKEN_RATE, Samples, Sound, silence
from companion.core.hangul import syllable_count
from companion.core.phrase import Phrase
from companion.core.speech_settings import HearingLift
from companion.core.turn import Reply, ReplySource
from companion.errors import ArtifactMissing
from companion.prompts import prompt_table
from companion.wiring.at_work import AtWork, look
from companion.wiring.clock import SystemClock
from companion.wiring.speaking import levelling, make_voice, phrasing, pronunciation, speech_settings, voice_name

if TYPE_CHECKING:
    from companion.core.morphology import Analyser
    from companion.core.speech_settings import SpeechSettings
    from companion.evaluation.voice import Said, VoiceInstruments
    from companion.ports import Voice


_ROOM_MS = 400


@dataclass(frozen=True, slots=True)
class Speech:
    """A voice with all that stands before and after it, but for kept sounds and a speaker."""

    voice: Voice
    phrases: Callable[[Reply], tuple[Phrase, ...]]
    level: Callable[[Sound, float], Sound]
    settings: SpeechSettings

    def say(self, text: str) -> Said:
        """Speak ``text`` phrase by phrase as a reply would be spoken.

        Raises:
            InferenceError: The voice failed.
        """
        from companion.evaluation.voice import Said
        from companion.session.rendering import phrase_lufs, phrase_speed

        clock = SystemClock().monotonic
        began, first, took, spoken = clock(), 0.0, 0.0, 0.0
        pieces: list[Sound] = []
        phrases = self.phrases(Reply(text, ReplySource.FIXED, "measured"))
        for phrase in phrases:
            before = clock()
            made = self.voice.say(phrase, speed=phrase_speed(phrase, self.settings))
            took += clock() - before
            levelled = self.level(made, phrase_lufs(phrase, self.settings))
            if len(levelled.samples) and not spoken:
                first = clock() - began
            spoken += levelled.seconds
            pieces += [levelled, silence(phrase.pause_after_ms)]
        samples = np.concatenate([np.zeros(0, dtype=np.float32), *(piece.samples for piece in pieces[:-1])])
        count = sum(syllable_count(phrase.spoken) for phrase in phrases)
        return Said(Sound(samples, SPOKEN_RATE), spoken, took, first, count)


def speech(at_work: AtWork, name: str, *, analyser: Analyser | None, speed: float | None = None) -> Speech:
    """Load the voice ``name`` with the product's own way from text to sound.

    Raises:
        ArtifactError: Its files are missing or damaged.
        ConfigError: There is no such voice.
    """
    settings = speech_settings(at_work)
    return Speech(
        voice=make_voice(at_work, name, pronunciation(analyser)),
        phrases=phrasing(analyser),
        level=levelling(HearingLift(at_work.settings.voice.hearing)),
        settings=settings if speed is None else settings.at(speed=speed),
    )


def voice_instruments(name: str | None, *, speed: float | None, out: Path | None) -> VoiceInstruments:
    """Load the product's voice, the same without rules, espeak where it is installed, and the recogniser.

    Args:
        name: A voice or blend; None takes that of the settings.
        speed: Of the product's default; None takes that of the settings.
        out: Folder for the sounds; None keeps none.

    Raises:
        ArtifactError: A file is missing or damaged.
        ConfigError: There is no such voice.
    """
    from companion.adapters.recognizer_faster_whisper import FasterWhisperRecognizer
    from companion.core.hearing_gate import GateTable
    from companion.core.pronunciation import phones
    from companion.core.pronunciation.phones import bare_table
    from companion.core.score import Score
    from companion.core.speakable import Speakable
    from companion.evaluation.voice import VoiceInstruments
    from companion.wiring.language import analyser

    at_work, words = look(), analyser()
    name = name or voice_name(at_work)
    product = speech(at_work, name, analyser=words, speed=speed)
    table = bare_table(prompt_table("speech/phones.toml"))
    bare = Speech(
        make_voice(at_work, name, lambda hangul, _rises: Score(phones(hangul, table))),
        product.phrases,
        product.level,
        product.settings,
    )
    folder = at_work.folder(Kind.RECOGNIZER)
    gate = GateTable.from_table(prompt_table("speech/inventions.toml"))
    recognizer = FasterWhisperRecognizer(folder, gate=gate, threads=at_work.settings.thread_count)
    speakable = Speakable(prompt_table("speech/speakable.toml"))
    return VoiceInstruments(
        say=product.say,
        baseline=lambda text: bare.say(text).sound,
        espeak=_espeak(product),
        hear=lambda sound: recognizer.recognise(_in_a_quiet_room(sound)).text,
        speakable=lambda text: speakable.read(text).text,
        voice=name,
        recognizer=at_work.profile.of(Kind.RECOGNIZER),
        keep=None if out is None else _keeper(out),
    )


def _in_a_quiet_room(sound: Sound) -> Samples:
    """Return ``sound`` as a listener has it: at 16 kHz, with a moment of silence before and after."""
    from companion.adapters.sound_shape import resampled

    quiet = silence(_ROOM_MS, HEARD_RATE).samples
    return np.concatenate([quiet, resampled(sound.samples, sound.rate, HEARD_RATE), quiet])


def _espeak(product: Speech) -> Callable[[str], Sound] | None:
    """Return espeak-ng in place of the product's voice; None where the extra is not installed."""
    from companion.adapters.voice_espeak import EspeakVoice

    try:
        last_resort = Speech(EspeakVoice(), product.phrases, product.level, product.settings)
    except ArtifactMissing:
        return None
    return lambda text: last_resort.say(text).sound


def _keeper(folder: Path) -> Callable[[str, Sound], None]:
    from companion.adapters.speaker_file import write_wav

    def keep(name: str, sound: Sound) -> None:
        safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
        write_wav(folder / f"{safe}.wav", sound)

    return keep
