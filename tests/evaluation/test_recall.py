"""How often what was told is found again when it is asked for, by strangers who knew neither patterns nor sentences.

At first look, before any mending on them: 37, 38 and 44 of 60 were found, 2, 8 and 6 wrongly; 4, 2 and 6 of 30 sayings
were taken for questions.

A line holds some things told, one of which answers, a question, and a pattern that the answering one alone matches;
without a pattern nothing may be taken for a question. The second set was written after the first was mended on.
What is looked at is what is said back: the value alone (63 of 180 questions), else the clause or sentence it stood in.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from companion.core.life import Said
from companion.dialogue.memory.asking import Wanted, Wish
from companion.wiring import language
from companion.wiring.remembering import knowing
from tests.fakes.clock import START

SETS = Path(__file__).parent / "sets"


def found(name: str) -> Counter[str]:
    """Return how many questions were answered right, wrongly and not at all, and what was falsely taken for one."""
    known, counted = knowing(language.analyser()), Counter[str]()
    for line in (SETS / name).read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        asked, told = case["asks"], [Said(str(at), text) for at, text in enumerate(case["told"])]
        facts = [fact for one in told for fact in known.reader.read(one.text, START)]
        letters = "".join(letter for letter in asked if letter.isalnum())
        meant = known.wishes.meant(Wanted(Wish.SAID, letters), facts)
        asks = known.quoting.asks(asked)
        answer = known.answers.find(asked, told[::-1], [fact.sentence for fact in meant]) if asks else None
        if case["holds"] is None:
            counted["false" if answer else "left"] += 1
        elif answer is None:
            counted["none"] += 1
        else:
            counted["right" if re.search(case["holds"], answer.value or answer.words) else "wrong"] += 1
    return counted


@pytest.mark.parametrize(
    ("name", "right", "wrong", "false"),
    [("recall_seen.jsonl", 52, 3, 0), ("recall_second.jsonl", 53, 5, 0), ("recall_third.jsonl", 50, 4, 0)],
)
def test_what_was_told_is_found_and_little_else(name: str, right: int, wrong: int, false: int) -> None:
    """Of sixty questions and thirty sayings that are none."""
    counted = found(name)

    assert counted["right"] >= right
    assert counted["wrong"] <= wrong
    assert counted["false"] <= false
