"""What is shipped under models/."""

from __future__ import annotations

from pathlib import Path

import pytest

from companion.artifacts.catalogue import load_manifests
from companion.artifacts.manifest import KNOWN_LICENCES, TASKS, CarriedSource, HubSource, InstalledSource
from companion.artifacts.profiles import EMBEDDED, Reason, load_profiles
from companion.cli.messages import sentences
from companion.prompts import data_folder

FOLDER = data_folder("models")
MANIFESTS = load_manifests(FOLDER)
PROFILES = load_profiles(FOLDER, MANIFESTS)


def test_every_file_of_the_folder_is_read() -> None:
    """Each TOML file but the profiles is a manifest under its own name."""
    assert set(MANIFESTS) == {path.stem for path in FOLDER.glob("*.toml")} - {"profiles"}


@pytest.mark.parametrize("name", MANIFESTS)
def test_each_artifact_is_pinned_and_its_licence_known(name: str) -> None:
    """No artifact is shipped whose content or licence is open."""
    manifest = MANIFESTS[name]
    assert manifest.is_pinned
    assert set(manifest.licences) <= KNOWN_LICENCES
    assert manifest.memory_mb > 0


@pytest.mark.parametrize("name", MANIFESTS)
def test_where_recordings_have_to_be_named_they_are(name: str) -> None:
    """An artifact under a licence that asks for credit gives it."""
    manifest = MANIFESTS[name]
    if {"CC-BY-3.0", "OpenRAIL-M"} & set(manifest.licences):
        assert manifest.credits


def test_the_embedded_profile_comes_from_the_registry_alone() -> None:
    """Every file of it is carried by packages, or is part of a dependency."""
    for name in PROFILES[EMBEDDED].artifacts:
        manifest = MANIFESTS[name]
        carried = {file for source in manifest.sources if isinstance(source, CarriedSource) for file, _ in source.parts}
        installed = any(isinstance(source, InstalledSource) for source in manifest.sources)
        assert installed or carried == {file.name for file in manifest.files}


def test_every_recommended_artifact_has_a_source_on_the_hub_or_in_the_registry() -> None:
    """No profile names something that no source could bring."""
    for profile in PROFILES.values():
        for name in (*profile.artifacts, *profile.options):
            kinds = (HubSource, CarriedSource, InstalledSource)
            assert any(isinstance(source, kinds) for source in MANIFESTS[name].sources)


@pytest.mark.parametrize("name", PROFILES)
def test_each_profile_fits_the_machine_that_it_asks_for(name: str) -> None:
    """The memory of its parts, and the estimate for the whole, stay under the machine's memory."""
    profile = PROFILES[name]
    parts = sum(MANIFESTS[artifact].memory_mb for artifact in profile.artifacts)
    assert parts <= profile.memory_mb
    assert name == EMBEDDED or profile.memory_mb < profile.minimum_ram_mb


@pytest.mark.parametrize("name", PROFILES)
def test_what_a_profile_says_of_itself_stands_among_the_sentences(name: str) -> None:
    """The keys of replies, voice and licence lead to sentences."""
    profile = PROFILES[name]
    assert {profile.reply_driver, profile.voice_note, profile.licence_note} <= set(sentences())


def test_every_reason_of_auto_has_a_sentence() -> None:
    """Whatever ``auto`` decides, it can say why."""
    assert {reason.key for reason in Reason} <= set(sentences())


def test_only_profiles_with_their_own_author_may_use_generated_replies() -> None:
    """In the embedded profile the model never writes a reply."""
    assert not PROFILES[EMBEDDED].generation
    assert all(profile.generation for name, profile in PROFILES.items() if name != EMBEDDED)


def test_the_profile_knows_its_artifact_for_each_task() -> None:
    """``of`` gives an artifact of the kind that was asked for."""
    for profile in PROFILES.values():
        for kind in TASKS:
            assert MANIFESTS[profile.of(kind)].kind is kind


def test_no_manifest_names_a_path_of_a_machine() -> None:
    """Manifests speak of repositories and packages, never of somebody's disk."""
    for path in Path(FOLDER).glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert "/home/" not in text
        assert "file://" not in text
