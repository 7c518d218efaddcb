"""Who this device talks with, and the words of consent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from companion.config import Settings
from companion.core.person import Contact, Person
from companion.dialogue.consenting import ConsentWords
from companion.errors import ConfigError, InputError, PromptError
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


def new_person(**fields: object) -> Person:
    """Return somebody new from what was typed.

    Raises:
        InputError: Something does not fit.
    """
    return Person(id="", **checked_changes(**fields))


def checked_changes(**fields: object) -> dict[str, Any]:
    """Return the fields that were given, checked.

    Raises:
        InputError: Something does not fit.
    """
    from pydantic import ValidationError

    from companion.wiring.setup import PersonPlan

    given = {name: value for name, value in fields.items() if value is not None}
    try:
        PersonPlan.model_validate({"address": "-", **given})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InputError("people.unfit", place=".".join(map(str, first["loc"])), reason=first["msg"]) from error
    return given


def new_contact(person_id: str, name: str, relation: str, phone: str, *, order: int, told_of_abuse: bool) -> Contact:
    """Return a new contact from what was typed.

    Raises:
        InputError: They have no name.
    """
    if not name.strip():
        raise InputError("people.unfit", place="name", reason="empty")
    return Contact("", person_id, name.strip(), relation, phone, order, told_of_abuse=told_of_abuse)


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
