"""Who this device talks with, and the words of consent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion.config import Settings
from companion.core.person import Contact, Person
from companion.dialogue.consenting import ConsentWords
from companion.errors import ConfigError, InputError, PromptError
from companion.prompts import prompt_table

if TYPE_CHECKING:
    from companion.store.record import Record

_WORDS: Final = "consent/consent.ko.toml"
_LABELS: Final = "records/own_data.ko.toml"
_QUIET: Final = re.compile(r"(\d{1,2})\s*-\s*(\d{1,2})")
_HOURS: Final = 24


@cache
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


def remember_speech(record: Record, person: Person, speech: Mapping[str, object]) -> None:
    """Keep speed and loudness; whatever else is remembered of how the person is spoken to stays.

    Raises:
        StorageFull: Nothing could be written.
    """
    others = {name: value for name, value in person.speech.items() if name not in ("speed", "lufs")}
    record.people.change(person.id, speech={**others, **speech})


def is_set_up(record: Record, people: Sequence[Person]) -> bool:
    """Return whether anybody was ever asked for consent."""
    return any(record.consents.decisions(person.id) for person in people)


@dataclass(frozen=True, slots=True)
class ContactPlan:
    """What was typed of a contact; None for what stays as it is."""

    name: str
    relation: str | None = None
    phone: str | None = None
    channels: Sequence[str] | None = None
    """URLs, in the order to be tried; one that is blank takes all away."""
    told_of_abuse: bool | None = None
    told_words: bool | None = None
    quiet: str | None = None
    """Hours of the day such as ``22-7``; blank for none."""


def set_contact(record: Record, person_id: str, plan: ContactPlan) -> Contact:
    """Add a contact, or change the one of this name; return it as it is then.

    Raises:
        InputError: Something does not fit.
        StorageFull: Nothing could be written.
    """
    name = plan.name.strip()
    if not name:
        raise InputError("people.unfit", place="name", reason="empty")
    there = record.people.contacts(person_id)
    found = next((one for one in there if one.name == name), None)
    contact = found or Contact("", person_id, name, order=max((one.order for one in there), default=0) + 1)
    given: dict[str, object] = {"relation": plan.relation, "phone": plan.phone, "channels": _channels(plan.channels)}
    given |= {"told_of_abuse": plan.told_of_abuse, "told_words": plan.told_words}
    changed = replace(contact, **{field: value for field, value in given.items() if value is not None})  # type: ignore[arg-type]
    if plan.quiet is not None:
        begin, end = _hours(plan.quiet)
        changed = replace(changed, quiet_from=begin, quiet_until=end)
    if found is None:
        return record.people.add_contact(changed)
    record.people.change_contact(changed)
    return changed


def _channels(typed: Sequence[str] | None) -> tuple[str, ...] | None:
    """Return addresses that can be used.

    Raises:
        InputError: One cannot; it is told by its place, never quoted: it holds keys.
    """
    if typed is None:
        return None
    from companion.adapters.notifier_apprise import AppriseNotifier

    addresses = [one.strip() for one in typed if one.strip()]
    notifier = AppriseNotifier()
    for number, address in enumerate(addresses, 1):
        if not notifier.is_usable(address):
            raise InputError("alerts.channel_unfit", number=number)
    return tuple(dict.fromkeys(addresses))


def _hours(typed: str) -> tuple[int | None, int | None]:
    if not typed.strip():
        return None, None
    found = _QUIET.fullmatch(typed.strip())
    if found is None or not all(int(hour) < _HOURS for hour in found.groups()):
        raise InputError("people.unfit", place="quiet", reason=typed)
    return int(found[1]), int(found[2])


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

    rows = chain(record.belongings.rows(person.id), _given_for_research(record, person))
    return write_own_data(rows, folder, words=prompt_table(_LABELS), made_at=record.database.now())


def _given_for_research(record: Record, person: Person) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield to whom a person's data was given for research, and on what terms."""
    for held in record.releases.holding(person.id):
        release = held.release
        yield (
            "releases",
            {
                "at": held.made_at,
                "title": release.title,
                "recipient": release.recipient,
                "aim": release.purpose,
                "legal_basis": release.legal_basis,
                "terms": release.terms,
                "expires": release.expires.isoformat(),
            },
        )
