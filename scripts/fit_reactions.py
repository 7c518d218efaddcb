"""Fits what a reaction and a question are worth, and prints the weights for ``prompts/lexicon/weighing.toml``.

    python scripts/fit_reactions.py

What judges found (``models/reactions/judged.jsonl``): of each reaction how probable the network took it for, how
probable all with its face together, and a grade of each judge: 2 right, 1 passable, 0 wrong; of each question
(``judged_questions.jsonl``) how probable it was, and that nothing is asked. Two logistic regressions for each.
"""

from __future__ import annotations

import json

import numpy as np
import numpy.typing as npt

from companion.prompts import data_folder

STEPS, RATE, DECAY = 30_000, 0.5, 2e-3
RIGHT, WRONG = 2, 0

Numbers = npt.NDArray[np.float64]


def fitted(rows: Numbers, true: Numbers) -> Numbers:
    """Return the weights of a logistic regression for rows [n, 3] whose first column is 1; the bias does not decay."""
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        error = 1 / (1 + np.exp(-(rows @ weights))) - true
        weights -= RATE * (rows.T @ error / len(rows) + DECAY * np.concatenate([[0.0], weights[1:]]))
    return weights


def main() -> None:
    """Read, fit, print."""
    for kind, file, other in (("reaction", "judged", "face"), ("question", "judged_questions", "nothing")):
        text = (data_folder("models") / "reactions" / f"{file}.jsonl").read_text(encoding="utf-8")
        found = [
            (row["share"], row[other], grade) for row in map(json.loads, text.splitlines()) for grade in row["grades"]
        ]
        rows, grades = np.array([(1.0, *known) for *known, _ in found]), np.array([one for *_, one in found])
        for name, grade in (("right", RIGHT), ("wrong", WRONG)):
            bias, share, second = fitted(rows, (grades == grade).astype(np.float64))
            print(f"[kinds.{kind}.{name}]\nbias = {bias:.2f}\nshare = {share:.2f}\n{other} = {second:.2f}\n")


if __name__ == "__main__":
    main()
