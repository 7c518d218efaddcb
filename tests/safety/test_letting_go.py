"""Letting go of somebody who plainly talks of other things: when, with what words, and never in danger."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.prompts import prompt_tables
from companion.safety.alerts import Contact
from companion.safety.protocol import Protocol
from companion.safety.protocol_rules import load_protocol
from companion.safety.protocol_state import ProtocolState, Taken
from companion.safety.risk import NO_RISK, Kind, Level, Risk, Theme
from companion.safety.steps import Action, Answer, Question

TABLES = prompt_tables("safety")
RULES = load_protocol(TABLES)
PROTOCOL = Protocol(RULES)
DAUGHTER = Contact("c1", "큰따님", 1, told_of_abuse=True)
BESIDE = (NO_RISK, Answer.ELSEWHERE)
LEVELS = (Level.CONCERN, Level.URGENT)
THEMES = tuple(theme for theme in Theme if theme not in (Theme.NONE, Theme.NO_ANSWER))
NUMBER = {
    Theme.SELF_HARM: "{crisis_line}",
    Theme.ABUSE: "{elder_abuse_line}",
    Theme.MEDICAL: "{emergency}",
    Theme.FIRE: "{emergency}",
    Theme.INTRUDER: "{police}",
    Theme.LOST: "{police}",
}
LIMITS: dict[tuple[Theme, Level], int] = {
    **{(theme, Level.CONCERN): 2 for theme in THEMES},
    **{(theme, Level.URGENT): 3 for theme in THEMES},
    (Theme.SELF_HARM, Level.CONCERN): 3,
}
NEVER = {(Theme.SELF_HARM, Level.URGENT), (Theme.ABUSE, Level.URGENT)}
kinds = st.sampled_from([kind for kind in Kind if kind not in (Kind.NONE, Kind.NO_ANSWER)])
dangers = st.builds(Risk, st.sampled_from([Level.WATCH, Level.CONCERN, Level.URGENT]), kinds)
some_turn = st.tuples(st.just(NO_RISK) | dangers, st.sampled_from(Answer))
# Talk of other things comes in rows: drawn one by one it would hardly ever reach a limit.
turns = st.lists(
    st.lists(some_turn, min_size=1, max_size=3) | st.integers(1, 5).map(lambda count: [BESIDE] * count), max_size=12
).map(lambda rows: [turn for row in rows for turn in row])


def sentence(key: str) -> str:
    """Return every wording of a key of ``prompts/safety``, joined."""
    file, section, name = key.split(".")
    value = TABLES[f"{file}.toml"][section][name]
    return value if isinstance(value, str) else " ".join(value)


def run(*said: tuple[Risk, Answer]) -> list[Taken]:
    """Run a conversation from its start."""
    state, taken = ProtocolState(), []
    for risk, answer in said:
        taken.append(PROTOCOL.advance(state, risk, answer, (DAUGHTER,)))
        state = taken[-1].state
    return taken


def keys(taken: Taken) -> list[str]:
    return [step.key for step in taken.steps if step.key]


def lets_go(taken: Taken) -> bool:
    """Whether the person is let go because they talk of other things."""
    return any(key.endswith(".reply.elsewhere") for key in keys(taken))


def of(theme: Theme, level: Level) -> tuple[Risk, Answer]:
    """Return the turn in which a danger is told that nobody answered for."""
    kind = next(kind for kind in Kind if kind.theme is theme)
    return Risk(level, kind, "told"), Answer.UNCLEAR


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("level", LEVELS)
def test_who_goes_on_about_other_things_is_let_go(theme: Theme, level: Level) -> None:
    """At the limit and not before; of a wish or abuse that is urgent never."""
    taken = run(of(theme, level), *[BESIDE] * 8)
    gone = [at for at, one in enumerate(taken) if lets_go(one)]
    if (theme, level) in NEVER:
        assert gone == []
        assert taken[-1].state.is_open
    else:
        assert gone == [LIMITS[theme, level]]


@pytest.mark.parametrize("theme", THEMES)
def test_the_last_word_gives_the_number_twice_and_asks_nothing(theme: Theme) -> None:
    """It is one sentence of the file, without a question."""
    text = sentence(f"{theme}.reply.elsewhere")
    assert text.count(NUMBER[theme]) == 2
    assert "?" not in text


@settings(max_examples=200)
@given(turns)
def test_nobody_is_let_go_too_early(said: list[tuple[Risk, Answer]]) -> None:
    """Only behind as many turns in a row as the level demands, none with a danger; no urgent wish, no urgent abuse."""
    before = ProtocolState()
    for at, taken in enumerate(run(*said)):
        if lets_go(taken):
            case = (before.theme, before.level)
            assert case not in NEVER
            row = said[at + 1 - LIMITS[case] : at + 1]
            assert row == [BESIDE] * LIMITS[case]
            assert before.theme is not Theme.SELF_HARM or Question.THOUGHTS in before.asked
            assert [step.action for step in taken.steps] == [Action.SAY, Action.ALLOW]
        before = taken.state


@settings(max_examples=200)
@given(turns)
def test_nothing_but_leave_ends_a_case_and_nothing_is_taken_back(said: list[tuple[Risk, Answer]]) -> None:
    """A case closes with ALLOW; the standing level and the alerts that were ordered stand."""
    before = ProtocolState()
    for taken in run(*said):
        if before.is_open and not taken.state.is_open:
            assert Action.ALLOW in [step.action for step in taken.steps]
        assert taken.state.standing.rank >= before.standing.rank
        assert taken.state.alerted >= before.alerted
        before = taken.state


@settings(max_examples=200)
@given(turns, st.sampled_from(LEVELS), kinds)
def test_a_danger_is_met_at_once_whatever_was_before(said: list[tuple[Risk, Answer]], level: Level, kind: Kind) -> None:
    """After being let go as well: in the same turn, with the number."""
    if kind.is_measured:
        return
    *_, taken = run(*said, (Risk(level, kind, "told"), Answer.ELSEWHERE))
    assert NUMBER[kind.theme] in " ".join(map(sentence, keys(taken)))
    assert not lets_go(taken)


def test_a_doubtful_danger_to_the_body_is_not_confirmed_by_other_talk() -> None:
    """It is asked again, once, and then left; nobody is told. Silence still counts as yes."""
    doubtful = (Risk(Level.CONCERN, Kind.MEDICAL, "doubt"), Answer.UNCLEAR)
    _, again, gone = run(doubtful, BESIDE, BESIDE)
    assert keys(again) == ["medical.heard.again", "medical.ask.confirm"]
    assert lets_go(gone)
    assert gone.state.level is Level.CONCERN
    assert not gone.state.alerted
    assert run(doubtful, BESIDE, (NO_RISK, Answer.SILENT))[-1].state.level is Level.URGENT
    assert run(doubtful, (NO_RISK, Answer.UNCLEAR), (NO_RISK, Answer.UNCLEAR))[-1].state.level is Level.URGENT


@given(st.lists(st.sampled_from(Answer), max_size=8))
def test_other_talk_alone_makes_no_danger_to_the_body_real(answers: list[Answer]) -> None:
    """The turn in which a doubtful danger becomes urgent is never one of talk of other things."""
    state = run((Risk(Level.CONCERN, Kind.MEDICAL, "doubt"), Answer.UNCLEAR))[-1].state
    for answer in answers:
        after = PROTOCOL.advance(state, NO_RISK, answer).state
        assert answer is not Answer.ELSEWHERE or after.level is state.level
        state = after


def test_a_measured_danger_is_not_let_go_for_other_talk() -> None:
    """Confused talk may be what low sugar does: it counts as unclear, and twice as yes."""
    low = (Risk(Level.CONCERN, Kind.LOW_READING, "reading"), Answer.UNCLEAR)
    taken = run(low, BESIDE, BESIDE)
    assert not any(map(lets_go, taken))
    assert taken[-1].state.level is Level.URGENT


def test_after_being_let_go_the_wish_opens_it_again_and_is_asked_about() -> None:
    """With 109, and with the question that was not answered."""
    wish = (Risk(Level.CONCERN, Kind.PASSIVE_WISH, "wish"), Answer.UNCLEAR)
    *_, gone, again = run(wish, *[BESIDE] * 3, wish)
    assert lets_go(gone)
    assert again.state.is_open
    assert "{crisis_line}" in sentence(keys(again)[0])
    assert again.state.waiting is Question.THOUGHTS
    *_, answered = run(wish, (NO_RISK, Answer.YES), *[BESIDE] * 3, wish)
    assert answered.state.waiting is Question.METHOD


def test_no_turn_asks_two_things() -> None:
    """Only a question asks, and each of its wordings asks once."""
    for theme in THEMES:
        for section, entries in TABLES[f"{theme}.toml"].items():
            for value in entries.values():
                for wording in [value] if isinstance(value, str) else value:
                    assert wording.count("?") == (section == "ask" and "다섯. 넷." not in wording), wording


@settings(max_examples=100)
@given(turns)
def test_at_most_one_question_a_turn(said: list[tuple[Risk, Answer]]) -> None:
    """Whatever is said and answered."""
    for taken in run(*said):
        assert sum(step.action is Action.ASK for step in taken.steps) <= 1
