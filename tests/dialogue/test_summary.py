"""Summaries: every number equals the record, every quote is what was said, and what was not agreed to is closed."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.overview import BRIGHT, HEAVY
from companion.core.summary import Danger, Done, Facts, Line, LineKind, Promised, Quote, Said, Screened
from companion.core.turn import Feeling
from companion.dialogue.summary import SummaryWords, summarised
from companion.errors import PromptError
from companion.prompts import prompt_table
from companion.wiring.summary import summary_words

TABLE = prompt_table("summary/summary.ko.toml")
WORDS = summary_words()
BEGINS = datetime(2026, 11, 21, tzinfo=UTC)
NUMBER = re.compile(r"\d+")

quotes = st.builds(
    Quote,
    st.sampled_from(["a", "b"]),
    st.integers(1, 40),
    st.integers(0, 600_000).map(lambda seconds: BEGINS + timedelta(seconds=seconds)),
    st.text(st.sampled_from("가나다 ."), max_size=8),
)
topics = st.sampled_from([*prompt_table("lexicon/topics.toml")["topics"], ""])
facts = st.builds(
    Facts,
    begins=st.just(BEGINS),
    ends=st.just(BEGINS + timedelta(days=7)),
    conversation=st.booleans(),
    health=st.booleans(),
    sessions=st.integers(0, 30),
    said=st.lists(st.builds(Said, quotes, topics, st.sampled_from(list(Feeling))), max_size=30).map(tuple),
    promised=st.lists(st.builds(Promised, st.just(BEGINS + timedelta(days=9)), quotes), max_size=8).map(tuple),
    activities=st.lists(
        st.builds(
            Done,
            st.just("walk"),
            st.sampled_from(["offered", "refused", "begun", "stopped", "done"]),
            st.none() | st.integers(0, 10),
            st.none() | st.integers(0, 10),
        ),
        max_size=8,
    ).map(tuple),
    screenings=st.lists(
        st.builds(
            Screened, st.sampled_from(["phq9", "gds15"]), st.sampled_from(["complete", "refused"]), st.just(BEGINS)
        ),
        max_size=4,
    ).map(tuple),
    dangers=st.lists(
        st.builds(Danger, st.sampled_from(["watch", "concern", "urgent"]), st.just("medical"), st.none() | quotes),
        max_size=6,
    ).map(tuple),
    alerts=st.lists(st.sampled_from(["open", "acknowledged", "resolved"]), max_size=6).map(tuple),
    errands=st.lists(st.tuples(st.sampled_from(["open", "done", "declined", "taken_back"]), quotes), max_size=6).map(
        tuple
    ),
    occasions=st.lists(
        st.tuples(
            st.sampled_from(["check_in", "medicine", "water", "follow_up"]),
            st.sampled_from(["said", "answered", "unanswered", "met", "passed", "told", "interrupted"]),
        ),
        max_size=12,
    ).map(tuple),
)


def lines_of(made: Facts) -> dict[LineKind, Line]:
    return {line.kind: line for line in summarised(made, WORDS, UTC).lines}


@given(made=facts)
def test_the_numbers_equal_the_record(made: Facts) -> None:
    """Counted again here, another way."""
    lines = lines_of(made)
    safety = lines[LineKind.SAFETY].numbers
    assert safety["dangers"] == len(made.dangers)
    assert safety["urgent"] + safety["concern"] + safety["watch"] == len(made.dangers)
    assert (safety["alerts"], safety["open"]) == (len(made.alerts), sum(one == "open" for one in made.alerts))
    check_ins = [outcome for kind, outcome in made.occasions if kind == "check_in"]
    if check_ins:
        numbers = lines[LineKind.CHECK_INS].numbers
        assert numbers["count"] == len(check_ins) == numbers["answered"] + numbers["unanswered"] + numbers["other"]
    if made.health:
        assert lines[LineKind.SCREENING].numbers["count"] == len(made.screenings) if made.screenings else True
    if made.conversation:
        assert dict(lines[LineKind.TALK].numbers) == {"sessions": made.sessions, "said": len(made.said)}
        if made.sessions and made.said:
            mood = lines[LineKind.MOOD].numbers
            assert mood["bright"] == sum(one.feeling in BRIGHT for one in made.said)
            assert mood["heavy"] == sum(one.feeling in HEAVY for one in made.said)
        topics = Counter(one.topic for one in made.said if one.topic)
        assert (LineKind.SLEEP in lines) == bool(topics["sleep"])
        if topics:
            assert dict(lines[LineKind.TOPICS].numbers) == dict(topics)


@given(made=facts)
def test_no_sentence_says_a_number_that_is_not_counted(made: Facts) -> None:
    """But for days of the calendar and the names of instruments."""
    for kind, line in lines_of(made).items():
        if kind in (LineKind.SCREENING, LineKind.PROMISES):
            continue
        assert {int(one) for one in NUMBER.findall(line.text)} <= set(line.numbers.values())
        assert "{" not in line.text


@given(made=facts)
def test_every_quote_is_what_was_said_and_none_is_shown_without_consent(made: Facts) -> None:
    """The person's own words, at their place."""
    said = {one.quote for one in made.said} | {one.quote for one in made.promised}
    said |= {one.quote for one in made.dangers if one.quote} | {quote for _, quote in made.errands}
    shown = [quote for line in lines_of(made).values() for quote in line.quotes]
    assert set(shown) <= said
    assert made.conversation or not shown


