"""Turns message keys into the sentences an operator reads: Korean first, with an English key phrase.

The sentences stand in ``prompts/operator/*.ko.toml``, one table per room, keys joined by a dot:
``[artifact] digest = "…"`` is ``artifact.digest``.
"""

from __future__ import annotations

import string
from functools import cache
from typing import Any

from companion.errors import CompanionError
from companion.prompts import prompt_tables


@cache
def sentences() -> dict[str, str]:
    """Return every operator sentence by key."""
    found: dict[str, str] = {}
    for table in prompt_tables("operator").values():
        _flatten(table, "", found)
    return found


def _flatten(table: dict[str, Any], prefix: str, into: dict[str, str]) -> None:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            _flatten(value, f"{key}.", into)
        else:
            into[key] = str(value)


def say(key: str, **fields: object) -> str:
    """Return the sentence for ``key`` with its slots filled; the bare key and fields where there is none."""
    sentence = sentences().get(key)
    if sentence is None:
        return str(CompanionError(key, **fields))
    return string.Formatter().vformat(sentence, (), _Forgiving(fields))


def explain(error: CompanionError) -> str:
    """Return the sentence that tells an operator what went wrong and what to do.

    Where the sentences themselves cannot be read, the bare key and its fields: still one line, and no traceback.
    """
    try:
        return say(error.key, **error.fields)
    except CompanionError as broken:
        return f"{error} / {broken}"


class _Forgiving(dict[str, object]):
    """A sentence with one slot unfilled still says more than none; a test finds such a slot before a person does."""

    def __missing__(self, key: str) -> str:
        return f"<{key}>"
