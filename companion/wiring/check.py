"""One line of what ``companion doctor`` found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """What a check came to."""

    OK = "ok"
    PROBLEM = "problem"
    SKIPPED = "skipped"
    """Not a fault, but something that does not work here: no microphone on a machine that is typed on."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's report."""

    name: str
    verdict: Verdict
    key: str
    """Key of the operator sentence that says what was found and, for a problem, what to do."""
    fields: Mapping[str, object] = field(default_factory=dict)
