"""The trained voices together: they raise, silence nothing, and harmless words around a danger do not drown it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.adapters.danger_encoder import DangerEncoder, read_head
from companion.errors import InferenceError, PromptError
from companion.prompts import data_folder
from companion.safety.assessor import Assessor, Before
from companion.safety.risk import Level
from companion.safety.second_voice import Class
from companion.safety.voices import THIRD, Voices, together
from companion.wiring import language
from companion.wiring.language import assessor, danger_assessor, second_voice

SECOND = danger_assessor(third=False)
RULES = danger_assessor(second=False)
HEAD = read_head((data_folder("models") / "danger/encoder_head.npz").read_bytes())
CALM, GRAVE = (0.99, 0.004, 0.002, 0.002, 0.002), (0.0001, 0.9996, 0.0001, 0.0001, 0.0001)
UNHEARD = "저 강 건너 배가 나를 실으러 오려나"
"""A wish of which neither the rules nor the second voice are sure."""
ONLY_SOUNDED = [
    "나 스스로 가불고 싶소 인자 못 참것어",
    "나 같은 건 어디다 내다 버렸으면 좋겠어",
]
HARMLESS = ["오늘 비가 오네", "시장에 갔다 왔어", "손주가 전화를 했어", "전복죽을 쒔어", "노인정에서 화투를 쳤어"]
DENIED = ["도둑이 든 건 아니야", "불이 난 건 아니야", "넘어진 건 아니야", "아픈 데는 없어"]
harmless = st.lists(st.sampled_from(HARMLESS), max_size=4)
ends = st.sampled_from([". ", " ", "\n"])


@dataclass
class Listener:
    """A third voice that hears one wording, alone or with what is next to it, and records what it was shown."""

    wording: str = UNHEARD
    shown: list[str] = field(default_factory=list)

    def shares(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        self.shown += texts
        return [GRAVE if text == self.wording else CALM for text in texts]


class Absent:
    """A third voice that is not there."""

    def shares(self, texts: Sequence[str]) -> None:
        return None


def listening(third: Listener | Absent) -> Assessor:
    return assessor(language.analyser(), voices=Voices(second_voice(), third))


def test_the_third_voice_raises_what_nobody_else_hears() -> None:
    """Its opinion counts together with the second's, and the finding names it."""
    alone, risk = SECOND.assess(UNHEARD), listening(Listener()).assess(UNHEARD)

    assert alone.level.rank < Level.CONCERN.rank
    assert (risk.level, risk.evidence, risk.words) == (Level.CONCERN, THIRD, UNHEARD)


def test_a_calm_third_voice_lowers_nothing_that_rules_found() -> None:
    """What the rules found stays, whatever it thinks."""
    calm, rules = listening(Listener("")), assessor(language.analyser())
    for text in ["죽고 싶어", "농약을 사다 놨어", "영감 곁으로 가고 싶어"]:
        assert calm.assess(text).level.rank >= rules.assess(text).level.rank


TAKEN_BY_A_RULE = "상추 모종을 심었는데 달팽이가 먼저 먹었어. 농약은 안 쳐, 나눠 먹지 뭐."


def test_what_only_a_rule_takes_for_a_wish_to_die_is_asked_about_first() -> None:
    """Both voices are sure that nothing is meant: nobody is called, and it is not passed over."""
    assert RULES.assess(TAKEN_BY_A_RULE).level is Level.URGENT
    assert listening(Listener("")).assess(TAKEN_BY_A_RULE).level is Level.WATCH


def test_without_the_third_voice_a_rule_stands_alone() -> None:
    """An encoder that cannot be had takes no alarm away."""
    assert listening(Absent()).assess(TAKEN_BY_A_RULE).level is Level.URGENT


def test_after_a_worry_a_rule_needs_no_second_witness() -> None:
    """Who spoke of dying just before is not asked gently."""
    before = [Before("죽고 싶어", RULES.assess("죽고 싶어"))]
    assert listening(Listener("")).assess(TAKEN_BY_A_RULE, before).level.rank >= Level.CONCERN.rank


def test_where_both_are_heard_both_must_agree() -> None:
    """What only the second takes for danger is none where the third is sure that it is harmless."""
    calm = listening(Listener(""))
    assert any(calm.assess(text).level.rank < SECOND.assess(text).level.rank for text in ONLY_SOUNDED)


def test_it_is_not_asked_where_everything_is_urgent_already() -> None:
    """Nothing can be raised any more, and no time is lost."""
    third = Listener()
    assert listening(third).assess("농약을 사다 놨어 오늘 마실 거야").level is Level.URGENT
    assert not third.shown


