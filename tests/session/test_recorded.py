from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from companion.core.audio import Frame, Samples
from companion.core.heard import NOTHING_HEARD, Heard, Hearing
from companion.errors import InferenceError, InputError
from companion.session.ear import ENDED, Listened, Utterance
from companion.session.recorded import Recorded, RecordedEar, hear_recording
from tests.fakes.clock import FakeClock
from tests.fakes.hearing import ROOM, VOICE, FedMicrophone, LoudnessActivity, ScriptedRecognizer, clearly


def recording(*parts: tuple[Samples, float], error: Exception | None = None) -> FedMicrophone:
    """A recording made of stretches of voice and room."""
    source = FedMicrophone()
    for samples, seconds in parts:
        source.feed(samples, seconds=seconds)
    source.end(error)
    return source


class Listening:
    def __init__(self, *sources: FedMicrophone, answers: tuple[Heard | Exception, ...] = (clearly("그래요"),)) -> None:
        self.recognizer = ScriptedRecognizer(answers)
        self.notices: list[str] = []
        self.clock = FakeClock()
        self.ear = RecordedEar(
            [Recorded(f"{index}.flac", source) for index, source in enumerate(sources)],
            LoudnessActivity(),
            self.recognizer,
            clock=self.clock,
            notices=lambda key, **_fields: self.notices.append(key),
        )

    async def all(self) -> list[Listened]:
        found: list[Listened] = []
        while (listened := await self.ear.listen(1.0)) is not ENDED:
            found.append(listened)
        await self.ear.close()
        return found


async def test_each_of_several_files_is_one_turn() -> None:
    """A pause of three seconds within a file does not make two turns of it."""
    long = recording((VOICE, 1.0), (ROOM, 3.0), (VOICE, 1.0))
    listening = Listening(long, recording((VOICE, 1.0)))
    assert [turn.source for turn in await listening.all() if isinstance(turn, Utterance)] == ["0.flac", "1.flac"]
    assert len(listening.recognizer.sounds[0]) > 4.9 * 16_000


async def test_a_file_in_which_nobody_speaks_is_a_turn_of_nothing() -> None:
    """The session answers it as silence; the recogniser is not asked."""
    listening = Listening(recording((ROOM, 3.0)), recording((VOICE, 1.0)))
    first, second = await listening.all()
    assert isinstance(first, Utterance)
    assert first.heard == NOTHING_HEARD
    assert isinstance(second, Utterance)
    assert len(listening.recognizer.sounds) == 1


async def test_one_long_file_is_cut_at_its_pauses() -> None:
    """Three sentences with pauses of two seconds are three turns."""
    source = recording(*[(VOICE, 1.0), (ROOM, 2.0)] * 3)
    listening = Listening(source)
    assert len(await listening.all()) == 3


async def test_pauses_are_those_of_the_recording() -> None:
    """However quickly it is read, the person stopped 1.6 s of sound before the turn ended."""
    (turn,) = await Listening(recording((VOICE, 1.0), (ROOM, 2.0))).all()
    assert isinstance(turn, Utterance)
    assert turn.turn_ended - turn.speech_ended == pytest.approx(1.6, abs=0.033)


async def test_a_damaged_file_is_heard_as_far_as_it_goes() -> None:
    """What came before the damage is a turn, the damage is told, and the next file is heard."""
    broken = recording((VOICE, 1.0), error=InputError("hearing.file_damaged", file="0.flac"))
    listening = Listening(broken, recording((VOICE, 1.0)))
    assert len(await listening.all()) == 2
    assert listening.notices == ["hearing.file_damaged"]


async def test_a_failed_recognition_costs_one_turn() -> None:
    """The turns after a failure are still given."""
    listening = Listening(
        recording((VOICE, 1.0)), recording((VOICE, 1.0)), answers=(InferenceError("hearing.x"), clearly("응"))
    )
    with pytest.raises(InferenceError):
        await listening.ear.listen(1.0)
    assert len(await listening.all()) == 1


async def test_a_recording_never_interrupts() -> None:
    """``speech`` does not return."""
    listening = Listening(recording((VOICE, 1.0)))
    interrupting = asyncio.ensure_future(listening.ear.speech())
    await listening.all()
    assert not interrupting.done()
    interrupting.cancel()


def test_hours_are_heard_in_stretches() -> None:
    """A whole recording longer than the longest turn is heard in parts, and memory stays bounded."""
    held: list[int] = []

    class Watching(ScriptedRecognizer):
        def recognise(self, samples: Samples) -> Heard:
            held.append(len(samples))
            return super().recognise(samples)

    recognizer = Watching([clearly("하나"), Heard("둘", 0.4, Hearing.UNSURE)])
    heard = hear_recording(recording((VOICE, 130.0)), LoudnessActivity(), recognizer)
    assert heard.text == "하나 둘 둘"
    assert heard.hearing is Hearing.UNSURE
    assert heard.confidence == 0.4
    assert max(held) <= 61 * 16_000


def test_a_recording_is_read_only_as_far_as_it_is_wanted() -> None:
    """The ear pulls frames one by one: nothing of the second turn is read before it is asked for."""

    class Counting(FedMicrophone):
        given = 0

        def frames(self) -> Iterator[Frame]:
            for frame in super().frames():
                self.given += 1
                yield frame

    async def first_turn() -> int:
        source = Counting()
        for _ in range(5):
            source.feed(VOICE, seconds=1.0)
            source.feed(ROOM, seconds=2.0)
        source.end()
        listening = Listening(source)
        await listening.ear.listen(1.0)
        given = source.given
        await listening.ear.close()
        return given

    assert asyncio.run(first_turn()) < 3.0 * 31.25
