"""The form that takes a person's record out as files: what kind, since when, where to, and sealed with what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from companion.dashboard.widgets.form import Blank, Form, Typed
from companion.dashboard.words import say
from companion.errors import InputError
from companion.wiring.desk import Desk

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.exchange.dossier import Dossier
    from companion.wiring.export_files import Finished

_KINDS: Final = ("pdf", "family", "xlsx", "csv")
_PRINTED: Final = ("pdf", "family")


def export_form(person: Person, done: Callable[[Path], None]) -> Form:
    """Return the form for one person.

    Args:
        person: Whose record.
        done: Told where the files are.
    """

    def doing(desk: Desk, typed: Typed) -> Path:
        return _exported(desk, person, typed)

    kinds = tuple((say(f"export.kind.{kind}"), kind) for kind in _KINDS)
    blanks = (
        Blank("kind", say("export.form.kind"), choices=kinds),
        Blank("since", say("export.form.since"), hint=say("export.form.since_hint")),
        Blank("folder", say("export.form.folder"), str(Path.home())),
        Blank("secret", say("export.form.secret"), hint=say("export.form.secret_hint"), is_secret=True),
        Blank("again", say("export.form.again"), is_secret=True),
    )
    title = say("export.form.title", name=person.name or person.address)
    return Form(title, blanks, doing, done, about=say("export.form.about"), send=say("export.form.send"))


def _exported(desk: Desk, person: Person, typed: Typed) -> Path:
    """Look at what was typed first: nothing is taken out of the record for files that cannot be made."""
    from companion.wiring.export_files import handed_over, letters
    from companion.wiring.exporting import Wish, gathered

    since, folder, secret, kind = _since(typed), _folder(typed), _secret(typed), typed["kind"]
    if kind in _PRINTED:
        letters()
    dossier = gathered(desk.viewer, person, Wish(since), kind="pdf" if kind in _PRINTED else kind)
    return handed_over(_makers()[kind](dossier), dossier, folder, secret)


def _makers() -> Mapping[str, Callable[[Dossier], Finished]]:
    from companion.wiring.export_files import csv_of, family_pdf_of, pdf_of, xlsx_of

    return {"pdf": pdf_of, "family": family_pdf_of, "xlsx": xlsx_of, "csv": csv_of}


def _since(typed: Typed) -> date | None:
    text = typed["since"].strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError("dashboard.export_day") from None


def _folder(typed: Typed) -> Path:
    folder = Path(typed["folder"].strip() or ".").expanduser()
    if not folder.is_dir():
        raise InputError("dashboard.export_folder")
    return folder


def _secret(typed: Typed) -> str | None:
    from companion.exchange.sealing import weakness

    secret = typed["secret"]
    if secret != typed["again"]:
        raise InputError("dashboard.export_differs")
    if not secret:
        return None
    if (why := weakness(secret)) is not None:
        raise InputError(f"export.weak_{why}")
    return secret
