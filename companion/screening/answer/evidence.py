"""Gathers the signs of one reply to one item, so that no letter is counted twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from companion.core.reading import NEGATED, Expression, Reading
from companion.screening.answer.clauses import clauses
from companion.screening.answer.gathered import Gathered
from companion.screening.answer.letters import Letters
from companion.screening.answer.lexicon import Lexicon
from companion.screening.answer.negation import other_of
from companion.screening.answer.signs import Days, Sign, SignKind
from companion.screening.answer.weeks import by_week
from companion.screening.instrument import Item, ScaleKind

_WEEK: Final = 7
_SINCE: Final = "지"
_WISH: Final = "wish"
_WISHED: Final = re.compile("고(?:만|는|도|야)?싶")
"""What a wish ends with, where it is the wish that the item asks about: 나가고 싶어."""
_THAN: Final = "보다"
"""나가는 것보다 집이 좋아: what is liked is not what it is compared with."""
_FEELING: Final = "하"
"""슬퍼하: the rest of what somebody feels."""
_ECHO: Final = 8
"""Letters of a question that only says a word back."""
_ABOUT: Final = frozenset({SignKind.PRESENT, SignKind.ABSENT})
_HOW_OFTEN: Final = frozenset({SignKind.DAYS, SignKind.NOT_SO_OFTEN, SignKind.NEVER, SignKind.DEGREE})
_SOMETIMES: Final = "frequency.sometimes"
"""어쩌다 한 번씩: the once in it is no count."""
_NO_FEW_DAYS: Final = "frequency.no_few_days"
_SAYS_MUCH: Final = frozenset({SignKind.PRESENT, SignKind.ABSENT, SignKind.ZERO, SignKind.DEGREE})
_BETWEEN: Final = {"both": (6, 6), "neither": (6, 0), "between": (5, 1)}
"""Weight on a polar scale and on another one."""
_ASKED: Final = frozenset({SignKind.PRESENT, SignKind.AGREE, SignKind.DAYS})
_DENYING: Final = frozenset({SignKind.ZERO, SignKind.DENY, SignKind.NO, SignKind.ABSENT})
_BARE: Final = frozenset({SignKind.YES, SignKind.NO})


def gather(letters: Letters, reading: Reading, item: Item, lexicon: Lexicon, window: int) -> Gathered:
    """Return the signs of a reply. Longer signs swallow shorter ones that they overlap."""
    letters = letters.closed_by(reading)
    found = [*_about(letters, reading, item, lexicon), *lexicon.plain_signs(letters)]
    found += (_since_what(letters, sign) for sign in lexicon.amounts.find(letters, window))
    found += lexicon.frequencies(letters)
    found += _named_days(letters, lexicon, window)
    if item.scale.kind is ScaleKind.DEGREE:
        found += lexicon.degrees(letters)
    if item.scale.kind is ScaleKind.FREQUENCY:
        found += lexicon.good_days(letters)
    kept = tuple(sorted(_without_overlaps(found, item.scale.kind), key=lambda sign: (sign.start, sign.end)))
    kept = tuple(_denied_counts(letters, kept, lexicon))
    kept = _added_up(letters, _corrected(letters, kept, lexicon), lexicon)
    kept = _without_conditions(letters, kept, lexicon)
    kept = tuple(sign for sign in kept if not _is_echo(letters, sign) and not _is_asked_and_denied(letters, sign, kept))
    parts = clauses(letters, reading, lexicon, others_count=item.about_others)
    if item.about_others and item.scale.kind is ScaleKind.FREQUENCY:
        # What others said of the person is what was asked: 남들이 그런 말은 안 해.
        parts = tuple(replace(one, names_others=False) for one in parts)
    words = tuple((letters.letter_at(word.start), word) for word in reading.words)
    return Gathered(letters, by_week(letters, kept, lexicon), parts, lexicon, words)


def _about(letters: Letters, reading: Reading, item: Item, lexicon: Lexicon) -> Iterator[Sign]:
    turned = lexicon.negation.turned
    for kind, signs in ((SignKind.PRESENT, item.present), (SignKind.ABSENT, item.absent)):
        rule = kind.name.lower()
        for source in signs.patterns:
            for match in lexicon.compiled(source).finditer(letters.compact):
                torn = letters.is_torn(match.start()) or _crosses(letters, *match.span())
                if match.end() > match.start() and not torn:
                    yield from turned(letters, Sign(kind, *match.span(), rule), read=False, source=source)
        for expression in signs.expressions:
            for start, end, is_negated in _read_spans(letters, reading, expression):
                yield from turned(letters, Sign(kind, start, end, rule), read=is_negated)
            by_degree = expression.atoms[0].forms & lexicon.degree_words
            denied = None if by_degree else expression.denied()
            for start, end, _ in _read_spans(letters, reading, denied) if denied is not None else ():
                yield from turned(letters, Sign(other_of(kind), start, end, f"{rule}.not"), read=True)


def _since_what(letters: Letters, sign: Sign) -> Sign:
    """수면제 먹은 지 보름: how long ago something else was; to be confirmed."""
    since = sign.start - 1
    if since > 0 and letters.compact[since] == _SINCE and since in letters.word_starts:
        return replace(sign, sure=False)
    return sign


def _crosses(letters: Letters, start: int, end: int) -> bool:
    """Whether a span goes over the end of a sentence; a word that is only said back (희망이요? 없어요) ends none."""
    if any(start < mark < end for mark in letters.closings - letters.stops):
        return True
    marks = [mark for mark in letters.stops if start < mark < end]
    return any(mark not in letters.question_ends or mark - letters.sentence(start)[0] > _ECHO for mark in marks)


def _is_echo(letters: Letters, sign: Sign) -> bool:
    """Whether it only says back what was asked, as in 절망요?"""
    if sign.kind not in _ABOUT:
        return False
    start, end = letters.sentence(sign.start)
    asked_back = end in letters.question_ends and end - start <= _ECHO and end < len(letters.compact)
    return asked_back and sign.end <= end


def _is_asked_and_denied(letters: Letters, sign: Sign, signs: Sequence[Sign]) -> bool:
    """매일 우울할 것 같지? 안 그래: what is asked is denied by the sentence that follows."""
    if sign.kind not in _ASKED:
        return False
    _, end = letters.sentence(sign.start)
    if end not in letters.question_ends or end >= len(letters.compact):
        return False
    answer = [one for one in signs if one.start >= end]
    return any(one.kind in _DENYING for one in answer) and not any(one.kind in _ASKED for one in answer)


def _read_spans(letters: Letters, reading: Reading, expression: Expression) -> Iterator[tuple[int, int, bool]]:
    """Yield the letters of each match that skips no predicate, and whether its denial is part of it.

    In 재미 없을 때가 있다 the fun is not what there is.
    """
    words = reading.words
    for first, last in expression.matches(reading):
        inside = words[first + 1 : last]
        if len(inside) > len(expression.atoms) - 2 and any(word.kind == "v" for word in inside):
            continue
        start = letters.letter_at(words[first].start)
        reached = letters.letter_at(words[last].start)
        if first != last and (_crosses(letters, start, reached + 1) or _THAN in letters.compact[start:reached]):
            continue
        following = next((one for one in words[last + 1 :] if one.form != _FEELING), None)
        after = len(letters.plain) if following is None else following.start
        end = letters.letter_at(words[last].start) + max(len(words[last].form), 1)
        if expression.asks(_WISH) and (wished := _WISHED.match(letters.compact, end)):
            yield start, wished.end(), False
            continue
        yield start, min(max(end, start + 1), max(letters.letter_at(after), start + 1)), NEGATED in words[last].flags


def _named_days(letters: Letters, lexicon: Lexicon, window: int) -> Iterator[Sign]:
    """Yield a count of the days that are named: yesterday and the day before are two."""
    named = [match for pattern in lexicon.named_days if (match := pattern.search(letters.compact))]
    spans = [match for match in named if not letters.compact.startswith("부터", match.end())]
    if spans:
        start, end = min(match.start() for match in spans), max(match.end() for match in spans)
        count = len(spans)
        if left_out := lexicon.left_out.match(letters.compact, end):
            # 토요일 일요일 빼고: every week has them.
            days = window - count * window // _WEEK if any("요일" in one.group() for one in spans) else window - count
            yield Sign(SignKind.DAYS, start, left_out.end(), "named_days.except", Days(days, days), sure=False)
            return
        yield Sign(SignKind.DAYS, start, end, "named_days", Days(count, count), sure=count > 1)


def _without_overlaps(signs: Iterable[Sign], scale: ScaleKind) -> list[Sign]:
    """Keep the weightier of two overlapping signs: counts before frequencies, then the longer one."""
    kept: list[Sign] = []
    for sign in sorted(signs, key=lambda one: (-_weight(one, scale), -(one.end - one.start), one.start)):
        if not any(sign.overlaps(other) and not _may_share(sign, other) for other in kept):
            kept.append(sign)
    return kept


def _weight(sign: Sign, scale: ScaleKind) -> int:
    """How much a sign says: of two that overlap the weightier stands."""
    if sign.kind is SignKind.BETWEEN:
        polar, frequency = _BETWEEN[sign.rule]
        return polar if scale is ScaleKind.POLAR else frequency
    if sign.rule == "rhetorical" or (sign.kind is SignKind.NOT_SO_OFTEN and sign.days is None):
        return 5
    if (
        sign.counted
        or sign.kind is SignKind.NOT_SO_OFTEN
        or sign.rule == _SOMETIMES
        or sign.rule.startswith("no_such_day")
    ):
        return 4
    if sign.kind is SignKind.DAYS and sign.rule != "named_days":
        return 3
    return 2 if sign.kind in _SAYS_MUCH else 1


def _may_share(one: Sign, other: Sign) -> bool:
    """A bare yes or no says what it says whatever else is read out of its letters; 마음이 늘 편안 holds a frequency."""
    if one.kind in _BARE:
        return True
    if other.rule == _NO_FEW_DAYS:
        return False
    holds = other.start <= one.start and one.end <= other.end
    return one.kind in _ABOUT and other.kind in _HOW_OFTEN and not holds


def _denied_counts(letters: Letters, signs: Iterable[Sign], lexicon: Lexicon) -> Iterator[Sign]:
    """하루 이틀은 아니고: a count that is denied is none."""
    for sign in signs:
        if sign.counted and lexicon.asked_how_many.match(letters.compact, sign.end):
            continue
        end = lexicon.denies_frequency(letters.compact, sign.end) if sign.counted else None
        past_only = letters.compact.startswith("밖에", sign.end) or letters.compact[: sign.end].endswith("밖에")
        if end is None or past_only:
            yield sign
        else:
            yield replace(sign, kind=SignKind.NOT_SO_OFTEN, end=end)


def _corrected(letters: Letters, signs: tuple[Sign, ...], lexicon: Lexicon) -> tuple[Sign, ...]:
    """Leave out the counts that are taken back: 사흘, 아니 닷새."""
    counts = [sign for sign in signs if sign.kind is SignKind.DAYS]
    dropped: set[int] = set()
    for one, other in pairwise(counts):
        if lexicon.correction(letters, one.end, other.start) is not None:
            dropped.add(id(one))
    return tuple(sign for sign in signs if id(sign) not in dropped)


def _added_up(letters: Letters, signs: tuple[Sign, ...], lexicon: Lexicon) -> tuple[Sign, ...]:
    """Add up two counts that are told side by side: 못 잔 게 닷새고 너무 잔 게 이틀이고."""
    counts = [sign for sign in signs if sign.counted and sign.days is not None]
    for one, other in pairwise(counts):
        if one.days is None or other.days is None or not lexicon.joined.match(letters.compact, one.end):
            continue
        both = Days(one.days.low + other.days.low, one.days.high + other.days.high)
        whole = replace(other, start=one.start, rule="amount.sum", days=both, sure=False)
        rest = [sign for sign in signs if sign is not one and sign is not other]
        return tuple(sorted([*rest, whole], key=lambda sign: (sign.start, sign.end)))
    return signs


def _without_conditions(letters: Letters, signs: tuple[Sign, ...], lexicon: Lexicon) -> tuple[Sign, ...]:
    """Leave out what is only a condition where something is said outright: 낮잠을 안 자면 밤에 잘 자."""
    supposed = {id(one) for one in signs if one.kind in _ABOUT and lexicon.negation.is_supposed(letters, one)}
    outright = any(one.kind in _ABOUT and id(one) not in supposed for one in signs)
    return tuple(one for one in signs if id(one) not in supposed) if outright else signs
