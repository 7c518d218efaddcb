"""The keys of the record: every way in, every wrong key, and every change of them cut short."""

from __future__ import annotations

import json
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import keyring.backend
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companion.errors import KeyRefused, StorageFull, StoreBusy, StoreDamaged, StoreUnreadable, WrongKey
from companion.store import cipher
from companion.store.database import Stamp
from companion.store.opening import Place, open_record
from companion.store.rotation import rotate
from companion.store.vault.places import Method
from companion.store.vault.recovery import code_bytes, new_code
from companion.store.vault.vault import Vault
from companion.store.vault.wrapping import Secrets, unwrap, wrap
from tests.fakes.clock import FakeClock
from tests.records import PASSPHRASE, agreeing, new_session, opened, read_last, record_in, turn

METHODS = list(Method)


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A real backend of the keyring library, in memory: this machine has no desktop to keep one."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def memory_keyring() -> Iterator[MemoryKeyring]:
    before, made = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def asked(passphrase: str = PASSPHRASE) -> Callable[[], str]:
    return lambda: passphrase


def fill(folder: Path, method: Method = Method.FILE) -> Place:
    """Make a record that holds one turn."""
    place = Place(folder)
    record = open_record(place, stamp=Stamp("device"), now=FakeClock().now, ask=asked(), method=method)
    session_id = record.conversations.start_session(new_session(agreeing(record)))
    record.conversations.add_turn(session_id, 1, turn("들어 봐"))
    record.close()
    return place


def words(folder: Path) -> list[str]:
    with record_in(folder) as record:
        return [kept.heard for kept in read_last(record)[1]]


