"""Asks whoever sits at the terminal: yes or no, a word, a passphrase. Never echoes a secret or reads one from argv."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

import typer

from companion.cli.messages import say
from companion.cli.output import tell
from companion.errors import KeyRefused

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


def choose(key: str, words: Mapping[str, str], *, default: str) -> str:
    """Ask until one of ``words`` is typed; return what it stands for."""
    while True:
        answer = ask(key, default=default).lower()
        if answer in words:
            return words[answer]
        tell("setup.which_word", words=", ".join(words))


def passphrase() -> str:
    """Return the passphrase of the record, from the file named in the environment or from the terminal.

    Raises:
        KeyRefused: The file cannot be used, or there is nobody to ask.
    """
    named = os.environ.get("COMPANION_PASSPHRASE_FILE")
    if named:
        return _from_file(Path(named))
    if not at_terminal():
        raise KeyRefused("vault.passphrase_needed")
    typed: str = typer.prompt(say("vault.ask_passphrase"), hide_input=True, err=True)
    return typed


def new_passphrase() -> str:
    """Return a passphrase that was typed twice alike, or that of the file named in the environment.

    Raises:
        KeyRefused: The two differ, or there is nobody to ask.
    """
    if os.environ.get("COMPANION_PASSPHRASE_FILE"):
        return passphrase()
    if not at_terminal():
        raise KeyRefused("vault.passphrase_needed")
    first: str = typer.prompt(say("vault.ask_new_passphrase"), hide_input=True, err=True)
    if typer.prompt(say("vault.ask_again"), hide_input=True, err=True) != first:
        raise KeyRefused("vault.passphrases_differ")
    return first


def _from_file(path: Path) -> str:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyRefused("vault.passphrase_file", file=path)
        return path.read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError):
        raise KeyRefused("vault.passphrase_file", file=path) from None
