"""Gathers the signs of one reply to one item, so that no letter is counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from companion.core.reading import NEGATED, Expression, Reading, Word
from companion.screening.answer.clauses import Clause, Frame, clause_of, clauses
from companion.screening.answer.letters import Letters
from companion.screening.answer.lexicon import Lexicon
from companion.screening.answer.signs import Days, Sign, SignKind
from companion.screening.instrument import Item, ScaleKind

_WEEK: Final = 7
_SINCE: Final = "지"
_ECHO: Final = 8
"""Letters of a question that only says a word back."""
_ABOUT: Final = frozenset({SignKind.PRESENT, SignKind.ABSENT})
_HOW_OFTEN: Final = frozenset({SignKind.DAYS, SignKind.NOT_SO_OFTEN, SignKind.NEVER, SignKind.DEGREE})
_SAYS_WHAT: Final = _ABOUT | {SignKind.AGREE}
_SAYS_MUCH: Final = frozenset({SignKind.PRESENT, SignKind.ABSENT, SignKind.ZERO, SignKind.DEGREE})
_BARE: Final = frozenset({SignKind.YES, SignKind.NO})


@dataclass(frozen=True, slots=True)
class Gathered:
    """All signs of a reply in order, and the clauses that they stand in."""

    letters: Letters
    signs: tuple[Sign, ...]
    clauses: tuple[Clause, ...]
    lexicon: Lexicon
    words: tuple[tuple[int, Word], ...]
    """The words of the reading, each with its first letter."""

    def is_plain(self, sign: Sign) -> bool:
        """Whether nothing in the clause of a sign may turn it round unseen, and it is not asked back.

        A sign that holds a denial itself is plain beside others; one that holds none is not.
        """
        letters, clause = self.letters, self.clause(sign)
        _, end = letters.sentence(sign.start)
        if end in letters.question_ends and end < len(letters.compact):
            return False
        if sign.kind in _SAYS_WHAT and (self._goes_on(sign, clause) or self.is_told_against(sign)):
            return False
        if sign.kind in _ABOUT and (self.lexicon.negation.is_supposed(letters, sign) or self._is_conditional(sign)):
            return False
        if sign.kind is SignKind.DENY:
            return self._denies_what_was_asked(sign, clause)
        if self.lexicon.negation.denies(letters.compact[sign.start : sign.end]):
            return True
        return not self.lexicon.negation.is_left_over(letters, clause.start, clause.end, self.signs)

    def is_alone(self, sign: Sign) -> bool:
        """Whether the predicate after a frequency is the one that was asked about, or none: not 맨날 놀러 다녀."""
        _, end = self.letters.sentence(sign.start)
        following = ((start, word) for start, word in self.words if sign.end <= start < end and word.kind == "v")
        start, word = next(following, (sign.start, None))
        return word is None or word.form in self.lexicon.beside or self._is_covered(start)

    def is_told_against(self, sign: Sign) -> bool:
        """Whether what follows in the sentence is said against the clause of a sign: 다 좋은데 외로워서."""
        clause = self.clause(sign)
        _, end = self.letters.sentence(sign.start)
        if clause.end >= end or not self.lexicon.contrast.search(self.letters.compact[clause.start : clause.end]):
            return False
        return any(clause.end <= start < end and word.form not in self.lexicon.beside for start, word in self.words)

    def _is_conditional(self, sign: Sign) -> bool:
        """Whether the clause before says under which condition: 티비 없으면 지루하지."""
        start, _ = self.letters.sentence(sign.start)
        return any(start <= one < sign.start and "conditional" in word.flags for one, word in self.words)

    def _denies_what_was_asked(self, sign: Sign, clause: Clause) -> bool:
        """Whether "there is none" is said of what was asked, and of nothing else."""
        before = [word.form for start, word in self.words if clause.start <= start < sign.start]
        never = any(one.kind is SignKind.NEVER and clause.start <= one.start < sign.start for one in self.signs)
        if before:
            return all(form in self.lexicon.denied for form in before[:-1]) and (
                never or before[-1] in self.lexicon.denied
            )
        return all(self._is_covered(letter) for letter in range(clause.start, sign.start))

    def _is_covered(self, letter: int) -> bool:
        return any(sign.start <= letter < sign.end for sign in self.signs)

    def _goes_on(self, sign: Sign, clause: Clause) -> bool:
        """Whether the clause says something else after the sign, which may be what it is really about."""
        return any(
            sign.end <= start < clause.end
            and word.form not in self.lexicon.beside
            and not any(other.start <= start < other.end for other in self.signs)
            for start, word in self.words
        )

    def without_yes_and_no(self) -> Gathered:
        """Return it without a bare yes or no: where that answers another question."""
        return replace(self, signs=tuple(sign for sign in self.signs if sign.kind not in _BARE))

    @property
    def has_changed(self) -> bool:
        """Whether the past is told and something else is said of now, in whatever words."""
        past = [index for index, clause in enumerate(self.clauses) if clause.frame is Frame.PAST]
        return bool(past) and past[0] < len(self.clauses) - 1 and self.clauses[-1].counts

    def counting(self) -> tuple[Sign, ...]:
        """Return the signs that speak of the person and of the window."""
        return tuple(sign for sign in self.signs if self.clause(sign).counts)

    def clause(self, sign: Sign) -> Clause:
        """Return the clause of a sign."""
        return clause_of(self.clauses, sign.start)


def gather(letters: Letters, reading: Reading, item: Item, lexicon: Lexicon, window: int) -> Gathered:
    """Return the signs of a reply. Longer signs swallow shorter ones that they overlap."""
    found = [*_about(letters, reading, item, lexicon), *lexicon.plain_signs(letters)]
    found += (_since_what(letters, sign) for sign in lexicon.amounts.find(letters, window))
    found += lexicon.frequencies(letters)
    found += _named_days(letters, lexicon)
    if item.scale.kind is ScaleKind.DEGREE:
        found += lexicon.degrees(letters)
    kept = tuple(sorted(_without_overlaps(found, item.scale.kind), key=lambda sign: (sign.start, sign.end)))
    kept = tuple(_denied_counts(letters, kept, lexicon))
    kept = _corrected(letters, kept, lexicon)
    kept = tuple(sign for sign in kept if not _is_echo(letters, sign))
    parts = clauses(letters, lexicon, others_count=item.about_others)
    words = tuple((letters.letter_at(word.start), word) for word in reading.words)
    return Gathered(letters, _by_week(letters, kept, lexicon), parts, lexicon, words)


def _about(letters: Letters, reading: Reading, item: Item, lexicon: Lexicon) -> Iterator[Sign]:
    turned = lexicon.negation.turned
    for kind, signs in ((SignKind.PRESENT, item.present), (SignKind.ABSENT, item.absent)):
        rule = kind.name.lower()
        for source in signs.patterns:
            for match in lexicon.compiled(source).finditer(letters.compact):
                if match.end() > match.start() and not _crosses(letters, *match.span()):
                    yield from turned(letters, Sign(kind, *match.span(), rule), read=False)
        for expression in signs.expressions:
            for start, end, is_negated in _read_spans(letters, reading, expression):
                yield from turned(letters, Sign(kind, start, end, rule), read=is_negated)


def _since_what(letters: Letters, sign: Sign) -> Sign:
    """수면제 먹은 지 보름: how long ago something else was; to be confirmed."""
    since = sign.start - 1
    if since > 0 and letters.compact[since] == _SINCE and since in letters.word_starts:
        return replace(sign, sure=False)
    return sign


def _crosses(letters: Letters, start: int, end: int) -> bool:
    """Whether a span goes over the end of a sentence; a word that is only said back (희망이요? 없어요) ends none."""
    marks = [mark for mark in letters.stops if start < mark < end]
    return any(mark not in letters.question_ends or mark - letters.sentence(start)[0] > _ECHO for mark in marks)


def _is_echo(letters: Letters, sign: Sign) -> bool:
    """Whether it only says back what was asked, as in 절망요?"""
    if sign.kind not in _ABOUT:
        return False
    start, end = letters.sentence(sign.start)
    asked_back = end in letters.question_ends and end - start <= _ECHO and end < len(letters.compact)
    return asked_back and sign.end <= end


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
        after = words[last + 1].start if last + 1 < len(words) else len(letters.plain)
        end = letters.letter_at(words[last].start) + max(len(words[last].form), 1)
        yield start, min(max(end, start + 1), max(letters.letter_at(after), start + 1)), NEGATED in words[last].flags


def _named_days(letters: Letters, lexicon: Lexicon) -> Iterator[Sign]:
    """Yield a count of the days that are named: yesterday and the day before are two."""
    named = [match for pattern in lexicon.named_days if (match := pattern.search(letters.compact))]
    spans = [match for match in named if not letters.compact.startswith("부터", match.end())]
    if spans:
        start, end = min(match.start() for match in spans), max(match.end() for match in spans)
        count = len(spans)
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
        return 2 if scale is ScaleKind.POLAR else 1
    if sign.rule == "rhetorical" or (sign.kind is SignKind.NOT_SO_OFTEN and sign.days is None):
        return 5
    if sign.counted or sign.kind is SignKind.NOT_SO_OFTEN or sign.rule.startswith("no_such_day"):
        return 4
    if sign.kind is SignKind.DAYS and sign.rule != "named_days":
        return 3
    return 2 if sign.kind in _SAYS_MUCH else 1


def _may_share(one: Sign, other: Sign) -> bool:
    """A bare yes or no says what it says whatever else is read out of its letters; 마음이 늘 편안 holds a frequency."""
    if one.kind in _BARE:
        return True
    holds = other.start <= one.start and one.end <= other.end
    return one.kind in _ABOUT and other.kind in _HOW_OFTEN and not holds


def _denied_counts(letters: Letters, signs: Iterable[Sign], lexicon: Lexicon) -> Iterator[Sign]:
    """하루 이틀은 아니고: a count that is denied is none."""
    for sign in signs:
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


def _by_week(letters: Letters, signs: tuple[Sign, ...], lexicon: Lexicon) -> tuple[Sign, ...]:
    """Add up counts of this week and of the last; "the whole of last week" is seven days."""
    tagged: dict[str, Sign] = {}
    for name, pattern in lexicon.weeks.items():
        for match in pattern.finditer(letters.compact):
            following = [one for one in signs if one.kind is SignKind.DAYS and 0 <= one.start - match.end() <= _WEEK]
            if following:
                sign = following[0]
                cut = sign.days.within(_WEEK) if sign.days is not None else Days(0, 0)
                tagged[name] = replace(sign, days=cut, start=match.start(), counted=True)
                break
    if not tagged:
        return signs
    starts = {sign.end for sign in tagged.values()}
    others = [sign for sign in signs if sign.kind is not SignKind.DAYS or sign.end not in starts]
    days = [sign.days for sign in tagged.values() if sign.days is not None]
    both = Days(sum(one.low for one in days), sum(one.high for one in days))
    first, last = min(one.start for one in tagged.values()), max(one.end for one in tagged.values())
    whole = Sign(
        SignKind.DAYS, first, last, "amount.weeks", both, counted=True, sure=all(s.sure for s in tagged.values())
    )
    inner = [sign for sign in others if not (sign.kind is SignKind.DAYS and first <= sign.start < last)]
    return tuple(sorted([*inner, whole], key=lambda sign: (sign.start, sign.end)))
