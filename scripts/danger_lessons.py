"""What the trained voices of the assessment are taught: lessons, how they are said elsewhere, and their pieces.

Lessons lie beside the weights, one file an author (``models/danger/lessons*.jsonl``); the first cases of the tests and
the utterances of the reply bank and those told by gist (harmless ones) teach too. The sets that measure never do:
tests/safety/test_lessons.py.
"""

from __future__ import annotations

import json
import random  # noqa: TID251 - seeded: the lessons are the same every time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from companion.adapters.analyser_mecab import MecabAnalyser
from companion.core.hangul import compose, decompose, is_syllable
from companion.core.pronunciation.sounds import Mark, meet, neutral
from companion.core.reading import Grammar
from companion.core.respelling import Respelling
from companion.prompts import prompt_tables
from companion.safety.lexicon import load_danger
from companion.safety.second_voice import Class, features
from companion.safety.sentences import Reader, Sentence, marked_spans, sentences
from companion.safety.windows import Window, turn, windows

TOP = Path(__file__).resolve().parent.parent
FOLDER = TOP / "models" / "danger"
CASES = [TOP / "tests" / "safety" / f"cases_{name}.jsonl" for name in ("seen", "unseen", "fresh", "bounds")]
HOUSE = "lessons"
"""The author who wrote the rules and most lessons."""
KNOWN = "said.toml"
"""Of the utterances by gist, those that are known already; the others are harmless talk of further strangers."""
TOLD = 4
"""Every how many of them are taught: there are as many of them as of all other lessons."""
MENDED = "mended"
"""Kinds that were misjudged in use: mostly harmless talk taken for danger; it measures nothing."""
TURNS = "turns"
"""Words that only the turn before gives a meaning, harmless and not; by the same hand as the rules."""
STRANGERS = sorted(FOLDER.glob("lessons_*.jsonl"))
"""Authors who saw no rule and no other lesson: each measures what was learnt of the others. They wrote in dialects and
as recognisers do, so their lessons are taught as they stand."""
LABELS = {
    "none": Class.NONE,
    "passive": Class.WISH,
    "active": Class.THOUGHT,
    "active_plan": Class.PLAN,
    "self_harm": Class.THOUGHT,
    "other_emergency": Class.EMERGENCY,
}
LONG = 90
"""Letters; of a longer dangerous utterance nobody said which sentence is the danger."""
ELSEWHERE, BY_EAR, BOTH = 0.5, 0.5, 0.3
"""Shares of the lessons that are also said in a dialect, written by ear, and written by ear in a dialect."""
KEPT = 0.8


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to learn from."""

    group: int
    """Number of the lesson."""
    text: str
    found: frozenset[str]
    label: Class
    author: str
    """Name of the file it stands in."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was said, what it is, and who wrote it."""

    text: str
    label: Class
    author: str
    before: str = ""
    """The turn before, where only both say what is meant."""


def lessons() -> Iterator[Lesson]:
    """Yield utterances, what they are, and who wrote them."""
    yield from written(FOLDER / f"{HOUSE}.jsonl")
    for file in CASES:
        for line in file.read_text(encoding="utf-8").splitlines():
            yield from (Lesson(text, label, HOUSE) for text, label in case_lesson(json.loads(line)))
    for table in prompt_tables("replies").values():
        for situation in table.get("situation", ()):
            yield from (Lesson(text, Class.NONE, HOUSE) for text in situation.get("says", ()))
    for name, gists in prompt_tables("gists").items():
        if name != KNOWN:
            told = [text for tones in gists.values() for texts in tones.values() for text in texts]
            yield from (Lesson(text, Class.NONE, name) for text in told[::TOLD])
    for file in (*STRANGERS, FOLDER / f"{MENDED}.jsonl", FOLDER / f"{TURNS}.jsonl"):
        yield from written(file)


def written(file: Path) -> Iterator[Lesson]:
    """Yield what one author wrote."""
    for line in file.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        before = case.get("context", [""])[-1]
        yield Lesson(case["text"], LABELS[case["label"]], file.stem, before)


def case_lesson(case: Mapping[str, str]) -> Iterator[tuple[str, Class]]:
    """Yield what one of the first cases teaches; those that are only watched teach nothing plain."""
    level = case.get("level") or case.get("least") or case.get("most", "")
    if level == "none":
        yield case["text"], Class.NONE
    elif "most" not in case and level in ("concern", "urgent"):
        deed = Class.PLAN if level == "urgent" else Class.WISH
        yield case["text"], deed if case["kind"] == "self_harm" else Class.EMERGENCY


def variants(text: str, regions: Mapping[str, Sequence[tuple[str, str]]], chance: random.Random) -> Iterator[str]:
    """Yield a lesson and how else it may be said or written."""
    yield text
    if chance.random() < ELSEWHERE:
        yield elsewhere(text, regions, chance)
    if chance.random() < BY_EAR:
        said = elsewhere(text, regions, chance) if chance.random() < BOTH else text
        yield by_ear(said, chance)


