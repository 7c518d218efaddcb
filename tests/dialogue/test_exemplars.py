"""Exemplars: what somebody told once, and whether its reply fits what is told now."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.adapters.analyser_mecab import MecabAnalyser
from companion.core.heard import Heard
from companion.core.turn import Tone
from companion.dialogue.exemplar_files import load_exemplars
from companion.dialogue.exemplars import Exemplar, Exemplars, Theme
from companion.dialogue.flow import Dialogue, Setting
from companion.dialogue.requests import Alike, Answer, FindAlike, FindFits, Fits, Labels, Request
from companion.dialogue.weighing import Weighing
from companion.errors import PromptError
from companion.prompts import prompt_table, prompt_texts
from companion.wiring import language
from tests.dialogue.conftest import answered

TOLD = (
    Exemplar("아들이 온다더니 못 온대", ("cancelled",), (Tone.LONELY,), "기다리던 마음이 갈 데가 없네요."),
    Exemplar("딸이 온다더니 바쁘대", ("cancelled",), (Tone.HURT,), theme=7),
    Exemplar("손주가 온다고 해서 장을 봐 놨어", ("looking_forward",), (Tone.GLAD,), theme=8),
)
THEMES = (
    Theme(7, ("온다던 사람이 안 오면 집이 더 넓지요.", "빈말이라도 미안하다 하던가요?")),
    Theme(8, ("설레시겠어요.",)),
)
WEIGHING = Weighing(prompt_table("lexicon/weighing.toml"))
EXEMPLARS = Exemplars(TOLD, THEMES, WEIGHING, MecabAnalyser())
SAID = "큰아들이 온다더니 못 온대"
NAMED = Labels(gists={"cancelled": 0.9}, tones={Tone.LONELY: 0.8})
GISTS = {"cancelled", "looking_forward"}
REPLIES = (*(one.reply for one in TOLD if one.reply), *(reply for one in THEMES for reply in one.replies))
FITS = dict.fromkeys(REPLIES, 0.4)


def line(**changed: object) -> str:
    entry = {"told": "비가 와서 못 갔어", "gist": ["cancelled"], "tone": ["plain"], "reply": "하필 그날 비가 왔네요."}
    return json.dumps({**entry, **changed}, ensure_ascii=False)


def worth_of(near: tuple[Alike, ...], labels: Labels = NAMED, fits: Mapping[str, float] = FITS) -> dict[str, float]:
    return {one.id: one.worth for one in EXEMPLARS.fitting(SAID, near, labels, fits)}


def test_the_reply_of_what_was_told_just_so_is_said_first() -> None:
    """What is told in the same words is answered as it was."""
    found = EXEMPLARS.fitting(SAID, (Alike(0, 0.97), Alike(2, 0.3)), NAMED, FITS)

    assert found[0].id == "told.0"


def test_what_is_alike_in_letters_only_is_worth_less_where_it_means_something_else() -> None:
    """혈당이 내려왔어 and 혈당이 올랐어 lie side by side: the gist that is named decides between them."""
    near = (Alike(0, 0.9),)
    other = Labels(gists={"looking_forward": 0.9}, tones={Tone.GLAD: 0.9})

    assert worth_of(near)["told.0"] > worth_of(near, other)["told.0"]


@given(fit=st.floats(min_value=-1.0, max_value=0.9), number=st.integers(min_value=0, max_value=2))
def test_to_fit_better_never_speaks_against_a_reply(fit: float, number: int) -> None:
    """Everything else alike, what a reply is worth grows with how well it fits."""
    near = (Alike(number, 0.8),)
    less, more = (worth_of(near, fits=dict.fromkeys(REPLIES, one)) for one in (fit, fit + 0.1))

    assert less.keys() == more.keys()
    assert all(more[name] >= worth for name, worth in less.items())


def test_a_reply_of_which_nobody_knows_how_it_fits_is_never_said() -> None:
    """Without the model of fits nothing of another's is said."""
    assert worth_of((Alike(0, 0.99), Alike(1, 0.98)), fits={}) == {}


def test_a_theme_of_which_nothing_is_left_is_never_offered() -> None:
    """An exemplar whose theme was taken out has nothing to say."""
    without = Exemplars(TOLD, (), WEIGHING, MecabAnalyser())

    assert not without.fitting(SAID, (Alike(1, 0.99), Alike(2, 0.98)), NAMED, FITS)
    assert without.replies((Alike(1, 0.99), Alike(2, 0.98))) == ()


