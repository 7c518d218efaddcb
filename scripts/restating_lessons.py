"""What the restating of tellings is taught by: listeners' own words, and how each came about letter by letter.

Lessons lie beside the network, one file an author (``models/restating/lessons_*.jsonl``): ``told``, ``back`` (empty
where a listener would not say it back), and ``asked`` where 말벗 had asked something. A lesson of several sentences
teaches how the whole is said back, the one of them that its author said back, and that the others are not the heart.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from companion.adapters.restating import MOST_LETTERS
from companion.core.morphology import Analyser
from companion.dialogue.mirroring.edits import LEAVE_OUT, edit_of
from companion.dialogue.mirroring.tellings import spoken_sentences, together

FOLDER = Path(__file__).resolve().parent.parent / "models" / "restating"
LONGEST_EDIT = 6
"""Letters that may stand for one."""
MOST_WRITTEN = 9
"""Letters of a sentence said back that were not in what was told: with more it says what nobody told."""
MOST_OF_IT, SOME, HARDLY = 0.8, 0.2, 0.15
"""Shares of the pairs of letters of what is said back: in the sentence it is made of, at least, and in another."""
PAIR_SOME = 0.3
SAMPLE, ROUNDS = 2500, 3
UNSEEN = 0.02

Cost = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence and what a listener makes of it."""

    asked: str
    told: str
    back: str
    """Empty where it is not said back."""
    by_rule: bool = False
    """Whether the rules of the mirror said it back: only its letters teach, not whether it is the heart."""


def lessons() -> Iterator[Mapping[str, str]]:
    """Yield the lessons of all authors."""
    for file in sorted(FOLDER.glob("lessons_*.jsonl")):
        yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def pieces(analyser: Analyser) -> list[Piece]:
    """Return the lessons whole and sentence by sentence."""
    found: list[Piece] = []
    for one in lessons():
        told, back, asked = spaced(one["told"]), spaced(one["back"]).rstrip(".!? "), spaced(one.get("asked", ""))
        sentences = spoken_sentences(told, analyser.analyse(told))
        if len(sentences) > 1 and len(together(sentences)) <= MOST_LETTERS:
            found.append(Piece(asked, together(sentences), back))
        found += _of(sentences, back, asked)
    return found


def _of(sentences: Sequence[str], back: str, asked: str) -> list[Piece]:
    first = [asked, *[""] * (len(sentences) - 1)]
    if len(sentences) == 1 or not back:
        return [Piece(before, one, back) for before, one in zip(first, sentences, strict=True)]
    shares = [_share(one, back) for one in sentences]
    whole, best = _share(" ".join(sentences), back), max(range(len(sentences)), key=lambda at: shares[at])
    if shares[best] >= MOST_OF_IT * whole and shares[best] > SOME:
        others = (at for at, share in enumerate(shares) if at != best and share < HARDLY)
        return [Piece(first[best], sentences[best], back), *(Piece("", sentences[at], "") for at in others)]
    joined = [", ".join(sentences[at : at + 2]) for at in range(len(sentences) - 1)]
    at = max(range(len(joined)), key=lambda at: _share(joined[at], back))
    fits = _share(joined[at], back) >= MOST_OF_IT * whole and _share(joined[at], back) > PAIR_SOME
    return [Piece(first[at], joined[at], back)] if fits else []


def aligned(of: Sequence[Piece]) -> list[tuple[str, ...] | None]:
    """Return the edits that make what is said back, one for each letter; None where too much was written anew.

    Of the many ways that give the same letters the one with the edits that are common: found by turns of aligning and
    counting (Viterbi training).
    """
    cost: Cost = first_cost
    sample = [one for one in of if one.back][:SAMPLE]
    for _ in range(ROUNDS - 1):
        counts = Counter(edit for edits in _all(sample, cost) if edits for edit in edits)
        cost = Learnt(counts)
    return [edits if edits is None or _written(edits) <= MOST_WRITTEN else None for edits in _all(of, cost)]


class Learnt:
    """The cost of an edit by how often it was made."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts, self._total = dict(counts), sum(counts.values())
        self._kept: dict[tuple[str, str], float] = {}

    def __call__(self, letter: str, said: str) -> float:
        """Return it, lower for what is common."""
        known = self._kept.get((letter, said))
        if known is None:
            share = (self._counts.get(edit_of(letter, said), 0) + UNSEEN) / self._total
            known = self._kept[letter, said] = -math.log(share) / 4 + 0.15 * first_cost(letter, said)
        return known


def first_cost(letter: str, said: str) -> float:
    """Return what an edit costs before anything was counted."""
    edit = edit_of(letter, said)
    if edit in {"=", LEAVE_OUT}:
        return 0.0 if edit != LEAVE_OUT else 0.6 if letter == " " else 1.0
    return 1.0 + 0.35 * (len(edit) - 3) if edit[0] == "~" else 1.8 + 0.45 * len(said)


def alignment(told: str, back: str, cost: Cost) -> tuple[str, ...] | None:
    """Return the cheapest edits, or None where there are none: more letters than may stand for each."""
    most = len(back)
    best = [[math.inf] * (most + 1) for _ in range(len(told) + 1)]
    taken = [[0] * (most + 1) for _ in range(len(told) + 1)]
    best[0][0] = 0.0
    for at, letter in enumerate(told):
        for done in range(most + 1):
            if best[at][done] == math.inf:
                continue
            for count in range(min(LONGEST_EDIT, most - done) + 1):
                total = best[at][done] + cost(letter, back[done : done + count])
                if total < best[at + 1][done + count]:
                    best[at + 1][done + count], taken[at + 1][done + count] = total, count
    if best[len(told)][most] == math.inf:
        return None
    edits, end = [], most
    for at in range(len(told), 0, -1):
        begin = end - taken[at][end]
        edits.append(edit_of(told[at - 1], back[begin:end]))
        end = begin
    return tuple(reversed(edits))


def spaced(text: str) -> str:
    """Return a text with one blank where it has several."""
    return re.sub(r"\s+", " ", text).strip()


def _all(of: Sequence[Piece], cost: Cost) -> list[tuple[str, ...] | None]:
    with multiprocessing.Pool() as pool:
        return pool.map(partial(_one, cost=cost), of, chunksize=200)


def _one(piece: Piece, cost: Cost) -> tuple[str, ...] | None:
    return alignment(piece.told, piece.back, cost) if piece.back else (LEAVE_OUT,) * len(piece.told)


def _written(edits: Sequence[str]) -> int:
    return sum(len(edit) - (3 if edit[0] == "~" else 1) for edit in edits if edit[0] in "~+<!")


def _share(told: str, back: str) -> float:
    pairs = _pairs(back)
    return len(pairs & _pairs(told)) / len(pairs)


def _pairs(text: str) -> set[str]:
    bare = re.sub(r"\W", "", text)
    return {bare[at : at + 2] for at in range(len(bare) - 1)} or {bare}