def elsewhere(text: str, regions: Mapping[str, Sequence[tuple[str, str]]], chance: random.Random) -> str:
    """Return the text as somebody of one region may say it."""
    for said, become in regions[chance.choice(sorted(regions))]:
        if chance.random() >= KEPT:
            continue
        if said.endswith("$"):
            text = text[: 1 - len(said)] + become if text.endswith(said[:-1]) else text
        elif become.startswith("ㄹ"):
            text = _with_l(text, said, become[1:])
        else:
            text = text.replace(said, become)
    return text


def _with_l(text: str, said: str, become: str) -> str:
    """Return the text with an ending that puts ㄹ under the open syllable before it: 가려고 becomes 갈라꼬."""
    first, *rest = text.split(said)
    for part in rest:
        last = decompose(first[-1]) if first and is_syllable(first[-1]) else None
        if last is not None and not last.coda:
            first = first[:-1] + compose(last.onset, last.vowel, "ㄹ")
        first += become + part
    return first


def by_ear(text: str, chance: random.Random) -> str:
    """Return the text as somebody who writes what he hears would write it, with some blanks gone."""
    share, gone = chance.choice((0.4, 0.7, 1.0)), chance.choice((0.0, 0.2, 0.6))
    words = [_heard(word) if chance.random() < share else word for word in text.split()]
    return "".join(word if chance.random() < gone else f" {word}" for word in words).strip()


def _heard(word: str) -> str:
    spelled = [decompose(letter) if is_syllable(letter) else None for letter in word]
    known = [one for one in spelled if one is not None]
    if len(known) < len(spelled):
        return word
    onsets, codas = [one.onset for one in known], [neutral(one.coda) for one in known]
    for at, right in enumerate(known[1:]):
        codas[at], onsets[at + 1] = meet(known[at].coda, right, Mark.NONE)
    return "".join(compose(onset, one.vowel, coda) for onset, one, coda in zip(onsets, known, codas, strict=True))


class Cutter:
    """Cuts utterances into the pieces that the assessor hears."""

    def __init__(self) -> None:
        tables = prompt_tables("lexicon")
        danger = load_danger(tables)
        grammar = Grammar(tables["grammar.toml"])
        self._analyser = MecabAnalyser()
        self._respelling = Respelling(tables["danger.toml"]["respelling"])
        self._reader = Reader(grammar, danger.final_behind_tense, danger.closing, danger.cited)
        self._ideas = danger.ideas

    def read(self, text: str) -> list[Sentence]:
        """Return the sentences of an utterance."""
        found: list[Sentence] = []
        for start, end in marked_spans(text):
            part = self._respelling.mend(text[start:end])
            found += sentences(part, start, self._analyser.analyse(part), self._reader)
        return found

    def pieces(self, text: str, before: str = "") -> Iterator[tuple[str, frozenset[str]]]:
        """Yield text and features of each piece, heard behind the turn before."""
        for piece in windows(self.read(text), self._ideas):
            yield _shown(text, self._behind(piece, before))

    def whole(self, text: str, before: str = "") -> tuple[str, frozenset[str]]:
        """Return text and features of all of it, heard behind the turn before."""
        words, found = _shown(text, self._behind(self._turn(text), before))
        return words if before else text, found

    def _behind(self, piece: Window, before: str) -> Window:
        return piece.behind(self._turn(before), before) if before else piece

    def _turn(self, text: str) -> Window:
        made = turn(self.read(text), self._ideas)
        return made if made is not None else Window("", (), (0, 0))


def _shown(text: str, piece: Window) -> tuple[str, frozenset[str]]:
    return piece.words(text), features(piece.letters, piece.morphemes, piece.ideas)


def taught() -> list[Piece]:
    """Return all pieces: harmless utterances teach with each of theirs, dangerous ones as a whole unless long."""
    regions = tomllib.loads((FOLDER / "variants.toml").read_text(encoding="utf-8"))
    cutter, chance, made, known = Cutter(), random.Random(0), [], set()  # noqa: S311 - teaching, no secret
    unique = {(one.before, one.text): one for one in lessons()}
    for group, lesson in enumerate(unique.values()):
        for text in variants(lesson.text, regions, chance) if lesson.author == HOUSE else (lesson.text,):
            if (lesson.before, text) in known:
                continue
            known.add((lesson.before, text))
            if lesson.label is Class.NONE:
                made += [
                    Piece(group, shown, found, lesson.label, lesson.author)
                    for shown, found in cutter.pieces(text, lesson.before)
                ]
            elif len(text) <= LONG:
                made.append(Piece(group, *cutter.whole(text, lesson.before), lesson.label, lesson.author))
    return made
