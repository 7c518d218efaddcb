"""Reads the cases that measure screening: single answers, and whole interviews."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from companion.errors import InputError
from companion.evaluation.cases import objects, text_field
from companion.screening.instrument import Instrument, Item, ScaleKind


@dataclass(frozen=True, slots=True)
class AnswerCase:
    """One answer and the option that a person gave it."""

    id: str
    instrument: Instrument
    item: Item
    question: str
    """The words that were asked; empty where they are those of the instrument."""
    answer: str
    expected: str | None
    """Id of the option; None where it must not be scored."""
    kind: str
    """Kind of answer, for the figures by kind; may be empty."""


@dataclass(frozen=True, slots=True)
class InterviewCase:
    """What one person says to each item, in order, and the truth."""

    id: str
    instrument: Instrument
    replies: tuple[tuple[str, ...], ...]
    """For each item the replies to its first, second … request."""
    expected: tuple[str | None, ...]
    """For each item the id of the option; None for an item that stays unanswered."""


def read_answer_cases(path: Path, instruments: Mapping[str, Instrument]) -> tuple[AnswerCase, ...]:
    """Return the cases.

    Raises:
        InputError: The file cannot be read, holds no case, or a line cannot be used.
    """
    return tuple(_answer_case(case, path, line, instruments) for line, case in objects(path))


def read_interview_cases(path: Path, instruments: Mapping[str, Instrument]) -> tuple[InterviewCase, ...]:
    """Return the cases.

    Raises:
        InputError: The file cannot be read, holds no case, or a line cannot be used.
    """
    return tuple(_interview_case(case, path, line, instruments) for line, case in objects(path))


def _answer_case(case: dict[str, Any], path: Path, line: int, instruments: Mapping[str, Instrument]) -> AnswerCase:
    instrument = _instrument(case, path, line, instruments)
    item = _item(case.get("item"), instrument)
    if item is None:
        raise _unusable(path, line, "item")
    if "expected" not in case:
        raise _unusable(path, line, "expected")
    question = case.get("question") or ""
    if not isinstance(question, str):
        raise _unusable(path, line, "question")
    return AnswerCase(
        id=text_field(case, "id", path, line),
        instrument=instrument,
        item=item,
        question=question,
        answer=text_field(case, "answer", path, line),
        expected=_option(case["expected"], item, path, line),
        kind=_kind(case),
    )


def _interview_case(
    case: dict[str, Any], path: Path, line: int, instruments: Mapping[str, Instrument]
) -> InterviewCase:
    instrument = _instrument(case, path, line, instruments)
    replies, expected = case.get("replies"), case.get("expected")
    for name, given in (("replies", replies), ("expected", expected)):
        if not isinstance(given, list) or len(given) != len(instrument.scored):
            raise _unusable(path, line, name)
    assert isinstance(replies, list)  # noqa: S101 - both were just looked at
    assert isinstance(expected, list)  # noqa: S101
    return InterviewCase(
        id=text_field(case, "id", path, line),
        instrument=instrument,
        replies=tuple(_replies(one, path, line) for one in replies),
        expected=tuple(_option(one, item, path, line) for one, item in zip(expected, instrument.scored, strict=True)),
    )


def _instrument(case: dict[str, Any], path: Path, line: int, instruments: Mapping[str, Instrument]) -> Instrument:
    """Return the instrument; a subscale (phq2, gad2) stands for the one it is part of."""
    name = text_field(case, "instrument", path, line).lower().replace("-", "")
    for instrument in instruments.values():
        if name == instrument.id or name in {subscale.id for subscale in instrument.subscales}:
            return instrument
    raise _unusable(path, line, "instrument")


def _item(given: object, instrument: Instrument) -> Item | None:
    """Return an item by its number or its id, with or without the id of the instrument before it."""
    if isinstance(given, bool) or not isinstance(given, int | str):
        return None
    name = str(given).strip()
    names = (name, f"{instrument.id}.{name}")
    return next((item for item in instrument.items if item.id in names or str(item.number) == name), None)


def _option(given: object, item: Item, path: Path, line: int) -> str | None:
    """Return the id of an option, given as its score, or as yes or no."""
    if given is None:
        return None
    if isinstance(given, bool):
        given = "yes" if given else "no"
    name = str(given).strip().lower() if isinstance(given, int | str) else ""
    if item.scale.kind is ScaleKind.POLAR and isinstance(given, int):
        raise _unusable(path, line, "expected")
    if any(option.id == name for option in item.scale.options):
        return name
    raise _unusable(path, line, "expected")


def _replies(given: object, path: Path, line: int) -> tuple[str, ...]:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
        raise _unusable(path, line, "replies")
    return tuple(str(one) for one in texts)


def _kind(case: dict[str, Any]) -> str:
    kind = case.get("kind", case.get("note", ""))
    return kind.partition(";")[0].strip() if isinstance(kind, str) else ""


def _unusable(path: Path, line: int, field: str) -> InputError:
    return InputError("evaluate_cases.field", file=path.name, line=line, field=field)
