"""Chance that follows from a seed: the same life again, whenever it is run."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Final

_BYTES: Final = 6


def drawn(*parts: object) -> float:
    """Return a number in [0, 1) that follows from the parts alone."""
    text = "\x1f".join(str(part) for part in parts)
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=_BYTES).digest()
    return int.from_bytes(digest, "big") / 256**_BYTES


def drawing(*parts: object) -> Callable[[], float]:
    """Return what gives one such number after another."""
    count = 0

    def one() -> float:
        nonlocal count
        count += 1
        return drawn(*parts, count)

    return one
