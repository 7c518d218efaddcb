"""The stem that stands in what was said, where the analyser's guess does and where it does not. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from companion.core.hangul import last_coda
from companion.core.morphology import Morpheme
from companion.dialogue.mirroring.conjugation import Conjugation

_BLANK: Final = re.compile(r"\s")
_FREE: Final = frozenset({"VV", "VA"})
_NOUNS: Final = frozenset({"NNG", "NNP", "NNB", "NR", "XSN"})
_BECOMING: Final = "지"


@dataclass(frozen=True, slots=True)
class Standing:
    """The stem of a predicate as the letters of the text have it."""

    stem: Morpheme
    first: int
    """Where it begins among the morphemes: 조용해지 begins with its 하."""
    is_sure: bool = True
    """Whether no other stem gives the same letters, or what stands before it tells them apart: 들었 is 듣 or 들."""
    becomes: bool = False
    """Whether it is made of another and 지: what became so."""


class Stems:
    """Built once from ``prompts/lexicon/mirror.toml``.

    Raises:
        KeyError: A part of the table is missing.
    """

    def __init__(self, table: Mapping[str, Any], conjugation: Conjugation) -> None:
        self._irregular = conjugation.irregular
        self._known = frozenset(map(str, table["stems"]))
        self._auxiliaries = frozenset(map(str, table["auxiliaries"]))
        self._told_apart = {str(stem): frozenset(map(str, nouns)) for stem, nouns in table["told_apart"].items()}
        self._copular = frozenset(map(str, table["copular"]))
        alike: defaultdict[str, set[str]] = defaultdict(set)
        for stem in self._known:
            for form in self._irregular.infinitives(stem):
                alike[form].add(stem)
        self._alike = {form: frozenset(stems) for form, stems in alike.items() if len(stems) > 1}

    def standing(self, text: str, morphemes: Sequence[Morpheme], at: int, end: int) -> Standing | None:
        """Return the stem that stands at a place of the text, or None where none does.

        Law: conjugated in the tense found, it gives the letters of the text.

        Args:
            text: What was said.
            morphemes: Its analysis.
            at: Where the analyser has the stem.
            end: Where the final ending stands.
        """
        stem, following = _free(morphemes, at), morphemes[at + 1 : end + 1]
        surface = _BLANK.sub("", text[stem.start : morphemes[end].end])
        if stem.tag == "VCP":
            return Standing(stem, at) if self._is_copula(text, morphemes, at) else None
        fused = at > 1 and morphemes[at - 1].tag == "EC" and morphemes[at - 1].start == stem.start
        if fused and morphemes[at - 2].start == stem.start:
            return self._compound(morphemes, at, following, surface)
        if stem.tag not in _FREE:
            return Standing(stem, at) if self._irregular.stands(stem.form, following, surface) else None
        if not self._irregular.stands(stem.form, following, surface):
            rivals = {one for one in self._known if self._irregular.gives(one, following, surface)}
        else:
            rivals = {stem.form, *self._rivals(stem.form, following, surface)}
        return self._chosen(rivals, stem, at, morphemes[:at])

    def _rivals(self, stem: str, following: Sequence[Morpheme], surface: str) -> Iterable[str]:
        alike = (self._alike.get(form, frozenset()) for form in self._irregular.infinitives(stem))
        return (one for group in alike for one in group if self._irregular.stands(one, following, surface))

    def _chosen(self, rivals: set[str], stem: Morpheme, at: int, before: Sequence[Morpheme]) -> Standing | None:
        """Return the only one, or the one that what stands before it asks for; unsure of the analyser's guess else."""
        if len(rivals) > 1:
            near = {one.form for one in before[-_NEAR:]}
            meant = {one for one in rivals if not near.isdisjoint(self._told_apart.get(one, ()))}
            if len(meant) != 1:
                return Standing(stem, at, is_sure=False) if stem.form in rivals else None
            rivals = meant
        return Standing(replace(stem, form=next(iter(rivals))), at) if rivals else None

    def _compound(
        self, morphemes: Sequence[Morpheme], at: int, following: Sequence[Morpheme], surface: str
    ) -> Standing | None:
        """Return a stem whose letters are run together with an auxiliary: 조용하 and 지 are 조용해지."""
        base, stem = morphemes[at - 2], morphemes[at]
        known = base.form in self._known or base.tag not in _FREE
        for form in self._irregular.infinitives(base.form) if known and stem.form in self._auxiliaries else ():
            whole = form + stem.form
            if self._irregular.stands(whole, following, surface):
                becomes = stem.form == _BECOMING
                tag = "XSV" if base.tag.startswith("XS") else "VV"
                return Standing(replace(stem, form=whole, tag=tag), at - 2, becomes=becomes)
        return None

    def _is_copula(self, text: str, morphemes: Sequence[Morpheme], at: int) -> bool:
        """Whether a noun with 이다 stands there: 마을버스 탑니다 is no 탑."""
        before = morphemes[at - 1] if at else None
        if before is None or (before.tag not in _NOUNS and before.form not in self._copular):
            return False
        return last_coda(before.form) == "" or text[before.end : before.end + 1] in set("이인입일")


def _free(morphemes: Sequence[Morpheme], at: int) -> Morpheme:
    """Return a stem as what stands by itself where no verb stands before it: 발판만 있네 is no 앉아 있네."""
    stem, before = morphemes[at], morphemes[at - 1] if at else None
    carried = before is not None and before.tag == "EC" and before.form in _CARRYING
    return stem if stem.tag != "VX" or stem.form != "있" or carried else replace(stem, tag="VA")


_CARRYING: Final = frozenset({"어", "아", "여", "ㅓ", "ㅏ", "고"})
_NEAR: Final = 8
"""Morphemes before a stem among which its object or place stands."""
