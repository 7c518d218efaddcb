"""Every key of every screen, from the bindings themselves: for the help on the screen and for paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rich.cells import set_cell_size
from textual.binding import Binding, BindingType
from textual.dom import DOMNode

from companion.dashboard.places import HOME, PLACES
from companion.dashboard.words import known, say

_COLUMN: Final = 12
"""Cells that a key takes at most in a line."""


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key."""

    key: str
    """As people call it: ``r``, ``F2``, ``Ctrl+P``; the jamo on the same key is left out."""
    does: str


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys of one screen, or those that hold everywhere."""

    title: str
    about: str
    lines: tuple[KeyLine, ...]


def groups() -> Iterator[KeyGroup]:
    """Yield the keys that hold everywhere, then those of each screen that has a key."""
    from companion.dashboard.app import Dashboard

    yield KeyGroup(say("help.everywhere"), say("help.both_keyboards"), (*_lines(Dashboard.BINDINGS), *_usual()))
    for place in PLACES:
        title = say("help.place", typed=spoken_key(place.key), name=say(f"place.{place.id}.name"))
        yield KeyGroup(title, say(f"place.{place.id}.about"), tuple(_of_class(place.screen_class())))
        if place.id == HOME:
            yield _person()


def _person() -> KeyGroup:
    from companion.dashboard.screens.person.screen import PersonScreen

    title = say("help.place", typed=say("help.key.enter"), name=say("place.person.name"))
    return KeyGroup(title, say("place.person.about"), tuple(_of_class(PersonScreen)))


def listed() -> Iterator[str]:
    """Yield the help as lines for a printer, at most 80 cells wide where the words are."""
    yield say("help.title")
    for group in groups():
        yield ""
        yield group.title
        yield f"  {group.about}"
        for line in group.lines:
            yield f"  {set_cell_size(line.key, _COLUMN)}{line.does}"


def spoken_key(keys: str) -> str:
    """Return the first of several keys as people call it."""
    first = keys.split(",", maxsplit=1)[0]
    names = say(f"help.key.{first}") if known(f"help.key.{first}") else first
    if names.startswith("ctrl+"):
        return f"Ctrl+{names[5:].upper()}"
    return names.upper() if len(names) > 1 and names[0] == "f" and names[1:].isdigit() else names


def _usual() -> Iterator[KeyLine]:
    """Yield the keys that Textual itself gives to lists, fields and buttons."""
    for name in ("tab", "arrows", "enter"):
        yield KeyLine(say(f"help.usual.{name}.key"), say(f"help.usual.{name}.does"))


def _of_class(screen: type[DOMNode]) -> Iterable[KeyLine]:
    seen: set[str] = set()
    for one in screen.__mro__:
        if one.__module__.startswith("companion.dashboard"):
            for line in _lines(vars(one).get("BINDINGS", ())):
                if line.key not in seen:
                    seen.add(line.key)
                    yield line


def _lines(bindings: Iterable[BindingType]) -> Iterator[KeyLine]:
    for one in bindings:
        if isinstance(one, Binding) and one.description:
            yield KeyLine(spoken_key(one.key), one.description)
