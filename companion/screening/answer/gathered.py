"""The signs of one reply with the clauses that they stand in, and how plainly each of them speaks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from companion.core.reading import Word
from companion.screening.answer.clauses import Clause, Frame, clause_of
from companion.screening.answer.letters import Letters
from companion.screening.answer.lexicon import Lexicon
from companion.screening.answer.signs import Sign, SignKind

_ABOUT: Final = frozenset({SignKind.PRESENT, SignKind.ABSENT})
_SAYS_WHAT: Final = _ABOUT | {SignKind.AGREE}
_DENYING: Final = frozenset({SignKind.DENY, SignKind.ZERO})
"""Denials of something that is not named: they leave what is named beside them in doubt."""
_SAYING_NOT: Final = _DENYING | {SignKind.ABSENT, SignKind.NEVER, SignKind.NO}
_NOT_YET: Final = frozenset({"wish", "oblige"})
_WISH: Final = "싶"
_MERE: Final = "deny.alone"
_BARE: Final = frozenset({SignKind.YES, SignKind.NO})
_MERE_NO: Final = frozenset({"아니", "아이"})
_NEXT: Final = 2
"""Letters between a count and the "그래" that it belongs to."""
_CAUSES: Final = ("서", "니까", "더니")
_CONDITIONAL: Final = "conditional"


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
        """Whether nothing in the clause of a sign may turn it round unseen, and it is not asked back."""
        if not sign.sure or self._is_asked(sign) or self.clause(sign).names_others or self._is_hearsay(sign):
            return False
        if self._is_wished(sign) or self.lexicon.negation.is_modal(self.letters, sign, self.signs, self._reach(sign)):
            return False
        return not self._is_qualified(sign) and self._is_whole(sign)

    def is_said(self, sign: Sign) -> bool:
        """Whether a sign is asserted, whatever else the clause says: not asked, wished, supposed or of others."""
        if not sign.sure or self._is_asked(sign) or self.clause(sign).names_others:
            return False
        negation = self.lexicon.negation
        is_modal = self._is_wished(sign) or negation.is_modal(self.letters, sign, self.signs, self._reach(sign))
        return not is_modal and not negation.is_supposed(self.letters, sign)

    def _reach(self, sign: Sign) -> tuple[int, int]:
        """The span of the clauses before and behind the one of a sign, within its sentence."""
        own = self.clauses.index(self.clause(sign))
        start, end = self.letters.sentence(sign.start)
        return max(start, self.clauses[own].start), min(end, self.clauses[min(own + 1, len(self.clauses) - 1)].end)

    def _is_wished(self, sign: Sign) -> bool:
        """Whether it is only wished or ought to be so: 만족하고 싶지, but not where the wish is what was asked."""
        inside = self.letters.compact[sign.start : sign.end]
        wished = any(sign.start <= at < sign.end and word.flags & _NOT_YET for at, word in self.words)
        return sign.kind in _ABOUT and wished and _WISH not in inside

    def _is_hearsay(self, sign: Sign) -> bool:
        """Whether it is what somebody said, who may have said it of themselves: 이웃들은 나보고 부럽대."""
        if sign.kind is not SignKind.PRESENT or not self.lexicon.hearsay.match(self.letters.compact, sign.end):
            return False
        start, _ = self.letters.sentence(sign.start)
        return self.lexicon.mentions_others(self.letters.compact[start : sign.start])

    def _is_asked(self, sign: Sign) -> bool:
        _, end = self.letters.sentence(sign.start)
        return end in self.letters.question_ends and end < len(self.letters.compact)

    def _is_qualified(self, sign: Sign) -> bool:
        """Whether the clause goes on, is told against, or is only a condition."""
        if sign.kind in _SAYS_WHAT and (self._goes_on(sign, self.clause(sign)) or self.is_told_against(sign)):
            return True
        negation = self.lexicon.negation
        return sign.kind in _ABOUT and (negation.is_supposed(self.letters, sign) or self._is_conditional(sign))

    def _is_whole(self, sign: Sign) -> bool:
        """Whether a denial denies what was asked, and no other denial is left over.

        A sign that holds a denial itself is whole beside others; one that holds none is not.
        """
        letters, clause = self.letters, self.clause(sign)
        words = letters.compact[sign.start : sign.end]
        if sign.kind in {SignKind.NO, SignKind.DENY} and words in _MERE_NO:
            return not self._goes_on_elsewhere(sign)
        if sign.kind in {SignKind.DENY, SignKind.AGREE}:
            return self._points_at_the_question(sign, clause)
        start = sign.end if self.lexicon.negation.denies(words) else clause.start
        saying = [one for one in self.signs if one.kind not in _DENYING or one.rule == _MERE or one is sign]
        return not self.lexicon.negation.is_left_over(letters, start, clause.end, saying)

    def is_alone(self, sign: Sign) -> bool:
        """Whether a count is of what was asked about: not 맨날 놀러 다녀, 사흘 뒤가 제사여."""
        start, end = self.letters.sentence(sign.start)
        if self.lexicon.quoted_option.match(self.letters.compact, sign.end):
            return True
        if any(self._says_so(other, sign, start, end) for other in self.signs):
            return True
        clause, clause_end = self.clause(sign), self.clause(sign).end
        beside = (word for at, word in self.words if clause.start <= at < clause_end and not self._is_covered(at))
        if not sign.counted and any(word.kind == "n" and word.form in self.lexicon.other_matters for word in beside):
            return False
        if any(self._is_another_matter(at, word) for at, word in self.words if sign.end <= at < clause_end):
            return False
        verbs = [(at, word) for at, word in self.words if start <= at < end and word.kind == "v"]
        following = [verb for verb in verbs if verb[0] >= sign.end] or ([] if sign.counted else verbs[-1:])
        return not following or following[0][1].form in self.lexicon.carrying or self._is_covered(following[0][0])

    def _is_another_matter(self, at: int, word: Word) -> bool:
        """Whether a noun is named that no sign holds and that says nothing by itself."""
        known = (
            word.form in self.lexicon.beside or word.form in self.lexicon.denied or word.form in self.lexicon.time_words
        )
        return word.kind == "n" and not known and not self._is_covered(at)

    def _says_so(self, other: Sign, count: Sign, start: int, end: int) -> bool:
        """Whether a sign of the sentence says what was counted: behind the count, or as its cause before it."""
        if other.kind is SignKind.AGREE:
            return 0 <= other.start - count.end <= _NEXT
        if other.kind is not SignKind.PRESENT:
            return False
        if not count.counted and self._is_last_word(count) and start <= other.start < count.start:
            return True
        clause = self.clause(other)
        is_cause = self.letters.compact[clause.start : clause.end].endswith(_CAUSES) and other.start >= start
        return count.end <= other.start < end or (is_cause and other.end <= count.start)

    def _is_last_word(self, sign: Sign) -> bool:
        """Whether nothing is said behind a sign: 걱정을 달고 살아, 매일."""
        return not any(
            at >= sign.end and word.kind in {"n", "v"} and word.form not in self.lexicon.carrying
            for at, word in self.words
        )

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
        own = self.clauses.index(self.clause(sign))
        start = max(start, self.clauses[max(own - 1, 0)].start)
        return any(
            start <= one < sign.start and _CONDITIONAL in word.flags and word.form not in self.lexicon.habitual
            for one, word in self.words
        )

    def _goes_on_elsewhere(self, sign: Sign) -> bool:
        """Whether a reply that begins with a mere 아니, which may say nothing, goes on with anything but a denial."""
        denying = [one for one in self.signs if one.kind in _SAYING_NOT and one is not sign]
        return any(
            start >= sign.end and not any(one.start <= start < one.end for one in denying) for start, _ in self.words
        )

    def _points_at_the_question(self, sign: Sign, clause: Clause) -> bool:
        """Whether "there is none" or "there is" is said of what was asked, and of nothing else."""
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
