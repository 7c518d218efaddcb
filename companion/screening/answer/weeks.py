"""Counts that are told of one week of the two: 지난주에 이틀, 이번 주에 사흘; 지난주엔 그랬는데 이번 주는 괜찮아."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from companion.screening.answer.letters import Letters
from companion.screening.answer.lexicon import Lexicon
from companion.screening.answer.signs import Days, Sign, SignKind

_WEEK: Final = 7
_SO: Final = frozenset({SignKind.PRESENT, SignKind.AGREE})
_NOT_SO: Final = frozenset({SignKind.ABSENT, SignKind.ZERO, SignKind.DENY})


def by_week(letters: Letters, signs: tuple[Sign, ...], lexicon: Lexicon) -> tuple[Sign, ...]:
    """Return the signs with the counts of single weeks added up; "the whole of last week" is seven days."""
    spans = _spans(letters, lexicon)
    tagged = _counted(spans, signs)
    if not tagged:
        whole = _contrasted(spans, signs)
        return signs if whole is None else _sorted([*signs, whole])
    starts = {sign.end for sign in tagged}
    others = [sign for sign in signs if sign.kind is not SignKind.DAYS or sign.end not in starts]
    days = [sign.days for sign in tagged if sign.days is not None]
    both = Days(sum(one.low for one in days), sum(one.high for one in days))
    first, last = min(one.start for one in tagged), max(one.end for one in tagged)
    sure = all(one.sure for one in tagged)
    whole = Sign(SignKind.DAYS, first, last, "amount.weeks", both, counted=True, sure=sure)
    inner = [sign for sign in others if not (sign.kind is SignKind.DAYS and first <= sign.start < last)]
    return _sorted([*inner, whole])


def _spans(letters: Letters, lexicon: Lexicon) -> list[tuple[int, int, int]]:
    """Return where each week is named, where that ends, and where the next one is named."""
    first = {name: pattern.search(letters.compact) for name, pattern in lexicon.weeks.items()}
    named = sorted((match.start(), match.end()) for match in first.values() if match is not None)
    ends = [*(start for start, _ in named[1:]), len(letters.compact)]
    return [(start, end, following) for (start, end), following in zip(named, ends, strict=False)]


def _counted(spans: Sequence[tuple[int, int, int]], signs: Sequence[Sign]) -> list[Sign]:
    found = []
    for start, end, _ in spans:
        following = [one for one in signs if one.kind is SignKind.DAYS and 0 <= one.start - end <= _WEEK]
        if following:
            cut = following[0].days.within(_WEEK) if following[0].days is not None else Days(0, 0)
            found.append(replace(following[0], days=cut, start=start, counted=True))
    return found


def _contrasted(spans: Sequence[tuple[int, int, int]], signs: Sequence[Sign]) -> Sign | None:
    """Return one week where it was so in one of the two and not in the other: to be confirmed."""
    for (start, end, following), (_, after, last) in pairwise(spans):
        one, other = set(_kinds(signs, end, following)), set(_kinds(signs, after, last))
        if (one & _SO and other & _NOT_SO and not other & _SO) or (other & _SO and one & _NOT_SO and not one & _SO):
            return Sign(SignKind.DAYS, start, end, "amount.weeks", Days(_WEEK, _WEEK), counted=True, sure=False)
    return None


def _kinds(signs: Sequence[Sign], start: int, end: int) -> Iterator[SignKind]:
    return (sign.kind for sign in signs if start <= sign.start < end)


def _sorted(signs: Sequence[Sign]) -> tuple[Sign, ...]:
    return tuple(sorted(signs, key=lambda sign: (sign.start, sign.end)))
