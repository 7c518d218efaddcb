"""Who is at the keyboard: the token of a sign-in between two commands, and the viewer that it opens."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from companion.config import home_folder
from companion.errors import SignInRefused

if TYPE_CHECKING:
    from companion.core.access import Action, Identity
    from companion.store.record import Record
    from companion.store.verification import Verified
    from companion.store.viewing import Viewer


def token_file() -> Path:
    """Return where the token of whoever is signed in lies: with the login of the system, or in the home folder."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if not runtime:
        return home_folder() / "sign-in"
    record = hashlib.sha256(str(home_folder().resolve()).encode()).hexdigest()[:16]
    return Path(runtime) / f"companion-{record}.sign-in"


def kept_token() -> str | None:
    """Return the token of whoever is signed in, or None.

    Raises:
        SignInRefused: Others can read it.
    """
    return _secret_in(token_file())


def pass_file() -> Path:
    """Return where the pass of a schedule lies: a schedule runs without the login of anybody."""
    return home_folder() / "schedule.pass"


def kept_pass() -> str | None:
    """Return the pass by which a schedule of this device reads, or None.

    Raises:
        SignInRefused: Others can read it.
    """
    return _secret_in(pass_file())


def _secret_in(file: Path) -> str | None:
    """Return what a file holds, or None.

    Raises:
        SignInRefused: Others can read it.
    """
    with suppress(OSError):
        if stat.S_IMODE(file.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
            raise SignInRefused("access.token_readable", file=file)
    return _text_of(file)


def _text_of(file: Path) -> str | None:
    try:
        return file.read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def keep_token(token: str) -> None:
    """Keep a token for the commands that follow, readable by its owner only.

    Raises:
        StorageFull: It could not be written.
    """
    from companion.store.durable import write_whole

    write_whole(token_file(), token.encode("ascii") + b"\n")


def give_pass(record: Record) -> str:
    """Let the schedules of this device read the overview for whoever is signed in; return the name of the account.

    Raises:
        AccessError: Nobody is signed in, or there is no account.
        StorageFull: It could not be kept.
    """
    from companion.store.durable import write_whole

    here = whoever_is_here(record)
    given, before = record.passes.give(here), kept_pass()
    write_whole(pass_file(), given.encode("ascii") + b"\n")
    if before is not None:
        record.passes.end(before)
    return record.accounts.own(here).name


def end_pass(record: Record) -> None:
    """Let no schedule of this device read any more; where none did it is no trouble.

    Whoever may remove the file may end the pass: nobody has to be signed in to take a right back.

    Raises:
        StorageFull: It could not be noted; the file is gone all the same.
    """
    kept = _text_of(pass_file())
    pass_file().unlink(missing_ok=True)
    if kept is not None:
        record.passes.end(kept)


def forget_token() -> None:
    """Remove the token; one that is gone already is no trouble."""
    token_file().unlink(missing_ok=True)


def whoever_is_here(record: Record) -> Identity:
    """Return who is signed in, or the owner where there is no account.

    Raises:
        SignInRefused: There are accounts and nobody is signed in, or not any more.
    """
    return record.accounts.whoami(kept_token())


def name_here(record: Record) -> str:
    """Return the name of the account that is signed in; empty for the owner of a device without accounts.

    Raises:
        SignInRefused: There are accounts and nobody is signed in, or not any more.
    """
    from companion.core.access import OWNER

    here = whoever_is_here(record)
    return "" if here == OWNER else record.accounts.own(here).name


def authorise(record: Record, action: Action, person_id: str = "", **details: object) -> None:
    """Note what whoever is here is about to do to people, and refuse it to all but administrators and the owner.

    Raises:
        AccessError: They may not.
        StorageFull: It could not be noted: it must not be done.
    """
    record.administration.authorise(whoever_is_here(record), action, person_id, details)


def let_in_again(record: Record, code: str, name: str, password: str) -> None:
    """Give an administrator who forgot theirs a new password, by the recovery code of the record.

    Raises:
        WrongKey: It is not the code of this record; nothing was changed.
        InputError: There is no such administrator, or the password is unfit.
        StorageFull: Nothing could be written.
    """
    from companion.store.rotation import vault_of
    from companion.wiring.record import record_place

    vault_of(record_place()).recovered(code)
    record.accounts.recover(name, password)


def viewer(record: Record, token: str | None = None) -> Viewer:
    """Return what may be read of a record by whoever a token is: by default whoever is signed in at this device.

    Raises:
        SignInRefused: There are accounts and nobody is signed in, or not any more.
    """
    from companion.store.viewing import Viewer

    identity = record.accounts.whoami(kept_token() if token is None else token)
    return Viewer(record.database, record.audit, identity)


def verified(record: Record) -> Verified:
    """Look through the whole audit; it shows no content, so that nobody has to be signed in.

    Raises:
        StoreUnreadable: It cannot be read at all.
    """
    from companion.store.verification import verify

    return verify(record.database, record.audit_key, record.audit.anchors)
