"""Plain tellings that their author held for sure, and others of the same words; the rules were written by another.

What the rules do not know is received as ever. What they know wrongly is answered beside the point: that must be rare.
"""

from __future__ import annotations

import json
from pathlib import Path

from companion.dialogue.bank import load_bank
from companion.dialogue.frames import Frames
from companion.prompts import prompt_table, prompt_tables

FILE = Path(__file__).parent / "sets" / "frames.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
OF_FRAMES = {name: table for name, table in prompt_tables("replies").items() if name.startswith("frames_")}
BANK = load_bank(OF_FRAMES, prompt_table("lexicon/topics.toml")["topics"])
FRAMES = Frames(BANK.frames, prompt_table("lexicon/frames.toml"))


def found(text: str) -> str:
    frame = FRAMES.find(text)
    return "" if frame is None else frame.id.removeprefix("receive.frame.")


def test_most_of_what_is_told_plainly_is_known_and_little_else() -> None:
    told = [found(case["text"]) == case["frame"] for case in CASES if "frame" in case]
    falsely = [found(case["text"]) == case["not"] for case in CASES if "not" in case]

    assert sum(told) / len(told) >= 0.6
    assert sum(falsely) / len(falsely) <= 0.07


def test_every_frame_is_found_in_some_of_its_tellings() -> None:
    """A rule that nothing fits is no rule."""
    known = {case["frame"] for case in CASES if "frame" in case and found(case["text"]) == case["frame"]}
    assert {one.id.removeprefix("receive.frame.") for one in BANK.frames} == known


def test_each_frame_has_enough_to_say() -> None:
    """Whoever tells the same thing every day is not answered in the same words."""
    assert all(len(one.replies) >= 9 for one in BANK.frames)
