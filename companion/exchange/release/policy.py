"""What a release is for and how far it goes, from a file that somebody answers for. Pure: every problem comes out."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from companion.exchange.release.hierarchies import QUASI, Hierarchies
from companion.exchange.release.schema import TABLES, Schema

LEAST_K: Final = 2
_FORMATS: Final = ("parquet", "csv")
_DATES: Final = ("week", "day")
_TEXTS: Final = ("title", "recipient", "purpose", "legal_basis", "terms")
_LONGEST_TRIM: Final = 26
"""Weeks: at both ends together a year."""
_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "release": frozenset({*_TEXTS, "expires"}),
    "privacy": frozenset(
        {
            *("k", "l", "sensitive", "quasi_identifiers", "most_suppressed"),
            *("screening_dates", "trim_weeks", "coarsest"),
        }
    ),
    "tables": frozenset(TABLES),
    "output": frozenset({"formats"}),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with a policy."""

    place: str
    """Dotted: ``privacy.k``; empty for the whole file."""
    code: str
    """Key of the sentence under ``release.problem``."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy without problems."""

    title: str
    recipient: str
    purpose: str
    legal_basis: str
    terms: str
    expires: date
    digest: str
    """SHA-256 of the file, hex."""
    k: int
    l: int  # noqa: E741 - the name that the literature gives it
    sensitive: str
    """Id of the instrument whose band must be diverse in each class."""
    quasi: tuple[str, ...]
    most_suppressed: float
    """Share of the people that may be left out so that the others need not be coarsened further, 0 to 0.5."""
    screening_dates: str
    """``week`` or ``day``."""
    trim_weeks: int
    """At most so many weeks are cut off each end of each person's time, by chance: 0 to 26."""
    coarsest: Mapping[str, int]
    """The coarsest level that is still of use, by quasi-identifier."""
    columns: Mapping[str, tuple[str, ...]]
    """Names of columns by table; tables that are not there do not leave."""
    formats: tuple[str, ...]


@dataclass
class _Reading:
    """One file being read; problems gather."""

    table: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)

    def trouble(self, place: str, code: str, detail: object = "") -> None:
        self.problems.append(Problem(place, code, str(detail)))

    def section(self, name: str) -> Mapping[str, Any]:
        found = self.table.get(name, {})
        if not isinstance(found, dict):
            self.trouble(name, "wrong_kind", "table")
            return {}
        for key in sorted(set(found) - _KEYS[name]):
            self.trouble(f"{name}.{key}", "unknown_key" if name != "tables" else "unknown_table")
        return found

    def text(self, place: str, table: Mapping[str, Any], key: str) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self.trouble(f"{place}.{key}", "wrong_kind", "text")
            return ""
        if not value.strip():
            self.trouble(f"{place}.{key}", "missing")
        return value.strip()

    def whole(self, table: Mapping[str, Any], key: str, default: int, bounds: tuple[int, int]) -> int:
        value = table.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            self.trouble(f"privacy.{key}", "wrong_kind", "whole number")
            return default
        if not bounds[0] <= value <= bounds[1]:
            self.trouble(f"privacy.{key}", "out_of_range", f"{bounds[0]}-{bounds[1]}")
            return default
        return value

    def choices(self, place: str, value: object, known: Collection[str], default: tuple[str, ...]) -> tuple[str, ...]:
        if value is None:
            return default
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.trouble(place, "wrong_kind", "list of texts")
            return default
        for one in value:
            if one not in known:
                self.trouble(place, "unknown_choice", one)
        if not value:
            self.trouble(place, "missing")
        return tuple(dict.fromkeys(one for one in value if one in known))


