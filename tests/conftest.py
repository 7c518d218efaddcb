"""What every test shares: no test sees the settings, records or models of whoever runs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.new_tables import copied_tables

# How long an example takes is a matter for the benches: a loaded machine is no failing law.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# The data hold thousands of patterns and tests load them again and again; `re` forgets them after a few hundred.
re._MAXCACHE = 50_000  # type: ignore[attr-defined]


LONGEST = ("store", "simulation", "session", "cli")
"""Folders whose files take minutes, though they hold few tests: they begin first, so that no core waits for another.

Those of the store come first of all: they fork again and again, which is dear in a process that has grown.
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first, in an order that is the same on every core."""

    def place(item: pytest.Item) -> int:
        folder = item.path.parent.name
        return LONGEST.index(folder) if folder in LONGEST else len(LONGEST)

    items.sort(key=place)


@pytest.fixture(autouse=True, scope="session")
def quick_records() -> Iterator[None]:
    """Make new records in files without running every migration for each."""
    with copied_tables():
        yield


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a home of its own, so that nobody's settings or records are read or written."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("COMPANION_HOME", str(home))
    monkeypatch.delenv("COMPANION_CONFIG", raising=False)
    return home
