"""Cuts what was told into what may be said back: its sentences, also where nobody heard a full stop.

A recogniser writes no signs, and people put behind what they left out: 살맛 나네 오늘은. So a sentence ends at a sign,
or at an ending that can only be final with other words behind it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from companion.core.morphology import Morpheme

_SIGNS: Final = re.compile(r"[.,!?…]+")
_ENDS: Final = frozenset(".!?…")
_AFTERTHOUGHT: Final = 3
"""Words at most; what is longer is a sentence of its own."""
_BEFORE: Final = frozenset({"은", "는", "도", "이", "가"})
"""Particles of an afterthought that stands at the beginning where a sentence is said in order."""
_FINAL_BEHIND_PAST: Final = frozenset({"어", "지", "네", "다", "대"})
"""Which an analyser also takes for connectives; behind a past they end the sentence: 폈어 보라색으로."""
_CARRIED: Final = frozenset({"VX", "VV", "VA"})
"""Behind 다 they may still belong to it: 했다 하면."""
_OF_WORDS: Final = frozenset({"소리", "말", "얘기", "이야기", "생각"})
"""Behind what is only spoken of: 도착했다 소리를 안 하니까."""
_QUOTING: Final = frozenset({"하", "그러", "카"})
"""Behind somebody's words: 이 노래 아시죠 하고 쳐 줘."""


