"""Whether a file says that it is about somebody else. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from companion.core.person import Person
from companion.vitals.found import Owner


def in_doubt(owners: Iterable[Owner], person: Person) -> bool:
    """Return whether somebody has to say that a file is this person's.

    A name or a birth that differs is doubt, and so is a name or a birth that nothing in the record can be set against.
    """
    return any(_differs(owner, person) for owner in owners)


def _differs(owner: Owner, person: Person) -> bool:
    if owner.name and _plain(owner.name) != _plain(person.name):
        return True
    return owner.born is not None and owner.born.year != person.birth_year


def _plain(name: str) -> str:
    """Return a name without blanks and marks, so that 김 순자 and 김순자 are one."""
    return "".join(letter for letter in unicodedata.normalize("NFC", name).casefold() if letter.isalnum())
