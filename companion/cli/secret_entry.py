"""Asks for what nobody else should see: hidden at a terminal, or from standard input for installers."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import typer

from companion.cli.asking import at_terminal
from companion.cli.messages import say
from companion.errors import InputError, KeyRefused


def hidden(key: str, *, twice: bool = False, **fields: object) -> str:
    """Ask at the terminal without showing what is typed.

    Raises:
        InputError: There is no terminal.
    """
    if not sys.stdin.isatty():
        raise InputError("access.no_terminal")
    again = say("access.once_more") if twice else False
    typed: str = typer.prompt(say(key, **fields), hide_input=True, confirmation_prompt=again, err=True)
    return typed


def line_of_input() -> str:
    """Return one line of standard input.

    Raises:
        InputError: There is none, or it is not text.
    """
    try:
        line = sys.stdin.readline()
    except UnicodeDecodeError:
        line = ""
    if not line.strip("\r\n"):
        raise InputError("access.no_line")
    return line.rstrip("\r\n")


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


def sealing_passphrase() -> str:
    """Return the passphrase that seals an export, typed twice alike, or that of the file named in the environment.

    Raises:
        KeyRefused: The file cannot be used, the two differ, or there is nobody to ask.
    """
    named = os.environ.get("COMPANION_EXPORT_PASSPHRASE_FILE")
    if named:
        return _from_file(Path(named))
    if not at_terminal():
        raise KeyRefused("export.passphrase_needed")
    first: str = typer.prompt(say("export.ask_passphrase"), hide_input=True, err=True)
    if typer.prompt(say("vault.ask_again"), hide_input=True, err=True) != first:
        raise KeyRefused("vault.passphrases_differ")
    return first


def recovery_code() -> str:
    """Return a recovery code, typed unseen at a terminal, else the next line of standard input.

    Raises:
        InputError: None was given.
    """
    return hidden("vault.ask_code") if at_terminal() else line_of_input()


def _from_file(path: Path) -> str:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyRefused("vault.passphrase_file", file=path)
        return path.read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError):
        raise KeyRefused("vault.passphrase_file", file=path) from None
