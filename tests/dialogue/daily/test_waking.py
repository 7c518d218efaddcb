"""What wakes 말벗: its name as people call it and as recognisers write it, and distress."""

from __future__ import annotations

import pytest

from companion.dialogue.daily.waking import WakeWords
from companion.prompts import prompt_table

WORDS = WakeWords(prompt_table("daily/wake.toml"))


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("말벗아", ""),
        ("말벗아.", ""),
        ("말 벗아", ""),
        ("어이, 말벗아", ""),
        ("말뻣아!", ""),
        ("발벗아", ""),
        ("말밧아", ""),
        # As whisper-base writes the name down when the voice of this device says it.
        ("마리버사", ""),
        ("오이, 마리버사", ""),
        ("말 벗어. 오늘 며칠이야.", "오늘 며칠이야."),
        ("말버님, 지금 몇 시예요", "지금 몇 시예요"),
        ("말버사", ""),
        ("말벗님", ""),
        ("말벗아 오늘 며칠이야", "오늘 며칠이야"),
        ("오늘 며칠이야 말벗아", "오늘 며칠이야"),
        ("아이고, 말벗아, 나 왔다", "나 왔다"),
    ],
)
def test_its_name_wakes_it_and_what_else_was_said_is_kept(said: str, rest: str) -> None:
    """With the errors of a recogniser, and whatever stands before and behind."""
    woken = WORDS.find(said)
    assert woken is not None
    assert (woken.rest, woken.distress) == (rest, False)


@pytest.mark.parametrize(
    "said",
    [
        "말버릇이 나빠",
        "말벌이 있어",
        "말복이라 덥네",
        "할 말이 있어",
        "말 없이 갔어",
        "밥 먹었어",
        "말했어",
        "빨리 와",
        "",
    ],
)
def test_what_only_sounds_like_it_wakes_nobody(said: str) -> None:
    """Nor does anything that is said to somebody else."""
    assert WORDS.find(said) is None


@pytest.mark.parametrize(
    "said", ["살려 줘", "사람 살려", "누구 없어요", "나 넘어졌어", "일일구 좀 불러 줘", "말벗아 살려줘"]
)
def test_distress_wakes_it_without_a_name(said: str) -> None:
    """And all of it is heard."""
    woken = WORDS.find(said)
    assert woken is not None
    assert woken.distress
    assert woken.rest
