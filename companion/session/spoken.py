"""What was really spoken of a reply, told from how much of its sound had been played."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from companion.core.phrase import Phrase

_ALL_BUT_SECONDS: Final = 0.12
"""A phrase of which less than this is missing was heard whole."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What became of one reply."""

    text: str
    """What was really spoken; the whole reply where it was only shown, because there is no voice or no speaker."""
    complete: bool
    """False if it was cut, by the person, by a lost device or by a voice that failed."""
    first_sound: float | None
    """When its first sample was handed to the speaker, in seconds on the session's monotonic clock; None if never."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A phrase and where its sound lies in the stream of the speaker, in seconds since the speaker was opened."""

    phrase: Phrase
    start: float
    seconds: float


def spoken_words(placed: Sequence[Placed], played: float) -> str:
    """Return the words of ``placed`` that had been heard when ``played`` seconds had been played.

    A phrase that was cut gives as many of its words as its share of letters allows; a word begun is not counted.
    """
    words: list[str] = []
    for each in placed:
        heard = played - each.start
        if heard >= each.seconds - _ALL_BUT_SECONDS:
            words.append(each.phrase.written)
        elif heard > 0:
            words.append(_share(each.phrase.written, heard / each.seconds))
    return " ".join(filter(None, words))


def _share(written: str, share: float) -> str:
    words = written.split()
    letters = sum(map(len, words))
    said: list[str] = []
    count = 0
    for word in words:
        count += len(word)
        if count > share * letters:
            break
        said.append(word)
    return " ".join(said)
