"""The vault: a small file beside the record that holds its secrets, wrapped once for every way of opening it.

    {"format": 1, "id": …, "current": {"generation": 3, "slots": […]}, "next": null or {…}}

Two slots always: the method of every day (key file, keyring or passphrase) and the recovery code. A rotation first
writes the wrapped new secrets as ``next``, then changes the key of the database, then makes ``next`` the ``current``:
whenever the power goes, one of the two opens the database (see ``Vault.candidates``).
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from companion.errors import KeyRefused, StoreUnreadable, WrongKey
from companion.store.durable import write_whole
from companion.store.vault import places
from companion.store.vault.places import Ask, Method
from companion.store.vault.recovery import code_bytes, new_code
from companion.store.vault.wrapping import SALT_BYTES, Secrets, key_of_code, unwrap, wrap

_FORMAT: Final = 1
_RECOVERY: Final = "recovery"


@dataclass(frozen=True, slots=True)
class _Slot:
    kind: str
    """A ``Method``, or ``recovery``."""
    name: str
    """Where the key lies: file name beside the vault, or account in the keyring."""
    salt: str
    wrapped: str
    """Nonce and ciphertext, base 64."""


@dataclass(frozen=True, slots=True)
class _Generation:
    number: int
    slots: tuple[_Slot, ...]

    def slot(self, kind: str) -> _Slot | None:
        """Return the slot of a kind."""
        return next((slot for slot in self.slots if slot.kind == kind), None)

    @property
    def method(self) -> Method:
        """The method of every day."""
        return next(Method(slot.kind) for slot in self.slots if slot.kind != _RECOVERY)


class Vault:
    """The vault of one record.

    Args:
        path: The file; it must be there (see ``create``).
        keys: Folder in which its key files lie; its own folder where none is given.

    Raises:
        StoreUnreadable: It is missing, damaged or of a newer version.
    """

    def __init__(self, path: Path, *, keys: Path | None = None) -> None:
        self._path = path
        self._keys = keys or path.parent
        try:
            table = json.loads(path.read_text(encoding="utf-8"))
            if table["format"] > _FORMAT:
                raise StoreUnreadable("vault.newer_version", file=path)
            self.id = str(table["id"])
            self._current = _generation(table["current"])
            self._next = None if table["next"] is None else _generation(table["next"])
        except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, ValueError):
            raise StoreUnreadable("vault.unreadable", file=path) from None

    @classmethod
    def create(cls, path: Path, method: Method, ask: Ask) -> tuple[Vault, Secrets, str]:
        """Make a vault with fresh secrets; return it, the secrets, and the recovery code to print once.

        Raises:
            KeyRefused: The method cannot be used here.
            StorageFull: The vault or its key file could not be written.
        """
        identity, contents, code = str(uuid4()), Secrets.new(), new_code()
        generation = _sealed(identity, 1, contents, (method, ask, code), path.parent)
        _write(path, identity, generation, None)
        return cls(path), contents, code

    @property
    def method(self) -> Method:
        """What opens it day by day."""
        return self._current.method

    @property
    def generation(self) -> int:
        """How often its key was changed, plus one."""
        return self._current.number

    @property
    def is_rotating(self) -> bool:
        """Whether a rotation was begun and not ended."""
        return self._next is not None

    def candidates(self, ask: Ask) -> tuple[Secrets, ...]:
        """Return what may open the database: one, or after a rotation that was cut short two, the older first.

        A passphrase is asked for once and tried on both.

        Raises:
            WrongKey: The passphrase or key belongs to another vault.
            KeyRefused: The key cannot be used where and how it lies.
        """
        asked: list[str] = []

        def once() -> str:
            asked[:] = asked or [ask()]
            return asked[0]

        found, troubles = [], []
        for generation in filter(None, (self._current, self._next)):
            try:
                found.append(self._opened(generation, once))
            except (WrongKey, KeyRefused) as error:
                troubles.append(error)
        if not found:
            raise troubles[0]
        return tuple(found)

    def recovered(self, code: str) -> tuple[Secrets, ...]:
        """Return what may open the database, taken out with the recovery code.

        Raises:
            WrongKey: It is not the code of this vault.
        """
        typed = code_bytes(code)
        found = []
        for generation in filter(None, (self._current, self._next)):
            slot = generation.slot(_RECOVERY)
            if slot is not None:
                key = key_of_code(typed, base64.b64decode(slot.salt))
                try:
                    found.append(unwrap(base64.b64decode(slot.wrapped), key, bound_to=self._place(generation, slot)))
                except WrongKey:
                    continue
        if not found:
            raise WrongKey("vault.wrong_code")
        return tuple(found)

    def begin_rotation(self, contents: Secrets, method: Method, ask: Ask, *, above: int = 0) -> str:
        """Write ``contents`` as what comes next; return the new recovery code, to be printed when all is done.

        Args:
            contents: The new secrets.
            method: Where their key will lie.
            ask: Asks for a new passphrase.
            above: A generation whose key is not to be overwritten, that of another vault beside this one.

        Raises:
            KeyRefused: The method cannot be used here.
            StorageFull: Nothing could be written.
        """
        code = new_code()
        number = max(self._current.number, above) + 1
        self._next = _sealed(self.id, number, contents, (method, ask, code), self._keys)
        _write(self._path, self.id, self._current, self._next)
        return code

    def end_rotation(self, *, moved: bool, forget: bool = True) -> None:
        """Make what was begun the only way in, or with ``moved=False`` drop it; keys of no use are forgotten.

        Args:
            moved: Whether the new secrets open the database now.
            forget: False leaves the dropped key where it lies, since another vault may still need it.

        Raises:
            StorageFull: Nothing could be written.
        """
        if self._next is None:
            return
        kept, dropped = (self._next, self._current) if moved else (self._current, self._next)
        _write(self._path, self.id, kept, None)
        self._current, self._next = kept, None
        for slot in dropped.slots if forget else ():
            if slot.kind != _RECOVERY and slot.name:
                places.forget_key(Method(slot.kind), _named(slot, self._keys))

    def _opened(self, generation: _Generation, ask: Ask) -> Secrets:
        slot = generation.slot(generation.method)
        assert slot is not None  # noqa: S101 - the method was read from it
        salt = base64.b64decode(slot.salt)
        key = places.find_key(generation.method, _named(slot, self._keys), salt, ask)
        return unwrap(base64.b64decode(slot.wrapped), key, bound_to=self._place(generation, slot))

    def _place(self, generation: _Generation, slot: _Slot) -> str:
        return _bound(self.id, generation.number, slot.kind)


def _bound(identity: str, number: int, kind: str) -> str:
    return f"{identity}/{number}/{kind}"


def _named(slot: _Slot, folder: Path) -> str:
    return str(folder / slot.name) if slot.kind == Method.FILE else slot.name


def _sealed(
    identity: str, number: int, contents: Secrets, opened_by: tuple[Method, Ask, str], folder: Path
) -> _Generation:
    """Make the keys of one generation and wrap the secrets under each."""
    method, ask, code = opened_by
    names = {Method.FILE: f"record.{number}.key", Method.KEYRING: f"{identity}/{number}", Method.PASSPHRASE: ""}
    salt, code_salt = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(SALT_BYTES)
    name = names[method]
    key = places.new_key(method, str(folder / name) if method is Method.FILE else name, salt, ask)
    slots = (
        _slot(method, name, salt, wrap(contents, key, bound_to=_bound(identity, number, method))),
        _slot(
            _RECOVERY,
            "",
            code_salt,
            wrap(contents, key_of_code(code_bytes(code), code_salt), bound_to=_bound(identity, number, _RECOVERY)),
        ),
    )
    return _Generation(number, slots)


def _slot(kind: str, name: str, salt: bytes, wrapped: bytes) -> _Slot:
    return _Slot(kind, name, base64.b64encode(salt).decode(), base64.b64encode(wrapped).decode())


def _generation(table: Mapping[str, Any]) -> _Generation:
    generation = _Generation(int(table["generation"]), tuple(_Slot(**slot) for slot in table["slots"]))
    kinds = [slot.kind for slot in generation.slots]
    if sorted(kind == _RECOVERY for kind in kinds) != [False, True]:
        raise ValueError("a generation has one daily slot and one recovery slot")
    try:
        for slot in generation.slots:
            base64.b64decode(slot.salt, validate=True), base64.b64decode(slot.wrapped, validate=True)
    except binascii.Error as error:
        raise ValueError("not base 64") from error
    _ = generation.method
    return generation


def _write(path: Path, identity: str, current: _Generation, following: _Generation | None) -> None:
    table = {
        "format": _FORMAT,
        "id": identity,
        "current": _table(current),
        "next": None if following is None else _table(following),
    }
    write_whole(path, json.dumps(table, indent=1).encode() + b"\n")


def _table(generation: _Generation) -> dict[str, object]:
    return {"generation": generation.number, "slots": [asdict(slot) for slot in generation.slots]}
