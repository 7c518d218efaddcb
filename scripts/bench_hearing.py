"""Whether a hearing profile helps an old ear: ``python scripts/bench_hearing.py FILE.jsonl [--count N]``.

Speaks N sentences, spread over a set of ``companion evaluate voice``, once each, plays every profile at equal loudness,
and hears all of them through a sound ear and the simulated ears of 70 and 80 years, in quiet and beside a television
10 dB below the speech. For each it prints, as one line of JSON, the errors of the recogniser over Hangul letters with
their interval, the mean STOI against the sound as the voice made it, and both as differences from ``off``, paired by
sentence, with 95% intervals of a bootstrap.

The television is pink noise, or the sound file that ``--noise`` names (mono, any rate). Simulated audibility alone: see
``companion/evaluation/old_ear.py``. The recogniser is no old person either; what it shows is a reason to try or not.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from companion.adapters.hearing_profile import FILE
from companion.adapters.sound_shape import resampled
from companion.core.audio import SPOKEN_RATE, Samples, Sound
from companion.core.speech_settings import HearingLift
from companion.evaluation.cases import VoiceCase, read_voice_cases
from companion.evaluation.cer import ErrorCount
from companion.evaluation.intelligibility import stoi
from companion.evaluation.numerals_heard import heard_errors
from companion.evaluation.old_ear import OldEar, beside, pink_noise, speaking_rms
from companion.evaluation.voice import VoiceInstruments, interval
from companion.prompts import prompt_table
from companion.wiring.measuring_voice import voice_instruments
from companion.wiring.speaking import levelling

EARS = ("sound", "age_70", "age_80")
TELEVISION_DB = 10.0
LUFS = -20.0
SEED = 20_261_127
RESAMPLES = 2_000


@dataclass(slots=True)
class Tally:
    """What one profile came to through one ear in one room, sentence by sentence."""

    errors: list[ErrorCount] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)


Key = tuple[str, str, str]
"""Ear, room, profile."""


def measured(
    cases: Sequence[VoiceCase], instruments: VoiceInstruments, television: Samples, ears: Sequence[str]
) -> dict[Key, Tally]:
    """Return the tallies; of fewer sentences where Ctrl-C is pressed meanwhile."""
    hearing = prompt_table(FILE)
    listeners = {name: OldEar.of(hearing, name) for name in ears}
    tallies: dict[Key, Tally] = {}
    try:
        for number, case in enumerate(cases):
            for key, errors, score in list(_heard(case, number, instruments, television, listeners)):
                tally = tallies.setdefault(key, Tally())
                tally.errors.append(errors)
                tally.scores.append(score)
            sys.stderr.write(f"{number + 1}/{len(cases)}\n")
    except KeyboardInterrupt:
        sys.stderr.write("ended early\n")
    return tallies


def _heard(
    case: VoiceCase,
    number: int,
    instruments: VoiceInstruments,
    television: Samples,
    ears: Mapping[str, OldEar],
) -> Iterator[tuple[Key, ErrorCount, float]]:
    """Yield what one sentence comes to, by profile, room and ear."""
    made = instruments.say(case.text).sound
    plain = levelling(HearingLift.OFF)(made, LUFS).samples
    rms = speaking_rms(plain, SPOKEN_RATE)
    noise = np.roll(television, -number * SPOKEN_RATE)
    for lift in HearingLift:
        played = levelling(lift)(made, LUFS).samples
        beside_it = beside(played, noise, speech_rms=rms, ratio_db=TELEVISION_DB)
        for room, arriving in (("quiet", played), ("television", beside_it)):
            for name, ear in ears.items():
                heard = ear.heard(arriving, SPOKEN_RATE, speech_rms=rms, seed=SEED + number)
                yield (name, room, lift.value), _errors(case, heard, instruments), stoi(plain, heard, SPOKEN_RATE)


def _errors(case: VoiceCase, heard: Samples, instruments: VoiceInstruments) -> ErrorCount:
    # Brought back to the recogniser's usual level: it hears with no threshold of its own.
    peak = max(float(np.abs(heard).max()), 1e-9)
    loud = Sound((heard * np.float32(0.5 / peak)).astype(np.float32), SPOKEN_RATE)
    return heard_errors(case.spoken, instruments.hear(loud), instruments.speakable)


def gain(paired: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the weighted mean of paired differences and its 95% interval."""
    values, shares = np.array(paired), np.array(weights)
    picks = np.random.default_rng(SEED).integers(0, len(values), size=(RESAMPLES, len(values)))
    means = values[picks].sum(axis=1) / shares[picks].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return [round(float(values.sum() / shares.sum()), 4), round(float(low), 4), round(float(high), 4)]


def line(key: Key, tally: Tally, off: Tally) -> dict[str, object]:
    """Return the figures of one tally beside those without a profile."""
    letters = [float(count.letters) for count in tally.errors]
    fewer = [float(without.errors - count.errors) for count, without in zip(tally.errors, off.errors, strict=True)]
    more = [score - without for score, without in zip(tally.scores, off.scores, strict=True)]
    return {
        "ear": key[0],
        "room": key[1],
        "profile": key[2],
        "n": len(letters),
        "cer": round(sum(tally.errors, ErrorCount()).rate or 0.0, 4),
        "cer_ci95": interval(tally.errors),
        "stoi": round(float(np.mean(tally.scores)), 4),
        "cer_gain": gain(fewer, letters),
        "stoi_gain": gain(more, [1.0] * len(more)),
    }


def _television(path: Path | None) -> Samples:
    if path is None:
        return pink_noise(60 * SPOKEN_RATE, SPOKEN_RATE, SEED)
    import soundfile

    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return resampled(samples.mean(axis=1), rate, SPOKEN_RATE)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--noise", type=Path)
    parser.add_argument("--voice")
    parser.add_argument("--ears", nargs="+", choices=EARS, default=EARS)
    asked = parser.parse_args()
    cases = [case for case in read_voice_cases(asked.file) if case.spoken]
    cases = cases[:: max(1, len(cases) // asked.count)][: asked.count]
    instruments = voice_instruments(asked.voice, speed=None, out=None)
    tallies = measured(cases, instruments, _television(asked.noise), asked.ears)
    for key, tally in tallies.items():
        print(json.dumps(line(key, tally, tallies[key[0], key[1], HearingLift.OFF.value])), flush=True)


if __name__ == "__main__":
    main()
