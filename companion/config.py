"""Settings: one TOML file, checked as a whole, each with a default that works.

The file is ``$COMPANION_CONFIG`` or ``$COMPANION_HOME/config.toml``; without one everything is at its default. An
unknown name or a value out of range is refused with the place where it stands.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from companion.errors import ConfigError


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PersonSettings(_Section):
    """Who is spoken with."""

    id: str = "person"
    """Id under which the record keeps the conversations."""
    address: Annotated[str, Field(min_length=1, max_length=20)] = "어르신"
    """호칭: how the person is called."""


class AudioSettings(_Section):
    """Microphone and speaker."""

    microphone: str | int | None = None
    """Name or number of the microphone; None takes the system's default."""
    speaker: str | int | None = None
    """Name or number of the speaker; None takes the system's default."""
    end_of_turn_seconds: Annotated[float, Field(ge=1.2, le=2.5)] = 1.6
    """Pause after which a turn of the person is over."""


class VoiceSettings(_Section):
    """How 말벗 speaks."""

    name: str | None = None
    """Name of the voice, or a blend such as ``jf_nezumi:0.7,jm_kumo:0.3``; None takes the profile's default."""
    speed: Annotated[float, Field(ge=0.6, le=1.6)] = 1.0
    """1.0 is about 3.7 syllables a second."""
    loudness: Annotated[float, Field(ge=-35, le=-14)] | None = None
    """Target in LUFS; None takes the default of ``prompts/speech/voices.toml``."""


class LanguageSettings(_Section):
    """What writes replies."""

    generation: bool | None = None
    """Whether the language model may write replies behind the guard; None takes the profile's default."""


class SilenceSettings(_Section):
    """What happens when the person says nothing."""

    prompt_after_seconds: Annotated[float, Field(ge=5, le=600)] = 20.0
    """Silence after which 말벗 says something gentle; after two such prompts it says goodbye."""


class Settings(_Section):
    """All settings of one device."""

    profile: Literal["auto", "embedded", "recommended-4gb", "recommended-8gb", "recommended-16gb"] = "auto"
    threads: Annotated[int, Field(ge=1, le=64)] | None = None
    """Threads for speech and language; None takes the number of cores, at most four."""
    person: PersonSettings = PersonSettings()
    audio: AudioSettings = AudioSettings()
    voice: VoiceSettings = VoiceSettings()
    language: LanguageSettings = LanguageSettings()
    silence: SilenceSettings = SilenceSettings()

    @property
    def thread_count(self) -> int:
        """Threads to use."""
        return self.threads or min(os.cpu_count() or 2, 4)


def home_folder() -> Path:
    """Return the folder that holds settings, records, model files and kept sounds: ``$COMPANION_HOME``."""
    configured = os.environ.get("COMPANION_HOME")
    return Path(configured) if configured else Path.home() / ".local" / "share" / "companion"


def settings_file() -> Path:
    """Return where the settings are read from."""
    configured = os.environ.get("COMPANION_CONFIG")
    return Path(configured) if configured else home_folder() / "config.toml"


def load_settings(path: Path | None = None) -> Settings:
    """Return the settings of ``path``, or of the default file if it is there.

    Raises:
        ConfigError: The file is named but missing, not TOML, or holds an unknown or unfit value; the first is named.
    """
    named = path is not None or "COMPANION_CONFIG" in os.environ
    file = path or settings_file()
    if not named and not file.exists():
        return Settings()
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("config.unreadable", file=file) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError("config.not_toml", file=file, where=str(error)) from error
    try:
        return Settings.model_validate(table)
    except ValidationError as error:
        raise _refusal(file, error) from error


def _refusal(file: Path, error: ValidationError) -> ConfigError:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    key = "config.unknown" if first["type"] == "extra_forbidden" else "config.unfit"
    return ConfigError(key, file=file, place=place, reason=first["msg"], count=error.error_count())