@given(made=facts)
def test_what_was_not_agreed_to_is_not_there_and_that_is_said(made: Facts) -> None:
    """An empty place can be told from a closed one."""
    lines = summarised(made, WORDS, UTC).lines
    kinds = {line.kind for line in lines}
    assert sum(line.kind is LineKind.CLOSED for line in lines) == (not made.conversation) + (not made.health)
    if not made.conversation:
        assert not kinds & {LineKind.TALK, LineKind.MOOD, LineKind.TOPICS, LineKind.PROMISES, LineKind.REQUESTS}
    if not made.health:
        assert LineKind.SCREENING not in kinds
        assert not any("measured" in line.numbers for line in lines)


def test_a_week_reads_as_plain_korean() -> None:
    """The whole of a small one."""
    quote = Quote("session", 3, BEGINS, "요새 통 잠이 안 와")
    made = Facts(
        BEGINS,
        BEGINS + timedelta(days=7),
        conversation=True,
        health=True,
        sessions=2,
        said=(
            Said(quote, "sleep", Feeling.FATIGUE),
            Said(Quote("session", 5, BEGINS, "딸이 왔어"), "family_children", Feeling.JOY),
        ),
        screenings=(Screened("phq9", "complete", BEGINS),),
        occasions=(("check_in", "answered"), ("medicine", "said")),
    )
    assert [line.text for line in summarised(made, WORDS, UTC).lines] == [
        "대화 2번, 말씀 2마디.",
        "말씀 2마디 가운데 밝은 말씀 1마디, 무거운 말씀 1마디. (지침 1, 기쁨 1)",
        "많이 하신 이야기: 잠 1, 자녀 1.",
        "잠 이야기 1마디.",
        "마음 점검 1번: PHQ-9 11월 21일 마침.",
        "위험해 보인 말씀과 알림이 없습니다.",
        "안부 1번: 대답하심 1번, 대답 없음 0번, 따로 부르지 않음 0번.",
        "챙겨 드린 것 1번: 말씀드림 1번, 말씀드리지 못함 0번, 말하다 끊김 0번.",
    ]


def test_a_table_that_says_more_than_is_counted_is_refused() -> None:
    """A slot that nobody fills, or a sentence that is missing."""
    for broken in ({**TABLE, "sleep": {"some": "{hours}시간 주무심"}}, {**TABLE, "safety": {}}):
        with pytest.raises(PromptError):
            SummaryWords(broken, topics={}, instruments={})
