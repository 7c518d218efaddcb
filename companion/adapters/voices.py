"""The voices that there are, as ``prompts/speech/voices.toml`` lists them, and how one is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from companion.adapters.voice_style import parse_blend
from companion.core.score import Scoring
from companion.errors import ConfigError
from companion.ports import Voice


@dataclass(frozen=True, slots=True)
class VoiceEntry:
    """One voice of the catalogue."""

    name: str
    engine: str
    """``kokoro``, ``supertonic`` or ``espeak``."""
    artifact: str
    """Id of the artifact that it needs; empty where it needs none."""
    pace: float
    """The engine's own speed that is 1.0 of the port."""
    about: str
    credit: str
    """To be named wherever its sound is handed out."""


@dataclass(frozen=True, slots=True)
class VoiceCatalogue:
    """The voices by name, and which one speaks where nobody chose."""

    default: str
    entries: Mapping[str, VoiceEntry]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> VoiceCatalogue:
        """Read the parsed ``prompts/speech/voices.toml``."""
        entries = {name: VoiceEntry(name=name, **fields) for name, fields in table["voices"].items()}
        return cls(default=str(table["default"]), entries=entries)

    def entry(self, name: str) -> VoiceEntry:
        """Return the entry that ``name``, a voice or a blend, belongs to: of a blend, the largest part.

        Raises:
            ConfigError: A voice is not in the catalogue (those that are get listed), or voices of two engines, or of
                one that cannot blend, are to be blended.
        """
        if name.partition(":")[0] == "supertonic":
            return self.entries["supertonic"]
        shares = parse_blend(name)
        for each in shares:
            if each not in self.entries:
                raise ConfigError("voice.unknown", voice=each, known=", ".join(self.entries))
        if len(shares) > 1 and any(self.entries[each].engine != "kokoro" for each in shares):
            raise ConfigError("voice.blend", blend=name)
        return self.entries[max(shares, key=lambda each: shares[each])]


def open_voice(
    entry: VoiceEntry,
    name: str,
    *,
    folder: Path | None,
    pronounce: Scoring,
    threads: int,
    digest: str = "",
) -> Voice:
    """Return the voice ``name``, ready to speak.

    Args:
        entry: Of the catalogue, for ``name``.
        name: A voice, a blend, or ``supertonic:F2``.
        folder: Of the artifact that ``entry`` names; None where it names none.
        pronounce: Hangul to phones and tones; used by the engines that need phones.
        threads: Of one synthesis.
        digest: SHA-256 of the artifact's graph, if the caller knows it.

    Raises:
        ArtifactMissing: A file or an optional extra is missing.
        DigestMismatch: A file is damaged.
        ConfigError: No such voice, or no such engine.
    """
    if entry.engine == "espeak":
        from companion.adapters.voice_espeak import EspeakVoice

        return EspeakVoice()
    if folder is None:
        raise ConfigError("voice.unknown", voice=name, known=entry.name)
    if entry.engine == "supertonic":
        from companion.adapters.voice_supertonic import SupertonicVoice

        return SupertonicVoice(folder, style=name.partition(":")[2] or "F1", threads=threads, pace=entry.pace)
    from companion.adapters.voice_kokoro import KokoroVoice

    return KokoroVoice(folder, pronounce=pronounce, blend=name, threads=threads, pace=entry.pace, digest=digest)
