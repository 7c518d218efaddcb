"""The lessons of the trained voices: labelled, each once, and never those that measure them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from companion.evaluation.risk import Label

TOP = Path(__file__).parents[2]
FILES = sorted((TOP / "models" / "danger").glob("*.jsonl"))
"""One an author."""
LESSONS = [json.loads(line) for file in FILES for line in file.read_text(encoding="utf-8").splitlines()]
SETS = sorted((TOP / "tests" / "evaluation" / "sets").glob("risk_*.jsonl"))
TOO_NEAR = 0.5
"""Share of runs of three letters that two utterances have in common."""


def letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def runs(text: str) -> frozenset[str]:
    bare = letters(text)
    return frozenset(bare[at : at + 3] for at in range(len(bare) - 2)) or frozenset({bare})


def test_each_lesson_has_a_label_and_stands_once() -> None:
    """A lesson twice counts twice, and one under two labels teaches nothing; a good night follows many turns."""
    bare = [letters("".join([*one.get("context", ()), one["text"]])) for one in LESSONS]

    assert {one["label"] for one in LESSONS} == {label.value for label in Label}
    assert len(bare) == len(set(bare))
    assert len(bare) > 5000
    assert len(FILES) >= 6


@pytest.mark.parametrize("file", SETS, ids=lambda file: file.stem)
def test_no_lesson_is_near_an_utterance_that_measures(file: Path) -> None:
    """What measures was never taught, nor anything that differs from it by a word."""
    taught = [runs(one["text"]) for one in LESSONS]
    by_run: dict[str, list[int]] = {}
    for number, own in enumerate(taught):
        for run in own:
            by_run.setdefault(run, []).append(number)
    near = []
    for line in file.read_text(encoding="utf-8").splitlines():
        measured = runs(json.loads(line)["text"])
        near += [
            LESSONS[number]["text"]
            for number in {number for run in measured for number in by_run.get(run, ())}
            if len(measured & taught[number]) / len(measured | taught[number]) >= TOO_NEAR
        ]

    assert not near
