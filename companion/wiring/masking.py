"""Puts together what masks words that leave the device, and what the record knows by name around one person."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from companion.core.masking.chain import Masking, Outward, Own
from companion.prompts import prompt_table
from companion.wiring import language

if TYPE_CHECKING:
    from companion.store.record import Record

_log = logging.getLogger(__name__)
_FILE: Final = "masking/words.toml"
_HANGUL: Final = re.compile(r"[가-힣]+")
_FULL: Final = 3
_SHORTEST: Final = 2
_NAME: Final = "name"
"""Aspect of a memory that is the name of somebody."""
_PLACE: Final = "place"
_HOME: Final = "home"


@cache
def masking() -> Masking:
    """Return the chain; loads the morphology at its first text.

    Raises:
        PromptError: Its table is broken.
    """
    from companion.adapters.identifiers_ko_pii import KoPiiFinder

    return Masking(prompt_table(_FILE), language.analyser(), KoPiiFinder())


def outward(record: Record, person_id: str) -> Callable[[str], Outward]:
    """Return what masks words of one person on their way to others: to a contact, a caregiver, an export.

    Whatever goes wrong in it withholds the words: they never leave unlooked at.
    """

    def masked(text: str) -> Outward:
        try:
            return masking().outward(text, own_of(record, person_id))
        except Exception as error:  # noqa: BLE001 - an alert goes out without the words rather than not at all
            _log.warning("words withheld: %s", type(error).__name__)
            return Outward("", withheld=True)

    return masked


def leaving(record: Record, person_id: str) -> Callable[[str], str]:
    """Return what gives words of one person as others may read them: masked, or a fixed sentence in their place."""
    masked, instead = outward(record, person_id), str(prompt_table(_FILE)["outward"]["withheld"])

    def left(text: str) -> str:
        made = masked(text)
        return instead if made.withheld else made.text

    return left


def own_of(record: Record, person_id: str) -> Own:
    """Return the names and places that the record knows around a person.

    Raises:
        StoreError: It cannot be read.
    """
    person = next((one for one in record.people.all() if one.id == person_id), None)
    if person is None:
        return Own()
    contacts = record.people.contacts(person_id)
    told = record.memories.all(person_id)
    named = [person.name, person.address, *(one.name for one in contacts)]
    named += [one.value for one in told if one.aspect == _NAME]
    places = [person.region, person.group, *(one.value for one in told if one.kind == _PLACE or one.aspect == _HOME)]
    return own_words(named, places)


def own_words(named: Iterable[str], places: Iterable[str] = ()) -> Own:
    """Return what is looked for of names and places as they are kept: 큰아들 박영수 is 박영수 and 영수."""
    table = prompt_table(_FILE)
    common = {*table["names"]["roles"], *table["names"]["titles"], *table["free"]["words"]}
    provinces = prompt_table("release/hierarchies.toml")["region"]["names"]
    known = common | {spelled for all_of in provinces.values() for spelled in all_of}
    surnames = frozenset(table["names"]["surnames"])
    names = [short for words in named for short in _short(_parts(words, table["names"]["titles"]), known, surnames)]
    towns = [
        part for words in places for part in _HANGUL.findall(words) if part not in known and len(part) >= _SHORTEST
    ]
    return Own(tuple(dict.fromkeys(names)), tuple(dict.fromkeys([*towns, *(_bare(town) for town in towns)])))


def _parts(words: str, titles: Sequence[str]) -> list[str]:
    ends = sorted(titles, key=len, reverse=True)
    parts = []
    for part in _HANGUL.findall(words):
        end = next((one for one in ends if part.endswith(one) and len(part) - len(one) >= _SHORTEST), "")
        parts.append(part.removesuffix(end) if end else part)
    return parts


def _short(parts: Sequence[str], known: set[str], surnames: frozenset[str]) -> list[str]:
    """Return each name whole, and a name of three syllables without its family name too."""
    names = [part for part in parts if part not in known and len(part) >= _SHORTEST]
    return [*names, *(name[1:] for name in names if len(name) == _FULL and name[0] in surnames)]


def _bare(town: str) -> str:
    """Return the name of a town without its unit where enough is left: 곡성 of 곡성군."""
    return town[:-1] if len(town) >= _FULL and town[-1] in "시군구읍면동" else town
