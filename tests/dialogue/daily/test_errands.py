"""What is asked of people, and what only sounds like it."""

from __future__ import annotations

import pytest

from companion.core.errand import Purpose
from companion.dialogue.daily.errands import Asked, ErrandFinder
from companion.errors import PromptError
from companion.prompts import prompt_table

TABLE = prompt_table("daily/errands.ko.toml")
FINDER = ErrandFinder(TABLE)


@pytest.mark.parametrize(
    ("said", "purpose", "to"),
    [
        ("복지관에 전화해 달라", Purpose.CALL, "복지관에"),
        ("말벗아, 딸한테 전화 좀 해줘.", Purpose.CALL, "따님께"),
        ("주민센터에 전화 좀 걸어 줘요", Purpose.CALL, "주민센터에"),
        ("딸더러 전화 좀 하라고 해 줘", Purpose.CALL, "따님께"),
        ("아들한테 전화 좀 하라캐 도", Purpose.CALL, "아드님께"),
        ("딸한테 전화해 줄 수 있어?", Purpose.CALL, "따님께"),
        ("딸한테 전해 달라", Purpose.TELL, "따님께"),
        ("우리 아들한테 보고 싶다고 전해 줘", Purpose.TELL, "아드님께"),
        ("며느리한테 반찬 고맙다고 전해줘", Purpose.TELL, "며느님께"),
        ("김 복지사님께 몸이 안 좋다고 말씀 좀 전해 주세요", Purpose.TELL, "김 복지사님께"),
        ("옆집 영자한테 오늘은 못 간다고 전해 다오", Purpose.TELL, "옆집 영자에게"),
        ("딸한테 걱정하지 말라고 전해 줘", Purpose.TELL, "따님께"),
        ("관리실에 수도 샌다고 말해 줘", Purpose.TELL, "관리실에"),
        ("보고 싶다고 전해 줘", Purpose.TELL, ""),
        ("병원 예약 좀 해 줘", Purpose.ASK, ""),
        ("쌀 좀 사다 줬으면 좋겠어", Purpose.ASK, ""),
        ("다리가 아파. 복지사 좀 불러 줘.", Purpose.ASK, "복지사님께"),
        ("딸애한테 이번에는 오지 말라고 전해 줘 나 온천 간다", Purpose.TELL, "따님께"),
        ("딸보고 전화하라 캐라", Purpose.TELL, "따님께"),
        ("경로당 회장한테 오늘 못 간다고 전해 주시게", Purpose.TELL, "경로당 회장님께"),
        ("영철이 어매한테 고추 다 말렸다고 일러 주랑께", Purpose.TELL, "영철이 어매께"),
        ("며느리한테 미안하다는 말이 전해졌으면 좋겠네", Purpose.TELL, "며느님께"),
        ("손녀한테 전화하이소", Purpose.CALL, "손녀분께"),
        ("경숙이한테 전화 좀 넣어 봐", Purpose.CALL, "경숙이에게"),
        ("딸한테 김 좀 보내 달라고 적어 놔", Purpose.TELL, "따님께"),
        ("딸한테 점심 먹지 말고 오라고 전해 주시겠어요?", Purpose.TELL, "따님께"),
        ("아들한테, 일요일에 감자 가지러 오라 해", Purpose.TELL, "아드님께"),
    ],
)
def test_a_request_is_found_with_whom_it_is_for(said: str, purpose: Purpose, to: str) -> None:
    """Kin are spoken of politely, places without an honorific."""
    found = FINDER.find(said)
    assert found is not None
    assert (found.purpose, found.to) == (purpose, to)


@pytest.mark.parametrize(
    "said",
    [
        "딸한테 전화해 줘야지",
        "아들이 전화해 줬어",
        "딸이 전화를 해 줘서 고마웠어",
        "우리 딸이 복지관에 전화해 줬다고 하더라",
        "아들한테 전화해 달라고 했는데 안 하네",
        "복지관에 전화해 봤어",
        "나한테 말해 줘",
        "오늘 날씨 좀 알려 줘",
        "더 크게 말해 줘",
        "옛날 얘기 좀 해 줘",
        "노래 하나 불러 줘",
        "119에 전화해 줘",
        "딸한테는 말하지 말아 줘",
        "아무한테도 말하지 마",
        "친구한테 말해 줘도 몰라",
        "저녁 여섯 시에 물 주라고 좀 알려 줘요",
        "아들이 며느리한테 말해 줘 내가 살았어",
        "아들한테 고맙다고 전해 주라 하데",
        "딸한테 김치 담가 줘 봐야 안 먹어",
        "",
    ],
)
def test_what_was_done_or_is_asked_of_malbeot_itself_is_no_request(said: str) -> None:
    """Nor what is an emergency, or must not be passed on."""
    assert FINDER.find(said) is None


