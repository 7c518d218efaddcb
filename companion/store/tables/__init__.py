"""The tables of the record, room by room. Importing this package declares them all."""

from companion.store.tables import (
    access,
    body,
    daily,
    hospital,
    life,
    outbox,
    people,
    release,
    safety,
    screening,
    talk,
)
from companion.store.tables.base import Base

__all__ = [
    "Base",
    "access",
    "body",
    "daily",
    "hospital",
    "life",
    "outbox",
    "people",
    "release",
    "safety",
    "screening",
    "talk",
]
