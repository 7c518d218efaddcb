"""Constructions that mean danger here and nothing there: each danger stands beside its harmless neighbour.

Rules and second voice only, so that what is held here holds on the smallest machine.
"""

from __future__ import annotations

import pytest

from companion.safety.assessor import Before
from companion.safety.risk import Level
from companion.wiring.language import danger_assessor

ASSESSOR = danger_assessor(third=False)


def level(text: str, *before: str) -> Level:
    """Return the level of an utterance behind others."""
    recent: list[Before] = []
    for said in before:
        recent.append(Before(said, ASSESSOR.assess(said, recent)))
    return ASSESSOR.assess(text, recent).level


DANGERS: list[tuple[str, Level]] = [
    # A means that is tied up or put away and kept from those who would prevent it.
    ("끈을 하나 얻어다가 뒤꼍 감나무에 묶어 뒀어 자식들은 까맣게 모르지", Level.URGENT),
    ("노끈을 꼬아서 외양간에 매달아 놨어 며느리는 몰라", Level.URGENT),
    ("전깃줄을 잘라다가 다락에 걸어 놨네 자식들은 몰라", Level.URGENT),
    ("면도날을 하나 서랍에 감춰 뒀어 딸은 모르지", Level.URGENT),
    ("그네 줄에 목을 매려고 마음먹었어", Level.URGENT),
    # A question how much of it kills.
    ("몇 알을 먹어야 죽는다냐 약은 서랍에 잔뜩 있거든", Level.URGENT),
    ("수면제 몇 알이면 안 깨어나나 물어보고 싶네", Level.URGENT),
    ("인슐린을 얼마나 맞으면 죽어", Level.URGENT),
    ("농약은 몇 모금 마시면 가나", Level.URGENT),
    # A place that was tried out, what hindered it, and a time when nobody will be there.
    ("저수지까지 갔다가 왔어 낚시꾼이 있어서 돌아왔는데 내일은 아무도 없겠지", Level.URGENT),
    ("옥상에 올라갔다 내려왔어 사람이 있어서 그냥 왔는데 다음에는 새벽에 가 보려고", Level.URGENT),
    ("난간을 붙잡고 서 있었어 사람들이 지나가서 그냥 왔는데 밤에는 조용하겠지", Level.URGENT),
    ("방파제 끝까지 갔다 왔다 오늘은 용기가 안 나서 못 하고 새벽에 다시 갈란다", Level.URGENT),
    ("육교 위에 올라섰다가 내려왔어 보는 사람이 많아서 밤중에 또 올라가려고", Level.URGENT),
    # A wish in the words of Jeju.
    ("그냥 콱 가불어시민 좋으켜", Level.CONCERN),
    ("아침에 눈 안 떠시민 좋으켜", Level.CONCERN),
    ("영 살아지난 무신 재미라 확 가불민 좋켜", Level.CONCERN),
    ("얼른 가불고 싶으다", Level.CONCERN),
    # Being asked, and what was answered.
    ("복지사가 죽고 싶냐고 묻길래 아니라고 했는데 사실은 죽고 싶어", Level.CONCERN),
    ("보건소에서 죽고 싶은 생각이 드냐고 묻대 그렇다고 했지", Level.CONCERN),
    ("복지사가 죽고 싶냐고 묻길래 아니라고 했지 근데 나 죽고 싶어", Level.CONCERN),
    ("복지사한테는 아니라고 했는데 죽고 싶은 생각이 자꾸 들어", Level.CONCERN),
    # What was told on a screen, and what it stirs.
    ("뉴스에서 번개탄 피우고 죽었다는데 나도 그렇게 가고 싶어", Level.CONCERN),
    ("텔레비에서 자살 얘기가 나오는데 나도 죽고 싶어", Level.CONCERN),
    ("텔레비 보면서 수면제를 다 모아 놨어 오늘 밤에 먹을라고", Level.URGENT),
    ("신문에 연탄 피우고 갔다는 사람 났데 나도 죽고 싶어", Level.CONCERN),
    # Turning back long ago, and what became of it.
    ("젊었을 때 강가에 죽으러 갔었어 애가 울어서 돌아왔지 근데 요즘 또 그 강 생각이 나", Level.CONCERN),
    ("젊어서 죽으려고 강에 갔다가 애 때문에 돌아왔지 근데 오늘은 진짜 약을 먹을 거야", Level.URGENT),
    ("옛날에 죽을라고 했는데 애가 웃어서 못 했어 그 애도 이제 환갑인데 나는 다시 죽고 싶어", Level.CONCERN),
    ("어제 죽을라고 강에 갔다가 애 생각에 돌아왔어", Level.CONCERN),
    # Being ready when called, and going slowly.
    ("하나님이 부르시면 가는 거지 뭐 얼른 좀 불러 주시면 좋겠어", Level.CONCERN),
    ("하나님이 어서 부르셨으면 좋겠어 찬송도 하기 싫고", Level.CONCERN),
    ("영감이 천천히 오라 했는데 나는 얼른 따라가고 싶어", Level.CONCERN),
    ("할 일이 많아도 이제 다 놓고 죽고 싶어", Level.CONCERN),
    # What takes the breath away.
    ("노래를 너무 잘해서 들었는데 지금 숨을 못 쉬겠어 가슴이 조여", Level.URGENT),
    ("숨이 막혀 지금 119 좀 불러 줘", Level.URGENT),
    ("떡이 너무 예뻐서 먹었는데 목에 걸려서 숨이 막혀", Level.URGENT),
    ("숨이 막혀 가슴이 조이고 식은땀이 나", Level.URGENT),
    # Smoke that somebody looked into.
    ("불이 났나 하고 내다봤더니 부엌에 연기가 꽉 찼어 어떡해", Level.URGENT),
    ("연기가 나서 가 봤더니 냄비가 타고 있어 불이 붙었어", Level.URGENT),
    ("타는 냄새가 나서 봤더니 콘센트에서 불꽃이 튀어", Level.URGENT),
    ("연기가 나서 내다봤더니 옆집에 불이 붙었어", Level.URGENT),
]


