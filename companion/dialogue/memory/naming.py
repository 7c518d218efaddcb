"""What the person is called: by a name they give, by a word they choose, and whether that is known tomorrow. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from companion.dialogue.memory.sought import expanded

_NOT_LETTERS: Final = re.compile(r"[\W_]+")


class Naming:
    """Built from the part ``[own]`` of ``prompts/memory/answers.toml``.

    Args:
        table: Of the answers.
        names: The part ``[names]`` of the facts.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any], names: Mapping[str, Any]) -> None:
        part = table["own"]
        self._asks, self._never = re.compile(part["asks"]), re.compile(part["never"])
        self._tomorrow, self._called = re.compile(part["tomorrow"]), re.compile(part["called"])
        self._of_others, self._follows = re.compile(part["of_others"]), re.compile(part["follows"])
        self._titles, self._title = tuple(map(str, part["titles"])), str(part["title"])
        parts = {**table["parts"], "given": f"[{names['syllables']}{part['more']}]{{2}}"}
        self._no_name = re.compile(table["not_values"]["name"])
        self._name = re.compile(expanded(str(part["name"]), parts))

    def asks_name(self, text: str) -> bool:
        """Return whether the person asks for their own name."""
        letters = _NOT_LETTERS.sub("", text)
        return self._asks.search(letters) is not None and self._never.search(letters) is None

    def asks_tomorrow(self, text: str) -> bool:
        """Return whether it is asked if something is still known on another day."""
        return self._tomorrow.search(_NOT_LETTERS.sub("", text)) is not None

    def asks_on(self, text: str) -> bool:
        """Return whether the name of the one asked for before is asked once more: 걔 이름 말이야."""
        return self._follows.search(_NOT_LETTERS.sub("", text)) is not None

    def title_in(self, text: str) -> str:
        """Return what the person wants to be called instead of a name: 그냥 어르신이라 해라; empty where nothing."""
        match = self._called.match(_NOT_LETTERS.sub("", text))
        return "" if match is None else str(match["value"])

    def is_of_others(self, text: str) -> bool:
        """Return whether others are to call somebody so, or are said to."""
        return self._of_others.search(text) is not None

    def is_name(self, called: str) -> bool:
        """Return whether it is a bare name, which nobody older is called by alone."""
        if called in self._titles or self._no_name.search(called) or self._no_name.search(called[:-1]):
            return False
        return self._name.fullmatch(called) is not None

    def with_title(self, name: str, address: str) -> str:
        """Return how somebody is called by their name, with the title they had: 서말례 as 서말례 할머니."""
        title = next((one for one in self._titles if address == one or address.endswith(f" {one}")), self._title)
        return f"{name} {title}"
