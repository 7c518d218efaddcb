"""Reads the manifests of a folder: one ``<artifact-id>.toml`` each."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from companion.artifacts.manifest import Manifest
from companion.artifacts.parse import parse_manifest
from companion.artifacts.problems import ManifestInvalid, Problem

PROFILES_FILE: Final = "profiles.toml"
"""The one file of the folder that is not a manifest."""


def load_manifests(folder: Path) -> dict[str, Manifest]:
    """Return every manifest of ``folder`` by id, in the order of ids.

    Raises:
        ManifestInvalid: With every problem of every file.
    """
    found: dict[str, Manifest] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        if path.name == PROFILES_FILE:
            continue
        try:
            manifest = parse_manifest(read_table(path), path.name)
        except ManifestInvalid as error:
            problems.extend(error.problems)
            continue
        if manifest.id != path.stem:
            problems.append(Problem(path.name, "id", f"the file is called {path.stem!r}"))
        found[manifest.id] = manifest
    if problems:
        raise ManifestInvalid(problems)
    return dict(sorted(found.items()))


def read_table(path: Path) -> dict[str, Any]:
    """Return the parsed TOML of ``path``.

    Raises:
        ManifestInvalid: It cannot be read, is not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestInvalid([Problem(path.name, "", error.strerror or "unreadable")]) from error
    except ValueError as error:
        raise ManifestInvalid([Problem(path.name, "", f"not TOML: {error}")]) from error