def test_a_long_story_is_no_request() -> None:
    """Whatever it ends with."""
    assert FINDER.find("그때는 참 힘들었지. " * 30 + "딸한테 전해 줘") is None


def test_a_broken_table_says_what_is_missing() -> None:
    """Not at the first request, but when it is read."""
    with pytest.raises(PromptError):
        ErrandFinder({**TABLE, "call": ["("]})
    with pytest.raises(PromptError):
        ErrandFinder({name: part for name, part in TABLE.items() if name != "never"})


def test_what_is_to_be_passed_on_may_follow_the_request() -> None:
    """It is written down with it, word for word; where the request says it itself, nothing else is."""
    asked = FINDER.find("우리 딸한테 말 좀 전해 줘요. 들기름이 바닥이 났다고, 사 오지는 말라고.")
    assert asked is not None
    assert "들기름이 바닥이 났다고" in asked.words
    asked = FINDER.find("딸한테 들기름 사 오라고 전해 줘. 오늘은 비가 오네.")
    assert asked is not None
    assert "비가" not in asked.words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "동철이한테 십만 원 부쳐 달라고 적어 놔. 아니, 오만 원만.",
            "동철이한테 십만 원 부쳐 달라고 적어 놔. 아니, 오만 원만.",
        ),
        ("경숙이한테 전화 좀 넣어 봐. 쌀 떨어졌다고.", "경숙이한테 전화 좀 넣어 봐. 쌀 떨어졌다고."),
        ("딸한테 오지 말라고 전해 줘. 날이 참 좋네.", "딸한테 오지 말라고 전해 줘."),
    ],
)
def test_what_puts_a_request_right_or_says_what_it_is_about_belongs_to_it(said: str, words: str) -> None:
    """What is only said beside it does not."""
    found = FINDER.find(said)
    assert found is not None
    assert found.words == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("아니, 토요일이 아니고 일요일이야", "딸한테 일요일에 오라고 전해 줘"),
        ("토요일 말고 금요일이라고 해 줘", "딸한테 금요일에 오라고 전해 줘"),
        ("토요일이 아니라 일요일이유. 토요일은 영숙이가 일을 나간댜.", "딸한테 일요일에 오라고 전해 줘"),
        ("아이다, 수원이 아이고 용인이다", "딸한테 토요일에 오라고 전해 줘"),
        ("잉, 그라고 해주소. 근디 토요일이 아니고 일요일이네, 토요일은 쉰당께.", "딸한테 일요일에 오라고 전해 줘"),
        ("아따, 일요일이랑께. 일요일로 고쳐서 적어주소.", "딸한테 일요일에 오라고 전해 줘"),
        ("아녀, 토요일 아니구 일요일. 토요일은 바뻐", "딸한테 일요일에 오라고 전해 줘"),
        ("적지 말란 게 아니구, 토요일을 일요일로 고쳐달란 말이여", "딸한테 일요일에 오라고 전해 줘"),
    ],
)
def test_a_word_of_a_request_is_put_right_before_it_is_written_down(said: str, words: str) -> None:
    """What puts something else right leaves it as it is, and is no refusal."""
    asked = FINDER.find("딸한테 토요일에 오라고 전해 줘")
    assert asked is not None
    amended = FINDER.amended(asked, said)
    assert amended is not None
    assert amended.words == words


@pytest.mark.parametrize("said", ["아니 됐어", "응 그래", "우리 딸이 왔네"])
def test_a_yes_or_no_puts_nothing_right(said: str) -> None:
    asked = FINDER.find("딸한테 토요일에 오라고 전해 줘")
    assert asked is not None
    assert FINDER.amended(asked, said) is None


