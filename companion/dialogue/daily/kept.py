"""Tells whether somebody asks what 말벗 has written down: for people, or to be said at some time. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Flag, auto
from typing import Any, Final

from companion.errors import PromptError

FILE: Final = "daily/kept.ko.toml"
_SENTENCES: Final = re.compile(r"[^.?!…\n]+[.?!…]*")


class Meant(Flag):
    """What of what was written down is asked for."""

    FOR_PEOPLE = auto()
    AT_SOME_TIME = auto()
    ALL = FOR_PEOPLE | AT_SOME_TIME


class KeptFinder:
    """Built once from ``prompts/daily/kept.ko.toml``.

    Raises:
        PromptError: A part is missing or is no regular expression.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        try:
            self._longest = int(table["longest"])
            self._refers, self._asks, self._never = (
                re.compile("|".join(f"(?:{one})" for one in table[name])) for name in ("refers", "asks", "never")
            )
            self._plainly = re.compile(str(table["plainly"]))
            self._at_some_time = re.compile(str(table["at_some_time"]))
            self._for_somebody = re.compile(str(table["for_somebody"]))
        except KeyError as error:
            raise PromptError("lexicon.missing", file=FILE, entry=str(error.args[0])) from error
        except (TypeError, ValueError, re.error) as error:
            raise PromptError("lexicon.broken", file=FILE, detail=str(error)) from error

    def asks(self, text: str) -> bool:
        """Return whether it is asked what was written down; that something was must be known already."""
        sentences = [one.strip() for one in _SENTENCES.findall(text)]
        if len(text) > self._longest or any(self._never.search(one) for one in sentences):
            return False
        return self._refers.search(text) is not None and any(self._asks.search(one) for one in sentences)

    def asks_plainly(self, text: str) -> bool:
        """Return whether it can be nothing else, also where nothing was written down."""
        return self._plainly.search(text) is not None and self.asks(text)

    def meant(self, text: str) -> Meant:
        """Return what of it is asked for."""
        at_some_time, for_somebody = self._at_some_time.search(text), self._for_somebody.search(text)
        if bool(at_some_time) == bool(for_somebody):
            return Meant.ALL
        return Meant.AT_SOME_TIME if at_some_time else Meant.FOR_PEOPLE
