"""An opener covers the making of a reply: when it may lead, and how soon something is heard then."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from companion.core.audio import Sound
from companion.core.cancellation import Cancellation
from companion.core.phrase import Phrase
from companion.core.speech_settings import SpeechLimits, SpeechSettings
from companion.core.turn import Reply, ReplySource
from companion.dialogue.flow import Dialogue
from companion.dialogue.openers import FILE, Openers
from companion.prompts import prompt_table
from companion.session.conversation import Conversation
from companion.session.kept_sounds import KeptSounds
from companion.session.speaking import Keeping, Mouth, MouthParts
from companion.wiring.kept import danger_replies, kept_replies
from companion.wiring.speaking import phrasing, voices_table
from tests.fakes.clock import FakeClock
from tests.fakes.speaker import StillSpeaker
from tests.fakes.voice import PrintedVoice
from tests.records import new_session
from tests.session.test_conversation import Room

OPENERS = Openers(prompt_table(FILE))
TOLD = ["어제 손주가 왔다 갔어", "나는 국수를 잘 삶아", "마당에 고추를 심었어", "옛날에 바닷가에 살았어"]
AT_ONCE_SECONDS = 0.3
CONTENT_SECONDS = 0.4
MAKING_SECONDS = 0.9


def is_opener(reply: Reply) -> bool:
    return reply.text in OPENERS.texts


@pytest.fixture
def rooms(dialogue: Dialogue, tmp_path: Path) -> Iterator[Callable[..., Room]]:
    """Conversations in which only openers are kept as sound."""
    opened: list[Room] = []

    def make(*turns: str) -> Room:
        room = Room(dialogue, tmp_path, list(turns))
        room.mouth.kept = is_opener
        room.parts = replace(room.parts, openers=OPENERS)
        opened.append(room)
        return room

    yield make
    for room in opened:
        room.record.close()


async def said_by(room: Room) -> list[str]:
    """Hold the conversation and return what was said, the greeting and the goodbye left out."""
    await Conversation(room.parts, patience=20.0).run(new_session(room.person))
    return room.mouth.said[1:-1]


def is_led(text: str) -> bool:
    return text.startswith(OPENERS.texts)


async def test_a_reply_that_must_be_made_is_led_and_never_two_in_a_row(rooms: Callable[..., Room]) -> None:
    """Openers lead some replies, the record and the screen have them too, and the one after is not led."""
    room = rooms(*TOLD)

    led = [is_led(text) for text in await said_by(room)]

    assert any(led)
    assert not any(first and second for first, second in pairwise(led))
    assert [turn.reply for turn in room.kept()] == room.mouth.said


async def test_what_is_kept_needs_no_opener(rooms: Callable[..., Room]) -> None:
    """Where the reply itself would start at once, nothing is put before it."""
    room = rooms(*TOLD)
    room.mouth.kept = lambda _reply: True

    assert not any(map(is_led, await said_by(room)))


async def test_an_opener_that_is_not_kept_does_not_lead(rooms: Callable[..., Room]) -> None:
    """An opener that has to be made first would only make it later."""
    room = rooms(*TOLD)
    room.mouth.kept = lambda _reply: False

    assert not any(map(is_led, await said_by(room)))


@pytest.mark.parametrize("danger", ["죽고 싶다", "약을 모아 놨어 오늘 먹고 죽을라고", "가슴이 조이고 숨이 안 쉬어져"])
async def test_danger_is_met_without_an_opener(rooms: Callable[..., Room], danger: str) -> None:
    """Nothing precedes what safety demands, then or in the turn after it; the mouth is not even asked."""
    room = rooms(danger, "손주가 보고 싶네")
    asked: list[Reply] = []

    def kept(reply: Reply) -> bool:
        asked.append(reply)
        return is_opener(reply)

    room.mouth.kept = kept

    said = await said_by(room)

    assert said
    assert not any(map(is_led, said))
    assert asked == []


class TimedVoice(PrintedVoice):
    """Makes each phrase in 0.9 s of a fake clock, once the opener was handed to the speaker."""

    def __init__(self, clock: FakeClock, begun: Event) -> None:
        super().__init__()
        self._clock = clock
        self._begun = begun

    def say(self, phrase: Phrase, *, speed: float = 1.0, cancel: Cancellation | None = None) -> Sound:
        assert self._begun.wait(5.0)
        self._clock.advance(MAKING_SECONDS)
        return super().say(phrase, speed=speed, cancel=cancel)


class TellingSpeaker(StillSpeaker):
    """Tells when the first sound was written."""

    def __init__(self, begun: Event) -> None:
        super().__init__()
        self._begun = begun

    def write(self, sound: Sound, cancel: Cancellation) -> None:
        super().write(sound, cancel)
        self._begun.set()


def mouth_of(clock: FakeClock, speaker: StillSpeaker, voice: PrintedVoice | None, kept: KeptSounds) -> Mouth:
    parts = MouthParts(
        voice=voice,
        open_speaker=lambda: speaker,
        phrasing=phrasing(None),
        level=lambda sound, _lufs: sound,
        kept=kept,
        keeping=lambda _phrase: Keeping.DISK,
        notice=lambda _error: None,
        back=lambda: None,
        monotonic=clock.monotonic,
    )
    return Mouth(parts, SpeechSettings.usual(SpeechLimits.of(voices_table()["speech"])))


def kept_in(folder: Path) -> KeptSounds:
    return KeptSounds(folder, limit_bytes=10_000_000, notice=lambda _key, _fields: None)


@pytest.mark.parametrize("opener", OPENERS.texts)
async def test_an_opener_is_heard_at_once_and_the_rest_follows(opener: str, tmp_path: Path) -> None:
    """Sound starts within 300 ms of the end of the turn, and the pause before what follows is at most 400 ms."""
    clock, begun = FakeClock(), Event()
    kept = kept_in(tmp_path)
    ahead = mouth_of(clock, StillSpeaker(), PrintedVoice(), kept)
    await ahead.prepare([Reply(opener, ReplySource.FIXED, "opener")])
    await ahead.close()
    speaker = TellingSpeaker(begun)
    mouth = mouth_of(clock, speaker, TimedVoice(clock, begun), kept)
    turn_ended = clock.monotonic()
    led = Reply(f"{opener} 무릎은 언제부터 아프셨어요?", ReplySource.BANK, "test", opener=opener)

    assert await mouth.at_once(led)
    assert not await mouth.at_once(Reply("무릎은 언제부터 아프셨어요?", ReplySource.BANK, "test"))
    spoken = await mouth.say(led)

    assert spoken.first_sound is not None
    assert spoken.first_sound - turn_ended <= AT_ONCE_SECONDS
    assert (spoken.text, spoken.complete) == (led.text, True)
    assert 0 < speaker.sounds[1].seconds <= CONTENT_SECONDS
    assert not np.any(speaker.sounds[1].samples)
    assert np.any(speaker.sounds[2].samples)
    await mouth.close()


async def test_without_a_voice_everything_starts_at_once(tmp_path: Path) -> None:
    """Words that are on the screen only need no opener."""
    mouth = mouth_of(FakeClock(), StillSpeaker(), None, kept_in(tmp_path))

    assert await mouth.at_once(Reply("무릎은 언제부터 아프셨어요?", ReplySource.BANK, "test"))
    await mouth.close()


def test_every_opener_is_made_ahead() -> None:
    """`companion voice prepare` and idle time keep all of them, those of danger before them."""
    texts = [reply.text for reply in kept_replies()]
    dangers = len(danger_replies())

    assert set(OPENERS.texts) <= set(texts)
    assert min(texts.index(opener) for opener in OPENERS.texts) >= dangers
