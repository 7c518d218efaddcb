"""What is said to 말벗 itself is met however it is put; and short words are met from what was told before."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping

import pytest

from companion.core.heard import Heard
from companion.core.turn import Act, Feeling
from companion.dialogue.examples import NOTHING, load_gists, load_wants, want_problems
from companion.dialogue.flow import Command, Dialogue, Setting
from companion.dialogue.requests import Answer, Labels, Name, Request
from companion.dialogue.state import Response, State
from companion.dialogue.wants import Wants, likely
from companion.errors import PromptError
from companion.prompts import prompt_table, prompt_tables
from tests.dialogue.conftest import answered

TABLE = prompt_table("lexicon/wants.toml")["want"]
UNDONE = {"yes", "no", "not_sure", "fine_anyway", "more", "greet", "forget", "exercise"}
"""What does nothing by itself: short answers, and what other parts of 말벗 do."""
PUT_ANYHOW = "그 뭣이냐 거시기 있잖은가"
PARTING = "해가 다 넘어갔구먼, 다음에 또"
"""Words that no rule knows."""


def naming(wants: Mapping[str, float], gists: Mapping[str, float] | None = None) -> Callable[[Request], Answer]:
    """Return an answerer that names these wants and gists, and nothing else."""

    def answer(request: Request) -> Answer:
        if not isinstance(request, Name):
            return None
        return Labels({Act.TELL: 0.9}, {"other": 0.9}, {Feeling.NEUTRAL: 0.9}, gists or {}, {}, wants)

    return answer


def met(dialogue: Dialogue, setting: Setting, want: str, share: float = 0.9, text: str = PUT_ANYHOW) -> Response:
    """Return the response to words by which this is wanted, so probably."""
    return answered(dialogue, Heard.typed(text), setting, answer=naming({want: share, NOTHING: 1 - share}))


@pytest.mark.parametrize("want", sorted(name for name, entry in TABLE.items() if "say" in entry))
def test_what_is_wanted_is_answered_by_its_fixed_sentence(dialogue: Dialogue, setting: Setting, want: str) -> None:
    """In whatever words."""
    response = met(dialogue, setting, want)
    assert response.reply.id.startswith(f"{TABLE[want]['say']}#")
    assert response.understanding is not None
    assert response.understanding.situation == f"want.{want}"


@pytest.mark.parametrize("want", sorted(name for name, entry in TABLE.items() if "gist" in entry))
def test_what_the_bank_answers_is_answered_from_it(dialogue: Dialogue, setting: Setting, want: str) -> None:
    """A message, something to be found."""
    assert met(dialogue, setting, want).reply.id.startswith(f"other.gist.{TABLE[want]['gist']}#")


@pytest.mark.parametrize("want", sorted(name for name, entry in TABLE.items() if "tells" in entry))
def test_a_tale_that_is_wanted_is_told(dialogue: Dialogue, setting: Setting, want: str) -> None:
    """A story, a joke, a proverb, a riddle."""
    assert met(dialogue, setting, want).reply.id.startswith("tale.")


@pytest.mark.parametrize("want", sorted(name for name, entry in TABLE.items() if "command" in entry))
def test_a_command_is_obeyed_however_it_is_put(dialogue: Dialogue, setting: Setting, want: str) -> None:
    """``소리가 모기 소리만 하네`` makes the voice louder."""
    text = PARTING if want == "farewell" else PUT_ANYHOW
    assert met(dialogue, setting, want, text=text).command is Command(TABLE[want]["command"])


def test_what_cannot_be_a_goodbye_is_none(dialogue: Dialogue, setting: Setting) -> None:
    """``오늘은 살 만해`` ends nothing, however much it sounds like a goodbye to an encoder."""
    assert met(dialogue, setting, "farewell", share=0.99, text="그걸 다 기억하네. 오늘은 살 만해.").command is None


@pytest.mark.parametrize("want", ["farewell", "louder", "medicine", "joke"])
def test_what_is_only_half_sure_is_received_as_told(dialogue: Dialogue, setting: Setting, want: str) -> None:
    """Nobody is cut short, or told a joke, by a guess."""
    response = met(dialogue, setting, want, 0.35)
    assert response.command is None
    assert response.understanding is not None
    assert response.understanding.situation != f"want.{want}"


def test_danger_is_answered_before_anything_that_is_wanted(dialogue: Dialogue, setting: Setting) -> None:
    """Who takes leave for good is not said goodbye to."""
    response = met(dialogue, setting, "farewell", 0.99, "나 이제 약 먹고 갈란다, 잘 있어라")
    assert response.command is None
    assert not response.reply.ends_session


def test_a_rule_that_fits_decides_before_the_head(dialogue: Dialogue, setting: Setting) -> None:
    """What is plainly the hour is told the hour, whatever the head thinks."""
    response = met(dialogue, setting, "joke", 0.99, "지금 몇 시야?")
    assert response.reply.id.startswith("identity.identity.time#")


@pytest.mark.parametrize(("word", "how"), [("응", "yes"), ("별로", "no"), ("글쎄", "unsure"), ("괜찮아", "fine")])
def test_a_short_word_is_met_from_what_was_told(dialogue: Dialogue, setting: Setting, word: str, how: str) -> None:
    """``글쎄`` after an operation to come is met as one who fears it."""
    told = answered(
        dialogue,
        Heard.typed("내일모레 백내장 수술 날을 받아 놨어"),
        setting,
        answer=naming({}, {"treatment_fear": 0.9, "plan_ahead": 0.1}),
    )
    wants = {"yes": "yes", "no": "no", "unsure": "not_sure", "fine": "fine_anyway"}

    def answer(request: Request) -> Answer:
        if not isinstance(request, Name):
            return None
        if request.text == word:
            return Labels(gists={"short_answer": 0.9}, wants={wants[how]: 0.9})
        return Labels(gists={"treatment_fear": 0.9, "plan_ahead": 0.1})

    response = answered(dialogue, Heard.typed(word), setting, told.state, answer=answer)
    assert response.reply.id.startswith(f"answer.gist.treatment_fear.{how}#")


def test_a_short_word_to_nothing_is_no_answer_to_a_telling(dialogue: Dialogue, setting: Setting) -> None:
    """The first word of a talk has nothing before it."""
    answer = naming({"yes": 0.9}, {"short_answer": 0.9})
    response = answered(dialogue, Heard.typed("응"), setting, State.start(), answer=answer)
    assert not response.reply.id.startswith("answer.gist.")


def test_every_gist_that_is_told_meets_every_short_word(dialogue: Dialogue) -> None:
    """So that no telling leaves ``글쎄`` unmet."""
    known = dialogue.bank.situations
    steering = {"farewell", "greeting", "hold_on", "back", "agree", "disagree", "not_know", "other_topic", "misheard"}
    for gist in dialogue.bank.told_gists - steering:
        for how in ("yes", "no", "unsure", "fine"):
            assert f"answer.gist.{gist}.{how}" in known


def test_every_class_of_the_lessons_does_something_or_is_known_to_do_nothing() -> None:
    """A class that nobody acts on would be a lesson for nothing."""
    taught = {one.want for one in load_wants(prompt_tables("wants"))}
    assert taught == {*TABLE, *UNDONE, NOTHING}


def test_what_is_told_is_a_lesson_that_nothing_is_wanted(dialogue: Dialogue) -> None:
    """A share of the tellings, none of what is said to 말벗."""
    bank = dialogue.bank
    lessons = load_gists(prompt_tables("gists"), bank.gists, bank.told_gists)
    unwanted = {one.gist for one in lessons if one.want}
    assert unwanted
    assert unwanted <= bank.told_gists
    assert {one.want for one in lessons} == {"", NOTHING}


def test_a_lesson_without_texts_is_named() -> None:
    """By its file and its want."""
    (problem,) = want_problems({"said.toml": {"louder": ["크게 좀", " "]}})
    assert problem.file == "wants/said.toml"
    assert problem.key == "louder"


@pytest.mark.parametrize(
    "broken",
    [
        'least = 0.6\n[want.louder]\ncommand = "shout"',
        "least = 0.6\n[want.louder]\n",
        'least = 0.6\n[want.louder]\ncommand = "louder"\nsay = "session.session.louder"',
    ],
)
def test_a_broken_table_of_wants_is_refused(broken: str) -> None:
    """An unknown command, nothing to do, two things to do."""
    with pytest.raises(ValueError, match=r"shout|one of"):
        Wants(tomllib.loads(broken))


def test_a_want_answered_by_a_sentence_that_is_not_there_is_refused() -> None:
    """When the tables are loaded, before anybody hears it."""
    from companion.dialogue.tables import build
    from companion.wiring.language import analyser

    lexicon = {**prompt_tables("lexicon"), "wants.toml": {"least": 0.6, "want": {"time": {"say": "nowhere.at.all"}}}}
    with pytest.raises(PromptError):
        build(
            replies=prompt_tables("replies"),
            fixed=prompt_tables("fixed"),
            lexicon=lexicon,
            safety=prompt_tables("safety"),
            analyser=analyser(),
        )


def test_who_goes_to_bed_is_wished_a_good_night_whatever_the_clock_says(dialogue: Dialogue, setting: Setting) -> None:
    """And nothing of the talk is held out for next time."""
    told = answered(dialogue, Heard.typed("오늘 시장에서 고등어를 사 왔어"), setting)
    response = answered(dialogue, Heard.typed("나 인자 잘란다"), setting, told.state)
    assert response.reply.id.startswith("session.closing.night#")
    assert response.reply.ends_session


def test_what_was_asked_of_the_voice_is_nothing_to_look_forward_to(dialogue: Dialogue, setting: Setting) -> None:
    """``소리가 모기 소리만 해`` leaves no mosquito for next time."""
    told = answered(dialogue, Heard.typed("비가 오네"), setting)
    louder = answered(
        dialogue, Heard.typed("소리가 모기 소리만 하네"), setting, told.state, answer=naming({"louder": 0.9})
    )
    response = answered(dialogue, Heard.typed("다음에 또 보자"), setting, louder.state)
    assert "모기" not in response.reply.text


def test_what_may_be_wanted_is_named_likeliest_first_and_nothing_where_it_is_told() -> None:
    assert likely(Labels(wants={"none": 0.2, "call": 0.3, "errand": 0.45, "news": 0.05})) == ("errand", "call")
    assert likely(Labels(wants={"none": 0.8, "errand": 0.2})) == ("none",)
    assert likely(Labels(wants={"none": 0.5, "errand": 0.05})) == ("none",)
    assert likely(Labels()) == ()


def test_after_something_hard_nothing_told_before_it_is_looked_forward_to(dialogue: Dialogue, setting: Setting) -> None:
    """Whoever told of a child that died is not thanked for the story of the octopus."""
    told = answered(dialogue, Heard.typed("뻘에서 낙지를 잡았지"), setting)
    hard = answered(dialogue, Heard.typed("너무 슬퍼서 눈물이 나"), setting, told.state)
    response = answered(dialogue, Heard.typed("다음에 또 보자"), setting, hard.state)
    assert response.reply.ends_session
    assert "낙지" not in response.reply.text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("나를 유치원 애 다루듯 하지 말게", "malbeot.wish.treated_as_adult"),
        ("사람을 어린애 취급하지 마라", "malbeot.wish.treated_as_adult"),
        ("가지 말고 말동무 좀 해 줘", "malbeot.wish.stays"),
        ("끊지 말고 나랑 얘기 좀 해", "malbeot.wish.stays"),
        ("방금 죽었다고 안 했소. 들은 귀로 다 흘려 버리는구먼.", "malbeot.wish.said_already"),
        ("아까 말했잖여. 무릎은 인공으로 갈었다고. 왼쪽만.", "malbeot.wish.said_already"),
        ("자네는 뭔 말을 해도 그러셨군요, 그러셨군요여.", "malbeot.wish.said_twice"),
        ("사람이 숨 좀 쉬고 말하는데 톡톡 끊네.", "malbeot.wish.interrupted"),
        ("몰라, 귀찮아.", "malbeot.wish.left_alone"),
        ("말이 어째 그렇게 촐싹촐싹 빠르다냐. 나는 반도 못 알아먹었다.", "session.session.slower"),
        ("테레비를 끄라는 게 아이고, 니 소리가 작다꼬. 쪼매 크게 해라.", "session.session.louder"),
        (
            "아들이라고 울면서 전화가 왔는데 우리 아들은 존댓말 안 쓴다 하고 탁 끊었어. 보이스피싱이지.",
            "safety.safety.scam",
        ),
    ],
)
def test_what_is_asked_of_its_manner_is_done(dialogue: Dialogue, setting: Setting, text: str, key: str) -> None:
    """A scolding is owned, company is kept, and the voice does what was asked of it, not the opposite."""
    assert answered(dialogue, Heard.typed(text), setting).reply.id.startswith(key)


@pytest.mark.parametrize(
    "text",
    [
        "며느리가 나를 애 취급하지 뭐야",
        "아까 세 시라고 했는데 네 시 차였다",
        "엄마 그 얘기 아까 했잖아 하는데 무안하더라",
        "말동무해 줘서 고맙데이",
        "영감이 내 말을 자꾸 끊고 그래",
        "그날 처음으로 어머니도 젊은 사람이구나 했어요",
    ],
)
def test_what_others_do_is_no_scolding(dialogue: Dialogue, setting: Setting, text: str) -> None:
    """It is told, and 말벗 neither says that it is sorry nor speaks of itself."""
    assert not answered(dialogue, Heard.typed(text), setting).reply.id.startswith(("malbeot.wish.", "identity."))


@pytest.mark.parametrize(("want", "heard"), [("joke", False), ("softer", False), ("scold_repeats", True)])
def test_who_answers_wants_little(want: str, *, heard: bool) -> None:
    """``양말 신다가, 웃기지`` wants no joke; who was asked twice says so."""
    labels = Labels(wants={want: 0.9, NOTHING: 0.1})
    found = Wants(prompt_table("lexicon/wants.toml"))

    assert found.find(PUT_ANYHOW, labels) is not None
    assert (found.find(PUT_ANYHOW, labels, answers=True) is not None) is heard
