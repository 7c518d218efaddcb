"""Says a short answer back with the words of the question: 떡, to 뭘 드셨어요, is 떡을 드셨군요.

A verb comes last in Korean, so what was asked for is put where it was asked, and the question ends as a statement.
Only where the answer is a bare word or a few, the question has a word that asks, and its ending is known: all of that
is data (``answered`` of ``prompts/lexicon/mirror.toml``). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from companion.core.hangul import last_coda, with_particle
from companion.core.morphology import Morpheme
from companion.dialogue.mirroring.rendering import Rendering
from companion.dialogue.mirroring.tellings import question_of

Analyse = Callable[[str], Sequence[Morpheme]]

_NUMBER: Final = "number"
"""Kind of a word that asks how many: the thing is named where the answer only counts."""
_CAUSE: Final = "cause"
"""Kind of a word that asks why: the answer ends as a cause does, 양말 신다가."""
_BARE: Final = frozenset({"NNG", "NNP", "NNB", "NNBC", "NR", "XSN", "SL"})
"""Tags of words behind which a particle may stand."""
_CLOSED: Final = _BARE | {"JKB", "JKO", "JX", "JC", "MAG"}
"""Tags with which an answer ends."""
_INSIDE: Final = _CLOSED | {"MM", "JKG", "XPN", "SN"}
_OF_CAUSES: Final = _INSIDE | {"VV", "VA", "VX", "XSV", "XSA", "EC", "ETM", "EP", "JKS", "VCP"}
_ENDS: Final = frozenset({"VCP", "EF"})
_DOER: Final = "JKS"
"""조카며느리가: the word that asked has a particle of its own."""
_STATE: Final = "VA"
_WISH: Final = "싶"
_OBJECT: Final = "을/를"
_ISLAND: Final = "도"
"""In the name of a place, which an analyser takes for a particle: 거제도."""
_PLACE: Final = "place"
_PERSON: Final = "person"
_COUNTED: Final = {"하나": "한", "둘": "두", "셋": "세", "넷": "네", "스물": "스무"}
"""Numbers as they stand before what is counted."""
_PAST: Final = "ㅆ"
_COPULAS: Final = (("copula", "이군요/군요"), ("copula_past", "이었군요/였군요"))
_SIGNS: Final = re.compile(r"[,.!?…~]+")
_POLITE: Final = re.compile(r"(?<![어아여지네해세예에까나와워죠가])[요유]$")
"""Behind a bare word: 장구요."""
_WELL: Final = " 뭐"
"""Behind anything: 돈 얘기지 뭐."""
_NO_LETTERS: Final = re.compile(r"[^가-힣]")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that asks, and what stands behind what is put in its place."""

    asks: re.Pattern[str]
    kind: str
    pair: str
    """A particle, or two such as 을/를; none where empty."""


