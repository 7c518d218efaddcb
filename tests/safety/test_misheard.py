"""What was no danger to the body or the house is let go when the person says so (decision 0055)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from companion.prompts import prompt_tables
from companion.safety.alerts import Contact
from companion.safety.protocol import Protocol
from companion.safety.protocol_rules import load_protocol
from companion.safety.protocol_state import ProtocolState, Taken
from companion.safety.risk import NO_RISK, Kind, Level, Risk, Theme
from companion.safety.steps import Action, Answer, Question

RULES = load_protocol(prompt_tables("safety"))
PROTOCOL = Protocol(RULES)
DAUGHTER = Contact("c1", "큰따님", 1)
BODY = Risk(Level.URGENT, Kind.MEDICAL, "bleeding")
PLAN = Risk(Level.URGENT, Kind.PLAN, "plan")

NO_DANGER = [
    (Theme.MEDICAL, "아이고 뭔 119여 옛날 일이랑께 영감 죽은 지 구 년 됐다고 했잖애"),
    (Theme.MEDICAL, "안 했어 다 나았어 사십 년 전 일이여"),
    (Theme.MEDICAL, "아무도 안 다쳤다고 참말로"),
    (Theme.MEDICAL, "내 얘기가 아니라 테레비에서 그랬다고"),
    (Theme.MEDICAL, "개 얘기 했잖아요"),
    (Theme.MEDICAL, "그 말이 아니여 자네가 잘못 알아들었어"),
    (Theme.MEDICAL, "연속극에서 나온 얘기라니까"),
    (Theme.FIRE, "불 안 났어 옛날 얘기를 한 거여"),
    (Theme.FIRE, "소방 훈련 한 거라니까"),
    (Theme.INTRUDER, "뭔 소리여 도둑 들었간디"),
    (Theme.INTRUDER, "누가 가 아무도 읎다니께"),
    (Theme.INTRUDER, "아들이 온 거야"),
    (Theme.LOST, "여기 우리 집이라니까"),
]
STILL_A_DANGER = [
    (Theme.MEDICAL, "괜찮아 이제 다 나았어"),
    (Theme.MEDICAL, "뭔 119여 조금 있으면 낫겄지"),
    (Theme.MEDICAL, "하나도 안 아파"),
    (Theme.MEDICAL, "내 얘기가 아니라 영감이 지금 그래"),
    (Theme.MEDICAL, "십 년 전에 수술한 데가 그래"),
    (Theme.INTRUDER, "집에 아무도 없어 무서워"),
    (Theme.FIRE, "불은 껐는데 연기가 나"),
    (Theme.LOST, "집이 어딘지 모르겠어"),
    (Theme.SELF_HARM, "옛날 일이라니까"),
    (Theme.ABUSE, "연속극 얘기였어"),
]


@pytest.mark.parametrize(("theme", "text"), NO_DANGER)
def test_the_persons_word_is_heard(theme: Theme, text: str) -> None:
    """An old story, somebody else's, the television, words that were heard wrongly."""
    assert RULES.answers.read(text, Question.NONE, theme) is Answer.MISHEARD


@pytest.mark.parametrize(("theme", "text"), STILL_A_DANGER)
def test_who_makes_little_of_a_danger_is_not(theme: Theme, text: str) -> None:
    """Nor who speaks of another danger that is there now; and of harm to oneself nothing is taken back so."""
    assert RULES.answers.read(text, Question.NONE, theme) is not Answer.MISHEARD


