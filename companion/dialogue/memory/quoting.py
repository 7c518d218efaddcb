"""Finds the sentence in which something was told that is asked for now: "내가 무슨 장사 했다 캤노?". Pure.

Facts are read from few kinds of sentences; people ask for whatever they once said. Their own words are always true and
never invented: so the sentence is found that shares what the question names, and is said back as it was said.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from companion.core.life import Said
from companion.core.morphology import Analyser, Morpheme
from companion.dialogue.memory.clauses import sentences
from companion.dialogue.memory.kin import Kin, Named

_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_SIGNS: Final = re.compile(r"(?<=[.!?…])\s+")
_OF_SELF: Final = re.compile(r"(?:내|나|저|제|우리|울)")
_FIRST_NOUN: Final = re.compile(r"([가-힣])[은는을를]\s")
"""Of one syllable, which an analyser may take for a verb: 낫은 헛간에 걸어 놨어."""
_QUESTION: Final = re.compile(r"[?？]\s*$")
_NOUNS: Final = frozenset({"NNG", "NNP", "XR", "SL"})
_PREDICATES: Final = frozenset({"VV", "VA"})
_LONGEST: Final = 90
"""Letters of what is said back; more is not taken in."""
_LONG: Final = 2
"""Letters of a word from which its beginning is enough."""
_WHOLE: Final = 60
"""Letters up to which what was told is said back whole."""
_NOUN, _SHORT, _PREDICATE, _COMMON = 2.0, 1.4, 1.2, 0.5
"""What a shared noun counts for, one of one syllable, a verb, and a verb of every day."""
_KIND, _FACT, _SELF, _SAME_RANK, _FITS = 2.0, 1.6, 0.4, 0.6, 0.8
"""What counts besides: the kind that is asked for, a fact that was kept, that both begin with oneself, that both name
the same of several, and an answer that fits the question word."""
_LACKS, _OTHERS, _RANKED, _MISSED = 0.3, 2.0, 0.5, 0.5
"""What counts against: an answer that does not fit, somebody else of whom it tells, one of several where
none is named, each noun of the question that it
does not name."""
_MOST_NEEDED, _LEAST_NEEDED, _SHARE = 1.7, 1.0, 0.5
"""How much an answer needs: a share of what the question names."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A sentence of the person."""

    said: Said
    sentence: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a question or of something told."""

    letters: str
    nouns: frozenset[str]
    predicates: frozenset[str]
    kin: Named
    of_self: bool
    of_others: bool
    sorts: frozenset[str]
    """Nouns that ask for one of their sort: 무슨 파트."""
    shown: str
    """Its morphemes, as form/tag."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """Something people ask for in other words than they told it."""

    of: str
    """The kind of facts that it is one of."""
    asks: re.Pattern[str]
    tells: re.Pattern[str]
    names: frozenset[str]
    """Nouns of the question that the answer need not name."""
    of_kin: bool
    """Whether it is told of somebody else as well."""


class Quoting:
    """Built from ``prompts/memory/said.toml``.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any], analyser: Analyser) -> None:
        asked, words = table["asked"], table["words"]
        # The first time that it is said behind the question word must end the question: what goes on tells a story.
        said, end = asked["said"], asked["end"]
        goes_on = f"{said}{end[:-1]}|{asked['goes_on']}"
        self._asks = re.compile(
            f"{asked['word']}(?:(?!{goes_on}).){{0,20}}?(?P<said>{said}){end}|(?P<turned>{asked['turned']})$"
        )
        self._whether = re.compile(f"{asked['known']}|{asked['whether']}")
        self._tail, self._loose = re.compile(asked["tail"]), re.compile("|".join(asked["loose"]))
        self._others_said = re.compile(asked["others_said"])
        self._last, self._unless = re.compile(asked["last"]), re.compile(asked["unless"])
        self._others, self._takes_back = re.compile(words["others"]), re.compile(words["takes_back"])
        self._neighbours = re.compile(words["neighbours"])
        self._sort = str(words["sort"])
        self._longest = int(asked["longest"])
        self._light, self._common = frozenset(words["light"]), frozenset(words["common"])
        self._kin = Kin(table["kin"])
        self._fits = [(re.compile(one["asks"]), re.compile(one["holds"])) for one in table["fits"].values()]
        self._kinds = [
            _Kind(
                str(one["of"]), re.compile(one["asks"]), re.compile(one["tells"]),
                frozenset(one.get("names", ())), bool(one.get("of_kin")),
            )
            for one in table["kind"]
        ]  # fmt: skip
        self._analyser = analyser

    def asks(self, text: str) -> bool:
        """Return whether it is asked what was told before."""
        letters = self._letters(text)
        if len(letters) > self._longest or self._unless.search(letters):
            return False
        return any(pattern.search(letters) for pattern in (self._asks, self._whether, self._last, self._loose))

    def asks_surely(self, text: str) -> bool:
        """Return whether nothing else can be meant: an honest "you have not told me" answers it as well."""
        letters = self._letters(text)
        return self.asks(text) and (self._asks.search(letters) or self._loose.search(letters)) is not None

    def is_of_words_of_others(self, text: str) -> bool:
        """Return whether one asks oneself what somebody else said: 의사가 몇 시에 오라고 했더라."""
        return self._others_said.search(_NOT_LETTERS.sub("", text)) is not None

    def _letters(self, text: str) -> str:
        """Return the letters of a question without what only urges an answer: 들었으면 말해 봐."""
        letters = _NOT_LETTERS.sub("", text)
        cut = self._tail.sub("", letters)
        return cut if self._asks.search(cut) or self._loose.search(cut) else letters

    def kinds(self, text: str) -> frozenset[str]:
        """Return the kinds of facts that something told is about, as far as its words show."""
        letters = _NOT_LETTERS.sub("", text)
        return frozenset(kind.of for kind in self._kinds if kind.tells.search(letters))

    def asks_last(self, text: str) -> bool:
        """Return whether what was just said is asked for, and nothing else."""
        return self._last.search(_NOT_LETTERS.sub("", text)) is not None

    def takes_back(self, text: str) -> bool:
        """Return whether something told before is put right."""
        return self._takes_back.search(text) is not None

    def asked(self, question: str) -> Asked:
        """Return the words of a question, without what says that it was said."""
        return self._asked(question)

    def needed(self, asked: Asked) -> float:
        """Return what an answer must count."""
        return _needed(asked, self._common) if asked.nouns or asked.predicates or asked.kin else 0.0

    def weigh(self, asked: Asked, text: str, facts: Collection[str] = (), *, leads: bool = False) -> float:
        """Return how much of what is asked some words speak of; 0 where of nothing.

        Args:
            asked: The words of the question.
            text: What was told.
            facts: Sentences of which a fact was kept that the question means.
            leads: Whether it only leads to what answers, and need neither hold it nor be about nobody else.
        """
        return self._points(asked, text, facts, leads=leads) if text else 0.0

    def words(self, text: str) -> Asked:
        """Return the words of something told."""
        return self._words(text)

    def is_of_another(self, asked: Asked, text: str, *, named_is_enough: bool = False) -> bool:
        """Return whether some words are about somebody, of the family or not, of whom nothing is asked."""
        of_others = self._others.search(text) or self._neighbours.search(text)
        if of_others and not asked.of_others and not self._neighbours.search(asked.letters):
            return True
        named = self._kin.in_(text)
        if not asked.kin:
            return bool(named) and (named_is_enough or self._kin.are_told_of(text))
        return bool(named) and not asked.kin.may_be(named)

    def find(self, question: str, told: Sequence[Said], facts: Collection[str] = ()) -> Quotation | None:
        """Return the sentence that answers, or None where nothing that was told does.

        Args:
            question: As it was asked.
            told: Newest first.
            facts: Sentences of which a fact was kept that the question means.
        """
        asked = self._asked(question)
        if self._last.search(asked.letters):
            return next((Quotation(one, text) for one in told for text in reversed(_pieces(one.text))), None)
        needed = _needed(asked, self._common)
        best: tuple[float, Quotation] | None = None
        for one in told:
            if self.asks(one.text) or not self._may_answer(one.text, asked, facts):
                continue
            for sentence in self._sentences(one.text):
                points = self._points(asked, sentence, facts)
                if points >= needed and (best is None or points > best[0]):
                    best = points, Quotation(one, sentence)
        return None if best is None else self._corrected(best[1], told)

    def _corrected(self, found: Quotation, told: Sequence[Said]) -> Quotation:
        """Return what took back a word of what was found, where something newer did: 공주가 아니라 부여입니다."""
        places = self._words(found.sentence).nouns - self._common
        for one in told[: told.index(found.said)]:
            taken_back = self._takes_back.search(one.text)
            if taken_back and any(noun in one.text for noun in places if len(noun) > 1):
                return Quotation(one, one.text.strip()[:_LONGEST])
        return found

    def _may_answer(self, text: str, asked: Asked, facts: Collection[str]) -> bool:
        """Whether a look at its letters shows anything; most of what was told does not, and needs no analysis."""
        letters = _NOT_LETTERS.sub("", text)
        return (
            (bool(asked.predicates) and not asked.nouns)
            or any(noun[:_LONG] in letters for noun in asked.nouns)
            or (bool(asked.kin) and asked.kin.may_be(self._kin.in_(text)))
            or any(kind.tells.search(letters) for kind in self._kinds_of(asked))
            or any(fact in text for fact in facts)
        )

    def _kinds_of(self, asked: Asked) -> list[_Kind]:
        return [kind for kind in self._kinds if kind.asks.search(asked.letters)]

    def _points(self, asked: Asked, sentence: str, facts: Collection[str], *, leads: bool = False) -> float:
        told, possible = self._words(sentence), self._kinds_of(asked)
        names = {name for kind in possible for name in kind.names}
        kin = Named() if asked.kin.words <= names else asked.kin
        if kin and not kin.may_be(told.kin):
            return 0.0
        shared = {one for one in asked.nouns if _is_named(one, told, is_sort=one in asked.sorts)}
        done = {one for one in asked.predicates if _is_done(one, told)}
        kinds = [kind for kind in possible if kind.tells.search(told.letters)]
        fact = any(sentence in one or one in sentence for one in facts)
        if not (shared or kinds or fact or kin or (done and not asked.nouns)):
            return 0.0
        points = _weight(shared | kin.words, done, self._common) + _KIND * bool(kinds) + _FACT * fact
        missed = [noun for noun in asked.nouns - shared - names - asked.sorts - asked.kin.words if len(noun) > 1]
        against = _MISSED * len(missed) + _RANKED * (bool(told.kin.ranks) and not kin.ranks)
        if not leads and not any(kind.of_kin for kind in kinds):
            against += _OTHERS * self._tells_of_others(sentence, asked, kin)
        points += _SELF * (asked.of_self and told.of_self) + _SAME_RANK * bool(kin.ranks & told.kin.ranks)
        return points + (0.0 if leads else self._fit(asked, told)) - against

    def _tells_of_others(self, sentence: str, asked: Asked, kin: Named) -> bool:
        """Whether what was told begins with somebody of whom nothing is asked."""
        begins = _pieces(sentence)[0]
        others = self._others.search(begins) is not None
        return (self._kin.are_told_of(begins) and not kin) or (others and not asked.of_others)

    def _fit(self, asked: Asked, told: Asked) -> float:
        """Return what it counts that the answer holds what the question word asks for, or lacks it."""
        wanted = [holds.search(told.shown) for asks, holds in self._fits if asks.search(asked.letters)]
        return sum(_FITS if found else -_LACKS for found in wanted)

    def _sentences(self, text: str) -> Iterator[str]:
        """Yield what may be said back: the whole where it is short, else its sentences."""
        if len(text) <= _WHOLE:
            yield from () if _QUESTION.search(text) else (text,)
            return
        for piece in _pieces(text):
            if _QUESTION.search(piece):
                continue
            for sentence in sentences(self._analyser.analyse(piece)):
                found = piece[sentence[0].start : sentence[-1].end].strip(" ,")
                if found and len(found) <= _LONGEST:
                    yield found

    def _asked(self, question: str) -> Asked:
        """Return the words of a question, without what says that it was said, which dialects spell in many ways."""
        places = [at for at, letter in enumerate(question) if not _NOT_LETTERS.match(letter)]
        letters = self._letters(question)
        match = self._asks.search(letters)
        cut = None if match is None else places[match.start("turned" if match["turned"] else "said")]
        words = self._words(question[:cut])
        sorts = {noun for noun in words.nouns if re.search(f"(?:{self._sort}){re.escape(noun)}", letters)}
        return replace(words, letters=letters, sorts=frozenset(sorts))

    def _words(self, text: str) -> Asked:
        morphemes = [one for one in self._analyser.analyse(text) if one.form not in self._light]
        letters, first = _NOT_LETTERS.sub("", text), _FIRST_NOUN.match(text)
        named = {one.form for one in morphemes if one.tag in _NOUNS}
        return Asked(
            letters,
            frozenset(named if first is None or first[1] in self._light else named | {first[1]}),
            frozenset(one.form for one in morphemes if one.tag in _PREDICATES),
            self._kin.in_(text),
            _OF_SELF.match(letters) is not None,
            self._others.search(text) is not None,
            frozenset(),
            _shown(morphemes),
        )


