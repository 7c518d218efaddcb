"""Says back what was told, as a listener does: ``유골도 못 찾았지`` becomes ``유골도 못 찾으셨군요``.

Only the last clause, only where grammar is sure of its stem and its end, and never what would hurt or be wrong to
repeat: the lists are data (``prompts/lexicon/mirror.toml``). The predicate honours the person where it speaks of them
or of their body and mind, and other people who are to be honoured; things, children and animals it does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from companion.core.hangul import compose, decompose, is_syllable
from companion.core.morphology import Morpheme
from companion.dialogue.mentions import Naming
from companion.dialogue.mirroring.answered import Answered
from companion.dialogue.mirroring.conjugation import Conjugation
from companion.dialogue.mirroring.gleaning import Gleaning
from companion.dialogue.mirroring.honouring import Honouring
from companion.dialogue.mirroring.plainer import Plainer
from companion.dialogue.mirroring.rendering import Rendering
from companion.dialogue.mirroring.repeatable import Repeatable
from companion.dialogue.mirroring.restatements import Restatements
from companion.dialogue.mirroring.stems import Standing, Stems
from companion.dialogue.mirroring.tellings import Quotes, clause_start, counted, last_ending, sentences_told
from companion.dialogue.requests import Restated
from companion.dialogue.slots import is_most

_SENTENCES: Final = re.compile(r"[^.!?…]+")
_PREDICATES: Final = frozenset({"VV", "VA", "XSV", "XSA", "VX", "VCP"})
_CLAUSE: Final = re.compile(r"[.!?…]+")
_OUR: Final = re.compile(r"우리|저희")


class Mirror:
    """Built once from the table."""

    def __init__(self, table: Mapping[str, Any], naming: Naming) -> None:
        """Keep the lists.

        Raises:
            KeyError: A part of the table is missing.
            re.error: A rule is no regular expression.
        """
        conjugation = Conjugation(table)
        self._naming = naming
        self._honouring = Honouring(table, naming)
        self._repeatable = Repeatable(table, naming, conjugation, self._honouring)
        self._rendering = Rendering(table, naming, conjugation, self._honouring)
        self._answered = Answered(table, self._rendering)
        self._stems = Stems(table, conjugation)
        self._plainer = Plainer(table["plainer"])
        self._gleaning = Gleaning(table, conjugation, self._honouring, self._repeatable, self._rendering, self._stems)
        self._quotes = Quotes(table)
        self.restatements = Restatements(table, self._repeatable)
        self._reported = frozenset(map(str, table["reported"]))
        self._endings = frozenset(map(str, table["endings"])) | self._reported | frozenset(self._rendering.hearsay)
        self._speaker = frozenset(map(str, table["speaker"]))
        self._fillers = frozenset(map(str, table["fillers"]))
        self._quoting = frozenset(map(str, table["quoting"]))
        self._named = frozenset(map(str, table["named"]))
        self._endings_varied = tuple((str(one), str(other)) for one, other in table["varied"])
        self._led = tuple(end for pair in self._endings_varied for end in pair)
        self._tail = re.compile(table["tail"])
        self._planned = re.compile(table["planned"])

    def pieces(self, text: str, morphemes: Sequence[Morpheme]) -> tuple[str, ...]:
        """Return what may be said back, the best first: the whole without its tag, then its sentences from the last.

        Of a correction only what is right. A sentence that names nobody is left out where the one before it speaks of
        somebody: who did it is not sure.
        """
        correction = self._naming.correction(text)
        if correction is not None and correction.is_sure:
            return (correction.clause,) if correction.clause else ()
        whole = self._tail.sub("", text.strip())
        shift = len(text) - len(text.lstrip())
        shown = [replace(one, start=one.start - shift, end=one.end - shift) for one in morphemes]
        told = sentences_told(whole, shown)
        return tuple(self._tail.sub("", piece) for piece in told if self._is_own(piece, whole, shown))

    def slot(self, said: str, text: str) -> str:
        """Return a telling said back as it fills a slot: where it is most of a sentence, or what is right of it."""
        correction = self._naming.correction(text)
        told = text if correction is None or not correction.clause else correction.clause
        says = said and any(_is_enough(said, one, told) for one in _CLAUSE.split(told))
        return f"{said}." if says else ""

    def _is_own(self, piece: str, whole: str, morphemes: Sequence[Morpheme]) -> bool:
        """Whether who a sentence speaks of is named in it, or nobody was named before it."""
        start = whole.find(piece)
        if self._quotes.has(piece, whole):
            return False  # 고맙소, 하고 한마디 하더라고
        if start <= 0:
            return True
        inside = [one for one in morphemes if start <= one.start < start + len(piece)]
        earlier = [one for one in morphemes if one.start < start]
        ends = [at for at, one in enumerate(earlier) if one.tag in {"EF", "SF"} and one is not earlier[-1]]
        last = earlier[ends[-1] + 1 :] if len(ends) > 1 else earlier
        named = any(one.tag == "JKS" or (one.tag == "NP" and one.form in self._speaker) for one in inside)
        return named or not self._honouring.is_of_somebody(last)

    def back(self, text: str, analyse: Callable[[str], Sequence[Morpheme]], *, of_others: bool = False) -> str:
        """Return what may be said back of an utterance, without its full stop; nothing where nothing may.

        Of several sentences the fullest: what it is about is mostly told at length, and what came of it in few words.
        Words of a dialect are said back as the standard language has them.
        """
        standard = self._gleaning.plain(text)
        if standard != text and (heard := self.back(standard, analyse, of_others=of_others)):
            return heard
        correction, morphemes = self._naming.correction(text), analyse(text)
        brief = correction is not None and correction.clause != ""
        pieces = self.pieces(text, morphemes)
        said = [self.of(piece, analyse(piece), of_others=of_others, brief=brief) for piece in pieces]
        full = [one for one, piece in zip(said, pieces, strict=True) if one and _is_enough(one, piece, text)]
        return max(full, key=len, default=next((one for one in said if one), ""))

    def honours_another(self, said: str, asked: str) -> bool:
        """Return whether an answer said back honours somebody or something that the question does not."""
        return bool(asked) and self._answered.honours_another(said, asked)

    def answered(self, told: str, asked: str, analyse: Callable[[str], Sequence[Morpheme]]) -> str:
        """Return a short answer said back with the words of the question; nothing where it is none, or may not be."""
        said = self._answered.said(self._gleaning.plain(told), asked, analyse)
        first = next(iter(_SENTENCES.findall(told)), told)
        return said if said and self.restatements.may_be_said(Restated(said, 1.0, 1.0, first)) else ""

    def gleaned(self, text: str, analyse: Callable[[str], Sequence[Morpheme]], *, vary: bool = False) -> str:
        """Return what names a telling that cannot be said back, as it fills a slot; nothing where nothing does.

        Args:
            text: What was said.
            analyse: Its analyser.
            vary: Whether it ends as ``varied`` has it.
        """
        if self._naming.correction(text) is not None or self.is_planned(text):
            return ""
        said = self._gleaning.of(self._tail.sub("", text.strip()), analyse)
        said = self.varied(said) if vary else said
        return f"{said}." if said else ""

    def of(self, text: str, morphemes: Sequence[Morpheme], *, of_others: bool = False, brief: bool = False) -> str:
        """Return the last clause said back as a whole sentence, or nothing where that is not sure to be right.

        Args:
            text: What was said.
            morphemes: Its analysis.
            of_others: Whether a telling without a subject speaks of an animal, a plant or a child.
            brief: Whether few words are enough: they put right what was said before.
        """
        text, morphemes = _without_west(text, morphemes)
        morphemes = counted(text, morphemes)
        end = last_ending(morphemes)
        if end is None or text[morphemes[end].end :][:1].isalpha():
            return ""  # 놨대이: the ending is not the one that was said
        if quoted := self._quoted(text, morphemes, end):
            return quoted
        text = self._plainer.said(text, morphemes)
        at = next((at for at in range(end - 1, -1, -1) if morphemes[at].tag in _PREDICATES), None)
        if at is None or not self._is_told(text, morphemes[at + 1 : end + 1]):
            return ""
        standing = self._stems.standing(text, morphemes, at, end)
        return (
            ""
            if standing is None
            else self._said(text, morphemes, standing, (at, end), of_others=of_others, brief=brief)
        )

    def _is_told(self, text: str, endings: Sequence[Morpheme]) -> bool:
        """Whether the endings behind a stem tell something."""
        plain = all(one.tag == "EP" and one.form != "더" for one in endings[:-1])
        return plain and endings[-1].form in self._endings and "?" not in text

    def _said(
        self,
        text: str,
        morphemes: Sequence[Morpheme],
        standing: Standing,
        place: tuple[int, int],
        *,
        of_others: bool,
        brief: bool,
    ) -> str:
        """Return the last clause said back; nothing where it is not whole, or who does it is not sure."""
        first = clause_start(morphemes, standing.first)
        if first and self._is_needed(morphemes, first, standing.first):
            first = 0
        predicate, told = morphemes[place[0] : place[1] + 1], morphemes[first : standing.first]
        clause, by_speaker = self._without_speaker(told, within=predicate[0].tag != "VCP"), self._by_speaker(told)
        if not clause or by_speaker is None or not self._is_whole(text, morphemes[:first], clause, standing):
            return ""
        if self._repeatable.is_barred(clause, predicate, standing, brief=brief):
            return ""
        standing = replace(standing, stem=self._rendering.as_conjugated(clause, standing.stem))
        of_others = of_others or self._honouring.is_carried(morphemes[:first])
        honours = self._honouring.honours(clause, predicate, standing, of_others=of_others, by_speaker=by_speaker)
        if honours is None:
            return ""
        said = self._rendering.said(text, clause, predicate, standing, honours=honours)
        return said if self._repeatable.is_fit(said, brief=brief) else ""

    def _is_whole(self, text: str, before: Sequence[Morpheme], clause: Sequence[Morpheme], standing: Standing) -> bool:
        """Whether a clause begins and ends with whole words, plain ones, and nothing of the speaker is left out."""
        start = clause[0].start
        begins = not text[:start][-1:].strip(_BREAKS)
        runs = _is_run_together(text, clause, standing.stem)
        plain = self._repeatable.is_plain(text[_owner(text, start) : standing.stem.start])
        return begins and not runs and plain and not self._speaks_of_self(before)

    def _is_needed(self, morphemes: Sequence[Morpheme], first: int, stem: int) -> bool:
        """Whether what would be left out says who did the rest, or what the rest is nothing without."""
        before, clause, close = morphemes[:first], morphemes[first:stem], morphemes[first - 1]
        if first > _WITH and close.form == "고" and before[-2].form == "하" and self._honouring.is_person(before[-3]):
            return True  # 영감하고 아들하고 대판 했어
        taken = any(one.tag == "JX" and one.form in {"은", "는"} for one in clause)
        if taken or self._honouring.subject(clause) is not None:
            return False
        if morphemes[stem].tag != "VCP" and not any(one.tag.startswith("J") for one in clause):
            return True  # 약은 밥 먹고 삼십 분 있다가 먹었다
        # 손녀가 월급을 탔다고 내복을 사 왔어: who brought them is not left out
        same = close.form in {"고", "면서"} and self._honouring.has_subject(before)
        return (
            same or close.form.endswith(("다고", "라고")) or (close.form != "더니" and self._honouring.has_doer(before))
        )

    def _by_speaker(self, clause: Sequence[Morpheme]) -> bool | None:
        """Whether the nearest who does it is the speaker; None where that is not sure.

        백구는 내가 밭에 가면 앞장을 서, and 내가 신발 신으면 뱅글뱅글 돌아: another does.
        """
        pairs = [(one, mark) for one, mark in pairwise(clause) if mark.tag in {"JKS", "JX"}]
        own = [at for at, (one, _) in enumerate(pairs) if one.tag == "NP" and one.form in self._speaker]
        if not own:
            return False
        taken = any(self._honouring.is_person(one) for one, _ in pairs[: own[-1]])
        last = next(at for at in range(len(clause) - 1, -1, -1) if clause[at] is pairs[own[-1]][0])
        turned = self._honouring.is_turned(clause[last:])
        return None if taken or turned else not any(mark.tag == "JKS" for _, mark in pairs[own[-1] + 1 :])

    def _quoted(self, text: str, morphemes: Sequence[Morpheme], end: int) -> str:
        """Return what others said, as heard of them: 토요일에 온다고 하더라 is 토요일에 온다는군요."""
        said, ending = morphemes[end - 2 : end], morphemes[end]
        if len(said) < 2 or not said[0].form.endswith("다고") or said[1].form not in self._quoting:  # noqa: PLR2004
            return ""
        if ending.form not in self._reported | frozenset(self._rendering.hearsay) | {"네"}:
            return ""
        close = said[0]
        spoken = f"{text[: close.end].removesuffix('고')}{ending.form}"
        heard = close.form.removesuffix("다고") + "대"
        short = [*morphemes[: end - 2], replace(close, form=heard, tag="EF", end=len(spoken))]
        return self.of(spoken, short) if "대" in self._rendering.hearsay else ""

    def varied(self, said: str) -> str:
        """Return what is said back with the other of two endings, so that not every reply ends alike."""
        bare = said.removesuffix(".")
        for ending, other in self._endings_varied:
            if bare.endswith(ending):
                return bare.removesuffix(ending) + other + said[len(bare) :]
        return said

    def is_planned(self, text: str) -> bool:
        """Whether what was said ends as what somebody means to do: 라면이나 끓여 먹을까, 보내려고."""
        return bool(self._planned.search(re.sub(r"[\s.,!?~…]", "", text)))

    def leads(self, reply: str) -> bool:
        """Whether a reply began with something said back, as far as its first sentence shows."""
        return _CLAUSE.split(reply, maxsplit=1)[0].endswith(self._led)

    def _speaks_of_self(self, before: Sequence[Morpheme]) -> bool:
        """Whether the part that is left out names the speaker other than as who did it."""
        return any(
            one.tag == "NP" and one.form in self._speaker and (at + 1 >= len(before) or before[at + 1].tag != "JKS")
            for at, one in enumerate(before)
        )

    def _without_speaker(self, clause: Sequence[Morpheme], *, within: bool) -> list[Morpheme]:
        """Return the clause without 나는 or 내가, fillers and 우리; nothing where the speaker stands elsewhere."""
        kept = [one for one in clause if one.tag not in {"SP", "SF"} and not _OUR.fullmatch(one.form)]
        while kept and kept[0].form in self._fillers and kept[0].tag not in {"NP", "MM"}:
            kept = kept[1:]
        if [one.form for one in kept[1:4]] == _UNAWARE and kept[0].form in self._speaker:
            kept = kept[4:]
        while len(kept) > 1 and kept[0].form in self._speaker and kept[1].tag in {"JX", "JKS", "JKG"}:
            kept = kept[2:]
        for at in range(len(kept) - 2, 0, -1) if within else ():
            if _is_dispensable(kept[at - 1 : at + 3], self._speaker):
                del kept[at : at + 2]
        return [] if any(one.tag in {"NP", "IC"} and one.form not in self._named for one in kept) else kept


def _is_enough(said: str, sentence: str, told: str) -> bool:
    """Whether something said back is most of what was told, or most of a sentence of it and no scrap."""
    return is_most(said, told) or (is_most(said, sentence) and len(re.sub(r"\W", "", said)) >= _SCRAP)


_UNAWARE: Final = ["도", "모르", "게"]
"""Behind the speaker: 나도 모르게 is left out whole."""
_SCRAP: Final = 10
"""Letters below which one sentence of several, said back, sounds like a parrot: 따님 같으셨군요."""
_BREAKS: Final = " \t\n,.!?~…\"'“”‘’"
"""Before what begins a word."""
_WEST: Final = {"ㅓ": "ㅏ", "ㅕ": "ㅐ"}
"""하 as it is said in the west, by its vowel: 개운허네, 개운혀."""
_WITH: Final = 2
"""Morphemes of a person and 하고, without its 고."""
_OWNER: Final = re.compile(r"(?:^|\s)(우리|저희|내|제|네|니|너희|느그)\s+$")


def _without_west(text: str, morphemes: Sequence[Morpheme]) -> tuple[str, list[Morpheme]]:
    """Return text and morphemes with 하 for 허. Law: letters stay in their place."""
    plain = []
    for one in morphemes:
        letter = text[one.start : one.start + 1]
        if one.form in {"허", "혀"} and one.tag in {"XSA", "XSV", "VX", "VV"} and is_syllable(letter):
            onset, vowel, coda = decompose(letter)
            if onset == "ㅎ":
                text = text[: one.start] + compose(onset, _WEST.get(vowel, vowel), coda) + text[one.start + 1 :]
            one = replace(one, form="하")  # noqa: PLW2901
        plain.append(one)
    return text, plain


def _owner(text: str, start: int) -> int:
    """Return where the words before a clause begin that say whose it is: 우리 집, 내 차례."""
    found = _OWNER.search(text[:start])
    return start if found is None else found.start(1)


def _is_run_together(text: str, before: Sequence[Morpheme], stem: Morpheme) -> bool:
    """Whether a verb does not begin a word: then the analyser guessed at a wrong letter: 업써요, 마셔따."""
    glued = stem.start > 0 and not text[stem.start - 1].isspace() and bool(before)
    return glued and stem.tag in {"VV", "VA"} and before[-1].tag not in {"MAG", "XPN"}


def _is_dispensable(words: Sequence[Morpheme], speaker: Collection[str]) -> bool:
    """Whether the second of some words is 내 or 내가 that need not be said back: 마누라가 내 손을 잡더라.

    It is needed where it stands behind what describes it, or before what is nothing without it: 내 것, 내 거.
    """
    if len(words) < 3:  # noqa: PLR2004
        return False
    before, one, mark, *following = words
    if one.tag != "NP" or one.form not in speaker or before.tag == "ETM":
        return False
    return mark.tag == "JKS" or (mark.tag == "JKG" and bool(following) and following[0].tag == "NNG")
