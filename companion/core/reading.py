"""What grammar makes of an utterance: its content words, each with what the endings around it say.

``안 먹었어``, ``먹지 않았어`` and ``못 먹었어`` all become one word, 먹, negated and past; ``죽고 싶다`` becomes 죽,
wished for; ``배고파 죽겠네`` becomes 죽 as a mere degree. Which endings say what is data
(``prompts/lexicon/grammar.toml``). An ``Expression`` is a short pattern over such words, the language that every
lexicon is written in.

Pure: standard library only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from companion.core.morphology import Morpheme

NEGATED: Final = "neg"
_ANY: Final = "*"
_TAIL_MORPHEMES: Final = 7
_CONTENT_GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Word:
    """One content word and what the endings say of it."""

    form: str
    """Dictionary stem: 먹, 아프, 걱정하; a noun as it is."""
    kind: str
    """``n`` noun, ``v`` predicate, ``a`` adverb or determiner, ``x`` anything else with a meaning."""
    flags: frozenset[str]
    """Of the flags that the grammar table names: neg, past, wish, degree …"""
    start: int
    """Index of its first character in the text."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An utterance as grammar sees it."""

    words: tuple[Word, ...]
    question: bool
    """It ends as a question does, or carries a question mark."""
    request: bool
    """It ends as a request, order or proposal does."""
    polite: bool
    """It ends with a polite ending."""
    ends: tuple[int, ...] = ()
    """Indices just past the word forms that may end a sentence, whether a mark stands there or not."""

    def where(self, form: str) -> Iterator[int]:
        """Yield the indices of the words with this form."""
        return (index for index, word in enumerate(self.words) if word.form == form)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to fill a place of an expression: a form, and the flags it must and must not have."""

    form: str
    kind: str
    must: frozenset[str]
    must_not: frozenset[str]

    def matches(self, word: Word) -> bool:
        """Whether the word fits."""
        return (
            self.form in (_ANY, word.form)
            and (not self.kind or word.kind == self.kind)
            and self.must <= word.flags
            and not self.must_not & word.flags
        )


@dataclass(frozen=True, slots=True)
class Atom:
    """One place of an expression."""

    alternatives: tuple[Alternative, ...]

    @property
    def forms(self) -> frozenset[str]:
        """The forms that may stand here."""
        return frozenset(alternative.form for alternative in self.alternatives)

    def matches(self, word: Word) -> bool:
        """Whether the word fits here."""
        return any(alternative.matches(word) for alternative in self.alternatives)


@dataclass(frozen=True, slots=True)
class Expression:
    """Words in order, with at most two others between neighbours.

    Places are separated by blanks, the alternatives of a place by ``|``, each written ``form/kind:flag,!flag``:
    ``죽/v:wish``, ``약 모으|먹:!past``. An alternative does not fit a negated word unless it says ``neg`` (must be) or
    ``neg?`` (may be). The form ``*`` fits every word.
    """

    atoms: tuple[Atom, ...]

    @classmethod
    def parse(cls, source: str) -> Expression:
        """Read the notation.

        Raises:
            ValueError: Nothing is in it, or a place names no form.
        """
        atoms = tuple(_parse_atom(part) for part in source.split())
        if not atoms:
            message = "an expression needs at least one word"
            raise ValueError(message)
        return cls(atoms)

    def asks(self, flag: str) -> bool:
        """Whether its last word must have a flag."""
        return any(flag in one.must for one in self.atoms[-1].alternatives)

    def denied(self) -> Expression | None:
        """Return the same with its last predicate negated; None where the expression says itself what is negated."""
        turned = tuple(
            Alternative(one.form, "v", one.must | {NEGATED}, one.must_not - {NEGATED})
            for one in self.atoms[-1].alternatives
            if NEGATED in one.must_not and one.kind != "n"
        )
        return Expression((*self.atoms[:-1], Atom(turned))) if turned else None

    def found(self, reading: Reading) -> int | None:
        """Return the index of the first word of the first match, or None."""
        return next((first for first, _ in self.matches(reading)), None)

    def matches(self, reading: Reading) -> Iterator[tuple[int, int]]:
        """Yield the indices of the first and the last word of each match, one for each first word."""
        words = reading.words
        for start, word in enumerate(words):
            if not self.atoms[0].matches(word):
                continue
            here = start
            for atom in self.atoms[1:]:
                window = range(here + 1, min(here + 2 + _CONTENT_GAP, len(words)))
                found = next((index for index in window if atom.matches(words[index])), None)
                if found is None:
                    break
                here = found
            else:
                yield start, here


def _parse_atom(part: str) -> Atom:
    alternatives = tuple(_parse_alternative(source) for source in part.split("|") if source)
    if not alternatives:
        raise ValueError(part)
    return Atom(alternatives)


def _parse_alternative(source: str) -> Alternative:
    head, _, flags = source.partition(":")
    form, _, kind = head.partition("/")
    if not form:
        raise ValueError(source)
    named = [flag for flag in flags.split(",") if flag]
    must = frozenset(flag for flag in named if flag[0] != "!" and flag[-1] != "?")
    must_not = {flag[1:] for flag in named if flag[0] == "!"}
    if NEGATED not in must and f"{NEGATED}?" not in named:
        must_not.add(NEGATED)
    return Alternative(form, kind, must, frozenset(must_not))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A content morpheme, joined with the suffix that makes it a predicate."""

    form: str
    kind: str
    start: int
    first: int
    last: int


