"""Files sealed with a passphrase: a ZIP with AES-256 (WinZip AE-2), which 7-Zip and 반디집 open.

The names of the files in it can be read without the passphrase, so they name nobody. The format stretches a passphrase
by 1000 rounds only: it is as strong as the passphrase is long, and a weak one is refused.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

import pyzipper

LEAST: Final = 15
"""Characters. Source: NIST SP 800-63B-4, section 3.1.1.2, for a password that stands alone."""
DIGITS: Final = 25
"""Characters of a passphrase without any letter: a telephone number and two birthdays are none."""
_DIFFERENT: Final = 6
_FIRST_YEAR: Final = 1980


class Weakness(StrEnum):
    """Why a passphrase is refused."""

    LETTERS = "letters"
    """It holds something other than Latin letters, digits and marks: programs that open the file elsewhere disagree on
    how those are written, and the file would stay shut."""
    SHORT = "short"
    DIGITS = "digits"
    """It has no letter."""
    REPEATED = "repeated"
    """Too few different characters."""


def weakness(passphrase: str) -> Weakness | None:
    """Return why a passphrase may not seal a record; None where it may."""
    if not (passphrase.isascii() and passphrase.isprintable()):
        return Weakness.LETTERS
    if len(passphrase) < LEAST:
        return Weakness.SHORT
    if len(passphrase) < DIGITS and not any(letter.isalpha() for letter in passphrase):
        return Weakness.DIGITS
    return Weakness.REPEATED if len(set(passphrase)) < _DIFFERENT else None


def sealed(files: Mapping[str, bytes], passphrase: str, at: datetime) -> bytes:
    """Return a ZIP of files, each encrypted.

    Args:
        files: Bytes by name.
        passphrase: Looked at by ``weakness`` before.
        at: Aware; the time of the entries.
    """
    archive = io.BytesIO()
    with pyzipper.AESZipFile(archive, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as packed:
        packed.setpassword(passphrase.encode("ascii"))
        packed.setencryption(pyzipper.WZ_AES, nbits=256)
        for name, content in files.items():
            entry = pyzipper.zipfile_aes.AESZipInfo(name, _moment(at))
            entry.compress_type = pyzipper.ZIP_DEFLATED
            packed.writestr(entry, content)
    return archive.getvalue()


def _moment(at: datetime) -> tuple[int, int, int, int, int, int]:
    if at.year < _FIRST_YEAR:
        return (_FIRST_YEAR, 1, 1, 0, 0, 0)
    return (at.year, at.month, at.day, at.hour, at.minute, at.second)
