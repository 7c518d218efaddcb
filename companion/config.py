"""Settings: one TOML file, checked as a whole, each with a default that works.

The file is ``$COMPANION_CONFIG`` or ``$COMPANION_HOME/config.toml``; without one everything is at its default. An
unknown name or a value out of range is refused with the place where it stands.
"""

from __future__ import annotations

import base64
import binascii
import os
import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from companion.errors import ConfigError

_CENTRE_KEY_BYTES: Final = 32


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PersonSettings(_Section):
    """Who is spoken with."""

    id: str = ""
    """Which person of the record this device talks with: id, its end, or name; empty where there is only one."""
    address: Annotated[str, Field(min_length=1, max_length=20)] = "어르신"
    """호칭 until `companion setup` has asked for one."""


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
    hearing: Literal["off", "mild", "moderate"] = "off"
    """How much of what age takes is lifted, unless something else is kept of the person."""


class LanguageSettings(_Section):
    """What writes replies."""

    generation: bool | None = None
    """Whether the language model may write replies behind the guard; None takes the profile's default."""


def _centre_key(value: object) -> bytes | None:
    if value in (None, ""):
        return None
    try:
        key = base64.b64decode(str(value), validate=True)
    except binascii.Error as error:
        raise ValueError("not base 64") from error
    if len(key) != _CENTRE_KEY_BYTES:
        raise ValueError(f"{_CENTRE_KEY_BYTES} bytes are needed")
    return key


class RecordSettings(_Section):
    """Where the record is kept and whom it is kept for."""

    server_url: Annotated[str, Field(pattern=r"^(postgresql\+psycopg://.*)?$")] = ""
    """A centre's PostgreSQL server, such as ``postgresql+psycopg://companion@centre/companion?sslmode=verify-full``;
    empty keeps an encrypted file on this device. Passwords belong into ``~/.pgpass``."""
    centre_id: Annotated[str, Field(max_length=36)] = ""
    """The centre that follows this device."""
    centre_key: Annotated[bytes | None, BeforeValidator(_centre_key)] = None
    """Its X25519 public key, base 64: changes waiting for it are sealed to it."""


_Days = Annotated[int, Field(ge=1, le=36_500)] | None


class RetentionSettings(_Section):
    """How long what is kept is kept. None keeps it until the person is erased; the audit is never shortened."""

    conversation_days: _Days = None
    """Conversations and what was remembered of them."""
    health_days: _Days = None
    """Screenings, observed signs, activities with the mood around them."""
    safety_days: _Days = None
    """Risk events, steps of the protocol, and alerts that somebody has resolved."""
    reading_days: _Days = None
    """Values of wearables and meters."""
    backups_kept: Annotated[int, Field(ge=1, le=1000)] = 14
    """Backups in one folder; the newest good one is never removed."""


_Wall = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class DailySettings(_Section):
    """When 말벗 speaks first (``companion run``), and what wakes it."""

    quiet_from: _Wall = "21:00"
    """From when on it does not speak first."""
    quiet_until: _Wall = "07:00"
    """Until when; the same as ``quiet_from`` for no quiet hours."""
    check_ins: tuple[_Wall, ...] = ("10:30",)
    """When it calls by itself where the family set no check-in; empty for never. Mid-morning: our own judgement."""
    wake: tuple[Literal["name", "voice", "button"], ...] = ("name", "button")
    """What begins a conversation: its name, any speech, a button or the Enter key."""
    button: str | None = None
    """Device of the button, such as ``/dev/input/by-id/usb-…-event-kbd``; None for no button."""


class WeatherSettings(_Section):
    """Where the weather is asked for. Off unless somebody sets it: it is the one question that leaves the house."""

    source: Literal["off", "open-meteo"] = "off"
    place: Annotated[str, Field(max_length=20)] = ""
    """As the place is called aloud: 원주; may be empty."""
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    """Degrees north and east; a tenth of a degree is all that is sent."""
    address: Annotated[str, Field(pattern=r"^https?://[^\s/?#]+$")] = "https://api.open-meteo.com"
    """Of the server: Open-Meteo's, or one of one's own that speaks as it does."""

    @model_validator(mode="after")
    def _has_place(self) -> WeatherSettings:
        if self.source != "off" and (self.latitude is None or self.longitude is None):
            raise ValueError("latitude and longitude are needed")
        return self


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
    daily: DailySettings = DailySettings()
    record: RecordSettings = RecordSettings()
    retention: RetentionSettings = RetentionSettings()
    weather: WeatherSettings = WeatherSettings()

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
