"""What is said to 말벗 itself, in whatever words, and what is done at it: ``소리가 모기 소리만 하네`` is louder.

Where no rule fits, the likeliest class of the encoder's head decides, if it is plain. What is done is data
(``prompts/lexicon/wants.toml``): a command, a fixed sentence, a tale, or a situation of the bank. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.dialogue.commands import Asked
from companion.dialogue.requests import Labels
from companion.dialogue.state import Command

FILE: Final = "wants.toml"
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_TOLD, _AGAINST = 0.6, 0.7
"""From which probability a gist of what is told speaks against a want, and how probable that must be then."""
NONE: Final = "none"
"""The class of what is told."""
_NOTHING, _LIKELY = 0.75, 0.1
"""From which nothing is wanted, and from which something may be: of 99 wishes of strangers to be told something that
rules knew, three lay below, of 39 sayings that rules took for one all."""
_DONE: Final = frozenset({"command", "say", "tells", "gist"})


@dataclass(frozen=True, slots=True)
class Want:
    """Something that people say to 말벗, and what is done at it: one of the four, the others are None or empty."""

    name: str
    least: float
    """How probable it must be."""
    command: Asked | None = None
    say: str = ""
    """Key of a fixed sentence."""
    tells: str = ""
    """Kind of a tale."""
    gist: str = ""
    """Of the situation of the bank that answers it."""
    answers: bool = False
    """Whether it is heard where something is told in answer: who was asked twice says so, who answers wants no joke."""
    unless: tuple[re.Pattern[str], ...] = ()
    """What in the letters of an utterance bars it."""

    @property
    def id(self) -> str:
        """The name under which it is recorded as what was understood."""
        return f"want.{self.name}"


class Wants:
    """Built once from the table."""

    def __init__(self, table: Mapping[str, Any], told: Collection[str] = ()) -> None:
        """Read what is done.

        Args:
            table: Parsed.
            told: The gists of what is told.

        Raises:
            KeyError: A part is missing.
            ValueError: An unknown command, or an entry that does nothing, or more than one thing.
        re.error: A rule is no regular expression.
        """
        least, self._told = float(table["least"]), frozenset(told)
        self._wants = {str(name): _want(str(name), entry, least) for name, entry in table["want"].items()}

    @property
    def keys(self) -> tuple[str, ...]:
        """The fixed sentences that are needed."""
        return tuple(dict.fromkeys(want.say for want in self._wants.values() if want.say))

    def find(self, text: str, labels: Labels, *, answers: bool = False) -> Want | None:
        """Return what is plainly wanted by a text; None where nothing is, or nobody knows.

        Args:
            text: What was said.
            labels: What it was taken for.
            answers: Whether something is told with it in answer to a question.
        """
        best = max(labels.wants, key=lambda name: labels.wants[name], default="")
        want = self._wants.get(best)
        told = max((share for name, share in labels.gists.items() if name in self._told), default=0.0)
        if (
            want is None
            or (answers and not want.answers)
            or labels.wants[best] < (max(want.least, _AGAINST) if told >= _TOLD else want.least)
        ):
            return None
        letters = _NOT_LETTERS.sub("", text)
        return None if any(pattern.search(letters) for pattern in want.unless) else want


def likely(labels: Labels) -> tuple[str, ...]:
    """Return what may be wanted, the likeliest first; ``none`` alone where it is told; nothing where nobody knows."""
    if labels.wants.get(NONE, 0.0) >= _NOTHING:
        return (NONE,)
    found = [name for name, share in labels.wants.items() if share >= _LIKELY and name != NONE]
    named = tuple(sorted(found, key=lambda name: -labels.wants[name]))
    return named or ((NONE,) if labels.wants else ())


def _want(name: str, entry: Mapping[str, Any], least: float) -> Want:
    if len(_DONE & entry.keys()) != 1:
        raise ValueError(f"want.{name}: one of {', '.join(sorted(_DONE))}")
    command = str(entry.get("command", ""))
    return Want(
        name=name,
        least=float(entry.get("least", least)),
        command=Asked(Command(command), bool(entry.get("farewell", False))) if command else None,
        say=str(entry.get("say", "")),
        tells=str(entry.get("tells", "")),
        gist=str(entry.get("gist", "")),
        answers=bool(entry.get("answers", False)),
        unless=tuple(re.compile(source) for source in entry.get("unless", ())),
    )
