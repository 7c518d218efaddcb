"""A conversation that somebody ends from the caregiver's screens: a goodbye, and the day goes on."""

from __future__ import annotations

import pytest

from companion.dialogue.daily.words import Opening
from companion.session.bell import Ring
from companion.session.living import LifeEnd
from tests.session import test_living
from tests.session.test_living import MORNING, Home


@pytest.fixture
def home(request: pytest.FixtureRequest) -> Home:
    """Give the home of the daily life."""
    made: Home = request.getfixturevalue("living_home")
    return made


living_home = test_living.home


async def test_a_talk_that_is_ended_from_outside_says_goodbye_and_life_goes_on(home: Home) -> None:
    """What is due afterwards is still said."""
    home.sets("medicine", "혈압약", times=["10:00"])
    home.rings[MORNING] = Ring(Opening.NAME)
    life = home.life()

    def end(_: str) -> str | None:
        life.end_talk()
        return None

    home.answers = end
    assert await life.run() is LifeEnd.UNTIL
    words = [said for _, said in home.said]
    assert any(said.startswith("네, 여기서 마칠게요") for said in words)
    assert "혈압약" in words[-1]
