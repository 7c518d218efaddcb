"""Answers what an old measure is in another: 고기 두 근이 몇 그램, 스물네 평이 몇 제곱미터, 김 한 톳이 몇 장. Pure.

Which measures there are, and what they are worth, is data (``prompts/lexicon/reckoning.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from companion.dialogue.reckoning.amounts import Amount, Amounts, Kind
from companion.dialogue.reckoning.said import Said

KEYS: Final = ("measure", "geun", "majigi", "about")
_ROUGH: Final = frozenset({"majigi", "about"})
_FEW: Final = 10
"""From here on a rough figure is said in whole numbers."""


@dataclass(frozen=True, slots=True)
class _Unit:
    dimension: str
    size: Fraction
    say: str
    """Of a measure the sentence that answers; of a target what it is called, empty for what it counts."""
    of: re.Pattern[str] | None = None
    known: re.Pattern[str] | None = None
    other: Fraction = Fraction(0)
    only: re.Pattern[str] | None = None
    """What must be named for it to be this measure: a 판 of eggs, not of seedlings."""


class Measures:
    """Built once from the table."""

    def __init__(self, table: Mapping[str, Any], amounts: Amounts) -> None:
        """Compile the measures and their targets.

        Raises:
            KeyError: A part is missing.
            re.error: A pattern cannot be read.
        """
        self._amounts = amounts
        self._units = {name: _unit(one, "measure") for name, one in table["measure"].items()}
        self._names = {name: str(one["words"][0]) for name, one in table["measure"].items()}
        self._wanted = tuple(
            (_unit(one, ""), re.compile(str(table["ask"]["wanted"]).replace("{target}", f"(?:{word})")))
            for one in table["target"].values()
            for word in one["words"]
        )

    def of(self, text: str, amounts: Sequence[Amount]) -> Said | None:
        """Return the answer; None where no measure is asked for, or not in a unit of its kind.

        Args:
            text: What was said, in small letters.
            amounts: Those found in it.
        """
        measured = [one for one in amounts if one.kind is Kind.MEASURE]
        for amount in sorted(measured, key=lambda one: (one.exact, one.start), reverse=True):
            unit = self._units[amount.unit]
            if unit.only is not None and unit.only.search(text) is None:
                continue
            for target, pattern in self._wanted:
                match = pattern.search(text, amount.start) if target.dimension == unit.dimension else None
                named = "" if match is None else match["a"] or match["b"]
                if named and named != self._names[amount.unit]:
                    return self._answer(text, amount, target, named)
        return None

    def _answer(self, text: str, amount: Amount, target: _Unit, named: str) -> Said:
        unit = self._units[amount.unit]
        said = target.say or named
        key, size = unit.say, unit.size
        if unit.of is not None and unit.known is not None:
            if unit.of.search(text) is not None:
                key, size = "measure", unit.other
            elif unit.known.search(text) is not None:
                key = "measure"
        rough = key in _ROUGH
        slots = {
            "asked": self._amounts.counted(amount.value, self._names[amount.unit]),
            "amount": self._said(amount.value * size / target.size, said, rough=rough),
            "other": self._said(amount.value * unit.other / target.size, said, rough=rough),
        }
        return Said(key, slots)

    def _said(self, value: Fraction, unit: str, *, rough: bool) -> str:
        places = 0 if rough and value >= _FEW else 1 if rough or value >= _FEW else 2
        return self._amounts.counted(Fraction(round(value, places)), unit)


def _unit(entry: Mapping[str, Any], say: str) -> _Unit:
    of, known, only = (re.compile(str(entry[name])) if name in entry else None for name in ("of", "known", "only"))
    size, other = (Fraction(str(entry.get(name, 0))) for name in ("size", "other"))
    return _Unit(str(entry["dimension"]), size, str(entry.get("say", say)), of, known, other, only)
