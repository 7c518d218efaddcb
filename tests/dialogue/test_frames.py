"""What a rule knows plainly, whatever an encoder takes it for."""

from __future__ import annotations

import pytest

from companion.core.heard import Heard
from companion.core.turn import Act, Feeling
from companion.dialogue.bank import Situation
from companion.dialogue.flow import Dialogue, Setting
from companion.dialogue.frames import Frames
from companion.prompts import prompt_table
from tests.dialogue.conftest import answered

TABLE = prompt_table("lexicon/frames.toml")


def frame(name: str, *rules: str, unless: tuple[str, ...] = (), allows: frozenset[str] = frozenset()) -> Situation:
    return Situation(
        f"receive.frame.{name}",
        "meal",
        Feeling.NEUTRAL,
        Act.TELL,
        (),
        (),
        ("네.",),
        rules=rules,
        unless=unless,
        allows=allows,
    )


FRAMES = Frames(
    (
        frame("noodles", "(국수|라면)[^.]{0,6}(삶았|먹었|묵었)", unless=("안(먹|묵)",)),
        frame("legs", "다리가[^.]{0,4}(뻐근|뻣뻣)"),
        frame("grandchild", "손주가[^.]{0,8}왔", allows=frozenset({"others"})),
    ),
    TABLE,
)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("국수 삶았어", "noodles"),
        ("점심에 국수를 좀 묵었다 아이가.", "noodles"),
        ("국수 삶았어. 서서 있었더니 다리가 뻐근하네.", "legs"),
        ("다리가 뻐근해서 쉬었지. 그러고 국수 삶았어.", "noodles"),
        ("손주가 놀러 왔어", "grandchild"),
    ],
)
def test_a_telling_is_known_by_what_is_told_last(said: str, name: str) -> None:
    found = FRAMES.find(said)
    assert found is not None
    assert found.id == f"receive.frame.{name}"


@pytest.mark.parametrize(
    "said",
    [
        "국수 안 먹었어",
        "국수 삶았어?",
        "영감이 국수를 삶았지",
        "옛날에는 국수 삶았어",
        "국수 먹었는데 눈물이 나더라",
        "국수 삶았어. " * 12,
        "비가 오네",
        "",
    ],
)
def test_what_is_barred_or_asked_is_known_by_none(said: str) -> None:
    """What hurts, what others do, old times, questions, long stories."""
    assert FRAMES.find(said) is None


def test_a_frame_may_allow_only_what_bars() -> None:
    with pytest.raises(ValueError, match="joy"):
        Frames((frame("x", "국수", allows=frozenset({"joy"})),), TABLE)


@pytest.mark.parametrize(
    "told",
    [
        "박 씨가 어제 갔어. 그저께만 해도 나랑 화투를 쳤는데",
        "김 영감이 오늘 갔어. 어제까지 같이 장기를 뒀는데",
        "동무가 먼저 갔어. 그저께까지도 나랑 윷을 놀았는데",
    ],
)
def test_who_tells_of_a_death_is_not_told_of_games(dialogue: Dialogue, setting: Setting, told: str) -> None:
    """What the two did together is heard by a rule; that one of them is gone is what is told."""
    assert ".frame." not in answered(dialogue, Heard.typed(told), setting).reply.id
