"""One person of half a year, made once for all tests that only read; another for those that decide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from companion.exchange.dossier import Dossier
from companion.store import passwords
from companion.wiring.exporting import Wish, gathered
from tests.exchange.somebody import Somebody, somebody


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Somebody]:
    """Give somebody of half a year: to be read only."""
    with _quick_passwords(), somebody(tmp_path_factory.mktemp("lived") / "record") as one:
        yield one


@pytest.fixture(scope="session")
def dossier(lived: Somebody) -> Dossier:
    """Give all that an export of them holds, readings one by one, too."""
    with _quick_passwords():
        return gathered(lived.viewer(), lived.person, Wish(raw=True), kind="pdf")


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Somebody]:
    """Give somebody of three weeks, of their own."""
    with _quick_passwords(), somebody(tmp_path / "record", weeks=3) as one:
        yield one


@pytest.fixture
def newborn(tmp_path: Path) -> Iterator[Somebody]:
    """Give somebody to whom nothing happened yet."""
    with _quick_passwords(), somebody(tmp_path / "record", lived=False) as one:
        yield one


@contextmanager
def _quick_passwords() -> Iterator[None]:
    """Let passwords cost next to nothing."""
    passwords._nobodys.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_MEMORY_KIB", 32)
        patch.setattr(passwords, "_PASSES", 1)
        yield
