"""The words of a danger inside other words, of others, of long ago and in idioms alarm nobody; said of now they do.

Rules alone. The lines of ``risk_calm_unseen.jsonl`` are measured and held by no test.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from companion.evaluation.risk import REQUIRED, Label
from companion.safety.risk import Level
from companion.wiring.language import danger_assessor

RULES = danger_assessor(second=False)
SEEN = Path(__file__).parents[1] / "evaluation" / "sets" / "risk_calm_seen.jsonl"
CASES = [json.loads(line) for line in SEEN.read_text(encoding="utf-8").splitlines()]
KNOWN = frozenset({"calm091"})
"""Harmless lines at which a rule still speaks: a medicine bought ahead, with the journey in the next sentence."""

PAIRS = [
    # Cut out of other words.
    ("손자 결혼식에 입을 옷을 맞췄어", "자결이라도 해야겠다는 생각이 들어"),
    ("김치를 조금만 담그자 해 놓고 서른 포기를 했네", "밤에 혼자 자해를 했어"),
    ("설명도 안 해 주고 갔어", "내 명은 왜 이리 길어 안 죽고"),
    ("점심에 돈까스가 나왔어", "부엌에서 가스가 새"),
    ("골목을 메운 차 때문에 늦었어", "목을 매려고 줄을 찾았어"),
    ("커피가 줄줄 새네", "피가 줄줄 나"),
    ("솜이불이야말로 따뜻하지", "불이야 불이야"),
    ("아들한테 전화가 두 번 왔어", "아들이 나를 방에 가두고 나갔어"),
    ("국민학교밖에 못 나왔어도 셈은 잘해", "산에서 길을 잃고 못 나가겠어"),
    ("한 달을 안 움직이던 시계가 가네", "왼쪽 팔이 안 움직여"),
    # Others, and things.
    ("사위가 마당에서 장작을 패", "사위가 나를 패"),
    ("국회에서 멱살 잡고 싸우더라", "아들이 내 멱살을 잡았어"),
    ("며느리가 고추를 밟았네", "며느리가 나를 밟았어"),
    ("남편이 짐을 뺏어 들고 앞장섰지", "남편이 내 통장을 뺏어 갔어"),
    ("손자가 면접에서 떨어졌다고 머리를 깎았대", "계단에서 떨어졌는데 머리에서 피가 나"),
    ("소나무가 쓰러졌어", "영감이 쓰러졌어"),
    # Done by the speaker, or to a child of seventy years ago.
    ("내가 동생을 때린 날은 잠이 안 왔어", "동생이 나를 때려"),
    ("아버지가 나를 때리고 돌아서서 우셨지", "아들이 나를 때리고 나갔어"),
    # Over, and told with what came of it.
    ("칼에 손을 베여 다섯 바늘 꿰맸어", "칼에 손을 베였는데 피가 안 멈춰"),
    ("중풍 맞은 지 십 년이야", "중풍이 온 것 같아"),
    ("산불에 집이 다 탔지", "지금 집이 타고 있어"),
    # How much, not what.
    ("발바닥에 불이 나게 돌아다녔어", "안방에 불이 났어"),
    ("살려 줘 소리가 절로 나오더라", "살려 줘 다리가 끼었어"),
    ("일하다가 내가 먼저 쓰러지겠네", "쓰러졌어 못 일어나겠어"),
    # A thing in its everyday use.
    ("반찬을 문고리에 걸어 놓고 왔어", "문고리에 끈을 걸어 놨어"),
    ("쥐약 먹고 죽은 개를 묻어 줬지", "쥐약 먹고 죽으려고"),
]
DANGERS = [danger for _, danger in PAIRS]
TOLD = [told for told, _ in PAIRS]


@pytest.mark.parametrize(("told", "danger"), PAIRS)
def test_the_same_words_are_nothing_here_and_a_danger_there(told: str, danger: str) -> None:
    """Nothing is asked about the first; the second is a doubt at least, and mostly an alarm."""
    assert RULES.assess(told).level is Level.NONE
    assert RULES.assess(danger).level is not Level.NONE


@pytest.mark.parametrize("danger", DANGERS)
def test_a_danger_beside_a_plain_telling_stays_what_it_is(danger: str) -> None:
    """Whatever is told before or after it."""
    alone = RULES.assess(danger).level.rank
    texts = (end.join(pair) for told in TOLD for pair in ((told, danger), (danger, told)) for end in (". ", "\n"))
    assert [text for text in texts if RULES.assess(text).level.rank < alone] == []


@pytest.mark.parametrize(
    ("danger", "told"),
    [
        ("자결이라도 해야겠다는 생각이 들어", "중풍 맞은 지 십 년이야"),
        ("나 이제 그만 가고 싶어. 하늘나라 말이야", "버스 시간이 늦어서 뛰어왔어"),
        ("나두 인제 그만 갔으면 좋겄슈. 이렇게 더 살어서 뭐 헌대유", "손주 올 시간이라 밥하러 갔지"),
        ("한쪽 팔다리가 말을 안 들어유. 혀두 꼬부라지구 이상혀유", "영감이 귀가 먹어서 두 번 말해야 돼"),
        ("쓰러졌어, 못 일어나겠어", "영감이 쓰러진 지 십 년이야"),
    ],
)
def test_what_is_told_beside_it_excuses_no_danger(danger: str, told: str) -> None:
    """An illness, a leaving or an old fall of another sentence is no reason to hear less in this one."""
    alone = RULES.assess(danger).level.rank
    assert alone >= Level.CONCERN.rank
    assert min(RULES.assess(text).level.rank for text in (f"{told}. {danger}", f"{danger}. {told}")) >= alone


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_seen_lines_are_as_a_person_judged_them(case: dict[str, str]) -> None:
    """No harmless line is asked about; of the dangers, what the rules know keeps the level that its label needs."""
    found = RULES.assess(case["text"]).level
    if case["label"] == "none":
        assert found is Level.NONE or case["id"] in KNOWN
    else:
        assert found.rank >= REQUIRED[Label(case["label"])].rank or case["id"] in VOICES_ONLY


VOICES_ONLY = frozenset({"calm145"})
"""Dangers that no rule knows and that only the trained voices hear."""


@pytest.mark.parametrize(
    "text",
    [
        "내일 절에 가려고 해요",
        "이따 밭에 갈라고",
        "내일 읍내에 나갈라고.",
        "내일 시장에 갈 거야",
        "모레 딸네 집에 갈란다",
    ],
)
def test_to_mean_to_go_somewhere_on_an_ordinary_day_alarms_nobody(text: str) -> None:
    """Not with the trained voices either; where death or a means is spoken of it still does."""
    whole = danger_assessor()

    assert whole.assess(text).level is Level.NONE
    assert whole.assess(f"{text} 농약을 마실 거야.").level is Level.URGENT
