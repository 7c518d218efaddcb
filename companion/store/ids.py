"""Ids that sort by time and never meet, whichever device made them (UUID version 7, RFC 9562)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

_LENGTH: Final = 36
"""Characters of an id."""


def new_id(at: datetime) -> str:
    """Return a new id for something that happened at ``at`` (aware): 36 characters, later ones sort later.

    Within one millisecond the order is by chance.
    """
    milliseconds = int(at.timestamp() * 1000) & (2**48 - 1)
    chance = secrets.randbits(74)
    value = milliseconds << 80 | 0x7 << 76 | (chance >> 62) << 64 | 0b10 << 62 | chance & (2**62 - 1)
    return str(UUID(int=value))


def is_whole(wanted: str) -> bool:
    """Return whether what names a row is a whole id, not only its end: it is then found by the index of ids."""
    return len(wanted) == _LENGTH
