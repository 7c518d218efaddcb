"""One thing that is known in a telling, whatever else is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from companion.core.turn import Act, Feeling
from companion.dialogue.bank import Situation
from companion.dialogue.choice import Evidence
from companion.dialogue.motifs import Motifs, is_known
from companion.dialogue.requests import Labels


def motif(name: str, *rules: str, unless: tuple[str, ...] = (), gathers: tuple[str, ...] = ("tasty",)) -> Situation:
    plain = Situation(f"receive.motif.{name}", "meal", Feeling.NEUTRAL, Act.TELL, (), (), ("네.",))
    return replace(plain, rules=rules, unless=unless, gathers=gathers)


MOTIFS = Motifs(
    (
        motif("shop_gone", "문을닫(았|는대)", unless=("방문을닫",)),
        motif("alone", "혼자[^.]{0,4}먹"),
    )
)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("사십 년 다닌 데가 문을 닫았어. 때 밀어 주던 사람 얼굴이 훤한데.", "shop_gone"),
        ("오늘은 나가지도 않고, 밥도 혼자 먹고, 비는 오고.", "alone"),
        ("국밥집이 문을 닫는대. 그래서 오늘은 집에서 혼자 먹었지.", "shop_gone"),
    ],
)
def test_a_motif_is_known_anywhere_in_a_telling_and_the_first_outweighs(said: str, name: str) -> None:
    found = MOTIFS.find(said)
    assert found is not None
    assert found.id == f"receive.motif.{name}"


@pytest.mark.parametrize(
    "said",
    [
        "손주가 방문을 닫았어",
        "혼자 앉아 있다가 늦게야 밥을 먹었지",
        "혼자. 먹었지",
        "국밥집이 문을 닫았어. " + "그 집 앞을 지나던 이야기가 길기도 하지. " * 9,
    ],
)
def test_what_a_word_bars_what_two_sentences_say_and_a_long_story_hold_no_motif(said: str) -> None:
    assert MOTIFS.find(said) is None


def test_only_a_motif_at_the_head_of_what_receives_is_known() -> None:
    alone = motif("alone", "혼자")
    assert is_known((alone,))
    assert not is_known(())


TONE = Situation("receive.tone.plain", "other", Feeling.NEUTRAL, Act.TELL, (), (), ("네.",))
GIST = Situation("receive.gist.tasty", "meal", Feeling.JOY, Act.TELL, (), (), ("네.",))


def told(gist: float) -> Evidence:
    return Evidence({}, {}, (), labels=Labels(gists={"tasty": gist}))


def test_a_motif_goes_before_a_tone_and_a_gist_that_is_not_sure_and_behind_one_that_is() -> None:
    said = "밥은 혼자 먹었지."
    assert is_known(MOTIFS.before((TONE,), said, told(0.9)))
    assert is_known(MOTIFS.before((GIST,), said, told(0.3)))
    assert MOTIFS.before((GIST,), said, told(0.9)) == (GIST,)


def test_what_is_barred_or_received_by_nothing_stays_as_it_is() -> None:
    barred = replace(told(0.3), barred=frozenset({"receive.motif.alone"}))
    assert MOTIFS.before((TONE,), "밥은 혼자 먹었지.", barred) == (TONE,)
    assert MOTIFS.before((), "밥은 혼자 먹었지.", told(0.3)) == ()


def test_a_motif_after_which_no_likely_gist_makes_it_right_is_only_letters() -> None:
    said = "오늘 반죽이 기가 막히게 됐어, 혼자 먹기 아깝더라."
    alone = Motifs((motif("alone", "혼자[^.]{0,4}먹", gathers=("eating_alone",)),))
    assert not is_known(alone.before((TONE,), said, Evidence({}, {}, (), labels=Labels(gists={"tasty": 0.3}))))
    between = Evidence({}, {}, (), labels=Labels(gists={"tasty": 0.5, "eating_alone": 0.3}))
    assert not is_known(alone.before((TONE,), said, between))
    agreed = Evidence({}, {}, (), labels=Labels(gists={"tasty": 0.3, "eating_alone": 0.3}))
    assert is_known(alone.before((TONE,), said, agreed))


def test_where_nobody_knows_the_gists_the_letters_of_a_motif_decide() -> None:
    assert is_known(MOTIFS.before((TONE,), "밥은 혼자 먹었지.", Evidence({}, {}, ())))
