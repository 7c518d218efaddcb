"""The measuring of memory, and the sets that it is measured on."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from companion.core.life import Memory
from companion.errors import InputError
from companion.evaluation.memory import MemoryCase, Planted, evaluate_memory, read_memory_cases
from companion.wiring import language
from companion.wiring.remembering import knowing
from tests.fakes.clock import START

SETS = Path(__file__).parent / "sets"
FACT = Memory(kind="place", fact="고향, 자란 곳은 여수", value="여수", at=START)


def read(text: str, at: datetime, asked: str) -> tuple[Memory, ...]:
    return knowing(language.analyser()).reader.read(text, at, asked=asked)


def test_what_is_read_and_not_there_is_invented() -> None:
    """Counted apart where the utterance tells nothing at all."""
    there = MemoryCase("1", "여수", START, "", (Planted("place", "", "여수"), Planted("place", "", "순천")))
    nothing = MemoryCase("2", "밥 먹었어", START, "", ())
    figures = evaluate_memory([there, nothing], lambda *_: [FACT])

    assert (figures["planted"], figures["recalled"], figures["invented"]) == (2, 1, 1)
    assert figures["invented_from_nothing"] == 1


def test_a_plan_must_fall_on_its_day() -> None:
    """Another day is another plan."""
    plan = Memory(kind="plan", fact="병원에 가기로 함", value="병원", at=START, due_at=START)

    assert Planted("plan", "", "병원", "2026-11-23").is_told_by(plan)
    assert not Planted("plan", "", "병원", "2026-11-24").is_told_by(plan)


def test_a_line_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """By its number."""
    file = tmp_path / "cases.jsonl"
    file.write_text(json.dumps({"id": 1, "text": "밥"}) + "\n" + json.dumps({"id": 2, "text": "밥", "at": "어제"}))

    with pytest.raises(InputError) as raised:
        read_memory_cases(file)
    assert raised.value.fields["line"] == 2


@pytest.mark.parametrize("name", ["memory_seen", "memory_unseen"])
def test_facts_are_found_and_hardly_any_invented(name: str) -> None:
    """A floor under what was measured: recall, and facts out of nothing."""
    reader = knowing(language.analyser()).reader
    figures = evaluate_memory(read_memory_cases(SETS / f"{name}.jsonl"), lambda text, at, _: reader.read(text, at))

    assert float(str(figures["recall"])) >= 0.8
    assert int(str(figures["invented_from_nothing"])) <= 1
