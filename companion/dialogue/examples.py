"""Utterances of which somebody has named what they are: what an encoder's heads are taught.

They are data, beside the utterances of the reply bank, which carry the labels of their situations: act, topic and
feeling in ``prompts/understanding``; in ``prompts/gists`` the gist, which is what a telling means to
who tells it (``cancelled``: who was to come does not, whatever for), and the tone in which it is told; in
``prompts/wants`` what is wanted of 말벗 by saying it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.core.turn import Act, Feeling, Tone
from companion.dialogue.problem import Problem, raise_first

NOTHING: Final = "none"
"""The want of what is told."""
_TOLD_EVERY: Final = 6
"""Of the tellings with a gist, so many are a lesson that nothing is wanted: all of them would drown what is."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An utterance and what it is; a label that nobody named is None or empty."""

    text: str
    act: Act | None = None
    topic: str = ""
    feeling: Feeling | None = None
    gist: str = ""
    tone: Tone | None = None
    want: str = ""
    """``none`` where nothing is wanted of 말벗: it is told."""


def example_problems(tables: Mapping[str, Mapping[str, Any]], topics: Collection[str]) -> tuple[Problem, ...]:
    """Return what is wrong with the examples.

    Args:
        tables: Parsed files of ``prompts/understanding`` by file name: topic, then act, then feeling, to utterances.
        topics: The topics there are.
    """
    return tuple(
        Problem(f"understanding/{file}", f"{topic}.{act}.{feeling}", f"understanding.{name}", detail)
        for file, table in tables.items()
        for topic, act, feeling, texts in _groups(table)
        for name, detail in _defects(topic, act, feeling, texts, topics)
    )


def load_examples(tables: Mapping[str, Mapping[str, Any]], topics: Collection[str]) -> tuple[Labelled, ...]:
    """Return the examples, in the order of the files.

    Raises:
        PromptError: The first of ``example_problems``.
    """
    raise_first(example_problems(tables, topics))
    return tuple(
        Labelled(text, Act(act), topic, Feeling(feeling))
        for table in tables.values()
        for topic, act, feeling, texts in _groups(table)
        for text in texts
    )


def gist_problems(tables: Mapping[str, Mapping[str, Any]], gists: Collection[str]) -> tuple[Problem, ...]:
    """Return what is wrong with the utterances whose gist and tone are named.

    Args:
        tables: Parsed files of ``prompts/gists`` by file name: gist, then tone, to utterances.
        gists: The gists that the reply bank receives.
    """
    return tuple(
        Problem(f"gists/{file}", f"{gist}.{tone}" if tone else gist, f"understanding.{name}", detail)
        for file, table in tables.items()
        for gist, told in table.items()
        for tone, texts in _items(told)
        for name, detail, wrong in (
            ("unknown_gist", gist, gist not in gists),
            ("unknown_tone", tone, tone not in set(Tone)),
            ("not_texts", gist, not _are_texts(texts)),
        )
        if wrong
    )


def load_gists(
    tables: Mapping[str, Mapping[str, Any]], gists: Collection[str], told: Collection[str] = ()
) -> tuple[Labelled, ...]:
    """Return the utterances whose gist and tone are named, in the order of the files; one with two is twice there.

    Args:
        tables: Parsed files of ``prompts/gists`` by file name.
        gists: The gists that the reply bank receives.
        told: Those of them that are told: nothing is wanted of 말벗 by them.

    Raises:
        PromptError: The first of ``gist_problems``.
    """
    raise_first(gist_problems(tables, gists))
    said = (
        (text, gist, Tone(tone))
        for table in tables.values()
        for gist, tones in table.items()
        for tone, texts in tones.items()
        for text in texts
    )
    return tuple(
        Labelled(text, gist=gist, tone=tone, want=NOTHING if gist in told and number % _TOLD_EVERY == 0 else "")
        for number, (text, gist, tone) in enumerate(said)
    )


def want_problems(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Problem, ...]:
    """Return what is wrong with the utterances of which it is named what is wanted by them.

    Args:
        tables: Parsed files of ``prompts/wants`` by file name: the want, or ``none``, to utterances.
    """
    return tuple(
        Problem(f"wants/{file}", want, "understanding.not_texts", want)
        for file, table in tables.items()
        for want, texts in table.items()
        if not _are_texts(texts)
    )


def load_wants(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Labelled, ...]:
    """Return the utterances of which it is named what is wanted by them, in the order of the files.

    Raises:
        PromptError: The first of ``want_problems``.
    """
    raise_first(want_problems(tables))
    return tuple(
        Labelled(text, want=want) for table in tables.values() for want, texts in table.items() for text in texts
    )


def _groups(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Any]]:
    for topic, acts in table.items():
        for act, feelings in _items(acts):
            for feeling, texts in _items(feelings):
                yield topic, act, feeling, texts


def _items(value: object) -> Iterator[tuple[str, Any]]:
    """Yield the entries of a table; one entry without a name where it is none, so that its defect is found."""
    if isinstance(value, Mapping):
        yield from value.items()
    else:
        yield "", value


def _defects(topic: str, act: str, feeling: str, texts: object, topics: Collection[str]) -> Iterator[tuple[str, str]]:
    if topic not in topics:
        yield "unknown_topic", topic
    if act not in set(Act):
        yield "unknown_act", act
    if feeling not in set(Feeling):
        yield "unknown_feeling", feeling
    if not _are_texts(texts):
        yield "not_texts", feeling


def _are_texts(texts: object) -> bool:
    return isinstance(texts, list) and all(isinstance(text, str) and text.strip() for text in texts)
