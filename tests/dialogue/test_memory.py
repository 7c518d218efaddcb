"""What is remembered of an utterance, what is refused, what takes the place of what, and when it is brought up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.core.life import Memory
from companion.dialogue.memory.asking import Wish
from companion.dialogue.memory.merging import Verdict, settle
from companion.dialogue.memory.recall import Recall, about, for_opening
from companion.wiring import language
from companion.wiring.remembering import knowing
from tests.fakes.clock import START

KNOWN = knowing(language.analyser())
READER, WORDS = KNOWN.reader, KNOWN.words


def one(text: str, asked: str = "") -> Memory:
    """Return the only fact of an utterance."""
    (fact,) = READER.read(text, START, asked=asked)
    return fact


def kept(*texts: str) -> list[Memory]:
    """Return the facts of utterances as they stand in a record."""
    found = [fact for text in texts for fact in READER.read(text, START)]
    return [replace(fact, id=str(number)) for number, fact in enumerate(found)]


@pytest.mark.parametrize(
    ("told", "kind", "aspect", "about", "value"),
    [
        ("손녀딸 이름은 서연이라고 해", "family", "name", "손녀", "서연"),
        ("큰딸은 수원 살아", "family", "home", "큰딸", "수원"),
        ("아들은 의사여", "family", "job", "아들", "의사"),
        ("내 고향은 통영이야", "place", "birth", "", "통영"),
        ("젊어서 방직공장에서 일했지", "work", "done", "", "방직공장"),
        ("나는 매운 건 싫어해", "likes", "dislike", "", "매운 것"),
        ("나는 당뇨가 있어", "health", "lasting", "", "당뇨"),
        ("어제 계단에서 미끄러졌어", "health", "event", "", "미끄러졌어"),
        ("영감이 먼저 갔어", "loss", "death", "영감", ""),
        ("나 올해 여든둘이야", "self", "age", "", "여든둘"),
    ],
)
def test_a_fact_is_read_with_whom_it_is_about(told: str, kind: str, aspect: str, about: str, value: str) -> None:
    """Kind, side, person and value; the sentence stands beside it."""
    fact = one(told)

    assert (fact.kind, fact.aspect, fact.about, fact.value, fact.sentence) == (kind, aspect, about, value, told)


@pytest.mark.parametrize(
    "told",
    [
        "옆집 할머니가 당뇨래",
        "친구 아들이 의사래",
        "드라마에서 남편이 죽었어",
        "꿈에 우리 아들이 부산에 살더라",
        "만약에 내가 당뇨가 있으면 어떡하지",
        "나는 당뇨는 없어",
        "손주 이름이 뭐였더라",
        "치매 걸릴까 봐 겁나",
        "농담이야, 나 미국에서 태어났어",
        "내가 서울에서 살았으면 좋았을걸",
        "내일 비 온대",
        "넘어질 뻔했어",
        "고향에 가고 싶어",
        "우리 아들은 부산에 안 살아",
    ],
)
def test_what_is_not_the_life_of_the_person_is_no_fact(told: str) -> None:
    """Other people, television, dreams, suppositions, denials, questions, fears, jokes, wishes."""
    assert READER.read(told, START) == ()


def test_a_bare_answer_is_read_by_what_was_asked() -> None:
    """여수 alone means nothing; after the question it is a home town."""
    assert READER.read("여수야", START) == ()
    assert one("여수야", asked="고향이 어디세요?").value == "여수"


@given(st.text(max_size=80))
def test_reading_never_fails_and_every_fact_keeps_its_sentence(text: str) -> None:
    """Whatever is said."""
    assert all(fact.sentence == text[:500].strip() for fact in READER.read(text, START))


def test_what_fades_and_what_lasts_are_told_apart() -> None:
    """A cold fades, a bad knee does not."""
    assert one("감기 기운이 있네").fades_at == START + timedelta(days=14)
    assert one("무릎이 안 좋아서 오래 못 걸어").fades_at is None


def test_the_same_is_not_kept_twice_and_one_home_town_takes_the_place_of_another() -> None:
    """Grandchildren may be many, a home town is one."""
    (town,) = kept("내 고향은 통영이야")
    (child,) = kept("손주 이름은 민준이야")

    assert settle(one("내 고향은 통영이야"), [town], READER.written) == Verdict(keep=False)
    assert settle(one("내 고향은 거제야"), [town], READER.written) == Verdict(keep=True, instead_of=town.id)
    assert settle(one("손주 이름은 서준이야"), [child], READER.written) == Verdict(keep=True)


def test_a_plan_that_is_moved_takes_the_place_of_the_old_one() -> None:
    """One visit, one day."""
    (visit,) = kept("모레 병원 가야 돼")

    assert settle(one("다음 주 화요일에 병원 가"), [visit], READER.written) == Verdict(keep=True, instead_of=visit.id)


@pytest.mark.parametrize(
    ("told", "then", "fact"),
    [
        ("우리 아들은 부산에 살아", "아니, 그게 아니고 둘째야", "둘째 아들 사는 곳은 부산"),
        ("큰아들은 부산에서 살아", "부산이 아니라 대구야", "큰아들 사는 곳은 대구"),
        ("손주 이름이 민준이야", "민준이가 아니라 민수야", "손주 이름은 민수"),
        ("우리 손자 이름은 지훈이야", "손자가 아니고 손녀야", "손녀 이름은 지훈"),
        ("큰아들은 부산에서 살아", "부산이 아이고 대구 아이가", "큰아들 사는 곳은 대구"),
        ("큰아들은 부산에서 살아", "부산이 아니고 대구우다", "큰아들 사는 곳은 대구"),
        ("큰아들은 부산에서 살아", "부산이 아니라 대구라고 했잖아, 큰애 사는 데", "큰아들 사는 곳은 대구"),
        ("큰아들은 원주에서 살아", "원주가 아니라 횡성이래요 그 애는 횡성 산대요", "큰아들 사는 곳은 횡성"),
    ],
)
def test_a_correction_changes_what_it_means(told: str, then: str, fact: str) -> None:
    """Who, or what."""
    corrected = KNOWN.corrections.find(then, one(told), START)

    assert corrected is not None
    assert corrected.fact == fact


@pytest.mark.parametrize(
    "said", ["아니, 밥은 먹었어", "아니 괜찮아", "그게 아니라 내가 어제 시장에 갔는데 사람이 많더라고"]
)
def test_a_no_that_goes_on_otherwise_corrects_nothing(said: str) -> None:
    """Another story is another story."""
    assert KNOWN.corrections.find(said, one("큰아들은 부산에서 살아"), START) is None


def test_a_plan_is_brought_up_before_a_cold_and_a_cold_before_what_gladdens() -> None:
    """One thing for an opening; nothing that lasts, and nothing of the dead."""
    facts = kept(
        "나는 트로트를 좋아해", "감기 기운이 있네", "모레 병원 가야 돼", "영감이 먼저 갔어", "나는 당뇨가 있어"
    )
    now, ways = START + timedelta(days=3), []
    while (found := for_opening(facts, now)) is not None:
        ways.append(found.way)
        facts = [replace(fact, asked_after_at=now) if fact.id == found.memory.id else fact for fact in facts]
        now += timedelta(days=3)

    assert ways == ["plan_over", "acute", "warm"]


def test_somebody_who_is_mentioned_is_asked_after_by_name_once() -> None:
    """Not again in the same conversation."""
    facts = kept("손주 이름은 민준이야")

    assert about(facts, "손주", START, said=set()) == Recall(facts[0], "warm")
    assert about(facts, "손주", START, said={facts[0].id}) is None


@pytest.mark.parametrize(
    ("told", "spoken"),
    [
        ("손자 이름이 김도윤이야", "손자 이름이 도윤이라고 하셨어요."),
        ("막내딸이 미국에 살고 있어", "막내 따님은 미국에 사신다고 하셨어요."),
        ("손주가 서울에 살아", "손주는 서울에 산다고 하셨어요."),
        ("다음 주 화요일에 딸이 온대", "12월 1일에 따님이 오신다고 하셨어요."),
        ("우리 영감은 재작년에 돌아가셨어", "돌아가신 영감님을 먼저 보내셨다고 하셨어요."),
    ],
)
def test_people_are_spoken_of_as_it_is_fitting(told: str, spoken: str) -> None:
    """Honorifics for grown children, none for grandchildren, and the particles that fit."""
    facts = kept(told)

    assert WORDS.fact(facts[0], facts, START) == spoken


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("나에 대해 뭘 알아?", Wish.KNOW),
        ("그 얘기는 잊어 줘", Wish.FORGET),
        ("방금 한 말은 못 들은 걸로 해", Wish.FORGET),
        ("아까 사위 흉본 거 그건 잊어뿌라", Wish.FORGET),
        ("그 말은 안 들은 걸로 쳐 주소", Wish.FORGET),
        ("아까 그거 지우이소", Wish.FORGET),
        ("아까 막내 이혼한 얘기는 기억하지 말아 줘", Wish.FORGET),
        ("방금 한 말은 취소여", Wish.FORGET),
        ("다 잊어 줘", Wish.FORGET_ALL),
        ("건강 얘기는 기억하지 마", Wish.KIND_OFF),
        ("가족 얘기는 이제 기억해도 돼", Wish.KIND_ON),
    ],
)
def test_a_wish_of_the_memory_is_heard(said: str, wish: Wish) -> None:
    """In the words people use."""
    wanted = KNOWN.wishes.find(said)

    assert wanted is not None
    assert wanted.wish is wish


@pytest.mark.parametrize(
    "said",
    [
        "가스불 끄는 걸 잊어버렸어",
        "자꾸 잊어먹어",
        "날 잊지 말아 줘",
        "그 사람을 못 잊어",
        "약 먹는 걸 잊었네",
        "그 말은 잊어버리라고 아들이 그러네",
        "그런 건 잊어버려야지",
        "옛날 일은 잊어야 편하대",
        "없던 일로 하자고 사돈이 그러데",
        "화장을 지워도 안 지워져",
        "못 들은 척하고 왔어",
    ],
)
def test_forgetting_that_is_only_told_of_is_no_wish(said: str) -> None:
    """Nothing is removed by a misunderstanding."""
    assert KNOWN.wishes.find(said) is None
