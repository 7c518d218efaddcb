"""What instruments are called on the screens. On its own, so that the overview stands before the rest is loaded."""

from __future__ import annotations

from companion.wiring.board import known_instruments


def instrument_title(name: str) -> str:
    """Return what an instrument is called, without what it is for."""
    found = known_instruments().get(name)
    return name.upper() if found is None else found.title.split(" (")[0]