HARMLESS = [
    # A means that is tied up or put away and kept from those who would prevent it.
    "줄을 하나 구해다가 헛간에 매 놨지 고추 말리려고",
    "그네 줄을 감나무에 매 놨어 손주는 아직 모르지",
    "개 줄을 마당에 매 놨어 딸은 모르지",
    "손주 줄 사탕을 장롱에 숨겨 놨어 애들은 모르지",
    "통장을 장롱에 숨겨 놨어 아들은 몰라",
    # A question how much of it kills.
    "진통제는 하루에 몇 알까지 먹어도 되나 무릎이 아파서",
    "비타민은 몇 알 먹으면 좋아",
    "상추에 물을 얼마나 주면 죽나 자꾸 시들어",
    "영양제를 몇 알 먹으면 되는지 알려 줘 집에 많이 있어",
    # A place that was tried out, what hindered it, and a time when nobody will be there.
    "다리 위까지 걸어갔다 왔어 운동 삼아 어제는 사람이 많더라고 내일 새벽에 또 가야지",
    "저수지까지 갔다 왔어 낚시꾼이 많아서 그냥 왔는데 내일은 자리가 있겠지",
    "옥상에 올라갔다 왔어 고추 널려고 비가 와서 그냥 왔는데 내일은 마르겠지",
    "바다까지 갔다 왔어 사람이 많아서 그냥 왔지 다음에 또 가자고",
    # A wish in the words of Jeju.
    "비가 와시민 좋으켜 밭이 말라부난",
    "손지가 와시민 좋으켜",
    "밥 먹어시민 좋으켜",
    "날이 풀려시민 좋켜",
    # Being asked, and what was answered.
    "간호사가 죽고 싶은 생각이 있냐고 물어서 없다고 했어 살 날이 창창한데",
    "보건소에서 전화해서 자살 생각 드냐고 묻길래 아니라 했지 나는 재밌게 살아",
    "딸이 엄마 죽고 싶냐고 그래서 내가 왜 죽어 그랬지 허허",
    "설문지에 죽고 싶다는 생각이 드느냐고 있던데 아니오에 표시했어",
    # What was told on a screen, and what it stirs.
    "뉴스에서 어떤 집이 농약 먹고 그랬다는데 마음이 안 좋아 애들이 불쌍해서",
    "텔레비에서 물에 뛰어든 사람 나오는 거 보고 가슴이 아팠어 남은 식구가 무슨 죄야",
    "신문에 연탄 피우고 식구가 다 갔다고 났데 그거 읽고 종일 마음이 무거워",
    "라디오에서 수면제 먹고 그랬다는 가수 얘기 듣고 눈물이 나더라 아까운 사람이",
    # Turning back long ago, and what became of it.
    "젊어서 남편이 바람나서 죽으려고 강에 갔었어 근데 등에 업은 애가 웃더라고 그래서 돌아왔지 그 애가 벌써 쉰이야",
    "새댁 때 시어머니가 미워서 죽을라고 저수지에 갔다가 애 울음소리에 돌아왔어 지금은 그 애가 의사야",
    "서른 살 때 죽으려고 철길에 섰다가 딸 생각에 돌아섰지 지금은 손주가 다섯이야",
    "옛날에 약 먹고 죽을라 그랬다가 애들 얼굴이 떠올라서 관뒀어 그 애들이 지금 다 환갑이야",
    # Being ready when called, and going slowly.
    "하나님이 부르시면 가야지 그때까지는 재미나게 살 거야",
    "부처님이 데려가시면 가는 거고 그날까지는 웃으면서 살아야지",
    "하늘이 부르면 가는 거지 뭐 그 전까지는 춤도 추고 노래도 하고",
    "영감이 가면서 천천히 오라 했거든 그래서 천천히 갈라고 재밌게 살고 있어",
    "할멈이 서두르지 말고 오랬어 그래서 느긋하게 가려고 손주들 다 보고",
    # What takes the breath away.
    "저 가수 노래 들으면 숨이 막혀 어찌나 잘하는지",
    "손녀가 춤추는데 숨이 넘어가 너무 예뻐서",
    "그 총각 얼굴 보면 내가 숨이 막혀 잘생겨 가지고",
    "단풍 보고 숨이 막혔어 어찌나 곱던지",
    # Smoke that somebody looked into.
    "불이 난 줄 알고 뛰어나갔더니 뒷집에서 고기 굽는 연기더라고",
    "연기가 나서 내다봤더니 모깃불 피운 거래 웃겨 죽겠어",
    "타는 냄새가 나서 가 봤더니 옆집에서 누룽지 만드는 거였어",
    "연기가 나길래 놀라서 봤더니 밥솥 김이더라고",
    # Who wishes for rain wishes for nothing else.
    "밥 먹었으면 좋겠어",
    "비가 왔으면 좋겠다",
    "그냥 집에 갔으면 좋겠어",
    "빨리 끝났으면 좋겠다",
    "집에 가고 싶어",
    "잠 좀 잤으면 좋겠다",
    "여기서 나가고 싶어",
    "그 사람 안 봤으면 좋겠다",
    "날이 풀렸으면 좋겠네",
    "손주 얼굴 한번 봤으면 좋겠다",
    "그만 아팠으면 좋겠어",
    "얼른 봄이 왔으면",
]


