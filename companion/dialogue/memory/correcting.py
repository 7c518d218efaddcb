"""Corrections of what was just told or brought up: "아니, 그게 아니고 둘째야", "부산이 아니라 대구야"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from companion.core.life import Memory
from companion.core.morphology import Analyser
from companion.dialogue.memory.reader import FactReader

_LONGEST: Final = 12
"""Syllables of what takes the place of something; more is another story."""
_CALLED: Final = "이"
_SHORTEST_NAME: Final = 2
_LONGEST_NAME: Final = 4
_BARE: Final = re.compile(r"NN[GPB]|NR|NP|XSN|SN|MM|XPN")


class Corrections:
    """Built from the part ``[correction]`` of the table of memory.

    Raises:
        KeyError: A part of the table is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any], reader: FactReader, analyser: Analyser) -> None:
        part = table["correction"]
        self._instead = re.compile(part["instead"])
        self._opener = re.compile(part["opener"])
        self._ending = re.compile(part["ending"])
        self._again = re.compile(part["again"])
        self._vague = re.compile(part["vague"])
        self._which = re.compile(part["which"])
        self._reader = reader
        self._analyser = analyser

    def opens(self, text: str) -> bool:
        """Return whether the person begins by saying that something is not so."""
        return self._opener.match(text.strip()) is not None

    def find(self, text: str, last: Memory, at: datetime, *, named: bool = False) -> Memory | None:
        """Return the corrected fact, or None where nothing of ``last`` is corrected.

        Args:
            text: What was said.
            last: What was told or brought up just before.
            at: When it is said; aware.
            named: Whether the person must name what is wrong: for facts that nobody just spoke of.
        """
        said = text.strip()
        instead = self._instead.search(said)
        if instead is not None:
            old, new = instead["old"], self._bare(instead["new"])
        elif self.opens(said):
            old, new = "", self._bare(self._opener.sub("", said, count=1))
        else:
            return None
        if old.endswith(_CALLED) and old[:-1] and old[:-1] == last.value:
            old = old[:-1]  # 민준이가 is said of 민준
        vague = not old or self._vague.fullmatch(old) is not None
        if named and (vague or old != last.value):
            return None
        if not (self._is_bare(new) or _may_be_name(last, new)) or not (vague or self._tells(last, old, at)):
            return None
        made = self._made(last, "" if vague else old, new, at)
        return None if made is None else replace(made, sentence=said, at=at, id="", asked_after_at=None, turn_id=None)

    def _bare(self, new: str) -> str:
        """Return what is right without the end of its sentence, and said once only."""
        said = new.strip(" ,.!")
        again = self._again.fullmatch(said)
        return self._ending.sub("", said) if again is None else again["new"]

    def _is_bare(self, new: str) -> bool:
        if not new or len(new.replace(" ", "")) > _LONGEST:
            return False
        return all(_BARE.fullmatch(one.tag) for one in self._analyser.analyse(new))

    def _tells(self, last: Memory, old: str, at: datetime) -> bool:
        days = self._reader.days(old, at)
        return old in last.value or old in last.about or bool(last.due_at and days)

    def _made(self, last: Memory, old: str, new: str, at: datetime) -> Memory | None:
        days = self._reader.days(new, at)
        if days and last.due_at is not None:
            return replace(last, due_at=days[-1].due)
        if self._which.fullmatch(new) and last.about:
            base = self._which.sub("", last.about).strip()
            return self._written(replace(last, about=f"{new} {base}".strip()))
        if old and old in last.about and old not in last.value:
            return self._written(replace(last, about=self._reader.plain(last.about.replace(old, new))))
        if not last.value:
            return None
        value = last.value.replace(old, new) if old and old in last.value else new
        return self._written(replace(last, value=value))

    def _written(self, memory: Memory) -> Memory:
        text = self._reader.written.text(memory.kind, memory.aspect, memory.about, memory.value)
        return replace(memory, fact=text)


def _may_be_name(last: Memory, new: str) -> bool:
    """Names are often unknown to the analyser."""
    return last.aspect == "name" and _SHORTEST_NAME <= len(new) <= _LONGEST_NAME and new.isalpha()
