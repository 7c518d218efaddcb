"""Cuts an utterance into sentences and clauses, and says whose life each of them tells.

Pure. Words of the lists in ``prompts/memory/facts.toml`` become one token each, so that 큰아들, 옆집 할머니 or
다음 주 화요일 can be looked for by what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from companion.core.morphology import Morpheme

_PERSONS: Final = frozenset({"KIN", "PET", "OTHER", "YOU", "SELF"})
_OBLIQUE: Final = ("JKB", "JKO", "JC")
_TAKEN_ALONG: Final = frozenset({"데리", "모시"})
"""Verbs of which whoever is named before them is the object, also without a particle: 집사람 데리고 보건소에 간다."""
"""Particles behind somebody who is not the one that is spoken of."""
_CARRYING: Final = re.compile(r"고|구|하|카|그러|싶|있")
_QUOTING: Final = re.compile(r"(다고|라고|자고|냐고|다|라|고)$")


class Whose(StrEnum):
    """Whose life a clause tells."""

    SELF = "self"
    NAMED_SELF = "named_self"
    """The person's, and they said so: 나는."""
    KIN = "kin"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Token:
    """A morpheme, or a whole expression of one of the lists."""

    form: str
    tag: str
    start: int
    end: int
    """Of the text, half-open."""

    @property
    def shown(self) -> str:
        """As patterns see it."""
        return f" {self.form.replace(' ', '_')}/{self.tag}"


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence with one predicate."""

    tokens: tuple[Token, ...]
    whose: Whose
    about: Token | None
    """Who of the family, where it is theirs."""

    @property
    def shown(self) -> str:
        """As patterns see it."""
        return "".join(token.shown for token in self.tokens)


class Tagger:
    """Makes tokens of morphemes with the lists of words.

    Args:
        lists: Regular expressions by tag, in the order in which they are looked for.

    Raises:
        re.error: One cannot be read.
    """

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = {
            tag: re.compile("|".join(f"(?<![가-힣]){source}" for source in sources)) for tag, sources in lists.items()
        }

    def tokens(
        self, text: str, morphemes: Sequence[Morpheme], days: Iterable[tuple[int, int]] = ()
    ) -> tuple[Token, ...]:
        """Return the tokens of a text; ``days`` are the places of its dates."""
        spans = [(start, end, "DATE") for start, end in days]
        ends = {morpheme.end for morpheme in morphemes}
        for tag, pattern in self._lists.items():
            place = 0
            while (match := pattern.search(text, place)) is not None:
                start, end = match.span()
                if end in ends and not any(start < other[1] and other[0] < end for other in spans):
                    spans.append((start, end, tag))
                    place = max(end, start + 1)
                else:
                    place = start + 1
        spans.sort()
        return tuple(_merged(text, morphemes, spans))


def _merged(text: str, morphemes: Sequence[Morpheme], spans: Sequence[tuple[int, int, str]]) -> Iterator[Token]:
    waiting = list(spans)
    for morpheme in morphemes:
        while waiting and waiting[0][0] <= morpheme.start:
            start, end, tag = waiting.pop(0)
            yield Token(text[start:end], tag, start, end)
        if not any(start <= morpheme.start < end for start, end, _ in spans):
            yield Token(morpheme.form, morpheme.tag, morpheme.start, morpheme.end)
    for start, end, tag in waiting:
        yield Token(text[start:end], tag, start, end)


def sentences(morphemes: Sequence[Morpheme]) -> Iterator[tuple[Morpheme, ...]]:
    """Yield the sentences of an utterance: speech recognition gives no punctuation, endings do."""
    begun: list[Morpheme] = []
    for index, morpheme in enumerate(morphemes):
        begun.append(morpheme)
        following = morphemes[index + 1] if index + 1 < len(morphemes) else None
        ends = morpheme.tag == "SF" or (
            morpheme.tag in {"EF", "IC"} and (following is None or following.tag not in {"SF", "EF", "JX", "JKV"})
        )
        if ends and following is not None and _is_carried(morpheme, following):
            continue
        if ends:
            yield tuple(begun)
            begun = []
    if begun:
        yield tuple(begun)


def _is_carried(ending: Morpheme, following: Morpheme) -> bool:
    """Whether what looks like the end of a sentence is only quoted: 온다 카더라, 민준이라 하더라."""
    return bool(_QUOTING.search(ending.form)) and bool(_CARRYING.match(following.form)) and following.tag[0] == "V"


def clauses(tokens: Sequence[Token], last: Clause | None = None) -> Iterator[Clause]:
    """Yield the clauses of one sentence; one that names nobody goes on about whoever the last one was about."""
    begun: list[Token] = []
    for index, token in enumerate(tokens):
        begun.append(token)
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if following is None or _ends_clause(token, following):
            last = _clause(tuple(begun), last)
            yield last
            begun = []


def _ends_clause(token: Token, following: Token) -> bool:
    if token.tag in {"SP", "SF"}:
        return True
    if token.tag != "EC" or following.tag in {"VX", "EC", "JX"}:
        return False
    if following.tag == "JKS":
        return True
    if token.form in {"러", "으러", "려고", "으려고", "을라고", "ㄹ라고", "고", "야", "어야", "아야", "어", "아"}:
        return token.form == "고" and following.tag not in {"VV", "VX", "VA"}
    return not (_QUOTING.search(token.form) and _CARRYING.match(following.form))


def whole(tokens: Sequence[Token]) -> Clause:
    """Return a sentence as one clause."""
    return _clause(tuple(tokens), None)


def _clause(tokens: tuple[Token, ...], last: Clause | None) -> Clause:
    for index, token in enumerate(tokens):
        if token.tag not in _PERSONS:
            continue
        following = tokens[index + 1].tag if index + 1 < len(tokens) else ""
        if following.startswith(_OBLIQUE) or (following == "VV" and tokens[index + 1].form in _TAKEN_ALONG):
            continue
        if token.tag == "SELF":
            # 나는 딸이 셋이다, 내 손주가: who is named after it is spoken of.
            rest = _clause(tokens[index + 1 :], None)
            named = Clause(tokens, Whose.NAMED_SELF, None)
            return Clause(tokens, rest.whose, rest.about) if rest.about or rest.whose is Whose.OTHER else named
        if token.tag in {"OTHER", "YOU"}:
            return Clause(tokens, Whose.OTHER, None)
        return Clause(tokens, Whose.KIN, token)
    if last is not None:
        return Clause(tokens, last.whose, last.about)
    return Clause(tokens, Whose.SELF, None)


def lists_of(table: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """Return the lists of words of the table."""
    return {str(tag): [str(source) for source in sources] for tag, sources in table["tags"].items()}
