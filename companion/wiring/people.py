"""Who this device talks with, and the words of consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion.config import Settings
from companion.core.person import Person
from companion.dialogue.consenting import ConsentWords
from companion.errors import ConfigError, PromptError
from companion.prompts import prompt_table

if TYPE_CHECKING:
    from companion.store.record import Record

_WORDS: Final = "consent/consent.ko.toml"
_LABELS: Final = "records/own_data.ko.toml"


def consent_words() -> ConsentWords:
    """Return the words of consent.

    Raises:
        PromptError: The table is broken.
    """
    try:
        return ConsentWords(prompt_table(_WORDS))
    except (KeyError, ValueError) as error:
        raise PromptError("prompts.table_broken", file=_WORDS, where=str(error)) from error


def person_here(record: Record, settings: Settings) -> Person:
    """Return who this device talks with: the one that the settings name, or the only one there is.

    Where nobody was set up, somebody unnamed who agreed to nothing: danger must be kept for someone.

    Raises:
        ConfigError: The record holds several people and the settings name none.
        InputError: The settings name nobody that is there.
        StorageFull: Nothing could be written.
    """
    if settings.person.id:
        return record.people.find(settings.person.id)
    everybody = record.people.all()
    if len(everybody) > 1:
        raise ConfigError("people.which")
    if everybody:
        return everybody[0]
    return record.people.add(Person(id="", address=settings.person.address))


def is_set_up(record: Record, people: Sequence[Person]) -> bool:
    """Return whether anybody was ever asked for consent."""
    return any(record.consents.decisions(person.id) for person in people)


def table_titles() -> Mapping[str, str]:
    """Return what each table is called for a person."""
    titles: Mapping[str, str] = prompt_table(_LABELS)["tables"]
    return titles


def export_own_data(record: Record, person: Person, folder: Path) -> tuple[Path, Path]:
    """Write all that is kept of a person; return the text to read and the JSON.

    Raises:
        StorageFull: It cannot be written there.
    """
    from companion.exchange.own_data import write_own_data

    rows = record.belongings.rows(person.id)
    return write_own_data(rows, folder, words=prompt_table(_LABELS), made_at=record.database.now())
