"""What cannot be said back whole is named by what another or a thing did, or by an amount, always truly."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from companion.core.heard import Heard
from companion.core.morphology import Analyser
from companion.core.reading import Grammar
from companion.dialogue.claims import LIKED, Claims
from companion.dialogue.flow import Dialogue, Setting
from companion.dialogue.mentions import Naming
from companion.dialogue.mirroring.mirror import Mirror
from companion.prompts import prompt_table
from tests.dialogue.conftest import answered

SETS = Path(__file__).parents[1] / "evaluation" / "sets"
MIRROR = Mirror(prompt_table("lexicon/mirror.toml"), Naming(prompt_table("lexicon/naming.toml")))

NAMED = [
    ("옆집 할매가 메주를 스무 장이나 쒔다 카네", "옆집 할머님이 메주를 스무 장이나 쑤셨다고요."),
    ("감나무에 감이 올개는 하나도 안 열렸어야", "감나무에 감이 올해는 하나도 안 열렸다고요."),
    ("시내버스가 하루 두 번밖에 안 댕긴다", "시내버스가 하루 두 번밖에 안 다닌다고요."),
    ("경로당 총무가 바뀌었는데 글쎄 나보다 열 살이 어려", "경로당 총무님이 바뀌셨다고요."),
    ("멸치 한 박스에 사만 원을 달라 카데", "멸치 한 박스에 사만 원이요."),
    ("시금치 한 단에 육천 원이나 하더라", "시금치 한 단에 육천 원이나요."),
    ("처마 밑에 제비가 집을 지었는데 내가 다 반가워", "처마 밑에 제비가 집을 지었다고요."),
]
UNNAMED = [
    *("영감이 먼저 가고 혼자 남았어", "친구가 치매래", "며느리가 나를 구박해", "아무도 안 와", "별일 없었어"),
    *(
        "손자가 학교에서 맞고 왔어",
        "배가 고픈데 밥이 없어",
        "그냥 그렇지 뭐",
        "내일은 병원에 가야지",
        "전화 한 통 없어",
    ),
    *("남들은 다 좋다는데 재미가 없어", "너 참 말 잘한다", "앞마당에 뭐가 피었더라?"),
    # A noun alone would be an absurd answer, and of two that may be meant none is named.
    *("전쟁 나던 해에 나는 외가에서 누에를 쳤어", "오늘은 문간에 앉아 고추 꼭지를 땄지"),
    *("사위가 품삯도 안 나온다고 하데", "며느리가 다락에서 쥐 소리도 들린대", "조카가 온다고 잡채를 해 놨는데"),
]


@pytest.mark.parametrize(("told", "named"), NAMED)
def test_a_telling_is_named(analyser: Analyser, told: str, named: str) -> None:
    """Others and things are spoken of by what they did."""
    assert MIRROR.gleaned(told, analyser.analyse) == named


def test_nothing_that_hurts_or_says_nothing_is_named(analyser: Analyser) -> None:
    """Death, illness, blame, want and what names nothing are listened to."""
    assert [told for told in UNNAMED if MIRROR.gleaned(told, analyser.analyse)] == []


@pytest.mark.parametrize(
    ("told", "said_back"),
    [
        ("나도 모르게 장바구니를 버스에 두고 내렸네", "장바구니를 버스에 두고 내리셨군요"),
        ("고드름이 처마에 한 자나 매달렸네", "고드름이 처마에 한 자나 매달렸군요"),
        ("통장님이 호박죽을 갖다줬는데 아직도 뜨끈하네", ""),
        ("동생이 부쳐 준 사과가 아직 싱싱해", "동생분이 부쳐 준 사과가 아직 싱싱하군요"),
        ("은행 아가씨가 오래 기다리셨지요, 고맙습니다, 하고 인사를 하더라고", ""),
        ("손님이 이 집 국수가 참 맛있소, 그러더라", ""),
        ("젊은 사람들은 귀찮다 하지만 나는 재미있어", ""),
        ("메밀묵을 쑤어 가꼬 이웃에 다 돌렸제", "메밀묵을 쑤어서 이웃에 다 돌리셨군요"),
        ("밭에서 냉이를 한 소쿠리 캐 왔어라", "밭에서 냉이를 한 소쿠리 캐 오셨군요"),
    ],
)
def test_who_said_and_who_did_it_are_kept_apart(analyser: Analyser, told: str, said_back: str) -> None:
    """A quotation is nobody's fact, a thing is not honoured, and no head is cut off."""
    assert MIRROR.back(told, analyser.analyse) == said_back


def test_what_is_seen_or_heard_in_the_room_is_not_echoed_as_if_it_were(analyser: Analyser) -> None:
    """말벗 hears no clock: of a thing it says what it was told."""
    for told in ("밤만 되면 괘종시계 소리가 크게 들려", "부엌에서 청국장이 구수해", "국화가 한 송이 폈네"):
        assert not MIRROR.varied(MIRROR.back(told, analyser.analyse)).endswith("네요")


def test_few_tellings_are_named_by_nothing(analyser: Analyser) -> None:
    """Of 140 tellings, half in dialect, seven of ten can be said back or named by more than a noun."""
    told = [json.loads(line)["text"] for line in (SETS / "tellings_named.jsonl").read_text().splitlines()]
    silent = [one for one in told if not _said(one, analyser.analyse)]
    assert len(silent) <= len(told) * 0.3


def test_letters_that_show_the_opposite_outweigh_a_heavy_word(
    dialogue: Dialogue, setting: Setting, analyser: Analyser, grammar: Grammar
) -> None:
    """A dislike denied, liked though others do not, gone back to for joy, and a laugh at the end: none is heavy."""
    claims = Claims(prompt_table("lexicon/claims.toml"))
    for line in (SETS / "tellings_turned.jsonl").read_text().splitlines():
        case = json.loads(line)
        said = claims.said(case["text"], grammar.read(analyser.analyse(case["text"])))
        if not case["unseen"]:
            assert bool(said & LIKED.keys()) == case["glad"] or case.get("plain"), case["text"]
    reply = answered(dialogue, Heard.typed("빗소리 듣고 누워 있으면 그것도 나쁘지 않더라"), setting).reply.text
    assert "시간이 길" not in reply


def _said(told: str, analyse: Callable[[str], object]) -> str:
    back = MIRROR.slot(MIRROR.back(told, analyse), told)  # type: ignore[arg-type]
    return back or MIRROR.gleaned(told, analyse)  # type: ignore[arg-type]