class Answered:
    """Built once from the table.

    Raises:
        KeyError: A part of the table is missing.
        re.error: A rule is no regular expression.
    """

    def __init__(self, table: Mapping[str, Any], rendering: Rendering) -> None:
        own = table["answered"]
        self._rendering = rendering
        self._words = tuple(_Word(re.compile(asks), str(kind), str(pair)) for asks, kind, pair in own["words"])
        self._particles = {str(asked): str(pair) for asked, pair in own["particles"].items()}
        self._ends = tuple((re.compile(f"(?:{end})$"), str(said)) for end, said in own["ends"])
        self._past = tuple(map(str, own["past"]))
        self._copulas = tuple((re.compile(own[name]), pair) for name, pair in _COPULAS)
        self._fillers, self._causes = re.compile(own["fillers"]), re.compile(own["causes"])
        self._refused, self._unasked = re.compile(own["refused"]), re.compile(own["unasked"])
        self._asks_the_person, self._honours = re.compile(own["asks_the_person"]), re.compile(own["honours"])
        self._yes, self._undecided = re.compile(own["yes"]), re.compile(own["undecided"])
        self._together = re.compile(own["together"])
        self._alone, self._kept = re.compile(own["alone"]), tuple(map(str, own["kept"]))
        self._corrects, self._most = re.compile(own["corrects"]), int(own["most"])

    def said(self, told: str, asked: str, analyse: Analyse) -> str:
        """Return an answer said back without a full stop; empty where it is more than a few words, or none is asked.

        Args:
            told: What was answered, in standard Korean.
            asked: What 말벗 had said.
            analyse: Their analyser.
        """
        question = question_of(asked).rstrip("?! ")
        if self._yes.fullmatch(_NO_LETTERS.sub("", told)):
            return "" if self._undecided.search(question) else self._stated(question, analyse, does=False)
        if not question or self._unasked.search(question) or self._corrects.search(told):
            return ""
        found = next(((word, match) for word in self._words if (match := word.asks.search(question))), None)
        if found is None:
            return ""
        word, match = found
        rest = question[match.end() :]
        copula = next((pair for ending, pair in self._copulas if ending.fullmatch(rest)), "")
        if copula:
            bare = self._placed(told, replace(word, pair=""), match, analyse) if word.kind != _CAUSE else ""
            return with_particle(bare, copula) if bare and analyse(bare)[-1].tag in _BARE else ""
        stated = self._stated(rest.strip(), analyse, does=word.pair == _OBJECT)
        if word.kind == _PERSON and self._alone.fullmatch(_NO_LETTERS.sub("", told)):
            return f"혼자 {self._together.sub('', stated)}" if stated else ""
        answer = self._placed(told, word, match, analyse) if stated else ""
        return f"{answer} {stated}" if answer else ""

    def honours_another(self, said: str, asked: str) -> bool:
        """Return whether it honours though the question asks of something else: 새끼가, 야옹 하시는군요."""
        question = question_of(asked).rstrip("?! ")
        return self._honours.search(said) is not None and self._asks_the_person.search(question) is None

    def _placed(self, told: str, word: _Word, match: re.Match[str], analyse: Analyse) -> str:
        """Return an answer as it stands in the place of the word that asked."""
        bare = self._bare(told, analyse, of_causes=word.kind == _CAUSE)
        if not bare or word.kind == _CAUSE:
            return bare
        morphemes = analyse(bare)
        island = word.kind == _PLACE and morphemes[-1].form == _ISLAND
        if morphemes[-1].tag not in _BARE and not island:
            return self._rendering.with_names(bare, morphemes)
        said = match.groupdict()
        if word.kind == _NUMBER and all(one.tag in {"NR", "SN"} for one in morphemes):
            bare = f"{_before_unit(bare)} {said['unit']}"
        if said.get("noun") in self._kept and not bare.endswith(self._kept):
            bare = f"{bare} {said['noun']}"
        bare = self._rendering.with_names(bare, morphemes)
        pair = self._particles.get(said.get("p") or "", word.pair)
        return with_particle(bare, pair) if "/" in pair else bare + pair

    def _bare(self, told: str, analyse: Analyse, *, of_causes: bool) -> str:
        """Return the first words of an answer without what only leads or ends it; empty where they tell more."""
        first = self._fillers.sub("", _SIGNS.split(told.strip())[0].strip()).strip()
        first = first.removesuffix(_WELL)
        if analyse(first)[-1:] and analyse(first)[-1].tag not in _BARE:
            first = _POLITE.sub("", first)
        if not first or self._refused.search(first):
            return ""
        morphemes = list(analyse(first))
        while morphemes and morphemes[-1].tag in _ENDS and any(one.tag == "VCP" for one in morphemes[-2:]):
            morphemes.pop()
        if len(morphemes) > 1 and morphemes[-1].tag == _DOER:
            morphemes.pop()
        if not morphemes:
            return ""
        bare = first[: morphemes[-1].end].strip()
        tags, letters = {one.tag for one in morphemes}, len(_NO_LETTERS.sub("", bare))
        if not letters or letters > self._most:
            return ""
        if of_causes:
            return bare if tags <= _OF_CAUSES and self._causes.search(bare) else ""
        return bare if tags <= _INSIDE and morphemes[-1].tag in _CLOSED else ""

    def _stated(self, predicate: str, analyse: Analyse, *, does: bool) -> str:
        """Return the end of a question as a statement: 드셨어요 is 드셨군요; empty where it has no such end.

        ``does``: whether something is done to what was asked for, so that it tells no state.
        """
        for end in self._past:
            stem = predicate.removesuffix(end)
            if stem != predicate and last_coda(stem[-1:]) == _PAST:
                return f"{stem}군요"
        for pattern, said in self._ends:
            match = pattern.search(predicate)
            if match is not None:
                stem = predicate[: match.start()]
                states = not does and any(one.tag == _STATE or one.form == _WISH for one in analyse(predicate)[-3:])
                told = said.split("/")
                return stem + (told[-1] if states else told[0])
        return ""


def _before_unit(number: str) -> str:
    """Return a number as it stands before what is counted: 쉰하나 is 쉰한."""
    ending = next((one for one in _COUNTED if number.endswith(one)), "")
    return number.removesuffix(ending) + _COUNTED.get(ending, "")
