"""Opens SQLite files whose every page is encrypted (SQLCipher, AES-256-CBC with HMAC-SHA-512 a page).

The key is raw (32 random bytes from the vault), so no derivation slows an opening. Temporary tables and sorts stay in
memory: nothing readable reaches the disk.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as dbapi

from companion.errors import StorageFull, StoreDamaged

MODULE: Final = dbapi
_BUSY_SECONDS: Final = 30
_PLAIN: Final = b"SQLite format 3\0"
_PRAGMAS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "secure_delete=ON",
    "journal_size_limit=16777216",
    "cache_size=-16384",
)


def connect(path: Path, key: bytes | None, *, pragmas: bool = True) -> dbapi.Connection:
    """Open a file with its key, or without one where it is not encrypted; transactions are begun by hand.

    Raises:
        sqlcipher3.dbapi2.DatabaseError: The key does not fit, or the file is no database.
    """
    connection = dbapi.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA cipher_log_level = NONE")
        if key is not None:
            cursor.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        cursor.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for pragma in _PRAGMAS if pragmas else ():
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
    except BaseException:
        connection.close()
        raise
    return connection


def opens(path: Path, key: bytes) -> bool:
    """Return whether a key fits a file; one that is not there or empty fits any key.

    Raises:
        StorageFull: Nobody can say: the disk is full or fails, and even reading needs a file beside it.
    """
    if not path.exists() or path.stat().st_size == 0:
        return True
    try:
        connect(path, key, pragmas=False).close()
    except dbapi.OperationalError:
        raise StorageFull("store.cannot_write", file=path) from None
    except dbapi.DatabaseError:
        return False
    return True


def is_plain(path: Path) -> bool:
    """Return whether a file is a database without encryption, as the first version wrote it."""
    try:
        with path.open("rb") as file:
            return file.read(len(_PLAIN)) == _PLAIN
    except OSError:
        return False


def encrypt(plain: Path, target: Path, key: bytes) -> None:
    """Write what a file without encryption holds into an encrypted one that is not there yet.

    Raises:
        sqlcipher3.dbapi2.DatabaseError: It cannot be read, or the other not written.
    """
    with closing(connect(plain, None, pragmas=False)) as connection:
        connection.execute(f"ATTACH DATABASE ? AS sealed KEY \"x'{key.hex()}'\"", (str(target),))
        connection.execute("SELECT sqlcipher_export('sealed')").fetchone()
        connection.execute("DETACH DATABASE sealed")


def change_key(path: Path, old: bytes, new: bytes) -> None:
    """Encrypt a whole file anew, in one transaction: it opens with the old key or with the new.

    Raises:
        sqlcipher3.dbapi2.DatabaseError: It is in use or cannot be written.
    """
    with closing(connect(path, old)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def check_whole(connection: dbapi.Connection, place: Path) -> None:
    """Look at every page of an open file: its seal, and how they hang together (about 7 ms a megabyte).

    Raises:
        StoreDamaged: A page is not what was written.
    """
    seals: list[Any] = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    if seals:
        raise StoreDamaged("store.damaged", file=place)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchall()
    except dbapi.DatabaseError:
        raise StoreDamaged("store.damaged", file=place) from None
    if found != [("ok",)]:
        raise StoreDamaged("store.damaged", file=place)
