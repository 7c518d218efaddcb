"""The interview: what is asked after what, and how it ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.screening.instrument import Instrument
from companion.screening.interview import Interview, Manner
from companion.screening.record import Asker, Confirmed, Decider, Form, ItemOutcome, Status
from companion.screening.requests import Ask, AskKind, Consult, Opinion, Reply
from tests.screening.conftest import held, scripted

WILLING = Manner(asked_by=Asker.OPERATOR, willing=True, gate=False, unscored=False)


def always(text: str) -> Callable[[Ask], Reply]:
    return lambda _ask: Reply(text)


def by_item(replies: dict[str, list[str]], otherwise: str = "전혀요") -> Callable[[Ask], Reply]:
    """Answer each item with its own replies, then with ``otherwise``."""
    left = {name: list(texts) for name, texts in replies.items()}

    def answer(ask: Ask) -> Reply:
        texts = left.get(ask.item, [])
        return Reply(texts.pop(0) if texts else otherwise)

    return answer


def test_it_asks_for_willingness_then_states_the_window_then_asks_verbatim(
    interview: Interview, phq9: Instrument
) -> None:
    """The first item comes after a yes, behind the recall window, in its own words."""
    outcome, asked = held(interview, phq9, Manner(address="어르신"), scripted("네, 물어보세요", "전혀요", "없어요"))

    assert asked[0].kind is AskKind.WILLING
    assert asked[1].text.startswith(phq9.frame.introduction)
    assert phq9.items[0].text in asked[1].text
    assert outcome.screening.gated


def test_a_no_is_taken_for_an_answer(interview: Interview, phq9: Instrument) -> None:
    """Who does not want to be asked is not asked."""
    outcome, asked = held(interview, phq9, Manner(), scripted("아니, 오늘은 싫어"))

    assert outcome.screening.status is Status.REFUSED
    assert len(asked) == 1
    assert outcome.closing


def test_a_whole_interview_keeps_words_option_decider_and_confidence(interview: Interview, phq9: Instrument) -> None:
    """Every answer can be traced to what was said."""
    outcome, _ = held(interview, phq9, WILLING, by_item({"phq9.3": ["사흘에 한 번은 못 자"]}))
    answer = outcome.screening.current()["phq9.3"]

    assert outcome.screening.status is Status.COMPLETE
    assert (answer.reply, answer.option, answer.score, answer.code) == ("사흘에 한 번은 못 자", "1", 1, "LA6569-3")
    assert answer.decider is Decider.GRAMMAR
    assert [one.text for one in answer.evidence] == ["사흘에 한 번"]
    assert answer.confidence > 0.9
    assert phq9.by_id["phq9.3"].text in answer.asked


@pytest.mark.parametrize("said", ["엊그제 하루", "열이틀쯤 그랬어"])
def test_one_and_twelve_days_are_always_confirmed_aloud(interview: Interview, phq9: Instrument, said: str) -> None:
    """Published anchors differ there: the person decides."""
    outcome, asked = held(interview, phq9, WILLING, by_item({"phq9.3": [said, "네, 맞아요"]}))
    answer = outcome.screening.current()["phq9.3"]

    assert [one.kind for one in asked if one.item == "phq9.3"] == [AskKind.ITEM, AskKind.CONFIRM]
    assert (answer.confirmed, answer.confirmations) == (Confirmed.YES, 1)
    assert answer.reply == said
    assert any(
        one.text
        in {"그러면 '며칠 동안'으로 적어 두겠습니다, 맞으세요?", "그러면 '거의 매일'로 적어 두겠습니다, 맞으세요?"}
        for one in asked
    )


def test_an_agreeing_model_does_not_spare_the_confirmation_of_one_day(interview: Interview, phq9: Instrument) -> None:
    """A second opinion may settle a doubt, but not where the anchors differ."""

    def sure(consult: Consult) -> Opinion:
        return tuple(float(index == 1) for index, _ in enumerate(consult.options))

    _, asked = held(interview, phq9, WILLING, by_item({"phq9.3": ["어제 하루", "네"]}), consult=sure)

    assert AskKind.CONFIRM in [one.kind for one in asked if one.item == "phq9.3"]


def test_a_model_alone_keeps_nothing(interview: Interview, phq9: Instrument) -> None:
    """What only the model sees is proposed, and confirmed by the person."""

    def sure(consult: Consult) -> Opinion:
        return tuple(float(index == 3) for index, _ in enumerate(consult.options))

    replies = {"phq9.7": ["구름이 참 좋네", "아니요", "전혀"]}
    outcome, asked = held(interview, phq9, WILLING, by_item(replies), consult=sure)
    forms = [(one.kind, one.form) for one in asked if one.item == "phq9.7"]

    assert forms == [(AskKind.ITEM, Form.QUESTION), (AskKind.CONFIRM, None), (AskKind.ITEM, Form.OPTIONS)]
    assert outcome.screening.current()["phq9.7"].option == "0"


def test_an_option_given_instead_of_the_proposed_one_is_kept(interview: Interview, phq9: Instrument) -> None:
    """A count given to a confirmation (아니, 닷새) is an answer."""
    outcome, _ = held(interview, phq9, WILLING, by_item({"phq9.4": ["자주 그래", "아니, 한 닷새"]}))
    answer = outcome.screening.current()["phq9.4"]

    assert (answer.option, answer.confirmed, answer.reply) == ("1", Confirmed.CHANGED, "아니, 한 닷새")


@pytest.mark.parametrize(("second", "option"), [("네", "no"), ("아니요", None)])
def test_who_refuses_one_of_two_answers_is_asked_for_the_other(
    interview: Interview, gds15: Instrument, second: str, option: str | None
) -> None:
    """It is confirmed in its turn, never concluded; who refuses both hears the options."""
    replies = {"gds15.2": ["떨어지기는 맨날 등산한다 아이가", "아니요", second, "글쎄"]}
    outcome, asked = held(interview, gds15, WILLING, by_item(replies, otherwise="넘어가요"))
    answer = outcome.screening.current()["gds15.2"]
    proposals = [one.proposal for one in asked if one.item == "gds15.2" and one.kind is AskKind.CONFIRM]

    assert proposals == ["yes", "no"]
    assert (answer.option, answer.confirmations) == (option, 2)


def test_what_was_said_twice_is_kept_without_a_third_time(interview: Interview, phq9: Instrument) -> None:
    """A confirmation that was neither agreed to nor refused, then the same again: that is an answer."""
    replies = {"phq9.4": ["자주 그래", "글쎄 뭐", "자주 그래"], "phq9.9": ["자주 그래", "글쎄 뭐", "자주 그래", "네"]}
    outcome, asked = held(interview, phq9, WILLING, by_item(replies))
    answer = outcome.screening.current()["phq9.4"]

    assert (answer.option, answer.confirmations) == ("2", 1)
    assert [one.kind for one in asked if one.item == "phq9.9"].count(AskKind.CONFIRM) == 2


def test_an_item_is_clarified_once_then_the_options_are_read_then_it_is_left_open(
    interview: Interview, phq9: Instrument
) -> None:
    """Nothing is guessed: an answer that names no frequency in any form stays missing."""
    outcome, asked = held(interview, phq9, WILLING, by_item({"phq9.3": ["좀 못 자", "글쎄", "못 자지"]}))
    forms = [one.form for one in asked if one.item == "phq9.3"]
    answer = outcome.screening.current()["phq9.3"]

    assert forms == [Form.QUESTION, Form.CLARIFY, Form.OPTIONS]
    assert (answer.option, answer.score, answer.outcome) == (None, None, ItemOutcome.UNCLEAR)
    assert len(answer.replies) == 3


def test_an_option_may_be_named_by_its_place(interview: Interview, phq9: Instrument) -> None:
    """After the options were read, "the second" names one."""
    outcome, _ = held(interview, phq9, WILLING, by_item({"phq9.3": ["좀 못 자", "글쎄", "두 번째"]}))

    assert outcome.screening.current()["phq9.3"].option == "1"


def test_skipping_leaves_the_item_unanswered_and_goes_on(interview: Interview, phq9: Instrument) -> None:
    """A skipped item is missing, never zero."""
    outcome, _ = held(interview, phq9, WILLING, by_item({"phq9.6": ["그건 대답하기 싫어"]}))
    answer = outcome.screening.current()["phq9.6"]

    assert (answer.outcome, answer.score) == (ItemOutcome.SKIPPED, None)
    assert outcome.screening.status is Status.COMPLETE


def test_asking_why_and_asking_again_use_up_no_form(interview: Interview, phq9: Instrument) -> None:
    """Who asks why is told why, and the item is read again."""
    outcome, asked = held(interview, phq9, WILLING, by_item({"phq9.2": ["그런 걸 왜 묻는 거야?", "뭐라고요?", "전혀"]}))
    forms = [one.form for one in asked if one.item == "phq9.2"]

    assert forms == [Form.QUESTION, Form.QUESTION, Form.QUESTION]
    assert all(phq9.items[1].text in one.text for one in asked if one.item == "phq9.2")
    assert outcome.screening.current()["phq9.2"].option == "0"


def test_going_back_supersedes_the_earlier_answer(interview: Interview, phq9: Instrument) -> None:
    """아까 그거 고칠래: the item before is asked again; both answers are kept, the later one counts."""
    replies = {"phq9.1": ["매일 그래", "한 사흘"], "phq9.2": ["아까 그거 고칠래", "전혀"]}
    outcome, asked = held(interview, phq9, WILLING, by_item(replies))
    kept = [(one.item, one.option, one.superseded) for one in outcome.screening.answers if one.item == "phq9.1"]

    assert [one.item for one in asked[:4]] == ["phq9.1", "phq9.2", "phq9.1", "phq9.2"]
    assert kept == [("phq9.1", "3", True), ("phq9.1", "1", False)]


@pytest.mark.parametrize(
    ("said", "status"),
    [("그만하자", Status.STOPPED), ("잠깐만 쉬었다 하자", Status.INTERRUPTED)],
)
def test_the_person_may_stop_or_pause(interview: Interview, phq9: Instrument, said: str, status: Status) -> None:
    """What was answered so far is kept."""
    outcome, _ = held(interview, phq9, WILLING, by_item({"phq9.3": [said]}))

    assert outcome.screening.status is status
    assert set(outcome.screening.current()) == {"phq9.1", "phq9.2"}


def test_three_silences_end_it_kindly(interview: Interview, phq9: Instrument) -> None:
    """Nobody is asked for ever."""
    outcome, asked = held(interview, phq9, WILLING, always(""))

    assert outcome.screening.status is Status.INTERRUPTED
    assert len(asked) == 3


def test_an_interrupted_one_is_gone_on_with(interview: Interview, phq9: Instrument) -> None:
    """The answered items are not asked again."""
    first, _ = held(interview, phq9, WILLING, by_item({"phq9.3": ["나중에 하자"]}))
    second, asked = held(interview, phq9, WILLING, always("전혀요"), resumed=first.screening)

    assert asked[0].item == "phq9.3"
    assert second.screening.status is Status.COMPLETE
    assert len(second.screening.answers) == 9


def test_one_of_another_version_is_refused(interview: Interview, phq9: Instrument, gds15: Instrument) -> None:
    """Two versions are never mixed."""
    first, _ = held(interview, phq9, WILLING, by_item({"phq9.3": ["나중에 하자"]}))

    with pytest.raises(ValueError, match="begun with"):
        next(interview.administer(gds15, WILLING, first.screening))


def test_the_gate_ends_it_below_two_and_leads_on_from_two(interview: Interview, phq9: Instrument) -> None:
    """PHQ-2 first; the rest only where its sum is two or more."""
    gated = Manner(willing=True)
    low, _ = held(interview, phq9, gated, by_item({"phq9.1": ["사흘쯤"]}))
    high, _ = held(interview, phq9, gated, by_item({"phq9.1": ["사흘쯤"], "phq9.2": ["나흘"]}))

    assert (low.screening.status, low.screening.gated, len(low.screening.answers)) == (Status.COMPLETE, True, 2)
    assert not high.screening.gated
    assert "phq9.function" in high.screening.current()


@pytest.mark.parametrize("said", ["매일 그런 생각이 들어", "가끔 그런 생각이 들지"])
def test_item_nine_suspends_it_at_once(interview: Interview, phq9: Instrument, said: str) -> None:
    """Any answer above zero leads to the safety protocol; it is suspended, not stopped or refused."""
    outcome, asked = held(interview, phq9, Manner(willing=True, gate=False), by_item({"phq9.9": [said, "네"]}))

    assert (outcome.screening.status, outcome.screening.suspended_by) == (Status.SUSPENDED, "item")
    assert outcome.closing == ""
    assert asked[-1].item == "phq9.9"
    assert "phq9.function" not in outcome.screening.current()


def test_an_endorsed_item_nine_without_a_frequency_suspends_before_it_is_scored(
    interview: Interview, phq9: Instrument
) -> None:
    """Nobody is asked on how many days before help is offered; the item is asked again afterwards."""
    first, asked = held(interview, phq9, WILLING, by_item({"phq9.9": ["그런 생각이 들지"]}))
    second, again = held(interview, phq9, WILLING, by_item({"phq9.9": ["이틀"]}), resumed=first.screening)

    assert [one.item for one in asked].count("phq9.9") == 1
    unscored = first.screening.current()["phq9.9"]
    assert (unscored.reply, unscored.option, unscored.score) == ("그런 생각이 들지", None, None)
    assert again[0].item == "phq9.9"
    assert second.screening.current()["phq9.9"].score == 1


def test_danger_in_any_answer_suspends_it_and_keeps_what_was_plain(interview: Interview, phq9: Instrument) -> None:
    """The reply that held danger may also have answered the item."""

    def answer(ask: Ask) -> Reply:
        return Reply("매일 그래, 그냥 죽고 싶어", danger=True) if ask.item == "phq9.2" else Reply("전혀")

    outcome, _ = held(interview, phq9, WILLING, answer)

    assert (outcome.screening.status, outcome.screening.suspended_by) == (Status.SUSPENDED, "danger")
    assert outcome.screening.current()["phq9.2"].option == "3"


def test_doubtful_hearing_is_confirmed_aloud(interview: Interview, phq9: Instrument) -> None:
    """Plain words that the recogniser doubts are not kept unasked."""

    def answer(ask: Ask) -> Reply:
        doubtful = ask.item == "phq9.2" and ask.kind is AskKind.ITEM
        return Reply("네, 맞아요" if ask.kind is AskKind.CONFIRM else "매일 그래", 0.4, doubtful=doubtful)

    outcome, asked = held(interview, phq9, WILLING, answer)

    assert [one.kind for one in asked if one.item == "phq9.2"] == [AskKind.ITEM, AskKind.CONFIRM]
    assert outcome.screening.current()["phq9.2"].option == "3"


SAID = st.sampled_from(
    [
        "네",
        "아니요",
        "매일",
        "가끔",
        "글쎄",
        "",
        "그만",
        "잠깐만",
        "왜 물어",
        "뭐라고",
        "아까 거 고칠래",
        "넘어가자",
        "영감이 그랬지",
    ]
) | st.text(max_size=12)


@settings(max_examples=60)
@given(st.lists(SAID, max_size=80), st.booleans(), st.sampled_from(["phq9", "gds15", "gad7"]))
def test_every_route_ends(said: list[str], gate: bool, name: str) -> None:  # noqa: FBT001
    """Whatever is said, an interview comes to an end, and no item counts twice."""
    from companion.wiring import language
    from companion.wiring import screening as wired
    from companion.wiring.instruments import instruments

    cache = test_every_route_ends.__dict__.setdefault("parts", {})
    if not cache:
        cache["interview"] = wired.interview(wired.answer_reader(language.analyser()))
        cache["instruments"] = instruments()
    manner = Manner(gate=gate)
    outcome, asked = held(cache["interview"], cache["instruments"][name], manner, scripted(*said))
    current = [answer.item for answer in outcome.screening.answers if not answer.superseded]

    assert len(asked) < 200
    assert len(current) == len(set(current))
