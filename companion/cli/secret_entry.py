"""Asks for what nobody else should see: hidden at a terminal, or from standard input for installers."""

from __future__ import annotations

import sys

import typer

from companion.cli.messages import say
from companion.errors import InputError


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
    """Ask for the passphrase of the record.

    Raises:
        InputError: There is no terminal.
    """
    return hidden("access.passphrase")