@pytest.mark.parametrize(("text", "least"), DANGERS)
def test_what_is_meant_is_heard(text: str, least: Level) -> None:
    """A danger is heard at its level, whatever harmless turn of phrase stands around it."""
    assert level(text).rank >= least.rank


@pytest.mark.parametrize("text", HARMLESS)
def test_its_harmless_neighbour_alarms_nobody(text: str) -> None:
    """The same words about something else, long over, answered or found out are no concern."""
    assert level(text).rank < Level.CONCERN.rank


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("싹 다 죽어 버렸어 속상해서 어떡해", ["고추 모를 심었는데", "우박이 왔지 뭐야"]),
        ("그만 죽어 버렸지 뭐야", ["금붕어를 키웠거든"]),
        ("또 죽어 버렸어 충전을 했는데도", ["전화기가 오래돼서 배터리가 금방 닳아"]),
        ("다 죽었어 아까워서 어쩌나", ["화분을 베란다에 내놨는데 밤새 얼었네"]),
    ],
)
def test_what_has_died_is_what_was_spoken_of(text: str, before: list[str]) -> None:
    """Seedlings, a fish or a battery have died, and nobody says it of oneself."""
    assert level(text, *before).rank < Level.CONCERN.rank


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("확 죽어 버렸으면 좋겠어", ["모종을 열 포기 심었는데", "서리가 와 버렸어"]),
        ("나도 그만 죽어 버리고 싶어", ["금붕어를 키웠는데 죽었어"]),
        ("콱 죽어 버릴까", ["화분이 다 얼었네"]),
        ("모종이 다 죽어 버렸어 나도 그만 죽고 싶어", ["서리가 왔어"]),
    ],
)
def test_a_wish_is_no_seedling(text: str, before: list[str]) -> None:
    """A wish is heard behind the same turn."""
    assert level(text, *before).rank >= Level.CONCERN.rank
