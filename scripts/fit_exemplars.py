"""Reckons what a reply is worth after a telling from what is known of it, and writes ``prompts/lexicon/weighing.toml``.

    python scripts/fit_exemplars.py

Reads what strict judges found (``models/exemplars/judged.jsonl``: ``said``; ``kind`` told, theme or bank; ``of`` the
text of the exemplar, the number of the theme, or the id of the reply of the bank; ``right`` 2, 1 (general) or 0
(wrong)). For each kind of reply two logistic regressions, of what is right and of what is wrong. Prints, with one tenth
of the tellings left out in turn, what would be right and wrong of what is said at each cost of a wrong reply.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from companion.dialogue.choice import Evidence
from companion.dialogue.exemplars import OWN, THEME
from companion.dialogue.slots import without_slots
from companion.dialogue.weighing import FILE, RIGHT, WRONG, weighed
from companion.prompts import data_folder
from companion.wiring import language

VERDICTS = {RIGHT: 2, WRONG: 0}
BANK = "bank"
FOLDS, STEPS, DECAY = 10, 50, 0.3
COSTS = (0.2, 0.35, 0.5, 0.7, 1.0)
COST = 1.0
"""Of a wrong reply, against one that is right: a general one does neither good nor harm."""

Rows = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A reply after a telling."""

    said: str
    kind: str
    features: Mapping[str, float]
    verdict: int


def judged() -> Iterator[Judged]:
    """Yield what was judged, with its features as they are now."""
    talking = language.dialogue(language.analyser())
    finder, exemplars, bank = language.situations(talking), talking.exemplars, talking.bank
    if finder is None:
        raise SystemExit("no encoder")
    by_said: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for line in (data_folder("models") / "exemplars" / "judged.jsonl").read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        by_said[one["said"]][one["kind"], str(one["of"])] = one["right"]
    for said, verdicts in by_said.items():
        near, labels = finder.alike(said), finder.labels(said)
        evidence = Evidence({}, {}, finder.nearest(said), labels=labels)
        names = {name: name.partition("#")[0] for kind, name in verdicts if kind == BANK}
        told = [(name, bank.situations[of]) for name, of in names.items() if of in bank.situations]
        texts = {reply: without_slots(reply) for _, situation in told for reply in situation.replies}
        fits = finder.fits(said, (*exemplars.replies(near), *texts.values())).of
        of_bank = {reply: fits[plain] for reply, plain in texts.items() if plain in fits}
        found = [(OWN, one.told, features) for _, one, features in exemplars.own(said, near, labels, fits)]
        common = exemplars.common(said, near, labels, fits)
        found += [(THEME, str(theme.number), features) for theme, _, features in common]
        for kind, name, features in found:
            if (kind, name) in verdicts:
                yield Judged(said, kind, features, verdicts[kind, name])
        for name, situation in told:
            yield Judged(said, *weighed(situation, evidence, of_bank), verdicts[BANK, name])


def fit(rows: Rows, right: Rows) -> Rows:
    """Return weights [n] for rows [m, n] and what is right [m], by Newton's steps."""
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        odds = 1 / (1 + np.exp(-rows @ weights))
        bend = (rows * (odds * (1 - odds))[:, None]).T @ rows + DECAY * np.eye(len(weights))
        weights -= np.linalg.solve(bend, rows.T @ (odds - right) + DECAY * weights)
    return weights


def main() -> None:
    """Fit all kinds, write, and print."""
    found = list(judged())
    folds = np.array([zlib.crc32(one.said.encode()) % FOLDS for one in found])
    odds = {name: np.zeros(len(found)) for name in VERDICTS}
    written = [_HEAD, f"cost = {COST}"]
    for kind in dict.fromkeys(one.kind for one in found):
        at = np.array([number for number, one in enumerate(found) if one.kind == kind])
        names = list(dict.fromkeys(name for number in at for name in found[number].features))
        rows = np.array([[found[number].features.get(name, 0.0) for name in names] for number in at])
        for verdict, value in VERDICTS.items():
            truth = np.array([found[number].verdict == value for number in at], dtype=float)
            for fold in range(FOLDS):
                left = folds[at] == fold
                odds[verdict][at[left]] = 1 / (1 + np.exp(-rows[left] @ fit(rows[~left], truth[~left])))
            weights = zip(names, fit(rows, truth), strict=True)
            written += [f"\n[kinds.{kind}.{verdict}]", *(f"{name} = {weight:.2f}" for name, weight in weights)]
        shares = [float(np.mean([found[number].verdict == value for number in at])) for value in VERDICTS.values()]
        print(f"# {kind}: {len(at)} judged, right {shares[0]:.2f}, wrong {shares[1]:.2f}")
    (data_folder("prompts") / "lexicon" / FILE).write_text("\n".join(written) + "\n", encoding="utf-8")
    said_at_each_cost(found, odds)


def said_at_each_cost(found: Sequence[Judged], odds: Mapping[str, Rows]) -> None:
    """Print what would be said of each telling for which the bank's own reply was judged too."""
    of: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(found):
        of[one.said].append(number)
    whole = [numbers for numbers in of.values() if any(found[at].kind not in {OWN, THEME} for at in numbers)]
    for cost, exemplars in product(COSTS, (False, True)):
        worth = odds[RIGHT] - cost * odds[WRONG]
        best = [
            max((at for at in numbers if exemplars or found[at].kind not in {OWN, THEME}), key=lambda at: worth[at])
            for numbers in whole
        ]
        shares = [np.mean([found[at].verdict == value for at in best]) for value in (2, 1, 0)]
        own, common = (np.mean([found[at].kind == kind for at in best]) for kind in (OWN, THEME))
        print(
            f"# cost {cost}: right {shares[0]:.3f}, general {shares[1]:.3f}, wrong {shares[2]:.3f}; "
            f"{own:.2f} of an exemplar, {common:.2f} of a theme"
        )


_HEAD = """# What a reply is worth after what is told (docs/decisions/0068): weights of logistic regressions, in
# log-odds of a strict judge's finding it right, and wrong. Written by scripts/fit_exemplars.py: change them there."""


if __name__ == "__main__":
    main()
