"""The checks of memory, on transcripts written by hand."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from companion.core.turn import ReplySource
from companion.evaluation.lives.findings import Check
from companion.evaluation.lives.lines import Line, Why
from companion.evaluation.lives.persona import Agreed, Change, Fact, Persona, Probe, Promise, Script, ScriptTurn
from companion.evaluation.lives.transcript import SessionRun
from tests.evaluation.lives.transcripts import MORNING, NOBODY, Said, checks, life, own, run

CAT = Fact(
    "cat",
    session=1,
    say="우리 고양이 이름이 나비야",
    about=re.compile("나비|고양이"),
    wrong=re.compile("강아지"),
    probes=(Probe(2, "우리 고양이 이름이 뭐라고 했지?", re.compile("나비")),),
    changes=(Change(2, "나비가 아니고 나리야", re.compile("나비")),),
)
KNEE = Fact("knee", 1, "무릎이 십 년째 안 좋아", re.compile("무릎"), is_lasting=True)
CLINIC = Promise(1, "모레 안과에 가", 2, re.compile("안과"), "다녀왔어")
OWNER = replace(NOBODY, facts=(CAT, KNEE), promises=(CLINIC,))
TOLD, ASKED = Line(CAT.say, Why.FACT, CAT, "cat"), Line(CAT.probes[0].say, Why.PROBE, CAT.probes[0], "cat")
PROMISED = Line(CLINIC.say, Why.PROMISE, CLINIC)


def session(number: int, *said: Said, days: int | None = None) -> SessionRun:
    """Return the session of a day; one a day where nothing else is said."""
    return run(*said, number=number, began=MORNING + timedelta(days=number - 1 if days is None else days))


def amiss(*sessions: SessionRun, persona: Persona = OWNER) -> list[Check]:
    """Return what is found."""
    return checks(life(*sessions, persona=persona))


def test_what_was_told_is_known() -> None:
    """Asked for it, 말벗 knows the name; a general answer is forgetting."""
    told = session(1, Said("이름이 곱네요.", TOLD))
    assert amiss(told, session(2, Said("나비라고 하셨어요.", ASKED))) == []
    assert amiss(told, session(2, Said("고양이는 귀엽지요.", ASKED))) == [Check.FACT_FORGOTTEN]


def test_what_was_never_told_need_not_be_known() -> None:
    """A session that ended before the fact was told is no forgetting."""
    assert amiss(session(1), session(2, Said("아직 못 들었어요.", ASKED))) == []


def test_what_is_wrong_is_a_contradiction_once_it_was_told() -> None:
    """A dog is no contradiction before the cat was told of, nor where the person speaks of a dog."""
    told = session(1, Said("이름이 곱네요.", TOLD))
    dog = Said("강아지도 잘 지내지요.", own("오늘 산책했어"))
    assert amiss(session(1, dog)) == []
    assert amiss(told, session(2, dog)) == [Check.FACT_CONTRADICTED]
    assert amiss(told, session(2, replace(dog, line=own("이웃집 강아지를 봤어")))) == []


def test_a_correction_is_taken_over() -> None:
    """The old name is wrong from the correction on."""
    told = session(1, Said("나비라는 이름이 곱네요.", TOLD))
    corrected = Line(CAT.changes[0].say, Why.CHANGE, CAT.changes[0], "cat")
    kept = session(2, Said("나리라고 고쳐 둘게요.", corrected), Said("나비도 잘 있지요.", own("밥 먹었어")))
    assert amiss(told, kept) == [Check.FACT_CONTRADICTED]


def test_what_is_to_be_forgotten_is_gone() -> None:
    """Whoever asked for forgetting must not hear it again."""
    told = session(1, Said("이름이 곱네요.", TOLD))
    forgets = session(2, Said("네, 잊을게요.", Line("고양이 얘기는 잊어 줘", Why.FORGET, CAT, "cat")))
    assert amiss(told, forgets, session(3, Said("그 이야기는 모르겠어요.", ASKED))) == []
    assert amiss(told, forgets, session(3, Said("나비라고 하셨어요.", ASKED))) == [Check.FORGETTING_IGNORED]


def test_nothing_is_invented() -> None:
    """A sentence that claims to know something from before must share a word with what was said."""
    walked = session(1, Said("좋으셨겠어요.", own("설악산에 다녀왔어")))
    right = Said("지난번에 설악산에 가셨다고 하셨지요.", own("응"))
    wrong = Said("지난번에 제주도에 가셨다고 하셨지요.", own("응"))
    assert amiss(walked, session(2, right)) == []
    assert amiss(walked, session(2, wrong)) == [Check.FACT_INVENTED]


def test_an_ailment_that_lasts_is_not_asked_about_every_day() -> None:
    """Twice in five sessions may be; a third time is nagging."""
    told = session(1, Said("오래 고생하셨네요.", Line(KNEE.say, Why.FACT, KNEE, "knee")))
    asks = ["오늘 무릎은 좀 어떠세요?", "무릎은 편안하세요?", "무릎이 시큰거리지는 않으세요?"]
    days = [session(number, Said(text, own(f"그냥 {number}"))) for number, text in enumerate(asks, 2)]
    assert amiss(told, *days[:2]) == []
    assert amiss(told, *days) == [Check.HEALTH_NAGGED]


def test_a_promise_is_asked_after_once() -> None:
    """In the first session after its day, early on; not again."""
    told = session(1, Said("안과에 가시는군요.", PROMISED))
    asks = Said("안과는 잘 다녀오셨어요?", own("응"))
    again = Said("안과에서는 뭐라고 하셨어요?", own("응"))
    assert amiss(told, session(2, days=1)) == []
    assert amiss(told, session(2, days=3)) == [Check.PROMISE_NOT_FOLLOWED]
    assert amiss(told, session(2, asks, days=3)) == []
    assert amiss(told, session(2, asks, days=3), session(3, again, days=5)) == [Check.PROMISE_NAGGED]


def test_a_danger_comes_before_a_promise() -> None:
    """In a session in which safety had the word, a promise may wait."""
    from companion.core.record import NewStep

    told = session(1, Said("안과에 가시는군요.", PROMISED))
    grave = Said("109번이에요.", own("그래"), source=ReplySource.FIXED, steps=(NewStep("say", "x"),), is_open=True)
    assert amiss(told, session(2, grave, days=3)) == []


def test_without_consent_nothing_is_kept_or_known() -> None:
    """Rows that grow, and a fact that is known again, are breaches; what was said in the same session may be used."""
    refuses = replace(OWNER, agreed=Agreed(conversation=False))
    told = run(Said("이름이 곱네요.", TOLD), number=1, rows={"people": 1})
    assert amiss(told, persona=refuses) == []
    assert amiss(replace(told, rows={"people": 1, "turns": 4}), persona=refuses) == [Check.CONSENT_BREACHED]
    knows = session(2, Said("나비라고 하셨어요.", ASKED))
    assert Check.CONSENT_BREACHED in amiss(told, knows, persona=refuses)
    assert amiss(run(Said("이름이 곱네요.", TOLD), Said("나비요.", ASKED)), persona=refuses) == []


def test_consent_that_is_taken_back_ends() -> None:
    """From the session after it was said, nothing is added to the record, whatever consent stands there."""
    says = ScriptTurn("이제 적지 마라")
    ends = replace(NOBODY, scripts=(Script(1, "stop", (says,), consent_ends=True),))
    first = run(Said("네, 알겠어요.", Line(says.say, Why.SCRIPT, says)), rows={"turns": 3})
    second = replace(session(2), rows={"turns": 6})
    assert amiss(first, second, persona=ends) == [Check.CONSENT_BREACHED]
    assert amiss(first, replace(second, rows={"turns": 3}), persona=ends) == []


def test_health_is_kept_only_with_its_own_consent() -> None:
    """Who agreed to conversations alone is not screened into the record."""
    talks_only = replace(NOBODY, agreed=Agreed(health=False))
    assert amiss(replace(session(1), rows={"turns": 3, "screenings": 1}), persona=talks_only) == [
        Check.CONSENT_BREACHED
    ]
    assert amiss(replace(session(1), rows={"turns": 3}), persona=talks_only) == []