class Quotes:
    """Knows what stands between two signs as somebody's words: 고맙소, 하고 한마디 하더라고. Built once from the table.

    Raises:
        KeyError: A part of the table is missing.
        re.error: A rule is no regular expression.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._before, self._behind = re.compile(table["quoting_before"]), re.compile(table["quoting_behind"])

    def has(self, piece: str, whole: str) -> bool:
        """Whether a piece of a telling is what somebody said."""
        start = max(whole.find(piece), 0)
        said = self._before.search(whole[:start]) or self._behind.search(whole[start + len(piece) :])
        return said is not None


def sentences_told(text: str, morphemes: Sequence[Morpheme]) -> tuple[str, ...]:
    """Return what may be said back, the best first: the whole where it is one sentence, then its sentences, last first.

    Args:
        text: What was said, without a tag that says nothing.
        morphemes: Its analysis.
    """
    if "?" in text:
        return (text,)
    parts = [part.strip() for part in _SIGNS.split(text) if part.strip()]
    cut = [piece for part in parts for piece in _cut(part, morphemes, text.find(part))]
    broken = len(cut) > len(parts)
    return tuple(dict.fromkeys((*(() if broken else (text,)), *reversed(cut)))) if cut else (text,)


def spoken_sentences(text: str, morphemes: Sequence[Morpheme]) -> tuple[str, ...]:
    """Return the sentences of what was told, in order, also where nobody heard a full stop; the text where none is.

    Args:
        text: What was said.
        morphemes: Its analysis.
    """
    ends = _ends(morphemes)
    found: list[str] = []
    for part in _CLOSED.finditer(text):
        cuts = [part.start(), *(at for at in ends if part.start() < at < part.end()), part.end()]
        pieces = (text[first:last].strip(" ,") for first, last in pairwise(cuts))
        found += [piece for piece in pieces if len(_NO_LETTERS.sub("", piece)) >= _FEWEST_LETTERS]
    return tuple(found) or (text,)


def together(sentences: Sequence[str]) -> str:
    """Return sentences as one text, each with an end that can be seen."""
    return " ".join(one if one[-1:] in _ENDS else f"{one}." for one in sentences)


def question_of(asked: str) -> str:
    """Return the last sentence of what 말벗 said, where it is a question; else nothing."""
    last = _CLOSED.findall(asked)[-1:]
    return last[0].strip() if last and "?" in last[0] else ""


_CLOSED: Final = re.compile(r"[^.!?…~]+[.!?…~]*")
_NO_LETTERS: Final = re.compile(r"\W")
_FEWEST_LETTERS: Final = 2


def _cut(part: str, morphemes: Sequence[Morpheme], start: int) -> list[str]:
    """Return the sentences of a part between two signs, in order."""
    ends = [at - start for at in _ends(morphemes) if start < at < start + len(part)]
    if not ends:
        return [part]
    pieces = [part[first:last].strip() for first, last in zip([0, *ends], [*ends, len(part)], strict=True)]
    pieces = [piece for piece in pieces if piece]
    behind = [one for one in morphemes if start + ends[-1] <= one.start < start + len(part)]
    if len(pieces) > 1 and len(pieces[-1].split()) <= _AFTERTHOUGHT and not any(_is_ending(one) for one in behind):
        afterthought = pieces.pop()
        begins = next((one.tag for one in morphemes if start <= one.start), "")
        # 알았지 원래 그런 줄은 and 아니 안 갔어 그날은 stay as they are.
        named = (
            len(behind) > 1
            and behind[-1].tag.startswith("J")
            and behind[-1].form in _BEFORE
            and behind[-2].tag != "NNB"
        )
        if named and begins != "IC":
            pieces[-1] = f"{afterthought} {pieces[-1]}"
    return pieces


def _ends(morphemes: Sequence[Morpheme]) -> list[int]:
    """Return where sentences end within the text: behind a final ending that stands at the end of its word."""
    found = []
    for at in range(1, len(morphemes) - 1):
        one, following = morphemes[at], morphemes[at + 1]
        spaced = following.start > one.end
        past = one.tag == "EC" and one.form in _FINAL_BEHIND_PAST and morphemes[at - 1].tag == "EP"
        carried = one.form == "다" and following.tag in _CARRIED
        quoted = following.form in _QUOTING and following.tag.startswith(("V", "X"))
        quoted = quoted or (one.form.endswith("다") and following.form in _OF_WORDS)
        quoted = quoted or following.form == "안"  # 나왔다 안 나왔다 해서
        if spaced and not quoted and (one.tag == "EF" or (past and not carried)):
            found.append(one.end)
    return found


def _is_ending(one: Morpheme) -> bool:
    return one.tag in {"EF", "EC"}


def last_ending(morphemes: Sequence[Morpheme]) -> int | None:
    """Return where the final ending stands: nothing but interjections and signs may follow."""
    for at in range(len(morphemes) - 1, -1, -1):
        tag = morphemes[at].tag
        if tag in {"EF", "EC"}:
            return at
        if tag not in {"SF", "IC", "SP", "JX"}:
            return None
    return None


def clause_start(morphemes: Sequence[Morpheme], stem: int) -> int:
    """Return where the clause of the predicate begins: behind the last connective that leaves it a word of its own."""
    for at in range(stem - 1, -1, -1):
        one, following = morphemes[at], morphemes[at + 1]
        if one.tag in {"EF", "SF"}:
            return at + 1
        breaks = one.tag == "EC" and one.form in _BREAKS and not following.tag.startswith(("V", "J"))
        if breaks and any(word.tag in _NOUNS for word in morphemes[at + 1 : stem]):
            return at + 1
    return 0


_BREAKS: Final = frozenset(
    {"고", "는데", "ㄴ데", "은데", "지만", "니까", "으니까", "더니", "면서", "다", "네", "지", "다고", "라고", "ㄴ다고"}
)


_NOUNS: Final = frozenset({"NNG", "NNP", "NNB", "NR"})


def counted(text: str, morphemes: Sequence[Morpheme]) -> tuple[Morpheme, ...]:
    """Return morphemes with 한 before what is counted as one of them, where an analyser takes it for 하: 한 소쿠리."""
    found: list[Morpheme] = []
    for one in morphemes:
        last = found[-1] if found else None
        whole = last is not None and one.tag == "ETM" and last.form == "하" and text[last.start : one.end] == _ONE
        if whole and last is not None and text[last.start - 1 : last.start] in {"", " "}:
            found[-1] = replace(last, form=_ONE, tag="MM", end=one.end)
        else:
            found.append(one)
    return tuple(found)


_ONE: Final = "한"
