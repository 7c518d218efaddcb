"""How a fact is written down for whoever reads the record, and which facts take the place of which."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


class Written:
    """Built from the parts ``[written]`` and ``[several]`` of the table of memory."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._texts = {
            (str(kind), str(aspect)): str(text)
            for kind, texts in table["written"].items()
            for aspect, text in texts.items()
        }
        self._one_person = re.compile(table["one_person"])
        self._several = {(str(kind), str(aspect)) for kind, aspects in table["several"].items() for aspect in aspects}

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of facts there are."""
        return frozenset(kind for kind, _ in self._texts)

    def text(self, kind: str, aspect: str, about: str, value: str) -> str:
        """Return a fact in a few plain words."""
        return " ".join(self._texts[kind, aspect].format(about=about, value=value).split())

    def is_single(self, kind: str, aspect: str, about: str) -> bool:
        """Whether there is only one of these, so that a new one takes the place of the old."""
        if kind == "family" and aspect != "news" and self._one_person.search(about):
            return True
        return (kind, aspect) not in self._several
