"""The overview and the keys without a screen: for a schedule, a voice or a printer."""

from __future__ import annotations

import json
import re

from textual.binding import Binding

from companion.dashboard.app import Dashboard
from companion.dashboard.keys_listed import groups, listed, spoken_key
from companion.dashboard.once import fields_of, lines_of
from companion.dashboard.places import PLACES
from companion.wiring.board import board
from companion.wiring.desk import RecordDoor
from tests.dashboard.household import OKBOON, PEOPLE, YOUNGJA
from tests.dashboard.room import screens, text_of


def test_each_person_is_one_plain_line_the_gravest_first(door: RecordDoor) -> None:
    """Level, name, why; no drawing, no sign that a voice would read out."""
    first, *rest = lines_of(door.look(board))

    assert first.startswith("모두 5명.")
    assert len(rest) == len(PEOPLE)
    assert rest[0].startswith(f"위급: {YOUNGJA.name} (달밭). 아무도 확인하지 않은 위급 알림 1건")
    assert not re.search(r"[^\w\s.,:()'\-%]", "\n".join([first, *rest]))


def test_the_json_says_the_same_in_the_same_order(door: RecordDoor) -> None:
    """People in the order of need, reasons by name and in words, and nothing of what was said."""
    found = json.loads(json.dumps(fields_of(door.look(board)), ensure_ascii=False))

    assert found["people"][0]["name"] == YOUNGJA.name
    assert found["people"][0]["reasons"][0]["reason"] == "urgent_alert"
    assert sum(found["counts"].values()) == len(found["people"]) == len(PEOPLE)
    assert "다 정리해 놨어" not in json.dumps(found, ensure_ascii=False)


async def test_the_screen_shows_people_in_the_same_order(door: RecordDoor) -> None:
    """Both are sorted by one function."""
    expected = [row.name for row, _ in door.look(board).rows]
    async with screens(door) as pilot:
        text = text_of(pilot)

    assert OKBOON.name in expected
    assert sorted(expected, key=text.index) == expected


def test_every_key_of_every_screen_is_in_the_help() -> None:
    """Nothing that is bound with words is left out, and every place says what it is for."""
    text = "\n".join(listed())
    bound = [one for one in Dashboard.BINDINGS if isinstance(one, Binding)]
    for place in PLACES:
        bound += [one for one in vars(place.screen_class()).get("BINDINGS", ()) if isinstance(one, Binding)]

    assert all(re.search(rf"^  {re.escape(spoken_key(one.key))}\s+{re.escape(one.description)}", text, re.MULTILINE)
               for one in bound if one.description)  # fmt: skip
    assert len(list(groups())) == len(PLACES) + 2
    assert all("ㅂ" not in line and "place." not in line and "help." not in line for line in text.splitlines())
