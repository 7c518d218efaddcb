"""The conversation: safety first, commands by grammar, fixed answers, the bank, the guard in front of a writer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.core.heard import NOTHING_HEARD, Heard, Hearing
from companion.core.turn import Act, ReplySource
from companion.dialogue.flow import Closing, Command, Dialogue, Setting, State
from companion.dialogue.plan import Stage
from companion.dialogue.requests import Answer, FindFits, FindNear, Generate, Name, Near, React, Request, Restate
from tests.dialogue.conftest import answered

COMMANDS = [
    ("다시 말해 줘", Command.REPEAT),
    ("뭐라고?", Command.REPEAT),
    ("뭐라 캤노", Command.REPEAT),
    ("방금 뭐라고 했어?", Command.REPEAT),
    ("다시 한번 말씀해 주세요", Command.REPEAT),
    ("못 들었어", Command.REPEAT),
    ("크게 말해", Command.LOUDER),
    ("좀 더 크게 얘기해 봐", Command.LOUDER),
    ("소리 좀 키워 줘", Command.LOUDER),
    ("잘 안 들려", Command.LOUDER),
    ("작게 말해 줘", Command.SOFTER),
    ("소리가 너무 커", Command.SOFTER),
    ("천천히 말해 줘", Command.SLOWER),
    ("말이 너무 빨라", Command.SLOWER),
    ("좀 빨리 말해", Command.FASTER),
    ("그만", Command.STOP),
    ("그만해", Command.STOP),
    ("그만 끊자", Command.STOP),
    ("이제 그만 얘기하자", Command.STOP),
    ("잘 자", Command.STOP),
    ("다음에 보자", Command.STOP),
    ("내일 또 보자", Command.STOP),
    ("나 이제 잘게", Command.STOP),
    ("안녕히 계세요", Command.STOP),
    ("나 이제 갈게", Command.STOP),
    ("들어갈게", Command.STOP),
    ("자러 갈란다", Command.STOP),
    ("인자 고만 누울라네", Command.STOP),
    ("이만 자야겄슈", Command.STOP),
    ("쪼까 크게 말해 보소", Command.LOUDER),
    ("이제부터 적지 마라", Command.STOP_KEEPING),
    ("응, 적지 마", Command.STOP_KEEPING),
    ("앞으로 내가 하는 얘기는 적지 말아 줘", Command.STOP_KEEPING),
    ("인자부터는 받아적지 마소", Command.STOP_KEEPING),
    ("이제 그만 적어라", Command.STOP_KEEPING),
]

NO_COMMANDS = [
    "비가 그만 왔으면 좋겠어",
    "크게 아팠어",
    "천천히 걸었어",
    "그만 살고 싶다",
    "어제는 잘 잤어",
    "손주가 잘 자",
    "다음에 병원에 가야 해",
    "목소리가 큰 사람이 싫어",
    "빨리 낫고 싶어",
    "일을 그만뒀어",
    "술을 그만 마시라고 해도 안 들어",
    "시장에서 다시 만났어",
    "아들을 다음에 볼 수 있을까",
    "밥을 작게 먹었어",
    "며느리가 소리를 크게 질렀어",
    "영감이 말을 너무 빨리 해서 싸웠어",
    "병원에 갈게",
    "너는 뭐 하고 있었어",
    "조용히 좀 해라",
    "약 이름 적지 마라",
    "나는 낮에 누울란다고 했지",
    "이름을 적지 마시라고 간호사가 그러데",
]


@pytest.mark.parametrize(("text", "command"), COMMANDS)
def test_commands_are_obeyed(dialogue: Dialogue, setting: Setting, text: str, command: Command) -> None:
    """What is asked of the voice or of the session is understood as that."""
    response = answered(dialogue, Heard.typed(text), setting)
    assert response.command is command
    assert response.reply.ends_session is (command is Command.STOP)


@pytest.mark.parametrize("text", NO_COMMANDS)
def test_the_same_words_in_a_story_are_no_command(dialogue: Dialogue, setting: Setting, text: str) -> None:
    """Grammar decides: told with the same words, nothing is asked."""
    assert answered(dialogue, Heard.typed(text), setting).command is None


@pytest.mark.parametrize(
    ("text", "reply_id"),
    [
        ("너 사람이야?", "identity.identity.are_you_human"),
        ("사람이에요 기계예요", "identity.identity.are_you_human"),
        ("혈압약 안 먹어도 돼?", "medical.medical.medicine"),
        ("감기약이랑 당뇨약 같이 먹어도 되나", "medical.medical.medicine"),
        ("나 치매 온 거 아니냐", "medical.medical.afraid_of_illness"),
        ("무슨 병일까 봐 겁이 나", "medical.medical.afraid_of_illness"),
        ("이거 무슨 병이야?", "medical.medical.diagnosis"),
        ("텔레비전 좀 켜 줘", "identity.identity.cannot_do_errand"),
        ("사기를 당했어", "safety.safety.scam"),
        ("아들이 사고 났다고 돈 부치래 그냥 확 끊었지", "safety.safety.scam_refused"),
        ("검찰이라고 전화가 와서 통장 번호를 대라길래 호통을 쳤어", "safety.safety.scam_refused"),
        ("밥은 묵었나 니는", "identity.identity.do_you_eat_sleep"),
        ("이거 비밀이야", "identity.identity.secret"),
        ("아들한테는 말하지 마", "identity.identity.secret"),
        ("지금 몇 시야", "identity.identity.time"),
        ("오늘이 며칠이야?", "identity.identity.date"),
        ("오늘 며칠이고 지금 몇 시야", "identity.identity.date_time"),
        ("오늘이 며칠인지 영 헷갈리네", "identity.identity.date_lost"),
        ("혈압약을 먹었는지 안 먹었는지 모르겠네", "medical.medical.medicine_taken"),
        ("큰애가 집 팔고 올라오라는데 나는 여기가 좋아", "identity.identity.own_home"),
        ("국수를 끓일까 밥을 먹을까", "opinions.form.two_thoughts"),
        ("우리 스무고개나 하자", "identity.identity.cannot_play"),
        ("내일 비 온대?", "identity.identity.weather_unknown"),
        ("아들한테 전화 좀 걸어 줘", "identity.identity.cannot_call"),
        ("노래 한 곡 불러 줘", "identity.identity.cannot_sing"),
        ("나물이 짠데 말을 해야 되나 말아야 되나", "identity.identity.torn_between"),
    ],
)
def test_fixed_answers(dialogue: Dialogue, setting: Setting, text: str, reply_id: str) -> None:
    """What must be right from the start is answered with a fixed sentence."""
    reply = answered(dialogue, Heard.typed(text), setting).reply
    assert reply.source is ReplySource.FIXED
    assert reply.id.partition("#")[0] == reply_id


@pytest.mark.parametrize(
    "text",
    [
        "약을 먹었어",
        "손주가 노래를 불렀어",
        "비밀번호를 잊어버렸어",
        "비가 오네",
        "몇 시간을 걸었어",
        "기계가 뭘 알겠어",
        "기계하고 무슨 얘기를 해",
        "텔레비전 틀어 놓고 혼자 먹지 뭐",
        "생일이라고 미역국을 끓여 주더라",
        "내가 몇 살로 보이나",
        "너무 밥을 많이 먹었어",
    ],
)
def test_telling_is_not_asking(dialogue: Dialogue, setting: Setting, text: str) -> None:
    """A story with the same words is answered as a story."""
    assert answered(dialogue, Heard.typed(text), setting).reply.source is ReplySource.BANK


def test_the_time_is_that_of_the_setting(dialogue: Dialogue, setting: Setting) -> None:
    """Date, weekday and time come from the setting, spelled out; who asks for one is told that one."""
    time = answered(dialogue, Heard.typed("지금 몇 시야?"), setting).reply.text
    date = answered(dialogue, Heard.typed("오늘 무슨 요일이야?"), setting).reply.text
    both = answered(dialogue, Heard.typed("오늘이 며칠이고 지금 몇 시야?"), setting).reply.text
    assert setting.time_spoken in time
    assert setting.date_spoken not in time
    assert setting.date_spoken in date
    assert setting.weekday_spoken in date
    assert setting.time_spoken not in date
    assert setting.date_spoken in both
    assert setting.time_spoken in both


def test_opening_discloses(dialogue: Dialogue, setting: Setting) -> None:
    """The greeting says that it is an AI and what is kept, in full the first time, and asks at most one thing."""
    first = dialogue.open(replace(setting, first_time=True), State.start(), 0.0).reply.text
    again = dialogue.open(setting, State.start(), 0.0).reply.text
    for text in (first, again):
        assert "인공지능" in text
        assert "어르신" in text
        assert text.count("?") <= 1
    assert len(first) > len(again)


@pytest.mark.parametrize("hour", range(24))
def test_every_hour_has_a_greeting_and_a_goodbye(dialogue: Dialogue, setting: Setting, hour: int) -> None:
    """No slot stays open at any time of the day."""
    at = replace(setting, hour=hour)
    texts = [dialogue.open(at, State.start(), 0.5).reply.text]
    texts += [dialogue.close(at, State.start(), 0.5, reason).reply.text for reason in Closing]
    assert all("{" not in text for text in texts)


def test_silence_prompts_twice_and_then_says_goodbye(dialogue: Dialogue, setting: Setting) -> None:
    """Two gentle prompts, no two alike, then a kind end; speaking in between starts over."""
    state, replies = State.start(), []
    for _ in range(3):
        response = dialogue.silence(setting, state, 0.0)
        state = response.state
        replies.append(response.reply)
    assert [reply.ends_session for reply in replies] == [False, False, True]
    assert len({reply.id for reply in replies}) == 3
    silent = replace(state, plan=replace(state.plan, stage=Stage.FALLING_SILENT, silences=2))
    spoken = answered(dialogue, Heard.typed("밥 먹었어"), setting, silent).state
    assert not dialogue.silence(setting, spoken, 0.0).reply.ends_session


def test_nothing_heard_is_silence(dialogue: Dialogue, setting: Setting) -> None:
    """What the recogniser makes of noise is answered as silence is."""
    response = answered(dialogue, NOTHING_HEARD, setting)
    assert response.state.plan.silences == 1


def test_doubtful_words_are_asked_for_twice_and_then_taken(dialogue: Dialogue, setting: Setting) -> None:
    """At most two kind questions in a row; then the conversation goes on with what was heard."""
    heard = Heard("무릎이 아파", 0.3, Hearing.UNSURE)
    state, ids = State.start(), []
    for _ in range(3):
        response = answered(dialogue, heard, setting, state)
        state = response.state
        ids.append(response.reply.id.partition("#")[0])
    assert ids[:2] == ["session.session.ask_again"] * 2
    assert ids[2] != "session.session.ask_again"


@pytest.mark.parametrize("words", ["안녕하세요", "응", "아니야", "고마워", "네, 그래요", "여보세요?"])
def test_plain_words_are_taken_though_doubtful(dialogue: Dialogue, setting: Setting, words: str) -> None:
    """A greeting or a short answer is not asked for again; half a sentence is."""
    heard = Heard(words, 0.44, Hearing.UNSURE)
    assert not answered(dialogue, heard, setting).reply.id.startswith("session.session.ask_again")
    longer = replace(heard, text=f"{words} 그게 저기")
    assert answered(dialogue, longer, setting).reply.id.startswith("session.session.ask_again")


def test_repeat_says_the_last_reply_again_and_again(dialogue: Dialogue, setting: Setting) -> None:
    """Asked twice to repeat, the same words come twice; a safety sentence stays uninterruptible."""
    said = answered(dialogue, Heard.typed("죽고 싶어"), setting)
    once = answered(dialogue, Heard.typed("뭐라고?"), setting, said.state)
    twice = answered(dialogue, Heard.typed("다시 말해 줘"), setting, once.state)
    for response in (once, twice):
        assert said.reply.text in response.reply.text
        assert response.reply.uninterruptible
    assert twice.reply.text.count(said.reply.text) == 1


def test_what_is_to_be_slower_is_said_once_more_where_that_is_wished(dialogue: Dialogue, setting: Setting) -> None:
    said = answered(dialogue, Heard.typed("오늘 며칠이야"), setting)
    slower = answered(dialogue, Heard.typed("빠르다. 천천히 한 번만 더 해."), setting, said.state)
    assert slower.command is Command.SLOWER
    assert said.reply.text in slower.reply.text


def test_repeat_before_anything_was_said(dialogue: Dialogue, setting: Setting) -> None:
    """There is nothing to repeat, and that is what is said."""
    reply = answered(dialogue, Heard.typed("다시 말해 줘"), setting).reply
    assert reply.id.startswith("session.session.nothing_to_repeat")


@pytest.mark.parametrize(
    ("text", "topics", "not_in_reply"),
    [
        ("밥 안 먹었어", {"meal"}, "맛있게"),
        ("어제 한숨도 못 잤어", {"sleep"}, "푹 주무셨"),
        ("영감이 보고 싶어", {"spouse", "bereavement"}, "손주"),
        ("무릎이 쑤셔서 못 걷겠어", {"body_pain", "walking_exercise"}, "다행"),
    ],
)
def test_negation_and_people_decide_the_reply(
    dialogue: Dialogue, setting: Setting, text: str, topics: set[str], not_in_reply: str
) -> None:
    """Even without an encoder, a reply never contradicts what grammar says."""
    for chance in (0.0, 0.4, 0.9):
        response = answered(dialogue, Heard.typed(text), setting, chance=chance)
        assert response.understanding is not None
        assert response.understanding.topic in topics
        assert not_in_reply not in response.reply.text


def test_thanks_are_answered_as_thanks(dialogue: Dialogue, setting: Setting) -> None:
    """A courtesy is answered as such."""
    response = answered(dialogue, Heard.typed("고마워"), setting)
    assert response.understanding is not None
    assert response.understanding.act is Act.THANK
    assert response.reply.id.startswith("other.thank")


def test_replies_are_not_repeated_until_they_are_spent(dialogue: Dialogue, setting: Setting) -> None:
    """The same words said again and again bring a new reply each time, while there is one."""
    state, said = State.start(), []
    for _ in range(6):
        response = answered(dialogue, Heard.typed("무릎이 쑤셔"), setting, state)
        state = response.state
        said.append(response.reply.id)
    assert len(set(said)) == len(said)


def test_the_encoder_is_asked_and_heard(dialogue: Dialogue, setting: Setting) -> None:
    """A situation that the encoder is sure of is answered, and the encoder counts among the voices."""
    asked: list[Request] = []

    def answer(request: Request) -> Answer:
        asked.append(request)
        return (Near("bereavement.misses_spouse", 0.95),) if isinstance(request, FindNear) else None

    response = answered(dialogue, Heard.typed("그 양반 얼굴이 눈에 선해"), setting, answer=answer)
    assert asked[1:3] == [FindNear("그 양반 얼굴이 눈에 선해"), Name("그 양반 얼굴이 눈에 선해")]
    assert [type(one) for one in (asked[0], *asked[3:])] == [React, Restate, FindFits]
    assert response.understanding is not None
    assert response.understanding.situation == "bereavement.misses_spouse"
    agreeing = answered(
        dialogue, Heard.typed("무릎이 쑤셔"), setting, answer=lambda _: (Near("body_pain.knee", 0.9),)
    ).understanding
    assert agreeing is not None
    assert agreeing.voices == ("lexicon", "bank", "encoder")


def writer(text: str | None) -> object:
    """Return an answerer that writes ``text`` and knows no situations."""

    def answer(request: Request) -> Answer:
        return text if isinstance(request, Generate) else None

    return answer


@pytest.mark.parametrize(
    ("written", "source", "guard"),
    [
        ("무릎이 아프시면 걸음마다 힘드시겠어요. 언제부터 그러셨어요?", ReplySource.MODEL, "passed"),
        ("관절염이에요.", ReplySource.BANK, "diagnosis"),
        ("进来吧", ReplySource.BANK, "language"),
        ("무릎 아파? 참아.", ReplySource.BANK, "honorifics"),
        ("오늘은 하늘이 참 파랗고 구름이 예쁘네요.", ReplySource.BANK, "relevance"),
        ("", ReplySource.BANK, "empty"),
    ],
)
def test_a_written_reply_passes_the_guard_or_falls_back(
    dialogue: Dialogue, setting: Setting, written: str, source: ReplySource, guard: str
) -> None:
    """What a language model writes is spoken only if no rule refuses it; else the bank answers and the rule is kept."""
    response = answered(
        dialogue,
        Heard.typed("무릎이 아파"),
        replace(setting, generation=True),
        answer=writer(written),  # type: ignore[arg-type]
    )
    assert (response.reply.source, response.reply.guard) == (source, guard)


def test_a_silent_writer_leaves_the_reply_to_the_bank(dialogue: Dialogue, setting: Setting) -> None:
    """No answer in time is no defect."""
    reply = answered(dialogue, Heard.typed("무릎이 아파"), replace(setting, generation=True)).reply
    assert (reply.source, reply.guard) == (ReplySource.BANK, "passed")


def test_kept_sentences_hold_no_slots(dialogue: Dialogue) -> None:
    """What is kept as sound needs nothing of the person or the moment."""
    kept = dialogue.kept_sentences()
    assert len(kept) == len(set(kept)) >= 20
    assert all("{" not in text for text in kept)


ODD = st.text(alphabet=st.characters(), max_size=120) | st.sampled_from(
    [
        "🙂" * 30,
        "\x00\x07\x1b[31m",
        "ㅋㅋㅋㅋ",
        "?",
        "...",
        "그만" * 50,
        "죽" * 40,
        "\u202e거꾸로",
        "a" * 500,
        "{address}",
        "1" * 90,
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(ODD | st.sampled_from([text for text, _ in COMMANDS] + NO_COMMANDS), min_size=1, max_size=5),
    confidence=st.sampled_from(list(Hearing)),
    chance=st.floats(0, 1, exclude_max=True),
)
def test_any_conversation_goes_on(
    dialogue: Dialogue, setting: Setting, texts: list[str], confidence: Hearing, chance: float
) -> None:
    """Whatever is said, every turn ends with words, at most one question and no open slot."""
    state = State.start()
    for text in texts:
        heard = Heard(text, 0.5, Hearing.NOTHING if not text.strip() else confidence)
        response = answered(dialogue, heard, setting, state, chance=chance)
        assert response.reply.text.strip()
        assert response.reply.text.count("?") <= 1
        assert "{address}" not in response.reply.text
        state = response.state
    assert len(state.turns) <= 12


def test_a_megabyte_is_answered(dialogue: Dialogue, setting: Setting) -> None:
    """A text no person could say in a day does no harm."""
    text = "오늘은 장에 가서 콩나물을 사고 두부도 샀어. " * 17_000
    assert len(text.encode()) > 1_000_000
    assert answered(dialogue, Heard.typed(text), setting).reply.text
