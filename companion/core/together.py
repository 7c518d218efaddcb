"""What may be said of a measure beside the mood of conversations: figures and a plain caution, never a cause. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.core.body import Association

LEAST_DAYS: Final = 20
"""Of which both are known: with fewer, the interval would cover nearly everything. A choice of this product."""


@dataclass(frozen=True, slots=True)
class TogetherWords:
    """Sentences about associations."""

    measures: Mapping[str, str]
    said: Mapping[str, str]

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> TogetherWords:
        """Read ``prompts/vitals/together.ko.toml``.

        Raises:
            KeyError: A part is missing.
        """
        return cls(dict(table["measure"]), dict(table["said"]))

    @property
    def caution(self) -> str:
        """What stands beside every figure."""
        return self.said["caution"]

    def sentence(self, one: Association) -> str:
        """Return what may be said of an association: its figures, and what they show."""
        if one.coefficient is None:
            return self.shown(one)
        return f"{self._filled('line', one)}. {self.shown(one)}"

    def shown(self, one: Association) -> str:
        """Return what the figures show, or why there are none."""
        if one.coefficient is None:
            return self._filled("too_few" if one.days < LEAST_DAYS else "no_spread", one)
        return self.said["unclear" if not one.is_clear else "clear" if one.coefficient > 0 else "clear_against"]

    def _filled(self, key: str, one: Association) -> str:
        figures = {"days": one.days, "coefficient": one.coefficient, "low": one.low, "high": one.high}
        return self.said[key].format(measure=self.measures[one.measure], least=LEAST_DAYS, **figures)
