"""What was planted in ten days of talk stands at the end of them, and nothing that nobody told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from companion.core.consent import Item
from companion.evaluation.memory import Planted, read_memory_cases
from companion.session.keeping import Keeper
from companion.wiring import language
from companion.wiring.remembering import RecordMemories, knowing, learning
from tests.fakes.clock import FakeClock
from tests.records import agreeing, new_session, opened, turn

SETS = Path(__file__).parents[1] / "evaluation" / "sets"
DAYS = 10
PLANTED = (
    ("우리 손주 이름이 민준이야", Planted("family", "손주", "민준")),
    ("큰딸은 대전에 살아", Planted("family", "큰딸", "대전")),
    ("나는 여수에서 태어났어", Planted("place", "", "여수")),
    ("젊어서 방직공장에서 일했지", Planted("work", "", "방직공장")),
    ("나는 트로트를 제일 좋아해", Planted("likes", "", "트로트")),
    ("내가 관절염이 있거든", Planted("health", "", "관절염")),
    ("우리 영감은 재작년에 돌아가셨어", Planted("loss", "영감", "")),
    ("강아지 이름은 복실이야", Planted("family", "강아지", "복실")),
    ("나 올해 여든둘이야", Planted("self", "", "여든둘")),
    ("나는 교회에 다녀", Planted("likes", "", "교회")),
)


def test_planted_facts_stand_after_ten_sessions_and_nothing_else(tmp_path: Path) -> None:
    """One fact a day among talk that holds none; the same is told twice and kept once."""
    clock, record = FakeClock(), opened(tmp_path / "record")
    person = agreeing(record, Item.CONVERSATION)
    known = knowing(language.analyser())
    store = RecordMemories(record, person, clock.now)
    chatter = [case.text for case in read_memory_cases(SETS / "memory_seen.jsonl") if not case.facts]
    for day, (told, _) in enumerate(PLANTED):
        learned = learning(store, known, lambda error: None)
        keeper = Keeper(record.conversations, on_trouble=lambda error: None, on_kept=learned.kept)
        keeper.start(new_session(person))
        for words in (*chatter[day::DAYS], told, *chatter[day + 1 :: DAYS], told):
            keeper.keep(turn(words))
        clock.advance(timedelta(days=1).total_seconds())
    kept = record.memories.all(person.id)
    record.close()

    assert [one for _, one in PLANTED if not any(one.is_told_by(memory) for memory in kept)] == []
    assert len(kept) == len(PLANTED)
