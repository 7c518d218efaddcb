"""What the crisis protocol is made of: which questions follow at which level, and what counts as an answer.

Read from ``prompts/safety/protocol.toml``. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.errors import PromptError
from companion.safety.answers import FILE, Answers
from companion.safety.risk import Level, Theme
from companion.safety.steps import Question

_LEVELS: Final = (Level.CONCERN, Level.URGENT)


@dataclass(frozen=True, slots=True)
class ThemeRules:
    """How one theme goes on after its opening."""

    questions: Mapping[Level, tuple[Question, ...]]
    skip: Mapping[Question, Question]
    """Where a no leads."""
    raising: frozenset[Question]
    """A yes to these makes it urgent."""
    release: Mapping[Level, tuple[Question, ...]]
    """What must have been answered yes before the conversation may go on as usual."""
    record_first: bool
    """Whether it is said first that words are kept."""
    say_nobody: bool
    """Whether it is said where nobody can be told."""
    elsewhere: Mapping[Level, int]
    """After so many turns in a row of talk of other things the person is let go on; 0 for never."""
    asked_before: frozenset[Question]
    """What must have been asked, answered or not, before that."""
    mistakable: bool
    """Whether the person's word that no such danger was told ends it."""
    denied: Mapping[Level, int]
    """After so many plain denials, where one does not end it, the person is let go on; 0 for never."""

    @property
    def may_be_denied(self) -> bool:
        """Whether that word counts at all."""
        return self.mistakable or any(self.denied.values())


@dataclass(frozen=True, slots=True)
class Limits:
    """How often."""

    gentle: int
    tries: int
    silences: int
    stays: int
    rounds: int
    confirm_seconds: int
    count_seconds: int


@dataclass(frozen=True, slots=True)
class ProtocolRules:
    """All of ``protocol.toml``."""

    version: str
    within_seconds: Mapping[Level, int]
    limits: Limits
    themes: Mapping[Theme, ThemeRules]
    answers: Answers
    special: frozenset[str]
    """Keys of the sentences that meet one answer to one question."""

    def sentence_keys(self) -> Iterator[str]:
        """Yield the key of every sentence that the protocol may say."""
        yield from (f"told.told.{word}" for word in ("concern", "urgent", "measured", "stands", "nobody"))
        yield "told.join.and"
        yield from (f"{Theme.MEDICAL}.ask.{question}" for question in (Question.SYMPTOMS, Question.COUNTED))
        yield f"{Theme.MEDICAL}.reply.return_measured"
        for theme, rules in self.themes.items():
            for level in _LEVELS:
                yield from (f"{theme}.open.{level}", f"{theme}.open.{level}_again")
            if rules.record_first:
                yield f"{theme}.open.record"
            asked = {one for level in _LEVELS for one in (*rules.questions[level], *rules.release[level])}
            yield from (f"{theme}.ask.{question}" for question in sorted(asked))
            yield from (f"{theme}.heard.{word}" for word in ("yes", "no", "missing", "again"))
            yield from (
                f"{theme}.reply.{word}"
                for word in ("taken_back", "secret", "silent", "last", "allow", "elsewhere", "close", "return")
            )
            yield f"{theme}.stay.say"
            if rules.may_be_denied:
                yield f"{theme}.reply.{'misheard' if rules.mistakable else 'denied'}"
        yield from (f"{Theme.SELF_HARM}.ask.{name}" for name in (Question.MOOD, Question.WISH, Question.MEANT, "still"))
        said = ("open.unsure", "reply.misheard", "reply.relieved", "reply.not_so")
        yield from (f"{Theme.SELF_HARM}.{name}" for name in said)


def load_protocol(tables: Mapping[str, Mapping[str, Any]]) -> ProtocolRules:
    """Read the rules.

    Args:
        tables: Of ``prompts/safety``, by file name.

    Raises:
        PromptError: The file or a part of it is missing or cannot be used.
    """
    if FILE not in tables:
        raise PromptError("lexicon.missing", file=FILE, entry="")
    table = tables[FILE]
    try:
        return ProtocolRules(
            version=str(table["version"]),
            within_seconds={level: int(table["within_seconds"][level]) for level in _LEVELS},
            limits=Limits(**{name: int(value) for name, value in table["limits"].items()}),
            themes={Theme(name): _theme(own) for name, own in table["theme"].items()},
            answers=Answers(table),
            special=frozenset(
                f"{theme}.answered.{name}"
                for theme in Theme
                for name in tables.get(f"{theme}.toml", {}).get("answered", {})
            ),
        )
    except KeyError as error:
        raise PromptError("lexicon.missing", file=FILE, entry=str(error.args[0])) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise PromptError("lexicon.broken", file=FILE, detail=str(error)) from error


def _theme(table: Mapping[str, Any]) -> ThemeRules:
    return ThemeRules(
        questions={level: _questions(table[level]) for level in _LEVELS},
        skip={Question(asked): Question(then) for asked, then in table["skip"].items()},
        raising=frozenset(_questions(table["raise"])),
        release={level: _questions(table["release"][level]) for level in _LEVELS},
        record_first=bool(table["record_first"]),
        say_nobody=bool(table["say_nobody"]),
        elsewhere={level: int(table["elsewhere"][level]) for level in _LEVELS},
        asked_before=frozenset(_questions(table["asked_before"])),
        mistakable=bool(table["mistakable"]),
        denied={level: int(table.get("denied", {}).get(level, 0)) for level in _LEVELS},
    )


def _questions(names: Iterable[str]) -> tuple[Question, ...]:
    return tuple(map(Question, names))
