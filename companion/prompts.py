"""Reads the data files under ``prompts/``, from the wheel or from a checkout.

Only reads and parses TOML and text; what the tables mean is for the room that takes them. It writes nothing and keeps
nothing. In a wheel the files lie inside the package, in a checkout at its top.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

from companion.errors import PromptError

_PACKAGE: Final = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """Return the folder of shipped data called ``name`` (``prompts`` or ``models``).

    Raises:
        PromptError: It lies neither in the package nor beside it: the installation is broken.
    """
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise PromptError("prompts.folder_missing", folder=name)


def prompt_text(name: str) -> str:
    """Return the text of ``prompts/<name>``.

    Raises:
        PromptError: It is missing or not UTF-8.
    """
    path = data_folder("prompts") / name
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError("prompts.unreadable", file=name) from error


def prompt_table(name: str) -> dict[str, Any]:
    """Return the parsed TOML of ``prompts/<name>``.

    Raises:
        PromptError: It is missing, not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(prompt_text(name))
    except tomllib.TOMLDecodeError as error:
        raise PromptError("prompts.not_toml", file=name, where=str(error)) from error


def prompt_tables(folder: str) -> dict[str, dict[str, Any]]:
    """Return every ``*.toml`` of ``prompts/<folder>`` by file name, in sorted order.

    Raises:
        PromptError: As for ``prompt_table``.
    """
    directory = data_folder("prompts") / folder
    return {path.name: prompt_table(f"{folder}/{path.name}") for path in sorted(directory.glob("*.toml"))}


def prompt_texts(folder: str, ending: str) -> dict[str, str]:
    """Return the text of every file of ``prompts/<folder>`` that ends with ``ending``, by name, in sorted order.

    Raises:
        PromptError: As for ``prompt_text``.
    """
    directory = data_folder("prompts") / folder
    return {path.name: prompt_text(f"{folder}/{path.name}") for path in sorted(directory.glob(f"*{ending}"))}
