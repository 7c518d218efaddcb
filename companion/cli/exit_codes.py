"""What the exit status of every command means. Documented in the README."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from companion import errors


class ExitCode(IntEnum):
    """Exit statuses; 1 is left for defects."""

    OK = 0
    DEFECT = 1
    """Something nobody foresaw; the details lie in the log, without speech or names."""
    INPUT = 2
    """A file, line or argument that cannot be used."""
    CONFIG = 3
    """A setting that cannot be used."""
    ARTIFACT = 4
    """A model file is missing or not the one named."""
    DEVICE = 5
    """A microphone or speaker is missing or was lost."""
    STORE = 6
    """The record cannot be read or written: a full or read-only disk, a damaged file."""
    NETWORK = 7
    """A source of model files does not answer."""
    INFERENCE = 8
    """A model ran and failed."""
    PROBLEMS = 9
    """``companion doctor`` found something to mend."""
    ACCESS = 10
    """Whoever asks may not see or do that: not signed in, not an administrator, no grant, no consent."""
    VAULT = 11
    """The key of the record is wrong or cannot be used where it lies."""
    INTERRUPTED = 130
    """Ctrl-C outside a conversation. Inside one it is a kind goodbye and exit status 0."""


_BY_ERROR: Final[tuple[tuple[type[errors.CompanionError], ExitCode], ...]] = (
    (errors.ConfigError, ExitCode.CONFIG),
    (errors.InputError, ExitCode.INPUT),
    (errors.PromptError, ExitCode.CONFIG),
    (errors.SourceUnreachable, ExitCode.NETWORK),
    (errors.ArtifactError, ExitCode.ARTIFACT),
    (errors.DeviceError, ExitCode.DEVICE),
    (errors.InferenceError, ExitCode.INFERENCE),
    (errors.WeatherUnavailable, ExitCode.NETWORK),
    (errors.AccessError, ExitCode.ACCESS),
    (errors.VaultError, ExitCode.VAULT),
    (errors.StoreError, ExitCode.STORE),
)


def exit_code_for(error: errors.CompanionError) -> ExitCode:
    """Return the exit status that says what kind of error it was."""
    for kind, code in _BY_ERROR:
        if isinstance(error, kind):
            return code
    return ExitCode.DEFECT
