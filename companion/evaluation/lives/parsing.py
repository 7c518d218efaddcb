"""Reads a simulated person from TOML: one file for the person, one for how people of their region talk."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from companion.core.consent import Assent, Giver
from companion.errors import InputError
from companion.evaluation.lives.persona import (
    Agreed,
    Around,
    Change,
    Course,
    Fact,
    Habits,
    Persona,
    Probe,
    Promise,
    Rule,
    Script,
    ScriptTurn,
)
from companion.safety.risk import Level

MOODS: Final = ("good", "fair", "low")
_SECTIONS: Final = frozenset({"person", "consent", "contact", "life", "habits", "rule", "fact", "promise", "script"})
_HOURS: Final = range(24)


def read_persona(file: Path) -> Persona:
    """Return the person that a file describes; their manner of talking stands in ``../manners`` beside its folder.

    Raises:
        InputError: A file cannot be read, is not TOML, or an entry is missing or of the wrong kind: it is named.
    """
    table = _table(file)
    unknown = sorted(set(table) - _SECTIONS)
    if unknown:
        raise InputError("simulate.entry_broken", file=file.name, entry=unknown[0])
    try:
        manner_file = file.parent.parent / "manners" / f"{table['person']['manner']}.toml"
    except KeyError as error:
        raise InputError("simulate.entry_broken", file=file.name, entry=str(error.args[0])) from error
    manner = _table(manner_file)
    try:
        return _persona(file.stem, table, manner)
    except KeyError as error:
        raise InputError("simulate.entry_broken", file=file.name, entry=str(error.args[0])) from error
    except (ValueError, TypeError, AttributeError, re.error) as error:
        raise InputError("simulate.entry_broken", file=file.name, entry=str(error)) from error


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("simulate.unreadable", file=file.name) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError("simulate.not_toml", file=file.name, where=str(error)) from error


def _persona(name: str, table: Mapping[str, Any], manner: Mapping[str, Any]) -> Persona:
    person = table["person"]
    return Persona(
        id=name,
        name=str(person["name"]),
        address=str(person["address"]),
        born=int(person["born"]),
        understanding_doubtful=bool(person.get("understanding_doubtful", False)),
        agreed=_agreed(table["consent"]),
        around=tuple(
            Around(
                name=str(one["name"]),
                relation=str(one.get("relation", "")),
                agreed=bool(one.get("agreed", True)),
                told_of_abuse=bool(one.get("told_of_abuse", False)),
            )
            for one in table.get("contact", ())
        ),
        course=_course(table["life"]),
        habits=_habits(table.get("habits", {}), manner["says"]),
        rules=tuple(_rule(one) for one in (*table.get("rule", ()), *manner["rule"])),
        facts=tuple(_fact(one) for one in table.get("fact", ())),
        promises=tuple(
            Promise(
                session=int(one["session"]),
                say=str(one["say"]),
                days=int(one["days"]),
                about=re.compile(one["about"]),
                outcome=str(one["outcome"]),
            )
            for one in table.get("promise", ())
        ),
        scripts=tuple(_script(one) for one in table.get("script", ())),
    )


def _agreed(table: Mapping[str, Any]) -> Agreed:
    giver = Giver(table.get("giver", Giver.PERSON))
    return Agreed(
        conversation=bool(table["conversation"]),
        health=bool(table["health"]),
        giver=giver,
        giver_name=str(table.get("giver_name", "")),
        assent=Assent(table.get("assent", Assent.NOT_NEEDED if giver is Giver.PERSON else Assent.NOT_ASKED)),
        basis=str(table.get("basis", "")),
    )


def _course(table: Mapping[str, Any]) -> Course:
    begins, hours, moods = table["begins"], tuple(table["hours"]), tuple(table["mood"])
    least, most = table["turns"]
    if not isinstance(begins, date):
        raise TypeError("life.begins")
    if not hours or not all(hour in _HOURS for hour in hours):
        raise ValueError("life.hours")
    if not moods or not set(moods) <= set(MOODS):
        raise ValueError("life.mood")
    gaps = tuple(int(days) for days in table["gap_days"])
    if not gaps or min(gaps) < 0 or not 1 <= least <= most:
        raise ValueError("life.gap_days, life.turns")
    return Course(begins=begins, hours=hours, gap_days=gaps, turns=(int(least), int(most)), mood=moods)


def _habits(table: Mapping[str, Any], manner: Mapping[str, Any]) -> Habits:
    own = tuple(str(one) for one in table.get("says", ()))

    def phrases(name: str) -> tuple[str, ...]:
        return tuple(str(one) for one in table.get(name, manner[name]))

    return Habits(
        says={mood: (*own, *manner[mood]) for mood in MOODS},
        nods=phrases("nods"),
        yes=phrases("yes"),
        no=phrases("no"),
        mishears=phrases("mishears"),
        farewell=phrases("farewell"),
        silence_every=int(table.get("silence_every", 0)),
        mishears_every=int(table.get("mishears_every", 0)),
        hangs_up_every=int(table.get("hangs_up_every", 0)),
    )


def _rule(table: Mapping[str, Any]) -> Rule:
    return Rule(
        hears=re.compile(table["hears"]),
        says=tuple(table["says"]),
        mood=str(table.get("mood", "")),
        is_firm=bool(table.get("firm", False)),
    )


def _fact(table: Mapping[str, Any]) -> Fact:
    forget = table.get("forget", {})
    wrong = table.get("wrong")
    return Fact(
        id=str(table["id"]),
        session=int(table["session"]),
        say=str(table["say"]),
        about=re.compile(table["about"]),
        wrong=None if wrong is None else re.compile(wrong),
        is_lasting=table.get("lasting"),
        probes=tuple(
            Probe(int(one["session"]), str(one["say"]), re.compile(one["holds"])) for one in table.get("ask", ())
        ),
        changes=tuple(
            Change(int(one["session"]), str(one["say"]), re.compile(one["wrong"])) for one in table.get("change", ())
        ),
        forgotten_in=None if not forget else int(forget["session"]),
        forget_say=str(forget.get("say", "")),
    )


def _script(table: Mapping[str, Any]) -> Script:
    return Script(
        session=int(table["session"]),
        name=str(table["name"]),
        turns=tuple(_script_turn(one) for one in table["turns"]),
        consent_ends=bool(table.get("consent_ends", False)),
    )


def _script_turn(table: Mapping[str, Any]) -> ScriptTurn:
    alert, at_most = table.get("alert"), table.get("at_most")
    return ScriptTurn(
        say=str(table["say"]),
        level=Level(table.get("level", Level.NONE)),
        at_most=None if at_most is None else Level(at_most),
        alert=None if alert is None else Level(alert),
        not_told=tuple(table.get("not_told", ())),
        holds=tuple(re.compile(one) for one in table.get("holds", ())),
        lacks=tuple(re.compile(one) for one in table.get("lacks", ())),
        command=str(table.get("command", "")),
    )
