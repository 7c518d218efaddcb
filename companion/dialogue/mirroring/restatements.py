"""Which of the sentences that were said back by what was learnt may be said. Pure.

What was learnt is not sure of itself everywhere, and some words are never repeated, however surely: both are data
(``restated`` of ``prompts/lexicon/mirror.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from companion.dialogue.mirroring.repeatable import Repeatable
from companion.dialogue.requests import Restated

_NO_LETTERS: Final = re.compile(r"[^가-힣]")


class Restatements:
    """Built once from the table.

    Raises:
        KeyError: A part of the table is missing.
        re.error: A rule is no regular expression.
    """

    def __init__(self, table: Mapping[str, Any], repeatable: Repeatable) -> None:
        own = table["restated"]
        self._repeatable = repeatable
        self._sure, self._firm, self._likely = (float(own[name]) for name in ("sure", "firm", "likely"))
        self._fewest, self._most = int(own["fewest"]), int(own["most"])
        self._ends = str(own["ends"])
        self._never = re.compile("|".join(own["never"]))
        self._asked = re.compile(own["asked"])

    def best(self, restated: Sequence[Restated]) -> Restated | None:
        """Return the fullest and likeliest of those that may be said, a firm one before others; None where none may."""
        fit = [one for one in restated if self.may_be_said(one)]
        return max(fit, key=lambda one: (self.is_firm(one), _letters(one.text) * one.likely), default=None)

    def is_firm(self, restated: Restated) -> bool:
        """Whether it is surer than what rules say back."""
        return restated.sure >= self._firm

    def may_be_said(self, restated: Restated) -> bool:
        """Whether it is sure, likely, of a fit length, standard Korean, and nothing that is never repeated."""
        said = restated.text
        sure = restated.sure >= self._sure and restated.likely >= self._likely
        whole = said.endswith(self._ends) and self._fewest <= _letters(said) <= self._most
        bare = said.replace(" ", "")
        asks = self._asked.search(restated.told) is not None
        return sure and whole and not asks and not self._never.search(bare) and self._repeatable.is_plain(f" {said}")


def _letters(said: str) -> int:
    return len(_NO_LETTERS.sub("", said))
