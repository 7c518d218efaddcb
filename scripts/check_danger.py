"""Measures what the trained voices learn of strangers: each author is heard by voices that all the others taught.

    python scripts/check_danger.py [--vectors FILE.npz]

Rules and both voices assess what the author wrote, with the thresholds of ``train_danger.py``; for each author and for
all of them it prints the share at the level required, and for harmless talk false alarms and what is watched. Rules may
have been mended with the authors of old; the voices never heard the one who is measured.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from danger_lessons import STRANGERS, taught
from known_vectors import KnownVectors
from train_danger import ALONE, JOINED, Lesson, Matrix, train, train_head, weighs

from companion.adapters.analyser_mecab import MecabAnalyser
from companion.adapters.danger_encoder import Head
from companion.evaluation.risk import REQUIRED, Label, RiskCase, RiskResult, evaluate_risk
from companion.safety.risk import Level
from companion.safety.second_voice import SecondVoice, Thresholds
from companion.safety.voices import Voices
from companion.wiring.language import assessor


class KnownMeaning:
    """The third voice over vectors that are kept."""

    def __init__(self, head: Head, known: KnownVectors) -> None:
        self._head = head
        self._known = known

    def shares(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """See ``safety.voices.Overhearing.shares``."""
        rows = self._head.probabilities(self._known.encode(texts))
        return [[float(share) for share in row] for row in rows]


def without(lesson: Lesson, vectors: Matrix, author: str, known: KnownVectors) -> Voices:
    """Return the voices that everybody but ``author`` taught."""
    kept = np.flatnonzero(lesson.authors != author)
    vocabulary = lesson.vocabulary(kept)
    weights, bias = train(lesson.matrix(kept, vocabulary), lesson.labels[kept], lesson.share[kept])
    rows = {name: tuple(map(float, weights[at])) for name, at in vocabulary.items() if weighs(weights[at])}
    second = SecondVoice(rows, tuple(map(float, bias)), Thresholds(*ALONE), Thresholds(*JOINED))
    head = train_head(vectors[kept], lesson.labels[kept], lesson.share[kept])
    return Voices(second, KnownMeaning(head, known))


def written(file: Path) -> list[RiskCase]:
    """Return the lessons of one author as cases."""
    read = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [
        RiskCase(f"{file.stem}:{number}", one["text"], Label(one["label"]), tuple(one.get("context", ())))
        for number, one in enumerate(read, start=1)
    ]


def shown(name: str, results: Sequence[RiskResult]) -> str:
    """Return one line of figures."""
    figures = []
    for label, level in (*REQUIRED.items(), (Label.NONE, Level.CONCERN), (Label.NONE, Level.WATCH)):
        own = [result.reached(level) for result in results if result.case.label is label]
        if own:
            figures.append(f"{label} at {level} {sum(own) / len(own):.3f}")
    return f"{name} ({len(results)}): {', '.join(figures)}"


def main() -> None:
    """Leave each author out in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, help="keeps sentence vectors between runs (.npz)")
    arguments = parser.parse_args()
    lesson = Lesson(taught())
    known = KnownVectors(arguments.vectors)
    vectors = known.encode([piece.text for piece in lesson.pieces])
    everything: list[RiskResult] = []
    for file in STRANGERS:
        ears = assessor(MecabAnalyser(), voices=without(lesson, vectors, file.stem, known))
        results = evaluate_risk(written(file), ears.assess)
        print(shown(file.stem, results))
        everything += results
    print(shown("all", everything))


if __name__ == "__main__":
    main()
