"""Reads a table under ``prompts/`` into what it stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from companion.errors import PromptError
from companion.prompts import prompt_table

Made = TypeVar("Made")


def table_of(name: str, make: Callable[[Mapping[str, Any]], Made]) -> Made:
    """Return what a table stands for.

    Raises:
        PromptError: It is missing or broken.
    """
    table: Mapping[str, Any] = prompt_table(name)
    try:
        return make(table)
    except (KeyError, ValueError, TypeError) as error:
        raise PromptError("prompts.table_broken", file=name, where=str(error)) from error
