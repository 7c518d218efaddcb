"""Reckons how the fit of an exemplar is told from what is known of it: two logistic regressions.

    python scripts/fit_exemplars.py

Reads what strict judges found of replies after tellings (``models/exemplars/judged.jsonl``: ``said``, ``kind`` told or
theme, ``of`` the text of the exemplar or the number of the theme, ``right`` 2, 1 (general) or 0 (wrong)). Prints the
weights for ``prompts/lexicon/exemplars.toml``, and with one tenth of the tellings left out in turn what would be right
and wrong of what is said at each bound.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from companion.dialogue.exemplars import OWN, THEME
from companion.prompts import data_folder
from companion.wiring import language

RIGHT, WRONG = 2, 0
FOLDS, STEPS, DECAY = 10, 50, 1.0
BOUNDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)

Rows = npt.NDArray[np.float64]


def judged() -> Iterator[tuple[str, str, Mapping[str, float], int]]:
    """Yield what was said, kind of reply, its features as they are now, and the verdict."""
    talking = language.dialogue(language.analyser())
    finder, exemplars = language.situations(talking), talking.exemplars
    if finder is None:
        raise SystemExit("no encoder")
    by_said: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for line in (data_folder("models") / "exemplars" / "judged.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        by_said[one["said"]][one["kind"], str(one["of"])] = one["right"]
    for said, verdicts in by_said.items():
        near, labels = finder.alike(said), finder.labels(said)
        found = [(OWN, exemplar.told, features) for _, exemplar, features in exemplars.own(said, near, labels)]
        common = exemplars.common(said, near, labels)
        found += [(THEME, str(theme.number), features) for theme, _, features in common]
        for kind, name, features in found:
            if (kind, name) in verdicts:
                yield said, kind, features, verdicts[kind, name]


def fit(rows: Rows, right: Rows) -> Rows:
    """Return weights [n] for rows [m, n] and what is right [m], by Newton's steps."""
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        odds = 1 / (1 + np.exp(-rows @ weights))
        bend = (rows * (odds * (1 - odds))[:, None]).T @ rows + DECAY * np.eye(len(weights))
        weights -= np.linalg.solve(bend, rows.T @ (odds - right) + DECAY * weights)
    return weights


def main() -> None:
    """Fit both and print."""
    found = list(judged())
    for kind in (OWN, THEME):
        own = [(said, features, right) for said, of, features, right in found if of == kind]
        names = list(own[0][1])
        rows = np.array([[features[name] for name in names] for _, features, _ in own])
        verdicts = np.array([right for _, _, right in own])
        folds = np.array([zlib.crc32(said.encode()) % FOLDS for said, _, _ in own])
        odds = np.zeros(len(own))
        for fold in range(FOLDS):
            weights = fit(rows[folds != fold], (verdicts[folds != fold] == RIGHT).astype(float))
            odds[folds == fold] = 1 / (1 + np.exp(-rows[folds == fold] @ weights))
        print(f"[{kind}]")
        for name, weight in zip(names, fit(rows, (verdicts == RIGHT).astype(float)), strict=True):
            print(f"{name} = {weight:.2f}")
        best_of(own, odds, verdicts)


def best_of(own: Sequence[tuple[str, Mapping[str, float], int]], odds: Rows, verdicts: npt.NDArray[np.int_]) -> None:
    """Print what is right and wrong where the best of each telling is said from a bound on."""
    best: dict[str, int] = {}
    for at, (said, _, _) in enumerate(own):
        if said not in best or odds[at] > odds[best[said]]:
            best[said] = at
    at = np.array(list(best.values()))
    for bound in BOUNDS:
        said = at[odds[at] >= bound]
        right, wrong = (float((verdicts[said] == one).mean()) if len(said) else 0.0 for one in (RIGHT, WRONG))
        print(f"# {bound}: {len(said)} of {len(at)} said, right {right:.2f}, wrong {wrong:.2f}")


if __name__ == "__main__":
    main()
