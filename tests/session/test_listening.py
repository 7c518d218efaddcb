from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from companion.core.heard import NOTHING_HEARD, Heard
from companion.errors import DeviceLost, InferenceError
from companion.session.ear import ENDED, SILENCE, Utterance
from companion.session.listening import EarSettings, VoiceEar
from tests.fakes.clock import FakeClock
from tests.fakes.hearing import (
    LOUD,
    ROOM,
    VOICE,
    ZEROS,
    FedMicrophone,
    LoudnessActivity,
    ScriptedRecognizer,
    clearly,
)


class Bench:
    """An ear and everything around it."""

    def __init__(self, *answers: Heard | Exception, half_duplex: bool = True) -> None:
        self.microphone = FedMicrophone()
        self.recognizer = ScriptedRecognizer(answers or [clearly("밥 먹었어요")])
        self.clock = FakeClock()
        self.notices: list[str] = []
        self.ear = VoiceEar(
            self.microphone,
            LoudnessActivity(),
            self.recognizer,
            clock=self.clock,
            notices=lambda key, **_fields: self.notices.append(key),
            settings=EarSettings(half_duplex=half_duplex),
        )

    def say(self, seconds: float, pause: float = 2.0) -> None:
        self.microphone.feed(VOICE, seconds=seconds)
        self.microphone.feed(ROOM, seconds=pause)

    async def hear(self, patience: float = 60.0) -> Utterance:
        listened = await self.ear.listen(patience)
        assert isinstance(listened, Utterance)
        return listened


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    bench = Bench()
    yield bench
    await bench.ear.close()


async def test_a_sentence_is_an_utterance(bench: Bench) -> None:
    """Speech and a pause give the words, and say when the person stopped and when that was decided."""
    bench.say(1.0)
    utterance = await bench.hear()
    assert utterance.heard.text == "밥 먹었어요"
    assert utterance.turn_ended == bench.clock.monotonic()
    assert utterance.turn_ended - utterance.speech_ended == pytest.approx(1.6, abs=0.033)


async def test_patience_runs_on_the_microphone_s_own_time(bench: Bench) -> None:
    """Five seconds of quiet are a silence after five seconds of sound, whatever the clock on the wall says."""
    waiting = asyncio.ensure_future(bench.ear.listen(5.0))
    await asyncio.sleep(0)
    bench.microphone.feed(ROOM, seconds=4.9)
    bench.microphone.feed(ROOM, seconds=0.2)
    assert await waiting is SILENCE


async def test_a_long_story_does_not_run_out_of_patience(bench: Bench) -> None:
    """Nobody is called silent while speaking, however little patience there is."""
    waiting = asyncio.ensure_future(bench.ear.listen(1.0))
    await asyncio.sleep(0)
    bench.microphone.feed(VOICE, seconds=0.5)
    bench.say(5.0)
    assert isinstance(await waiting, Utterance)


async def test_what_is_said_between_two_calls_is_not_lost(bench: Bench) -> None:
    """Two turns spoken while a reply is made are given one after the other."""
    bench.say(1.0)
    bench.say(0.5)
    await bench.hear()
    await bench.hear()
    assert len(bench.recognizer.sounds) == 2


async def test_the_speculative_transcript_is_reused() -> None:
    """A turn that ends with its first pause is recognised once, from the seam on."""
    bench = Bench(clearly("첫째"), clearly("둘째"))
    bench.say(1.0)
    assert (await bench.hear()).heard.text == "첫째"
    assert len(bench.recognizer.sounds) == 1
    await bench.ear.close()


async def test_going_on_voids_the_speculative_transcript() -> None:
    """After a pause within the turn the words are those of the whole turn."""
    bench = Bench()
    bench.microphone.feed(VOICE, seconds=1.0)
    bench.microphone.feed(ROOM, seconds=0.6)
    bench.say(1.0)
    await bench.hear()
    assert len(bench.recognizer.sounds[-1]) > 2.5 * 16_000
    await bench.ear.close()


async def test_a_cough_is_passed_over() -> None:
    """A sound without words is no turn: the next words are what was heard."""
    bench = Bench(NOTHING_HEARD, clearly("아이고"))
    bench.say(0.3)
    bench.say(1.0)
    assert (await bench.hear()).heard.text == "아이고"
    await bench.ear.close()


