"""Runs one activity: a generator that yields what is said and how long is waited, and is sent what was answered.

Pure. The person can stop at any point; where it hurts, it stops by itself and says so. It always ends: steps lead
forward only, and a question is put at most twice.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from companion.core.life import Outcome
from companion.dialogue.activities.answers import ActivityAnswers, Taken
from companion.dialogue.activities.mood import MoodReader
from companion.dialogue.activities.script import END, Breathing, Kind, Script, Slot, Step

_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_ENDS: Final = ".?!… "
_SENTENCE_ENDS: Final = re.compile(r"[.?!…]+\s*")
_LONGEST_WISH: Final = 30
_HURTS: Final = {Taken.DIZZY: "dizzy", Taken.PAINFUL: "painful", Taken.DISTRESS: "grief"}


@dataclass(frozen=True, slots=True)
class Move:
    """One thing to say, and what follows."""

    text: str
    id: str
    asks: bool = False
    """Whether an answer is awaited; it is sent, None where there is silence."""
    rest_seconds: float = 0.0
    """Quiet after it; what is said in it is sent, None where nothing is."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What an activity came to."""

    outcome: Outcome
    mood_before: int | None = None
    mood_after: int | None = None
    kept: Mapping[Slot, str] = field(default_factory=dict)
    """Answers in the person's words."""
    picked: str = ""
    """Which of the choices of the script, as it is named."""
    hurt: bool = False
    """Whether it ended because it hurt: the person is listened to next."""
    unanswered: bool = False
    """Whether the last words were neither a yes nor a no to the offer: they are the person's turn."""


Run = Generator[Move, str | None, Finished]


