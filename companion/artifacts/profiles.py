"""Which artifacts work together on which machine.

Pure but for ``load_profiles``. A profile names one artifact for each task; ``recommend`` picks one by memory, and
``choose_auto`` decides what the default profile ``auto`` means here and why.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from companion.artifacts.catalogue import PROFILES_FILE, read_table
from companion.artifacts.manifest import TASKS, Kind, Manifest
from companion.artifacts.problems import ManifestInvalid, Reader

EMBEDDED: Final = "embedded"
"""The profile that a package registry alone can fill."""

_TEXT: Final = (
    "title",
    "recognizer",
    "language",
    "voice",
    "turn",
    "encoder",
    "reply_driver",
    "voice_note",
    "licence_note",
)
_NUMBERS: Final = ("memory_mb", "minimum_ram_mb", "minimum_gpu_mb", "minimum_cores", "context_tokens")
_FLAGS: Final = ("generation", "exercised")
_KEYS: Final = frozenset({*_TEXT, *_NUMBERS, *_FLAGS, "options"})


@dataclass(frozen=True, slots=True)
class Profile:
    """A set of artifacts that work together."""

    id: str
    title: str
    recognizer: str
    language: str
    voice: str
    turn: str
    encoder: str
    generation: bool
    """Whether replies written by the language model may be used, behind the guard."""
    exercised: bool
    """Whether it was run as a whole where this was written."""
    reply_driver: str
    """Key of the operator sentence that says what drives replies."""
    voice_note: str
    """Key of the sentence about the voice."""
    licence_note: str
    """Key of the sentence about licences."""
    memory_mb: int
    """Estimate of the memory of the whole companion, in MB."""
    minimum_ram_mb: int
    """Memory of the machine from which on it is recommended, in MB."""
    minimum_gpu_mb: int
    """Memory of a GPU that recommends it whatever the RAM, in MB; 0 where none does."""
    minimum_cores: int
    """Processor cores from which on it is quick enough without a GPU."""
    context_tokens: int
    """Room of the language model, in tokens."""
    options: tuple[str, ...] = ()
    """Artifacts that a person may choose instead of one of the above."""

    @property
    def artifacts(self) -> tuple[str, ...]:
        """Ids of its artifacts, one for each task."""
        return (self.recognizer, self.language, self.voice, self.turn, self.encoder)

    def of(self, kind: Kind) -> str:
        """Return the id of its artifact for one task."""
        match kind:
            case Kind.RECOGNIZER:
                return self.recognizer
            case Kind.LANGUAGE:
                return self.language
            case Kind.VOICE:
                return self.voice
            case Kind.TURN:
                return self.turn
            case Kind.ENCODER:
                return self.encoder
            case Kind.FONT:
                raise ValueError("no task of a conversation")


class Reason(StrEnum):
    """Why ``auto`` means the profile that it means: keys of operator sentences under ``profile.reason``."""

    MACHINE_SMALL = "machine_small"
    """No recommended profile fits this machine."""
    PULLED = "pulled"
    """The recommended one was agreed to and lies here, whether or not the hub answers."""
    HUB_SILENT = "hub_silent"
    """The hub does not answer."""
    NOT_AGREED = "not_agreed"
    """The hub answers; nobody has agreed to size and licences yet."""
    AGREED = "agreed"
    """The hub answers and a person agreed."""

    @property
    def key(self) -> str:
        """Key of the sentence."""
        return f"profile.reason.{self.value}"

    @property
    def depends_on_hub(self) -> bool:
        """Whether it could be another if the hub answered otherwise."""
        return self not in (Reason.MACHINE_SMALL, Reason.PULLED)


@dataclass(frozen=True, slots=True)
class Choice:
    """What ``auto`` means on this machine."""

    profile: str
    reason: Reason


def load_profiles(folder: Path, manifests: Mapping[str, Manifest]) -> dict[str, Profile]:
    """Return the profiles of ``folder``, the smallest first.

    Raises:
        ManifestInvalid: With everything that is wrong: a missing key, an unknown artifact, one of the wrong kind.
    """
    table = read_table(folder / PROFILES_FILE)
    reader = Reader(PROFILES_FILE)
    found = [
        _profile(reader, name, entry if isinstance(entry, Mapping) else {}, manifests) for name, entry in table.items()
    ]
    if EMBEDDED not in table:
        reader.wrong(EMBEDDED, "the profile that every machine can have is missing")
    if reader.problems:
        raise ManifestInvalid(reader.problems)
    return {profile.id: profile for profile in sorted(found, key=lambda profile: profile.minimum_ram_mb)}


def recommend(profiles: Mapping[str, Profile], *, ram_bytes: int, gpu_bytes: int, cores: int | None = None) -> str:
    """Return the id of the largest profile that fits: by RAM and cores, or by the memory of a GPU.

    Args:
        profiles: What there is to choose from.
        ram_bytes: Memory of the machine.
        gpu_bytes: Memory of its GPU; 0 where there is none.
        cores: Processor cores; None leaves them out of account.
    """
    fitting = [
        profile
        for profile in profiles.values()
        if (ram_bytes >= profile.minimum_ram_mb * 1_000_000 and (cores is None or cores >= profile.minimum_cores))
        or 0 < profile.minimum_gpu_mb * 1_000_000 <= gpu_bytes
    ]
    return max(fitting, key=lambda profile: (profile.minimum_ram_mb, profile.id)).id if fitting else EMBEDDED


def choose_auto(recommended: str, *, hub_answers: bool, agreed: Collection[str], pulled: Collection[str]) -> Choice:
    """Return what ``auto`` means.

    Args:
        recommended: What ``recommend`` says for this machine.
        hub_answers: Whether the hub answers now.
        agreed: Profiles whose size and licences a person agreed to.
        pulled: Profiles whose files all lie here.
    """
    if recommended == EMBEDDED:
        return Choice(EMBEDDED, Reason.MACHINE_SMALL)
    if recommended in agreed and recommended in pulled:
        return Choice(recommended, Reason.PULLED)
    if not hub_answers:
        return Choice(EMBEDDED, Reason.HUB_SILENT)
    if recommended not in agreed:
        return Choice(EMBEDDED, Reason.NOT_AGREED)
    return Choice(recommended, Reason.AGREED)


def _profile(reader: Reader, name: str, table: Mapping[str, Any], manifests: Mapping[str, Manifest]) -> Profile:
    where = f"{name}."
    reader.only(table, _KEYS, where)
    texts: dict[str, Any] = {key: reader.text(table, key, where) for key in _TEXT}
    numbers: dict[str, Any] = {key: reader.number(table, key, where) for key in _NUMBERS}
    flags: dict[str, Any] = {key: reader.flag(table, key, where) for key in _FLAGS}
    options = reader.texts(table, "options", where)
    for kind in TASKS:
        manifest = manifests.get(texts[kind.value])
        if manifest is None or manifest.kind is not kind:
            reader.wrong(f"{where}{kind.value}", f"{texts[kind.value]!r} is no artifact of this kind")
    for option in options:
        if option not in manifests:
            reader.wrong(f"{where}options", f"{option!r} is no artifact")
    return Profile(id=name, options=options, **texts, **numbers, **flags)
