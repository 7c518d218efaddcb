"""How soon and how dearly the voice speaks: ``python scripts/bench_voice.py [--voice NAME] [--rounds N]``.

Measures, with one thread and with two: the time from a text handed over to the first sample written to the speaker, for
kept sentences, for unkept first phrases of at most 12 syllables, and for one that a kept opener leads (with how long
each opener lasts with its pause: what follows must be made by then, or there is a silence); seconds of synthesis per
second of sound; memory; and the load of the machine before and after (processes that ran or waited in the last minute):
only with less than one before are the figures those of an idle machine. The speaker writes to a temporary folder, so no
sound card is needed. Figures are medians and worst cases, printed as one line of JSON per number of threads. The first
synthesis after loading is left out.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import psutil

from companion.core.cancellation import Cancellation
from companion.core.phrase import Phrase
from companion.core.turn import Reply, ReplySource
from companion.ports import Voice
from companion.session.speaking import Mouth
from companion.wiring import language, speaking
from companion.wiring.at_work import AtWork, look
from companion.wiring.clock import SystemClock

SENTENCES = (
    "안녕하세요, 어르신.",
    "그러셨군요.",
    "점심은 드셨어요?",
    "오늘은 날씨가 좋아요.",
    "많이 힘드셨겠어요.",
    "잘 주무셨어요?",
    "다시 말씀해 주세요.",
    "조금 더 들려주세요.",
)
UNKEPT = "무릎은 언제부터 아프셨어요?"
WARM_UP = "네, 말씀하세요."


async def measured(at_work: AtWork, name: str, threads: int, rounds: int) -> dict[str, object]:
    """Return the figures of one number of threads."""
    process, load_before = psutil.Process(), os.getloadavg()[0]
    before = process.memory_info().rss
    words = language.analyser()
    began = time.perf_counter()
    settings = at_work.settings.model_copy(update={"threads": threads})
    voice = speaking.make_voice(replace(at_work, settings=settings), name, speaking.pronunciation(words))
    loaded = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COMPANION_HOME"] = folder
        telling = speaking.Telling(print, lambda: None, lambda key, _fields: print(key))
        making = speaking.Making(voice=voice, analyser=words, known="", save_to=Path(folder) / "out")
        mouth = speaking.mouth(at_work, making, clock=SystemClock(), telling=telling)
        await mouth.open()
        await mouth.say(_reply(WARM_UP))
        unkept = [await _first(mouth, text) for _ in range(rounds) for text in SENTENCES]
        await mouth.prepare([_reply(text) for text in SENTENCES])
        kept = [await _first(mouth, text) for _ in range(rounds) for text in SENTENCES]
        openers = speaking.openers().texts
        await mouth.prepare([_reply(text) for text in openers])
        led = [await _first(mouth, UNKEPT, opener) for _ in range(rounds) for opener in openers]
        await mouth.close()
    phrases = speaking.phrasing(words)
    lasts = {opener: round(_lasts(voice, phrases(_reply(UNKEPT, opener))[0])) for opener in openers}
    phrase = phrases(_reply(SENTENCES[3]))[0]
    took, seconds = 0.0, 0.0
    for _ in range(rounds):
        start = time.perf_counter()
        seconds += voice.say(phrase, cancel=Cancellation()).seconds
        took += time.perf_counter() - start
    return {
        "voice": name,
        "threads": threads,
        "load_s": round(loaded, 2),
        "unkept_ms": _figures(unkept),
        "kept_ms": _figures(kept),
        "led_ms": _figures(led),
        "opener_lasts_ms": lasts,
        "rtf": round(took / seconds, 3),
        "memory_mb": round((process.memory_info().rss - before) / 1e6),
        "load": [round(load_before, 1), round(os.getloadavg()[0], 1)],
    }


async def _first(mouth: Mouth, text: str, opener: str = "") -> float:
    began = time.monotonic()
    spoken = await mouth.say(_reply(text, opener))
    if spoken.first_sound is None:
        raise SystemExit("nothing was spoken")
    return 1000 * (spoken.first_sound - began)


def _lasts(voice: Voice, phrase: Phrase) -> float:
    """Return how long a phrase and the pause after it last, in milliseconds."""
    return 1000 * voice.say(phrase, cancel=Cancellation()).seconds + phrase.pause_after_ms


def _reply(text: str, opener: str = "") -> Reply:
    return Reply(f"{opener} {text}".strip(), ReplySource.FIXED, "bench", opener=opener)


def _figures(milliseconds: list[float]) -> dict[str, int]:
    return {"median": round(median(milliseconds)), "worst": round(max(milliseconds)), "n": len(milliseconds)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voice")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    at_work = look()
    name = asked.voice or speaking.voice_name(at_work)
    for threads in (2, 1):
        print(json.dumps(asyncio.run(measured(at_work, name, threads, asked.rounds))), flush=True)


if __name__ == "__main__":
    main()
