"""How what was told is said back: its predicate conjugated, its people named politely. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from companion.core.hangul import last_coda
from companion.core.morphology import Morpheme
from companion.dialogue.mentions import Naming
from companion.dialogue.mirroring.conjugation import Conjugation, is_verb
from companion.dialogue.mirroring.honouring import Honouring, is_noun
from companion.dialogue.mirroring.infinitives import with_coda, without_coda
from companion.dialogue.mirroring.repeatable import is_past
from companion.dialogue.mirroring.stems import Standing

_OPENERS: Final = re.compile(r"^[\s,.!?…~]+")
_CLAUSE: Final = re.compile(r"[.!?…]+")
_BY_SPEAKER: Final = re.compile(r"(?<!\S)(내가|제가|나는|내)\s+")
_OURS: Final = re.compile(r"(^|\s)(우리|저희)\s+")
_PLAIN_END: Final = "다"
_PAIRS: Final = ("이/가", "은/는", "을/를", "과/와", "이랑/랑", "이나/나", "이라/라", "으로/로")


class Rendering:
    """Built once from the table.

    Raises:
        KeyError: A part of the table is missing.
    """

    def __init__(
        self, table: Mapping[str, Any], naming: Naming, conjugation: Conjugation, honouring: Honouring
    ) -> None:
        self._naming = naming
        self._conjugation = conjugation
        self._honouring = honouring
        self._reported = frozenset(map(str, table["reported"]))
        self._cold = frozenset(map(str, table["cold"]))
        self._descriptive = frozenset(map(str, table["descriptive"]))
        self._doing = frozenset(map(str, table["doing"]))
        self._misheard = frozenset(map(str, table["misheard"]))
        self.hearsay = {str(ending): str(said) for ending, said in table["hearsay"].items()}

    def body(self, text: str, clause: Sequence[Morpheme], stem: Morpheme) -> str:
        """Return the words before the predicate as they were said; nothing where a sentence ends within them."""
        spoken = _OPENERS.sub("", text[clause[0].start : stem.start])
        return "" if _CLAUSE.search(spoken) else spoken

    def said(
        self,
        text: str,
        clause: Sequence[Morpheme],
        predicate: Sequence[Morpheme],
        standing: Standing,
        *,
        honours: bool,
    ) -> str:
        """Return the sentence said back, or nothing where its predicate has no such end.

        Args:
            text: What was said.
            clause: What stands before the predicate.
            predicate: Stem, tense and ending.
            standing: The stem that stands in the text.
            honours: Whether the predicate honours who it speaks of.
        """
        stem = standing.stem
        if is_verb(stem) and len(predicate) < _WITH_TENSE and predicate[-1].form == _PLAIN_END:
            return ""  # 들고 오다 하나도: no sentence ends so
        body = self.body(text, clause, stem)
        if not body:
            return ""
        body = _OURS.sub(r"\1", self._without_speaker(text, clause, body))
        past = next((one for one in predicate[1:-1] if is_past(one)), None)
        if stem.tag == "VCP":
            return self._copula(self.with_names(body.rstrip(), clause, copula=True), clause, past=past is not None)
        misheard = honours and stem.form in self._misheard
        if misheard or (not standing.is_sure and (honours or past is None)):
            return ""
        closed = self._predicate(text, (stem, *predicate[1:]), past, honours=honours)
        return self.with_names(body, clause) + closed if closed else ""

    def as_conjugated(self, clause: Sequence[Morpheme], stem: Morpheme) -> Morpheme:
        """Return the stem as verb or adjective, whatever the analyser took it for: 시리다 is none, 기억하네 is one."""
        of_adverb = stem.form == _DO and bool(clause) and clause[-1].tag == "MAG" and clause[-1].end == stem.start
        whole = f"{clause[-1].form}{stem.form}" if stem.tag in {"XSA", "XSV"} or of_adverb else stem.form
        cold = stem.form == _COLD and any(one.form in self._cold for one in clause)
        if (stem.tag in {"VV", "XSV"} and whole in self._descriptive) or cold:
            return replace(stem, tag="XSA" if stem.tag == "XSV" else "VA")
        if stem.tag == "XSA" and whole in self._doing:
            return replace(stem, tag="XSV")
        return stem

    @staticmethod
    def _without_speaker(text: str, clause: Sequence[Morpheme], body: str) -> str:
        """Return the words without 내가 and 나는, but with 나는 where something grows and 내 where it is given."""
        at = text.index(body, clause[0].start)
        kept = {one.start for one in clause if one.tag.startswith("V")}
        return _BY_SPEAKER.sub(lambda found: found[0] if at + found.start() in kept else "", body)

    def _predicate(self, text: str, words: Sequence[Morpheme], past: Morpheme | None, *, honours: bool) -> str:
        """Return the predicate as it ends what is said back, or nothing where it has no such end."""
        stem, ending = words[0], words[-1].form
        if ending in self.hearsay:
            return self._heard(text, stem, past, ending, honours=honours)
        if any(one.form == "겠" for one in words):
            return self._conjugation.unable_to(stem) if honours and past is None else ""
        if honours:
            return self._conjugation.honoured(stem, past=past is not None or ending in self._reported)
        if past is None and ending in self._reported:
            return ""  # 소리를 지르더라: seen once, not so every day
        return (
            self._conjugation.present(stem)
            if past is None
            else f"{told_past(text, stem, past)}{self._conjugation.forms['past']}"
        )

    def _copula(self, noun: str, clause: Sequence[Morpheme], *, past: bool) -> str:
        """Return a noun said back: 앞이었어 is 앞이었군요, and of a person 이발사셨군요."""
        if not noun:
            return ""
        people, young = self._naming.people, self._honouring.young
        person = any(
            one.form in people and one.form not in young and mark.tag in {"JKS", "JX"} for one, mark in pairwise(clause)
        )
        kind = "copula" if not past else "copula_past_honoured" if person else "copula_past"
        return noun + self._conjugation.forms[f"{kind}_open" if last_coda(noun) == "" else kind]

    def _heard(self, text: str, stem: Morpheme, past: Morpheme | None, ending: str, *, honours: bool) -> str:
        """Return what was heard of somebody: 안 온대 is 안 온다는군요."""
        forms = self._conjugation.forms
        if past is not None and honours and stem.form != BECOME:
            return self._conjugation.honoured(stem, past=True).removesuffix(forms["past"]) + forms["heard_past"]
        if past is not None:
            return f"{told_past(text, stem, past)}{forms['heard_past']}"
        if honours:
            form, is_open = self._conjugation.before_vowel(stem.form)
            return (
                form + ("" if is_open else self._conjugation.forms["link"]) + self._conjugation.forms["heard_honoured"]
            )
        if not is_verb(stem):
            return f"{stem.form}{self._conjugation.forms['heard_past']}"
        form = without_coda(stem.form) if last_coda(stem.form) == "ㄹ" else stem.form
        if last_coda(form):
            return f"{form}{self._conjugation.forms['heard_closed']}"
        return with_coda(form, "ㄴ") + self.hearsay[ending]

    def with_names(self, body: str, clause: Sequence[Morpheme], *, copula: bool = False) -> str:
        """Return words with the people in them as they are politely called."""
        for at, one in enumerate(clause):
            polite = self._naming.people.get(one.form)
            if polite is None or f"{one.form}님" in body or f"{one.form}분" in body:
                continue
            following = clause[at + 1] if at + 1 < len(clause) else None
            # 동창 모임 is one word; 간호사를 했어 and 손녀가 간호사야 speak of a calling.
            unnamed = copula if following is None else is_noun(following) or following.tag in {"JKO", "VCP"}
            if unnamed and one.form in self._naming.compounds:
                continue
            # 아들이라: as it stands, the copula needs no other letter.
            if (
                following is not None
                and following.tag == "VCP"
                and bool(last_coda(one.form)) != bool(last_coda(polite))
            ):
                continue
            particle = following.form if following is not None and following.tag.startswith("J") else ""
            if particle == _WHERE:
                continue  # 이웃에 돌렸어: a place
            body = _renamed(body, one.form, polite, particle)
        return body


_WITH_TENSE: Final = 3
_COLD: Final = "차"
_DO: Final = "하"
BECOME: Final = "되"
"""Before which what somebody became stands as who does it would: 반장이 됐대."""
_WHERE: Final = "에"


def told_past(text: str, stem: Morpheme, past: Morpheme) -> str:
    """Return stem and past as they were said, without what runs on in the same word: 켜졌 of 켜졌어."""
    said = text[stem.start : past.end]
    return said[: 1 + max((at for at, letter in enumerate(said) if last_coda(letter) == "ㅆ"), default=len(said) - 1)]


def _renamed(body: str, plain: str, polite: str, following: str) -> str:
    """Return words with a person by their polite name, and the particle behind it that fits: 친구랑 is 친구분이랑."""
    closed = bool(last_coda(polite))
    fits = {one: pair.split("/")[0 if closed else 1] for pair in _PAIRS for one in pair.split("/")}
    if f"{plain}{following}" not in body:
        return body.replace(plain, polite, 1)
    return body.replace(f"{plain}{following}", f"{polite}{fits.get(following, following)}", 1)
