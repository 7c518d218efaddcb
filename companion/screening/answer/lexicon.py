"""The words of answers, compiled: patterns by what they say. The data is ``prompts/screening/answers.ko.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from companion.core.respelling import Respelling
from companion.screening.answer.amounts import Amounts
from companion.screening.answer.letters import Letters, Speller
from companion.screening.answer.negation import Negation
from companion.screening.answer.signs import Days, Sign, SignKind

_PARTICLES: Final = "은도"
_BECAUSE: Final = ("서", "니까", "으니", "보니")
"""무릎이 아파서 그렇지: why something else is so, no agreement."""


@dataclass(frozen=True, slots=True)
class _Frequency:
    rule: str
    days: Days
    sure: bool
    pattern: re.Pattern[str]


def speller(table: Mapping[str, Any]) -> Speller:
    """Return what resolves the variants of the table.

    Raises:
        KeyError: A part of the table is missing.
        ValueError: The two of a dialect pair have different lengths.
    """
    ear = table["by_ear"]
    nouns = [f"{noun}{particle}" for noun in ear["nouns"] for particle in ear["particles"]]
    by_ear = Respelling({**ear, "strict": [*ear["strict"], *nouns]}, may_lack_coda=False)
    return Speller(table["variant"], table["variant_anywhere"], by_ear, table["filler"])


class Lexicon:
    """Finds the signs of any reply. Built once.

    Args:
        table: The parsed data file.

    Raises:
        KeyError: A part of the table is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.speller = speller(table)
        self.amounts = Amounts(table)
        self._frequencies = tuple(
            _Frequency(
                rule=f"frequency.{entry['id']}",
                days=Days(*entry["days"]),
                sure=bool(entry["sure"]),
                pattern=_either(entry["text"]),
            )
            for entry in table["frequency"]
        )
        self._degrees = tuple((int(entry["score"]), _either(entry["text"])) for entry in table["degree"])
        self._kinds = (
            (SignKind.ZERO, "zero", _either(table["never"]["zero"])),
            (SignKind.ZERO, "rhetorical", _either(table["never"]["rhetorical"])),
            (SignKind.NEVER, "never", _either(table["never"]["text"])),
            (SignKind.YES, "yes", _either(table["agree"]["yes"])),
            (SignKind.NO, "no", _either(table["deny"]["no"])),
            (SignKind.AGREE, "agree", _either(table["agree"]["text"])),
            (SignKind.DENY, "deny", _either(table["deny"]["text"])),
            (SignKind.UNKNOWING, "unknowing", _either(table["unsure"]["unknowing"])),
            (SignKind.UNSURE, "unsure", _either(table["unsure"]["text"])),
            (SignKind.BETWEEN, "between", _either(table["unsure"]["between"])),
            (SignKind.BETWEEN, "both", _either(table["unsure"]["both"])),
            (SignKind.BETWEEN, "neither", _either(table["unsure"]["neither"])),
        )
        self.denied = frozenset(table["negation"]["denied"])
        self.carrying = frozenset(table["negation"]["carrying"])
        self.degree_words = frozenset(table["negation"]["degree_words"])
        self.time_words = frozenset(table["negation"]["time_words"])
        self.glad, self.sad = re.compile(str(table["tone"]["glad"])), re.compile(str(table["tone"]["sad"]))
        self.habitual = frozenset(table["negation"]["habitual"])
        self.busied = re.compile(str(table["negation"]["busied"]))
        self.other_matters = frozenset(table["negation"]["other_matters"])
        self.beside = frozenset(table["negation"]["beside"])
        self._good_day = re.compile(str(table["agree"]["good_day"]))
        self.quoted_option = re.compile(str(table["option"]["quoted"]))
        self._bare = frozenset(table["agree"]["bare"])
        self._alone = _either(table["deny"]["alone"])
        time, person, clause = table["time"], table["person"], table["clause"]
        self.past, self.now = _either(time["past"]), _either(time["now"])
        self.since_event = _either(time["since_event"])
        self.since = _either(time["since"])
        self._people = re.compile(
            f"(?:{'|'.join(person['others'])})(?:{person['has']})?(?:{person['subject']})(?!{'|'.join(person['not_subject'])})"
        )
        self._own = re.compile("|".join(person["self"]))
        self._general = _either(person["general"])
        self.clause_ends = re.compile(f"{clause['ends']}$")
        self.carried_on = re.compile(str(clause["carried_on"]))
        self.question_carried_on = re.compile(str(clause["question_carried_on"]))
        self._corrections = _either(clause["corrections"])
        self._not_so_often = re.compile(str(clause["not_so_often"]))
        self.hearsay = re.compile(str(clause["hearsay"]))
        self._anybody = re.compile("|".join(person["others"]))
        self.there_are_times = re.compile(str(clause["there_are_times"]))
        self.left_out = re.compile(str(table["amount"]["except"]))
        self.only = re.compile(str(clause["only"]))
        self.rest = re.compile(str(clause["rest"]))
        self.joined = re.compile(str(clause["and"]))
        self.asked_how_many = re.compile(str(clause["asked_how_many"]))
        self.weeks = {name: re.compile(source) for name, source in clause["weeks"].items()}
        self.named_days = tuple(map(re.compile, clause["named_days"]))
        self.clause_starts = re.compile(str(clause["starts"]))
        self.contrast = re.compile(f"{clause['contrast']}$")
        self.time_changes = re.compile(f"{clause['time_changes']}$")
        self.negation = Negation(table["negation"])
        self._no_few_days = _either(clause["no_few_days"])
        self._numbered = tuple(map(re.compile, table["option"]["numbered"]))
        self._patterns: dict[str, re.Pattern[str]] = {}

    def frequencies(self, letters: Letters) -> Iterator[Sign]:
        """Yield frequency words; one that is denied is ``NOT_SO_OFTEN``."""
        for match in self._no_few_days.finditer(letters.compact):
            yield Sign(SignKind.NOT_SO_OFTEN, *match.span(), "frequency.no_few_days")
        for entry in self._frequencies:
            for match in _standing(entry.pattern, letters):
                denied = self._not_so_often.match(letters.compact, match.end())
                if denied and not entry.rule.endswith("rarely"):
                    yield Sign(SignKind.NOT_SO_OFTEN, match.start(), denied.end(), entry.rule, entry.days)
                else:
                    yield Sign(SignKind.DAYS, *match.span(), entry.rule, entry.days, sure=entry.sure)

    def degrees(self, letters: Letters) -> Iterator[Sign]:
        """Yield words for how much."""
        for score, pattern in self._degrees:
            for match in pattern.finditer(letters.compact):
                yield Sign(SignKind.DEGREE, *match.span(), f"degree.{score}", score=score)

    def plain_signs(self, letters: Letters) -> Iterator[Sign]:
        """Yield what says yes, no, never or "I do not know"."""
        for kind, rule, pattern in self._kinds:
            text = self._beginning(letters) if kind in {SignKind.YES, SignKind.NO} else letters.compact
            for match in pattern.finditer(text):
                if letters.is_torn(match.start()) or (kind is SignKind.NEVER and not _stands(match, letters)):
                    continue
                if kind is SignKind.AGREE and _is_because(match, letters):
                    continue
                sign = Sign(kind, match.start(), min(match.end(), len(letters.compact)), rule)
                yield self.negation.taken_back(letters, sign) if kind is SignKind.ZERO else sign
        for match in self._alone.finditer(letters.compact):
            if letters.begins_sentence(match.start()):
                # In 아니 여보세요 the next word is no ending.
                inside = (place for place in letters.word_starts if match.start() < place < match.end())
                yield Sign(SignKind.DENY, match.start(), min(inside, default=match.end()), "deny.alone")

    def good_days(self, letters: Letters) -> Iterator[Sign]:
        """Yield days that were well, in words of no item in particular: 제대로 먹은 날이 엿새. Never sure."""
        for match in self._good_day.finditer(letters.compact):
            if match.start() in letters.word_starts and not letters.breaks(match.start(), match.end()):
                yield Sign(SignKind.ABSENT, match.start(), match.end(), "good_day", sure=False)

    def _beginning(self, letters: Letters) -> str:
        """The letters up to the first stop or pause, or a first word that needs none, then the stop itself."""
        word = min((place for place in letters.word_starts if place > 0), default=len(letters.compact))
        if letters.compact[:word] in self._bare:
            return letters.compact[:word] + "."
        marks = [place for place in letters.stops | letters.pauses if place > 0]
        return letters.compact[: min(marks, default=len(letters.compact))] + "."

    def other_people(self, text: str, *, blanks: str) -> bool:
        """Whether a clause speaks of somebody else, and not of the person who answers."""
        if self.own(blanks):
            return False
        return bool(self._people.search(text) or self._general.search(text))

    def mentions_others(self, text: str) -> bool:
        """Whether somebody else is named at all, as the one who is so or not."""
        return self._anybody.search(text) is not None

    def own(self, blanks: str) -> bool:
        """Whether the person who answers is named; the letters have a blank before every word."""
        return self._own.search(blanks) is not None

    def correction(self, letters: Letters, after: int, before: int) -> int | None:
        """Return where a correction ends that stands between two places, at the beginning of a word."""
        for match in self._corrections.finditer(letters.compact, after, before):
            if match.start() in letters.word_starts:
                return match.end()
        return None

    def denies_frequency(self, text: str, place: int) -> int | None:
        """Return where a denial of the frequency that ends at ``place`` ends."""
        match = self._not_so_often.match(text, place)
        return match.end() if match else None

    def numbered(self, letters: Letters) -> int | None:
        """Return the number (from 0) of the option that is named by its place in the list."""
        texts = (letters.compact, letters.starts_with_blank)
        found = (number for number, pattern in enumerate(self._numbered) if any(pattern.search(text) for text in texts))
        return next(found, None)

    def compiled(self, source: str) -> re.Pattern[str]:
        """Return a pattern of an item, compiled once."""
        if source not in self._patterns:
            self._patterns[source] = re.compile(source)
        return self._patterns[source]

    @cached_property
    def rules(self) -> frozenset[str]:
        """The ids of the frequency rules."""
        return frozenset(entry.rule for entry in self._frequencies)


def _standing(pattern: re.Pattern[str], letters: Letters) -> Iterator[re.Match[str]]:
    return (match for match in pattern.finditer(letters.compact) if _stands(match, letters))


def _stands(match: re.Match[str], letters: Letters) -> bool:
    """A word of one syllable must stand alone: 늘 is no part of 하늘 or 늘었다."""
    if match.end() - match.start() > 1:
        return True
    text, end = letters.compact, match.end()
    ends = end in letters.word_starts or end == len(text) or text[end] in _PARTICLES
    return match.start() in letters.word_starts and ends


def _is_because(match: re.Match[str], letters: Letters) -> bool:
    return letters.compact[: match.start()].endswith(_BECAUSE) and not match.group().startswith("안")


def _either(sources: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{source})" for source in sources))
