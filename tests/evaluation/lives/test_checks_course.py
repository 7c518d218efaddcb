"""The checks of repetition and of the course of sessions, on transcripts written by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from companion.core.turn import ReplySource
from companion.evaluation.lives.findings import Check
from companion.evaluation.lives.lines import Line, Why
from companion.evaluation.lives.persona import ScriptTurn
from tests.evaluation.lives.transcripts import MORNING, Said, checks, life, own, run

ONE = "그 이야기는 처음 들어요."


def test_a_reply_may_come_again_after_three_sessions() -> None:
    """Within three sessions it is a repetition, in the fourth it is not."""
    for between, amiss in ((1, True), (2, True), (3, False)):
        sessions = [run(Said(ONE, own("하나")), number=1)]
        sessions += [run(number=2 + index, began=MORNING + timedelta(days=index + 1)) for index in range(between - 1)]
        last = 1 + between
        sessions.append(run(Said(ONE, own("둘")), number=last, began=MORNING + timedelta(days=between)))
        assert checks(life(*sessions)) == ([Check.REPLY_REPEATED] if amiss else []), between


def test_the_same_question_behind_other_words_is_found() -> None:
    """What is asked twice is noticed although the sentence before it differs."""
    first = Said("그러셨군요. 누구하고 가셨어요?", own("시장에 갔어"))
    second = Said("좋으셨겠어요. 누구하고 가셨어요?", own("공원에 갔어"))
    assert checks(life(run(first, second))) == [Check.QUESTION_REPEATED]


def test_fixed_sentences_may_come_again() -> None:
    """What must be said the same way every time is no repetition."""
    fixed = Said("더 크게 말할게요. 들리시지요.", own("크게"), source=ReplySource.FIXED)
    assert checks(life(run(fixed, fixed))) == []


def test_what_fits_anything_is_not_said_in_a_row() -> None:
    """Two of one kind in a row, or three of any kind, are too many; with something else between they are not."""

    def other(kind: str, number: int) -> Said:
        return Said(f"{number}번째로 듣고 있어요.", own(f"말 {number}"), id=f"other.{kind}#{number}")

    heard = Said("무릎 때문에 고생하시네요.", own("무릎이 아파"))
    assert checks(life(run(other("neutral", 1), other("neutral", 2)))) == [Check.SAME_FALLBACK]
    assert checks(life(run(other("a", 1), other("b", 2), other("c", 3)))) == [Check.SAME_FALLBACK]
    assert checks(life(run(other("neutral", 1), heard, other("neutral", 2)))) == []


def test_a_session_ends_when_the_person_says_so() -> None:
    """One goodbye is enough; a second one is a finding."""
    assert checks(life(run(farewells=2, ended_by="source"))) == [Check.NOT_ENDED]
    assert checks(life(run(farewells=2))) == []


def test_a_session_does_not_end_unasked() -> None:
    """Nobody said goodbye and nobody was silent."""
    assert checks(life(run(Said("네, 그래요.", own("밥 먹었어")), farewells=0))) == [Check.ENDED_UNASKED]


def test_silence_may_end_it() -> None:
    """After two silences 말벗 may go."""
    silent = Line("", Why.SILENCE)
    said = (Said("천천히 하세요.", silent), Said("다음에 또 이야기해요.", silent, ends=True))
    session = run(*said, farewells=0, ended_by="silence")
    assert checks(life(replace(session, exchanges=session.exchanges[:-1]))) == []


def test_the_last_words_ask_nothing() -> None:
    """A goodbye with a question keeps a person from going."""
    session = run(Said("내일은 뭐 하실 거예요?", Line("잘 있어", Why.FAREWELL), ends=True))
    whole = replace(session, exchanges=session.exchanges[:-1])
    assert checks(life(whole)) == [Check.CLOSING_ASKS]


def test_a_wish_for_the_voice_is_met() -> None:
    """A line that is a command must be answered as that command."""
    louder = Line("크게 말해", Why.SCRIPT, ScriptTurn("크게 말해", command="louder"))
    met = Said("더 크게 말할게요.", louder, id="session.session.louder#0", source=ReplySource.FIXED)
    unmet = Said("그러셨군요.", louder)
    assert checks(life(run(met))) == []
    assert checks(life(run(unmet))) == [Check.COMMAND_IGNORED]


def test_a_script_says_what_a_reply_must_hold_and_lack() -> None:
    """What is missing and what should be missing are both told."""
    turn = ScriptTurn("배고파", holds=(re.compile("밥"),), lacks=(re.compile("참"),))
    line = Line("배고파", Why.SCRIPT, turn)
    assert checks(life(run(Said("밥때가 됐네요.", line)))) == []
    assert checks(life(run(Said("참 그러시군요.", line)))) == [Check.NOT_AS_SCRIPTED, Check.NOT_AS_SCRIPTED]


def test_nothing_is_offered_after_a_refusal() -> None:
    """An offer that is taken may be followed by another; one that is refused ends it for the session."""
    first, second = Said("수수께끼 하나 내 볼까요?", own("심심해")), "옛날이야기를 들려 드릴까요?"
    assert checks(life(run(first, Said(second, own("그래, 해 봐"))))) == []
    assert checks(life(run(first, Said(second, own("됐어, 안 할래"))))) == [Check.OFFER_AFTER_REFUSAL]
    assert checks(life(run(Said(second, own("됐어, 안 먹어"))))) == []


def test_one_screening_a_session() -> None:
    """Two instruments in one session are one too many; one in each is not."""
    assert checks(life(run(rows={"screenings": 1}), run(number=2, rows={"screenings": 2}))) == []
    assert checks(life(run(rows={"screenings": 2}))) == [Check.SCREENED_TOO_OFTEN]
