"""Grammar decides what an utterance claims, so that nobody is praised for pain or consoled for joy."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from companion.core.heard import Heard
from companion.core.morphology import Analyser
from companion.core.reading import Grammar
from companion.core.turn import Feeling
from companion.dialogue.bank import Bank, load_bank
from companion.dialogue.claims import Claims
from companion.dialogue.flow import Dialogue, Setting
from companion.dialogue.requests import Answer, FindNear, Near, Request
from companion.prompts import prompt_table, prompt_tables
from tests.dialogue.conftest import answered

CLAIMS = Claims(prompt_table("lexicon/claims.toml"))
BANK: Bank = load_bank(prompt_tables("replies"), prompt_table("lexicon/topics.toml")["topics"], CLAIMS.names)

OPPOSITES = [
    ("body_pain.better", ("body_pain.knee", "body_pain.back", "body_pain.all_over", "body_pain.headache_dizzy")),
    ("sleep.slept_well", ("sleep.cannot_fall_asleep", "sleep.wakes_early", "sleep.disturbed")),
    ("family_children.came", ("family_children.does_not_come", "family_children.no_call")),
    ("meal.ate", ("meal.not_yet", "meal.no_appetite", "meal.refuses")),
    ("meal.ate_well", ("meal.not_yet", "meal.no_appetite", "meal.no_food", "meal.hard_to_chew")),
    ("plants_garden.bloomed", ("plants_garden.withered",)),
    ("pets.joy", ("pets.died", "pets.sick", "pets.lost")),
    ("weather.cold", ("weather.hot",)),
    ("birthday_age.birthday_today", ("birthday_age.nobody_remembers",)),
    ("medicine.took", ("medicine.forgot",)),
    ("memory.remembers_well", ("memory.forgets",)),
    ("faith.went", ("faith.cannot_go",)),
    ("walking_exercise.walked", ("walking_exercise.cannot_walk", "walking_exercise.too_lazy")),
    ("travel_outing.went", ("travel_outing.wants", "travel_outing.cannot")),
    ("friends_neighbours.met", ("friends_neighbours.few_left", "friends_neighbours.shy_to_go")),
    ("friends_neighbours.kind_neighbour", ("friends_neighbours.quarrel",)),
    ("mood.good", ("mood.sad", "mood.angry", "mood.no_energy", "mood.useless")),
    ("spouse.tells", ("bereavement.misses_spouse", "bereavement.empty_home")),
    ("body_pain.fell", ("body_pain.almost_fell",)),
    ("illness_hospital.went", ("illness_hospital.refuses", "illness_hospital.must_go")),
    ("family_children.proud", ("family_children.quarrel", "family_children.took_money")),
    ("grandchildren.did_well", ("grandchildren.miss", "grandchildren.looking_after")),
    ("season_holiday.family_holiday", ("season_holiday.lonely_holiday",)),
]
PAIRS = [pair for one, others in OPPOSITES for other in others for pair in ((one, other), (other, one))]


def sure_of(situation: str) -> Sequence[Near]:
    """Return what an encoder says that is sure of one situation, rightly or not."""
    return (Near(situation, 0.95),)


@pytest.mark.parametrize(("wrong", "right"), PAIRS)
def test_no_utterance_is_answered_as_its_opposite(dialogue: Dialogue, setting: Setting, wrong: str, right: str) -> None:
    """Not even without an encoder."""
    for said in BANK.situations[right].says:
        understood = answered(dialogue, Heard.typed(said), setting).understanding
        assert understood is None or understood.situation != wrong, said


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("오늘은 무릎이 많이 아프네", "body_pain.better"),
        ("허리가 하나도 안 나았어", "body_pain.better"),
        ("무릎이 다시 아파", "body_pain.better"),
        ("다리가 한결 가벼워졌어", "body_pain.knee"),
        ("간밤에 한숨도 못 잤어", "sleep.slept_well"),
        ("밥을 못 먹었어", "meal.ate"),
        ("점심 먹었어", "meal.not_yet"),
        ("아들이 온다더니 안 왔어", "family_children.came"),
        ("딸이 다녀갔어", "family_children.does_not_come"),
        ("꽃이 다 시들어 버렸네", "plants_garden.bloomed"),
        ("영감이 먼저 갔지", "spouse.tells"),
        ("아들이 보고 싶어", "bereavement.lost_child"),
        ("시험에 떨어졌대 우리 손자가", "grandchildren.did_well"),
        ("막내가 아직 장가를 못 갔어", "family_children.married"),
        ("커피 한잔 하고 싶다", "friends_neighbours.met"),
        ("생일인데 아무도 안 오네", "birthday_age.birthday_today"),
        ("넘어질 뻔했어", "body_pain.fell"),
        ("더워서 못 자겠네", "weather.cold"),
        ("집사람이 치매야", "memory.afraid"),
    ],
)
def test_an_encoder_is_overruled(dialogue: Dialogue, setting: Setting, said: str, wrong: str) -> None:
    """However sure an encoder is of a situation that states what is not said, it is not answered so."""

    def answer(request: Request) -> Answer:
        return tuple(sure_of(wrong)) if isinstance(request, FindNear) else None

    understood = answered(dialogue, Heard.typed(said), setting, answer=answer).understanding
    assert understood is None or understood.situation != wrong


def test_no_example_is_barred_from_its_own_situation(analyser: Analyser, grammar: Grammar) -> None:
    """The claims fit the examples that they are to let through; fallbacks are chosen otherwise."""
    barred = [
        (one.id, said)
        for one in BANK.situations.values()
        if not one.is_fallback
        for said in one.says
        if not CLAIMS.allow(one, CLAIMS.said(said, grammar.read(analyser.analyse(said))))
    ]
    assert barred == []


def test_glad_situations_are_barred_by_harm_unless_they_say_otherwise() -> None:
    """A writer of a new glad situation is safe without thinking of it."""
    glad = [one for one in BANK.situations.values() if one.feeling is Feeling.JOY and one.bars is None]
    assert glad
    assert not any(CLAIMS.allow(one, {"harm", *one.needs}) for one in glad)


def test_what_the_barred_weighed_goes_in_part_to_the_others() -> None:
    """An encoder that is sure of a barred situation still votes for the next one."""
    near = (Near("body_pain.better", 0.9), Near("body_pain.knee", 0.08))
    allowed = CLAIMS.allowed(BANK, near, {"harm"})
    assert [one.situation for one in allowed] == ["body_pain.knee"]
    assert 0.08 < allowed[0].similarity <= 0.4


def test_unknown_situations_of_an_encoder_are_passed_over() -> None:
    """A head taught on another bank does no harm."""
    assert CLAIMS.allowed(BANK, (Near("no.such", 0.9),), ()) == ()
