"""Which sizes and licences a person agreed to, kept beside the model files.

An agreement holds for exactly what was shown: when an artifact of the profile changes its licence, or another takes its
place, a person is asked again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from companion.artifacts.delivery import disk_errors
from companion.artifacts.manifest import Manifest
from companion.artifacts.profiles import EMBEDDED, Profile

_FILE: Final = "agreed.json"


def agreed_profiles(folder: Path, profiles: Mapping[str, Profile], manifests: Mapping[str, Manifest]) -> frozenset[str]:
    """Return the profiles that were agreed to as they are now; the embedded one needs no agreement."""
    kept = _read(folder)
    same = {name for name, profile in profiles.items() if kept.get(name) == _terms(profile, manifests)}
    return frozenset({EMBEDDED, *same})


def agree(folder: Path, profile: Profile, manifests: Mapping[str, Manifest]) -> None:
    """Note that a person agreed to what ``profile`` brings.

    Raises:
        StorageFull: No room.
        ArtifactError: The folder cannot be written to.
    """
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        kept = {**_read(folder), profile.id: _terms(profile, manifests)}
        temporary = folder / f"{_FILE}.part"
        temporary.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        temporary.replace(folder / _FILE)


def _terms(profile: Profile, manifests: Mapping[str, Manifest]) -> dict[str, str]:
    return {name: manifests[name].licence for name in profile.artifacts}


def _read(folder: Path) -> dict[str, object]:
    try:
        found = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
