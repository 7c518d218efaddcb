from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from companion.core.audio import FRAME_MS, FRAME_SAMPLES, SampleIndex, Span
from companion.core.turn_taking import (
    EndReason,
    FixedPause,
    PauseBounds,
    PauseContext,
    SpeechPaused,
    SpeechResumed,
    SpeechStarted,
    TurnEnded,
    TurnEvent,
    TurnSettings,
    TurnTaking,
)

SHORT = TurnSettings(longest_ms=6_000)


def run(machine: TurnTaking, probabilities: Iterable[float]) -> list[TurnEvent]:
    """Feed frames one after another from the start of the stream."""
    events: list[TurnEvent] = []
    for index, probability in enumerate(probabilities):
        span = Span(SampleIndex(index * FRAME_SAMPLES), SampleIndex((index + 1) * FRAME_SAMPLES))
        events += machine.step(span, probability)
    return events


def frames(ms: int) -> int:
    return -(-ms // FRAME_MS)


def talk(*parts: tuple[float, int]) -> list[float]:
    """Return probabilities from (probability, milliseconds) pairs."""
    return [probability for probability, ms in parts for _ in range(frames(ms))]


def turns(events: Iterable[TurnEvent]) -> list[TurnEnded]:
    return [event for event in events if isinstance(event, TurnEnded)]


def test_a_sentence_and_a_pause_make_one_turn() -> None:
    """Speech followed by 1.6 s of quiet starts, pauses at the seam and ends, in that order and once each."""
    events = run(TurnTaking(), talk((0.0, 500), (0.9, 1_000), (0.0, 2_000)))
    assert [type(event) for event in events] == [SpeechStarted, SpeechPaused, TurnEnded]
    ended = turns(events)[0]
    assert ended.reason is EndReason.PAUSE
    waited_ms = Span(ended.speech.end, ended.decided_at).ms
    assert 1_600 <= waited_ms < 1_600 + FRAME_MS


def test_the_speculative_span_is_the_final_one() -> None:
    """What ``SpeechPaused`` names is to the sample what ``TurnEnded`` names if the person does not go on."""
    events = run(TurnTaking(), talk((0.0, 500), (0.9, 1_000), (0.0, 2_000)))
    paused = next(event for event in events if isinstance(event, SpeechPaused))
    assert paused.span == turns(events)[0].span


def test_a_short_pause_is_taken_back() -> None:
    """Going on after the seam voids the speculation and leaves one turn."""
    events = run(TurnTaking(), talk((0.9, 800), (0.0, 1_000), (0.9, 800), (0.0, 2_000)))
    assert [type(event) for event in events] == [SpeechStarted, SpeechPaused, SpeechResumed, SpeechPaused, TurnEnded]


def test_a_click_is_no_turn() -> None:
    """Two loud frames do not make speech, even when such clicks keep coming."""
    assert run(TurnTaking(), talk((0.9, 64), (0.0, 400)) * 10) == []


def test_one_syllable_is_a_turn() -> None:
    """A "네" of 130 ms is a turn."""
    events = run(TurnTaking(), talk((0.0, 320), (0.8, 128), (0.0, 2_000)))
    assert len(turns(events)) == 1


def test_soft_first_consonants_are_kept() -> None:
    """The turn begins 480 ms before the first frame of speech, and never before the stream."""
    late = turns(run(TurnTaking(), talk((0.0, 960), (0.9, 500), (0.0, 2_000))))[0]
    assert Span(late.span.start, late.speech.start).ms == 480
    early = turns(run(TurnTaking(), talk((0.9, 500), (0.0, 2_000))))[0]
    assert early.span.start == 0


def test_a_monologue_is_answered_rather_than_lost() -> None:
    """Speech without a pause ends at the longest turn, and what follows is the next turn without a gap."""
    events = run(TurnTaking(SHORT), talk((0.9, 10_000), (0.0, 2_000)))
    first, second = turns(events)
    assert first.reason is EndReason.TOO_LONG
    assert second.span.start == first.span.end


def test_after_a_screening_question_the_pause_is_never_under_two_seconds() -> None:
    """However short the rule's pause, two seconds are waited after a screening question."""
    machine = TurnTaking(pause_rule=FixedPause(200))
    machine.after_screening = True
    ended = turns(run(machine, talk((0.9, 500), (0.0, 3_000))))[0]
    assert Span(ended.speech.end, ended.decided_at).ms >= 2_000


def test_a_source_that_ends_ends_the_turn() -> None:
    """An open turn ends with its source, keeping what was said."""
    machine = TurnTaking()
    assert turns(run(machine, talk((0.9, 500)))) == []
    (ended,) = turns(machine.finish())
    assert ended.reason is EndReason.SOURCE_ENDED
    assert machine.finish() == ()


def test_a_file_that_is_one_turn_has_no_pauses_that_end_it() -> None:
    """With ``ends_on_pause`` off a pause of four seconds is part of the turn."""
    machine = TurnTaking(ends_on_pause=False)
    run(machine, talk((0.9, 500), (0.0, 4_000), (0.9, 500), (0.0, 500)))
    (ended,) = turns(machine.finish())
    assert ended.speech.ms >= 5_000


def test_the_pause_rule_sees_the_words_of_exactly_this_speech() -> None:
    """Words noted at a pause reach the rule, and are forgotten when the person goes on."""
    seen: list[PauseContext] = []

    class Watching:
        def pause_ms(self, context: PauseContext) -> int:
            seen.append(context)
            return 1_200 if context.words == "밥 먹었어" else 2_500

    machine = TurnTaking(pause_rule=Watching())
    position = 0

    def feed(probability: float, ms: int) -> list[TurnEvent]:
        nonlocal position
        events: list[TurnEvent] = []
        for _ in range(frames(ms)):
            span = Span(SampleIndex(position), SampleIndex(position + FRAME_SAMPLES))
            position += FRAME_SAMPLES
            events += machine.step(span, probability)
        return events

    feed(0.9, 500)
    feed(0.0, 400)
    machine.note_words("밥 먹었어")
    feed(0.9, 320)
    assert turns(feed(0.0, 1_500)) == []
    machine.note_words("밥 먹었어")
    assert len(turns(feed(0.0, 64))) == 1
    assert {context.words for context in seen} == {None, "밥 먹었어"}


def test_skipping_ahead_ends_the_turn_and_reaches_back_no_further() -> None:
    """After a stretch that was not heard, a new turn keeps no sound from before it."""
    machine = TurnTaking()
    run(machine, talk((0.9, 500)))
    assert len(turns(machine.skip_to(SampleIndex(FRAME_SAMPLES * 100)))) == 1
    assert machine.keep_from == FRAME_SAMPLES * 100


@given(ms=st.integers(-5_000, 10_000), after_screening=st.booleans())
def test_the_bounds_hold(ms: int, *, after_screening: bool) -> None:
    """Whatever a rule says, the pause lies between the bounds."""
    held = PauseBounds().hold(ms, after_screening=after_screening)
    assert (2_000 if after_screening else 1_200) <= held <= 2_500


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.4, 0.6, 0.95]), st.integers(1, 80)), max_size=30))
@settings(max_examples=200, deadline=None)
def test_turns_are_ordered_disjoint_and_cover_the_speech(runs: list[tuple[float, int]]) -> None:
    """Turns never overlap, stand in order, contain their speech, and are no longer than the longest allowed."""
    machine = TurnTaking(SHORT)
    probabilities = [probability for probability, count in runs for _ in range(count)]
    events = [*run(machine, probabilities), *machine.finish()]
    found = turns(events)
    for before, after in pairwise(found):
        assert before.span.end <= after.span.start
    for turn in found:
        assert 0 <= turn.span.start <= turn.speech.start < turn.speech.end <= turn.span.end <= turn.decided_at
        assert turn.span.ms <= SHORT.longest_ms + FRAME_MS
    starts = [event for event in events if isinstance(event, SpeechStarted)]
    assert [start.at for start in starts] == [turn.speech.start for turn in found]
    for index in range(len(probabilities) - 3):
        if min(probabilities[index : index + 4]) >= 0.5:
            at = index * FRAME_SAMPLES
            assert any(turn.span.start <= at < turn.span.end for turn in found), "speech outside every turn"


