"""Tells what is to be told of what somebody asks to be told: "까먹으니까 약 먹으라고 말해 줘" → "약 먹으라고". Pure.

It is cut out of the person's words; only what must be done gets an ending (병원 가야 하는데 → 병원 가야 한다고), so
that it can be said back and said at its time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

_BLANKS: Final = re.compile(r"\s+")
_EDGES: Final = " ,.!?~…"


class ThingReader:
    """Built once from ``[ask]`` and ``[ask.thing]`` of ``prompts/daily/asked.ko.toml``.

    Raises:
        KeyError: A part is missing.
        re.error: One is no regular expression.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        thing = table["thing"]
        self._whole = tuple((re.compile(str(one["text"])), str(one["said"])) for one in table["things"])
        self._unforgotten = re.compile(table["unforgotten"])
        self._mine, self._my, self._few = (re.compile(str(one)) for one in (table["mine"], table["my"], thing["few"]))
        self._clause, self._quoted = re.compile(str(thing["clause"])), re.compile(str(thing["quoted"]))
        self._must, self._named = re.compile(str(thing["must"])), re.compile(str(thing["named"]))
        self._doing = re.compile(str(thing["doing"]))
        self._plain = tuple((re.compile(str(said)), str(plain)) for said, plain in thing["plain"])
        self._told_must, self._told_named = str(thing["told_must"]), str(thing["told_named"])

    def of(self, before: str) -> str:
        """Return what is to be told, from what stands before the verb that asks, without its time."""
        said = self._bare(before)
        *_, last = self._clause.split(said)
        short = self._bare(last)
        if short and (short == said or self._quoted.search(short)):
            said = short
        match = self._must.search(said)
        return said if match is None else self._told_must.format(do=self._bare(match["do"]))

    def elsewhere(self, sentences: Sequence[str]) -> str:
        """Return what is to be told, from what else was said; the nearer sentences first. Empty where none says it."""
        for sentence in sentences:
            said = self._bare(sentence)
            must = self._must.search(said)
            if must is not None:
                return self._told_must.format(do=self._bare(must["do"]))
            if (named := self._named.search(said)) is not None:
                return self._told_named.format(name=named["name"])
            if (doing := self._doing.search(said)) is not None:
                return str(doing["name"])
        return ""

    def whole(self, text: str) -> str:
        """Return what is to be told with its verb, where a few words name it: 약 먹을 거; empty where they do not."""
        for pattern, said in self._whole:
            if (match := pattern.search(text)) is not None:
                return said.format(self._bare(match[0]))
        return ""

    def _bare(self, text: str) -> str:
        """Return words without whom, little words and that it must not be forgotten, with plain endings."""
        said = text.strip(_EDGES)
        for pattern in (self._unforgotten, self._mine, self._my, self._few, self._few):
            said = pattern.sub("", said).strip(_EDGES)
        for regional, plain in self._plain:
            said = regional.sub(plain, said)
        return _BLANKS.sub(" ", said)