@pytest.mark.parametrize(
    "said",
    ["아니, 말은 전해 달라 카는데 와 안 적노?", "왜 안 적어", "그래, 전해 도고", "아까 전하라는 거, 적어놨는가?"],
)
def test_what_was_left_is_asked_for_again(said: str) -> None:
    assert FINDER.is_again(said)


@pytest.mark.parametrize("said", ["일기를 왜 안 적었는지 몰라", "딸이 안부를 전해 줬어", "밥 먹었어"])
def test_what_only_speaks_of_writing_asks_for_nothing_again(said: str) -> None:
    assert not FINDER.is_again(said)


def test_what_a_yes_goes_on_with_is_passed_on_too() -> None:
    """And what is only said behind it is not."""
    asked = FINDER.find("하은이한테 반찬통 가져오라고 전해 줘")
    assert asked is not None
    assert FINDER.with_more(asked, "응, 적어 줘. 유리로 된 거라는 것도 같이.").words.endswith(
        "유리로 된 거라는 것도 같이."
    )
    assert FINDER.with_more(asked, "응, 적어 줘. 날이 차네.").words == asked.words


@pytest.mark.parametrize(
    ("said", "to", "message"),
    [
        (
            "아 맞다, 우리 아들 상호한테 이번 토요일에 올 때 등산화 좀 갖고 오라고 전해도.",
            "아드님 상호 씨께",
            "이번 토요일에 올 때 등산화 좀 갖고 오라고",
        ),
        ("딸한테 말 전해. 보청기 집에 같이 가자고.", "따님께", "보청기 집에 같이 가자고"),
        ("등산화 갖고 오라고 상호한테 좀 전해 줘", "상호에게", "등산화 갖고 오라고"),
        ("복지관에 전화해서 나 내일 못 간다 캐라", "복지관에", "나 내일 못 간다고"),
        ("막둥이한테 말혀 줘잉, 돈 부치지 말라고.", "막내 자녀분께", "돈 부치지 말라고"),
        ("큰아들한테 안부 전해 줘", "큰아드님께", ""),
        ("네가 딸한테 전해 달라고.", "따님께", ""),
    ],
)
def test_what_is_to_be_passed_on_is_cut_out_of_the_request(said: str, to: str, message: str) -> None:
    """Without fillers, without whom, without the verb; empty where nothing is quoted."""
    assert FINDER.whom_and_message(said) == (to, message)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("아, 토요일 말고 금요일. 토요일엔 문 닫아.", "금요일에 보청기 집 가자고"),
        ("천천히 오라고 고쳐 주세요", "천천히 오라고"),
        ("보청기 집은 빼고", "토요일에 가자고"),
    ],
)
def test_a_message_is_put_right_too(said: str, message: str) -> None:
    asked = FINDER.find("딸 은주한테 전해 줘. 토요일에 보청기 집 가자고")
    assert asked is not None
    amended = FINDER.amended(asked, said)
    assert amended is not None
    assert amended.message == message


@pytest.mark.parametrize("said", ["아까 거는 그냥 없던 걸로 해", "그거 취소해라", "그 말은 싹 지워 부러"])
def test_what_was_written_down_is_taken_back(said: str) -> None:
    assert FINDER.takes_back(said)


@pytest.mark.parametrize("said", ["그거 참 좋더라", "우리 딸이 왔다 갔어", "지우개가 없네"])
def test_what_only_sounds_so_takes_nothing_back(said: str) -> None:
    assert not FINDER.takes_back(said)


@pytest.mark.parametrize(
    ("said", "wants", "meant"),
    [
        ("신부님이 오셨어. 내 손을 꼭 잡아 주시는데 눈물이 나더라고.", ("none",), False),
        ("운동 시켜 줘", ("exercise",), False),
        ("아들한테 쌀 떨어졌다고 전해 줘", ("errand", "call"), True),
        ("옆집에다 음악 소리 좀 줄이라고 말해 줘", ("softer",), True),
        ("운동 시켜 줘", (), True),
    ],
)
def test_what_the_encoder_hears_as_told_or_as_another_wish_that_names_nobody_is_no_request(
    said: str, wants: tuple[str, ...], *, meant: bool
) -> None:
    """Where nobody knows what is wanted the rules alone decide."""
    asked = Asked(Purpose.ASK, "옆집" if "옆집" in said else "", "", said)
    assert FINDER.is_meant(asked, wants) is meant
