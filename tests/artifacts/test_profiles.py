"""Which profile suits which machine, and what was agreed to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.artifacts.agreement import agree, agreed_profiles
from companion.artifacts.catalogue import load_manifests
from companion.artifacts.problems import ManifestInvalid
from companion.artifacts.profiles import EMBEDDED, Choice, Reason, choose_auto, load_profiles, recommend
from companion.prompts import data_folder

MANIFESTS = load_manifests(data_folder("models"))
PROFILES = load_profiles(data_folder("models"), MANIFESTS)
LARGEST = "recommended-16gb"
_BYTES = st.integers(0, 64_000_000_000)


@pytest.mark.parametrize(
    ("ram", "gpu", "cores", "expected"),
    [
        (2.0, 0, None, EMBEDDED),
        (3.9, 0, None, "recommended-4gb"),
        (7.9, 0, None, "recommended-8gb"),
        (16.5, 0, None, LARGEST),
        (16.5, 0, 2, "recommended-4gb"),
        (16.5, 0, 4, "recommended-8gb"),
        (7.9, 16, 4, LARGEST),
        (3.9, 4, 1, EMBEDDED),
    ],
)
def test_memory_cores_and_gpu_decide(ram: float, gpu: float, cores: int | None, expected: str) -> None:
    """GB of RAM and GPU, and cores, lead to the largest profile that fits."""
    found = recommend(PROFILES, ram_bytes=int(ram * 1e9), gpu_bytes=int(gpu * 1e9), cores=cores)
    assert found == expected


@given(_BYTES, _BYTES, _BYTES)
def test_more_memory_never_recommends_a_smaller_profile(one: int, other: int, gpu: int) -> None:
    """The recommendation grows with the machine."""
    small, large = (
        PROFILES[recommend(PROFILES, ram_bytes=ram, gpu_bytes=gpu)].minimum_ram_mb for ram in sorted((one, other))
    )
    assert small <= large


@pytest.mark.parametrize(
    ("recommended", "hub", "agreed", "pulled", "expected"),
    [
        (EMBEDDED, True, set(), set(), Choice(EMBEDDED, Reason.MACHINE_SMALL)),
        (LARGEST, False, set(), set(), Choice(EMBEDDED, Reason.HUB_SILENT)),
        (LARGEST, False, {LARGEST}, set(), Choice(EMBEDDED, Reason.HUB_SILENT)),
        (LARGEST, True, set(), set(), Choice(EMBEDDED, Reason.NOT_AGREED)),
        (LARGEST, True, {"recommended-8gb"}, set(), Choice(EMBEDDED, Reason.NOT_AGREED)),
        (LARGEST, True, {LARGEST}, set(), Choice(LARGEST, Reason.AGREED)),
        (LARGEST, False, {LARGEST}, {LARGEST}, Choice(LARGEST, Reason.PULLED)),
        (LARGEST, False, set(), {LARGEST}, Choice(EMBEDDED, Reason.HUB_SILENT)),
    ],
)
def test_auto_says_which_and_why(
    *, recommended: str, hub: bool, agreed: set[str], pulled: set[str], expected: Choice
) -> None:
    """Nothing is used that nobody agreed to, and what lies here needs no hub."""
    assert choose_auto(recommended, hub_answers=hub, agreed=agreed, pulled=pulled) == expected


def test_an_agreement_holds_until_a_licence_changes(tmp_path: Path) -> None:
    """A person is asked again when an artifact comes under other terms."""
    profile = PROFILES[LARGEST]
    assert LARGEST not in agreed_profiles(tmp_path, PROFILES, MANIFESTS)
    agree(tmp_path, profile, MANIFESTS)
    assert agreed_profiles(tmp_path, PROFILES, MANIFESTS) == {EMBEDDED, LARGEST}
    changed = {**MANIFESTS, profile.voice: replace(MANIFESTS[profile.voice], licence="MIT")}
    assert agreed_profiles(tmp_path, PROFILES, changed) == {EMBEDDED}


def test_a_broken_agreement_file_means_that_nobody_agreed(tmp_path: Path) -> None:
    """An unreadable file is as good as none, and can be written anew."""
    (tmp_path / "agreed.json").write_text("{")
    assert agreed_profiles(tmp_path, PROFILES, MANIFESTS) == {EMBEDDED}
    agree(tmp_path, PROFILES[LARGEST], MANIFESTS)
    assert LARGEST in agreed_profiles(tmp_path, PROFILES, MANIFESTS)


def test_broken_profiles_name_every_fault(tmp_path: Path) -> None:
    """An artifact of the wrong kind, a flag that is none and a missing embedded profile are told at once."""
    text = (data_folder("models") / "profiles.toml").read_text(encoding="utf-8")
    broken = text.replace("[embedded]", "[other]").replace('recognizer = "whisper-small"', 'recognizer = "supertonic"')
    (tmp_path / "profiles.toml").write_text(broken.replace("exercised = true", 'exercised = "yes"'), encoding="utf-8")
    with pytest.raises(ManifestInvalid) as caught:
        load_profiles(tmp_path, MANIFESTS)
    keys = {problem.key for problem in caught.value.problems}
    assert keys == {EMBEDDED, "recommended-8gb.recognizer", "other.exercised"}


@pytest.mark.parametrize("content", [b"[broken", b"\xff", b'id = "other"\n'])
def test_a_folder_with_a_broken_manifest_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    """Not TOML, not UTF-8, or not a manifest: the file is named."""
    (tmp_path / "tiny.toml").write_bytes(content)
    with pytest.raises(ManifestInvalid) as caught:
        load_manifests(tmp_path)
    assert caught.value.fields["file"] == "tiny.toml"