DENIALS = [
    json.loads(line)
    for line in (Path(__file__).parent / "answers_denials.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", DENIALS, ids=lambda case: str(case["text"]))
def test_a_denial_is_told_from_making_little_of_it(case: dict[str, str]) -> None:
    """In stiff speech and in dialect; and never taken for word that somebody has called."""
    answer = RULES.answers.read(case["text"], Question.CALLED, Theme(case["theme"]))
    assert (answer is Answer.MISHEARD) is bool(case["denies"])
    assert answer is not Answer.YES or not case["denies"]


def test_it_is_no_answer_where_danger_is_heard_in_the_same_words() -> None:
    """Whoever read the words for danger is believed first."""
    assert RULES.answers.read("옛날 일이라니까", Question.NONE, Theme.MEDICAL, calm=False) is not Answer.MISHEARD


def after(risk: Risk, answer: Answer) -> tuple[ProtocolState, Taken]:
    """Return what follows on an answer behind a danger."""
    state = PROTOCOL.advance(ProtocolState(), risk, Answer.UNCLEAR, (DAUGHTER,)).state
    return state, PROTOCOL.advance(state, NO_RISK, answer, (DAUGHTER,))


def test_the_talk_goes_on_with_an_apology_and_the_number() -> None:
    """Nobody is told to call an ambulance for a cut of forty years ago again and again."""
    _, taken = after(BODY, Answer.MISHEARD)
    assert taken.steps[0].key == "medical.reply.misheard"
    assert taken.steps[-1].action is Action.ALLOW
    assert not taken.state.is_open


def test_an_alert_that_was_given_stands() -> None:
    """Only a named person resolves it; and the person hears that it was sent."""
    before, taken = after(BODY, Answer.MISHEARD)
    assert taken.state.alerted == before.alerted
    assert taken.state.standing is Level.URGENT
    assert "told.told.stands" in [step.key for step in taken.steps]


def test_of_harm_to_oneself_it_is_no_way_out() -> None:
    """A later "농담이야" lowers nothing."""
    _, taken = after(PLAN, Answer.MISHEARD)
    assert taken.state.is_open
    assert Action.ALLOW not in [step.action for step in taken.steps]


WISH = Risk(Level.CONCERN, Kind.PASSIVE_WISH, "wish")
DENIED = [
    "죽다니요 그런 말 한 적 없습니다",
    "왜 그런 걸 물어요 저는 멀쩡해요",
    "제가 언제 그런 말을 했습니까",
    "아니라니까요 그런 생각 없습니다",
    "나가 언제 죽는다 했간디",
    "그런 뜻이 아닙니다",
    "관절약 얘기를 하는데 내가 왜 죽어",
]
NOT_DENIED = [
    "농담이야",
    "괜찮아 신경 쓰지 마",
    "왜 그런 걸 물어",
    "글쎄요 잘 모르겠어요",
    "그런 생각이 없진 않지요",
    "죽다니까 왜 자꾸 물어",
    "몸은 멀쩡해도 사는 게 지겨워",
]


@pytest.mark.parametrize("text", DENIED)
def test_a_plain_denial_of_a_wish_is_one(text: str) -> None:
    """Also where it is asked at first whether anything was meant: there it is a no."""
    assert RULES.answers.read(text, Question.THOUGHTS, Theme.SELF_HARM) is Answer.MISHEARD
    assert RULES.answers.read(text, Question.MEANT, Theme.SELF_HARM) is Answer.NO


@pytest.mark.parametrize("text", NOT_DENIED)
def test_a_joke_and_a_shrug_are_no_denial(text: str) -> None:
    """They lower nothing, as ever."""
    assert RULES.answers.read(text, Question.THOUGHTS, Theme.SELF_HARM) is not Answer.MISHEARD


def denied(risk: Risk, *answers: Answer) -> Taken:
    """Return what follows on answers behind a danger."""
    taken = PROTOCOL.advance(ProtocolState(), risk, Answer.UNCLEAR, (DAUGHTER,))
    for answer in answers:
        taken = PROTOCOL.advance(taken.state, NO_RISK, answer, (DAUGHTER,))
    return taken


def test_a_wish_denied_plainly_twice_is_asked_about_no_further() -> None:
    """The number is given once more; what was recorded and who was told stand."""
    taken = denied(WISH, Answer.MISHEARD, Answer.MISHEARD)
    assert [step.key for step in taken.steps if step.key] == ["self_harm.reply.denied", "told.told.stands"]
    assert taken.steps[-1].action is Action.ALLOW
    assert not taken.state.is_open
    assert taken.state.standing is Level.CONCERN
    assert taken.state.alerted


@pytest.mark.parametrize(
    "answers",
    [(Answer.MISHEARD,), (Answer.MISHEARD, Answer.TAKEN_BACK, Answer.MISHEARD), (Answer.TAKEN_BACK,) * 2],
)
def test_one_denial_is_an_answer_and_ends_nothing(answers: tuple[Answer, ...]) -> None:
    """Nor do two with something else between them."""
    assert denied(WISH, *answers).state.is_open


def test_a_plan_is_never_denied_away() -> None:
    """Whoever has bought the means is believed the first time."""
    assert denied(PLAN, *[Answer.MISHEARD] * 6).state.is_open
