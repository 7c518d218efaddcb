"""Reads the exemplars and their themes from ``prompts/exemplars``. Pure: it is given the texts of the files."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeVar

from companion.core.turn import Tone
from companion.dialogue.bank import MOST_CHARACTERS
from companion.dialogue.exemplars import Exemplar, Theme
from companion.dialogue.guard import PASSED, Guard
from companion.dialogue.problem import Problem, raise_first
from companion.dialogue.slots import slots_of

THEMES: Final = "themes"
"""What the names of files with themes begin with; the others hold exemplars."""

_Read = TypeVar("_Read")


def load_exemplars(files: Mapping[str, str], gists: Collection[str]) -> tuple[tuple[Exemplar, ...], tuple[Theme, ...]]:
    """Return the exemplars, in the order of the files, and their themes.

    Args:
        files: Texts of ``prompts/exemplars/*.jsonl`` by file name, an object a line. A theme has ``theme`` (a number),
            ``shared`` and ``replies``; an exemplar ``told``, ``gist`` and ``tone`` (lists of names), and ``reply``,
            ``theme`` or both, or ``unlike`` (the theme that it only sounds like).
        gists: The gists that the reply bank receives.

    Raises:
        PromptError: A line is none, lacks a part, or names what nobody knows; file and line are named.
    """
    problems: list[Problem] = []
    themes = tuple(_read(files, themed=True, make=_theme, problems=problems))
    known = {one.number for one in themes}
    exemplars = tuple(_read(files, themed=False, make=lambda entry: _exemplar(entry, gists, known), problems=problems))
    raise_first(problems)
    return exemplars, themes


def exemplar_problems(files: Mapping[str, str], guard: Guard) -> tuple[Problem, ...]:
    """Return what is wrong with the replies of files that can be read, for whoever writes them."""
    problems: list[Problem] = []
    for file, number, line in _lines(files):
        entry = json.loads(line)
        for reply in entry.get("replies", [entry["reply"]] if entry.get("reply") else []):
            refused = guard.refused_by(reply)
            where = (f"exemplars/{file}", str(number))
            if refused != PASSED:
                problems.append(Problem(*where, "exemplars.refused", f"{refused}: {reply}"))
            if len(reply) > MOST_CHARACTERS:
                problems.append(Problem(*where, "replies.too_long", str(len(reply))))
            problems += [Problem(*where, "replies.unknown_slot", slot) for slot in sorted(slots_of(reply))]
    return tuple(problems)


def _read(
    files: Mapping[str, str], *, themed: bool, make: Callable[[Mapping[str, Any]], _Read], problems: list[Problem]
) -> Iterator[_Read]:
    for file, number, entry in _entries({one: text for one, text in files.items() if one.startswith(THEMES) is themed}):
        try:
            yield make(json.loads(entry) if isinstance(entry, str) else entry)
        except (KeyError, TypeError, ValueError) as error:
            problems.append(Problem(f"exemplars/{file}", str(number), "exemplars.broken", str(error)))


def _theme(entry: Mapping[str, Any]) -> Theme:
    if not entry["replies"] or not entry["shared"]:
        raise ValueError("empty")
    return Theme(int(entry["theme"]), tuple(map(str, entry["replies"])))


def _exemplar(entry: Mapping[str, Any], gists: Collection[str], themes: Collection[int]) -> Exemplar:
    one = Exemplar(
        str(entry["told"]),
        tuple(entry["gist"]),
        _tones(tuple(entry["tone"])),
        str(entry.get("reply", "")),
        entry.get("theme"),
        entry.get("unlike"),
    )
    if not one.told or (not one.reply and one.theme is None and one.unlike is None):
        raise ValueError("empty")
    for named, known in ((one.gists, gists), ((one.theme, one.unlike), themes)):
        for name in named:
            if name is not None and name not in known:
                raise ValueError(name)
    return one


@cache
def _tones(names: tuple[str, ...]) -> tuple[Tone, ...]:
    return tuple(map(Tone, names))


def _entries(files: Mapping[str, str]) -> Iterator[tuple[str, int, Any]]:
    """Yield file, number and object of each line; the line itself where a file cannot be read as one (faster)."""
    for file, text in files.items():
        lines = list(_lines({file: text}))
        try:
            entries = json.loads(f"[{','.join(line for _, _, line in lines)}]")
        except ValueError:
            entries = []
        whole = len(entries) == len(lines)
        yield from ((file, number, entries[at] if whole else line) for at, (_, number, line) in enumerate(lines))


def _lines(files: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    for file, text in files.items():
        yield from ((file, number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip())
