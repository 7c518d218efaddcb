"""What only the trained voices hear, and faintly: it is asked whether it was meant before anybody is told (0051)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.prompts import prompt_tables
from companion.safety.alerts import Contact
from companion.safety.answers import FILE, Answers
from companion.safety.protocol import Protocol
from companion.safety.protocol_rules import load_protocol
from companion.safety.protocol_state import ProtocolState, Taken
from companion.safety.risk import NO_RISK, Kind, Level, Risk, Theme
from companion.safety.steps import Action, Answer, Question

TABLES = prompt_tables("safety")
PROTOCOL = Protocol(load_protocol(TABLES))
ANSWERS = Answers(TABLES[FILE])
CONTACTS = (Contact("c1", "큰따님", 1),)
FAINT = Risk(Level.URGENT, Kind.PLAN, "third_voice", 0.6, unsure=True)
PLAIN = replace(FAINT, confidence=0.8, unsure=False)
levels = st.sampled_from([Level.CONCERN, Level.URGENT])
answers = st.sampled_from([one for one in Answer if one is not Answer.NO])


def run(*said: tuple[Risk, Answer]) -> list[Taken]:
    state, taken = ProtocolState(), list[Taken]()
    for risk, answer in said:
        taken.append(PROTOCOL.advance(state, risk, answer, CONTACTS))
        state = taken[-1].state
    return taken


def told(taken: Taken) -> list[Level]:
    return [step.alert.level for step in taken.steps if step.alert is not None]


def keys(taken: Taken) -> list[str]:
    return [step.key for step in taken.steps if step.key]


def test_it_is_asked_with_the_numbers_before_anybody_is_told() -> None:
    (taken,) = run((FAINT, Answer.UNCLEAR))
    assert keys(taken) == ["self_harm.open.unsure", "self_harm.ask.meant"]
    assert told(taken) == []
    assert taken.state.standing is Level.URGENT
    opening = TABLES["self_harm.toml"]["open"]["unsure"]
    assert opening.count("{crisis_line}") == 2
    assert "{emergency}" in opening


def test_a_no_lets_go_with_an_apology_and_nobody_is_told() -> None:
    *_, taken = run((FAINT, Answer.UNCLEAR), (NO_RISK, Answer.NO))
    assert keys(taken) == ["self_harm.reply.misheard"]
    assert [step.action for step in taken.steps][-1] is Action.ALLOW
    assert not taken.state.is_open
    assert told(taken) == []


@pytest.mark.parametrize(
    ("answer", "level"), [(Answer.YES, Level.URGENT), (Answer.SECRET, Level.URGENT), (Answer.STOP, Level.CONCERN)]
)
def test_what_is_no_denial_is_a_danger_as_any_other(answer: Answer, level: Level) -> None:
    *_, taken = run((FAINT, Answer.UNCLEAR), (NO_RISK, answer))
    assert told(taken) == [level]
    assert taken.state.is_open


@pytest.mark.parametrize("answer", [Answer.SILENT, Answer.TAKEN_BACK])
def test_silence_and_a_joke_are_asked_about_once_more_and_then_somebody_is_told(answer: Answer) -> None:
    _, again, taken = run((FAINT, Answer.UNCLEAR), (NO_RISK, answer), (NO_RISK, answer))
    assert keys(again)[-1] == "self_harm.ask.meant"
    assert told(again) == []
    assert told(taken) == [Level.CONCERN]


@pytest.mark.parametrize("answer", [Answer.UNCLEAR, Answer.ELSEWHERE])
def test_whoever_talks_of_something_else_twice_is_let_go_with_the_number(answer: Answer) -> None:
    *_, taken = run((FAINT, Answer.UNCLEAR), (NO_RISK, answer), (NO_RISK, answer))
    assert keys(taken) == ["self_harm.reply.elsewhere"]
    assert not taken.state.is_open
    assert told(taken) == []


@given(levels, answers, levels)
def test_a_danger_heard_in_the_answer_is_never_talked_away(level: Level, answer: Answer, later: Level) -> None:
    faint, plain = replace(FAINT, level=level), replace(PLAIN, level=later)
    *_, taken = run((faint, Answer.UNCLEAR), (plain, answer))
    assert told(taken)
    assert taken.state.is_open


@given(levels, st.sampled_from(list(Answer)))
def test_what_is_heard_plainly_is_never_asked_about_first(level: Level, answer: Answer) -> None:
    (taken,) = run((replace(PLAIN, level=level), answer))
    assert told(taken) == [level]


def test_who_was_misheard_once_is_asked_gently_the_next_time() -> None:
    *_, taken = run((FAINT, Answer.UNCLEAR), (NO_RISK, Answer.NO), (FAINT, Answer.UNCLEAR))
    assert keys(taken) == ["self_harm.ask.wish"]


def test_a_line_that_goes_dead_behind_the_question_has_somebody_told() -> None:
    (taken,) = run((FAINT, Answer.UNCLEAR))
    left = PROTOCOL.leave(taken.state, CONTACTS)
    assert told(left) == [Level.CONCERN]
    assert left.steps[-1].action is Action.CLOSE


@pytest.mark.parametrize(
    "said",
    [
        "119는 와? 내 멀쩡하다, 배 구경하고 왔다 캤지 누가 빠졌다 캤나.",
        "무슨 소리야, 밥하러 간다니까.",
        "아니, 그런 거 아니여.",
        "그런 말이 아니고 약 치러 간다고.",
        "허허, 죽긴 누가 죽어.",
        "아이고 아니에요, 산에 나물 캐러 갔다 왔다고요.",
        "잘못 알아들었구먼.",
        "뭔 소리랴, 멀쩡한 사람 잡네.",
        "아이다, 그기 아이고 배 들어오는 거 봤다꼬.",
    ],
)
def test_a_denial_is_taken_for_one(said: str) -> None:
    assert ANSWERS.read(said, Question.MEANT, Theme.SELF_HARM) is Answer.NO


@pytest.mark.parametrize(
    "said",
    [
        "응, 그래.",
        "그런 마음이 없진 않지.",
        "그런 생각이 자꾸 들어.",
        "그만 살고 싶어.",
        "글쎄, 모르겠네.",
        "사는 게 그렇지 뭐.",
        "아무한테도 말하지 마.",
    ],
)
def test_what_is_no_denial_is_not_taken_for_one(said: str) -> None:
    assert ANSWERS.read(said, Question.MEANT, Theme.SELF_HARM) is not Answer.NO


HINTED = replace(FAINT, level=Level.CONCERN, kind=Kind.ACTIVE_THOUGHT, confidence=0.45)
WATCHED = replace(FAINT, level=Level.WATCH, kind=Kind.PASSIVE_WISH, confidence=0.42)
hints = st.sampled_from([HINTED, WATCHED])


@given(hints)
def test_a_faint_hint_is_met_by_asking_how_the_person_feels_before_dying_is_named(hint: Risk) -> None:
    (taken,) = run((hint, Answer.UNCLEAR))
    assert keys(taken) == ["self_harm.ask.mood"]
    assert told(taken) == []
    assert not taken.state.is_open


@given(hints)
def test_who_is_well_is_apologised_to_and_not_asked_again_for_hints(hint: Risk) -> None:
    _, well, later = run((hint, Answer.UNCLEAR), (NO_RISK, Answer.NO), (hint, Answer.UNCLEAR))
    assert keys(well) == ["self_harm.reply.relieved"]
    assert [step.action for step in well.steps][-1] is Action.ALLOW
    assert keys(later) == []


def test_who_has_a_hard_time_is_asked_plainly_with_the_numbers_where_more_was_heard() -> None:
    *_, taken = run((HINTED, Answer.UNCLEAR), (NO_RISK, Answer.YES))
    assert keys(taken) == ["self_harm.open.unsure", "self_harm.ask.meant"]


def test_who_has_a_hard_time_is_asked_whether_they_wish_to_die_where_little_was_heard() -> None:
    *_, taken = run((WATCHED, Answer.UNCLEAR), (NO_RISK, Answer.YES))
    assert keys(taken) == ["self_harm.ask.wish"]


@given(hints, st.sampled_from(list(Answer)), levels)
def test_a_plain_danger_is_met_at_once_whatever_was_felt_out_before(hint: Risk, answer: Answer, level: Level) -> None:
    *_, taken = run((hint, Answer.UNCLEAR), (replace(PLAIN, level=level), answer))
    assert told(taken) == [level]


@given(hints)
def test_a_second_hint_behind_an_answer_that_says_nothing_is_asked_about_plainly(hint: Risk) -> None:
    *_, taken = run((hint, Answer.UNCLEAR), (NO_RISK, Answer.UNCLEAR), (hint, Answer.UNCLEAR))
    assert keys(taken)[-1] in {"self_harm.ask.meant", "self_harm.ask.wish"}


@pytest.mark.parametrize(
    "said",
    [
        "무슨 소리여, 노래 부른 거라니까.",
        "아이고 편하게 잘 지내지, 걱정 마.",
        "힘든 일은 무슨, 하나도 없어.",
        "아니, 고추 말릴까 물은 거여.",
        "뭔 뚱딴지같은 소리를 하노.",
    ],
)
def test_who_is_taken_aback_is_well(said: str) -> None:
    assert ANSWERS.read(said, Question.MOOD, Theme.NONE) is Answer.NO


@pytest.mark.parametrize("said", ["그럼, 힘들지.", "응, 요새 통 잠을 못 자.", "외로워서 그래.", "사는 게 막막하네."])
def test_who_has_a_hard_time_says_yes(said: str) -> None:
    assert ANSWERS.read(said, Question.MOOD, Theme.NONE) is Answer.YES


@pytest.mark.parametrize("said", ["글쎄.", "그냥 그렇지 뭐."])
def test_what_says_neither_is_neither(said: str) -> None:
    assert ANSWERS.read(said, Question.MOOD, Theme.NONE) is Answer.UNCLEAR
