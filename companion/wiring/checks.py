"""What ``companion doctor`` looks at. Each check is small, does its own work and never raises."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from companion.config import home_folder
from companion.core.cancellation import Cancellation
from companion.core.heard import Heard
from companion.core.phrase import Phrase
from companion.core.turn import Reply, ReplySource
from companion.dialogue.requests import Answer, Request
from companion.dialogue.state import Response, State
from companion.errors import CompanionError
from companion.prompts import prompt_table
from companion.safety.numbers import number_problems
from companion.wiring import hearing, language, speaking
from companion.wiring.at_work import AtWork, look
from companion.wiring.check import Check, Verdict
from companion.wiring.checks_record import examine_record
from companion.wiring.clock import SystemClock
from companion.wiring.weather import examine_weather

if TYPE_CHECKING:
    from companion.dialogue.flow import Dialogue
    from companion.ports import Recognizer, Voice

_GB: Final = 1_000_000_000
_DISK_RESERVE: Final = 1 * _GB
_TORCH_DISK: Final = 6 * _GB
"""torch with the CUDA libraries that the registry's wheel needs on Linux: 5 GB measured, and room to unpack."""
_SLOW_REPLY_SECONDS: Final = 3.0
_HEARD_BACK: Final = 0.7
"""Share of letters of a known sentence that must come back."""

PhrasesOf: TypeAlias = Callable[[Reply], tuple[Phrase, ...]]


def examine() -> Iterator[Check]:
    """Yield the checks one by one, quick ones first."""
    yield _python()
    try:
        at_work = look()
    except CompanionError as error:
        yield _from_error("settings", error)
        return
    yield Check("settings", Verdict.OK, "doctor.settings", {"profile": at_work.profile.id})
    yield _disk(at_work)
    yield _memory(at_work)
    yield from examine_record(at_work.settings)
    yield from _artifacts(at_work)
    yield numbers(SystemClock().now().date())
    yield examine_weather(at_work.settings)
    yield _microphone()
    yield _speaker()
    yield from _working(at_work)


def _from_error(name: str, error: CompanionError, verdict: Verdict = Verdict.PROBLEM) -> Check:
    return Check(name, verdict, error.key, error.fields)


def _python() -> Check:
    version = sys.version.split()[0]
    return Check(
        "python", Verdict.OK if sys.version_info >= (3, 11) else Verdict.PROBLEM, "doctor.python", {"version": version}
    )


def _disk(at_work: AtWork) -> Check:
    folder = home_folder()
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    free = shutil.disk_usage(existing).free
    missing = sum(
        at_work.manifests[artifact].bytes_total
        for artifact in at_work.profile.artifacts
        if not _is_here(at_work, artifact)
    )
    needed = _DISK_RESERVE + missing
    verdict = Verdict.OK if free >= needed else Verdict.PROBLEM
    fields = {"free": free / _GB, "needed": needed / _GB, "torch": _TORCH_DISK / _GB, "folder": existing}
    return Check("disk", verdict, "doctor.disk" if verdict is Verdict.OK else "doctor.disk_short", fields)


def _is_here(at_work: AtWork, artifact: str) -> bool:
    try:
        at_work.artifact_folder(artifact)
    except CompanionError:
        return False
    return True


def _memory(at_work: AtWork) -> Check:
    import psutil

    available, needed = psutil.virtual_memory().available, at_work.profile.memory_mb * 1_000_000
    verdict = Verdict.OK if available >= needed else Verdict.PROBLEM
    key = "doctor.memory" if verdict is Verdict.OK else "doctor.memory_short"
    return Check("memory", verdict, key, {"available": available / _GB, "needed": needed / _GB})


def _artifacts(at_work: AtWork) -> Iterator[Check]:
    for artifact in at_work.profile.artifacts:
        name = f"model:{artifact}"
        try:
            at_work.artifact_folder(artifact)
        except CompanionError as error:
            yield _from_error(name, error)
            continue
        yield Check(name, Verdict.OK, "doctor.model", {"artifact": artifact})


