"""The melody of a phrase in Seoul Korean: accentual phrases and a boundary tone, as a table gives them. Pure.

An accentual phrase is a word, or a short one with its neighbour. Its tones are T H ... L H, where T is high after an
aspirated or tense onset, ㅅ or ㅎ, and low after any other; with fewer than four syllables the inner tones give way.
The last syllable before a pause takes a boundary tone instead: low for a statement, rising for a question, and a small
rise where the sentence goes on.

Source: S.-A. Jun, Korean Intonational Phonology and Prosodic Transcription, in Prosodic Typology (2005).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from companion.core.hangul import decompose, is_syllable
from companion.core.pronunciation.phones import Spelled, spelled
from companion.core.score import Score, Tone
from companion.errors import PromptError

_STATEMENT_MARKS: Final = ".!…"
_HELD: Final = (0.35, 0.65)
_PASSED: Final = (0.5,)
_GLIDED: Final = (0.25, 0.9)
_WHOLE: Final = 4
"""Syllables of an accentual phrase that has all its tones."""


class Intonation:
    """Sets phrases to music by one table.

    Args:
        table: ``prompts/speech/intonation.toml``, parsed.

    Raises:
        PromptError: An entry is missing or of the wrong kind.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        try:
            onsets, accentual, boundary = table["onsets"], table["accentual"], table["boundary"]
            self._high_onsets, self._firm_onsets = str(onsets["high"]), str(onsets["firm"])
            self._longest = int(accentual["longest"])
            self._low, self._high = float(accentual["low"]), float(accentual["high"])
            self._first_high, self._middle = float(accentual["first_high"]), float(accentual["middle"])
            self._last, self._decline = float(accentual["last"]), float(accentual["decline"])
            self._statement, self._going_on = float(boundary["statement"]), float(boundary["going_on"])
            self._before_question, self._question = float(boundary["before_question"]), float(boundary["question"])
        except (KeyError, TypeError, ValueError) as error:
            raise PromptError("speakable.table_broken", table="speech/intonation.toml", where=str(error)) from error

    def score(self, pronounced: str, phones_table: Mapping[str, Any], *, rises: bool = False) -> Score:
        """Return the phones of ``pronounced`` and their tones.

        Args:
            pronounced: Hangul as it sounds, spaces and punctuation.
            phones_table: ``prompts/speech/phones.toml``, parsed.
            rises: Whether its last syllable asks.
        """
        said = spelled(pronounced, phones_table)
        phrases = self._accentual_phrases(pronounced)
        tones: dict[int, tuple[float, ...]] = {}
        for number, phrase in enumerate(phrases):
            tones |= self._tones(pronounced, phrase, self._decline * number)
            mark = pronounced[phrase[-1] + 1 : phrase[-1] + 2]
            is_last = number == len(phrases) - 1
            if is_last or (mark and not mark.isspace()):
                asks = rises if is_last else mark == "?"
                tones |= self._boundary(phrase, tones, asks=asks, mark=mark, lower=self._decline * number)
        return Score("".join("".join(each) for each in said), self._placed(pronounced, said, tones))

    def _accentual_phrases(self, pronounced: str) -> list[list[int]]:
        """Return the indices of syllables, phrase by phrase."""
        phrases: list[list[int]] = []
        paused = True
        for word in _words(pronounced):
            before = phrases[-1] if phrases and not paused else []
            short = len(before) == 1 or len(word) == 1
            if before and short and len(before) + len(word) <= self._longest:
                before.extend(word)
            else:
                phrases.append(word)
            paused = not pronounced[word[-1] + 1 : word[-1] + 2].isspace()
        return phrases

    def _tones(self, pronounced: str, phrase: Sequence[int], lower: float) -> dict[int, tuple[float, ...]]:
        begins_high = decompose(pronounced[phrase[0]]).onset in self._high_onsets
        first = self._first_high if begins_high else self._low
        inner = len(phrase) - 2
        if inner <= 0:
            row = [first, self._last][: len(phrase)]
        elif len(phrase) < _WHOLE:
            row = [first, self._high / 2 if begins_high else self._middle, self._last]
        else:
            low = self._low / 2
            falling = [self._high + (low - self._high) * step / (inner - 1) for step in range(inner)]
            row = [first, *falling, self._last]
        return {at: (tone + lower,) for at, tone in zip(phrase, row, strict=True)}

    def _boundary(
        self, phrase: Sequence[int], tones: Mapping[int, tuple[float, ...]], *, asks: bool, mark: str, lower: float
    ) -> dict[int, tuple[float, ...]]:
        """Return the tones of the last syllables before a pause."""
        last, before = phrase[-1], phrase[-2:-1]
        if asks:
            leading = dict.fromkeys(before, (self._before_question + lower,))
            return {**leading, last: (self._before_question + lower, self._question + lower)}
        if mark and mark in _STATEMENT_MARKS:
            leading = {at: (min(tones[at][0], self._low / 2 + lower),) for at in before if at != phrase[0]}
            return {**leading, last: (self._statement / 2 + lower, self._statement + lower)}
        return {last: (self._going_on / 3 + lower, self._going_on + lower)}

    def _placed(
        self, pronounced: str, said: Sequence[Spelled], tones: Mapping[int, tuple[float, ...]]
    ) -> tuple[Tone, ...]:
        placed: list[Tone] = []
        at = 0
        first = min(tones, default=0)
        for index, phones in enumerate(said):
            start = at + len(phones.onset)
            end = start + len(phones.vowel)
            at = end + len(phones.coda)
            row = tones.get(index, ())
            if len(row) > 1:
                shares: Sequence[float] = _GLIDED
            else:
                held = row and (index == first or decompose(pronounced[index]).onset in self._firm_onsets)
                shares, row = (_HELD, row * 2) if held else (_PASSED, row)
            placed += [Tone(start, end, share, tone) for share, tone in zip(shares, row, strict=False)]
        return tuple(placed)


def _words(pronounced: str) -> list[list[int]]:
    """Return the indices of syllables, word by word."""
    words: list[list[int]] = []
    inside = False
    for index, character in enumerate(pronounced):
        if is_syllable(character):
            if inside:
                words[-1].append(index)
            else:
                words.append([index])
        inside = is_syllable(character)
    return words
