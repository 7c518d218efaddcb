"""Puts the readers in order: names, numbers by kind, letters, signs; keeps the law that nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.core.hangul import is_syllable
from companion.core.speakable.amounts import Amounts, Units
from companion.core.speakable.calls import Calls
from companion.core.speakable.clean import clean, tidy
from companion.core.speakable.counters import Counters
from companion.core.speakable.dates import Dates
from companion.core.speakable.letters import Hanja, Jamo, Letters, Names, gloss
from companion.core.speakable.ranges import ColdRanges, Ranges, Slashes
from companion.core.speakable.reading import Reader, Reading
from companion.core.speakable.signs import Signs
from companion.errors import PromptError

_HANGUL_RUN: Final = re.compile(r"[가-힣]+")
_SAID_KEPT: Final = 32


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text as it is said aloud."""

    text: str
    """Hangul syllables, blanks and ``, . ? ! … ~`` only; empty where nothing can be said."""
    dropped: tuple[str, ...]
    """Letters and digits that are not said, in order, neighbours together: ``("ㅋㅋ",)``."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text and how it is said."""

    written: str
    """As it stands in the text; the ``written`` of all pieces join to the text exactly."""
    source: str
    """The same, cleaned: NFC, one form for each digit and sign, no control characters."""
    spoken: str
    """Not yet tidied: blanks and marks may double at its ends."""
    slow: bool = False
    """True for digits that somebody may write down: telephone numbers, passwords."""

    @property
    def dropped(self) -> str:
        """Letters and digits of the source, if nothing is said for it; else empty."""
        if any(is_syllable(letter) for letter in self.spoken):
            return ""
        return "".join(letter for letter in self.source if letter.isalnum())


class Speakable:
    """Makes text speakable: only Hangul and punctuation come out, each letter or digit is spoken or listed as dropped.

    Laws: ``read(read(t).text).text == read(t).text``; reading never raises, whatever the text.
    """

    def __init__(self, tables: Mapping[str, Any]) -> None:
        """Take ``prompts/speech/speakable.toml``, parsed.

        Raises:
            PromptError: An entry is missing, of the wrong kind, or a pattern that does not compile.
        """
        try:
            self._build(tables)
        except (KeyError, TypeError, AttributeError, ValueError, IndexError, re.error) as error:
            raise PromptError("speakable.table_broken", table="speech/speakable.toml", where=str(error)) from error

    def _build(self, tables: Mapping[str, Any]) -> None:
        counters = Counters(tables["counters"], tables["digits"])
        units = Units(tables["units"], tables["unit_prefixes"])
        dates = Dates(tables, counters)
        calls = Calls(tables, counters, units)
        amounts = Amounts(tables, counters, units)
        self._old_jamo = {ord(old): str(new) for old, new in tables["jamo"]["old"].items()}
        self._names = Names(tables["names"])
        self._for_digits: tuple[Reader, ...] = (
            dates,
            calls,
            Slashes(tables, counters, units, dates),
            Ranges(tables, counters, units),
            amounts,
        )
        self._for_others: tuple[Reader, ...] = (
            Letters(tables["letters"]),
            Hanja(tables["hanja"]),
            Jamo(tables["jamo"]),
            calls,
            ColdRanges(tables),
            amounts,
            Signs(tables["marks"], tables["numbers"]["point"]),
        )

    def read(self, text: str) -> Spoken:
        """Return how ``text`` is said aloud."""
        pieces = self.pieces(text)
        spoken = tidy("".join(piece.spoken for piece in pieces))
        return Spoken(spoken, dropped_of(pieces))

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """Return ``text`` in pieces that are each read as a whole: 3시 is one, a word of Hangul is one."""
        cleaned = clean(text, self._old_jamo)
        whole, origins = cleaned.text, cleaned.origins
        pieces: list[Piece] = []
        at, said, start = 0, "", 0
        while at < len(whole):
            reading = self._one(whole, at, said)
            end = origins[reading.end]
            pieces.append(Piece(text[start:end], whole[at : reading.end], reading.spoken, slow=reading.slow))
            said = (said + reading.spoken)[-_SAID_KEPT:]
            at, start = reading.end, end
        if start < len(text):
            pieces.append(Piece(text[start:], "", ""))
        return tuple(pieces)

    def _one(self, text: str, at: int, said: str) -> Reading:
        named = self._names(text, at, said)
        if named is not None:
            return named
        run = _HANGUL_RUN.match(text, at)
        if run is not None:
            return Reading(run.end(), run[0])
        character = text[at]
        if character == "(":
            repeated = self._repeated(text, at, said)
            if repeated is not None:
                return repeated
        for reader in self._for_digits if character.isascii() and character.isdigit() else self._for_others:
            reading = reader(text, at, said)
            if reading is not None:
                return reading
        return Reading(at + 1, "")

    def _repeated(self, text: str, at: int, said: str) -> Reading | None:
        """Skip a parenthesis whose hanja or Latin letters are read just like the word before it."""
        match = gloss(text, at)
        if match is None or _HANGUL_RUN.search(match[1]):
            return None
        spoken = _letters_only(self.read(match[1]).text)
        return Reading(match.end(), "") if spoken and _letters_only(said).endswith(spoken) else None


def _letters_only(spoken: str) -> str:
    return "".join(letter for letter in spoken if is_syllable(letter))


def dropped_of(pieces: tuple[Piece, ...]) -> tuple[str, ...]:
    """Return what ``pieces`` leave unsaid; neighbours are put together."""
    groups: list[str] = []
    open_group = False
    for piece in pieces:
        if piece.dropped and open_group:
            groups[-1] += piece.dropped
        elif piece.dropped:
            groups.append(piece.dropped)
        open_group = bool(piece.dropped)
    return tuple(groups)
