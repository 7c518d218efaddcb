"""What a reply is worth: by how probably it is right, and wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.turn import Act, Feeling
from companion.dialogue.bank import Situation
from companion.dialogue.choice import Evidence
from companion.dialogue.requests import Labels, Near
from companion.dialogue.weighing import SITUATION, Weighing, source_of, weighed
from companion.prompts import prompt_table

TABLE = prompt_table("lexicon/weighing.toml")
WEIGHING = Weighing(TABLE)
RAIN = Situation(
    "receive.gist.rain", "weather", Feeling.NEUTRAL, Act.TELL, (), (), ("비가 오네요.", "궂네요."), gist="rain"
)


@pytest.mark.parametrize(
    ("situation", "source"),
    [
        ("receive.gist.rain", "gist"),
        ("receive.tone.heavy", "tone"),
        ("receive.motif.keepsake", "motif"),
        ("weather.rain", SITUATION),
    ],
)
def test_a_source_is_known_by_the_name_of_the_situation(situation: str, source: str) -> None:
    """What receives is known by what it receives; all others are situations."""
    assert source_of(situation) == source


def test_a_situation_is_weighed_by_the_best_of_its_replies() -> None:
    """Which of them is said is chosen by its fit too."""
    evidence = Evidence({}, {}, (Near(RAIN.id, 0.4),), labels=Labels(gists={"rain": 0.7}))

    kind, features = weighed(RAIN, evidence, {"비가 오네요.": 0.2, "궂네요.": 0.5})

    assert kind == "gist"
    assert (features["fit"], features["gist"], features["near"]) == (0.5, 0.7, 0.4)


def test_what_nobody_knows_of_a_reply_weighs_nothing() -> None:
    """A reply that is new since the model was made is weighed by its source alone."""
    _, features = weighed(RAIN, Evidence({}, {}, ()), {})

    assert "fit" not in features
    assert -1.0 <= WEIGHING.worth("gist", features) <= 1.0


@given(fit=st.floats(-1, 1), kind=st.sampled_from([*TABLE["kinds"], "unheard_of"]))
def test_worth_is_bounded_by_what_is_right_and_what_is_wrong(fit: float, kind: str) -> None:
    """No more than surely right, no less than surely wrong; of an unknown source as of a situation."""
    features = {"bias": 1.0, "fit": fit, "best": fit, "known": 1.0}

    assert -TABLE["cost"] <= WEIGHING.worth(kind, features) <= 1.0
