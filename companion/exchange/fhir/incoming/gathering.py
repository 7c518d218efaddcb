"""A first look through files: whose they are, and what the resources in them refer to. Nothing is kept.

Whose they are is read, shown and asked; it is never guessed. Names and births of patients live here as long as it takes
to show them, and nowhere else.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from companion.exchange.fhir.incoming.elements import Concept, Json, coding, concept, mapping, objects, text
from companion.exchange.fhir.incoming.kept import ELEMENTS, flaw_of
from companion.exchange.fhir.incoming.streams import Located, digest_of, resources_in

_LIKE_A_NUMBER_OF_A_PERSON: Final = re.compile(r"\d{6}-?\d{7}|\d{3}-?\d{2}-?\d{4}")
"""Resident registration number of Korea, social security number of the USA."""
_NOT_A_NAME_SPACE: Final = ("ssn", "2.16.840.1.113883.4.1", "rrn", "passport", "2.16.840.1.113883.4.3")
_NOT_KINDS: Final = frozenset({"SS", "SB", "DL", "PPN", "NI", "NNKOR"})
"""Identifier types (HL7 v2-0203) that are about a citizen, not about a patient of a hospital."""


@dataclass(frozen=True, slots=True)
class FilePatient:
    """A patient as a file describes them."""

    key: str
    origin: str = ""
    name: str = field(default="", repr=False)
    born: str = field(default="", repr=False)
    """``1941-05-29``, or less of it."""
    gender: str = field(default="", repr=False)

    @property
    def birth_year(self) -> int | None:
        """Year of birth, where it is told."""
        return int(self.born[:4]) if re.match(r"\d{4}", self.born) else None


@dataclass(slots=True)
class Gathered:
    """What a first look through files finds."""

    files: dict[Path, str] = field(default_factory=dict)
    """SHA-256 of each, hex."""
    patients: dict[str, FilePatient] = field(default_factory=dict)
    """Those that are described, by key."""
    aliases: dict[str, str] = field(default_factory=dict)
    """Keys by other ways in which resources refer to them: ids of entries of a Bundle."""
    about: Counter[str] = field(default_factory=Counter)
    """How many resources refer to a patient, by what they call them."""
    medications: dict[str, Concept] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    """LOINC codes of items of forms, by ``linkId``; those of several forms that disagree are left out."""
    panels: dict[str, str] = field(default_factory=dict)
    """LOINC codes of forms, by their address and id."""
    blank_forms: int = 0
    flawed_forms: list[tuple[str, str]] = field(default_factory=list)
    """File and element of blank forms that are no FHIR."""
    kinds: Counter[str] = field(default_factory=Counter)
    """All resources, by type."""

    @property
    def keys(self) -> Sequence[str]:
        """Keys of all patients that are described or referred to, in order of the first mention."""
        referred = (self.aliases.get(one, one) for one in self.about)
        return list(dict.fromkeys([*self.patients, *referred]))

    def patient(self, key: str) -> FilePatient:
        """Return a patient; one who is only referred to is known by the key alone."""
        return self.patients.get(key, FilePatient(key))

    def is_about(self, reference: str, key: str) -> bool:
        """Return whether a resource that refers to a patient so is about the one with this key."""
        return self.aliases.get(reference, reference) == key


def gathered_from(paths: Sequence[Path]) -> Gathered:
    """Look files through, each to its end.

    Raises:
        Unreadable: One of them is broken or is no FHIR.
    """
    gathered = Gathered()
    for path in paths:
        gathered.files[path] = digest_of(path)
        for located in resources_in(path):
            _note(gathered, located, path)
    return gathered


def subject_of(resource: Json) -> str:
    """Return what a resource calls the patient it is about; empty where it names none."""
    reference = mapping(resource.get("subject")) or mapping(resource.get("patient"))
    return _safe(tail(text(reference.get("reference"))))


def tail(reference: str) -> str:
    """Return the id that a reference ends with: of ``Patient/7``, ``urn:uuid:7`` and ``http://h/fhir/Patient/7``."""
    if reference.startswith("#") or "?" in reference:
        return ""
    plain = reference.partition("/_history/")[0]
    kind, _, last = plain.rpartition("/")
    if kind and not kind.endswith("Patient") and not kind.endswith("Medication"):
        return ""
    return last.rpartition(":")[2]