@pytest.mark.parametrize("method", METHODS)
def test_each_way_in_opens_the_record_again(tmp_path: Path, memory_keyring: MemoryKeyring, method: Method) -> None:
    """Key file, keyring and passphrase."""
    place = fill(tmp_path / "record", method)

    assert Vault(place.vault).method is method
    assert words(tmp_path / "record") == ["들어 봐"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("following", METHODS)
def test_a_changed_key_opens_and_the_old_one_does_not(
    tmp_path: Path, memory_keyring: MemoryKeyring, method: Method, following: Method
) -> None:
    """Every page is under a new key, whichever way in was and is chosen."""
    place = fill(tmp_path / "record", method)
    (before,) = Vault(place.vault).candidates(asked())

    rotate(place, method=following, ask=asked(), ask_new=asked())

    assert not cipher.opens(place.file, before.data_key)
    assert (Vault(place.vault).method, Vault(place.vault).generation) == (following, 2)
    assert words(tmp_path / "record") == ["들어 봐"]
    assert len(list(place.folder.glob("record.*.key"))) == (following is Method.FILE)
    assert len(memory_keyring.kept) == (following is Method.KEYRING)


def test_the_recovery_code_opens_a_record_whose_key_is_lost(tmp_path: Path) -> None:
    """A new key and a new code come of it; the old code opens nothing any more."""
    place = fill(tmp_path / "record")
    code = rotate(place, method=Method.FILE, ask=asked(), ask_new=asked())
    next(place.folder.glob("record.*.key")).unlink()

    new = rotate(place, method=Method.FILE, ask=asked(), ask_new=asked(), code=code.lower().replace("-", " "))

    assert words(tmp_path / "record") == ["들어 봐"]
    assert new != code
    with pytest.raises(WrongKey):
        rotate(place, method=Method.FILE, ask=asked(), ask_new=asked(), code=code)


@pytest.mark.parametrize("code", ["", "ABCDE", new_code(), "U" * 25], ids=["empty", "short", "another", "no code"])
def test_a_wrong_code_changes_nothing(tmp_path: Path, code: str) -> None:
    """It is refused in one sentence and the files stay as they were."""
    place = fill(tmp_path / "record")
    before = {path.name: path.read_bytes() for path in place.folder.iterdir()}

    with pytest.raises(WrongKey):
        rotate(place, method=Method.FILE, ask=asked(), ask_new=asked(), code=code)

    assert {path.name: path.read_bytes() for path in place.folder.iterdir()} == before


def test_a_wrong_passphrase_changes_nothing(tmp_path: Path) -> None:
    """The record is untouched, however often it is tried."""
    place = fill(tmp_path / "record", Method.PASSPHRASE)
    before = place.file.read_bytes(), place.vault.read_bytes()

    with pytest.raises(WrongKey):
        open_record(place, stamp=Stamp("device"), now=FakeClock().now, ask=asked("something else"))

    assert (place.file.read_bytes(), place.vault.read_bytes()) == before


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    """It would be guessed."""
    with pytest.raises(KeyRefused) as refused:
        Vault.create(tmp_path / "record.vault", Method.PASSPHRASE, asked("short"))

    assert refused.value.key == "vault.passphrase_short"


def spoil_open(path: Path) -> None:
    path.chmod(0o640)


def spoil_text(path: Path) -> None:
    path.write_text("no key\n", encoding="utf-8")


def spoil_bytes(path: Path) -> None:
    path.write_bytes(b"\xff" * 32)


@pytest.mark.parametrize(
    ("spoil", "key"),
    [
        (spoil_open, "vault.key_file_open"),
        (Path.unlink, "vault.key_file_missing"),
        (spoil_text, "vault.no_key_in_it"),
        (spoil_bytes, "vault.key_file_unreadable"),
    ],
)
def test_a_key_file_that_cannot_be_trusted_is_refused(tmp_path: Path, spoil: Callable[[Path], None], key: str) -> None:
    """Readable by others, gone, or no key: each is said, and nothing is touched."""
    place = fill(tmp_path / "record")
    spoil(place.folder / "record.1.key")
    before = place.file.read_bytes()

    with pytest.raises(KeyRefused) as refused:
        opened(tmp_path / "record")

    assert refused.value.key == key
    assert place.file.read_bytes() == before


def test_a_key_of_another_record_is_a_wrong_key(tmp_path: Path) -> None:
    """Keys are not mixed up silently."""
    place = fill(tmp_path / "record")
    (place.folder / "record.1.key").write_text(secrets.token_hex(32) + "\n", encoding="ascii")

    with pytest.raises(WrongKey):
        opened(tmp_path / "record")


def test_without_a_keyring_one_sentence_says_so(tmp_path: Path) -> None:
    """A machine without a desktop has none."""
    import keyring.backends.fail

    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
    try:
        with pytest.raises(KeyRefused) as refused:
            Vault.create(tmp_path / "record.vault", Method.KEYRING, asked())
    finally:
        keyring.set_keyring(before)

    assert refused.value.key == "vault.no_keyring"


STEPS = ("begin", "pages", "end")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_a_rotation_cut_short_anywhere_leaves_a_record_that_opens(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    after: bool,  # noqa: FBT001
) -> None:
    """Before or after the new keys are written, the pages are, or the old keys are dropped."""
    place = fill(tmp_path / "record")

    class PowerCut(BaseException):
        """The process is gone: nothing cleans up after it."""

    def cut(real: Callable[..., object]) -> Callable[..., object]:
        def broken(*arguments: object, **named: object) -> object:
            if after:
                real(*arguments, **named)
            raise PowerCut

        return broken

    where = {"begin": (Vault, "begin_rotation"), "pages": (cipher, "change_key"), "end": (Vault, "end_rotation")}
    owner, name = where[step]
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, cut(getattr(owner, name)))
        with pytest.raises(PowerCut):
            rotate(place, method=Method.FILE, ask=asked(), ask_new=asked())

    assert words(tmp_path / "record") == ["들어 봐"]
    assert not Vault(place.vault).is_rotating
    rotate(place, method=Method.FILE, ask=asked(), ask_new=asked())
    assert words(tmp_path / "record") == ["들어 봐"]


