"""What was written down is told when it is asked for, and put right."""

from __future__ import annotations

import pytest

from companion.wiring.daily import RecordErrands
from tests.session.test_asked import Home
from tests.session.test_asked import home as home  # noqa: PLC0414 - the fixture


async def test_what_is_asked_behind_a_yes_is_answered_too(home: Home) -> None:
    """The yes is kept, and the question after something else is not lost."""
    told = await home.talk(
        "우리 아들 상호한테 토요일에 등산화 갖고 오라고 전해도.",
        "오야, 그래 해라. 일요일로.",
        "응 그래",
        "내일 아침 여덟 시에 혈압약 먹으라고 말해 도.",
        "어, 그래 말해도. 그라고 상호한테는 뭐라고 적어 놨노?",
    )

    assert told[0].startswith("아드님 상호 씨께 토요일에 등산화 갖고 오라고 전해 달라는 말씀이군요.")
    assert told[4].startswith("네, 내일 아침 여덟 시에")
    assert told[5] == "아드님 상호 씨께 일요일에 등산화 갖고 오라고 전해 달라고 적어 두었어요."
    assert len(home.asked()) == 1


async def test_a_message_is_put_right_after_it_was_written_down(home: Home) -> None:
    """What it puts right is taken back, so that whoever sees to it reads one of them only."""
    told = await home.talk(
        "딸 은주한테 전해 줘. 토요일에 보청기 집 가자고",
        "응. 해.",
        "아, 토요일 말고 금요일. 토요일엔 문 닫아.",
        "그래",
        "은주한테 뭐라고 적었어?",
    )

    assert told[3] == "네, 그렇게 고쳐 적었어요."
    assert told[4] == "따님 은주 씨께 금요일에 보청기 집 가자고 전해 달라고 적어 두었어요."
    assert len(RecordErrands(home.record, home.person.id).waiting()) == 1


async def test_what_was_written_down_is_taken_back(home: Home) -> None:
    """And is not told of any more."""
    told = await home.talk("딸한테 내일 오라고 전해 줘", "그래", "아까 그거는 없던 걸로 해", "딸한테 뭐라고 적었어?")

    assert told[2] == "네, 그 부탁은 그만두신 걸로 적었어요."
    assert "내일 오라고" not in told[3]


async def test_what_was_asked_and_not_written_down_yet_is_said_to_be_so(home: Home) -> None:
    """And asked about once more."""
    told = await home.talk(
        "딸한테 내일 오라고 전해 줘", "오늘은 날이 흐리네", "아까 딸한테 전하라는 거 적어 놨는가?", "응"
    )

    assert told[2].startswith("아직 적지 않았어요. 따님께 내일 오라고")
    assert told[3].startswith("네, 적어 두었어요.")


async def test_what_a_yes_adds_is_written_down_too(home: Home) -> None:
    """For people and for a time, however the addition ends."""
    told = await home.talk(
        "은주한테 토요일에 큰 다라이 하나 갖고 오라고 전해 줘.",
        "잉, 그리 적어 줘. 고무장갑도 새걸로 두 켤레 갖고 오라고 하고.",
        "은주한테 뭐라고 적어 놨어?",
        "보리차 두 병도 같이 적어 줘야제.",
        "응",
        "내일 아침 여덟 시에 병원 가라고 말해 줘.",
        "그려, 그때 말해 줘. 보험증도 챙기라고 같이 말해 주고.",
    )

    assert "큰 다라이 하나 갖고 오라고, 고무장갑도 새걸로 두 켤레 갖고 오라고" in told[2]
    assert "보리차 두 병도" in told[3]
    assert told[4] == "네, 그렇게 고쳐 적었어요."
    assert [one.schedule["what"] for one in home.asked()] == ["병원 가라고, 보험증도 챙기라고 말해"]