class ActivityWords:
    """Built once from ``prompts/wording/activities.ko.toml``.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.answers = ActivityAnswers(table["answer"])
        self.mood = MoodReader(table["mood"])
        said, breath = table["said"], table["breath"]
        self._said = {str(key): [text] if isinstance(text, str) else list(text) for key, text in said.items()}
        self._wanted = re.compile("|".join(table["wanted"]["any"]))
        self._unless = re.compile("|".join(table["wanted"]["unless"]))
        self._kinds = {Kind(kind): re.compile("|".join(by)) for kind, by in table["wanted"]["kinds"].items()}
        self._breath = {str(key): [text] if isinstance(text, str) else list(text) for key, text in breath.items()}

    def one(self, key: str, chance: float) -> str:
        """Return one of the variants of a sentence."""
        variants = self._said[key]
        return str(variants[min(int(chance * len(variants)), len(variants) - 1)])

    def wanted(self, text: str) -> Kind | bool:
        """Return which kind of activity somebody asks for, True for any, False where nothing is asked for."""
        letters = _NOT_LETTERS.sub("", text)
        if len(letters) > _LONGEST_WISH:  # 걸레질까지 했는데 아홉 시 반이야. 뭐 할 거 없나, 점심까지?
            letters = _NOT_LETTERS.sub("", _SENTENCE_ENDS.split(text.rstrip(_ENDS))[-1])
        if len(letters) > _LONGEST_WISH:
            return False
        kind = next((kind for kind, pattern in self._kinds.items() if pattern.search(letters)), None)
        if kind is not None:
            return kind
        return bool(self._wanted.search(letters)) and not self._unless.search(letters)

    def heard(self, time: int) -> str:
        """Return how an answer is acknowledged, otherwise each time."""
        variants = self._said["heard"]
        return str(variants[time % len(variants)])

    def breath(self, key: str, time: int) -> str:
        """Return how a breath is spoken: in full at first, briefly later."""
        variants = self._breath[key]
        return str(variants[min(time, len(variants) - 1)])


class _Ended(Exception):
    def __init__(self, finished: Finished) -> None:
        self.finished = finished


@dataclass(frozen=True, slots=True)
class Manner:
    """How one activity is run this time."""

    asks_mood: bool
    """Only where the mood may be kept: nobody is asked for a number that goes nowhere."""
    offered: bool = True
    """False where the person asked for it: then it is not offered first."""
    keeps: bool = True
    """Whether what was agreed on is remembered, and may be promised to be asked about."""
    chance: float = 0.0
    """In [0, 1): chooses among variants."""


def run(script: Script, words: ActivityWords, manner: Manner) -> Run:
    """Yield what is to be said, be sent what was heard, return what came of it.

    Laws: it ends after finitely many moves whatever is sent; after an answer that stops it or shows that it hurts at
    most one more thing is said.
    """
    return _Run(script, words, manner).whole()


class _Run:
    """One run: what was answered so far."""

    def __init__(self, script: Script, words: ActivityWords, manner: Manner) -> None:
        self._script = script
        self._words = words
        self._manner = manner
        self._so_far = Finished(Outcome.BEGUN)
        self._told = False
        """Whether something was told that is not acknowledged yet."""
        self._answered = 0

    def whole(self) -> Run:
        try:
            yield from self._offer()
            before = yield from self._mood("mood_before")
            self._so_far = replace(self._so_far, mood_before=before)
            yield from self._steps()
            yield from self._closing()
        except _Ended as ended:
            return ended.finished
        return replace(self._so_far, outcome=Outcome.DONE)

    def _offer(self) -> Generator[Move, str | None, None]:
        manner, offers = self._manner, self._script.offer
        if manner.offered:
            text = offers[min(int(manner.chance * len(offers)), len(offers) - 1)]
            taken = self._words.answers.take((yield self._move(text, "offer", asks=True)))
            if taken in {Taken.NO, Taken.STOP}:
                yield self._move(self._words.one("refused", manner.chance), "refused")
                raise _Ended(Finished(Outcome.REFUSED))
            if taken is not Taken.YES:
                raise _Ended(Finished(Outcome.OFFERED, unanswered=taken is not Taken.NOTHING))
        yield self._move(self._words.one("begin", manner.chance), "begin")

    def _mood(self, key: str) -> Generator[Move, str | None, int | None]:
        """Ask for a number, once more where none was said, and never a third time."""
        if not self._manner.asks_mood:
            return None
        for question in (key, "mood_again"):
            answer = yield self._move(self._words.one(question, 0.0), question, asks=True)
            number = self._words.mood.read(answer or "")
            if number is not None:
                return number
            yield from self._heed(answer)
        yield self._move(self._words.one("mood_skipped", 0.0), "mood_skipped")
        return None

    def _steps(self) -> Generator[Move, str | None, None]:
        steps = self._script.steps
        place = 0
        while place < len(steps):
            step = steps[place]
            target = yield from self._step(step)
            if target == END:
                return
            names = [one.id for one in steps]
            place = names.index(target) if target else place + 1

    def _step(self, step: Step) -> Generator[Move, str | None, str]:
        """Take one step; return the id of the next, empty for the one that follows."""
        if step.breathing is not None:
            yield from self._breathe(step.breathing)
            return step.goto
        if step.say:
            heard = yield self._move(self._after_heard(step.say), step.id, rest=step.rest_seconds)
            yield from self._heed(heard)
            return step.goto
        answer = yield from self._asked(step)
        taken = self._words.answers.take(answer)
        if taken is Taken.NOTHING:
            return step.silent or step.no or step.goto
        if step.keep is not None and answer is not None and taken is not Taken.NO:
            self._keep(step, answer)
        self._told = taken is Taken.TOLD
        if taken is Taken.NO:
            return step.no or step.goto
        return (step.yes if taken is Taken.YES else "") or step.goto

    def _asked(self, step: Step) -> Generator[Move, str | None, str | None]:
        answer = yield self._move(self._after_heard(step.ask), step.id, asks=True, rest=step.rest_seconds)
        if self._words.answers.take(answer) is Taken.NOTHING and step.again:
            answer = yield self._move(step.again, f"{step.id}.again", asks=True)
        yield from self._heed(answer)
        return answer

    def _after_heard(self, text: str) -> str:
        """Return the text behind a word that shows that the last answer was heard: nobody is interrogated."""
        if not self._told:
            return text
        self._told = False
        self._answered += 1
        return f"{self._words.heard(self._answered - 1)} {text}"

    def _keep(self, step: Step, answer: str) -> None:
        kept = {**self._so_far.kept, step.keep: answer.strip()} if step.keep is not None else self._so_far.kept
        picked = self._words.answers.choice(answer, step.choices) if step.choices else self._so_far.picked
        self._so_far = replace(self._so_far, kept=kept, picked=picked)

    def _breathe(self, breathing: Breathing) -> Generator[Move, str | None, None]:
        yield self._move(self._words.breath("begin", 0), "breath.begin", rest=1.0)
        for time in range(breathing.times):
            parts = (("in", breathing.seconds_in), ("hold", breathing.seconds_hold), ("out", breathing.seconds_out))
            for name, seconds in parts:
                if seconds:
                    heard = yield self._move(self._words.breath(name, time), f"breath.{name}", rest=seconds)
                    yield from self._heed(heard)
        yield self._move(self._words.breath("last", 0), "breath.last", rest=2.0)

    def _closing(self) -> Generator[Move, str | None, None]:
        after = yield from self._mood("mood_after")
        before = self._so_far.mood_before
        self._so_far = replace(self._so_far, mood_after=after)
        if after is not None and before is not None:
            key = "better" if after > before else "same" if after == before else "worse"
            yield self._move(self._words.one(key, self._manner.chance), key)
        elif after is not None:
            yield self._move(self._words.one("thanks", self._manner.chance), "thanks")
        if self._so_far.kept.get(Slot.WHEN):
            key = "planned" if self._manner.keeps else "planned_unkept"
            yield self._move(self._words.one(key, 0.0), key)
        yield self._move(self._script.close, "close")

    def _heed(self, heard: str | None) -> Generator[Move, str | None, None]:
        """End where the person wants to stop, or where it hurts."""
        taken = self._words.answers.take(heard)
        if taken is Taken.STOP:
            yield self._move(self._words.one("stopped", self._manner.chance), "stopped")
            raise _Ended(replace(self._so_far, outcome=Outcome.STOPPED))
        bodily = self._script.kind in {Kind.BREATHING, Kind.MOVEMENT}
        if taken in _HURTS and (bodily or taken is not Taken.PAINFUL):
            key = _HURTS[taken]
            yield self._move(self._words.one(key, self._manner.chance), key)
            raise _Ended(replace(self._so_far, outcome=Outcome.STOPPED, hurt=True))

    def _move(self, text: str, name: str, *, asks: bool = False, rest: float = 0.0) -> Move:
        return Move(text, f"activity.{self._script.id}.{name}", asks=asks, rest_seconds=rest)