def test_a_full_disk_in_a_rotation_leaves_the_old_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said, and the record opens as before."""
    place = fill(tmp_path / "record")

    def full(*_: object) -> None:
        raise cipher.MODULE.OperationalError("database or disk is full")

    monkeypatch.setattr(cipher, "change_key", full)

    with pytest.raises(StorageFull):
        rotate(place, method=Method.FILE, ask=asked(), ask_new=asked())

    assert Vault(place.vault).generation == 1
    assert words(tmp_path / "record") == ["들어 봐"]


def test_nobody_changes_the_key_under_an_open_record(tmp_path: Path) -> None:
    """Whoever has it open would read nothing but noise."""
    place = fill(tmp_path / "record")

    with record_in(tmp_path / "record"), pytest.raises(StoreBusy):
        rotate(place, method=Method.FILE, ask=asked(), ask_new=asked())


def test_a_vault_that_is_gone_or_damaged_is_said_and_nothing_is_made_anew(tmp_path: Path) -> None:
    """A new vault beside an old record would lock it for ever."""
    place = fill(tmp_path / "record")
    kept = place.vault.read_bytes()
    place.vault.unlink()
    with pytest.raises(StoreUnreadable) as missing:
        opened(tmp_path / "record")
    place.vault.write_bytes(kept[: len(kept) // 2])
    with pytest.raises(StoreUnreadable) as damaged:
        opened(tmp_path / "record")

    assert (missing.value.key, damaged.value.key) == ("vault.missing", "vault.unreadable")


def test_a_vault_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    """An old program does not guess."""
    place = fill(tmp_path / "record")
    table = json.loads(place.vault.read_text(encoding="utf-8"))
    place.vault.write_text(json.dumps({**table, "format": 99}), encoding="utf-8")

    with pytest.raises(StoreUnreadable) as refused:
        opened(tmp_path / "record")

    assert refused.value.key == "vault.newer_version"


def test_a_record_that_is_gone_is_not_begun_again_silently(tmp_path: Path) -> None:
    """A vault without its record says that something was lost."""
    place = fill(tmp_path / "record")
    place.file.unlink()

    with pytest.raises(StoreUnreadable) as refused:
        opened(tmp_path / "record")

    assert refused.value.key == "store.record_missing"


@pytest.mark.parametrize("at", [0, 20, 5000, -100])
def test_a_changed_byte_anywhere_is_found_when_the_record_is_opened(tmp_path: Path, at: int) -> None:
    """Pages are sealed: what was changed is not read as if it were true."""
    place = fill(tmp_path / "record")
    damaged = bytearray(place.file.read_bytes())
    damaged[at] ^= 0xFF
    place.file.write_bytes(damaged)

    with pytest.raises(StoreDamaged):
        opened(tmp_path / "record")

    assert place.file.read_bytes() == damaged


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=32, max_size=32), st.text(max_size=20), st.integers(0, 107))
def test_wrapped_secrets_open_with_their_key_in_their_place_only(key: bytes, place: str, changed: int) -> None:
    """Another place, another key or one changed byte opens nothing."""
    contents = Secrets.new()
    wrapped = wrap(contents, key, bound_to=place)

    assert unwrap(wrapped, key, bound_to=place) == contents
    spoilt = bytearray(wrapped)
    spoilt[changed % len(wrapped)] ^= 1
    for bad, with_key, bound_to in (
        (wrapped, key, place + "x"),
        (wrapped, bytes(32) if key != bytes(32) else b"1" * 32, place),
        (bytes(spoilt), key, place),
    ):
        with pytest.raises(WrongKey):
            unwrap(bad, with_key, bound_to=bound_to)


def test_a_code_reads_the_same_however_it_is_typed() -> None:
    """Lower case, blanks, and the letters that are taken for digits."""
    code = new_code()

    assert code_bytes(code) == code_bytes(code.lower().replace("-", "  "))
    assert code_bytes("O" + "1" * 24) == code_bytes("0" + "I" * 12 + "l" * 12)


def test_secrets_show_nothing_of_themselves() -> None:
    """No log or traceback prints a key."""
    contents = Secrets.new()

    assert contents.data_key.hex() not in repr(contents)


def test_keys_and_vault_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    """Also while they are written."""
    os.umask(0o000)
    place = fill(tmp_path / "record")
    os.umask(0o022)

    assert {stat.S_IMODE(path.stat().st_mode) for path in (place.vault, place.folder / "record.1.key")} == {0o600}