def test_without_it_the_second_speaks_alone() -> None:
    """An encoder that cannot be had changes nothing."""
    for text in [*ONLY_SOUNDED, UNHEARD]:
        assert listening(Absent()).assess(text) == SECOND.assess(text)


@settings(max_examples=15, deadline=None)
@given(harmless, harmless, st.sampled_from([". ", "\n"]))
def test_harmless_words_do_not_drown_what_it_hears(before: list[str], after: list[str], end: str) -> None:
    """It is shown the piece by itself, wherever in a long turn it stands."""
    assert listening(Listener()).assess(end.join([*before, UNHEARD, *after])).level.rank >= Level.CONCERN.rank


@pytest.mark.parametrize("danger", ONLY_SOUNDED)
def test_each_of_these_only_the_second_voice_hears(danger: str) -> None:
    """The law below is about something."""
    assert RULES.assess(danger).level.rank < SECOND.assess(danger).level.rank


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ONLY_SOUNDED), harmless, harmless, ends)
def test_harmless_words_around_what_the_second_hears_never_lower_it(
    danger: str, before: list[str], after: list[str], end: str
) -> None:
    """The gravest piece counts, not the whole."""
    assert SECOND.assess(end.join([*before, danger, *after])).level.rank >= SECOND.assess(danger).level.rank


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5), st.lists(st.floats(0, 1), min_size=5, max_size=5))
def test_two_opinions_are_one_that_sums_to_one(second: list[float], third: list[float]) -> None:
    """Whatever each says."""
    assert sum(together(dict(zip(Class, second, strict=True)), third).values()) == pytest.approx(1)


class Encoder:
    """Encodes at once, fails, or takes until it is let go."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if self.error is not None:
            raise self.error
        return np.ones((len(texts), len(HEAD.centre)), dtype=np.float32) / np.float32(len(HEAD.centre) ** 0.5)


def test_the_head_gives_shares_for_each_text() -> None:
    """One row a text, in the order of the classes, summing to one."""
    shares = DangerEncoder(Encoder(), HEAD).shares(["a", "b"])

    assert shares is not None
    assert [len(row) for row in shares] == [len(Class)] * 2
    assert [sum(row) for row in shares] == pytest.approx([1, 1], abs=1e-4)


def test_an_encoder_that_fails_is_a_voice_that_is_not_there(caplog: pytest.LogCaptureFixture) -> None:
    """No error reaches the conversation; it is logged once, without what was said."""
    voice = DangerEncoder(Encoder(InferenceError("encoder.failed", reason="test")), HEAD)

    assert voice.shares(["비밀"]) is None
    assert voice.shares(["비밀"]) is None
    assert len(caplog.records) == 1
    assert "비밀" not in caplog.text


class Slow(Encoder):
    """An encoder that takes its time from the second call on."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0
        self.go_on = Event()

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.calls += 1
        if self.calls > 1:
            self.go_on.wait(60)
        return super().encode(texts)


def test_what_comes_too_late_is_not_gone_on_with() -> None:
    """Of a very long turn no more is encoded than was begun, and the next turn is heard."""
    slow = Slow()
    voice = DangerEncoder(slow, HEAD, seconds=0.01)
    assert voice.shares(["first"]) is not None

    assert voice.shares([f"{number}" for number in range(40)]) is None
    slow.go_on.set()
    assert voice._working is not None
    voice._working.result(60)

    assert slow.calls == 2
    assert DangerEncoder(slow, HEAD).shares(["next"]) is not None


def test_damaged_arrays_are_refused_by_name() -> None:
    """A file that was cut short is one sentence that names it."""
    with pytest.raises(PromptError) as caught:
        read_head(b"PK")
    assert caught.value.fields["file"] == "danger/encoder_head.npz"


@pytest.mark.parametrize("end", [" ", ". ", "… ", "? ", "\n"])
@settings(max_examples=20, deadline=None)
@given(st.sampled_from(ONLY_SOUNDED), harmless, harmless)
def test_nor_do_they_whatever_stands_between(end: str, danger: str, before: list[str], after: list[str]) -> None:
    """With marks or without any: clauses are heard for themselves."""
    assert SECOND.assess(end.join([*before, danger, *after])).level.rank >= SECOND.assess(danger).level.rank


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ONLY_SOUNDED), st.sampled_from(DENIED), st.booleans(), ends)
def test_the_denial_of_one_thing_erases_nothing_that_sounds_like_another(
    danger: str,
    denied: str,
    first: bool,  # noqa: FBT001
    end: str,
) -> None:
    """What is denied beside it takes nothing from it."""
    text = end.join([denied, danger] if first else [danger, denied])
    assert SECOND.assess(text).level.rank >= SECOND.assess(danger).level.rank