def _note(gathered: Gathered, located: Located, path: Path) -> None:
    resource = located.resource
    kind = str(resource["resourceType"])
    gathered.kinds[kind] += 1
    if kind == "Patient":
        _note_patient(gathered, located)
    elif kind == "Medication":
        named = concept(resource.get("code"))
        for name in {text(resource.get("id")), _entry_id(located)} - {""}:
            gathered.medications[name] = named
    elif kind == "Questionnaire":
        _note_form(gathered, resource, path)
    elif kind in ELEMENTS and (about := subject_of(resource)):
        gathered.about[about] += 1


def _note_patient(gathered: Gathered, located: Located) -> None:
    resource = located.resource
    entry = _entry_id(located)
    key = _safe(text(resource.get("id")) or entry)
    if not key:
        return
    names = objects(resource.get("name"))
    official = next((one for one in names if one.get("use") == "official"), names[0] if names else {})
    gathered.patients[key] = FilePatient(
        key,
        _origin(located),
        text(official.get("text")) or _spelled(official),
        text(resource.get("birthDate")),
        text(resource.get("gender")),
    )
    if entry and _safe(entry) != key:
        gathered.aliases[_safe(entry)] = key


def _entry_id(located: Located) -> str:
    url = located.full_url
    return url.rpartition(":")[2] if url.startswith("urn:") else url.rpartition("/")[2]


def _spelled(name: Json) -> str:
    given = [one for one in name.get("given") or () if isinstance(one, str)]
    return " ".join(part for part in [*given, text(name.get("family"))] if part)


def _origin(located: Located) -> str:
    """Return which hospital a patient is of: the name space of its patient numbers, or the address of its server."""
    for identifier in objects(located.resource.get("identifier")):
        system = text(identifier.get("system"))
        kinds = {coding(one).code for one in objects(mapping(identifier.get("type")).get("coding"))}
        if "MR" in kinds and system and not any(one in system.lower() for one in _NOT_A_NAME_SPACE):
            return system
    for identifier in objects(located.resource.get("identifier")):
        system = text(identifier.get("system"))
        kinds = {coding(one).code for one in objects(mapping(identifier.get("type")).get("coding"))}
        if system and not kinds & _NOT_KINDS and not any(one in system.lower() for one in _NOT_A_NAME_SPACE):
            return system
    if located.full_url.startswith("http"):
        return located.full_url.rpartition("/Patient/")[0]
    return text(mapping(located.resource.get("meta")).get("source")).partition("#")[0]


def _note_form(gathered: Gathered, resource: Json, path: Path) -> None:
    gathered.blank_forms += 1
    narrative = mapping(resource.get("text"))
    if flaw := flaw_of(resource) or ("text.div" if narrative and "div" not in narrative else ""):
        gathered.flawed_forms.append((path.name, flaw))
        return
    code = coding(next(iter(objects(resource.get("code"))), {})).code
    for name in {text(resource.get("url")), text(resource.get("id"))} - {""}:
        gathered.panels[name] = code
    for link, item_code in item_codes(resource.get("item")).items():
        if gathered.links.setdefault(link, item_code) != item_code:
            gathered.links[link] = ""


def item_codes(items: object) -> Mapping[str, str]:
    """Return the first codes of the items of a form, by ``linkId``, however deep they lie."""
    found: dict[str, str] = {}
    for item in objects(items):
        code = coding(next(iter(objects(item.get("code"))), {})).code
        if code and (link := text(item.get("linkId"))):
            found[link] = code
        found |= item_codes(item.get("item"))
    return found


def _safe(key: str) -> str:
    """Return a key that names nobody outside the hospital: one that looks like a citizen's number becomes a digest."""
    if _LIKE_A_NUMBER_OF_A_PERSON.fullmatch(key):
        return "sha256-" + hashlib.sha256(key.encode()).hexdigest()[:32]
    return key[:200]
