"""A danger that is not plain is asked about with a short count-down; silence counts as yes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from companion.session.answering import Answerer
from companion.session.conversation import Conversation, Parts
from companion.session.ear import SILENCE
from companion.session.keeping import Keeper
from companion.wiring import language
from tests.fakes.clock import FakeClock
from tests.fakes.ear import ScriptedEar, ScriptedMouth
from tests.fakes.screen import Notes
from tests.records import agreeing, new_session, read_last, record_in

PATIENCE = 77.0


async def test_silence_after_a_doubtful_danger_is_waited_for_briefly(tmp_path: Path) -> None:
    """The question is given twenty seconds, not the patience of a talk; then it is taken for a yes."""
    dialogue, clock = language.dialogue(language.analyser()), FakeClock()
    ear, mouth = ScriptedEar(["심장이 자꾸 벌렁벌렁 뛰어", SILENCE, "전화했어"]), ScriptedMouth()
    with record_in(tmp_path / "record") as record, ThreadPoolExecutor(1) as thread:
        parts = Parts(
            ear=ear,
            mouth=mouth,
            dialogue=dialogue,
            answerer=Answerer(language=None, situations=None, thread=thread),
            keeper=Keeper(record.conversations, on_trouble=lambda error: None),
            screen=Notes(),
            clock=clock,
            chance=lambda: 0.0,
            setting=lambda: dialogue.setting(clock.now(), address="어르신"),
        )
        await Conversation(parts, patience=PATIENCE).run(new_session(agreeing(record)))
        kept = read_last(record)[1]

    assert ear.patience == [PATIENCE, 20.0, PATIENCE, PATIENCE]
    assert [turn.risk_level for turn in kept[1:3]] == ["concern", "urgent"]
    assert "119번" in kept[2].reply
