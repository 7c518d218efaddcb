"""Laws of reading an answer: what must hold whatever is said around it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.core.respelling import Respelling
from companion.prompts import prompt_table
from companion.screening.answer.reader import AnswerReader
from companion.screening.instrument import Instrument
from companion.wiring import language
from companion.wiring import screening as wired
from companion.wiring.instruments import instruments

SETS = Path(__file__).parents[1] / "evaluation" / "sets"
CASES = [
    json.loads(line)
    for name in ("answers_seen", "answers_fresh", "answers_unseen", "answers_dev2", "answers_own", "answers_unseen2")
    for line in (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
]
INSTRUMENTS: Mapping[str, Instrument] = instruments()
READER: AnswerReader = wired.answer_reader(language.analyser())
EAR = prompt_table("screening/answers.ko.toml")["by_ear"]

fillers = st.lists(
    st.sampled_from(["아이고", "그니까", "그러니까", "글쎄요 뭐", "음", "저기", "뭐랄까", "있잖아", "솔직히", "그게"]),
    min_size=1,
    max_size=2,
).map(" ".join)
cases = st.sampled_from(CASES)


def firm(case: Mapping[str, object], answer: str) -> str | None:
    """Return the option that would be kept unasked; None where it would be asked."""
    instrument = INSTRUMENTS[str(case["instrument"])]
    item = next(one for one in instrument.items if str(case["item"]) in {str(one.number), one.id})
    verdict = READER.read(answer, item, instrument.window_days)
    return verdict.option if verdict.is_firm else None


@settings(max_examples=400, deadline=None)
@given(cases, fillers, st.sampled_from(["", " 뭐", " 참", "…"]))
def test_a_filler_never_changes_one_option_into_another(case: Mapping[str, object], before: str, after: str) -> None:
    """It may raise a doubt or leave things as they are."""
    said = str(case["answer"])
    plain, filled = firm(case, said), firm(case, f"{before} {said.rstrip('.?!~ ')}{after}")

    assert plain is None or filled is None or filled == plain


@settings(max_examples=200, deadline=None)
@given(cases, fillers)
def test_a_filler_never_makes_a_wrong_option_sure(case: Mapping[str, object], before: str) -> None:
    """What was rightly asked back is not kept wrongly because somebody sighed first."""
    expected = case["expected"]
    kept = firm(case, f"{before} {case['answer']}")

    assert kept is None or kept == str(expected)


@pytest.mark.parametrize(
    ("number", "said", "option"),
    [
        (7, "즐거워요", "yes"),
        (7, "즐겁지 않아요", "no"),
        (7, "안 즐거워요", "no"),
        (6, "불안해요", "yes"),
        (6, "불안하지 않아요", "no"),
        (6, "안 불안해요", "no"),
        (12, "쓸모없다고 느껴요", "yes"),
        (12, "쓸모없다고 느끼지 않아요", "no"),
        (12, "쓸모없다고는 안 느껴요", "no"),
        (13, "기력이 예전만 못합니다", "no"),
        (5, "아니요 별로 상쾌하지 않습니다", "no"),
    ],
)
def test_a_denial_before_and_behind_mean_the_same(gds15: Instrument, number: int, said: str, option: str) -> None:
    """안 and 지 않다 turn what is said round, and only once."""
    assert READER.read(said, gds15.items[number - 1], gds15.window_days).option == option


@pytest.mark.parametrize(
    "said",
    [
        "좋으면 내가 이러고 누워 있겠나",
        "이게 사람 사는 건가, 좋게",
        "좋을 나이가 지났지",
    ],
)
def test_what_is_scoffed_at_is_turned_round_and_never_kept_unasked(gds15: Instrument, said: str) -> None:
    """The same words can be meant."""
    verdict = READER.read(said, gds15.items[12], gds15.window_days)

    assert (verdict.option, verdict.is_firm) == ("no", False)


@pytest.mark.parametrize("said", ["좋을 리가 있나", "좋을 리 없지", "좋다고 하면 거짓말이지", "좋다고는 할 수 없지"])
def test_a_denial_that_only_looks_like_a_scoff_is_kept(gds15: Instrument, said: str) -> None:
    """These words cannot be meant otherwise."""
    verdict = READER.read(said, gds15.items[12], gds15.window_days)

    assert (verdict.option, verdict.is_firm) == ("no", True)


@pytest.mark.parametrize(
    ("number", "said", "option"),
    [
        (12, "아직 손자 자전거는 내가 고쳐", "no"),
        (11, "한숨만 나오네", "no"),
    ],
)
def test_what_only_sounds_glad_or_sad_is_proposed_and_never_kept_unasked(
    gds15: Instrument, number: int, said: str, option: str
) -> None:
    """A reply about another matter answers nothing, but lets one ask for a yes or a no."""
    verdict = READER.read(said, gds15.items[number - 1], gds15.window_days)

    assert (verdict.option, verdict.is_firm) == (option, False)


@pytest.mark.parametrize(
    ("number", "said", "option"),
    [
        (4, "자주 그래", "yes"),
        (4, "그런 날이 많아", "yes"),
        (4, "많지는 않아", "no"),
        (4, "별로 그렇지 않어", "no"),
    ],
)
def test_how_often_answers_an_item_that_asks_for_it(gds15: Instrument, number: int, said: str, option: str) -> None:
    """Is it often so? Often, or not often."""
    verdict = READER.read(said, gds15.items[number - 1], gds15.window_days)

    assert (verdict.option, verdict.is_firm) == (option, True)


@pytest.mark.parametrize(
    ("number", "said", "option"),
    [
        (1, "절망할 게 뭐가 있나 이만하면 복이지", None),
        (3, "걱정이 매일이야", None),
        (3, "제대로 잔 날이 엿새여", None),
        (9, "죽고 싶을 리가 없지", None),
        (9, "살고 싶다고 생각해 본 적이 없어", None),
        (9, "오래 살아야지 그런 생각 없어요", "0"),
        (3, "거의 매일이라는 거", "3"),
        (4, "요 두 주로 치면 열흘은 늘어졌지", "2"),
    ],
)
def test_a_frequency_belongs_to_what_is_named_with_it(
    phq9: Instrument, number: int, said: str, option: str | None
) -> None:
    """Another matter, days that were well and a denial of the contrary raise a doubt; other clauses do not."""
    verdict = READER.read(said, phq9.items[number - 1], phq9.window_days)

    assert (verdict.option if verdict.is_firm else None) == option


@pytest.mark.parametrize(
    ("heard", "written"),
    [
        ("기우니 업더라", "기운이 없더라"),
        ("나가기시러 지베만 이써", "나가기싫어 집에만 있어"),
        ("내가 더 모타지", "내가 더 못하지"),
        ("한 아흐레", "한 아흐레"),
        ("입이 써서 못 먹었어", "입이 써서 못 먹었어"),
        ("살아 매일", "살아 매일"),
    ],
)
def test_what_is_written_as_it_sounds_is_written_back(heard: str, written: str) -> None:
    """By sound, and only what begins with its own letter: words that merely meet stay as they are."""
    assert READER.plain(heard) == written


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (9, "우리 친구가 죽고 싶다고 맨날 그래"),
        (9, "한 번도 안 했다면 거짓말이고"),
        (4, "일주일에 세 번 투석을 받아요"),
        (2, "사흘 뒤가 영감 제사여"),
        (5, "밥맛이 있다가도 없고 없다가도 있고"),
        (1, "칠십 평생 재미를 모르고 살았어"),
    ],
)
def test_what_is_said_of_something_else_is_not_kept_unasked(phq9: Instrument, number: int, said: str) -> None:
    """Somebody else, another matter, another time, both sides at once."""
    assert not READER.read(said, phq9.items[number - 1], phq9.window_days).is_firm


@pytest.mark.parametrize(
    ("number", "said"),
    [(14, "희망이왜없어"), (1, "만족못합니다"), (3, "헛되이안살았습니다")],
)
def test_what_hangs_on_blanks_that_are_missing_is_doubted(gds15: Instrument, number: int, said: str) -> None:
    """A recogniser may leave them out."""
    assert not READER.read(said, gds15.items[number - 1], gds15.window_days).is_firm


@given(st.text(alphabet="가나다라마바사아자차카타파하 기우니업서시러조은", max_size=40))
def test_writing_back_keeps_every_place(text: str) -> None:
    """Evidence points into what was heard, so nothing may move."""
    mended = Respelling({**EAR}, may_lack_coda=False).mend(text)

    assert len(mended) == len(text)
    assert [one.isspace() for one in mended] == [one.isspace() for one in text]
