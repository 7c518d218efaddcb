"""Tells what of a request is to be passed on: "우리 아들한테 토요일에 오라고 전해 줘" → "토요일에 오라고". Pure.

It is cut out of the person's words and nothing is put into it but the ending of a quotation (오라 캐라 → 오라고), so
that it can be said back as a message. Where it cannot be told, the whole request is said back instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_BLANKS: Final = re.compile(r"\s+")
_SHORTEST: Final = 3
QUOTING: Final = "고"


class MessageReader:
    """Built once from ``[message]`` of ``prompts/daily/errands.ko.toml``.

    Args:
        table: That part.
        lead: Regular expression of the request itself, which may stand before what is to be passed on.

    Raises:
        KeyError: A part is missing.
        re.error: One is no regular expression.
    """

    def __init__(self, table: Mapping[str, Any], lead: str) -> None:
        self._lead = re.compile(lead)
        self._fillers, self._me, self._end = (re.compile(str(table[name])) for name in ("fillers", "me", "end"))
        self._asking = re.compile(str(table["asking"]))
        self._endings = tuple((re.compile(str(one["text"])), str(one["said"])) for one in table["endings"])

    def read(self, sentence: str, spoken_to: tuple[int, int]) -> str:
        """Return what is to be passed on, as a quotation without its verb; empty where it cannot be told.

        Args:
            sentence: Of the person.
            spoken_to: Where in it somebody is named with the particle; equal ends where nobody is.
        """
        start, end = spoken_to
        text = self._lead.sub("", f"{sentence[:start]} {sentence[end:]}".strip())
        for ending, written in self._endings:
            text = ending.sub(written, text)
        ends = list(self._end.finditer(text))
        if not ends:
            return ""
        last = ends[-1]
        said = text[: last.start()] + last["said"] + QUOTING
        while (bare := self._me.sub("", self._fillers.sub("", said.strip(" ,")))) != said:
            said = bare
        said = _BLANKS.sub(" ", self._asking.sub("", said)).strip(" ,")
        return said if len(said) >= _SHORTEST else ""