def read_policy(
    text: bytes, *, schema: Schema, hierarchies: Hierarchies, instruments: Collection[str], today: date
) -> tuple[Policy | None, tuple[Problem, ...]]:
    """Return the policy, or every problem of the file at once.

    Args:
        text: The file, TOML in UTF-8.
        schema: What may leave.
        hierarchies: How quasi-identifiers are coarsened.
        instruments: Ids of known instruments.
        today: The policy must not have expired.
    """
    try:
        reading = _Reading(tomllib.loads(text.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return None, (Problem("", "not_toml", str(error)),)
    for key in sorted(set(reading.table) - set(_KEYS)):
        reading.trouble(key, "unknown_key")
    release = reading.section("release")
    texts: dict[str, Any] = {name: reading.text("release", release, name) for name in _TEXTS}
    expires = _expires(reading, release, today)
    privacy = _privacy(reading, hierarchies, instruments)
    columns = _columns(reading, schema, privacy["quasi"])
    formats = reading.choices("output.formats", reading.section("output").get("formats"), _FORMATS, _FORMATS)
    if reading.problems or expires is None:
        return None, tuple(reading.problems)
    digest = hashlib.sha256(text).hexdigest()
    return Policy(**texts, expires=expires, digest=digest, **privacy, columns=columns, formats=formats), ()


def _expires(reading: _Reading, release: Mapping[str, Any], today: date) -> date | None:
    value = release.get("expires")
    if type(value) is not date:
        reading.trouble("release.expires", "missing" if value is None else "wrong_kind", "2027-12-31")
        return None
    if value <= today:
        reading.trouble("release.expires", "expired", value.isoformat())
    return value


def _privacy(reading: _Reading, hierarchies: Hierarchies, instruments: Collection[str]) -> dict[str, Any]:
    table = reading.section("privacy")
    sensitive = table.get("sensitive", "phq9")
    if sensitive not in instruments:
        reading.trouble("privacy.sensitive", "unknown_choice", sensitive)
    dates = table.get("screening_dates", "week")
    if dates not in _DATES:
        reading.trouble("privacy.screening_dates", "unknown_choice", dates)
    share = table.get("most_suppressed", 0.1)
    if not isinstance(share, (int, float)) or isinstance(share, bool) or not 0 <= share <= 0.5:  # noqa: PLR2004 - half
        reading.trouble("privacy.most_suppressed", "out_of_range", "0-0.5")
    return {
        "k": reading.whole(table, "k", 5, (LEAST_K, 1000)),
        "l": reading.whole(table, "l", 2, (2, 20)),
        "sensitive": sensitive,
        "quasi": reading.choices("privacy.quasi_identifiers", table.get("quasi_identifiers"), QUASI, QUASI),
        "most_suppressed": share,
        "screening_dates": dates,
        "trim_weeks": reading.whole(table, "trim_weeks", 4, (0, _LONGEST_TRIM)),
        "coarsest": _coarsest(reading, table.get("coarsest", {}), hierarchies),
    }


def _coarsest(reading: _Reading, table: object, hierarchies: Hierarchies) -> Mapping[str, int]:
    found = dict(hierarchies.coarsest_of_use)
    if not isinstance(table, dict):
        reading.trouble("privacy.coarsest", "wrong_kind", "table")
        return found
    for name, level in table.items():
        place = f"privacy.coarsest.{name}"
        if name not in QUASI:
            reading.trouble(place, "unknown_key")
        elif not isinstance(level, int) or isinstance(level, bool) or not 0 <= level < hierarchies.levels(name):
            reading.trouble(place, "out_of_range", f"0-{hierarchies.levels(name) - 1}")
        else:
            found[name] = level
    return found


def _columns(reading: _Reading, schema: Schema, quasi: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the columns by table; the people are always there, and all of a table where it says ``"all"``."""
    wanted = reading.section("tables") or dict.fromkeys(TABLES, "all")
    found: dict[str, tuple[str, ...]] = {}
    for name in TABLES:
        known = {key: one for key, one in schema.tables[name].items() if not one.quasi or one.quasi in quasi}
        value = wanted.get(name, [] if name == "people" else None)
        if value == "all":
            found[name] = tuple(known)
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            for one in value:
                if one not in known:
                    reading.trouble(f"tables.{name}", "unknown_column", one)
            found[name] = tuple(one for one in known if one in value)
        elif value is not None:
            reading.trouble(f"tables.{name}", "wrong_kind", "list of texts")
    return found
