"""Activities: scripts that are whole, runs that end, moods that are read, and contraindications that hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.life import Activity, Memory, Outcome
from companion.core.numerals import read_native, read_sino
from companion.core.turn import Feeling
from companion.dialogue.activities.answers import Taken
from companion.dialogue.activities.offering import Conditions, Now, allowed, fitting, of_kind
from companion.dialogue.activities.parsing import script_problems
from companion.dialogue.activities.running import ActivityWords, Finished, Manner, Move, run
from companion.dialogue.activities.script import Condition, Kind, Script, Slot
from companion.prompts import prompt_table, prompt_tables
from companion.wiring.activities import scripts
from tests.fakes.clock import START

TABLE = prompt_table("wording/activities.ko.toml")
WORDS = ActivityWords(TABLE)
SCRIPTS = scripts()
EVERY = list(SCRIPTS.values())
QUIET = Now(START, Feeling.NEUTRAL, "hobby", "morning", frozenset())


def played(script: Script, answers: Sequence[str | None], manner: Manner | None = None) -> tuple[list[Move], Finished]:
    """Run a script with answers to its questions and silence in its rests; return the moves and what came of it."""
    running = run(script, WORDS, manner or Manner(asks_mood=True))
    left, moves = list(answers), [next(running)]
    while True:
        asked = moves[-1].asks
        try:
            moves.append(running.send(left.pop(0) if asked and left else None))
        except StopIteration as stopped:
            return moves, stopped.value


def test_there_are_scripts_of_every_kind_and_each_is_whole() -> None:
    """At least 24, with a source and without a defect."""
    problems = [one for file, table in prompt_tables("activities").items() for one in script_problems(file, table)]

    assert problems == []
    assert len(SCRIPTS) >= 24
    assert {script.kind for script in EVERY} == set(Kind)


def test_every_problem_of_a_file_is_told_at_once() -> None:
    """For whoever writes it."""
    table = {
        "id": "x",
        "title": "숨 참기",
        "kind": "breathing",
        "version": "1",
        "minutes": 90,
        "offer": ["숨을 참아 봐요."],
        "close": "됐어요?",
        "surprise": 1,
        "step": [
            {"say": "어때요? 좋아요?"},
            {"breathe": {"times": 3, "in": 4, "out": 4, "hold": 4}, "goto": "nowhere"},
        ],
    }
    found = {problem.message.removeprefix("activities.") for problem in script_problems("x.toml", table)}

    assert found >= {
        "unknown_key",
        "wrong_minutes",
        "no_question",
        "stray_question",
        "two_questions",
        "missing",
        "unknown_step",
        "missing_contraindication",
    }


@given(
    st.sampled_from(EVERY),
    st.lists(
        st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["응", "아니", "그만", "칠", "내일"])), max_size=20
    ),
)
def test_every_run_ends_and_asks_one_thing_at_a_time(script: Script, answers: list[str | None]) -> None:
    """Whatever is answered."""
    moves, finished = played(script, answers)

    assert len(moves) < 60
    assert finished.outcome in {Outcome.OFFERED, Outcome.REFUSED, Outcome.STOPPED, Outcome.DONE}
    assert all(move.text.count("?") == move.asks for move in moves)


@pytest.mark.parametrize("script", EVERY, ids=lambda script: script.id)
def test_a_wish_to_stop_is_heeded_at_once(script: Script) -> None:
    """One kind sentence, and nothing more; wherever it is said."""
    whole, _ = played(script, ["응 하자", "오", *["응"] * 10])
    for place in range(1, sum(move.asks for move in whole)):
        before = ["응 하자", "오", *["응"] * 10][:place]
        moves, finished = played(script, [*before, "그만할래"])

        assert finished.outcome is Outcome.STOPPED
        assert moves[-1].id.endswith("stopped")


def test_a_refusal_is_met_without_pressing() -> None:
    """One sentence, and no question."""
    moves, finished = played(SCRIPTS["breath_plain"], ["아니 됐어"])

    assert finished.outcome is Outcome.REFUSED
    assert len(moves) == 2
    assert "?" not in moves[1].text


def test_what_is_no_answer_to_an_offer_is_the_turn_of_the_person() -> None:
    """It is answered as any other."""
    _, finished = played(SCRIPTS["breath_plain"], ["어제 우리 손주가 전화를 했더라고"])

    assert finished == Finished(Outcome.OFFERED, unanswered=True)


def test_moods_before_and_after_are_kept() -> None:
    """As they were said."""
    moves, finished = played(SCRIPTS["breath_plain"], ["그래 해 보자", "한 넷쯤", "육 점"])

    assert (finished.outcome, finished.mood_before, finished.mood_after) == (Outcome.DONE, 4, 6)
    assert any(move.id.endswith("better") for move in moves)


def test_nobody_is_asked_for_a_number_that_goes_nowhere() -> None:
    """Without consent to health data no mood is asked for."""
    moves, finished = played(SCRIPTS["breath_plain"], ["응"], Manner(asks_mood=False))

    assert finished.outcome is Outcome.DONE
    assert not any("mood" in move.id for move in moves)


def test_reminiscence_stops_where_it_hurts() -> None:
    """War, loss, tears: the person is listened to."""
    moves, finished = played(SCRIPTS["childhood_play"], ["응", "오", "놀 새가 어딨어 전쟁 나서 피난 다녔지"])

    assert (finished.outcome, finished.hurt) == (Outcome.STOPPED, True)
    assert moves[-1].id.endswith("grief")


def test_dizziness_ends_breathing() -> None:
    """In the middle of a rest, too."""
    running = run(SCRIPTS["breath_plain"], WORDS, Manner(asks_mood=False))
    move = next(running)
    while not move.id.endswith("breath.in"):
        move = running.send("응" if move.asks else None)

    assert running.send("아이고 어지러워").id.endswith("dizzy")
    with pytest.raises(StopIteration) as stopped:
        running.send(None)
    assert stopped.value.value.hurt


def test_a_small_thing_is_chosen_with_its_time() -> None:
    """Which of the choices, and the words of the person."""
    _, finished = played(SCRIPTS["pleasant_small"], ["응", "오", "볕 쬐는 게 좋지", "내일 아침에", "육"])

    assert finished.picked == "창가에서 볕 쬐기"
    assert finished.kept == {Slot.WHAT: "볕 쬐는 게 좋지", Slot.WHEN: "내일 아침에"}


def test_nobody_with_a_weak_heart_or_lung_is_told_to_hold_their_breath() -> None:
    """Not offered, not given where it is asked for; who says so when asked breathes freely."""
    holding = [script for script in EVERY if script.holds_breath]
    moves, _ = played(holding[0], ["응", "오", "응 심장이 안 좋다더라"])

    assert holding
    for condition in (Condition.LUNG_DISEASE, Condition.HEART_DISEASE):
        assert not any(script.holds_breath for script in allowed(EVERY, frozenset({condition})))
    assert not any(move.id.endswith("breath.hold") for move in moves)


@pytest.mark.parametrize(
    ("told", "condition"),
    [
        ("폐가 안 좋아", Condition.LUNG_DISEASE),
        ("천식이 있어", Condition.LUNG_DISEASE),
        ("심장이 안 좋아서 병원에 다녀", Condition.HEART_DISEASE),
        ("무릎이 아파", Condition.JOINT_PAIN),
        ("어제 넘어졌어", Condition.FALLS),
    ],
)
def test_contraindications_are_read_from_what_was_told(told: str, condition: Condition) -> None:
    """As long as it is known; a fall while it is recent."""
    memory = Memory(kind="health", fact=told, value=told, sentence=told, at=START)

    assert condition in Conditions(TABLE["conditions"]).of([memory], START)


def test_a_fall_and_a_loss_are_recent_for_a_while() -> None:
    """Then they do not stand against anything any more."""
    conditions = Conditions(TABLE["conditions"])
    told = [
        Memory(kind="loss", aspect="death", about="영감", fact="영감 돌아가심", at=START),
        Memory(kind="health", value="넘어졌어", fact="넘어짐", at=START),
    ]

    assert conditions.of(told, START) == {Condition.RECENT_LOSS, Condition.FALLS}
    assert conditions.of(told, START + timedelta(days=200)) == frozenset()


@given(
    st.frozensets(st.sampled_from(list(Condition))),
    st.sampled_from(list(Feeling)),
    st.sampled_from(["sleep", "hobby", "meal", "hometown_childhood", "other"]),
    st.sampled_from(["morning", "day", "evening", "night"]),
)
def test_nothing_that_the_record_speaks_against_is_ever_offered(
    conditions: frozenset[Condition], feeling: Feeling, topic: str, part: str
) -> None:
    """Neither unasked nor asked for."""
    now = Now(START, feeling, topic, part, conditions)
    found = [fitting(EVERY, now, ()), *(of_kind(EVERY, kind, now, ()) for kind in (None, *Kind))]

    assert not any(script is not None and script.not_with & conditions for script in found)


def test_what_was_refused_is_not_offered_again_soon() -> None:
    """Nor its kind; and nothing twice a day."""
    first = fitting(EVERY, QUIET, ())
    assert first is not None
    refused = Activity(first.id, Outcome.REFUSED, START - timedelta(days=1))
    second = fitting(EVERY, QUIET, [refused])

    assert second is None or second.kind is not first.kind
    assert fitting(EVERY, QUIET, [replace(refused, at=START - timedelta(hours=1))]) is None


def test_what_helped_is_offered_before_what_did_not() -> None:
    """By how the mood changed."""
    worried = replace(QUIET, feeling=Feeling.WORRY, topic="other")
    plain = fitting(EVERY, worried, ())
    assert plain is not None
    other = next(
        one
        for one in EVERY
        if one.kind is plain.kind and one.id != plain.id and "worry" in one.feelings and not one.parts
    )
    long_ago = START - timedelta(days=40)
    before = [
        Activity(plain.id, Outcome.DONE, long_ago, mood_before=6, mood_after=3),
        Activity(other.id, Outcome.DONE, long_ago, mood_before=3, mood_after=7),
    ]

    assert fitting(EVERY, worried, before) == other


def test_grief_is_listened_to() -> None:
    """Sadness without a fitting script brings no proposal of gymnastics."""
    found = fitting(EVERY, replace(QUIET, feeling=Feeling.SADNESS, topic="bereavement"), ())

    assert found is None or "sadness" in found.feelings


@given(st.integers(0, 10))
def test_every_number_of_the_scale_is_read_in_every_way(number: int) -> None:
    """삼, 셋, 3, 삼 점, 한 셋쯤."""
    ways = [read_sino(number), f"{number}", f"{number}점", f"{read_sino(number)} 점"]
    ways += (
        [read_native(number, before_counter=False), f"한 {read_native(number, before_counter=False)}쯤"]
        if number
        else []
    )

    assert [WORDS.mood.read(way) for way in ways] == [number] * len(ways)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("한 다섯쯤 되려나", 5),
        ("10점 만점에 6점", 6),
        ("칠팔 되지", 7),
        ("대여섯쯤", 5),
        ("그냥 그래", 5),
        ("야달", 8),
        ("열둘", None),
        ("오늘은 일이 많아", None),
        ("네", None),
        ("모르겠어", None),
        ("", None),
    ],
)
def test_a_mood_is_read_as_people_say_it(said: str, number: int | None) -> None:
    """Approximate numbers stand for the lower one; what is no number is none."""
    assert WORDS.mood.read(said) == number


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("혼자 장 보기가 힘들어", Taken.TOLD),
        ("아이고 힘들어", Taken.STOP),
        ("그만하자", Taken.STOP),
        ("밥 먹기 싫어", Taken.TOLD),
        ("눈물이 나네", Taken.DISTRESS),
        ("다음에 할게", Taken.NO),
        ("그래 해 보자", Taken.YES),
        (None, Taken.NOTHING),
    ],
)
def test_answers_are_told_apart(said: str | None, taken: Taken) -> None:
    """What is told of a hardship is not a wish to stop."""
    assert WORDS.answers.take(said) is taken


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("심심한데 뭐 할까", True),
        ("숨쉬기 좀 하자", Kind.BREATHING),
        ("숨쉬기 운동 좀 시켜 줘", Kind.BREATHING),
        ("체조 하나 하자", Kind.MOVEMENT),
        ("체조 한번 하자", Kind.MOVEMENT),
        ("복지관에서 체조하자고 해서 갔다 왔어", False),
        ("운동 좀 하라고 의사가 그러더라", False),
        ("옛날이야기나 하자", Kind.REMINISCENCE),
        ("저녁에 뭐 할까", False),
        ("잠이 안 오는데 어떻게 해", Kind.SLEEP),
    ],
)
def test_a_wish_for_an_activity_is_heard(said: str, kind: Kind | Literal[True, False]) -> None:
    """By kind, or for any."""
    assert WORDS.wanted(said) == kind


def test_an_answer_is_acknowledged_before_the_next_question() -> None:
    """Otherwise each time: nobody is interrogated."""
    moves, _ = played(
        SCRIPTS["childhood_play"], ["응", "오", "고무줄놀이 했지", "순이라고 있었어", "엄마가 불러 줬지", "육"]
    )
    asked = [move.text for move in moves if move.id.startswith("activity.childhood_play.step")]

    assert asked[0].startswith("동네에서")
    assert len({text.split(".")[0] for text in asked[1:]}) == len(asked) - 1 > 1


def test_an_activity_is_asked_for_behind_a_telling() -> None:
    """The last sentence is the wish; what stands before it is not."""
    told = "아침 먹고 설거지하고 걸레질까지 했는데 이제 아홉 시 반이야."
    assert WORDS.wanted(f"{told} 뭐 할 거 없나, 점심까지?") is True
    assert WORDS.wanted(f"뭐 할 거 없나 했는데 손님이 왔어. {told}") is False