def _shown(morphemes: Sequence[Morpheme]) -> str:
    return " ".join(f"{one.form}/{one.tag}" for one in morphemes)


def _pieces(text: str) -> list[str]:
    return [piece for piece in _SIGNS.split(text.strip()) if piece]


def _is_named(asked: str, told: Asked, *, is_sort: bool) -> bool:
    """Whether a noun is told of: also 아들 by 외아들, 안과 by its letters alone, 신혼살림 by 신혼집."""
    if len(asked) < _LONG:
        return asked in told.nouns or (is_sort and any(one.endswith(asked) for one in told.nouns))
    return asked in told.letters or (len(asked) > _LONG and any(one.startswith(asked[:2]) for one in told.nouns))


def _is_done(asked: str, told: Asked) -> bool:
    """Whether a verb is told of: also 무서워하 by 무섭, 시집오 by 시집을 오."""
    if asked in told.predicates:
        return True
    stem = asked[:_LONG]
    return len(asked) > _LONG and (stem in told.letters or any(one[0] == stem[0] for one in told.predicates))


def _weight(nouns: Collection[str], predicates: Collection[str], common: Collection[str]) -> float:
    return sum(_NOUN if len(one) > 1 else _SHORT for one in nouns) + sum(
        _COMMON if one in common else _PREDICATE for one in predicates
    )


def _needed(asked: Asked, common: Collection[str]) -> float:
    nouns = (asked.nouns - asked.sorts) | asked.kin.words
    return max(_LEAST_NEEDED, min(_MOST_NEEDED, _SHARE * _weight(nouns, asked.predicates, common)))
