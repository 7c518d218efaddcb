"""A dangerous value that a device measured: asked about, counted down, and then the protocol of a body in danger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.prompts import prompt_tables
from companion.safety.alerts import Contact
from companion.safety.protocol import Protocol
from companion.safety.protocol_rules import load_protocol
from companion.safety.protocol_state import Earlier, ProtocolState, Taken
from companion.safety.risk import NO_RISK, Kind, Level, Risk
from companion.safety.steps import Action, Answer, Question

RULES = load_protocol(prompt_tables("safety"))
PROTOCOL = Protocol(RULES)
DAUGHTER = Contact("c1", "큰따님", 1)
LOW = Risk(Level.CONCERN, Kind.LOW_READING, "reading.glucose_very_low")


def run(*said: tuple[Risk, Answer], state: ProtocolState | None = None, nobody: bool = False) -> list[Taken]:
    state, taken = state or ProtocolState(), []
    for risk, answer in said:
        taken.append(PROTOCOL.advance(state, risk, answer, () if nobody else (DAUGHTER,)))
        state = taken[-1].state
    return taken


def keys(taken: Taken) -> list[str]:
    return [step.key for step in taken.steps if step.key]


def alerts(taken: Taken) -> list[Level]:
    return [step.alert.level for step in taken.steps if step.alert is not None]


def test_it_is_asked_about_before_anybody_is_told() -> None:
    """The one fixed question, with a wait, and nothing else."""
    (first,) = run((LOW, Answer.UNCLEAR))
    assert keys(first) == ["medical.ask.symptoms"]
    assert (alerts(first), first.state.waiting, first.steps[0].wait_seconds) == ([], Question.SYMPTOMS, 20)


def test_a_yes_is_urgent_at_once() -> None:
    """119 in the same turn, and the alert."""
    _, then = run((LOW, Answer.UNCLEAR), (NO_RISK, Answer.YES))
    assert "medical.open.urgent" in keys(then)
    assert (alerts(then), then.state.kind) == ([Level.URGENT], Kind.LOW_READING)


def test_silence_is_counted_down_aloud_and_then_a_yes() -> None:
    """Once: nobody is told before the count is over."""
    _, counted, urgent = run((LOW, Answer.UNCLEAR), (NO_RISK, Answer.SILENT), (NO_RISK, Answer.SILENT))
    assert (keys(counted), counted.steps[0].wait_seconds, alerts(counted)) == (["medical.ask.counted"], 8, [])
    assert alerts(urgent) == [Level.URGENT]


@pytest.mark.parametrize("counted", [False, True])
def test_who_feels_nothing_is_told_of_all_the_same_and_less_urgently(*, counted: bool) -> None:
    """Many do not feel it any more. The person hears it before, and the talk goes on."""
    silence = [(NO_RISK, Answer.SILENT)] if counted else []
    *_, last = run((LOW, Answer.UNCLEAR), *silence, (NO_RISK, Answer.NO))
    assert keys(last)[-1] == "told.told.measured"
    assert (alerts(last), last.state.is_open, last.steps[-1].action) == ([Level.CONCERN], False, Action.ALLOW)


def test_where_nobody_can_be_told_nothing_is_promised() -> None:
    """The alert is recorded all the same."""
    *_, last = run((LOW, Answer.UNCLEAR), (NO_RISK, Answer.NO), nobody=True)
    assert (keys(last), alerts(last)) == (["medical.answered.symptoms_no"], [Level.CONCERN])


def test_who_says_stop_is_asked_no_more_and_told_of() -> None:
    """One last sentence with the number."""
    *_, last = run((LOW, Answer.UNCLEAR), (NO_RISK, Answer.STOP))
    assert keys(last) == ["medical.reply.last", "told.told.measured"]
    assert alerts(last) == [Level.CONCERN]


def test_symptoms_told_in_so_many_words_are_a_yes() -> None:
    """What the assessment hears as a danger to the body answers the question, without another opening before."""
    dizzy = Risk(Level.CONCERN, Kind.LOW_SUGAR, "sugar")
    *_, last = run((LOW, Answer.UNCLEAR), (dizzy, Answer.UNCLEAR))
    assert alerts(last) == [Level.URGENT]
    assert "medical.open.concern_again" not in keys(last)


def test_a_second_episode_in_one_talk_is_asked_about_again() -> None:
    """Hours later; the alert of a level is ordered once in a session."""
    *_, last = run((LOW, Answer.UNCLEAR), (NO_RISK, Answer.NO), (LOW, Answer.UNCLEAR))
    assert keys(last) == ["medical.ask.symptoms"]


def test_whoever_hangs_up_in_the_middle_is_told_of_as_urgent() -> None:
    """A line that goes dead is no answer."""
    (first,) = run((LOW, Answer.UNCLEAR))
    assert alerts(PROTOCOL.leave(first.state, (DAUGHTER,))) == [Level.URGENT]


def test_the_next_talk_returns_to_it_without_claiming_an_illness() -> None:
    """A value was low; whether the person was ill nobody knows."""
    assert keys(PROTOCOL.reopen(Earlier(Level.CONCERN, Kind.LOW_READING))) == ["medical.reply.return_measured"]


@given(st.lists(st.sampled_from(Answer), min_size=12, max_size=12))
def test_whatever_is_answered_somebody_is_told(answers: list[Answer]) -> None:
    """By the time the questions are over there is an alert, and of each level one at most."""
    taken = run((LOW, Answer.UNCLEAR), *((NO_RISK, one) for one in answers))
    ordered = [level for one in taken for level in alerts(one)]
    assert 1 <= len(ordered) == len(set(ordered))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("응", Answer.YES),
        ("좀 어지러워", Answer.YES),
        ("어지럽지는 않은데 식은땀이 나", Answer.YES),
        ("아니 근데 손이 떨려", Answer.YES),
        ("기운이 하나도 없어", Answer.YES),
        ("배가 고파", Answer.YES),
        ("아니", Answer.NO),
        ("괜찮아", Answer.NO),
        ("안 어지러워", Answer.NO),
        ("어지럽지 않아", Answer.NO),
        ("식은땀은 안 나", Answer.NO),
        ("아무렇지도 않아", Answer.NO),
        ("멀쩡해", Answer.NO),
        ("밥 먹고 있었어", Answer.UNCLEAR),
        ("그만 물어봐", Answer.STOP),
    ],
)
def test_answers_about_symptoms_are_read(text: str, answer: Answer) -> None:
    """One sign that is there outweighs another that is not."""
    assert RULES.answers.read(text, Question.SYMPTOMS) is answer
