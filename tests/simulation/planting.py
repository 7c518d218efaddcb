"""Defects that are planted in the data and behind the ports of 말벗, to see whether the checker finds them.

No code is changed: a table is edited before the dialogue is built from it, a port is wrapped, a clock is wrong, or what
nobody agreed to stands in a record.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any
from unittest.mock import patch

from companion.core.consent import Item
from companion.core.person import Person
from companion.core.record import NewSession, NewTurn
from companion.dialogue.flow import Dialogue
from companion.evaluation.lives.findings import Check
from companion.evaluation.lives.persona import Persona, Script, ScriptTurn
from companion.ports import Store
from companion.prompts import prompt_tables
from companion.store.record import Record
from companion.wiring import language
from companion.wiring.lives.living import World
from tests.records import decision

Tables = dict[str, dict[str, dict[str, Any]]]
Edit = Callable[[Tables], None]


@dataclass(frozen=True)
class Defect:
    """One planted defect."""

    name: str
    check: Check
    """By which it must be found."""
    persona: Persona
    sessions: int = 1
    edit: Edit | None = None
    world: World = field(default_factory=World)
    second_voice: bool = True
    """Whether the assessment of danger keeps its second voice."""
    writes: str = ""
    """What a language model writes, whatever it is asked; empty for none."""


class RememberingAnalyser:
    """The real analyser, which keeps what it found: the tables differ in little from one defect to the next."""

    def __init__(self) -> None:
        self.analyse = cache(language.analyser().analyse)


@cache
def _analyser() -> RememberingAnalyser:
    return RememberingAnalyser()


@cache
def _read() -> dict[str, dict[str, dict[str, Any]]]:
    return {name: prompt_tables(name) for name in ("replies", "fixed", "lexicon", "safety", "tales", "facts")}


def shipped() -> Tables:
    """Return the shipped tables, to be edited."""
    return deepcopy(_read())


def dialogue_of(tables: Tables, *, second_voice: bool = True) -> Dialogue:
    """Build the dialogue from the edited tables, and whatever else it is made of from the shipped ones.

    Args:
        tables: By folder and file.
        second_voice: Whether the assessment of danger has one; it hears much of what a missing rule misses.
    """
    voices = language.danger_voices(None) if second_voice else None
    with (
        patch.object(language, "prompt_tables", lambda folder: tables.get(folder) or _read()[folder]),
        patch.object(language, "prompt_texts", lambda _folder, _ending: {}),  # exemplars: nobody is asked for any
        patch.object(language, "danger_voices", lambda _third: voices),
    ):
        return language.dialogue.__wrapped__(_analyser())


Value = str | list["Value"] | dict[str, "Value"] | float | None
Change = Callable[[str], str]


def mapped(value: Value, change: Change) -> Value:
    """Return a value of a table with every text in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [mapped(one, change) for one in value]
    if isinstance(value, dict):
        return {name: mapped(one, change) for name, one in value.items()}
    return value


def in_bank(change: Callable[[str], str], files: str = "") -> Edit:
    """Return what changes every reply of the bank, or of the files that match."""

    def edit(tables: Tables) -> None:
        for file, table in tables["replies"].items():
            if re.search(files, file):
                for situation in table["situation"]:
                    situation["replies"] = mapped(situation["replies"], change)

    return edit


def one_reply_each(tables: Tables) -> None:
    """Leave each situation of the bank one reply."""
    for table in tables["replies"].values():
        for situation in table["situation"]:
            situation["replies"] = situation["replies"][:1]


def only_fallbacks(tables: Tables) -> None:
    """Leave of the bank what fits anything: no example of a situation, and nothing that receives a topic."""
    for table in tables["replies"].values():
        table["situation"] = [one for one in table["situation"] if not one["id"].startswith("receive.")]
        for situation in table["situation"]:
            situation["says"], situation["cues"] = ["뷁뷁 쀍쀍"], []
            situation.pop("gist", None)  # nothing is left that receives one


def in_sentences(room: str, file: str, section: str, change: Callable[[str], str]) -> Edit:
    """Return what changes every sentence of a section, or of the one entry ``section.key``."""
    name, _, key = section.partition(".")

    def edit(tables: Tables) -> None:
        table = tables[room][file]
        if key:
            table[name][key] = mapped(table[name][key], change)
        else:
            table[name] = mapped(table[name], change)

    return edit


def without_number(slot: str) -> Edit:
    """Return what takes a telephone number out of everything that is said in danger."""

    def edit(tables: Tables) -> None:
        for file, table in tables["safety"].items():
            if file.endswith(".toml") and "open" in table:
                table["open"] = mapped(table["open"], lambda text: text.replace(f"{{{slot}}}번", "도움 전화"))

    return edit


def without_rules(*ids: str) -> Edit:
    """Return what takes rules out of the lexicon of danger."""

    def edit(tables: Tables) -> None:
        for file, table in tables["lexicon"].items():
            if file.startswith("danger") and "rule" in table:
                table["rule"] = [rule for rule in table["rule"] if not str(rule["id"]).startswith(ids)]

    return edit


def without_entries(file: str, list_name: str, *names: str) -> Edit:
    """Return what takes named entries out of a list of the lexicon."""

    def edit(tables: Tables) -> None:
        table = tables["lexicon"][file]
        table[list_name] = [one for one in table[list_name] if one["name"] not in names]

    return edit


def together(*edits: Edit) -> Edit:
    """Return what does one edit after another."""

    def edit(tables: Tables) -> None:
        for one in edits:
            one(tables)

    return edit


class Between:
    """A store that passes everything on, each turn changed."""

    def __init__(self, store: Store, change: Callable[[NewTurn], NewTurn | None]) -> None:
        self._store = store
        self._change = change

    def start_session(self, new: NewSession) -> str:
        return self._store.start_session(new)

    def add_turn(self, session_id: str, number: int, new: NewTurn) -> str:
        changed = self._change(new)
        return "" if changed is None else self._store.add_turn(session_id, number, changed)

    def mark_spoken(self, turn_id: str, spoken: str) -> None:
        if turn_id:
            self._store.mark_spoken(turn_id, spoken)

    def end_session(self, session_id: str, at: datetime, ended_by: str) -> None:
        self._store.end_session(session_id, at, ended_by)


def committing(change: Callable[[NewTurn], NewTurn | None]) -> World:
    """Return a world in which what the session commits is changed on its way."""
    return World(committed=lambda store: Between(store, change))


def keeping(change: Callable[[NewTurn], NewTurn | None]) -> World:
    """Return a world in which what was committed is kept otherwise."""
    return World(kept=lambda store: Between(store, change))


def consent_from_nobody(record: Record, somebody: Person) -> None:
    """Write down that somebody agreed who did not."""
    record.consents.decide(somebody.id, decision(Item.CONVERSATION))


def everybody_told_of_abuse(record: Record, somebody: Person) -> None:
    """Let everybody around the person be told of abuse."""
    for contact in record.people.contacts(somebody.id):
        record.people.change_contact(replace(contact, told_of_abuse=True))


def saying(persona: Persona, *lines: str, hour: int | None = None) -> Persona:
    """Return the person with these lines in the first session, at an hour of the day."""
    script = Script(1, "said", tuple(ScriptTurn(line) for line in lines))
    course = persona.course if hour is None else replace(persona.course, hours=(hour,))
    return replace(persona, scripts=(script,), course=course)
