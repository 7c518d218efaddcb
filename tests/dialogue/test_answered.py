"""A short answer is said back with the words of the question, and nothing that is more than one."""

from __future__ import annotations

import pytest

from companion.core.morphology import Analyser
from companion.dialogue.mentions import Naming
from companion.dialogue.mirroring.mirror import Mirror
from companion.prompts import prompt_table


@pytest.fixture(scope="module")
def mirror() -> Mirror:
    return Mirror(prompt_table("lexicon/mirror.toml"), Naming(prompt_table("lexicon/naming.toml")))


@pytest.mark.parametrize(
    ("asked", "told", "said"),
    [
        ("속이 더부룩하시군요. 뭘 드셨는데요?", "떡.", "떡을 드셨군요"),
        ("바쁜가 봐요. 언제 보내셨는데요?", "그저께 아침에. 일 자가 그대로 있어.", "그저께 아침에 보내셨군요"),
        ("허리가 불편하시군요. 언제부터 그러셨어요?", "저번 장날.", "저번 장날부터 그러셨군요"),
        ("국밥집 하셨군요! 어디서 하셨어요?", "대구 서문시장. 스물 몇 해.", "대구 서문시장에서 하셨군요"),
        ("트럭을 모셨군요. 어디로 다니셨어요?", "대관령.", "대관령으로 다니셨군요"),
        ("전쟁 때는 어디로 피란 가셨어요?", "거제도. 배 타고", "거제도로 피란 가셨군요"),
        ("솜씨가 좋으시네요. 누구한테 배우셨어요?", "시어머니지.", "시어머님한테 배우셨군요"),
        ("반가운 손님인가 봐요. 누가 오시는데요?", "동네 이발사", "동네 이발사가 오시는군요"),
        ("김장 끝내셨군요. 몇 포기나 하셨어요?", "서른.", "서른 포기 하셨군요"),
        ("그이는 몇 살에 가셨어요?", "쉰하나. 젊었제.", "쉰한 살에 가셨군요"),
        ("무슨 배를 타셨어요?", "오징어배. 울릉도까정 갔소.", "오징어배를 타셨군요"),
        ("어느 분 제사셨어요?", "시아버님.", "시아버님 제사셨군요"),
        ("무슨 죽이었어요?", "깨죽.", "깨죽이었군요"),
        ("손주가 몇 살이에요?", "일곱 살. 앞니가 두 개 빠졌더라고.", "일곱 살이군요"),
        ("뭣 때문에 싸우셨어요?", "치약을 가운데서 짠다고. 오십 년을.", "치약을 가운데서 짠다고 싸우셨군요"),
        ("어디가 제일 가려우세요?", "등짝. 손이 안 가.", "등짝이 제일 가려우시군요"),
        ("따님은 언제 온대요?", "설 전에", "설 전에 온다는군요"),
        ("멋지세요! 뭘 배우세요?", "장구요.", "장구를 배우시는군요"),
        ("어디 다녀오셨어요?", "영감 산소에.", "영감님 산소에 다녀오셨군요"),
        ("점심은 드셨어요?", "응.", "점심은 드셨군요"),
        ("누구랑 드셨어요?", "혼자.", "혼자 드셨군요"),
        ("누구랑 같이 가셨어요?", "혼자.", "혼자 가셨군요"),
        ("언제 나갔어요?", "그저께. 근데 방금 왔네!", "그저께 나갔군요"),
        ("일꾼이 몇이었어요?", "여섯. 태국서 왔다는디 말은 하나도 안 통혀유.", "여섯이었군요"),
        ("제일 마음에 드는 게 뭐예요?", "냉장고 청소.", "냉장고 청소군요"),
        ("무슨 이야기를 했어요?", "도깨비. 그 얘기 듣고는 아무도 뒷간을 못 갔어.", "도깨비 이야기를 했군요"),
        ("무슨 이야기 나누셨어요?", "돈 얘기지 뭐.", "돈 얘기를 나누셨군요"),
        ("누가 이어받았어요?", "조카며느리가. 칼질하는 거 보면 속에서 천불이 나.", "조카며느님이 이어받았군요"),
        ("뭐가 제일 먼저 피었어요?", "산수유. 온 동네가 노랬제.", "산수유가 제일 먼저 피었군요"),
        ("얼마 만에 답이 왔어요?", "보름.", "보름 만에 답이 왔군요"),
    ],
)
def test_a_bare_answer_stands_where_it_was_asked_for(
    mirror: Mirror, analyser: Analyser, asked: str, told: str, said: str
) -> None:
    """With the particle that the question had, people as they are politely called."""
    assert mirror.answered(told, asked, analyser.analyse) == said


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("국수 드셨어요, 밥 드셨어요?", "응."),
        ("안 아프세요?", "응."),
        ("무슨 노래를 하세요?", "비밀이여."),
        ("뭐라고 하시던가요?", "신경통."),
        ("몇 포기나 하셨어요?", "여덟... 아니 열 포긴가."),
        ("마지막으로 어디서 보셨어요?", "그걸 알면 내가 찾지, 이 사람아."),
        ("누구랑 드셨어요?", "혼자 먹었지 누가 있다고."),
        ("혼자 드셨어요?", "그럼 누구랑 먹어, 귀신이랑?"),
        ("담배는 언제 끊으셨어요?", "또 그 소리. 됐네 이 사람아."),
        ("어떻게 지내셨어요?", "그럭저럭."),
        ("오른쪽이세요, 왼쪽이세요?", "둘 다."),
        ("오늘은 뭐 하실 거예요?", "밭일."),
        ("", "떡."),
        ("뭘 드셨어요?", ""),
    ],
)
def test_what_is_more_or_less_than_a_bare_answer_is_left(
    mirror: Mirror, analyser: Analyser, asked: str, told: str
) -> None:
    """Retorts, corrections, whole sentences, and questions of which nothing can be put in the place."""
    assert mirror.answered(told, asked, analyser.analyse) == ""


@pytest.mark.parametrize("text", [" ", "…", "?", "ㅋㅋ", "abc 123", "네" * 300])
def test_odd_text_is_no_error(mirror: Mirror, analyser: Analyser, text: str) -> None:
    """A recogniser writes anything."""
    mirror.answered(text, "뭘 드셨어요?", analyser.analyse)
    mirror.answered("떡.", text, analyser.analyse)


@pytest.mark.parametrize(
    ("asked", "said", "another"),
    [
        ("고양이가 새끼를 낳았군요. 몇 마리예요?", "봐 달라는 듯이 야옹 하시는군요", True),
        ("지금은 그 미싱이 어디 있어요?", "고물상에 가셨군요.", True),
        ("아침 혈압약 드신 거예요?", "봉지를 벌써 버리셨군요", False),
        ("물은 마셨어요?", "다 마셨군요", False),
        ("잠은 좀 주무세요?", "앉아서 주무셨군요", False),
        ("", "앉아서 주무셨군요", False),
    ],
)
def test_nobody_is_honoured_of_whom_was_not_asked(mirror: Mirror, asked: str, said: str, *, another: bool) -> None:
    """Neither the cat nor the sewing machine."""
    assert mirror.honours_another(said, asked) is another