async def test_a_cancelled_listen_loses_no_turn(bench: Bench) -> None:
    """Cancelling before the turn is over, or while its words are awaited, leaves them to the next call."""
    bench.recognizer.release.clear()
    bench.say(1.0)
    for _ in range(2):
        waiting = asyncio.ensure_future(bench.ear.listen(60.0))
        await asyncio.to_thread(bench.recognizer.asked.wait)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    bench.recognizer.release.set()
    assert (await bench.hear()).heard.text == "밥 먹었어요"


async def test_an_unplugged_microphone_gives_what_was_said_first(bench: Bench) -> None:
    """What was being said when the device went is a turn; then the loss is told, again at each call."""
    bench.microphone.feed(VOICE, seconds=1.0)
    bench.microphone.end(DeviceLost("hearing.microphone_lost"))
    assert (await bench.hear()).heard.text == "밥 먹었어요"
    for _ in range(2):
        with pytest.raises(DeviceLost):
            await bench.ear.listen(1.0)


async def test_a_source_that_ends_is_ended_for_good(bench: Bench) -> None:
    """After the last frame every call says ENDED."""
    bench.microphone.end()
    assert await bench.ear.listen(1.0) is ENDED
    assert await bench.ear.listen(1.0) is ENDED


async def test_a_failed_recognition_is_told_and_the_next_turn_is_heard() -> None:
    """One failure costs one turn."""
    bench = Bench(InferenceError("hearing.recognizer_failed"), clearly("여보세요"))
    bench.say(1.0)
    bench.say(1.0)
    with pytest.raises(InferenceError):
        await bench.ear.listen(60.0)
    assert (await bench.hear()).heard.text == "여보세요"
    await bench.ear.close()


async def test_while_muted_nothing_is_heard() -> None:
    """Half-duplex: the speaker's own voice is dropped, and so is the room's echo of it."""
    bench = Bench()
    bench.ear.mute()
    listening = asyncio.ensure_future(bench.ear.listen(3.0))
    await asyncio.sleep(0)
    bench.microphone.feed(VOICE, seconds=3.0)
    assert await listening is SILENCE
    bench.ear.unmute()
    bench.microphone.feed(VOICE, seconds=0.2)
    bench.microphone.feed(ROOM, seconds=1.0)
    bench.say(1.0)
    await bench.hear()
    assert len(bench.recognizer.sounds) == 1
    assert len(bench.recognizer.sounds[0]) < 1.9 * 16_000
    await bench.ear.close()


async def test_with_an_echo_canceller_speech_can_interrupt() -> None:
    """``speech`` returns when somebody begins to speak, and ``mute`` does nothing."""
    bench = Bench(half_duplex=False)
    bench.ear.mute()
    interrupted = asyncio.ensure_future(bench.ear.speech())
    await asyncio.sleep(0)
    bench.microphone.feed(VOICE, seconds=0.3)
    await interrupted
    await bench.ear.close()


async def test_half_duplex_never_interrupts(bench: Bench) -> None:
    """Without an echo canceller ``speech`` waits for ever."""
    interrupted = asyncio.ensure_future(bench.ear.speech())
    bench.say(1.0)
    await bench.hear()
    assert not interrupted.done()
    interrupted.cancel()


async def test_after_a_screening_question_the_ear_waits_two_seconds(bench: Bench) -> None:
    """A pause of 1.8 s within a screening answer does not end it."""
    bench.ear.expect_screening_answer(expected=True)
    bench.microphone.feed(VOICE, seconds=0.5)
    bench.microphone.feed(ROOM, seconds=1.8)
    bench.say(0.5, pause=2.2)
    await bench.hear()
    assert len(bench.recognizer.sounds[-1]) > 2.5 * 16_000


@pytest.mark.parametrize(("sound", "key"), [(ZEROS, "hearing.muted"), (LOUD, "hearing.clipping")])
async def test_a_bad_level_is_noticed(bench: Bench, sound: object, key: str) -> None:
    """A muted microphone and one at full scale are each told once."""
    bench.microphone.feed(sound, seconds=6.0)  # type: ignore[arg-type]
    bench.microphone.end()
    while await bench.ear.listen(1.0) is not ENDED:
        pass
    assert bench.notices == [key]


async def test_lost_sound_is_noticed_once(bench: Bench) -> None:
    """Overflows are told, but not over and over."""
    for _ in range(3):
        bench.microphone.feed(ROOM, overflowed=True)
    bench.microphone.end()
    assert await bench.ear.listen(1.0) is ENDED
    assert bench.notices == ["hearing.overflow"]


async def test_closing_twice_does_nothing(bench: Bench) -> None:
    """A closed ear has ended."""
    await bench.ear.close()
    await bench.ear.close()
    assert await bench.ear.listen(1.0) is ENDED
