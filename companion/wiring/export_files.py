"""Makes files of a dossier and puts them where somebody takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from companion.errors import PromptError
from companion.exchange.dossier import Dossier
from companion.exchange.tables import Sheet, sheets
from companion.prompts import prompt_table, prompt_tables

_TABLES: Final = "reports/tables.ko.toml"
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


def _sheets(dossier: Dossier) -> Iterator[Sheet]:
    activities = {str(table["id"]): str(table["title"]) for table in prompt_tables("activities").values()}
    try:
        yield from sheets(dossier, prompt_table(_TABLES), activities)
    except KeyError as error:
        raise PromptError("prompts.table_broken", file=_TABLES, where=str(error)) from error
