"""What hospitals recorded, as far as it bears on a conversation: what speaks against activities and screenings."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from companion.core.hospital import Kind
from companion.dialogue.activities.hospital import Contraindications
from companion.errors import PromptError
from companion.prompts import prompt_table

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.store.record import Record

TABLE: Final = "exchange/contraindications.toml"


@cache
def contraindications() -> Contraindications:
    """Return which conditions speak against activities.

    Raises:
        PromptError: The table is broken.
    """
    try:
        return Contraindications(prompt_table(TABLE))
    except (KeyError, TypeError, ValueError) as error:
        raise PromptError("prompts.table_broken", file=TABLE, where=str(error)) from error


def dementia_stage(record: Record, person: Person) -> str:
    """Return the stage of dementia that a hospital recorded of a person; empty where none is told or may be kept.

    Raises:
        PromptError: The table is broken.
        StoreUnreadable: The record cannot be read.
    """
    return contraindications().dementia_stage(record.hospital.records(person.id, Kind.CONDITION))
