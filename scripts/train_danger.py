"""Teaches the second voice of the assessment and writes its weights.

    python scripts/train_danger.py [--check]

Reads the labelled utterances beside the weights (``models/danger/lessons.jsonl``), the seen set and the first cases,
and the utterances of the reply bank as harmless ones. With ``--check`` it prints what a cross-validation gives at
several thresholds, so that the two levels can be chosen. Deterministic. Never shown: the unseen third.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from companion.adapters.analyser_mecab import MecabAnalyser
from companion.core.reading import Grammar
from companion.core.respelling import Respelling
from companion.prompts import prompt_tables
from companion.safety.second_voice import Class, features
from companion.safety.sentences import Reader, Sentence, sentences

TOP = Path(__file__).resolve().parent.parent
LESSONS = TOP / "models" / "danger" / "lessons.jsonl"
WEIGHTS = TOP / "models" / "danger" / "weights.tsv"
SEEN = TOP / "tests" / "evaluation" / "sets" / "risk_seen.jsonl"
CASES = [TOP / "tests" / "safety" / f"cases_{name}.jsonl" for name in ("seen", "unseen", "fresh", "bounds")]
LABELS = {
    "none": Class.NONE,
    "passive": Class.WISH,
    "active": Class.THOUGHT,
    "active_plan": Class.PLAN,
    "self_harm": Class.THOUGHT,
    "other_emergency": Class.EMERGENCY,
}
STEPS, RATE, MOMENTUM, DECAY = 400, 20.0, 0.9, 2e-5
DANGER_WEIGHT = 2.0
FOLDS = 5
LEAST_WEIGHT = 0.12
LONG = 90
"""Letters; of a longer dangerous utterance nobody said which sentence is the danger."""
WATCH, CONCERN = 0.45, 0.65

Matrix = npt.NDArray[np.float32]


def lessons() -> Iterator[tuple[str, Class]]:
    """Yield utterances and what they are."""
    for file in (LESSONS, SEEN):
        for line in file.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            yield case["text"], LABELS[case["label"]]
    for file in CASES:
        for line in file.read_text(encoding="utf-8").splitlines():
            yield from case_lesson(json.loads(line))
    for table in prompt_tables("replies").values():
        for situation in table.get("situation", ()):
            yield from ((text, Class.NONE) for text in situation.get("says", ()))


def case_lesson(case: dict[str, str]) -> Iterator[tuple[str, Class]]:
    """Yield what one of the first cases teaches; those that are only watched teach nothing plain."""
    level = case.get("level") or case.get("least") or case.get("most", "")
    if level == "none":
        yield case["text"], Class.NONE
    elif "most" not in case and level in ("concern", "urgent"):
        deed = Class.PLAN if level == "urgent" else Class.WISH
        yield case["text"], deed if case["kind"] == "self_harm" else Class.EMERGENCY


class Lesson:
    """Utterances as rows of features.

    The assessor listens to sentences, alone and with the next: so a harmless utterance teaches with each of its own. A
    long dangerous one teaches nothing.
    """

    def __init__(self, taught: Sequence[tuple[str, Class]]) -> None:
        tables = prompt_tables("lexicon")
        danger = tables["danger.toml"]
        self._analyser = MecabAnalyser()
        self._respelling = Respelling(danger["respelling"])
        self._reader = Reader(Grammar(tables["grammar.toml"]), frozenset(danger["final_behind_tense"]))
        self.rows: list[frozenset[str]] = []
        self.groups: list[int] = []
        labels = []
        for group, (text, label) in enumerate(taught):
            for row in self._windows(text, label):
                self.rows.append(row)
                self.groups.append(group)
                labels.append(list(Class).index(label))
        self.labels = np.array(labels)

    def _windows(self, text: str, label: Class) -> Iterator[frozenset[str]]:
        mended = self._respelling.mend(text)
        read = list(sentences(mended, 0, self._analyser.analyse(mended), self._reader))
        if label is not Class.NONE or len(read) == 1:
            if len(text) <= LONG:
                yield _features(read)
            return
        for at in range(len(read)):
            yield _features(read[at : at + 1])
            yield _features(read[at : at + 2])

    def vocabulary(self, at: npt.NDArray[np.int_]) -> dict[str, int]:
        """Return the features that two of the utterances share."""
        counts = Counter(name for index in at for name in self.rows[index])
        return {name: number for number, name in enumerate(sorted(name for name, n in counts.items() if n > 1))}

    def matrix(self, at: npt.NDArray[np.int_], vocabulary: dict[str, int]) -> Matrix:
        """Return float32 [m, n]: each row's features share a length of one."""
        made = np.zeros((len(at), len(vocabulary)), dtype=np.float32)
        for row, index in enumerate(at):
            known = [vocabulary[name] for name in self.rows[index] if name in vocabulary]
            made[row, known] = 1 / np.sqrt(len(known)) if known else 0.0
        return made


