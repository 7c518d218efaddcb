"""Puts the mouth together: voice, speaker, the way from a reply to phrases, kept sounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from companion.config import home_folder
from companion.core.phrase import Manner, Phrase
from companion.core.speech_settings import HearingLift, SpeechLimits, SpeechSettings
from companion.core.turn import Reply
from companion.errors import CompanionError
from companion.prompts import prompt_table
from companion.session.rendering import Keeping
from companion.wiring.at_work import AtWork

if TYPE_CHECKING:
    from companion.core.audio import Sound
    from companion.core.morphology import Analyser
    from companion.core.score import Scoring
    from companion.dialogue.openers import Openers
    from companion.ports import Clock, Speaker, Voice
    from companion.session.kept_sounds import KeptSounds
    from companion.session.speaking import Mouth

_SPEECH: Final = "speech"


@cache
def voices_table() -> dict[str, Any]:
    """Return the parsed ``prompts/speech/voices.toml``."""
    return prompt_table(f"{_SPEECH}/voices.toml")


def voice_name(at_work: AtWork) -> str:
    """Return the voice or blend that the settings, else the profile, name."""
    from companion.adapters.voices import VoiceCatalogue

    if at_work.settings.voice.name:
        return at_work.settings.voice.name
    catalogue = VoiceCatalogue.of(voices_table())
    if catalogue.entries[catalogue.default].artifact == at_work.profile.voice:
        return catalogue.default
    return next(entry.name for entry in catalogue.entries.values() if entry.artifact == at_work.profile.voice)


def speech_settings(at_work: AtWork) -> SpeechSettings:
    """Return speed and loudness as the settings say, within their limits."""
    voice = at_work.settings.voice
    usual = SpeechSettings.usual(SpeechLimits.of(voices_table()["speech"]))
    return usual.at(speed=usual.speed * voice.speed, lufs=voice.loudness)


@cache
def openers() -> Openers:
    """Return what may lead a reply.

    Raises:
        PromptError: The table is broken.
    """
    from companion.dialogue.openers import FILE, Openers

    return Openers(prompt_table(FILE))


@cache
def phrasing(analyser: Analyser | None) -> Callable[[Reply], tuple[Phrase, ...]]:
    """Return the way from a reply to the phrases in which it is said."""
    from companion.core.phrasing import Phrasing
    from companion.core.speakable import Speakable

    speakable = Speakable(prompt_table(f"{_SPEECH}/speakable.toml"))
    breaths = Phrasing(prompt_table(f"{_SPEECH}/phrasing.toml"))

    pause_ms = openers().pause_ms

    def of(reply: Reply) -> tuple[Phrase, ...]:
        manner = Manner.SAFETY if reply.uninterruptible else Manner.PLAIN
        rest = reply.text.removeprefix(reply.opener).lstrip()
        led = breaths.phrases(reply.opener, speakable, manner=manner, analyser=analyser) if reply.opener else ()
        begun = (*led[:-1], *(replace(last, pause_after_ms=pause_ms) for last in led[-1:]))
        return (*begun, *breaths.phrases(rest, speakable, manner=manner, analyser=analyser))

    return of


def pronunciation(analyser: Analyser | None) -> Scoring:
    """Return the way from Hangul to phones and tones."""
    from companion.core.intonation import Intonation
    from companion.core.pronunciation import Pronouncer

    pronouncer = Pronouncer(prompt_table(f"{_SPEECH}/pronunciation.toml"), analyser)
    intonation = Intonation(prompt_table(f"{_SPEECH}/intonation.toml"))
    table = prompt_table(f"{_SPEECH}/phones.toml")
    return lambda hangul, rises: intonation.score(pronouncer.pronounce(hangul), table, rises=rises)


def make_voice(at_work: AtWork, name: str, pronounce: Scoring) -> Voice:
    """Load a voice by its name or blend.

    Raises:
        ArtifactError: Its files are missing or damaged.
        ConfigError: There is no such voice; those that there are are listed.
    """
    from companion.adapters.voices import VoiceCatalogue, open_voice

    entry = VoiceCatalogue.of(voices_table()).entry(name)
    folder, digest = None, ""
    if entry.artifact:
        manifest = at_work.manifests[entry.artifact]
        folder = at_work.shelf.path(manifest)
        digest = " ".join(file.sha256 or "" for file in manifest.files)
    threads = at_work.settings.thread_count
    return open_voice(entry, name, folder=folder, pronounce=pronounce, threads=threads, digest=digest)


def kept_sounds(notice: Callable[[str, dict[str, object]], None]) -> KeptSounds:
    """Return the sounds that are kept on this device."""
    from companion.session.kept_sounds import KeptSounds

    limit = int(voices_table()["kept"]["megabytes"]) * 1_000_000
    return KeptSounds(home_folder() / "sounds", limit_bytes=limit, notice=notice)


@dataclass(frozen=True, slots=True)
class Telling:
    """Where a mouth says what happened to its voice and speaker."""

    trouble: Callable[[CompanionError], None]
    back: Callable[[], None]
    notice: Callable[[str, dict[str, object]], None]


@dataclass(frozen=True, slots=True)
class Making:
    """What a mouth is made of, besides the settings."""

    voice: Voice | None
    """None: the words are on the screen only."""
    analyser: Analyser | None
    known: str
    """Every fixed sentence, joined: only phrases that stand in it are kept on disk."""
    save_to: Path | None = None
    """A folder that takes the sound instead of a speaker."""
    address: str = ""
    """호칭 of the person: phrases that name them are never kept on disk."""
    remembered: Mapping[str, object] = field(default_factory=dict)
    """How the person liked to be spoken to, as ``remember`` was given it."""
    remember: Callable[[Mapping[str, object]], None] = lambda _: None
    """Keeps what the person asks for now; only what is not as the settings say."""


def keeping(known: str, address: str) -> Callable[[Phrase], Keeping]:
    """Return what may be kept of a phrase: fixed ones on disk, those that name the person in memory, others not."""

    def of(phrase: Phrase) -> Keeping:
        written = phrase.written.strip()
        if written and written in known:
            return Keeping.DISK
        return Keeping.MEMORY if address in written else Keeping.NOT

    return of


def levelling(lift: HearingLift) -> Callable[[Sound, float], Sound]:
    """Return what is done to a sound when it is played: lifted for old ears, then brought to a loudness in LUFS."""
    from companion.adapters.hearing_profile import FILE, HearingProfile
    from companion.adapters.loudness import Leveller

    leveller, profile = Leveller(), HearingProfile(prompt_table(FILE), lift)
    return lambda sound, lufs: leveller.levelled(profile.lifted(sound), lufs)


def _unheard(sound: Sound, _lufs: float) -> Sound:
    """Level nothing, where no voice makes a sound: the libraries that would take a second to load are not wanted."""
    return sound


def mouth(at_work: AtWork, making: Making, *, clock: Clock, telling: Telling) -> Mouth:
    """Put a mouth together. Without a voice the words are on the screen only."""
    from companion.session.speaking import Mouth, MouthParts

    def open_speaker() -> Speaker:
        if making.save_to is not None:
            from companion.adapters.speaker_file import FileSpeaker

            return FileSpeaker(making.save_to)
        from companion.adapters.speaker_sounddevice import SounddeviceSpeaker

        return SounddeviceSpeaker(at_work.settings.audio.speaker)

    usual = speech_settings(at_work)
    lift = HearingLift.remembered(making.remembered, HearingLift(at_work.settings.voice.hearing))
    parts = MouthParts(
        voice=making.voice,
        open_speaker=open_speaker,
        phrasing=phrasing(making.analyser),
        level=_unheard if making.voice is None else levelling(lift),
        kept=kept_sounds(telling.notice),
        keeping=keeping(making.known, making.address or at_work.settings.person.address),
        notice=telling.trouble,
        back=telling.back,
        monotonic=clock.monotonic,
        changed=lambda settings: making.remember(settings.to_remember(usual)),
    )
    return Mouth(parts, usual.with_remembered(making.remembered))
