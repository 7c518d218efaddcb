"""Which of the sentences that were said back by what was learnt may be said. Pure.

What was learnt is not sure of itself everywhere, and some words are never repeated, however surely: both are data
(``restated`` of ``prompts/lexicon/mirror.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from companion.core.hangul import decompose, is_syllable, last_coda
from companion.dialogue.mirroring.repeatable import Repeatable
from companion.dialogue.requests import Restated

_NO_LETTERS: Final = re.compile(r"[^가-힣]")


class Restatements:
    """Built once from the table.

    Raises:
        KeyError: A part of the table is missing.
        re.error: A rule is no regular expression.
    """

    def __init__(self, table: Mapping[str, Any], repeatable: Repeatable) -> None:
        own = table["restated"]
        self._repeatable = repeatable
        self._sure, self._firm, self._likely = (float(own[name]) for name in ("sure", "firm", "likely"))
        self._very = float(own["very"])
        self._fewest, self._most = int(own["fewest"]), int(own["most"])
        self._ends = str(own["ends"])
        self._never = re.compile("|".join(own["never"]))
        small = "|".join(sorted(map(re.escape, map(str, (*table["young"], *table["animals"])))))
        self._honoured = re.compile(rf"(?<![가-힣])(?:{small})(?:들)?[이가도은는] [^,]*(?:시는군요|시군요|셨군요)$")
        self._small = re.compile(rf"(?<![가-힣])(?:{small})")
        self._others_do = re.compile(str(own["others_do"]))
        self._asked, self._broken = re.compile(own["asked"]), re.compile("|".join(own["broken"]))

    def best(self, restated: Sequence[Restated], *, answers: bool = False) -> Restated | None:
        """Return the fullest and likeliest of those that may be said, a firm one before others; None where none may.

        Of the ways in which a telling is said back the first that may be said is taken, so the whole is not taken for
        one of its sentences. Of an answer that cannot be said back otherwise another sentence is, if it is very sure:
        lessons of answers say back one sentence only, so that the others are held for unlikely.
        """
        of_small = any(self._small.search(one.told) for one in restated)
        own = [one for one in restated if not (of_small and self._others_do.search(one.text))]
        fit = _first_ways(one for one in own if self.may_be_said(one))
        if not fit and answers:
            sure = (one for one in own if one.sure >= self._very)
            fit = _first_ways(one for one in sure if self.may_be_said(replace(one, likely=1.0)))
        return max(fit, key=lambda one: (self.is_firm(one), _letters(one.text) * one.likely), default=None)

    def is_firm(self, restated: Restated) -> bool:
        """Whether it is surer than what rules say back."""
        return restated.sure >= self._firm

    def may_be_said(self, restated: Restated) -> bool:
        """Whether it is sure, likely, of a fit length, standard Korean, and nothing that is never repeated."""
        said = restated.text
        sure = restated.sure >= self._sure and restated.likely >= self._likely
        whole = said.endswith(self._ends) and self._fewest <= _letters(said) <= self._most
        barred = self._never.search(said.replace(" ", "")) or self._asked.search(restated.told)
        barred = barred or self._honoured.search(said)  # 손주가 용돈을 주셨군요
        right = self._repeatable.is_plain(f" {said}") and not self._broken.search(f" {said}") and not _is_cut_off(said)
        return sure and whole and not barred and right


def _first_ways(restated: Iterable[Restated]) -> list[Restated]:
    """Return the first way of each that was told."""
    found: dict[str, Restated] = {}
    for one in restated:
        found.setdefault(one.told, one)
    return list(found.values())


def _is_cut_off(said: str) -> bool:
    """Whether a word lacks its ending, or has one of another stem: 무너졌 사람은, 두으셨군요, 몰는데."""
    if any(decompose(found[1]).vowel not in _BRIGHT for found in _BRIGHT_PAST.finditer(said)):
        return True
    past = any(last_coda(word[-1:]) == _PAST for word in said.split() if is_syllable(word[-1:]))
    past = past or any(last_coda(found[1]) == _DROPPED for found in _BEFORE_NASAL.finditer(said))
    return past or any(not last_coda(found[1]) and found[1] != _GATHER for found in _LINKED.finditer(said))


_PAST: Final = "ㅆ"
_DROPPED: Final = "ㄹ"
"""Before 는 it is gone: 모는데."""
_BEFORE_NASAL: Final = re.compile(r"([가-힣])는(?!지)")
_BRIGHT: Final = "ㅏㅑㅗ"
_BRIGHT_PAST: Final = re.compile(r"([가-힣])았")
"""Behind other vowels it is 었: 씹았."""
_GATHER: Final = "모"
"""모으시: its own 으."""
_LINKED: Final = re.compile(r"([가-힣])으[셨시]")


def _letters(said: str) -> int:
    return len(_NO_LETTERS.sub("", said))