def _features(window: Sequence[Sentence]) -> frozenset[str]:
    letters = "".join(one.compact for one in window)
    return features(letters, [morpheme for one in window for morpheme in one.morphemes])


def softmax(scores: Matrix) -> Matrix:
    """Return rows that sum to 1."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Matrix = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def train(inputs: Matrix, labels: npt.NDArray[np.int_]) -> tuple[Matrix, Matrix]:
    """Return weights float32 [n, classes] and bias float32 [classes]."""
    targets = np.eye(len(Class), dtype=np.float32)[labels]
    share = np.where(labels > 0, DANGER_WEIGHT, 1.0).astype(np.float32)
    share /= share.sum()
    weights = np.zeros((inputs.shape[1], len(Class)), dtype=np.float32)
    bias = np.zeros(len(Class), dtype=np.float32)
    speed, bias_speed = np.zeros_like(weights), np.zeros_like(bias)
    for _ in range(STEPS):
        error = (softmax(inputs @ weights + bias) - targets) * share[:, None]
        speed = MOMENTUM * speed - RATE * (inputs.T @ error + DECAY * weights)
        bias_speed = MOMENTUM * bias_speed - RATE * error.sum(axis=0)
        weights, bias = weights + speed, bias + bias_speed
    return weights, bias


def cross_validated(lesson: Lesson) -> Matrix:
    """Return the probabilities that each utterance gets from a model that never saw it."""
    found = np.zeros((len(lesson.rows), len(Class)), dtype=np.float32)
    groups = np.array(lesson.groups)
    shuffled = np.random.default_rng(0).permutation(groups.max() + 1)
    for fold in range(FOLDS):
        held = np.flatnonzero(np.isin(groups, shuffled[fold::FOLDS]))
        kept = np.setdiff1d(np.arange(len(groups)), held)
        vocabulary = lesson.vocabulary(kept)
        weights, bias = train(lesson.matrix(kept, vocabulary), lesson.labels[kept])
        found[held] = softmax(lesson.matrix(held, vocabulary) @ weights + bias)
    return found


def report(lesson: Lesson, shares: Matrix) -> None:
    """Print recall and false alarms at several thresholds."""
    danger, real = 1 - shares[:, 0], lesson.labels > 0
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        heard = danger >= threshold
        by_class = {name: round(float(heard[lesson.labels == at].mean()), 3) for at, name in enumerate(Class)}
        print(threshold, "recall", round(float(heard[real].mean()), 3), {str(k): v for k, v in by_class.items()})


def main() -> None:
    """Cross-validate, or train on everything and write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--check", action="store_true", help="cross-validate instead of writing")
    lesson = Lesson(list(lessons()))
    print(len(lesson.rows), "utterances", Counter(str(list(Class)[label]) for label in lesson.labels))
    if arguments.parse_args().check:
        report(lesson, cross_validated(lesson))
        return
    everything = np.arange(len(lesson.rows))
    vocabulary = lesson.vocabulary(everything)
    weights, bias = train(lesson.matrix(everything, vocabulary), lesson.labels)
    lines = [("#bias", bias), ("#levels", (WATCH, CONCERN))]
    lines += [(name, weights[at]) for name, at in vocabulary.items() if np.abs(weights[at]).max() >= LEAST_WEIGHT]
    text = "".join("\t".join([name, *(f"{value:.2f}" for value in values)]) + "\n" for name, values in lines)
    WEIGHTS.write_text(text, encoding="utf-8")
    print(len(lines) - 2, "features,", len(text.encode()) // 1000, "kB")


if __name__ == "__main__":
    main()
