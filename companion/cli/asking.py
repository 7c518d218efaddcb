"""Asks whoever sits at the terminal: yes or no, a word, one of several."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import typer

from companion.cli.messages import say
from companion.cli.output import tell
from companion.errors import InputError

_YES = frozenset({"예", "네", "응", "y", "yes"})
_NO = frozenset({"아니요", "아니오", "아니", "n", "no"})


def at_terminal() -> bool:
    """Return whether somebody can be asked."""
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


def ask(key: str, *, default: str = "") -> str:
    """Ask for a line; return it trimmed, ``default`` where nothing was typed."""
    answer: str = typer.prompt(say(key), default=default, show_default=bool(default), err=True)
    return answer.strip()


def ask_yes(key: str, *, default: bool = False, **fields: object) -> bool:
    """Ask until the answer is a yes or a no; nothing typed is ``default``."""
    shown = f"{say(key, **fields)} ({'예/아니요'})"
    while True:
        answer = typer.prompt(shown, default="예" if default else "아니요", err=True).strip().lower()
        if answer in _YES | _NO:
            return answer in _YES


def agreed(key: str, *, yes: bool, **fields: object) -> bool:
    """Return whether an operator agrees to what a sentence asks; ``--yes`` agrees beforehand.

    Raises:
        InputError: Nobody is there to ask, and nobody agreed beforehand.
    """
    if yes:
        return True
    if not at_terminal():
        raise InputError("ask.needs_yes")
    return ask_yes(key, default=False, **fields)


def choose(key: str, words: Mapping[str, str], *, default: str) -> str:
    """Ask until one of ``words`` is typed; return what it stands for."""
    while True:
        answer = ask(key, default=default).lower()
        if answer in words:
            return words[answer]
        tell("setup.which_word", words=", ".join(words))