class TurnMachine(RuleBasedStateMachine):
    """Drives the machine in any order of speech, quiet, ends and skips."""

    def __init__(self) -> None:
        super().__init__()
        self.machine = TurnTaking(SHORT)
        self.position = 0
        self.open = False
        self.paused = False
        self.kept_from = 0

    def take(self, events: Iterable[TurnEvent]) -> None:
        for event in events:
            match event:
                case SpeechStarted():
                    assert not self.open
                    self.open = True
                case SpeechPaused(span):
                    assert self.open
                    assert not self.paused
                    assert self.kept_from <= span.start
                    self.paused = True
                case SpeechResumed():
                    assert self.paused
                    self.paused = False
                case TurnEnded():
                    assert self.open
                    assert self.kept_from <= event.span.start, "sound that had been let go"
                    self.open = self.paused = False

    @rule(probability=st.floats(0, 1), count=st.integers(1, 70))
    def hear(self, probability: float, count: int) -> None:
        for _ in range(count):
            self.kept_from = self.machine.keep_from
            span = Span(SampleIndex(self.position), SampleIndex(self.position + FRAME_SAMPLES))
            self.position += FRAME_SAMPLES
            self.take(self.machine.step(span, probability))

    @rule()
    def end(self) -> None:
        self.take(self.machine.finish())
        assert not self.open

    @rule(lost=st.integers(0, 100))
    def skip(self, lost: int) -> None:
        self.position += lost * FRAME_SAMPLES
        self.take(self.machine.skip_to(SampleIndex(self.position)))
        assert not self.open

    @rule(screening=st.booleans())
    def ask(self, *, screening: bool) -> None:
        self.machine.after_screening = screening

    @invariant()
    def agrees_on_speaking(self) -> None:
        assert self.machine.speaking == self.open
        assert self.machine.keep_from <= self.position


TestTurnMachine = TurnMachine.TestCase


@pytest.mark.parametrize("probability", [0.0, 0.34])
def test_quiet_is_quiet(probability: float) -> None:
    """A room in which nobody speaks gives no event for a minute."""
    assert run(TurnTaking(), [probability] * frames(60_000)) == []
