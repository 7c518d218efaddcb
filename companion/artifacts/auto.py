"""What the default profile ``auto`` means on this device, asked of the device itself.

Gathers what ``profiles.choose_auto`` decides upon: memory, cores, agreements, files that lie here, and only where it
matters whether the hub answers.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from companion.artifacts.agreement import agreed_profiles
from companion.artifacts.hub_answers import hub_answers
from companion.artifacts.machine import gpu_bytes, ram_bytes
from companion.artifacts.manifest import Manifest
from companion.artifacts.profiles import Choice, Profile, choose_auto, recommend
from companion.artifacts.shelf import Presence, Shelf


@dataclass(frozen=True, slots=True)
class Machine:
    """What a recommendation rests on."""

    ram_bytes: int
    gpu_bytes: int
    cores: int

    @classmethod
    def here(cls) -> Machine:
        """Return this machine."""
        return cls(ram_bytes(), gpu_bytes(), os.cpu_count() or 1)

    def recommended(self, profiles: Mapping[str, Profile]) -> str:
        """Return the id of the profile for it."""
        return recommend(profiles, ram_bytes=self.ram_bytes, gpu_bytes=self.gpu_bytes, cores=self.cores)


def is_complete(profile: Profile, manifests: Mapping[str, Manifest], shelf: Shelf) -> bool:
    """Return whether every file of the profile lies here and is right."""
    return all(shelf.state(manifests[name]).presence is Presence.PRESENT for name in profile.artifacts)


def auto_profile(
    profiles: Mapping[str, Profile],
    manifests: Mapping[str, Manifest],
    shelf: Shelf,
    *,
    machine: Machine,
    hub: Callable[[], bool] = hub_answers,
) -> Choice:
    """Return what ``auto`` means here, and why. The hub is asked only where its answer can change anything.

    Args:
        profiles: What there is.
        manifests: Of their artifacts.
        shelf: Of this device; agreements lie beside the files.
        machine: Usually ``Machine.here()``.
        hub: Whether the hub answers; two seconds at most.
    """
    best = machine.recommended(profiles)
    agreed = agreed_profiles(shelf.folder, profiles, manifests)
    pulled = {best} if best in agreed and is_complete(profiles[best], manifests, shelf) else set()
    settled = choose_auto(best, hub_answers=False, agreed=agreed, pulled=pulled)
    if not settled.reason.depends_on_hub:
        return settled
    return choose_auto(best, hub_answers=hub(), agreed=agreed, pulled=pulled)
