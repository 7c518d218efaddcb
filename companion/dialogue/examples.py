"""Utterances whose act, topic and feeling somebody has named: what an encoder's head is taught.

They are data (``prompts/understanding``), beside the utterances of the reply bank, which carry the labels of their
situations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from companion.core.turn import Act, Feeling
from companion.dialogue.problem import Problem, raise_first


@dataclass(frozen=True, slots=True)
class Labelled:
    """An utterance and what it is."""

    text: str
    act: Act
    topic: str
    feeling: Feeling


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
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        yield "not_texts", feeling
