"""Fits what a reaction and a question are worth, and prints the weights for ``prompts/lexicon/weighing.toml``.

    python scripts/fit_reactions.py

What judges found of reactions behind tellings (``models/reactions/judged.jsonl``) and behind answers
(``judged_answers.jsonl``): how probable the network took each for, how probable all with its face together, and a grade
of each judge: 2 right, 1 passable, 0 wrong; of questions (``judged_questions.jsonl``) how probable each was, and that
nothing is asked. Two logistic regressions for each, in which a reaction counts by its name as well: some are said too
readily.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from companion.prompts import data_folder

ROUNDS = 60
DECAY, DECAY_OF_NAMES = 1.0, 8.0
"""Precision of the weights, and of those of single reactions, of which most were judged a few times only; chosen by
leaving a tenth out in turn."""
RIGHT, WRONG = 2, 0
SHARE, FACE, NOTHING = "share", "face", "nothing"

Numbers = npt.NDArray[np.float64]


def fitted(rows: Numbers, true: Numbers, decay: Numbers) -> Numbers:
    """Return the weights [k] of a logistic regression.

    Args:
        rows: [n, k].
        true: [n] in {0, 1}.
        decay: [k]: precision of each weight.
    """
    weights = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        said = 1 / (1 + np.exp(-(rows @ weights)))
        slope = rows.T @ (said - true) + decay * weights
        bend = (rows * (said * (1 - said))[:, None]).T @ rows + np.diag(decay + 1e-6)
        weights -= np.linalg.solve(bend, slope)
    return weights


def judged(file: str) -> list[dict[str, Any]]:
    """Return what judges found of one kind."""
    text = (data_folder("models") / "reactions" / f"{file}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def names_of(found: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the reactions that were judged."""
    return tuple(sorted({str(one["reaction"]) for one in found}))


def weights_of(found: Sequence[Mapping[str, Any]], known: Sequence[str], names: Sequence[str], grade: int) -> Numbers:
    """Return how a grade follows from what is known and from which reaction it is."""
    rows = [
        [1.0, *(float(one[name]) for name in known), *(float(one.get("reaction") == name) for name in names)]
        for one in found
        for _ in one["grades"]
    ]
    true = [float(each == grade) for one in found for each in one["grades"]]
    decay = [0.0, *(DECAY for _ in known), *(DECAY_OF_NAMES for _ in names)]
    return fitted(np.array(rows), np.array(true), np.array(decay))


def main() -> None:
    """Read, fit, print."""
    told, asked, answers = judged("judged"), judged("judged_questions"), judged("judged_answers")
    kinds = (
        ("reaction", told, (SHARE, FACE), names_of(told)),
        ("question", asked, (SHARE, NOTHING), ()),
        ("answered", answers, (SHARE, FACE), names_of(answers)),
    )
    for kind, found, known, names in kinds:
        for name, grade in (("right", RIGHT), ("wrong", WRONG)):
            weights = weights_of(found, known, names, grade)
            print(f"[kinds.{kind}.{name}]")
            print(
                "".join(
                    f"{key} = {weight:.2f}\n" for key, weight in zip(["bias", *known, *names], weights, strict=True)
                )
            )


if __name__ == "__main__":
    main()
