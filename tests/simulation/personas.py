"""The simulated people of the tests, and shorter lives of theirs."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from companion.evaluation.lives.parsing import read_persona
from companion.evaluation.lives.persona import Persona
from companion.evaluation.lives.standard import FILE, Standard, load_standard
from companion.prompts import prompt_table

FOLDER = Path(__file__).with_name("people")
FILES = tuple(sorted(FOLDER.glob("*.toml")))


def person(name: str) -> Persona:
    """Return a person by the name of their file."""
    return read_persona(FOLDER / f"{name}.toml")


def soon(persona: Persona, *names: str) -> Persona:
    """Return the person with these scripts in their first sessions, one each, and no others."""
    by_name = {script.name: script for script in persona.scripts}
    scripts = tuple(replace(by_name[name], session=number) for number, name in enumerate(names, 1))
    return replace(persona, scripts=scripts)


@cache
def standard() -> Standard:
    """Return the standard by which lives are checked."""
    return load_standard(prompt_table(FILE))
