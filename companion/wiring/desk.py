"""The door through which screens see the record: who is there, what they may read, and a record that may go away.

A reading is a function of a ``Desk``, called on a thread of the screens' workers; it goes through the viewer, so every
look is allowed and audited anew. A record whose file vanished or was replaced is let go and opened again at the next
look: nothing of the screens is lost by that.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol, TypeVar

from companion.config import Settings
from companion.core.access import OWNER, Identity, Role
from companion.errors import CompanionError, StoreError, StoreUnreadable
from companion.wiring.access import forget_token, kept_token

if TYPE_CHECKING:
    from companion.store.place import Place
    from companion.store.record import Record
    from companion.store.viewing import Viewer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever is at the screens."""

    name: str
    """Of the account; empty for the owner of a device without accounts."""
    role: Role | None
    """None for that owner."""

    @property
    def may_administer(self) -> bool:
        """Whether accounts and the audit are open to them."""
        return self.role in (None, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a reading works with."""

    record: Record
    viewer: Viewer
    settings: Settings
    now: datetime


class Door(Protocol):
    """What the screens know of the record."""

    settings: Settings

    def now(self) -> datetime:
        """Return the wall clock, aware."""
        ...

    def who(self) -> Who:
        """Return who is signed in.

        Raises:
            SignInRefused: There are accounts and nobody is signed in, or not any more.
            StoreError: The record cannot be read.
        """
        ...

    def sign_in(self, name: str, password: str) -> Who:
        """Begin a sign-in.

        Raises:
            SignInRefused: Name or password is wrong, or too many were.
            StoreError: The record cannot be read or written.
        """
        ...

    def sign_out(self) -> None:
        """End the sign-in; one that is over is no trouble."""
        ...

    def look(self, reading: Callable[[Desk], T]) -> T:
        """Return what a reading finds.

        Raises:
            AccessError: It may not be read.
            StoreError: The record cannot be read now.
        """
        ...

    def pulse(self) -> str:
        """Return something that is another when the record was written to by anybody else; it shows nothing of it."""
        ...


class RecordDoor:
    """The door to the record of this device.

    Args:
        place: Where it lies.
        opener: Opens it; called again after it went away, and never for a record that is not there.
        settings: Of this device.
        now: The wall clock, aware.
        kept_sign_in: Whether whoever signed in at this device counts; False for whoever comes from elsewhere.
    """

    def __init__(
        self,
        place: Place,
        opener: Callable[[], Record],
        settings: Settings,
        now: Callable[[], datetime],
        *,
        kept_sign_in: bool = True,
    ) -> None:
        self.settings = settings
        self._place = place
        self._opener = opener
        self._now = now
        self._kept_sign_in = kept_sign_in
        self._own_token: str | None = None
        self._record: Record | None = None
        self._file: tuple[int, int] | None = None
        self._opening = Lock()

    def now(self) -> datetime:
        """Return the wall clock, aware."""
        return self._now()

    def who(self) -> Who:
        """Return who is signed in; see ``Door``."""
        return self._guarded(lambda record: self._named(record, record.accounts.whoami(self._token())))

    def sign_in(self, name: str, password: str) -> Who:
        """Begin a sign-in that ends with the screens; see ``Door``."""

        def entered(record: Record) -> Who:
            self._own_token = record.accounts.sign_in(name, password)
            return self._named(record, record.accounts.whoami(self._own_token))

        return self._guarded(entered)

    def enter_by_pass(self, given: str) -> None:
        """Begin a sign-in that ends with ``close``, by the pass of a schedule.

        Raises:
            SignInRefused: The pass is over.
            StoreError: The record cannot be read or written.
        """

        def entered(record: Record) -> None:
            self._own_token = record.passes.enter(given)

        self._guarded(entered)

    def sign_out(self) -> None:
        """End the sign-in, that of the device too where it was the one that counted."""
        token, kept = self._token(), self._own_token is None and self._kept_sign_in
        self._own_token = None
        with suppress(CompanionError):
            self._guarded(lambda record: record.accounts.sign_out(token))
        if kept:
            forget_token()

    def look(self, reading: Callable[[Desk], T]) -> T:
        """Return what a reading finds; see ``Door``."""
        from companion.store.viewing import Viewer

        def looked(record: Record) -> T:
            identity = record.accounts.whoami(self._token())
            viewer = Viewer(record.database, record.audit, identity)
            return reading(Desk(record, viewer, self.settings, self._now()))

        return self._guarded(looked)

    def pulse(self) -> str:
        """Return something that changes with the record; see ``Door``."""
        from companion.store.pulse import pulse

        return self._guarded(lambda record: pulse(record.database))

    def close(self) -> None:
        """End what was begun here and let the record go."""
        if self._own_token is not None:
            self.sign_out()
        self._let_go()

    def _token(self) -> str | None:
        if self._own_token is not None or not self._kept_sign_in:
            return self._own_token
        return kept_token()

    def _named(self, record: Record, identity: Identity) -> Who:
        if identity == OWNER:
            return Who("", None)
        account = record.accounts.own(identity)
        return Who(account.name, account.role)

    def _guarded(self, use: Callable[[Record], T]) -> T:
        record = self._opened()
        try:
            return use(record)
        except StoreError as error:
            if error.is_permanent:
                self._let_go()
            raise

    def _opened(self) -> Record:
        """Return the record, opened if need be: the file that is there now, not one that was moved away.

        Raises:
            StoreUnreadable: There is none.
            StoreError: It cannot be opened.
            VaultError: Its key is wrong or cannot be used.
        """
        with self._opening:
            here = None if self._place.server_url else _identity(self._place.file)
            if self._record is not None and here == self._file and (here or self._place.server_url):
                return self._record
            self._let_go()
            if not self._place.exists or (here is None and not self._place.server_url):
                raise StoreUnreadable("access.no_record")
            self._record = self._opener()
            self._file = None if self._place.server_url else _identity(self._place.file)
            return self._record

    def _let_go(self) -> None:
        record, self._record = self._record, None
        if record is not None:
            with suppress(CompanionError):
                record.close()


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def door_here(
    settings: Settings, now: Callable[[], datetime], ask: Callable[[], str], *, kept_sign_in: bool = True
) -> RecordDoor:
    """Return the door to the record of this device, which is opened at the first look: a large one takes seconds.

    Args:
        settings: Of this device.
        now: The wall clock, aware.
        ask: Asks for the passphrase, where one opens the record; asked once, while there is a terminal to ask at.
        kept_sign_in: Whether whoever signed in at this device counts.

    Raises:
        VaultError: Its key is wrong or cannot be used.
    """
    from companion.store.vault.vault import Vault
    from companion.wiring.record import record_place, stamp

    given: list[str] = []

    def asked_once() -> str:
        if not given:
            given.append(ask())
        return given[0]

    place = record_place(settings)

    def opened() -> Record:
        # The database takes half a second to load: not before the screens stand.
        from companion.store import opening

        return opening.open_record(place, stamp=stamp(settings), now=now, ask=asked_once)

    if place.vault.exists():
        Vault(place.vault).candidates(asked_once)
    return RecordDoor(place, opened, settings, now, kept_sign_in=kept_sign_in)
