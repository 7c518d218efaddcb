"""What is found in a resource before it is a record, and what is not taken of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from companion.core.hospital import Kind
from companion.exchange.fhir.incoming.elements import Concept, Value


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that should have been taken and cannot be."""

    reason: str
    """Key under ``[records.trouble]``: no_moment, future, wrong_type …"""
    what: str
    """Type of the resource."""
    where: str = ""
    """Name of the element; never its content."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that 말벗 does not keep."""

    what: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A record whose moments are not read yet."""

    kind: Kind
    named: Concept
    status: str = ""
    occurred: str = ""
    ended: str = ""
    value: Value = field(default_factory=Value)
    instrument: str = ""
    needs_moment: bool = False
    may_be_nameless: bool = False
    suffix: str = ""
    """Behind the id of the resource, where one resource holds several things."""
    resource: Mapping[str, Any] = field(default_factory=dict)
    """What is kept of it; empty for its usual elements."""
