"""What a reply is worth after what is told: how probably a strict judge finds it right, less how probably wrong.

Two logistic regressions for each kind of reply: of an exemplar, of a theme, and of each source of the bank (a
situation, a frame, a motif, a gist, a family of gists, a tone). Fitted on what judges found
(``scripts/fit_exemplars.py``). Pure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from companion.dialogue.bank import Situation
from companion.dialogue.choice import Evidence

FILE: Final = "weighing.toml"
"""Of ``prompts/lexicon``: the weights."""
SITUATION: Final = "situation"
_RECEIVES: Final = "receive."
RIGHT: Final = "right"
WRONG: Final = "wrong"

Features = Mapping[str, float]


class Weighing:
    """Built once.

    Args:
        table: Parsed ``prompts/lexicon/weighing.toml``.

    Raises:
        KeyError: It lacks a part.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._cost = float(table["cost"])
        self._weights = {
            kind: {name: _floats(one[name]) for name in (RIGHT, WRONG)} for kind, one in table["kinds"].items()
        }
        self._any = self._weights[SITUATION]

    def worth(self, kind: str, features: Features) -> float:
        """Return how probable it is that a reply is right, less ``cost`` times that it is wrong.

        Args:
            kind: ``told``, ``theme``, or a source of the bank as ``source_of`` names it.
            features: What is known of it; what is not known weighs nothing.
        """
        weights = self._weights.get(kind, self._any)
        return _odds(weights[RIGHT], features) - self._cost * _odds(weights[WRONG], features)


def weighed(situation: Situation, evidence: Evidence, fits: Mapping[str, float]) -> tuple[str, Features]:
    """Return by what a situation of the bank is known, and what speaks for and against what it would say.

    Args:
        situation: What would be said.
        evidence: What the telling was made out of.
        fits: How well replies fit it.
    """
    known = [fits[reply] for reply in situation.replies if reply in fits]
    near = next((one.similarity for one in evidence.near if one.situation == situation.id), 0.0)
    features = {"bias": 1.0, "gist": evidence.labels.gists.get(situation.gist, 0.0), "near": near}
    fit = {"fit": max(known), "known": 1.0} if known else {}
    return source_of(situation.id), features | fit


def source_of(situation: str) -> str:
    """Return by what a situation of the bank is known: its letters, its gist, its tone."""
    return situation.split(".")[1] if situation.startswith(_RECEIVES) else SITUATION


def _odds(weights: Features, features: Features) -> float:
    said_for = sum(weight * features.get(name, 0.0) for name, weight in weights.items())
    return 1 / (1 + math.exp(-said_for))


def _floats(table: Mapping[str, Any]) -> Features:
    return {name: float(value) for name, value in table.items()}
