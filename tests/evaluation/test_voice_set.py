"""The sentences that measure the voice are what the measure says they are."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from pathlib import Path
from statistics import median

from companion.core.hangul import syllable_count
from companion.evaluation.cases import read_voice_cases
from companion.prompts import prompt_table

SET = Path(__file__).with_name("sets") / "voice.jsonl"
FRESH = SET.with_name("voice_fresh.jsonl")
DIGITS = SET.with_name("voice_digits.jsonl")
READ_ALOUD = Path(__file__).parents[1] / "core" / "speakable_cases.tsv"


@cache
def cases() -> tuple[dict[str, str], ...]:
    return tuple(json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines())


def test_it_is_large_enough_and_a_third_is_unseen() -> None:
    """At least 300 sentences of 18 syllables at the median, two fifths with numerals, a third unseen."""
    assert len(read_voice_cases(SET)) == len(cases()) >= 300
    assert median(syllable_count(case["spoken"]) for case in cases()) >= 18
    assert sum(bool(re.search(r"\d", case["text"])) for case in cases()) >= 0.4 * len(cases())
    assert {case["part"] for case in cases()} == {"seen", "unseen"}
    assert 0.3 <= sum(case["part"] == "unseen" for case in cases()) / len(cases()) <= 0.36


def test_every_reference_is_hangul() -> None:
    """What a person would say has neither digits nor letters of other scripts."""
    assert [case["id"] for case in cases() if re.search("[^가-힣 ,.?!…~]", case["spoken"])] == []


def test_sentences_that_are_read_aloud_keep_their_part() -> None:
    """No sentence is unseen here and seen where reading numbers was written, or the other way round."""
    with READ_ALOUD.open(encoding="utf-8", newline="") as file:
        parts = {row["text"]: row["part"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    assert {case["text"] for case in cases()} >= set(parts)
    assert [case["id"] for case in cases() if parts.get(case["text"], case["part"]) != case["part"]] == []


def test_the_numbers_that_save_lives_are_in_it() -> None:
    """Each is there as it is written and digit by digit."""
    numbers = prompt_table("safety/numbers.toml")["numbers"]
    crisis = " ".join(case["text"] for case in cases() if case["kind"] == "crisis")
    for name in ("crisis_line", "emergency", "police", "elder_abuse_line"):
        assert numbers[name]["number"] in crisis
    for row in ("일, 공, 구", "일, 일, 구", "일, 일, 이", "일, 오, 칠, 칠"):
        assert row in crisis


def test_each_number_that_saves_lives_is_said_twenty_times() -> None:
    """In sentences of the safety prompts and others, and digit by digit; a third of them unseen by the search."""
    said = [json.loads(line) for line in DIGITS.read_text(encoding="utf-8").splitlines()]
    assert len(read_voice_cases(DIGITS)) == len(said) == len({case["text"] for case in said})
    for number in ("109", "119", "112", "1577"):
        assert sum(case["id"].startswith(f"d{number}-") for case in said) >= 20
    assert 0.3 <= sum(case["part"] == "unseen" for case in said) / len(said) <= 0.36


def test_the_fresh_sentences_are_others() -> None:
    """Sixty of 18 syllables at the median, half of them with numerals, none of which the search could see."""
    fresh = read_voice_cases(FRESH)
    assert len(fresh) == 60
    assert median(syllable_count(case.spoken) for case in fresh) >= 18
    assert sum(case.kind != "plain" for case in fresh) == 30
    assert not {case.text for case in fresh} & {case["text"] for case in cases()}
    assert [case.id for case in fresh if re.search("[^가-힣 ,.?!…~]", case.spoken)] == []
