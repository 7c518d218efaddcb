"""The clauses of a reply, each with the time and the person that it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise
from typing import Final

from companion.core.reading import Reading
from companion.screening.answer.letters import Letters
from companion.screening.answer.lexicon import Lexicon

_PAST: Final = "past"
_AND: Final = "고"
_FINAL: Final = "나노냐남어아제"
"""Last letters of words that end a clause unless an auxiliary carries them on."""


class Frame(Enum):
    """Which time a clause speaks of."""

    OPEN = auto()
    """No time is named: that of the question."""
    NOW = auto()
    PAST = auto()
    """Before the window."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, in letters."""

    start: int
    end: int
    frame: Frame
    of_others: bool
    """It speaks of somebody else, and the item does not."""
    names_others: bool
    """It names somebody else, or may still be about somebody who was named before in the sentence."""

    @property
    def counts(self) -> bool:
        """Whether it speaks of the person and of the window."""
        return self.frame is not Frame.PAST and not self.of_others


def clauses(letters: Letters, reading: Reading, lexicon: Lexicon, *, others_count: bool = False) -> tuple[Clause, ...]:
    """Return the clauses in order; together they cover the whole reply.

    A clause without a time of its own speaks of the time of the one before it, within a sentence; one without a
    predicate of its own speaks of the same person.

    Args:
        letters: The reply.
        reading: The same as morphology sees it.
        lexicon: The words.
        others_count: The item asks about other people too, so that naming them does not set a clause aside.
    """
    found: list[Clause] = []
    predicates = [letters.letter_at(word.start) for word in reading.words if word.kind == "v"]
    told = [letters.letter_at(word.start) for word in reading.words if _PAST in word.flags]
    for start, end in _spans(letters, lexicon):
        text = letters.compact[start:end]
        frame = _frame(text, lexicon)
        if frame is Frame.OPEN and lexicon.since_event.search(text):
            is_told = any(start <= place < letters.sentence(start)[1] for place in told)
            frame = Frame.PAST if is_told else Frame.OPEN
        before = found[-1] if found else None
        if frame is Frame.OPEN and before is not None and before.frame is Frame.PAST and start not in letters.stops:
            said = letters.compact[before.start : before.end]
            changes = lexicon.contrast.search(said) or lexicon.time_changes.search(said)
            frame = Frame.OPEN if changes else Frame.PAST
        blanks = "".join(f" {one}" if start + index in letters.word_starts else one for index, one in enumerate(text))
        others = lexicon.other_people(text, blanks=blanks)
        if before is not None and before.names_others and not any(start <= place < end for place in predicates):
            others = others or not lexicon.own(blanks)
        in_doubt = others or _may_go_on_about(before, letters, start, is_own=lexicon.own(blanks))
        found.append(Clause(start, end, frame, others and not others_count, in_doubt))
    return _with_afterthought(found, predicates)


def _with_afterthought(found: list[Clause], predicates: Sequence[int]) -> tuple[Clause, ...]:
    """나가는 게 낙이었지, 옛날엔: a time that is told behind is that of what was said before it."""
    *others, last = found
    tells_nothing = not any(last.start <= place < last.end for place in predicates)
    if others and last.frame is Frame.PAST and tells_nothing and others[-1].frame is Frame.OPEN:
        return (*others[:-1], replace(others[-1], frame=Frame.PAST), last)
    return tuple(found)


def _may_go_on_about(before: Clause | None, letters: Letters, start: int, *, is_own: bool) -> bool:
    """Whether a clause may still be about whoever the one before it named: nobody else was named since."""
    return before is not None and before.names_others and start not in letters.stops and not is_own


def clause_of(all_clauses: Sequence[Clause], place: int) -> Clause:
    """Return the clause that a letter belongs to; the last one for a place behind the end."""
    return next((clause for clause in all_clauses if clause.start <= place < clause.end), all_clauses[-1])


def _frame(text: str, lexicon: Lexicon) -> Frame:
    if lexicon.now.search(text):
        return Frame.NOW
    if lexicon.past.search(text):
        return Frame.OPEN if lexicon.since.search(text) else Frame.PAST
    return Frame.OPEN


def _spans(letters: Letters, lexicon: Lexicon) -> list[tuple[int, int]]:
    cuts = {0, len(letters.compact)} | set(letters.stops) | set(letters.pauses) | set(letters.closings)
    starts = sorted(letters.word_starts)
    for start, following in pairwise(starts):
        if not _is_carried_on(letters, following, lexicon) and lexicon.clause_ends.search(
            letters.compact[start:following]
        ):
            cuts.add(following)
        begins = lexicon.clause_starts.match(letters.compact, following)
        if begins and (begins.end() - following > 1 or begins.end() in letters.word_starts):
            cuts.add(following)
    ordered = sorted(cuts)
    return [(start, end) for start, end in pairwise(ordered) if start < end] or [(0, 0)]


def _is_carried_on(letters: Letters, following: int, lexicon: Lexicon) -> bool:
    """Whether the word before a place and the one at it are one predicate: 죽고 싶다, 됐나 싶다."""
    last = letters.compact[following - 1]
    pattern = lexicon.carried_on if last == _AND else lexicon.question_carried_on if last in _FINAL else None
    return pattern is not None and pattern.match(letters.compact, following) is not None
