"""Makes files of a dossier and puts them where somebody takes them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from companion.core.consent import Item
from companion.errors import NotAllowed, PromptError
from companion.exchange.dossier import Dossier
from companion.exchange.report.layout import Section
from companion.exchange.report.words import Words
from companion.exchange.tables import Sheet, sheets
from companion.prompts import data_folder, prompt_table, prompt_tables
from companion.wiring.together import together_words

_TABLES: Final = "reports/tables.ko.toml"
_WORDS: Final = "reports/report.ko.toml"
_LETTERS: Final = "nanum-gothic"
_FHIR: Final = "exchange/fhir.ko.toml"
_SHORT: Final = 8
"""Characters of an id's end that name a file."""


@dataclass(frozen=True, slots=True)
class Finished:
    """Finished files: one, or several that belong into a folder."""

    files: Mapping[str, bytes]
    """By name, without a name of anybody in it."""
    ending: str
    """Of the one file; empty for a folder."""


def csv_of(dossier: Dossier) -> Finished:
    """Return the tables of a dossier as CSV.

    Raises:
        PromptError: The data dictionary is broken.
    """
    from companion.exchange.csv_files import csv_files

    return Finished(dict(csv_files(_sheets(dossier), dossier.zone)), "")


def xlsx_of(dossier: Dossier) -> Finished:
    """Return the tables of a dossier as a workbook.

    Raises:
        PromptError: The data dictionary is broken.
    """
    from companion.exchange.workbook import workbook

    title = str(prompt_table(_TABLES)["about"]["purpose"])
    content = workbook(_sheets(dossier), zone=dossier.zone, made_at=dossier.made.at, title=title)
    return Finished({"malbeot.xlsx": content}, "xlsx")


def fhir_of(dossier: Dossier) -> Finished:
    """Return a dossier as one FHIR R4 transaction, which may be sent twice.

    Raises:
        PromptError: A table is broken.
    """
    from companion.exchange.fhir.outgoing.bundle import transaction

    return Finished({"malbeot.fhir.json": transaction(_resources(dossier))}, "json")


def fhir_lines_of(dossier: Dossier) -> Finished:
    """Return a dossier as FHIR R4, one resource a line and one file a type.

    Raises:
        PromptError: A table is broken.
    """
    from companion.exchange.fhir.outgoing.bundle import lines_by_type

    return Finished(lines_by_type(_resources(dossier)), "")


def handed_over(made: Finished, dossier: Dossier, out: Path | None, secret: str | None) -> Path:
    """Put finished files where they are wanted and return where that is.

    Args:
        made: Files.
        dossier: What they were made of: names them where nobody named them.
        out: A file or folder that is not there yet, or a folder to put it in; None for the working folder.
        secret: A passphrase to seal them with; None leaves them open.

    Raises:
        InputError: Something of this name is there.
        StorageFull: They cannot be written there; nothing is left behind.
    """
    from companion.exchange.handing_over import hand_over_file, hand_over_folder
    from companion.exchange.sealing import sealed

    at = dossier.made.at.astimezone(dossier.zone)
    ending = made.ending if secret is None else "zip"
    name = f"malbeot-{dossier.person.id[-_SHORT:]}-{at:%Y%m%d-%H%M%S}" + (f".{ending}" if ending else "")
    target = Path(name) if out is None else out / name if out.is_dir() else out
    if secret is not None:
        hand_over_file(sealed(made.files, secret, at), target)
    elif made.ending:
        hand_over_file(next(iter(made.files.values())), target)
    else:
        hand_over_folder(made.files, target)
    return target


def _resources(dossier: Dossier) -> Iterator[dict[str, Any]]:
    from companion.exchange.fhir.outgoing.bundle import resources_of

    try:
        codes = prompt_table("vitals/codes.toml")["codes"]
        yield from resources_of(dossier, prompt_table(_FHIR), codes, _read_together(dossier))
    except KeyError as error:
        raise PromptError("prompts.table_broken", file=_FHIR, where=str(error)) from error


def _read_together(dossier: Dossier) -> Sequence[Section]:
    """Return the line of time, and what stood beside mood; signs in free talk do not leave as FHIR (ADR-0024)."""
    from companion.exchange.report.line import line
    from companion.exchange.report.together import together

    words = report_words(dossier)
    beside = together(dossier, words)
    return [line(replace(dossier, observations=()), words), *([] if beside is None else [beside])]


def _sheets(dossier: Dossier) -> Iterator[Sheet]:
    try:
        yield from sheets(dossier, prompt_table(_TABLES), _activities())
    except KeyError as error:
        raise PromptError("prompts.table_broken", file=_TABLES, where=str(error)) from error


def pdf_of(dossier: Dossier) -> Finished:
    """Return the whole report on a dossier, for a clinician.

    Raises:
        ArtifactMissing: The letters are not here.
        PromptError: Words or layout are broken.
    """
    from companion.exchange.report.clinician import clinician_report

    return _printed("clinician", clinician_report, dossier)


def family_pdf_of(dossier: Dossier, *, reader: str = "") -> Finished:
    """Return one page for the family.

    Args:
        dossier: What is reported.
        reader: Who is to read it; where the person agreed to them by name, what was said is on it, too.

    Raises:
        ArtifactMissing: The letters are not here.
        NotAllowed: A reader is named to whom the person did not agree.
        PromptError: Words or layout are broken.
    """
    from companion.exchange.report.family import family_report

    may_read = any(one.item is Item.SHARING and one.named == reader for one in dossier.standing)
    if reader and not may_read:
        raise NotAllowed("export.reader_not_agreed")
    return _printed("family", partial(family_report, reader=reader), dossier)


def _printed(layout: str, report: Callable[[Dossier, Words], Mapping[str, object]], dossier: Dossier) -> Finished:
    from companion.exchange.report.pdf import printed

    fonts = letters()
    try:
        values = report(dossier, report_words(dossier))
    except (KeyError, IndexError) as error:
        raise PromptError("prompts.table_broken", file=_WORDS, where=str(error)) from error
    path = data_folder("prompts") / "reports" / f"{layout}.typ"
    return Finished({"malbeot.pdf": printed(path, values, fonts=fonts, made_at=dossier.made.at)}, "pdf")


def report_words(dossier: Dossier) -> Words:
    """Return the words of reports on a dossier.

    Raises:
        PromptError: A table is broken.
    """
    numbers = prompt_table("safety/numbers.toml")["numbers"]
    words = prompt_table(_WORDS)
    return Words(words, activities=_activities(), numbers=numbers, together=together_words(), zone=dossier.zone)


def _activities() -> Mapping[str, str]:
    return {str(table["id"]): str(table["title"]) for table in prompt_tables("activities").values()}


def letters() -> Path:
    """Return the folder of the letters.

    Raises:
        ArtifactMissing: They were not pulled.
        DigestMismatch: A file is not the one named.
    """
    from companion.artifacts.catalogue import load_manifests
    from companion.artifacts.places import shelf_at
    from companion.config import home_folder

    shelf = shelf_at(home_folder(), os.environ.get("COMPANION_MODELS"))
    return shelf.path(load_manifests(data_folder("models"))[_LETTERS])
