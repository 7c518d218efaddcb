"""Every error that 말벗 raises on purpose, as one tree.

    CompanionError
    ├── ConfigError            a setting is unknown, of the wrong kind or out of range
    ├── InputError             a file or line handed to a command cannot be used
    ├── PromptError            a data file under prompts/ is broken
    ├── ArtifactError
    │   ├── ArtifactMissing    a model file is not here and no source could bring it
    │   ├── DigestMismatch     a model file is not the file that the manifest names
    │   └── SourceUnreachable  a source did not answer; another try may succeed
    ├── DeviceError
    │   ├── DeviceMissing      no microphone or speaker is there
    │   └── DeviceLost         it was there and went away
    ├── InferenceError         a model ran and failed
    ├── VaultError             the keys of the record
    │   ├── WrongKey           what was given opens nothing
    │   └── KeyRefused         a key cannot be used where and how it lies
    ├── AccessError            who may see a record
    │   ├── SignInRefused      wrong name or password, or too many tries
    │   └── NotAllowed         no consent, no role or no grant allows it
    └── StoreError
        ├── StoreUnreadable    the record cannot be opened or read
        │   └── StoreDamaged   it is there and is not whole
        ├── StoreBusy          somebody else keeps it locked
        └── StorageFull        no room is left to write

An error carries a message key and its fields, never a sentence: the sentence stands in
``prompts/operator/messages.ko.toml`` and is filled in at the edge (``cli/messages.py``), so that wording is data and
can be checked as a whole. Fields never hold speech, answers or names of persons.

Silence, refusal and "unclear" are values (``core.heard``), not errors.
"""

from __future__ import annotations

from typing import ClassVar


class CompanionError(Exception):
    """Base of all errors raised on purpose.

    Args:
        key: Key of the sentence in ``prompts/operator/messages.ko.toml``, such as ``"artifact.digest"``.
        fields: Values for the slots of that sentence: paths, sizes, names of settings.
    """

    is_permanent: ClassVar[bool] = True
    """False where the same call may succeed later without anybody changing anything."""

    def __init__(self, key: str, **fields: object) -> None:
        self.key = key
        self.fields = fields
        super().__init__(key, fields)

    def __str__(self) -> str:
        """The key and its fields, for logs: an operator reads the rendered sentence instead."""
        shown = " ".join(f"{name}={value}" for name, value in sorted(self.fields.items()))
        return f"{self.key} {shown}".rstrip()


class ConfigError(CompanionError):
    """A setting is unknown, of the wrong kind or out of range."""


class InputError(CompanionError):
    """A file or line handed to a command cannot be used."""


class PromptError(CompanionError):
    """A data file under prompts/ is broken."""


class ArtifactError(CompanionError):
    """Something about a model file."""


class ArtifactMissing(ArtifactError):
    """A model file is not here and no source could bring it."""


class DigestMismatch(ArtifactError):
    """A file is not the one that its manifest names."""


class SourceUnreachable(ArtifactError):
    """A source of model files did not answer."""

    is_permanent = False


class DeviceError(CompanionError):
    """Something about a microphone or speaker."""


class DeviceMissing(DeviceError):
    """No such microphone or speaker is there."""


class DeviceLost(DeviceError):
    """The device was there and went away."""

    is_permanent = False


class InferenceError(CompanionError):
    """A model ran and failed."""

    is_permanent = False


class WeatherUnavailable(CompanionError):
    """The weather that somebody asked for cannot be had now."""

    is_permanent = False


class VaultError(CompanionError):
    """Something about the keys of the record."""


class WrongKey(VaultError):
    """The key, passphrase or recovery code that was given opens nothing."""


class KeyRefused(VaultError):
    """A key cannot be used where and how it lies: open permissions, no keyring, no file."""


class AccessError(CompanionError):
    """Something about who may see a record."""


class SignInRefused(AccessError):
    """Wrong name or password, too many tries, or a session that has run out."""


class NotAllowed(AccessError):
    """No consent, no role or no grant allows it."""


class StoreError(CompanionError):
    """Something about the record of conversations."""


class StoreUnreadable(StoreError):
    """The record cannot be opened or read."""


class StoreDamaged(StoreUnreadable):
    """The record is there and is not whole: a damaged page, or a file of another key."""


class StoreBusy(StoreError):
    """Somebody else keeps the record locked."""

    is_permanent = False


class StorageFull(StoreError):
    """No room is left to write the record."""

    is_permanent = False
