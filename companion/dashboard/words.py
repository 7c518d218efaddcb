"""Every word of the screens, from ``prompts/dashboard/*.ko.toml``; keys joined by a dot, one file or many.

A slot may carry a pair of particles: ``{name:이/가}`` becomes 영자 님이 or 순자가.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from companion.dialogue.slots import filled, slots_of
from companion.errors import CompanionError, PromptError
from companion.prompts import prompt_tables

_ENDING = ".ko.toml"


@cache
def all_words() -> Mapping[str, str]:
    """Return every text by key.

    Raises:
        PromptError: A file is broken, or two say the same key.
    """
    found: dict[str, str] = {}
    for file, table in prompt_tables("dashboard").items():
        if file.endswith(_ENDING):
            _flatten(table, "", found, file)
    return found


def say(key: str, **values: object) -> str:
    """Return a text with its slots filled; the bare key where there is none: a test finds that."""
    text = all_words().get(key)
    return key if text is None else filled(text, {name: str(value) for name, value in values.items()})


def known(key: str) -> bool:
    """Return whether there is such a text."""
    return key in all_words()


def explain(error: CompanionError) -> str:
    """Return what went wrong and what to do, for whoever sits at the screens, without the English key phrase."""
    own = f"error.{error.key}"
    if known(own):
        return say(own, **error.fields)
    text = _operator().get(error.key)
    if text is None or slots_of(text) - set(error.fields):
        return say("error.other")
    shown = filled(text, {name: str(value) for name, value in error.fields.items()})
    return shown.rsplit(" (", 1)[0]


def explained(key: str) -> str:
    """Return what an operator sentence without slots says, without its English key phrase; empty for no such one."""
    return _operator().get(key, "").rsplit(" (", 1)[0]


@cache
def _operator() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for file, table in prompt_tables("operator").items():
        _flatten(table, "", found, file)
    return found


def _flatten(table: Mapping[str, Any], prefix: str, into: dict[str, str], file: str) -> None:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            _flatten(value, f"{key}.", into, file)
        elif key in into:
            raise PromptError("prompts.table_broken", file=file, where=key)
        else:
            into[key] = str(value)
