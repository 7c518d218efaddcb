"""The mouth: what is heard, what is recorded as heard, and what happens when voice or speaker fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from companion.core.audio import SPOKEN_RATE, Sound
from companion.core.phrase import Manner, Phrase
from companion.core.speech_settings import Limits, SpeechLimits, SpeechSettings
from companion.core.turn import Reply, ReplySource
from companion.errors import CompanionError, DeviceMissing
from companion.ports import Speaker, Voice
from companion.session.kept_sounds import KeptSounds
from companion.session.rendering import phrase_speed
from companion.session.speaking import Keeping, Mouth, MouthParts
from tests.fakes.speaker import StillSpeaker
from tests.fakes.voice import SYLLABLE_SECONDS, HummingVoice, PrintedVoice

LIMITS = SpeechLimits(
    speed=Limits(0.7, 1.0, 1.3, 0.1),
    lufs=Limits(-26.0, -20.0, -14.0, 3.0),
    safety_lufs=-17.0,
    slow_factor=0.85,
    slow_least=0.7,
)
PAUSE_MS = 500


def reply(text: str, *, uninterruptible: bool = False) -> Reply:
    return Reply(text, ReplySource.FIXED, "test", uninterruptible=uninterruptible)


def phrasing(reply: Reply) -> tuple[Phrase, ...]:
    """Each sentence is a phrase; a safety reply is said in the safety manner."""
    manner = Manner.SAFETY if reply.uninterruptible else Manner.PLAIN
    sentences = [f"{part.strip()}." for part in reply.text.split(".") if part.strip()]
    return tuple(Phrase(each, each, PAUSE_MS, manner=manner) for each in sentences)


@dataclass
class Stage:
    """A mouth among fakes, and all that was noticed."""

    voice: Voice | None = field(default_factory=HummingVoice)
    speakers: list[Speaker | CompanionError] = field(default_factory=lambda: [StillSpeaker()])
    kept: KeptSounds | None = None
    notices: list[str] = field(default_factory=list)
    levels: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    back: asyncio.Event = field(default_factory=asyncio.Event)
    keeping: Callable[[Phrase], Keeping] = lambda phrase: Keeping.NOT
    opened: list[Speaker] = field(default_factory=list)
    change: Callable[[Sound], Sound] = lambda sound: sound

    def mouth(self) -> Mouth:
        return Mouth(
            MouthParts(
                voice=self.voice,
                open_speaker=self._open,
                phrasing=phrasing,
                level=self._level,
                kept=self.kept,
                keeping=self.keeping,
                notice=lambda error: self.notices.append(error.key),
                back=self.back.set,
                monotonic=lambda: 42.0,
                pause=self._pause,
            ),
            SpeechSettings.usual(LIMITS),
        )

    def _open(self) -> Speaker:
        speaker = self.speakers.pop(0)
        if isinstance(speaker, CompanionError):
            raise speaker
        self.opened.append(speaker)
        return speaker

    def _level(self, sound: Sound, lufs: float) -> Sound:
        self.levels.append(lufs)
        return self.change(sound)

    async def _pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)


async def until(reached: Callable[[], bool]) -> None:
    """Let the threads work until something has come about; fails after five seconds."""
    async with asyncio.timeout(5):
        while not reached():  # noqa: ASYNC110 - what is waited for happens on a thread of a fake
            await asyncio.sleep(0.001)


async def test_says_phrase_after_phrase_with_the_pauses_between() -> None:
    """A reply is its phrases in order, a pause after each but the last, and nothing else."""
    stage = Stage()
    mouth = stage.mouth()

    spoken = await mouth.say(reply("가나다. 라마."))

    speaker = stage.opened[0]
    assert isinstance(speaker, StillSpeaker)
    assert isinstance(stage.voice, HummingVoice)
    assert stage.voice.said == ["가나다.", "라마."]
    assert (spoken.text, spoken.complete, spoken.first_sound) == ("가나다. 라마.", True, 42.0)
    assert speaker.played == pytest.approx(5 * SYLLABLE_SECONDS + PAUSE_MS / 1000, abs=0.001)
    pause = speaker.sounds[1].samples
    assert len(pause) == PAUSE_MS * SPOKEN_RATE // 1000
    assert not np.any(pause)
    await mouth.close()


async def test_the_next_phrase_is_made_while_one_plays() -> None:
    """When the speaker is held in the first phrase, the second and third have been synthesised."""
    stage = Stage(speakers=[StillSpeaker(stops_at=0.1)])
    mouth = stage.mouth()

    saying = asyncio.create_task(mouth.say(reply("가나다. 라마. 바사.")))
    await until(lambda: isinstance(stage.voice, HummingVoice) and len(stage.voice.said) == 3)
    assert mouth.speaking
    assert mouth.interrupt()
    await saying
    await mouth.close()


@pytest.mark.parametrize(
    ("seconds", "heard"),
    [
        (0.05, ""),
        (2.05 * SYLLABLE_SECONDS, "가나"),
        (4.0 * SYLLABLE_SECONDS, "가나 다라."),
        (4.0 * SYLLABLE_SECONDS + 0.2, "가나 다라."),
        (4.0 * SYLLABLE_SECONDS + 0.5 + 3.2 * SYLLABLE_SECONDS, "가나 다라. 마바사"),
    ],
)
async def test_what_was_spoken_is_told_when_it_is_cut(seconds: float, heard: str) -> None:
    """Barge-in leaves the whole phrases that were played and the whole words of the one that was cut."""
    speaker = StillSpeaker(stops_at=seconds)
    stage = Stage(speakers=[speaker])
    mouth = stage.mouth()

    saying = asyncio.create_task(mouth.say(reply("가나 다라. 마바사 아자차카.")))
    await until(lambda: speaker.reached)
    assert mouth.interrupt()
    spoken = await saying

    assert (spoken.text, spoken.complete) == (heard, False)
    assert not mouth.speaking
    await mouth.close()


async def test_safety_speech_is_not_cut() -> None:
    """An uninterruptible reply ignores barge-in and is said to its end."""
    held = Event()
    stage = Stage(voice=HummingVoice(held=held))
    mouth = stage.mouth()

    saying = asyncio.create_task(mouth.say(reply("가나다.", uninterruptible=True)))
    await until(lambda: mouth.speaking)
    assert not mouth.interrupt()
    held.set()
    spoken = await saying

    assert spoken.complete
    await mouth.close()


async def test_a_running_synthesis_is_ended_by_barge_in() -> None:
    """Interrupted before anything was made, nothing is said and no speaker is opened."""
    stage = Stage(voice=HummingVoice(held=Event()))
    mouth = stage.mouth()

    saying = asyncio.create_task(mouth.say(reply("가나다. 라마.")))
    await until(lambda: mouth.speaking)
    assert mouth.interrupt()
    spoken = await saying

    assert (spoken.text, spoken.complete, spoken.first_sound) == ("", False, None)
    assert stage.opened == []
    await mouth.close()


async def test_commands_move_speed_and_loudness_to_their_limits() -> None:
    """Each command says whether anything changed; the next phrase is said accordingly."""
    stage = Stage()
    mouth = stage.mouth()

    assert mouth.louder()
    assert mouth.louder()
    assert not mouth.louder()
    assert mouth.slower()
    await mouth.say(reply("가나."))
    while mouth.softer():
        pass
    await mouth.say(reply("가나."))

    assert stage.levels == [-14.0, -26.0]
    assert isinstance(stage.voice, HummingVoice)
    assert stage.voice.speeds == pytest.approx([0.9, 0.9])
    await mouth.close()


async def test_safety_speech_has_a_floor_of_loudness() -> None:
    """However soft the person likes it, a safety sentence is never below the floor."""
    stage = Stage()
    mouth = stage.mouth()
    while mouth.softer():
        pass

    await mouth.say(reply("가나.", uninterruptible=True))

    assert stage.levels == [-17.0]
    await mouth.close()


async def test_without_a_voice_the_words_are_only_shown() -> None:
    """With no voice the mouth returns at once, the reply counting as shown, and opens no speaker."""
    stage = Stage(voice=None)
    mouth = stage.mouth()

    spoken = await mouth.say(reply("가나다."))

    assert (spoken.text, spoken.complete, spoken.first_sound) == ("가나다.", True, None)
    assert stage.opened == []
    assert not mouth.audible
    await mouth.close()


async def test_a_lost_speaker_leaves_words_and_comes_back() -> None:
    """A lost device is told once, replies are shown meanwhile, and sound returns with the device."""
    stage = Stage(speakers=[StillSpeaker(stops_at=0.3, dies=True), DeviceMissing("speaker.missing"), StillSpeaker()])
    mouth = stage.mouth()

    cut = await mouth.say(reply("가나다."))
    shown = await mouth.say(reply("라마."))
    await stage.back.wait()
    heard = await mouth.say(reply("바사."))

    assert not cut.complete
    assert (shown.text, shown.complete, shown.first_sound) == ("라마.", True, None)
    assert heard.first_sound is not None
    assert stage.notices == ["speaker.lost"]
    assert stage.waits == [5.0, 10.0]
    await mouth.close()


async def test_safety_speech_is_said_again_after_a_lost_device() -> None:
    """What must not be missed is said once more, whole, when the speaker is back; other speech is not."""
    again = StillSpeaker()
    stage = Stage(speakers=[StillSpeaker(stops_at=0.3, dies=True), again])
    mouth = stage.mouth()

    await mouth.say(reply("가나다.", uninterruptible=True))
    await mouth.say(reply("라마."))
    await stage.back.wait()
    await until(lambda: again.played == pytest.approx(3 * SYLLABLE_SECONDS, abs=0.001) and not mouth.speaking)

    assert isinstance(stage.voice, HummingVoice)
    assert stage.voice.said == ["가나다.", "가나다."]
    await mouth.close()


async def test_no_speaker_at_the_start_is_told_before_anything_is_said() -> None:
    """Opening beforehand tells of a missing device, and the words are shown until one is there."""
    stage = Stage(speakers=[DeviceMissing("speaker.missing"), StillSpeaker()])
    mouth = stage.mouth()

    assert not await mouth.open()
    assert stage.notices == ["speaker.missing"]
    await stage.back.wait()
    assert mouth.audible
    await mouth.close()


async def test_a_phrase_that_the_voice_cannot_make_is_left_out() -> None:
    """A failing engine is told once; the other phrases are spoken and the reply is not called complete."""
    stage = Stage(voice=HummingVoice(fails_on="나쁜"))
    mouth = stage.mouth()

    spoken = await mouth.say(reply("가나. 나쁜. 다라."))
    await mouth.say(reply("나쁜."))

    assert (spoken.text, spoken.complete) == ("가나. 다라.", False)
    assert stage.notices == ["voice.failed"]
    await mouth.close()


async def test_prepared_sounds_are_made_once(tmp_path: Path) -> None:
    """Prepared sentences are kept, found again by another mouth, and spoken without synthesis."""
    stage = Stage(voice=PrintedVoice(), kept=kept_in(tmp_path))
    mouth = stage.mouth()
    steps: list[tuple[int, int]] = []

    first = await mouth.prepare([reply("가나. 다라.")], progress=lambda done, of: steps.append((done, of)))
    await mouth.close()
    fresh = Stage(voice=PrintedVoice(), kept=kept_in(tmp_path))
    other = fresh.mouth()
    second = await other.prepare([reply("가나. 다라.")])
    spoken = await other.say(reply("가나. 다라."))

    assert (first.made, first.there) == (2, 0)
    assert (second.made, second.there) == (0, 2)
    assert steps == [(1, 2), (2, 2)]
    assert spoken.complete
    assert isinstance(fresh.voice, PrintedVoice)
    assert fresh.voice.said == []
    await other.close()


async def test_what_is_not_fixed_is_not_kept(tmp_path: Path) -> None:
    """A phrase is kept on disk only where whoever wires the mouth says that it is a fixed one."""
    kept = kept_in(tmp_path)
    allowed = {"다라.": Keeping.MEMORY, "마바.": Keeping.DISK}
    stage = Stage(voice=PrintedVoice(), kept=kept)
    stage.keeping = lambda phrase: allowed.get(phrase.written, Keeping.NOT)
    mouth = stage.mouth()

    await mouth.say(reply("가나."))
    await mouth.say(reply("다라."))
    assert kept.count() == 0
    await mouth.say(reply("마바."))
    assert kept.count() == 1
    await mouth.close()


async def test_preparing_gives_way_to_what_is_to_be_said(tmp_path: Path) -> None:
    """A reply that comes while sounds are prepared is spoken first; what was broken off is made after it."""
    held = Event()
    voice = PrintedVoice(held=held)
    stage = Stage(voice=voice, kept=kept_in(tmp_path))
    mouth = stage.mouth()

    preparing = asyncio.create_task(mouth.prepare([reply("가나.")]))
    await until(lambda: mouth._preparing is not None)
    await mouth.say(reply("다라."))
    done = await preparing

    assert voice.said == ["다라.", "가나."]
    assert done.made == 1
    await mouth.close()


async def test_nothing_is_prepared_while_the_person_speaks(tmp_path: Path) -> None:
    """Whoever speaks or is being understood has the processor; preparing goes on after that."""
    voice = PrintedVoice()
    stage = Stage(voice=voice, kept=kept_in(tmp_path))
    mouth = stage.mouth()
    asked: list[int] = []

    def busy() -> bool:
        asked.append(len(voice.said))
        return len(asked) <= 3

    done = await mouth.prepare([reply("가나.")], busy=busy)

    assert asked == [0, 0, 0, 0]
    assert (voice.said, done.made) == (["가나."], 1)
    await mouth.close()


async def test_a_sound_is_kept_as_the_voice_made_it(tmp_path: Path) -> None:
    """Loudness and hearing profile are applied when it is played: what is kept serves every loudness and every ear."""
    kept, voice = kept_in(tmp_path), PrintedVoice()
    stage = Stage(voice=voice, kept=kept, keeping=lambda _phrase: Keeping.DISK)
    stage.change = lambda sound: Sound((sound.samples / 2).astype(np.float32), sound.rate)
    mouth = stage.mouth()
    await mouth.say(reply("가나."))
    await mouth.close()

    (phrase,) = phrasing(reply("가나."))
    found = kept.find(voice.fingerprint(phrase))

    speaker = stage.opened[0]
    assert isinstance(speaker, StillSpeaker)
    assert found is not None
    assert np.allclose(found.samples / 2, speaker.samples, atol=1e-4)


def kept_in(folder: Path) -> KeptSounds:
    return KeptSounds(folder / "sounds", limit_bytes=10_000_000, notice=lambda _key, _fields: None)


def test_digits_have_a_speed_of_their_own_down_to_a_limit() -> None:
    """Who likes slow speech hears a number no slower than it is still understood; the rest is as slow as they like."""
    usual, slow = SpeechSettings.usual(LIMITS), SpeechSettings.usual(LIMITS).at(speed=0.75)
    digits, words = (Phrase("119", "일일구", PAUSE_MS, manner=manner) for manner in (Manner.SLOW, Manner.SAFETY))
    assert (phrase_speed(digits, usual), phrase_speed(words, usual)) == (0.85, 1.0)
    assert (phrase_speed(digits, slow), phrase_speed(words, slow)) == (0.7, 0.75)
