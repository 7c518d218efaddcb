"""What a sum or a measure is answered with: a sentence of ``prompts/fixed/reckoning.toml`` and its slots. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

PREFIX: Final = "reckoning.sum"
"""Of the keys of the fixed sentences."""


@dataclass(frozen=True, slots=True)
class Said:
    """A fixed sentence that answers."""

    key: str
    slots: Mapping[str, str] = field(default_factory=dict)
