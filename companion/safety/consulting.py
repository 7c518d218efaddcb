"""Asks a language model about words of which neither rules nor trained voices are sure; it may raise a level only.

Pure: a consultation is a value that the conversation hands on; whoever can answer does, or nobody does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from companion.core.consult import Consult, Line
from companion.errors import PromptError
from companion.safety.assessor import Assessed, Before
from companion.safety.risk import Kind, Level, Risk, Theme

FILE: Final = "consult.toml"
_SURE: Final = 0.8
"""Confidence at most: an opinion."""


@dataclass(frozen=True, slots=True)
class Option:
    """What words may mean, and what follows if they do."""

    id: str
    text: str
    level: Level = Level.NONE
    kind: Kind = Kind.NONE


@dataclass(frozen=True, slots=True)
class Consulting:
    """When a model is asked, how, and what its opinion is worth."""

    instruction: str
    options: tuple[Option, ...]
    """The first stands for no danger."""
    from_doubt: float
    agrees: float
    turns: int

    def about(self, text: str, assessed: Assessed, recent: Sequence[Before] = ()) -> Consult | None:
        """Return what to ask about an utterance; None where there is no doubt."""
        risk = assessed.risk
        watched = risk.level is Level.WATCH and risk.theme is Theme.SELF_HARM
        unsure = risk.level is Level.NONE and assessed.doubt >= self.from_doubt
        if not (watched or unsure):
            return None
        before = [Line("user", turn.text) for turn in recent[-self.turns :] if turn.text]
        lines = (Line("system", self.instruction), *before, Line("user", text))
        return Consult(lines, tuple(option.text for option in self.options))

    def raised(self, risk: Risk, opinion: object) -> Risk:
        """Return the risk, raised if the opinion says so plainly; never lowered.

        Args:
            risk: As it was assessed.
            opinion: One share an option; anything else, or another number of them, is no opinion.
        """
        answered = opinion if isinstance(opinion, Sequence) and not isinstance(opinion, str) else ()
        shares = [share for share in answered if isinstance(share, float)]
        if len(shares) != len(self.options):
            return risk
        share, option = max(zip(shares, self.options, strict=True), key=lambda pair: pair[0])
        if not share >= self.agrees or option.level is Level.NONE:
            return risk
        level = Level.CONCERN if risk.level is Level.WATCH else option.level
        if level.rank <= risk.level.rank:
            return risk
        return replace(
            risk, level=level, kind=option.kind, evidence=f"consult.{option.id}", confidence=min(share, _SURE)
        )


def load_consulting(tables: Mapping[str, Mapping[str, Any]]) -> Consulting:
    """Read how the model is asked, from the tables of ``prompts/safety`` by file name.

    Raises:
        PromptError: Something is missing or of another kind than it must be; file and entry are named.
    """
    table = tables.get(FILE, {})
    try:
        options = tuple(
            Option(str(one["id"]), str(one["text"]), Level(one.get("level", "none")), Kind(one.get("kind", "none")))
            for one in table["option"]
        )
        made = Consulting(
            instruction=str(table["instruction"]),
            options=options,
            from_doubt=float(table["from_doubt"]),
            agrees=float(table["agrees"]),
            turns=int(table["turns"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise PromptError("lexicon.missing", file=FILE, entry=str(error.args[0])) from error
    if len(options) <= 1 or options[0].level is not Level.NONE:
        raise PromptError("lexicon.missing", file=FILE, entry="option")
    return made
