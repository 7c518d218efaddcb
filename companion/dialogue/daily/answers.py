"""Tells how an offer to write something down, or to say it at its time, was answered, and what was said besides. Pure.

It is broader than what hears consent (``dialogue.consenting``): whoever asked for something of their own accord and is
asked whether it is understood says yes in many ways, often with another sentence behind it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from companion.dialogue.consenting import Reaction
from companion.errors import PromptError

FILE: Final = "daily/answers.ko.toml"
_CLAUSES: Final = re.compile(r"[^.?!…,~\n]+[.?!…,~]*")
_ENDS: Final = (".", "?", "!", "…", "~")
_ASKING: Final = "?"
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_FIRST_WORDS: Final = 2
_AGAIN_LETTERS: Final = 10
"""Letters that the answer once more has at most."""


@dataclass(frozen=True, slots=True)
class Answered:
    """How an offer was answered."""

    reaction: Reaction
    rest: str = field(default="", repr=False)
    """What was said behind it that wants an answer of its own; empty where nothing does."""


class OfferAnswers:
    """Built once from ``prompts/daily/answers.ko.toml``."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile it.

        Raises:
            PromptError: A part is missing or is no regular expression.
        """
        try:
            give = str(table["give"])
            self._again, self._yes_first, self._no, self._yes = (
                re.compile("|".join(f"(?:{one})" for one in table[name]).replace("{give}", give))
                for name in ("again", "yes_first", "no", "yes")
            )
            self._belongs = re.compile("|".join(table["belongs"]))
            self._unsure, self._requests = frozenset(table["unsure"]), re.compile(str(table["requests"]))
            self._asks, self._further = re.compile(str(table["asks"])), re.compile(str(table["further"]))
            self._longest = int(table["longest"])
        except KeyError as error:
            raise PromptError("lexicon.missing", file=FILE, entry=str(error.args[0])) from error
        except (TypeError, ValueError, re.error) as error:
            raise PromptError("lexicon.broken", file=FILE, detail=str(error)) from error

    def read(self, text: str) -> Answered:
        """Return how an offer was answered; ELSE where something else was said."""
        clauses = _CLAUSES.findall(text.strip())
        if not clauses or len(text) > self._longest:
            return Answered(Reaction.ELSE)
        reactions = [self._of(clause) for clause in clauses]
        at, found = next(
            ((at, one) for at, one in enumerate(reactions) if one is not Reaction.ELSE), (-1, Reaction.ELSE)
        )
        if found is Reaction.YES and Reaction.NO in reactions[at + 1 :]:
            at, found = reactions.index(Reaction.NO), Reaction.NO
        return Answered(found, "" if found is Reaction.ELSE else self._rest(clauses, reactions, at))

    def reaction(self, text: str) -> Reaction:
        """Return how an offer was answered."""
        return self.read(text).reaction

    def _of(self, clause: str) -> Reaction:
        """Return what one clause says; of a long one also what its first word says alone: 응 근데 오늘 춥다."""
        compact = _NOT_LETTERS.sub("", clause) + _ASKING * clause.rstrip().endswith(_ASKING)
        for pattern, found in (
            (self._again, Reaction.AGAIN),
            (self._yes_first, Reaction.YES),
            (self._no, Reaction.NO),
            (self._yes, Reaction.YES),
        ):
            if pattern.search(compact):
                return found
        words = clause.split()
        begins = ["".join(_NOT_LETTERS.sub("", one) for one in words[:count]) for count in (1, _FIRST_WORDS)]
        goes_on = len(compact) <= _AGAIN_LETTERS or self._requests.search(clause.strip(" ,")) is not None
        sure = [one for one in begins if one and (goes_on or one not in self._unsure)]
        return Reaction.YES if any(self._yes.fullmatch(one) for one in sure) else Reaction.ELSE

    def _rest(self, clauses: list[str], reactions: list[Reaction], at: int) -> str:
        """Return the sentences behind the answer that ask something or tell of another matter."""
        while at < len(clauses) and not clauses[at].rstrip().endswith(_ENDS):
            at += 1  # what belongs to the sentence of the answer
        behind = clauses[at + 1 :]
        while behind and self._repeats(behind[0], reactions[len(clauses) - len(behind)]):
            behind = behind[1:]
        rest = "".join(behind).strip()
        wants = (self._asks.search(rest), self._further.search(rest), self._requests.search(rest))
        several = sum(one.rstrip().endswith(_ENDS) for one in behind) > 1
        return rest if rest and (several or any(wants)) and not self._belongs.search(rest) else ""

    def _repeats(self, clause: str, reaction: Reaction) -> bool:
        """Whether a clause is the answer once more."""
        return reaction is not Reaction.ELSE and len(_NOT_LETTERS.sub("", clause)) <= _AGAIN_LETTERS
