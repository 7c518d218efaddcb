"""The real dialogue, built once for all conversations."""

from __future__ import annotations

import pytest

from companion.dialogue.flow import Dialogue
from tests.shipped import shipped_dialogue


@pytest.fixture(scope="session")
def dialogue() -> Dialogue:
    return shipped_dialogue()
