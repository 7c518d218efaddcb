"""What is at work on this device: settings, profile and the model files that it names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from companion.artifacts.auto import Machine, auto_profile
from companion.artifacts.catalogue import load_manifests
from companion.artifacts.manifest import Kind, Manifest
from companion.artifacts.places import shelf_at
from companion.artifacts.profiles import Profile, load_profiles
from companion.artifacts.shelf import Shelf
from companion.config import Settings, home_folder, load_settings
from companion.prompts import data_folder


@dataclass(frozen=True, slots=True)
class AtWork:
    """Everything that is known before anything heavy is loaded."""

    settings: Settings
    manifests: Mapping[str, Manifest]
    shelf: Shelf
    profile: Profile
    reason: str
    """Key of the operator sentence that says why this profile."""

    @property
    def generation(self) -> bool:
        """Whether the language model may write replies behind the guard."""
        wanted = self.settings.language.generation
        return self.profile.generation if wanted is None else wanted

    def folder(self, kind: Kind) -> Path:
        """Return the folder with the verified files of the profile's artifact for one task.

        Raises:
            ArtifactMissing: It was not pulled.
            DigestMismatch: A file is not the one named.
        """
        return self.shelf.path(self.manifests[self.profile.of(kind)])

    def artifact_folder(self, artifact: str) -> Path:
        """Return the folder with the verified files of an artifact by its id.

        Raises:
            ArtifactMissing: It was not pulled.
            DigestMismatch: A file is not the one named.
        """
        return self.shelf.path(self.manifests[artifact])


def look(settings: Settings | None = None) -> AtWork:
    """Return what is at work here. ``auto`` asks the hub (2 s at most) only where its answer changes anything.

    Raises:
        ConfigError: The settings cannot be used.
        PromptError: The shipped data is broken.
    """
    settings = settings or load_settings()
    folder = data_folder("models")
    manifests = load_manifests(folder)
    profiles = load_profiles(folder, manifests)
    shelf = shelf_at(home_folder(), os.environ.get("COMPANION_MODELS"))
    if settings.profile != "auto":
        return AtWork(settings, manifests, shelf, profiles[settings.profile], "talk.reason_settings")
    choice = auto_profile(profiles, manifests, shelf, machine=Machine.here())
    return AtWork(settings, manifests, shelf, profiles[choice.profile], choice.reason.key)
