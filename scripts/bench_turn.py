"""Measures how long a person waits: from the true end of speech to the first sample of the reply, by stage.

    python scripts/bench_turn.py [--manifest FILE.tsv] [--limit N] [--threads N] [--json]

Recorded turns are played in real time into the real ear (voice activity, turn taking, recogniser), answered by the real
dialogue and spoken by the real voice into a speaker that only notes the time. The true end of speech is the end of the
last frame of speech in the clip. In the same run, on the same clips, a naive baseline: wait the same pause, transcribe,
let the language model write the whole reply, make all of its sound. Peak memory is that of the whole process: ours
first, then with the baseline's language model.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from companion.adapters.recognizer_faster_whisper import raw_transcriber
from companion.adapters.recording import Recording, read_samples
from companion.adapters.vad_silero import SileroActivity
from companion.artifacts.manifest import Kind
from companion.config import Settings
from companion.core.audio import FRAME_SAMPLES, HEARD_RATE, SPOKEN_RATE, Hertz, Sound
from companion.core.cancellation import Cancellation
from companion.core.phrase import Phrase
from companion.core.turn import Reply, ReplySource
from companion.dialogue.flow import Response, State
from companion.ports import Message
from companion.session.answering import Answerer
from companion.session.ear import Utterance
from companion.session.listening import VoiceEar
from companion.session.speaking import Keeping, Mouth, MouthParts
from companion.wiring import language, speaking
from companion.wiring.at_work import AtWork, look
from companion.wiring.clock import SystemClock
from companion.wiring.conversation import Loaded, Mode, Wish, load

TOP = Path(__file__).resolve().parent.parent
TRAILING_SILENCE_S = 3.0
SPEECH = 0.5
BASELINE_TOKENS = 60


@dataclass(frozen=True)
class Waited:
    """Seconds after the true end of speech at which each stage was done."""

    turn_ended: float
    heard: float
    answered: float
    first_sound: float


class TimedSpeaker:
    """A speaker that plays at once and notes when the first sound came."""

    rate: Hertz = SPOKEN_RATE

    def __init__(self) -> None:
        self.first: float | None = None
        self.played = 0.0

    def write(self, sound: Sound, cancel: Cancellation) -> None:
        """Note the time of the first sample that is no silence."""
        if self.first is None and sound.samples.any():
            self.first = time.monotonic()
        self.played += 0.0 if cancel.cancelled else sound.seconds

    def drain(self, cancel: Cancellation) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is held."""


