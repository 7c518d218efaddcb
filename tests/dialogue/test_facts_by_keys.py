"""What is found by key words and likeness: in any words that have the keys, and nothing for those that lack one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.dialogue.facts_by_keys import FactsByKeys
from companion.prompts import prompt_tables

POT = {
    "id": "pot",
    "keys": [["냄비", "가마솥", "솥"], ["탄", "태워", "태왔"]],
    "asked": ["탄 냄비는 뭘로 닦나", "솥을 태워 먹었는데 이거 우째 닦노"],
    "told": True,
}
LID = {
    "id": "lid",
    "keys": [["냄비", "가마솥", "솥"], ["뚜껑"]],
    "asked": ["냄비 뚜껑이 꽉 끼어 안 열려", "솥뚜껑이 안 열리네"],
}
TABLE = prompt_tables("lexicon")["facts.toml"]["keys"]
KNOWN = FactsByKeys(TABLE, [POT, LID])
SHIPPED = [entry for table in prompt_tables("facts").values() for entry in table["fact"] if "keys" in entry]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("국 냄비를 홀랑 태왔는데 뭘로 닦나?", "pot"),
        ("가마솥 뚜껑이 안 열리는데 우째야 되노?", "lid"),
        ("냄비를 하나 샀는데 잘 샀나?", ""),
        ("탄 밥을 먹어도 되나?", ""),
        ("", ""),
    ],
)
def test_a_question_needs_a_word_of_each_group(text: str, found: str) -> None:
    """A pot alone is not one that burnt."""
    assert KNOWN.find(text, asked=True) == found


def test_of_two_facts_with_all_keys_the_likelier_is_meant() -> None:
    """A burnt pot whose lid does not open is about the lid where that is asked."""
    assert KNOWN.find("탄 냄비 뚜껑이 꽉 끼어서 안 열려, 어쩌지?", asked=True) == "lid"


def test_what_is_only_told_must_be_more_like() -> None:
    """Who tells of a pot in passing wants no advice; who tells the trouble does."""
    assert KNOWN.find("그날은 냄비를 태워 먹는 줄도 모르고 종일 울었지 뭐", asked=False) == ""
    assert KNOWN.find("솥을 태워 먹었는데 우째 닦노", asked=False) == "pot"
    assert KNOWN.find("냄비 뚜껑이 꽉 끼어 안 열려", asked=False) == ""


@given(st.sampled_from(SHIPPED), st.integers(0, 3), st.sampled_from([" ", "…", ",", " … "]))
def test_blanks_and_marks_say_nothing(entry: dict[str, Any], at: int, mark: str) -> None:
    """A recogniser writes none, or where it likes."""
    way = entry["asked"][at % len(entry["asked"])]
    shipped = FactsByKeys(TABLE, [entry])

    assert shipped.find(f"{mark}{way.replace(' ', mark)}?", asked=True) == shipped.find(f"{way}?", asked=True)


def test_nearly_every_way_that_is_written_finds_its_own_fact() -> None:
    """No other fact stands nearer; a few ways hold what takes a question away, such as a back that hurts."""
    known = FactsByKeys(TABLE, SHIPPED)
    ways = [(way, entry["id"]) for entry in SHIPPED for way in entry["asked"]]
    found = [(known.find(f"{way}?", asked=True), fact) for way, fact in ways]

    assert sum(one not in {"", fact} for one, fact in found) <= 8
    assert sum(one == "" for one, _ in found) <= 0.015 * len(ways)


FILE = Path(__file__).parents[1] / "evaluation" / "sets" / "facts_6.jsonl"
"""``fresh`` and ``fresh_2``: two strangers' who had seen no fact (``fact``: the one that is right, as a reader found;
empty where none is), the second after 1,400 more were written. ``seen``: two others', asked for a given answer in words
of their own; the keys were extended after them."""
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def of(part: str, kind: str) -> list[dict[str, str]]:
    return [case for case in CASES if case["part"] == part and case["kind"] == kind]


@pytest.mark.parametrize(("part", "right", "wrong"), [("fresh", 58, 4), ("fresh_2", 62, 7)])
def test_a_stranger_is_answered_three_times_of_five_and_hardly_wrongly(part: str, right: int, wrong: int) -> None:
    """First look at 90 questions: 58 right, three wrong; at 110: 65 right, six wrong."""
    known = FactsByKeys(TABLE, SHIPPED)
    found = [(known.find(case["text"], asked=True), case["fact"]) for case in of(part, "asked")]

    assert sum(one == fact != "" for one, fact in found) >= right
    assert sum(one not in {"", fact} for one, fact in found) <= wrong


@pytest.mark.parametrize("part", ["fresh", "fresh_2"])
def test_what_is_told_in_passing_gets_no_advice(part: str) -> None:
    """A pot, a fridge or a rite is named, and nothing is asked."""
    known = FactsByKeys(TABLE, SHIPPED)
    harmless = of(part, "harmless")

    assert len(harmless) >= 60
    assert [case["text"] for case in harmless if known.find(case["text"], asked=False)] == []


def test_ways_that_the_keys_were_extended_for_are_found() -> None:
    """Two testers' ways of asking; of those that find another fact most find one with the same answer."""
    known = FactsByKeys(TABLE, SHIPPED)
    found = [(known.find(case["text"], asked=True), case["fact"]) for case in of("seen", "asked")]

    assert sum(one == fact for one, fact in found) >= 0.6 * len(found)
