from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.heard import NOTHING_HEARD, Hearing
from companion.core.hearing_gate import GateTable, Segment, Verdict, is_known_invention, judge, letters, verdict_on
from companion.prompts import prompt_table

TABLE = GateTable.from_table(prompt_table("speech/inventions.toml"))


def segment(text: str, *, logprob: float = -0.3, no_speech: float = 0.05, ratio: float = 0.9) -> Segment:
    return Segment(text, avg_logprob=logprob, no_speech_prob=no_speech, compression_ratio=ratio)


def test_a_sure_sentence_is_clear() -> None:
    """Good figures are taken as said, with a confidence that says so."""
    heard = judge([segment(" 오늘은 무릎이 좀 아파요. ")], TABLE, seconds=2.5)
    assert heard.hearing is Hearing.CLEAR
    assert heard.text == "오늘은 무릎이 좀 아파요."
    assert 0.6 < heard.confidence < 0.8
    assert heard.seconds == 2.5


def test_a_doubtful_sentence_is_asked_again() -> None:
    """Speech whose words are doubtful keeps its words and asks to be said again."""
    heard = judge([segment("야가 맛집이라도", logprob=-0.88, no_speech=0.1)], TABLE)
    assert heard.ask_again


@pytest.mark.parametrize(
    "noise",
    [
        segment("자, 자, 자, 자, 자, 자", logprob=-0.14, no_speech=0.74, ratio=14.65),
        segment("에잇", logprob=-0.99, no_speech=0.32, ratio=0.43),
        segment("안녕하십시오.", logprob=-0.63, no_speech=0.48, ratio=1.46),
        segment("앗!", logprob=-1.35, no_speech=0.39, ratio=0.33),
        segment("하핳흐흐흐흐흐흐흐흐", logprob=-0.5, no_speech=0.41, ratio=1.5),
        segment("ㄱㄱㄱ", logprob=-1.17, no_speech=0.45, ratio=0.64),
        segment("...", logprob=-0.2),
        segment("어흐흐흑", logprob=-1.17, no_speech=0.57, ratio=0.71),
    ],
)
def test_what_was_written_on_noise_is_nothing(noise: Segment) -> None:
    """Figures seen on coughs, sighs, laughs and babble give no words."""
    assert judge([noise], TABLE) == NOTHING_HEARD


@pytest.mark.parametrize("word", ["네", "응", "뭐", "왜", "예", "어", "아니요"])
def test_a_short_answer_is_an_answer(word: str) -> None:
    """One syllable is kept with the weak figures that so little sound gives (0.62 is above the bar for noise)."""
    heard = judge([segment(word, logprob=-0.77, no_speech=0.62, ratio=0.27)], TABLE)
    assert (heard.text, heard.hearing) == (word, Hearing.CLEAR)


def test_a_very_weak_short_answer_is_asked_again() -> None:
    """A "네" that was hardly heard is not taken for consent."""
    assert judge([segment("네.", logprob=-1.6, no_speech=0.56, ratio=0.33)], TABLE).ask_again


def test_thanks_said_clearly_is_thanks() -> None:
    """A known invention with good figures was really said."""
    assert judge([segment("감사합니다.", logprob=-0.2, no_speech=0.1)], TABLE).hearing is Hearing.CLEAR


@pytest.mark.parametrize("text", ["시청해주셔서 감사합니다.", "MBC 뉴스 김성현입니다.", "구독과 좋아요 부탁드립니다!"])
def test_a_known_invention_with_weak_figures_is_nothing(text: str) -> None:
    """The words and the figures together condemn it."""
    assert verdict_on(segment(text, logprob=-0.3, no_speech=0.3), TABLE) is Verdict.INVENTION
    assert verdict_on(segment(text, logprob=-0.6, no_speech=0.05), TABLE) is Verdict.INVENTION
    assert verdict_on(segment(text, logprob=-0.2, no_speech=0.05), TABLE) is Verdict.CLEAR


def test_an_invention_at_the_end_does_not_take_the_sentence_with_it() -> None:
    """Only the invented segment of an utterance is left out."""
    heard = judge([segment("밥은 먹었어."), segment("시청해 주셔서 감사합니다.", no_speech=0.4)], TABLE)
    assert (heard.text, heard.hearing) == ("밥은 먹었어.", Hearing.CLEAR)


def test_a_loop_beside_words_is_asked_again() -> None:
    """Where part of what was said was lost in a loop, the rest alone is not trusted."""
    assert judge([segment("밥은 먹었어."), segment("네 네 네", ratio=5.0)], TABLE).ask_again


@pytest.mark.parametrize("text", ["아이고 아이고 아이고 아이고", "네네네네", "싫어 싫어 싫어"])
def test_people_repeat_themselves(text: str) -> None:
    """A lament or a hurried yes is no loop."""
    assert verdict_on(segment(text, ratio=1.5), TABLE) is Verdict.CLEAR


def test_no_answer_is_an_invention() -> None:
    """The lists of the data file do not contradict one another, and hold no phrase twice."""
    assert not any(is_known_invention(word, TABLE) for word in TABLE.answers)
    assert len(set(TABLE.inventions)) == len(TABLE.inventions)


def test_a_table_without_a_threshold_is_refused() -> None:
    """A missing figure is found when the table is read."""
    table = prompt_table("speech/inventions.toml")
    del table["thresholds"]["weak_avg_logprob"]
    with pytest.raises(KeyError):
        GateTable.from_table(table)


@given(
    text=st.text(),
    logprob=st.floats(-20, 0.5),
    no_speech=st.floats(-0.1, 1.1),
    ratio=st.floats(0, 100),
)
def test_heard_keeps_its_contract(text: str, logprob: float, no_speech: float, ratio: float) -> None:
    """Whatever comes out of a recogniser, text is NFC and empty exactly where nothing was heard."""
    heard = judge([segment(text, logprob=logprob, no_speech=no_speech, ratio=ratio)], TABLE)
    assert (heard.text == "") == (heard.hearing is Hearing.NOTHING)
    assert heard.text == unicodedata.normalize("NFC", heard.text).strip()
    assert 0.0 <= heard.confidence <= 1.0


@given(st.text())
def test_letters_are_a_fixed_point(text: str) -> None:
    """Taking the letters of letters changes nothing."""
    assert letters(letters(text)) == letters(text)
