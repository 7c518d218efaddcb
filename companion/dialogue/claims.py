"""What an utterance claims: that something is better, was eaten, did not come, went wrong.

An encoder hears that knees are spoken of, not whether they hurt more or less. So a situation that states such a thing
names the claims it needs and those that bar it, and grammar decides. The claims are data
(``prompts/lexicon/claims.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from companion.core.reading import Expression, Reading
from companion.core.turn import Feeling
from companion.dialogue.bank import Bank, Situation
from companion.dialogue.requests import Near

_BLANKS: Final = re.compile(r"\s+")
LIKED: Final = {"liked_after_all": "liked", "said_falsely": "plain", "laughed": "amused"}
"""Claims by which the letters show the opposite of a heavy tone, whatever a head says, and the tone they have."""
OTHERS_NAMED: Final = "others_named"
"""The claim that others are spoken of, which also decides how a feeling is answered."""
_MOST_RAISED: Final = 5.0
"""How much more the encoder's other guesses count at most where its best is barred."""


@dataclass(frozen=True, slots=True)
class _Claim:
    name: str
    expressions: tuple[Expression, ...]
    texts: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]


class Claims:
    """Built once from the table; looks at any utterance."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile the claims.

        Raises:
            KeyError: A part of the table is missing.
            ValueError: An expression cannot be read, a feeling is unknown, or a default names an unknown claim.
            re.error: A text is no regular expression.
        """
        self._claims = tuple(
            _Claim(
                name=name,
                expressions=tuple(map(Expression.parse, claim.get("say", ()))),
                texts=tuple(map(re.compile, claim.get("text", ()))),
                unless=tuple(map(re.compile, claim.get("unless", ()))),
            )
            for name, claim in table["claim"].items()
        )
        self._barred = {Feeling(name): frozenset(bars) for name, bars in table["barred"].items()}
        unknown = frozenset[str]().union(*self._barred.values()) - self.names
        if unknown:
            raise ValueError(min(unknown))

    @property
    def names(self) -> frozenset[str]:
        """The claims there are."""
        return frozenset(claim.name for claim in self._claims)

    def said(self, text: str, reading: Reading) -> frozenset[str]:
        """Return the claims that are made."""
        compact = _BLANKS.sub("", text)
        return frozenset(claim.name for claim in self._claims if _is_made(claim, compact, reading))

    def allow(self, situation: Situation, said: Collection[str]) -> bool:
        """Whether what the situation states is said, and nothing that bars it."""
        barred = self._barred.get(situation.feeling, frozenset()) if situation.bars is None else situation.bars
        return (not situation.needs or any(name in said for name in situation.needs)) and not any(
            name in said for name in barred
        )

    def allowed(self, bank: Bank, near: Sequence[Near], said: Collection[str]) -> tuple[Near, ...]:
        """Return the near situations that may be chosen; what the others weighed goes in part to these."""
        kept = [one for one in near if one.situation in bank.situations and self.allow(_of(bank, one), said)]
        taken = sum(one.similarity for one in near) - sum(one.similarity for one in kept)
        raised = min(1.0 / max(1.0 - taken, 1e-6), _MOST_RAISED)
        return tuple(replace(one, similarity=min(one.similarity * raised, 1.0)) for one in kept)


def _of(bank: Bank, near: Near) -> Situation:
    return bank.situations[near.situation]


def _is_made(claim: _Claim, compact: str, reading: Reading) -> bool:
    if any(pattern.search(compact) for pattern in claim.unless):
        return False
    return any(pattern.search(compact) for pattern in claim.texts) or any(
        expression.found(reading) is not None for expression in claim.expressions
    )
