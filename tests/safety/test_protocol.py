"""The crisis protocol: what follows on what, whatever is answered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.prompts import prompt_tables
from companion.safety.alerts import Contact
from companion.safety.protocol import Protocol
from companion.safety.protocol_rules import load_protocol
from companion.safety.protocol_state import Earlier, ProtocolState, Taken
from companion.safety.risk import NO_RISK, Kind, Level, Risk, Theme
from companion.safety.steps import Action, Answer, Question

TABLES = prompt_tables("safety")
RULES = load_protocol(TABLES)
PROTOCOL = Protocol(RULES)
DAUGHTER = Contact("c1", "큰따님", 1)
WORKER = Contact("c2", "김 복지사님", 2, told_of_abuse=True)
CONTACTS = (WORKER, DAUGHTER)
WISH = Risk(Level.CONCERN, Kind.PASSIVE_WISH, "wish")
PLAN = Risk(Level.URGENT, Kind.PLAN, "plan")
MOST_QUESTIONS = 40

kinds = st.sampled_from([kind for kind in Kind if kind not in (Kind.NONE, Kind.NO_ANSWER)])
dangers = st.builds(Risk, st.sampled_from([Level.WATCH, Level.CONCERN, Level.URGENT]), kinds)
answers = st.sampled_from(list(Answer))
turns = st.lists(st.tuples(st.just(NO_RISK) | dangers, answers), max_size=40)


def sentence(key: str) -> str:
    """Return every wording of a key of ``prompts/safety``, joined."""
    file, section, name = key.split(".")
    value = TABLES[f"{file}.toml"][section][name]
    return value if isinstance(value, str) else " ".join(value)


def spoken(taken: Taken) -> str:
    """Return all that a turn says."""
    return " ".join(sentence(step.key) for step in taken.steps if step.action in (Action.SAY, Action.ASK))


def run(*said: tuple[Risk, Answer], contacts: tuple[Contact, ...] = CONTACTS) -> list[Taken]:
    """Run a conversation from its start."""
    state, taken = ProtocolState(), []
    for risk, answer in said:
        taken.append(PROTOCOL.advance(state, risk, answer, contacts))
        state = taken[-1].state
    return taken


def actions(taken: Taken) -> list[Action]:
    return [step.action for step in taken.steps]


def question(taken: Taken) -> Question:
    return next((step.question for step in taken.steps if step.action is Action.ASK), Question.NONE)


@settings(max_examples=200)
@given(turns)
def test_every_step_can_be_said(said: list[tuple[Risk, Answer]]) -> None:
    """Whatever is said and answered, each step names a sentence that there is."""
    for taken in run(*said):
        spoken(taken)


@settings(max_examples=200)
@given(turns)
def test_the_numbers_come_with_the_danger(said: list[tuple[Risk, Answer]]) -> None:
    """A new danger of self-harm is met in the same turn with 109, an urgent one with 119 as well."""
    for (risk, _), taken in zip(said, run(*said), strict=True):
        if risk.theme is Theme.SELF_HARM and risk.level in (Level.CONCERN, Level.URGENT):
            text = spoken(taken)
            assert "{crisis_line}" in text
            assert risk.level is Level.CONCERN or "{emergency}" in text


@pytest.mark.parametrize("name", ["concern", "urgent", "concern_again", "urgent_again"])
def test_every_opening_says_the_number_twice(name: str) -> None:
    """Each wording that meets a wish says 109 twice, one that meets a plan 119 twice as well."""
    value = TABLES["self_harm.toml"]["open"][name]
    for wording in [value] if isinstance(value, str) else value:
        assert wording.count("{crisis_line}") >= 2
        assert "urgent" not in name or wording.count("{emergency}") >= 2


@settings(max_examples=200)
@given(turns)
def test_the_standing_level_never_falls(said: list[tuple[Risk, Answer]]) -> None:
    """Neither a denial nor a joke nor 그만 lowers what was heard in this session."""
    standing = 0
    for taken in run(*said):
        assert taken.state.standing.rank >= standing
        standing = taken.state.standing.rank


@settings(max_examples=200)
@given(turns)
def test_nothing_goes_on_as_usual_before_it_is_allowed(said: list[tuple[Risk, Answer]]) -> None:
    """While a case is open each turn says something of the protocol, and ALLOW comes exactly with its end."""
    for taken in run(*said):
        if taken.state.is_open:
            assert Action.ALLOW not in actions(taken)
            assert spoken(taken)


@settings(max_examples=200)
@given(st.lists(answers, min_size=60, max_size=60), st.sampled_from([WISH, PLAN]))
def test_it_does_not_ask_for_ever(given_answers: list[Answer], first: Risk) -> None:
    """After one danger, whatever is answered, the questions come to an end."""
    taken = run((first, Answer.UNCLEAR), *((NO_RISK, answer) for answer in given_answers))
    assert sum(question(one) is not Question.NONE for one in taken) <= MOST_QUESTIONS


@settings(max_examples=100)
@given(turns, st.sampled_from([WISH, PLAN]))
def test_stop_twice_ends_it_from_anywhere(said: list[tuple[Risk, Answer]], danger: Risk) -> None:
    """그만 ends the questions after one last sentence with the number; the second ends the session."""
    *_, first, second = run(*said, (danger, Answer.UNCLEAR), (NO_RISK, Answer.STOP), (NO_RISK, Answer.STOP))
    assert "{crisis_line}" in spoken(first) or first.state.theme is not Theme.SELF_HARM
    assert question(first) is Question.NONE
    assert Action.CLOSE in actions(second) or not second.state.is_open


@settings(max_examples=100)
@given(turns, st.sampled_from([WISH, PLAN]))
def test_long_silence_ends_it_from_anywhere(said: list[tuple[Risk, Answer]], danger: Risk) -> None:
    """Three silences end the session, with the number."""
    silence = (NO_RISK, Answer.SILENT)
    taken = run(*said, (danger, Answer.UNCLEAR), silence, silence, silence)
    assert any(Action.CLOSE in actions(one) for one in taken[-3:])


@settings(max_examples=100)
@given(turns)
def test_no_alert_is_ordered_twice(said: list[tuple[Risk, Answer]]) -> None:
    """One alert for each theme and level of a session."""
    orders = [step.alert for taken in run(*said) for step in taken.steps if step.alert is not None]
    cases = [(order.kind.theme, order.level) for order in orders]
    assert len(cases) == len(set(cases))


@settings(max_examples=100)
@given(turns)
def test_who_is_told_is_said_before_it_is_sent(said: list[tuple[Risk, Answer]]) -> None:
    """An alert that names people stands behind the sentence that names them; one that names nobody promises nothing."""
    for taken in run(*said):
        for at, step in enumerate(taken.steps):
            if step.alert is not None:
                before = [one.key for one in taken.steps[:at]]
                told = {f"told.told.{step.alert.level}", "told.told.measured"}
                assert bool(told & set(before)) is bool(step.alert.contacts)
                assert step.alert.told_person is bool(step.alert.contacts)


def test_the_questions_branch() -> None:
    """Wish, thoughts, method, intent, plan, past, means: a no to thoughts or method leads to the past."""
    yes, no = (NO_RISK, Answer.YES), (NO_RISK, Answer.NO)
    asked = [question(taken) for taken in run((WISH, Answer.UNCLEAR), yes, yes, no, no, no, no)]
    assert asked == [
        Question.THOUGHTS,
        Question.METHOD,
        Question.INTENT,
        Question.PLAN,
        Question.PAST,
        Question.MEANS,
        Question.NEARBY,
    ]
    assert [question(taken) for taken in run((WISH, Answer.UNCLEAR), no)] == [Question.THOUGHTS, Question.PAST]


@pytest.mark.parametrize("raising", [Question.INTENT, Question.PLAN])
def test_intent_or_plan_makes_it_urgent(raising: Question) -> None:
    """A yes to intent or plan brings 119 and 109 in the same turn and a second alert, at once."""
    state = replace(run((WISH, Answer.UNCLEAR))[-1].state, waiting=raising)
    taken = PROTOCOL.advance(state, NO_RISK, Answer.YES, CONTACTS)
    order = next(step.alert for step in taken.steps if step.alert is not None)
    assert taken.state.level is Level.URGENT
    assert (order.level, order.within_seconds, order.contacts) == (Level.URGENT, 0, ("c1", "c2"))
    assert "{emergency}" in spoken(taken)
    assert "{crisis_line}" in spoken(taken)


def test_an_unanswered_question_is_missing_and_never_no() -> None:
    """What is neither yes nor no is asked once more, then kept as unclear."""
    *_, last = run((WISH, Answer.UNCLEAR), (NO_RISK, Answer.UNCLEAR), (NO_RISK, Answer.UNCLEAR))
    assert last.state.answers == ((Question.THOUGHTS, Answer.UNCLEAR),)


def test_a_joke_lowers_nothing() -> None:
    """농담이야 is met truthfully; the case stays open and the alert stands."""
    first, second = run((WISH, Answer.UNCLEAR), (NO_RISK, Answer.TAKEN_BACK))
    assert second.state.is_open
    assert second.state.alerted == first.state.alerted
    assert second.state.standing is Level.CONCERN


def test_a_possible_abuser_is_never_told() -> None:
    """Of abuse only those are told of whom it was said that they may be; else nobody, and nothing is promised."""
    abuse = (Risk(Level.CONCERN, Kind.ABUSE, "abuse"), Answer.UNCLEAR)
    order = next(step.alert for step in run(abuse)[0].steps if step.alert is not None)
    assert order.contacts == ("c2",)
    alone = run(abuse, contacts=(DAUGHTER,))[0]
    assert next(step.alert for step in alone.steps if step.alert is not None).contacts == ()
    assert not any(step.key.startswith("told.told") for step in alone.steps)


def test_without_contacts_it_is_said_honestly() -> None:
    """Where nobody is set up, the person hears that nobody can be told; the alert is recorded all the same."""
    taken = run((PLAN, Answer.UNCLEAR), contacts=())[0]
    assert any(step.key == "told.told.nobody" for step in taken.steps)
    assert any(step.action is Action.ALERT for step in taken.steps)


@pytest.mark.parametrize("answer", [Answer.SILENT, Answer.YES])
def test_a_doubtful_emergency_is_confirmed_before_anybody_is_called(answer: Answer) -> None:
    """It is asked with a count-down; silence counts as yes, and only then an alert is ordered."""
    doubtful = Risk(Level.CONCERN, Kind.MEDICAL, "medical.doubt")
    first, second = run((doubtful, Answer.UNCLEAR), (NO_RISK, answer))
    assert question(first) is Question.CONFIRM
    assert next(step.wait_seconds for step in first.steps if step.action is Action.ASK) > 0
    assert Action.ALERT not in actions(first)
    assert Action.ALERT in actions(second)
    assert second.state.level is Level.URGENT


def test_a_doubtful_emergency_that_is_none_alerts_nobody() -> None:
    """A plain no lets the conversation go on, with the number said."""
    doubtful = Risk(Level.CONCERN, Kind.MEDICAL, "medical.doubt")
    taken = run((doubtful, Answer.UNCLEAR), (NO_RISK, Answer.NO))
    assert not any(Action.ALERT in actions(one) for one in taken)
    assert not taken[-1].state.is_open


def test_the_conversation_goes_on_once_the_person_is_safe() -> None:
    """After the questions, staying, and a yes to whether they are safe."""
    no = (NO_RISK, Answer.NO)
    taken = run((WISH, Answer.UNCLEAR), no, no, no, no, no, (NO_RISK, Answer.UNCLEAR), (NO_RISK, Answer.YES))
    assert question(taken[-2]) is Question.SAFE or question(taken[-1]) is Question.SAFE
    state = taken[-1].state
    while state.is_open:
        state = PROTOCOL.advance(state, NO_RISK, Answer.YES, CONTACTS).state
    assert state.standing is Level.CONCERN


def test_the_next_session_returns_to_it() -> None:
    """It opens with the question of the wish; a yes opens the case."""
    taken = PROTOCOL.reopen(Earlier(Level.CONCERN, Kind.PASSIVE_WISH))
    assert question(taken) is Question.WISH
    assert PROTOCOL.advance(taken.state, NO_RISK, Answer.YES, CONTACTS).state.is_open


@pytest.mark.parametrize(
    ("text", "asked", "answer"),
    [
        ("응", Question.THOUGHTS, Answer.YES),
        ("그런 적은 없어", Question.THOUGHTS, Answer.NO),
        ("아니 그런 생각은 안 했어", Question.THOUGHTS, Answer.NO),
        ("그냥 좀 힘들어서", Question.THOUGHTS, Answer.UNCLEAR),
        ("농담이야", Question.THOUGHTS, Answer.TAKEN_BACK),
        ("괜찮아", Question.THOUGHTS, Answer.TAKEN_BACK),
        ("괜찮아", Question.SAFE, Answer.YES),
        ("우리 딸한테는 말하지 마", Question.THOUGHTS, Answer.SECRET),
        ("비밀로 해 줘", Question.NONE, Answer.SECRET),
        ("그만", Question.METHOD, Answer.STOP),
        ("이제 그만 물어봐", Question.METHOD, Answer.STOP),
        ("그만 살고 싶다", Question.METHOD, Answer.UNCLEAR),
        ("혼자야", Question.NEARBY, Answer.NO),
        ("아들이 옆에 있어", Question.NEARBY, Answer.YES),
        ("119에 전화했어", Question.CALLED, Answer.YES),
        ("전화를 못 걸겠어", Question.CALLED, Answer.NO),
        ("사흘 뒤에 막내딸이 내려온대유", Question.WISH, Answer.UNCLEAR),
        ("내일 병원 예약이 있어", Question.WISH, Answer.UNCLEAR),
        ("딸이 와 있어도 그런 생각이 들어", Question.WISH, Answer.YES),
        ("있지 왜 없어", Question.WISH, Answer.YES),
        ("막내딸이 오고 있대", Question.NEARBY, Answer.YES),
        ("", Question.SAFE, Answer.SILENT),
    ],
)
def test_answers_are_read(text: str, asked: Question, answer: Answer) -> None:
    """Yes, no, taking back, asking for secrecy and 그만 are told apart, by the question where it matters."""
    assert RULES.answers.read(text, asked) is answer


of_oneself = st.sampled_from([kind for kind in Kind if kind.theme is Theme.SELF_HARM])


@settings(max_examples=300)
@given(turns, of_oneself, st.lists(answers, min_size=3, max_size=3))
def test_a_concern_reaches_the_crisis_line_within_three_turns(
    before: list[tuple[Risk, Answer]], kind: Kind, given_answers: list[Answer]
) -> None:
    """Whatever was said before and whatever is answered, 109 is said in the turn of the wish or the two after it."""
    concern = (Risk(Level.CONCERN, kind, "law"), given_answers[0])
    after = [(NO_RISK, answer) for answer in given_answers[1:]]
    taken = run(*before, concern, *after)[-3:]
    assert any("{crisis_line}" in spoken(one) for one in taken)


@settings(max_examples=300)
@given(turns, of_oneself, answers)
def test_an_urgent_danger_reaches_both_numbers_at_once(
    before: list[tuple[Risk, Answer]], kind: Kind, answer: Answer
) -> None:
    """Whatever was said before and whatever it is taken to answer."""
    taken = run(*before, (Risk(Level.URGENT, kind, "law"), answer))[-1]
    assert "{crisis_line}" in spoken(taken)
    assert "{emergency}" in spoken(taken)


@settings(max_examples=200)
@given(turns)
def test_a_watched_wish_that_is_confirmed_reaches_the_crisis_line_in_the_next_turn(
    before: list[tuple[Risk, Answer]],
) -> None:
    """The gentle question, a yes, 109: two turns."""
    watched = Risk(Level.WATCH, Kind.PASSIVE_WISH, "law")
    *_, asked, told = run(*before, (watched, Answer.UNCLEAR), (NO_RISK, Answer.YES))
    if question(asked) is Question.WISH and not asked.state.is_open:
        assert "{crisis_line}" in spoken(told)