class Grammar:
    """Reads morphemes with the rules of ``prompts/lexicon/grammar.toml``."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile the rules.

        Raises:
            KeyError: A part of the table is missing.
            re.error: A rule is no regular expression.
        """
        self._negating = frozenset(table["negation"]["before"])
        self._flags = {name: re.compile(rule) for name, rule in table["flags"].items()}
        self._question = re.compile(table["ending"]["question"])
        self._asking = re.compile(table["ending"]["asking_word"])
        self._request = re.compile(table["ending"]["request"])
        self._polite = re.compile(table["ending"]["polite"])
        self._closing = re.compile(table["ending"]["closing"])
        self._doing = frozenset(table["compound"]["doing"])
        self._aliases = {str(old): str(new) for old, new in table["alias"].items()}

    def read(self, morphemes: Sequence[Morpheme]) -> Reading:
        """Return the reading of an analysed utterance; an empty one for no morphemes."""
        pieces = tuple(self._pieces(morphemes))
        shown = [f"{morpheme.form}/{morpheme.tag}" for morpheme in morphemes]
        words: list[Word] = []
        negated_by: int | None = None
        for number, piece in enumerate(pieces):
            if piece.kind == "a" and piece.form in self._negating:
                negated_by = number
                continue
            flags = self._flags_of(piece, shown) if piece.kind == "v" else set()
            if piece.kind == "v" and negated_by is not None and number - negated_by <= _CONTENT_GAP:
                flags.add(NEGATED)
            if piece.kind == "v":
                negated_by = None
            words.append(Word(self._aliases.get(piece.form, piece.form), piece.kind, frozenset(flags), piece.start))
        ending = " ".join(shown[-6:])
        asks = bool(self._question.search(ending) or self._asking.search(" ".join(shown[-12:])))
        return Reading(
            words=tuple(words),
            question=asks,
            request=bool(self._request.search(ending)),
            polite=bool(self._polite.search(ending)),
            ends=tuple(self._ends(morphemes, shown)),
        )

    def _ends(self, morphemes: Sequence[Morpheme], shown: Sequence[str]) -> Iterator[int]:
        for index, morpheme in enumerate(morphemes):
            if index + 1 < len(morphemes) and morphemes[index + 1].start <= morpheme.end:
                continue
            word, following = " ".join(shown[max(0, index - 2) : index + 1]), " ".join(shown[index + 1 : index + 3])
            if self._closing.search(f"# {word} @ {following}"):
                yield morpheme.end

    def _flags_of(self, piece: _Piece, shown: Sequence[str]) -> set[str]:
        before = " ".join(shown[max(0, piece.first - 2) : piece.first])
        after = " ".join(shown[piece.last + 1 : piece.last + 1 + _TAIL_MORPHEMES])
        around = f"{before} @ {after}"
        return {name for name, rule in self._flags.items() if rule.search(around)}

    def _pieces(self, morphemes: Sequence[Morpheme]) -> Iterator[_Piece]:
        index = 0
        while index < len(morphemes):
            morpheme = morphemes[index]
            tag = morpheme.tag
            following = morphemes[index + 1] if index + 1 < len(morphemes) else None
            if following is not None and _is_compound(morpheme, following, self._doing):
                yield _Piece(morpheme.form + following.form, "v", morpheme.start, index, index + 1)
                index += 2
                continue
            kind = _kind(tag)
            if kind:
                yield _Piece(morpheme.form, kind, morpheme.start, index, index)
            index += 1


def _is_compound(first: Morpheme, second: Morpheme, doing: frozenset[str]) -> bool:
    """Whether a noun or root and a suffix, written as one word, make a predicate: 걱정하, 시큰시큰하."""
    if first.tag in {"NNG", "XR", "MAG", "MAJ"} and second.tag in {"XSV", "XSA"}:
        return True
    joined = second.start in {first.start, first.end}
    return first.tag == "MAG" and second.tag == "VV" and second.form in doing and joined


def _kind(tag: str) -> str:
    if tag in {"VV", "VA", "VCN"}:
        return "v"
    if (tag.startswith("NN") and tag != "NNB") or tag in {"NP", "NR", "XR"}:
        return "n"
    if tag.startswith("M"):
        return "a"
    return "x" if tag in {"IC", "SL", "SN"} else ""
