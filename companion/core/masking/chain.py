"""The chain: numbers, the record's own names and places, what a library finds, proper nouns; then a second look.

What leaves is either a text in which nothing of all that was found is left, or nothing: where the second look, which
reads more coarsely than the first, still sees something, the text is withheld. Law: a masked text that is masked again
stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from companion.core.masking.found import Found, IdentifierFinder, Kind, merged
from companion.core.masking.names import Names
from companion.core.masking.numbers import Numbers
from companion.core.masking.places import Places
from companion.core.morphology import Analyser

_MOST_DIGITS_LEFT: Final = 6
_SIGNS: Final = ("@", "골뱅이")
_WRITTEN: Final = re.compile(r"\d[\d\s.\-–]*\d")


@dataclass(frozen=True, slots=True)
class Own:
    """What the record knows by name around one person."""

    names: tuple[str, ...] = ()
    """Whole names and given names of the person, their contacts, and whoever they told of."""
    places: tuple[str, ...] = ()


NOBODY: Final = Own()


@dataclass(frozen=True, slots=True)
class Outward:
    """A text as it may leave."""

    text: str
    """Empty where it is withheld."""
    withheld: bool = False
    found: Sequence[Found] = field(default=())
    """What was masked, as spans of the text that came in."""


def withheld(_person_id: str, _words: str) -> Outward:
    """Let nothing leave: where nobody said how."""
    return Outward("", withheld=True)


class Masking:
    """Built once.

    Args:
        table: Of ``prompts/masking/words.toml``.
        analyser: Of morphemes.
        finder: The library.
    """

    def __init__(self, table: Mapping[str, Any], analyser: Analyser, finder: IdentifierFinder) -> None:
        self._masks = {kind: str(table["mask"][kind]) for kind in Kind}
        self._numbers = Numbers(table)
        self._names = Names(table, analyser)
        self._places = Places(table, analyser)
        self._finder = finder
        self._free = frozenset(table["free"]["words"])

    def outward(self, text: str, own: Own = NOBODY) -> Outward:
        """Return a text as it may leave.

        Args:
            text: What somebody said.
            own: What the record knows by name.
        """
        found = merged(self.found(text, own))
        masked = self._written(text, found)
        if self._is_left(masked, own):
            return Outward("", withheld=True, found=found)
        return Outward(masked, found=found)

    def found(self, text: str, own: Own) -> Iterable[Found]:
        """Yield all that is found, as spans that may overlap."""
        yield from self._numbers.find(text)
        yield from self._places.find(text, own.places)
        yield from self._names.find(text, own.names)
        for one in self._finder.find(text):
            free = text[one.start : one.end] in self._free
            if not free and not (one.kind is Kind.NAME and self._names.is_word(text, one)):
                yield one

    def _written(self, text: str, found: Sequence[Found]) -> str:
        parts, position = [], 0
        for one in found:
            parts += [text[position : one.start], self._masks[one.kind]]
            position = one.end
        return "".join([*parts, text[position:]])

    def _is_left(self, masked: str, own: Own) -> bool:
        """Look again, more coarsely: long numbers whatever stands between them, signs of mail, names of the record."""
        for mask in self._masks.values():
            masked = masked.replace(mask, " \n ")
        digits = (sum(letter.isdigit() for letter in match[0]) for match in _WRITTEN.finditer(masked))
        said = (len(one.value) for one in self._numbers.digits(masked))
        long = max([0, *digits, *said]) > _MOST_DIGITS_LEFT
        signs = any(sign in masked for sign in _SIGNS)
        names = self._names.own_left(masked, own.names) or self._places.own_left(masked, own.places)
        return long or signs or names