def numbers(today: date) -> Check:
    """Say whether the telephone numbers that are spoken were verified within a year."""
    try:
        old = list(number_problems(prompt_table("safety/numbers.toml"), today))
    except CompanionError as error:
        return _from_error("numbers", error)
    if not old:
        return Check("numbers", Verdict.OK, "doctor.numbers")
    return Check("numbers", Verdict.PROBLEM, "doctor.numbers_old", {"numbers": ", ".join(one.number for one in old)})


def _microphone() -> Check:
    from companion.adapters.microphone_sounddevice import list_microphones

    try:
        found = list_microphones()
    except CompanionError as error:
        return _from_error("microphone", error, Verdict.SKIPPED)
    if not found:
        return Check("microphone", Verdict.SKIPPED, "talk.no_microphone")
    return Check("microphone", Verdict.OK, "doctor.microphone", {"device": found[0].name})


def _speaker() -> Check:
    from companion.adapters.speaker_sounddevice import SounddeviceSpeaker

    try:
        SounddeviceSpeaker(look().settings.audio.speaker).close()
    except CompanionError as error:
        return _from_error("speaker", error, Verdict.SKIPPED)
    return Check("speaker", Verdict.OK, "doctor.speaker")


def _working(at_work: AtWork) -> Iterator[Check]:
    """Say a sentence, hear it back, and take the time of a reply: with the real voice and recogniser, in memory."""
    try:
        words = language.analyser()
        voice = speaking.make_voice(at_work, speaking.voice_name(at_work), speaking.pronunciation(words))
        recognizer = hearing.recognizer(at_work)
        yield _round_trip(voice, recognizer, speaking.phrasing(words))
        yield _reply_time(at_work, language.dialogue(words), voice, speaking.phrasing(words))
    except CompanionError as error:
        yield _from_error("round_trip", error)


def _round_trip(voice: Voice, recognizer: Recognizer, phrases_of: PhrasesOf) -> Check:
    """Say a known sentence into a file and recognise it."""
    from companion.adapters.recording import read_samples
    from companion.adapters.speaker_file import FileSpeaker

    sentence = str(prompt_table("demo/conversation.ko.toml")["round_trip"])
    never = Cancellation()
    with tempfile.TemporaryDirectory(prefix="companion-") as folder:
        speaker = FileSpeaker(Path(folder))
        for phrase in phrases_of(_reply(sentence)):
            speaker.write(voice.say(phrase), never)
        speaker.drain(never)
        speaker.close()
        heard = recognizer.recognise(read_samples(next(Path(folder).glob("*.wav"))))
    alike = SequenceMatcher(None, _letters(sentence), _letters(heard.text)).ratio()
    verdict = Verdict.OK if alike >= _HEARD_BACK else Verdict.PROBLEM
    key = "doctor.round_trip" if verdict is Verdict.OK else "doctor.round_trip_poor"
    return Check("round_trip", verdict, key, {"share": alike, "voice": voice.name})


def _reply_time(at_work: AtWork, talking: Dialogue, voice: Voice, phrases_of: PhrasesOf) -> Check:
    """Take the time from the words of a turn to the first sound of its reply."""
    setting = talking.setting(SystemClock().now(), address=at_work.settings.person.address)
    heard = Heard.typed(str(prompt_table("demo/conversation.ko.toml")["lines"][1]))
    began = time.monotonic()
    reply = _answered(talking.respond(heard, setting, State.start(), 0.0))
    voice.say(phrases_of(reply)[0])
    seconds = time.monotonic() - began
    verdict = Verdict.OK if seconds <= _SLOW_REPLY_SECONDS else Verdict.PROBLEM
    key = "doctor.reply_time" if verdict is Verdict.OK else "doctor.reply_time_slow"
    return Check("reply_time", verdict, key, {"seconds": seconds})


def _answered(thought: Generator[Request, Answer, Response]) -> Reply:
    """Run a thought to its end, with nobody to answer what it asks."""
    try:
        next(thought)
        while True:
            thought.send(None)
    except StopIteration as finished:
        response: Response = finished.value
        return response.reply


def _reply(text: str) -> Reply:
    return Reply(text, ReplySource.FIXED, "doctor")


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
