"""Hears that a person asks for a check of their own mind: 우울증 검사 해 볼래. The words are data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_NOT_LETTERS: Final = re.compile(r"[\W_]+")


class Wanting:
    """Built once from ``[wanting]`` of ``prompts/screening/offering.ko.toml``.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        slots = {"mind": str(table["mind"]), "check": str(table["check"])}
        slots["want"] = "|".join(f"(?:{one})" for one in table["want"])
        whole = (_filled(str(table[name]), slots) for name in ("alone", "whether", "rest"))
        self._longest = int(table["longest"])
        self._whole = re.compile("|".join(f"(?:{one})" for one in whole))
        self._named = re.compile(f"(?:{_filled(str(table['named']), slots)})$")
        self._never = re.compile(str(table["never"]))
        self._instruments = tuple((str(one["id"]), re.compile(str(one["words"]))) for one in table["instrument"])

    def find(self, text: str) -> str | None:
        """Return the id of the instrument that is asked for, empty where none is named; None where nothing is."""
        compact = _NOT_LETTERS.sub("", text)
        if not 0 < len(compact) <= self._longest or self._never.search(compact):
            return None
        if self._whole.fullmatch(compact) is None and self._named.search(compact) is None:
            return None
        return next((name for name, words in self._instruments if words.search(compact)), "")


def _filled(pattern: str, slots: Mapping[str, str]) -> str:
    for name, source in slots.items():
        pattern = pattern.replace(f"{{{name}}}", f"(?:{source})")
    return pattern
