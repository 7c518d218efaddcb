"""A telling that no situation fits is received: by its topic and feeling, after the telling itself said back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from companion.core.heard import Heard
from companion.core.turn import Act, Feeling
from companion.dialogue.flow import Dialogue, Setting, State
from companion.dialogue.requests import Answer, Labels, Name, Request
from tests.dialogue.conftest import answered


def naming(topic: str, feeling: Feeling, act: Act = Act.TELL) -> object:
    """Return an answerer that is sure of topic, feeling and act, and knows no situations."""

    def answer(request: Request) -> Answer:
        if isinstance(request, Name):
            return Labels(acts={act: 0.9}, topics={topic: 0.9}, feelings={feeling: 0.9})
        return None

    return answer


def said(dialogue: Dialogue, setting: Setting, text: str, topic: str, feeling: Feeling) -> str:
    """Return what is answered where topic and feeling are sure."""
    answer = naming(topic, feeling)
    return answered(dialogue, Heard.typed(text), setting, answer=answer).reply.text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "topic", "feeling", "begins"),
    [
        ("전깃줄에 참새가 줄줄이 앉았네", "weather", Feeling.NEUTRAL, "전깃줄에 참새가 줄줄이 앉"),
        ("장조림하고 멸치볶음", "cooking", Feeling.NEUTRAL, "장조림하고 멸치볶음이군요."),
        ("화장실을 열 번도 더 갔어", "body_pain", Feeling.WORRY, "화장실을 열 번도 더 가셨군요."),
    ],
)
def test_the_telling_is_said_back_before_it_is_received(
    dialogue: Dialogue, setting: Setting, text: str, topic: str, feeling: Feeling, begins: str
) -> None:
    """Where grammar is sure, the person's own words come first."""
    assert said(dialogue, setting, text, topic, feeling).startswith(begins)


def test_illness_is_sent_to_those_who_treat_it(dialogue: Dialogue, setting: Setting) -> None:
    """A complaint of the body that worries is received and sent to 병원 or 보건소, and nothing is judged."""
    reply = said(dialogue, setting, "화장실을 열 번도 더 갔어", "body_pain", Feeling.WORRY)
    assert "병원" in reply
    assert "약" not in reply


@pytest.mark.parametrize("text", ["서리를 맞아서 호박이 다 시들었어", "배추가 다 썩어서 속상해"])
def test_nobody_is_glad_at_a_harm(dialogue: Dialogue, setting: Setting, text: str) -> None:
    """However glad a head thinks somebody is: what withers or hurts is not called delightful."""
    reply = said(dialogue, setting, text, "plants_garden", Feeling.JOY)
    assert "흐뭇" not in reply
    assert "기쁨" not in reply


def test_a_lament_in_the_form_of_a_question_is_received(dialogue: Dialogue, setting: Setting) -> None:
    """``갈 데가 어디 있나`` asks nothing that 말벗 could not know."""
    reply = said(dialogue, setting, "이 나이에 갈 데가 어디 있나", "housework", Feeling.SADNESS)
    assert "알지 못" not in reply
    assert "모른다고" not in reply


def test_who_waves_off_is_asked_nothing_for_some_turns(dialogue: Dialogue, setting: Setting) -> None:
    """``그만 물어`` holds for the turns that follow, whatever is told in them."""
    state = answered(dialogue, Heard.typed("그만 좀 물어봐"), setting).state
    for text in ("무릎이 아파", "아들이 온대", "비가 오네", "밥 먹었어"):
        response = answered(dialogue, Heard.typed(text), setting, state)
        assert "?" not in response.reply.text
        state = response.state