def test_an_exemplar_that_is_not_there_is_passed_over() -> None:
    """Vectors of more exemplars than there are name nobody."""
    assert EXEMPLARS.fitting(SAID, (Alike(99, 1.0),), NAMED, FITS) == ()


def test_what_fits_comes_in_the_order_of_its_worth_and_is_bounded() -> None:
    """The best first, five at most."""
    found = EXEMPLARS.fitting(SAID, tuple(Alike(number, 0.95) for number in range(3)), NAMED, FITS)

    assert [one.worth for one in found] == sorted((one.worth for one in found), reverse=True)
    assert 0 < len(found) <= 5


def test_all_replies_of_what_is_near_are_weighed() -> None:
    """Its own and those of its theme, each once."""
    assert EXEMPLARS.replies((Alike(0, 0.9), Alike(1, 0.9))) == (TOLD[0].reply, *THEMES[0].replies)


@pytest.fixture(scope="module")
def talking() -> Dialogue:
    """The shipped dialogue with its exemplars."""
    return language.dialogue(language.analyser())


def said_after(talking: Dialogue, setting: Setting, text: str, number: int, fit: float = 0.9) -> str:
    """Return what is said of a telling where one exemplar alone is found, whose reply fits so well."""

    def answer(request: Request) -> Answer:
        match request:
            case FindAlike():
                return (Alike(number, 0.95),)
            case FindFits(_, replies):
                return Fits(dict.fromkeys(replies, -0.2) | {talking.exemplars.all[number].reply: fit})
            case _:
                return None

    return answered(talking, Heard.typed(text), setting, answer=answer).reply.text


def number_of(talking: Dialogue, words: str) -> int:
    """Return the first exemplar with a reply of its own that holds these words."""
    return next(at for at, one in enumerate(talking.exemplars.all) if words in one.reply)


def test_what_fits_best_is_said_and_what_fits_ill_is_not(talking: Dialogue, setting: Setting) -> None:
    """The reply of an exemplar goes before what only listens, where it fits."""
    number = number_of(talking, "무릎")
    told, reply = talking.exemplars.all[number].told, talking.exemplars.all[number].reply

    assert said_after(talking, setting, told, number) == reply
    assert said_after(talking, setting, told, number, fit=-0.5) != reply


def test_nobody_is_mourned_who_did_not_die(talking: Dialogue, setting: Setting) -> None:
    """우리 영감은 도무지 말이 없어: he lives, whatever was said once to a widow."""
    number = number_of(talking, "가신 분")
    reply = talking.exemplars.all[number].reply

    assert said_after(talking, setting, "우리 영감은 밥상 앞에서 도무지 말이 없어", number) != reply
    assert said_after(talking, setting, "우리 영감이 작년 봄에 저세상으로 먼저 갔어", number) == reply


@pytest.mark.parametrize(
    "broken",
    [
        "no json",
        "[]",
        line(told=""),
        line(gist=["no_such_gist"]),
        line(tone=["no_such_tone"]),
        line(reply=""),
        line(theme=99),
    ],
)
def test_a_broken_line_is_named(broken: str) -> None:
    """File and line are told to whoever mends it; nothing of it is ever said."""
    with pytest.raises(PromptError) as raised:
        load_exemplars({"told_a.jsonl": f"{line()}\n{broken}\n"}, GISTS)

    assert raised.value.fields["file"] == "exemplars/told_a.jsonl"
    assert raised.value.fields["entry"] == "2"


def test_every_shipped_exemplar_can_be_answered_and_no_theme_is_idle() -> None:
    """A theme that nobody tells would never be said; no two themes share a number."""
    files = prompt_texts("exemplars", ".jsonl")
    gists = {gist for name, text in files.items() if name.startswith("told_") for gist in _gists(text)}
    exemplars, themes = load_exemplars(files, gists)

    assert {one.theme for one in exemplars if one.theme is not None} == {one.number for one in themes}
    assert len({one.number for one in themes}) == len(themes)
    assert len({one.told for one in exemplars}) == len(exemplars)


def _gists(text: str) -> set[str]:
    return {gist for one in text.splitlines() for gist in json.loads(one)["gist"]}
