"""What people ask 말벗 to pass on or to say at some time, how they answer its offers, and what they ask of it later.

Strangers wrote the lines (660 and 280), who saw no rule. The rules were written by the first ones'; what was found of
the others at first look is in docs/decisions/0048. They hold no less than is stated here.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from companion.wiring.daily import asked_finder, errand_finder, kept_finder, offer_answers
from tests.evaluation.test_wishes import NOW

FILE = Path(__file__).parent / "sets" / "kept_and_asked.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
LATER = ("errands", "reminders", "both")


def is_right(kind: str, text: str, wanted: str) -> bool:
    """Return whether a line is understood as what it is."""
    if kind == "answers":
        return offer_answers().reaction(text).value == wanted
    if kind == "errands":
        return (errand_finder().find(text) is not None) is (wanted == "errand")
    if kind == "reminders":
        return (asked_finder().find(text, NOW) is not None) is (wanted == "reminder")
    return kept_finder().asks(text) is (wanted in LATER)


def shares(kind: str, part: str) -> tuple[float, float]:
    """Return how much of what asks something is understood, and how much of what asks nothing is left alone."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    for case in CASES:
        if (case["kind"], case["part"]) == (kind, part) and case["is"] not in {"change", "amend"}:
            asks = case["is"] not in {"none", "else"}
            right[asks].append(is_right(kind, case["text"], case["is"]))
    return tuple(sum(found) / len(found) for found in (right[True], right[False]))  # type: ignore[return-value]


@pytest.mark.parametrize("part", ["seen", "fresh"])
@pytest.mark.parametrize(
    ("kind", "understood", "left_alone"),
    [("answers", 0.95, 0.75), ("errands", 0.82, 0.98), ("reminders", 0.84, 0.94), ("kept", 0.95, 0.9)],
)
def test_it_is_understood_and_what_only_sounds_so_is_left_alone(
    kind: str, part: str, understood: float, left_alone: float
) -> None:
    found, alone = shares(kind, part)

    assert found >= understood
    assert alone >= left_alone