def test_a_short_answer_keeps_the_topic(dialogue: Dialogue, setting: Setting) -> None:
    """What is said of a dog stays with the dog: nobody is honoured or told to eat in its place."""
    state = answered(dialogue, Heard.typed("강아지가 아파"), setting, State.start()).state
    answer = naming("meal", Feeling.WORRY)
    response = answered(dialogue, Heard.typed("어제부터 물도 안 먹어"), setting, state, answer=answer)  # type: ignore[arg-type]
    assert response.understanding is not None
    assert response.understanding.topic == "pets"
    assert "드시" not in response.reply.text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("이번 선거에 누구 찍으면 좋겠노", "identity.identity.recommends_nobody"),
        ("수술을 하라는데 해야 되나 말아야 되나", "identity.identity.leaves_decision"),
        ("내가 뭐라고 해 줘야 되나", "identity.identity.how_to_comfort"),
        ("부엌 안에서 자꾸 사람 소리가 나", "safety.safety.intruder"),
        ("뒷집 할매가 농약 먹고 갔다 카더라", "safety.safety.heard_of_suicide"),
        ("엄마가 올 때가 됐는데 왜 안 오지", "malbeot.wish.waits_for_parent"),
        ("니 말은 하나도 못 알아듣겠다", "malbeot.wish.speaks_clearly"),
        ("말벗아, 잘 있었냐?", "identity.identity.how_have_you_been"),
        ("거기 김 서방네 아니오?", "identity.identity.who_are_you"),
        ("내가 하는 말이 우리 딸한테 들어가나", "identity.identity.who_hears_this"),
        ("나는 그냥 조용히 앉아 있을란다", "malbeot.wish.left_alone"),
        ("오늘이 음력으로 며칠이오", "almanac.almanac.today_lunar"),
        ("오늘 무신 요일이고", "identity.identity.date"),
        ("내 말 듣고 있어?", "malbeot.wish.listening"),
        ("일곱 시 되면 나 좀 불러 주게", "malbeot.wish.calls_at"),
        ("낼 비 온대? 고추 널어 논 게 있어서 그래", "identity.identity.weather_unknown"),
        ("니는 몇 살이고? 누가 들으면 내가 백 살인 줄 알겠다", "identity.identity.how_old"),
        ("너는 혼자 깜깜한 데서 심심하지 않아?", "malbeot.wish.no_body"),
        ("내가 한 말 경숙이한테 다 이르냐?", "identity.identity.who_hears_this"),
        ("지금 몇 시나 됐대? 벽시계가 약이 다 됐는가 아까부텀 세 시여", "identity.identity.time"),
        ("이 기계가 또 내 말을 잘라 먹네", "malbeot.wish.interrupted"),
        ("시방 무쟈게 심심헌디 뭐 헐 거 없냐?", "malbeot.wish.bored"),
        ("큰언니가 돌아가셨다고 전화가 왔어. 아흔넷이니 호상이지", "malbeot.mourning.news"),
        ("우리 마누라하고 먹었지. 작년 봄에 갔어", "malbeot.mourning.spouse"),
        ("세 판을 다 졌다는데 뭐가 기분이 좋노?", "malbeot.wish.mistaken"),
        ("허, 참 잘도 알아듣는다", "malbeot.wish.mistaken"),
        ("됐어, 됐어", "malbeot.wish.let_be"),
        ("됐어. 내가 알아서 갈라네", "malbeot.wish.let_be"),
        ("니는 젓갈 뭐 좋아하노?", "malbeot.wish.own_life"),
    ],
)
def test_what_must_be_answered_rightly_has_its_sentence(
    dialogue: Dialogue, setting: Setting, text: str, key: str
) -> None:
    """Decisions are left to people, dangers sent to those who help, and 말벗 says what it is."""
    assert answered(dialogue, Heard.typed(text), setting).reply.id.startswith(key)


@pytest.mark.parametrize(
    "text",
    [
        "비밀이야, 호호",
        "선거에서 이장을 뽑았어",
        "옛날에 도둑이 들었던 집이야",
        "약속을 해야 하는데 잊었네",
        "동네에 도둑이 들어서 마늘을 가져갔디야",
        "아까 두 시에 딸이 불러 주더라",
        "라디오 듣고 있어",
        "근데 그 처녀가 지금 우리 집사람이야",
        "핸드폰이 자꾸 지 혼자 노래를 불러",
        "우리 손주가 심심하다고 뭐 없냐고 자꾸 물어",
        "아들이 서울 갔다고 전화가 왔어",
        "우리 영감하고 작년 봄에 제주도를 갔어",
        "오십 년이 다 됐어",
    ],
)
def test_likenesses_are_not_mistaken(dialogue: Dialogue, setting: Setting, text: str) -> None:
    """A giggled secret, an election that was, a burglar of long ago: none is answered with a fixed sentence."""
    assert answered(dialogue, Heard.typed(text), setting).reply.source.value == "bank"


def test_a_scrap_of_several_sentences_is_not_said_back(dialogue: Dialogue, setting: Setting) -> None:
    """To who told a whole story a few words of its end sound like a parrot."""
    last = "참새가 앉았네"
    told = f"추수 끝난 논에 볏짚을 말아 놨더라고. 하얀 게 꼭 공룡알 같애. 손주한테 보여 줬으면 좋았을걸. {last}"
    assert said(dialogue, setting, last, "weather", Feeling.NEUTRAL).startswith("참새가 앉")
    assert "참새가 앉" not in said(dialogue, setting, told, "weather", Feeling.NEUTRAL)


@pytest.mark.parametrize(
    ("thrown_back", "begins"),
    [("눈빛은 무슨", "malbeot.wish.mistaken"), ("눈빛이 왜 나와", "malbeot.wish.mistaken"), ("무릎은 무슨", "")],
)
def test_a_word_of_the_reply_thrown_back_is_met_with_an_apology(
    dialogue: Dialogue, setting: Setting, thrown_back: str, begins: str
) -> None:
    """Only where 말벗 spoke of it."""
    state = answered(dialogue, Heard.typed("집사람은 경로당 갔어"), setting, State.start()).state
    turns = (*state.turns[:-1], replace(state.turns[-1], reply="두 분은 눈빛만 봐도 아시겠어요."))
    reply = answered(dialogue, Heard.typed(thrown_back), setting, replace(state, turns=turns)).reply
    assert reply.id.startswith("malbeot.wish.mistaken") is bool(begins)
