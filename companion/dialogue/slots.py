"""Slots of a reply and the particle that fits what fills them.

A slot is written ``{person}``, or with the two forms of a particle behind a colon: ``{thing:을/를}`` becomes ``상추를``
or ``감을``. A reply whose slots cannot all be filled at a moment is not said at that moment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from companion.core.hangul import with_particle

_SLOT: Final = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
_SENTENCE: Final = re.compile(r"\{mirror\}|\{gleaned\}|[^.?!]+[.?!]*")
"""What was said back is a sentence by itself: it has no full stop behind it."""
THING_SLOTS: Final = frozenset({"food", "plant", "animal", "home", "clothes", "place", "work", "fun", "day", "letter"})
"""Kinds of things, as ``prompts/lexicon/naming.toml`` lists them."""
SAID_SLOTS: Final = frozenset({"thing", "person", "mirror", "echo", "gleaned", "wrong", "recalled"}) | THING_SLOTS
"""Filled from what was said, or remembered: a reply with one of them takes up the very words of the person."""


def slots_of(text: str) -> frozenset[str]:
    """Return the names between braces, without their particles."""
    return frozenset(name for name, _ in _SLOT.findall(text))


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of particles written in the slots."""
    return frozenset(pair for _, pair in _SLOT.findall(text) if pair)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with each known slot filled; an unknown one stays as it is written."""

    def fill(match: re.Match[str]) -> str:
        name, pair = match[1], match[2]
        if name not in values:
            return match[0]
        return with_particle(values[name], pair) if pair else values[name]

    return _SLOT.sub(fill, text)


def can_fill(text: str, values: Mapping[str, str]) -> bool:
    """Whether each slot of the text has a value that is not blank."""
    return all(values.get(name, "").strip() for name in slots_of(text))


def without_slots(text: str) -> str:
    """Return what is left of a reply without the sentences that have slots: ``{mirror} 그럼요.`` says ``그럼요.``."""
    return " ".join(one.strip() for one in _SENTENCE.findall(text) if not _SLOT.search(one)).strip()


def taken_up(text: str) -> int:
    """Return how much of what was said the text repeats: 2 for the telling itself, 1 for a name or thing, else 0."""
    slots = slots_of(text)
    if slots & _WHOLE:
        return 2
    return int(bool(slots & SAID_SLOTS))


def is_most(said: str, told: str) -> bool:
    """Whether what is said back is most of what was told: the last of three sentences alone sounds like a parrot.

    Of 106 replies that said back less two strict judges were embarrassed by 72, of 31 that said back more by 15.
    """
    letters = len(_LETTERS.sub("", told))
    return letters > 0 and len(_LETTERS.sub("", said)) >= _MOST * letters


_LETTERS: Final = re.compile(r"[\W_]+")
_MOST: Final = 0.5
_WHOLE: Final = frozenset({"mirror", "echo", "gleaned", "recalled"})