def end_of_speech(clip: Path) -> float:
    """Return where speech truly ends, in seconds."""
    samples, activity, last = read_samples(clip), SileroActivity(), 0
    for start in range(0, len(samples) - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        if activity.probability(samples[start : start + FRAME_SAMPLES]) >= SPEECH:
            last = start + FRAME_SAMPLES
    return last / HEARD_RATE


async def one_turn(clip: Path, at_work: AtWork, loaded: Loaded, thread: ThreadPoolExecutor) -> Waited | None:
    """Play one clip in real time and return how long each stage took; None if nothing was heard."""
    clock, speaker = SystemClock(), TimedSpeaker()
    assert loaded.recognizer is not None  # noqa: S101 - loaded for hearing
    source = Recording(clip, paced=True, trailing_silence_s=TRAILING_SILENCE_S)
    answerer = Answerer(language=None, situations=loaded.situations, thread=thread)
    mouth = Mouth(mouth_parts(loaded, speaker), speaking.speech_settings(at_work))
    true_end = time.monotonic() + end_of_speech_cached(clip)
    ear = VoiceEar(source, SileroActivity(), loaded.recognizer, clock=clock, notices=unheard)
    try:
        heard = await ear.listen(60.0)
        if not isinstance(heard, Utterance):
            return None
        heard_at = time.monotonic()
        response = await think(heard, at_work, loaded, answerer)
        answered_at = time.monotonic()
        await mouth.say(response.reply)
        first = speaker.first or time.monotonic()
        return Waited(heard.turn_ended - true_end, heard_at - true_end, answered_at - true_end, first - true_end)
    finally:
        await ear.close()
        await mouth.close()


def unheard(key: str, **fields: object) -> None:
    """Print what the ear has to tell; nothing on a good recording."""
    print(key, fields, file=sys.stderr)


_ENDS: dict[Path, float] = {}


def end_of_speech_cached(clip: Path) -> float:
    """Return ``end_of_speech``, computed once a clip so that it costs nothing while a turn is timed."""
    if clip not in _ENDS:
        _ENDS[clip] = end_of_speech(clip)
    return _ENDS[clip]


def mouth_parts(loaded: Loaded, speaker: TimedSpeaker) -> MouthParts:
    """Return a mouth that makes every sound anew: nothing is kept."""
    from companion.adapters.loudness import Leveller

    return MouthParts(
        voice=loaded.voice,
        open_speaker=lambda: speaker,
        phrasing=speaking.phrasing(loaded.analyser),
        level=Leveller().levelled,
        kept=None,
        keeping=lambda phrase: Keeping.NOT,  # noqa: ARG005 - nothing is kept
        notice=lambda error: print(error, file=sys.stderr),
        back=lambda: None,
        monotonic=time.monotonic,
    )


async def think(heard: Utterance, at_work: AtWork, loaded: Loaded, answerer: Answerer) -> Response:
    """Run the dialogue on one utterance."""
    setting = loaded.dialogue.setting(SystemClock().now(), address=at_work.settings.person.address)
    thought = loaded.dialogue.respond(heard.heard, setting, State.start(), 0.5)
    try:
        request = next(thought)
        while True:
            request = thought.send(await answerer.answer(request))
    except StopIteration as finished:
        response: Response = finished.value
        return response


def baseline(clips: Sequence[Path], at_work: AtWork, loaded: Loaded) -> list[float]:
    """Return seconds from the end of speech to the first sample, done the naive way."""
    writer = language.language_model(at_work)
    transcribe = raw_transcriber(at_work.folder(Kind.RECOGNIZER), threads=at_work.settings.thread_count)
    assert loaded.voice is not None  # noqa: S101 - loaded for speaking
    pause, waited = at_work.settings.audio.end_of_turn_seconds, []
    for clip in clips:
        samples = read_samples(clip)
        began = time.monotonic()
        text = transcribe(samples)
        told = (Message("system", "어르신의 말에 한국어 존댓말로 짧게 대답하세요."), Message("user", text))
        answer = writer.generate(told, max_tokens=BASELINE_TOKENS)
        for phrase in speaking.phrasing(loaded.analyser)(Reply(answer, ReplySource.MODEL, "baseline")):
            loaded.voice.say(Phrase(phrase.written, phrase.spoken, 0))
        waited.append(pause + time.monotonic() - began)
    return waited


def clips_of(manifest: Path, limit: int) -> list[Path]:
    """Return the recordings that a manifest names, relative to it."""
    with manifest.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [manifest.parent / row["file"] for row in rows][:limit]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return median, 90th percentile and largest, in seconds."""
    ordered = sorted(values)
    ninetieth = ordered[min(len(ordered) - 1, round(0.9 * (len(ordered) - 1)))]
    return {"median": round(statistics.median(ordered), 3), "p90": round(ninetieth, 3), "max": round(ordered[-1], 3)}


def peak_mb() -> float:
    """Return the peak memory of this process in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, 0)


async def measured(clips: Sequence[Path], at_work: AtWork, loaded: Loaded) -> list[Waited]:
    """Return what each clip took; one turn first that does not count."""
    with ThreadPoolExecutor(1) as thread:
        await one_turn(clips[0], at_work, loaded, thread)
        results = [await one_turn(clip, at_work, loaded, thread) for clip in clips]
    return [result for result in results if result is not None]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifest", type=Path, default=TOP / "tests" / "recordings" / "recordings.tsv")
    parser.add_argument("--limit", type=int, default=12)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    clips = clips_of(arguments.manifest, arguments.limit)
    for clip in clips:
        end_of_speech_cached(clip)
    at_work = look(Settings(profile="embedded", threads=arguments.threads))
    loaded = load(at_work, Wish(Mode.MICROPHONE))
    waited = asyncio.run(measured(clips, at_work, loaded))
    ours_mb = peak_mb()
    naive = baseline(clips, at_work, loaded)
    figures = {
        "turns": len(waited),
        "unheard": len(clips) - len(waited),
        "to_turn_end": spread([one.turn_ended for one in waited]),
        "to_words": spread([one.heard for one in waited]),
        "to_reply": spread([one.answered for one in waited]),
        "to_first_sample": spread([one.first_sound for one in waited]),
        "after_turn_end": spread([one.first_sound - one.turn_ended for one in waited]),
        "baseline_first_sample": spread(naive),
        "ratio_of_medians": round(statistics.median(one.first_sound for one in waited) / statistics.median(naive), 3),
        "peak_mb": ours_mb,
        "peak_mb_with_baseline": peak_mb(),
    }
    if arguments.json:
        print(json.dumps(figures, ensure_ascii=False))
        return
    for name, value in figures.items():
        print(f"{name:24} {value}")


if __name__ == "__main__":
    main()
