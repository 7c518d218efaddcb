"""Screening scores and forms of others: which instrument, which item, and what an answer scores.

A score is found by its code, whatever category it stands under, and in whatever shape: Quantity, text, whole or decimal
number; on the panel too, where some put it. Ordinals of a form are not added up where an instrument keys items in
reverse: answers are scored anew, by ``prompts/exchange/surveys.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from companion.exchange.fhir.incoming.elements import Value


@dataclass(frozen=True, slots=True)
class Answers:
    """How an answer scores, before its item turns it round."""

    codes: Mapping[str, int]
    words: Mapping[str, int]
    numbers: bool
    """Whether a bare number may be taken for the score."""

    def score(self, answer: Value) -> int | None:
        """Return what an answer scores; None where that cannot be told."""
        for one in answer.concept.codings:
            if one.code in self.codes:
                return self.codes[one.code]
        worded = self.words.get(answer.text.casefold().strip(" ."))
        if worded is not None:
            return worded
        if self.numbers and answer.number is not None and answer.number in self.codes.values():
            return int(answer.number)
        return {"true": 1, "false": 0}.get(answer.text) if not self.numbers else None


@dataclass(frozen=True, slots=True)
class Survey:
    """One instrument as others exchange it."""

    id: str
    panel: str
    total: str
    most: int
    answers: Answers
    items: tuple[str, ...]
    """LOINC codes in order."""
    reversed: frozenset[str]
    others: frozenset[str]
    """Items that do not count."""
    prefix: str

    def item(self, link: str, codes: Mapping[str, str]) -> str:
        """Return the code of the item that a ``linkId`` means; empty for none of this instrument.

        Args:
            link: ``/44250-9``, ``44250-9``, ``PHQ.1``, ``H1/T1/Q1``.
            codes: Codes by ``linkId``, where the blank form came along.
        """
        known = (*self.items, *self.others, self.total)
        for code in (codes.get(link, ""), link.strip("/"), link.rpartition("/")[2]):
            if code in known:
                return code
        number = link.upper().removeprefix(self.prefix) if self.prefix and link.upper().startswith(self.prefix) else ""
        return self.items[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(self.items) else ""

    def score(self, code: str, answer: Value) -> int | None:
        """Return what an answer to an item scores; None where that cannot be told or the item does not count."""
        if code not in self.items:
            return None
        score = self.answers.score(answer)
        return score if score is None or code not in self.reversed else 1 - score

    def total_of(self, scores: Mapping[str, int]) -> int | None:
        """Return the sum, where every item is scored: a missing answer is not none."""
        return sum(scores.values()) if self.items and set(scores) == set(self.items) else None


@dataclass(frozen=True, slots=True)
class Surveys:
    """All of them."""

    all: tuple[Survey, ...]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Surveys:
        """Read ``prompts/exchange/surveys.toml``.

        Raises:
            KeyError: A part is missing.
        """
        answers = {
            name: Answers(
                part["codes"], {word.casefold(): score for word, score in part["words"].items()}, part["numbers"]
            )
            for name, part in table["answers"].items()
        }
        return cls(
            tuple(
                Survey(
                    name,
                    part["panel"],
                    part["total"],
                    int(part["most"]),
                    answers[part["answers"]],
                    tuple(part["items"]),
                    frozenset(part.get("reversed", ())),
                    frozenset(part.get("others", ())),
                    part.get("prefix", ""),
                )
                for name, part in table["instruments"].items()
            )
        )

    def with_total(self, codes: Iterable[str]) -> Survey | None:
        """Return the instrument whose total, or panel, has one of these codes."""
        wanted = set(codes)
        return next((one for one in self.all if wanted & {one.total, one.panel}), None)

    def with_item(self, codes: Iterable[str]) -> tuple[Survey, str] | None:
        """Return the first instrument to which one of these codes is an item, and the code."""
        wanted = set(codes)
        for one in self.all:
            for code in (*one.items, *sorted(one.others)):
                if code in wanted:
                    return one, code
        return None

    def of_form(self, panel: str, links: Sequence[str], codes: Mapping[str, str]) -> Survey | None:
        """Return the instrument that a filled-in form is of: by its code, else by what its items mean.

        The smallest that has all of them: the two items of a PHQ-2 are also items of a PHQ-9.
        """
        if panel and (coded := next((one for one in self.all if one.panel == panel), None)):
            return coded
        found = [(one, {one.item(link, codes) for link in links} - {""}) for one in self.all]
        most = max((len(items) for _, items in found), default=0)
        fitting = [one for one, items in found if items and len(items) == most]
        return min(fitting, key=lambda one: len(one.items), default=None)
