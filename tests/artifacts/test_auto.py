"""What ``auto`` means on a device."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from companion.artifacts.agreement import agree
from companion.artifacts.auto import Machine, auto_profile, is_complete
from companion.artifacts.catalogue import load_manifests
from companion.artifacts.manifest import Kind, Manifest
from companion.artifacts.profiles import EMBEDDED, Choice, Profile, Reason, load_profiles
from companion.artifacts.shelf import Shelf
from companion.prompts import data_folder
from tests.fakes.tiny_artifacts import CONFIG, WEIGHTS, put, tiny_manifest

BEST = "recommended-8gb"
LARGE = Machine(ram_bytes=8_000_000_000, gpu_bytes=0, cores=4)
SMALL = Machine(ram_bytes=2_000_000_000, gpu_bytes=0, cores=4)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models")


@pytest.fixture
def manifests() -> dict[str, Manifest]:
    """The shipped ids, each made of the two small files."""
    shipped = load_manifests(data_folder("models"))
    return {name: replace(tiny_manifest(name=name), kind=manifest.kind) for name, manifest in shipped.items()}


@pytest.fixture
def profiles(manifests: dict[str, Manifest]) -> dict[str, Profile]:
    return load_profiles(data_folder("models"), manifests)


def hub_not_to_be_asked() -> bool:
    raise AssertionError


def fill(shelf: Shelf, profile: Profile, manifests: dict[str, Manifest]) -> None:
    """Put every file of the profile where it belongs."""
    for name in profile.artifacts:
        put(shelf.own_folder(manifests[name]), {"weights.bin": WEIGHTS, "config.json": CONFIG})


def test_a_small_machine_needs_no_hub(
    shelf: Shelf, profiles: dict[str, Profile], manifests: dict[str, Manifest]
) -> None:
    """Where nothing recommended fits, nobody is asked."""
    choice = auto_profile(profiles, manifests, shelf, machine=SMALL, hub=hub_not_to_be_asked)
    assert choice == Choice(EMBEDDED, Reason.MACHINE_SMALL)


def test_what_was_agreed_to_and_lies_here_needs_no_hub(
    shelf: Shelf, profiles: dict[str, Profile], manifests: dict[str, Manifest]
) -> None:
    """A device that was set up once starts alike without a network."""
    fill(shelf, profiles[BEST], manifests)
    agree(shelf.folder, profiles[BEST], manifests)
    choice = auto_profile(profiles, manifests, shelf, machine=LARGE, hub=hub_not_to_be_asked)
    assert choice == Choice(BEST, Reason.PULLED)


@pytest.mark.parametrize(
    ("answers", "agreed", "expected"),
    [
        (False, True, Choice(EMBEDDED, Reason.HUB_SILENT)),
        (True, False, Choice(EMBEDDED, Reason.NOT_AGREED)),
        (True, True, Choice(BEST, Reason.AGREED)),
    ],
)
def test_otherwise_hub_and_agreement_decide(
    shelf: Shelf,
    profiles: dict[str, Profile],
    manifests: dict[str, Manifest],
    *,
    answers: bool,
    agreed: bool,
    expected: Choice,
) -> None:
    """Both have to be there for a profile that is not here yet."""
    if agreed:
        agree(shelf.folder, profiles[BEST], manifests)
    assert auto_profile(profiles, manifests, shelf, machine=LARGE, hub=lambda: answers) == expected


def test_one_missing_file_makes_a_profile_incomplete(
    shelf: Shelf, profiles: dict[str, Profile], manifests: dict[str, Manifest]
) -> None:
    """A profile is complete with its last file and not before."""
    profile = profiles[BEST]
    fill(shelf, profile, manifests)
    assert is_complete(profile, manifests, shelf)
    (shelf.own_folder(manifests[profile.of(Kind.VOICE)]) / "config.json").unlink()
    assert not is_complete(profile, manifests, shelf)


def test_this_machine_has_memory_and_cores() -> None:
    """The figures of the machine that runs the test are plausible."""
    here = Machine.here()
    assert here.ram_bytes > 100_000_000
    assert here.gpu_bytes >= 0
    assert here.cores >= 1