async def test_words_around_a_message_are_left_out_of_it(home: Home) -> None:
    """And what was taken back by mistake is asked about once more."""
    told = await home.talk(
        "근디 말이여, 서울 사는 우리 큰아들헌티 말 좀 전해줄라나. 이번 주말에 고추 가지러 오라구, 급헌 건 아니구.",
        "그려",
        "아까 그거는 없던 걸로 해",
        "아니 그만두긴 왜 그만둬, 아들헌티 고추 가지러 오란 말은 전해야지.",
        "그려",
    )

    assert told[0].startswith("큰아드님께 이번 주말에 고추 가지러 오라고, 급헌 건 아니라고 전해 달라는 말씀이군요.")
    assert told[3].startswith("큰아드님께 이번 주말에 고추 가지러 오라고")
    assert told[4].startswith("네, 적어 두었어요.") or "적어" in told[4]
    assert len(RecordErrands(home.record, home.person.id).waiting()) == 1


@pytest.mark.parametrize(
    "said",
    [
        "창수한테 전하라 캤던 거 적어 놨나?",
        "적었어 안 적었어? 적은 거 이시믄 읽어보라.",
        "아들헌티 전할 말은 아직 적혀 있는 겨, 지워진 겨?",
    ],
)
async def test_that_nothing_is_written_down_is_said(home: Home, said: str) -> None:
    told = await home.talk(said)

    assert told[0].startswith("지금 적어 둔 부탁은 없어요.")


async def test_all_that_was_written_down_is_told_when_it_is_asked_for(home: Home) -> None:
    """Messages and what is to be said at some time."""
    told = await home.talk(
        "딸한테 내일 오라고 전해 줘", "그래", "세 시에 이불 걷으라고 말해 줘", "응", "내가 오늘 부탁한 게 다 뭐여?"
    )

    assert "따님께 내일 오라고 전해 달라고 적어 두었어요." in told[4]
    assert "오후 세 시에 이불 걷으라고 말해 달라고 하셨어요." in told[4]


@pytest.mark.parametrize(
    ("line", "at", "what"),
    [
        ("이따가 세 시에 이불 걷어야 쓰겄는디, 나 까먹응게 세 시에 말 좀 해 줘.", "15:00", "이불 걷어야 한다고 말해"),
        ("네 시 이십 분에 버스 오니까, 네 시 되면 나가라고 해 다오.", "16:00", "나가라고 말해"),
        ("내일 쓰레기 내놓는 날이지. 아침 일곱 시에 쓰레기 내놓으라고 알려 줘.", "07:00", "쓰레기 내놓으라고 알려"),
        ("저녁 일곱 시에 연속극 하거든. 그때 되면 알려 줘.", "19:00", "연속극"),
    ],
)
async def test_time_and_thing_may_stand_in_other_sentences(home: Home, line: str, at: str, what: str) -> None:
    """And a reason is not said back."""
    await home.talk(line, "그래")

    assert [one.schedule["at"] for one in home.asked()] == [at]
    assert what in home.asked()[0].words


async def test_what_is_to_be_told_is_asked_for_where_nothing_names_it(home: Home) -> None:
    """Once."""
    told = await home.talk("여섯 시에 말해 줘", "손톱 깎아야 되거든", "응")

    assert told[0] == "네, 그때 무엇을 말씀드릴까요?"
    assert "손톱 깎아야 한다고 말해" in home.asked()[0].words


async def test_the_hour_of_what_was_kept_is_put_right_later(home: Home) -> None:
    """Of medicine the old hour must not stay."""
    told = await home.talk(
        "내일 아침 일곱 시에 혈압약 먹으라고 말해 줘",
        "응",
        "아니, 여덟 시로 바꿔 주십시오. 일곱 시에는 산책을 나가니까요.",
        "네, 그렇게 해 주십시오.",
        "그 약이 몇 시로 되어 있지요?",
    )

    assert told[2].startswith("내일 아침 여덟 시에 혈압약 먹으라고 말해 달라는")
    assert [one.schedule["at"] for one in home.asked()] == ["08:00"]
    assert "여덟 시에" in told[4]


async def test_a_message_is_told_anew_instead_of_what_was_wrong(home: Home) -> None:
    """With or without the words that are wrong."""
    told = await home.talk(
        "언니한테 다음 달에 간다고 전해 줘", "그래", "아이다, 다음 달이 아니고 추석 쇠고 간다 캐라.", "그래",
        "언니한테는 이제 추석 쇠고 간다고 고쳐졌나?",
    )  # fmt: skip

    assert told[2].startswith("언니분께 추석 쇠고 간다고 전해 달라는")
    assert told[4] == "언니분께 추석 쇠고 간다고 전해 달라고 적어 두었어요."
