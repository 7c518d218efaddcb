"""Searches how the embedded voice is best understood: ``search_phones.py [--measure cer|loss|second] TRY ...``.

Each TRY is a row of changes to what the product does, joined by ``;``: ``product`` changes nothing, ``onsets.ㅊ=ʧʰ``
replaces a phone, ``run=whole|sentence|product`` says what one run of the graph holds, ``speed=0.75`` is the graph's
own speed, ``voice=jf_nezumi:0.7+jm_kumo:0.3`` a voice or blend, ``style=60`` takes no style row below the sixtieth,
``spaces=no`` and ``marks=no`` drop spaces and punctuation, ``lead=,`` and ``tail=.`` put a mark before every run and
after one that has none, ``slow=0.7`` is the share of the speed at which digits of telephone numbers are said,
``rate=0.8`` the speed that the person likes, ``silence=0.3`` the longest silence within a run in seconds,
``last=28`` the most frames of a run's last phone, ``words=apart`` says every word as if it stood alone and
``words=unlinked`` those that begin with a vowel, ``before_i.*=n>ɲ h>ç`` replaces several phones,
``slow.between_digits=_`` an entry of the table of phrasing, ``_`` being a blank, ``accentual.first_high=5`` one of the
melody, and ``melody=no`` leaves the voice its own. The sentences are those of ``--set`` and ``--part`` (seen unless
told otherwise), always the same ``--n`` of them.

Three measures. ``cer``: the recogniser (Whisper base, beam 5) writes what it hears; errors over Hangul letters, those
of one sentence no more than its letters: without the settings of the product the recogniser may loop. ``loss``: how
surprised the recogniser is by the words as they are written, numerals as digits (as it writes them), nats a token: a
finer comb than errors are, and quicker. ``second``: errors as another recogniser hears (``second_listener.py``),
which must not get worse as Whisper gets better. Sounds and transcripts are kept by digest under ``--cache``, so a
search can be broken off and taken up again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from second_listener import SecondListener

from companion.adapters.loudness import Leveller
from companion.adapters.sound_shape import resampled
from companion.adapters.voice_kokoro import KokoroVoice
from companion.core.audio import HEARD_RATE, SPOKEN_RATE, Samples, Sound, silence
from companion.core.hangul import syllable_count
from companion.core.intonation import Intonation
from companion.core.phrase import Manner, Phrase
from companion.core.phrasing import Phrasing
from companion.core.pronunciation import Pronouncer, phones
from companion.core.score import Score, Scoring
from companion.core.speakable import Speakable
from companion.evaluation.numerals_heard import heard_errors
from companion.prompts import prompt_table
from companion.wiring import language

SET: Final = Path("tests/evaluation/sets/voice.jsonl")
SEED: Final = 20_261_123
ROOM_MS: Final = 400
DIGITS: Final = "공일이삼사오육칠팔구"
LUFS: Final = -20.0
_TO_BE_READ: Final = re.compile("[^가-힣 ,.?!]|[공일이오], ")
_PARTED: Final = {"apart": " ", "unlinked": " (?=[아-잏])"}
PHONE_PARTS: Final = ("vowels", "onsets", "voiced", "palatal", "lateral", "codas", "choices", "before_i")


@dataclass(frozen=True, slots=True)
class Try:
    """One way of speaking."""

    name: str
    table: Mapping[str, Any]
    phrasing: Mapping[str, Any]
    melody: Mapping[str, Any]
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> Try:
        """Read a try as the command line writes it."""
        table, phrasing = deepcopy(prompt_table("speech/phones.toml")), deepcopy(prompt_table("speech/phrasing.toml"))
        melody = deepcopy(prompt_table("speech/intonation.toml"))
        settings: dict[str, str] = {}
        for change in filter(None, (part.strip() for part in text.split(";"))):
            name, _, value = change.partition("=")
            part, _, entry = name.partition(".")
            if part in PHONE_PARTS and entry == "*":
                table[part].update(pair.split(">") for pair in value.split())
            elif part in PHONE_PARTS:
                table[part][entry] = value
            elif entry and part in melody:
                melody[part][entry] = value if part == "onsets" else float(value)
            elif entry and part in phrasing:
                phrasing[part][entry] = int(value) if value.isdecimal() else value.replace("_", " ")
            elif name != "product":
                settings[name] = value
        return cls(text, table, phrasing, melody, settings)

    def wants(self, name: str, usual: str) -> str:
        """Return a setting."""
        return self.settings.get(name, usual)


class Studio:
    """Speaks by tries and listens, remembering both."""

    def __init__(self, models: Path, cache: Path, second: Path | None = None) -> None:
        self._models, self._cache = models, cache
        self._second = SecondListener(second) if second else None
        (cache / "sounds").mkdir(parents=True, exist_ok=True)
        (cache / "heard").mkdir(exist_ok=True)
        words = language.analyser()
        self._analyser = words
        self._pronouncer = Pronouncer(prompt_table("speech/pronunciation.toml"), words)
        self._speakable = Speakable(prompt_table("speech/speakable.toml"))
        self._level = Leveller().levelled
        self._voices: dict[str, KokoroVoice] = {}
        self._whisper: Any = None

    def read(self, text: str) -> str:
        """Return ``text`` as it is read aloud."""
        return self._speakable.read(text).text

    def phrases(self, tried: Try, text: str, *, safety: bool) -> tuple[Phrase, ...]:
        """Return what is said without pausing."""
        run = tried.wants("run", "product")
        if run == "product":
            manner = Manner.SAFETY if safety else Manner.PLAIN
            return Phrasing(tried.phrasing).phrases(text, self._speakable, manner=manner, analyser=self._analyser)
        spoken = self.read(text)
        if run == "whole":
            return (Phrase(text, spoken, 450, spoken.rstrip().endswith("?")),)
        parts = re.findall(r"[^.?!…]+[.?!…]*", spoken)
        return tuple(Phrase(part, part.strip(), 450, part.rstrip().endswith("?")) for part in parts)

    def _voice(self, tried: Try) -> KokoroVoice:
        blend = tried.wants("voice", str(prompt_table("speech/voices.toml")["default"])).replace("+", ",")
        if blend not in self._voices:
            folder = self._models / "kokoro-82m"
            self._voices[blend] = KokoroVoice(
                folder, pronounce=self._scoring(tried), blend=blend, threads=1, pace=1.0, digest="search"
            )
        voice = self._voices[blend]
        voice.least_style_row = int(tried.wants("style", str(KokoroVoice.least_style_row)))
        voice.longest_silence = float(tried.wants("silence", str(KokoroVoice.longest_silence)))
        voice.longest_last = int(tried.wants("last", str(KokoroVoice.longest_last)))
        voice._pronounce = self._scoring(tried)  # noqa: SLF001 (the graph is loaded once for all tables)
        return voice

    def _scoring(self, tried: Try) -> Scoring:
        plain = self._phones(tried)
        if any(name in tried.settings for name in ("melody", "spaces", "marks", "lead")):
            return lambda spoken, _rises: Score(plain(spoken))
        intonation = Intonation(tried.melody)
        return lambda spoken, rises: intonation.score(self._pronounced(tried, spoken), tried.table, rises=rises)

    def _pronounced(self, tried: Try, spoken: str) -> str:
        parted = _PARTED.get(tried.wants("words", "together"))
        if parted is None:
            return self._pronouncer.pronounce(spoken)
        return " ".join(self._pronouncer.pronounce(part) for part in re.split(parted, spoken))

    def _phones(self, tried: Try) -> Callable[[str], str]:
        def of(spoken: str) -> str:
            said = phones(self._pronounced(tried, spoken), tried.table)
            said = said if tried.wants("spaces", "yes") == "yes" else said.replace(" ", "")
            said = said if tried.wants("marks", "yes") == "yes" else re.sub("[^\\w ʰʔ]", "", said)
            marked = said.rstrip()[-1:] in ",.?!…" or not said
            return tried.wants("lead", "") + said + ("" if marked else tried.wants("tail", ""))

        return of

    def say(self, tried: Try, text: str, *, safety: bool) -> tuple[Samples, float, int]:
        """Return the sound at 16 kHz with a quiet room around it, the seconds of speech in it, and its syllables."""
        voice = self._voice(tried)
        pace = float(tried.wants("speed", "0")) or _pace(tried)
        pieces: list[Samples] = []
        seconds, syllables = 0.0, 0
        for phrase in self.phrases(tried, text, safety=safety):
            speed = pace * _speed(tried, is_slow=phrase.manner is Manner.SLOW)
            file = self._cache / "sounds" / f"{voice.fingerprint(phrase, speed=speed)}.npy"
            if not file.is_file():
                np.save(file, voice.say(phrase, speed=speed).samples.astype(np.float16))
            made = self._level(Sound(np.load(file).astype(np.float32), SPOKEN_RATE), LUFS)
            seconds += made.seconds
            syllables += syllable_count(phrase.spoken)
            pieces += [made.samples, silence(phrase.pause_after_ms).samples]
        spoken = np.concatenate([np.zeros(0, dtype=np.float32), *pieces[:-1]])
        quiet = silence(ROOM_MS, HEARD_RATE).samples
        return np.concatenate([quiet, resampled(spoken, SPOKEN_RATE, HEARD_RATE), quiet]), seconds, syllables

    def hear(self, samples: Samples, measure: str) -> str:
        """Return what the recogniser writes, or the second listener."""
        if measure == "second" and self._second:
            return str(self._kept("vosk-ko", samples, lambda: self._second.hear(samples)))

        def heard() -> str:
            found, _ = self._ears().transcribe(
                samples,
                language="ko",
                beam_size=5,
                temperature=0.0,
                condition_on_previous_text=False,
                max_new_tokens=220,
            )
            return " ".join(segment.text.strip() for segment in found)

        return str(self._kept("beam5", samples, heard))

    def loss(self, samples: Samples, words: str) -> tuple[float, int]:
        """Return how surprised the recogniser is by ``words``, in nats, and over how many tokens."""

        def surprise() -> list[float]:
            from faster_whisper.audio import pad_or_trim
            from faster_whisper.tokenizer import Tokenizer

            ears = self._ears()
            tokenizer = Tokenizer(ears.hf_tokenizer, ears.model.is_multilingual, task="transcribe", language="ko")
            tokens = tokenizer.encode(f" {words}")
            features = ears.feature_extractor(samples)
            encoded = ears.encode(pad_or_trim(features))
            found = ears.model.align(encoded, tokenizer.sot_sequence, [tokens], features.shape[-1])[0]
            return [float(-np.log(max(each, 1e-6))) for each in found.text_token_probs]

        nats = self._kept(f"loss {words}", samples, surprise)
        return sum(nats), len(nats)

    def _ears(self) -> Any:  # noqa: ANN401 (the library has no types)
        if self._whisper is None:
            from faster_whisper import WhisperModel

            folder = str(self._models / "whisper-base")
            self._whisper = WhisperModel(
                folder, device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
            )
        return self._whisper

    def _kept(self, how: str, samples: Samples, make: Callable[[], object]) -> Any:  # noqa: ANN401 (JSON)
        file = self._cache / "heard" / f"{hashlib.sha256(how.encode() + samples.tobytes()).hexdigest()}.json"
        if not file.is_file():
            file.write_text(json.dumps(make(), ensure_ascii=False), encoding="utf-8")
        return json.loads(file.read_text(encoding="utf-8"))


def _pace(tried: Try) -> float:
    table = prompt_table("speech/voices.toml")
    voice = tried.wants("voice", str(table["default"]))
    return float(table["voices"].get(voice, table["voices"][table["default"]])["pace"])


def _speed(tried: Try, *, is_slow: bool) -> float:
    manner = prompt_table("speech/voices.toml")["speech"]["manner"]
    rate = float(tried.wants("rate", "1"))
    if not is_slow:
        return rate
    return max(rate * float(tried.wants("slow", str(manner["slow_factor"]))), float(manner["slow_least"]))


def sentences(file: Path, part: str, n: int, kinds: Sequence[str], numerals: str) -> list[dict[str, str]]:
    """Return ``n`` sentences of a part, always the same; the first of a larger number are those of a smaller.

    Args:
        file: JSON lines.
        part: ``seen`` or ``unseen``.
        n: How many at most.
        kinds: Of which kinds; all if empty.
        numerals: ``only`` those with something to be read (numerals, signs, Latin letters), ``none`` such, or ``any``.
    """
    cases = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    fit = [case for case in cases if case["part"] == part and (not kinds or case["kind"] in kinds)]
    if numerals != "any":
        fit = [case for case in fit if bool(_TO_BE_READ.search(case["text"])) == (numerals == "only")]
    return sorted(fit, key=lambda case: hashlib.sha256(f"{SEED} {case['id']}".encode()).digest())[:n]


def numbers_right(spoken: str, heard: str) -> bool | None:
    """Return whether every telephone number of ``spoken`` was heard digit by digit; None where there is none.

    Where more than two digits more were heard than said, the recogniser went round in a circle: not right.
    """
    joined = re.sub(f"(?<![가-힣])([{DIGITS}]), (?=[{DIGITS}](?:[,.]|$|예요|[를가]))", r"\1", spoken)
    joined = re.sub(f"(?<=[{DIGITS}]{{3}}), (?=[{DIGITS}]{{3}})", "", joined)
    wanted = re.findall(f"[{DIGITS}]{{3,}}", joined)
    found = re.sub("[^가-힣]", "", re.sub(r"\d", lambda digit: DIGITS[int(digit[0])], heard))
    if not wanted:
        return None
    said, written = (sum(letter in DIGITS for letter in text) for text in (spoken, found))
    return written <= said + 2 and all(found.count(number) >= wanted.count(number) for number in wanted)


def measured(studio: Studio, tried: Try, cases: Sequence[dict[str, str]], measure: str, *, show: bool) -> list[float]:
    """Print the figures of one try and return what it scores by sentence."""
    scores: list[float] = []
    weights: list[float] = []
    numbers: list[bool] = []
    seconds, syllables = 0.0, 0
    for case in cases:
        sound, length, count = studio.say(tried, case["text"], safety=case["kind"] == "crisis")
        seconds, syllables = seconds + length, syllables + count
        if measure == "loss":
            nats, tokens = studio.loss(sound, case["text"])
            scores.append(nats)
            weights.append(tokens)
            continue
        heard = studio.hear(sound, measure)
        errors = heard_errors(case["spoken"], heard, studio.read)
        scores.append(min(errors.errors, errors.letters))
        weights.append(errors.letters)
        right = numbers_right(case["spoken"], heard) if case["kind"] == "crisis" else None
        numbers += [right] if right is not None else []
        if show and (errors.errors or right is False):
            lost = "  number lost" if right is False else ""
            print(f"  {case['id']} {errors.errors}/{errors.letters} {case['spoken']} | {heard}{lost}", flush=True)
    figure = sum(scores) / sum(weights)
    shown = f"{100 * figure:6.2f} %" if measure != "loss" else f"{figure:7.4f}"
    shown += f"  numbers {sum(numbers)}/{len(numbers)}" if numbers else ""
    print(f"{shown}  {syllables / seconds:4.2f} syllables/s  n={len(cases)}  {tried.name}", flush=True)
    return [score / sum(weights) for score in scores]


def better_by(first: Sequence[float], other: Sequence[float]) -> str:
    """Return by how much ``other`` is lower than ``first``, with its 95% interval by a paired bootstrap."""
    gains = np.array(first) - np.array(other)
    picks = np.random.default_rng(SEED).integers(0, len(gains), size=(2_000, len(gains)))
    low, high = np.quantile(gains[picks].sum(axis=1), (0.025, 0.975))
    return f"{gains.sum():+.4f} [{low:+.4f}, {high:+.4f}]"


def main() -> None:
    """Speak, listen and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tries", nargs="+", metavar="TRY")
    parser.add_argument("--measure", choices=("cer", "loss", "second"), default="cer")
    parser.add_argument("--set", type=Path, default=SET)
    parser.add_argument("--part", default="seen")
    parser.add_argument("--kind", action="append", default=[])
    parser.add_argument("--numerals", choices=("any", "none", "only"), default="any")
    parser.add_argument("--n", type=int, default=40)
    parser.add_argument("--show", action="store_true", help="print what was misheard")
    parser.add_argument("--models", type=Path, required=True, help="holds kokoro-82m and whisper-base")
    parser.add_argument("--vosk", type=Path, help="the second listener's model, for --measure second")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "companion-phones")
    asked = parser.parse_args()
    if asked.measure == "second" and not asked.vosk:
        parser.error("--measure second needs --vosk FOLDER (second_listener.py says where it comes from)")
    cases = sentences(asked.set, asked.part, asked.n, asked.kind, asked.numerals)
    studio = Studio(asked.models, asked.cache, asked.vosk if asked.measure == "second" else None)
    scores = [measured(studio, Try.of(each), cases, asked.measure, show=asked.show) for each in asked.tries]
    for name, (before, score) in zip(asked.tries[1:], pairwise(scores), strict=True):
        print(f"{name}: better than the first by {better_by(scores[0], score)}, the last by {better_by(before, score)}")


if __name__ == "__main__":
    main()
