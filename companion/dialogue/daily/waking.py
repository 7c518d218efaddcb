"""Whether a short stretch of speech calls 말벗: by its name, with the errors of a recogniser, or in distress. Pure.

What is neither is forgotten at once: nobody agreed that 말벗 listens to what is not said to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from companion.core.hangul import decompose, is_syllable
from companion.errors import PromptError

FILE: Final = "daily/wake.toml"
_WORD: Final = re.compile(r"[가-힣]+")
_LONGEST_NAME: Final = 2
"""Words that a recogniser may make of the name: 말 벗아."""
_LATEST: Final = 3
"""Among so many first words of what is said, or the last ones, the name is looked for."""


@dataclass(frozen=True, slots=True)
class Woken:
    """말벗 was called."""

    rest: str = field(default="", repr=False)
    """What was said besides the name; empty where nothing was."""
    distress: bool = False


class WakeWords:
    """Built once from the table."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile it.

        Raises:
            PromptError: A part is missing or cannot be used.
        """
        try:
            self._names = tuple(_letters(str(name)) for name in table["names"])
            self._errors = int(table["errors"])
            self._not_meant = tuple(str(one) for one in table["not_meant"])
            self._before = frozenset(str(one) for one in table["before"])
            self._distress = re.compile("|".join(f"(?:{one})" for one in table["distress"]))
            self._answers = re.compile(f"(?:{'|'.join(sorted(map(str, table['answers']), key=len, reverse=True))})+")
        except KeyError as error:
            raise PromptError("lexicon.missing", file=FILE, entry=str(error.args[0])) from error
        except (TypeError, ValueError, re.error) as error:
            raise PromptError("lexicon.broken", file=FILE, detail=str(error)) from error

    def find(self, text: str) -> Woken | None:
        """Return how 말벗 was called, or None where it was not meant."""
        distress = bool(self._distress.search(text))
        words = list(_WORD.finditer(text))
        for begin in self._places(words):
            for count in range(_LONGEST_NAME, 0, -1):
                if begin + count <= len(words) and self._is_name(words[begin : begin + count]):
                    rest = self._rest(text, words, begin, begin + count)
                    return Woken(rest, distress)
        return Woken(text.strip(), distress=True) if distress else None

    def is_mere_answer(self, text: str) -> bool:
        """Return whether what was said only says that somebody is there: 네, 응 왜."""
        return self._answers.fullmatch("".join(_WORD.findall(text))) is not None

    def _places(self, words: list[re.Match[str]]) -> list[int]:
        """Return where the name may begin: first, behind a word that only calls, or last."""
        places = [0]
        while places[-1] < min(len(words), _LATEST) and words[places[-1]].group() in self._before:
            places.append(places[-1] + 1)
        return [*places, *(place for place in (len(words) - 2, len(words) - 1) if place > 0)]

    def _is_name(self, words: list[re.Match[str]]) -> bool:
        joined = "".join(word.group() for word in words)
        if joined.startswith(self._not_meant):
            return False
        letters = _letters(joined)
        return any(_distance(letters, name) <= self._errors for name in self._names)

    def _rest(self, text: str, words: list[re.Match[str]], begin: int, end: int) -> str:
        before = text[: words[begin].start()]
        kept = " ".join(word for word in before.split() if word.strip(",.!? ") not in self._before)
        return f"{kept} {text[words[end - 1].end() :].lstrip(' ,.!?~')}".strip()


def _letters(word: str) -> str:
    """Return the jamo of a word; an empty onset is no letter."""
    parts = (decompose(one) for one in word if is_syllable(one))
    return "".join(f"{part.onset}{part.vowel}{part.coda}".removeprefix("ㅇ") for part in parts)


def _distance(one: str, other: str) -> int:
    """Return the edit distance of two short words."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, against in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != against))
    return row[-1]
