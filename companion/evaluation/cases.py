"""Reads files of cases: one JSON object a line, UTF-8. A line that cannot be used is named by its number."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from companion.core.turn import Act, Feeling
from companion.errors import InputError
from companion.evaluation.risk import Label, RiskCase

_SAID: Final = ("user", "said", "text")
"""Fields of a reply case that hold what was said; the first that is there counts."""
_PERSON: Final = "user"
"""The role of who speaks to 말벗; any other is 말벗's own."""


@dataclass(frozen=True, slots=True)
class Before:
    """What the person said before, and what 말벗 is to have said to it."""

    text: str
    """Empty where 말벗 spoke first."""
    answer: str = ""
    """Empty where it answers by itself."""


@dataclass(frozen=True, slots=True)
class ReplyCase:
    """What was said, after what, and what the reply must and must not hold."""

    id: str
    user: str
    context: tuple[Before, ...] = ()
    """Oldest first."""
    must: tuple[str, ...] = ()
    """Each must stand in the reply; alternatives are separated by ``|``."""
    must_not: tuple[str, ...] = ()
    """None may stand in the reply; written as ``must``."""


@dataclass(frozen=True, slots=True)
class UnderstandingCase:
    """An utterance and what a person made of it."""

    id: str
    text: str
    act: Act
    topic: str
    feeling: Feeling


@dataclass(frozen=True, slots=True)
class VoiceCase:
    """A text that the product may say, and what a person would say for it."""

    id: str
    text: str
    spoken: str
    """In Hangul, written by hand; empty where nobody wrote it: then the case is not scored."""
    kind: str


def read_reply_cases(path: Path) -> tuple[ReplyCase, ...]:
    """Return the cases. What was said stands in ``user``, ``said`` or ``text``.

    Raises:
        InputError: The file cannot be read, holds no case, or a line cannot be used.
    """
    return tuple(
        ReplyCase(
            id=text_field(case, "id", path, line),
            user=text_field(case, next((name for name in _SAID if name in case), _SAID[0]), path, line),
            context=_before(case, path, line),
            must=_texts(case, "must", path, line),
            must_not=_texts(case, "must_not", path, line),
        )
        for line, case in objects(path)
    )


def read_understanding_cases(path: Path) -> tuple[UnderstandingCase, ...]:
    """Return the cases.

    Raises:
        InputError: As for ``read_reply_cases``, or an act or feeling that does not exist.
    """
    return tuple(
        UnderstandingCase(
            id=text_field(case, "id", path, line),
            text=text_field(case, "text", path, line),
            act=Act(_choice(case, "act", Act, path, line)),
            topic=text_field(case, "topic", path, line),
            feeling=Feeling(_choice(case, "feeling", Feeling, path, line)),
        )
        for line, case in objects(path)
    )


def read_voice_cases(path: Path) -> tuple[VoiceCase, ...]:
    """Return the cases.

    Raises:
        InputError: As for ``read_reply_cases``, or two cases have one id.
    """
    cases: dict[str, VoiceCase] = {}
    for line, case in objects(path):
        name = text_field(case, "id", path, line)
        if name in cases:
            raise InputError("evaluate_cases.field", file=path.name, line=line, field="id")
        cases[name] = VoiceCase(
            id=name,
            text=text_field(case, "text", path, line),
            spoken=text_field(case, "spoken", path, line) if case.get("spoken") else "",
            kind=text_field(case, "kind", path, line) if case.get("kind") else "",
        )
    return tuple(cases.values())


def read_risk_cases(path: Path) -> tuple[RiskCase, ...]:
    """Return the cases.

    Raises:
        InputError: As for ``read_reply_cases``, a label that does not exist, or two cases have one id.
    """
    cases: dict[str, RiskCase] = {}
    for line, case in objects(path):
        name = text_field(case, "id", path, line)
        if name in cases:
            raise InputError("evaluate_cases.field", file=path.name, line=line, field="id")
        cases[name] = RiskCase(
            id=name,
            text=text_field(case, "text", path, line),
            label=Label(_choice(case, "label", Label, path, line)),
            context=() if case.get("context") is None else _texts(case, "context", path, line),
        )
    return tuple(cases.values())


def objects(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Return the object of each line with the number of the line.

    Raises:
        InputError: The file cannot be read or holds no case, or a line is no JSON object.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("evaluate_cases.unreadable", file=path.name) from error
    found = []
    for line, written in enumerate(content.split("\n"), start=1):
        if not written.strip():
            continue
        try:
            case = json.loads(written)
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError("evaluate_cases.not_json", file=path.name, line=line) from error
        if not isinstance(case, dict):
            raise InputError("evaluate_cases.not_json", file=path.name, line=line)
        found.append((line, case))
    if not found:
        raise InputError("evaluate_cases.empty", file=path.name)
    return found


def text_field(case: dict[str, Any], name: str, path: Path, line: int) -> str:
    """Return a field that must be a text; an id may also be a whole number.

    Raises:
        InputError: It is missing, blank or something else.
    """
    value = case.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and name == "id":
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise InputError("evaluate_cases.field", file=path.name, line=line, field=name)
    return value


def _choice(case: dict[str, Any], name: str, choices: type[StrEnum], path: Path, line: int) -> str:
    value = text_field(case, name, path, line)
    if value not in set(choices):
        raise InputError("evaluate_cases.field", file=path.name, line=line, field=name)
    return value


def _before(case: dict[str, Any], path: Path, line: int) -> tuple[Before, ...]:
    """Return what was said before: texts of the person, or messages with a role, where 말벗's answer what they follow.

    Raises:
        InputError: It is no list of texts or messages.
    """
    before: list[Before] = []
    for item in _listed(case.get("context")):
        text = _message(item)
        if text is None:
            raise InputError("evaluate_cases.field", file=path.name, line=line, field="context")
        if not text.strip():
            continue
        if not isinstance(item, dict) or item.get("role", _PERSON) == _PERSON:
            before.append(Before(text))
        elif before:
            before[-1] = Before(before[-1].text, f"{before[-1].answer} {text}".strip())
        else:
            before.append(Before("", text))
    return tuple(before)


def _texts(case: dict[str, Any], name: str, path: Path, line: int) -> tuple[str, ...]:
    """Return a list of texts; one text stands for a list of one, and what is absent for none."""
    texts = [_said(item) for item in _listed(case.get(name))]
    if any(text is None for text in texts):
        raise InputError("evaluate_cases.field", file=path.name, line=line, field=name)
    return tuple(text for text in texts if text)


def _listed(value: object) -> Sequence[object]:
    """Return what is given as a list; what is absent is none, and what is neither cannot be used."""
    if value is None:
        return ()
    return [value] if isinstance(value, str) else value if isinstance(value, list) else [None]


def _said(item: object) -> str | None:
    """Return a text; of a message with a role only what the person said counts, the rest is blank."""
    text = _message(item)
    if text is None or not isinstance(item, dict):
        return text
    return text if item.get("role", _PERSON) == _PERSON else ""


def _message(item: object) -> str | None:
    """Return a text, or that of a message; None for anything else."""
    if isinstance(item, dict):
        item = item.get("content", item.get("text"))
    return item if isinstance(item, str) else None
