"""What contacts read: minimal, whole, and never more than was agreed to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.errors import PromptError
from companion.safety.alerts import Alert, AlertOrder
from companion.safety.notices import AlertWords, Subject
from companion.safety.risk import Kind, Level
from tests.fakes.clock import START

TABLE: dict[str, Any] = tomllib.loads(Path("prompts/safety/alert.ko.toml").read_text(encoding="utf-8"))
NUMBERS = {
    slot: str(entry["number"])
    for slot, entry in tomllib.loads(Path("prompts/safety/numbers.toml").read_text(encoding="utf-8"))["numbers"].items()
}
KINDS = [kind for kind in Kind if kind is not Kind.NONE]
LEVELS = [Level.CONCERN, Level.URGENT]


def alert(level: Level, kind: Kind) -> Alert:
    order = AlertOrder(level, kind, 0, (), told_person=True)
    return Alert("0123456789abcdef", "person", "session", 2, START.astimezone(UTC), order, "1")


def words(table: Mapping[str, Any] = TABLE) -> AlertWords:
    return AlertWords(table, NUMBERS)


@pytest.mark.parametrize(("level", "kind"), list(product(LEVELS, KINDS)))
def test_every_danger_has_its_message(level: Level, kind: Kind) -> None:
    """Who, when by the clock of the home, what to do, and the reference; every slot is filled."""
    title, body = words().alert(alert(level, kind), Subject("김순자"), START)
    assert "김순자" in title
    assert "11월 23일 10시 00분" in body
    assert "89abcdef" in body
    assert "{" not in title + body
    assert any(number in body for number in NUMBERS.values())


@pytest.mark.parametrize("level", LEVELS)
def test_danger_to_oneself_names_both_numbers_and_abuse_its_own(level: Level) -> None:
    """As the protocol does aloud."""
    _, of_self = words().alert(alert(level, Kind.PLAN), Subject("김순자"), START)
    _, of_abuse = words().alert(alert(level, Kind.ABUSE), Subject("김순자"), START)
    assert NUMBERS["crisis_line"] in of_self
    assert NUMBERS["emergency"] in of_self
    assert NUMBERS["elder_abuse_line"] in of_abuse


@given(st.text(min_size=1))
def test_what_a_person_said_is_quoted_as_it_is(said: str) -> None:
    """Whatever stands in it, braces and names of slots too, nothing else is put in its place."""
    _, body = words().alert(alert(Level.URGENT, Kind.PLAN), Subject("김순자", words=said + "{reference}"), START)
    assert said + "{reference}" in body


def test_a_repetition_says_so_first() -> None:
    """And only a repetition does."""
    _, body = words().alert(alert(Level.URGENT, Kind.PLAN), Subject("김순자", repeats=True), START)
    _, first = words().alert(alert(Level.URGENT, Kind.PLAN), Subject("김순자"), START)
    assert body.splitlines()[0] == TABLE["end"]["repeat"]
    assert TABLE["end"]["repeat"] not in first


@pytest.mark.parametrize(
    "broken",
    [
        {**TABLE, "title": {}},
        {**TABLE, "urgent": {**TABLE["urgent"], "self_harm": "{nobody_fills_this}"}},
        {name: table for name, table in TABLE.items() if name != "concern"},
    ],
)
def test_a_broken_table_is_found_before_it_is_needed(broken: dict[str, Any]) -> None:
    """Not when somebody is in danger."""
    with pytest.raises(PromptError):
        words(broken)


def test_no_answer_claims_no_words() -> None:
    """Nothing was heard: neither title nor body says that anything was."""
    title, body = words().alert(alert(Level.CONCERN, Kind.NO_ANSWER), Subject("김순자"), START)
    assert title == "[말벗] 대답이 없으세요: 김순자"
    assert "대답이 없으십니다" in body
    assert NUMBERS["emergency"] in body
    assert "말씀을 하셨습니다" not in body
