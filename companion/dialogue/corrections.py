"""Hears that what was said before is put right: "수요일이 아니라 목요일이라니까", "아니, 소가 아프다고". Pure.

What only sounds so is left alone: what a thing is not in a story ("밥 말고 죽을 먹었어"), what others said, a figure of
speech. What is right is cut out as it was said; whether it may be named back is asked of whoever knows its words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.core.hangul import last_coda

_BREAK: Final = re.compile(r"[.!?,~…]+")
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_AGAIN_BEFORE: Final = re.compile(r"^([가-힣0-9]{2,})\s(?=\1)")
_AGAIN_BEHIND: Final = re.compile(r"^(([가-힣0-9]+)\b.{0,12}?)\s\2[.!]*$")
"""What is right, said once more: 회장 회장이 그랬어; 백 포기 백."""


def _nobody(_name: str) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Correction:
    """Something that was put right."""

    new: str = ""
    """What is right, as it was said, where it may be a noun phrase: 목요일; empty where it is none."""
    old: str = ""
    """What is wrong, where it was named: 수요일."""
    is_noun: bool = False
    """Whether the copula behind ``new`` shows that it is one noun, whatever an analyser makes of it: 횡성이래요."""
    clause: str = ""
    """What is right, as a plain telling: 우리 소가 아프다; empty where it is none."""
    against: str = ""
    """What is wrong, where a telling stands against it: 고추장이 아니라 고추를 널었다고."""
    is_sure: bool = True
    """Whether it is a correction also where ``new`` is no noun phrase: it was begun with a no, or insisted on."""


class Corrections:
    """Built from the part ``[correction]`` of ``prompts/lexicon/naming.toml``.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._opener, self._strong = re.compile(table["opener"]), re.compile(table["strong"])
        self._taken_back = re.compile(table["taken_back"])
        self._denied, self._denied_only = re.compile(table["denied"]), re.compile(table["denied_only"])
        self._named, self._told = re.compile(table["named"]), re.compile(table["told"])
        self._insists, self._copula = re.compile(table["insists"]), re.compile(table["copula"])
        self._others, self._figure = re.compile(table["others"]), re.compile(table["figure"])
        self._denial, self._behind = re.compile(table["denial"]), re.compile(table["behind"])
        self._clause = re.compile(table["clause"])
        self._possessed = re.compile(table["possessed"])
        self._quoted, self._own = re.compile(table["quoted"]), re.compile(table["own"])
        self._longest, self._what = int(table["longest"]), re.compile(table["what"])
        self._topic = re.compile(table["topic"])
        self._laughs = re.compile(table["laughs"])
        self._sent_back, self._reason = re.compile(table["sent_back"]), re.compile(table["reason"])
        self._contracted = {str(said): str(plain) for said, plain in table["contracted"].items()}

    def find(self, text: str, was_said: Callable[[str], bool] = _nobody) -> Correction | None:
        """Return what is put right, or None where nothing is.

        Args:
            text: What the person says.
            was_said: Whether 말벗 just named this: then it is put right however little is said against it.
        """
        said = self._laughs.sub("", text.strip())
        strong, opened = self._strong.match(said), self._opener.match(said)
        begins = strong or opened
        rest = said if begins is None else said[begins.end() :]
        if self._others.search(said):
            return None
        denied = self._denied.match(rest)
        if denied is not None:
            instead = self._named_instead(denied) if was_said(denied["old"]) else None
            return instead or self._against(denied, opened=begins is not None)
        if strong:
            return self._instead(rest)
        if (sent := self._sent_back.match(rest)) is not None and self._told.match(rest[sent.end() :]):
            return self._insisted(rest[sent.end() :], denies=True)
        if self._taken_back.search(said) or (opened and self._denied_only.search(rest)):
            return Correction()
        what = self._what.search(rest)
        thrown_back = what is not None and was_said(what["old"])
        denies = self._denial.match(said) is not None
        return self._insisted(rest, denies=denies) if opened or thrown_back else None

    def _against(self, denied: re.Match[str], *, opened: bool) -> Correction | None:
        """Return what stands against what is wrong; None where nothing shows that it puts anything right."""
        old, new = denied["old"], _AGAIN_BEHIND.sub(r"\1", _AGAIN_BEFORE.sub("", denied["new"]))
        story = not opened and (len(old) > self._longest or denied["bare"])
        if story or self._figure.search(f"{old} {new}"):
            return None
        named = self._named.match(new)
        if named is not None and named["end"] and self._is_again(named["new"], new[named.end() :]):
            return _named(named, old)
        told = self._told.match(new) or self._reason.match(new)
        if told is not None:
            return Correction(clause=self._plain(told[0]), against=old)
        if named is None:
            return Correction(clause=self._plain(new), against=old) if opened else None
        again = new != denied["new"] or self._is_again(named["new"], new[named.end() :])
        again = again and not self._topic.search(old)
        sure = opened or again or self._possessed.match(named["new"]) is not None
        stands = opened or again or self._stands(named, new[named.end() :], old, chosen=bool(denied["chosen"]))
        return _named(named, old, is_sure=sure) if stands else None

    def _named_instead(self, denied: re.Match[str]) -> Correction | None:
        """Return the noun that stands against what 말벗 named: 딸 말고, 며느리. 혼자 온다네; None where none does."""
        first = _BREAK.split(denied["new"])[0].strip()
        named = self._named.fullmatch(first)
        plain = named is not None and (not named["end"] or self._copula.fullmatch(named["end"]))
        return _named(named, denied["old"], is_sure=False) if named is not None and plain else None

    def _stands(self, named: re.Match[str], rest: str, old: str, *, chosen: bool) -> bool:
        """Whether a noun phrase against another is insisted on, or all that is said."""
        if self._insists.fullmatch(named["end"]):
            return self._quoted.fullmatch(named["end"]) is None or self._own.match(rest) is not None
        if not named["end"] and not rest.strip(" .!"):
            return not chosen and len(_NOT_LETTERS.sub("", old)) <= _SHORT and not self._topic.search(old)
        says = self._copula.fullmatch(named["end"]) is not None and self._behind.match(rest) is not None
        return says and not chosen and not self._topic.search(old)

    def _instead(self, rest: str) -> Correction:
        """Return what is said in the place of what was denied before: 그게 아니고 …."""
        named = self._named.match(rest)
        if named is not None and self._behind.match(rest[named.end() :]):
            return _named(named)
        return Correction(clause=self._plain(rest))

    def _insisted(self, rest: str, *, denies: bool) -> Correction | None:
        """Return what is insisted on behind a no: 아니, 목요일이라니까; behind a whole one also 안 아프다니까."""
        told = self._told.match(rest) if denies else None
        if told is not None:
            return Correction(clause=self._plain(told[0]))
        named = self._named.match(rest)
        if named is None or self._topic.search(named["new"]):
            return None
        behind = self._what.sub("", rest[named.end() :])
        if not self._behind.match(behind):
            return None
        return _named(named, is_sure=False) if self._insists.fullmatch(named["end"]) else None

    def _is_again(self, new: str, rest: str) -> bool:
        """Whether what is right is said once more: 정선이래요, 나는 정선 사람이래요."""
        return bool(_NOT_LETTERS.sub("", new)) and new in rest

    def _plain(self, said: str) -> str:
        """Return the first sentence of what is right as it is told: 아프다고요 is 아프다, 온당께 is 온다."""
        first = next((part.strip() for part in _BREAK.split(said) if part.strip()), "")
        if (reason := self._reason.match(first)) is not None:
            return f"{reason['stem']}하다"
        match = self._clause.search(first)
        if match is None:
            return ""
        ending: str = match["plain"] or match[0]
        return first[: match.start()] + self._contracted.get(ending, ending)


def _named(match: re.Match[str], old: str = "", *, is_sure: bool = True) -> Correction:
    new = _AGAIN.sub(r"\1", match["new"])  # 군산, 군산이라고
    after_coda = match["end"].startswith(_COPULA) and last_coda(new) != ""
    return Correction(new, old, is_noun=after_coda and " " not in new, is_sure=is_sure)


_AGAIN: Final = re.compile(r"(\S+)(?:[ ,]+\1)+$")
_COPULA: Final = "이"
_SHORT: Final = 6
"""Letters of what is wrong where nothing is said but what it is and what it is not: 쌀 아니고 찹쌀."""
