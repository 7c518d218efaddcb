"""Measures masking on sentences whose identifiers are known: what is found, what is missed, what is masked for nothing.

A case is one JSON object a line: ``id``, ``text``, ``own`` (what the record knows), ``hide`` (identifiers, each as it
stands in the text), optionally ``either`` (may be masked or not) and ``style`` (spoken or written). An identifier is
found where none of its letters and digits is left; so is every one of a text that is withheld.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from companion.core.masking.chain import Outward, Own
from companion.errors import InputError


@dataclass(frozen=True, slots=True)
class MaskingCase:
    """One sentence."""

    id: str
    text: str
    own: Own
    hide: tuple[str, ...]
    either: tuple[str, ...] = ()
    style: str = ""


@dataclass(frozen=True, slots=True)
class MaskingResult:
    """What came of one."""

    case: MaskingCase
    missed: tuple[str, ...]
    false: tuple[str, ...]
    """Words that were masked and name nobody."""
    withheld: bool


def read_masking_cases(file: Path, own: Callable[[Sequence[str]], Own]) -> list[MaskingCase]:
    """Return the cases of a file.

    Raises:
        InputError: It cannot be read, or a line is no case; the line is named.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("evaluate_cases.unreadable", file=file.name) from error
    return [_case(line, number, file, own) for number, line in enumerate(lines, 1) if line.strip()]


def evaluate_masking(case: MaskingCase, outward: Callable[[str, Own], Outward]) -> MaskingResult:
    """Return what came of one case."""
    made = outward(case.text, case.own)
    covered = {place for one in made.found for place in range(one.start, one.end)}
    wanted = [span for words in case.hide for span in _spans(case.text, words)]
    allowed = wanted + [span for words in case.either for span in _spans(case.text, words)]
    missed = tuple(
        case.text[start:end]
        for start, end in wanted
        if not made.withheld and any(place not in covered for place in range(start, end) if case.text[place].isalnum())
    )
    false = tuple(
        case.text[one.start : one.end]
        for one in made.found
        if not any(one.start < end and start < one.end for start, end in allowed)
    )
    return MaskingResult(case, missed, false, made.withheld)


def summarise_masking(results: Sequence[MaskingResult]) -> Mapping[str, object]:
    """Return the figures, of all and by style."""
    figures: dict[str, object] = {**_figures(results)}
    for style in sorted({one.case.style for one in results} - {""}):
        figures[style] = _figures([one for one in results if one.case.style == style])
    return figures


def _figures(results: Sequence[MaskingResult]) -> dict[str, object]:
    identifiers = sum(len(list(_all(one.case))) for one in results)
    missed = sum(len(one.missed) for one in results)
    plain = [one for one in results if not one.case.hide]
    return {
        "sentences": len(results),
        "identifiers": identifiers,
        "found": identifiers - missed,
        "missed": missed,
        "false": sum(len(one.false) for one in results),
        "plain_sentences": len(plain),
        "plain_untouched": sum(not one.false and not one.withheld for one in plain),
        "withheld": sum(one.withheld for one in results),
    }


def _all(case: MaskingCase) -> Iterator[tuple[int, int]]:
    for words in case.hide:
        yield from _spans(case.text, words)


def _spans(text: str, words: str) -> Iterator[tuple[int, int]]:
    start = text.find(words)
    while start >= 0:
        yield start, start + len(words)
        start = text.find(words, start + len(words))


def _case(line: str, number: int, file: Path, own: Callable[[Sequence[str]], Own]) -> MaskingCase:
    try:
        table = json.loads(line)
        text = str(table["text"])
        lists = {name: tuple(map(str, table.get(name, ()))) for name in ("hide", "either", "own")}
        key, style = str(table["id"]), str(table.get("style", ""))
    except (json.JSONDecodeError, TypeError, AttributeError) as error:
        raise InputError("evaluate_cases.not_json", file=file.name, line=number) from error
    except KeyError as error:
        raise InputError("evaluate_cases.field", file=file.name, line=number, field=error.args[0]) from error
    if any(words not in text for words in lists["hide"]):
        raise InputError("evaluate_cases.field", file=file.name, line=number, field="hide")
    return MaskingCase(key, text, own(lists["own"]), lists["hide"], lists["either"], style)
