"""One file, or a ZIP of several, from its bytes to readings that may be kept.

A file is looked through twice: first to see what it holds (``seen_in``), so that nothing is kept of one that breaks
off, then to bring the readings in. Memory does not grow with the file, but for a JSON document, whose size is bounded.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from companion.core.body import Reading
from companion.vitals.found import Choices, Format, Found, Owner, Sample, Skipped, Trouble, Unreadable
from companion.vitals.kinds import Bounds

_HEAD: Final = 1 << 16
_SLACK: Final = timedelta(days=1)
"""How far ahead of the clock a moment may lie: the clock of a meter, a zone that was told wrongly."""
_MOST_SQUEEZED: Final = 400
"""Times that a part of a ZIP may be larger than it is packed: XML of readings packs about thirty times."""
_TROUBLES_NAMED: Final = 20
_TOLD_EVERY: Final = 1000
Counted: TypeAlias = Callable[[int], None]


def nobody(_count: int) -> None:
    """Take no notice of a count."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading needs."""

    formats: Sequence[Format]
    """The first that matches reads."""
    bounds: Bounds
    choices: Choices
    now: datetime
    """Aware; what lies after it has not been measured."""

    def found_in(self, path: Path) -> Iterator[tuple[str, Found]]:
        """Yield what is found, with the name of its format; every reading is judged.

        Raises:
            Unreadable: The file, or a part of it, breaks off or holds nothing that is known.
        """
        known = False
        with _parts(path) as parts:
            for name, stream in parts:
                head = stream.read(_HEAD)
                stream.seek(0)
                sample = Sample(name, head)
                format_ = next((one for one in self.formats if one.matches(sample)), None)
                if format_ is None:
                    yield "", Skipped("part of the file")
                    continue
                known = True
                for found in _read(format_, stream, sample, self.choices):
                    yield format_.name, self.judged(found)
        if not known:
            raise Unreadable("unknown_format")

    def judged(self, found: Found) -> Found:
        """Return what is found, a reading with its quality; one that lies ahead of the clock is a trouble."""
        if not isinstance(found, Reading):
            return found
        if found.at > self.now + _SLACK:
            return Trouble("", "future")
        return self.bounds.judged(found)

    def readings(self, path: Path, counted: Counted = nobody) -> Iterator[Reading]:
        """Yield the readings of a file, judged.

        Args:
            path: Of the file.
            counted: Told now and then how many there were so far.

        Raises:
            Unreadable: As for ``found_in``.
        """
        count = 0
        for _, found in self.found_in(path):
            if isinstance(found, Reading):
                count += 1
                if not count % _TOLD_EVERY:
                    counted(count)
                yield found


@dataclass(slots=True)
class Seen:
    """What a file holds."""

    digest: str
    """SHA-256 of the file, hex."""
    formats: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    doubted: Counter[str] = field(default_factory=Counter)
    """Readings that are kept and marked, by why."""
    skipped: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)
    """The first of them."""
    owners: set[Owner] = field(default_factory=set)
    first: datetime | None = None
    last: datetime | None = None

    def note(self, format_name: str, found: Found) -> None:
        """Count one more."""
        if isinstance(found, Reading):
            self.formats[format_name] += 1
            self.kinds[found.kind] += 1
            self.doubted.update([found.quality] if found.quality else [])
            self.first = found.at if self.first is None else min(self.first, found.at)
            self.last = found.at if self.last is None else max(self.last, found.at)
        elif isinstance(found, Trouble):
            self.reasons[found.reason] += 1
            if len(self.troubles) < _TROUBLES_NAMED:
                self.troubles.append(found)
        elif isinstance(found, Owner):
            self.owners.add(found)
        else:
            self.skipped[found.what] += 1


def seen_in(reader: Reader, path: Path, counted: Counted = nobody) -> Seen:
    """Look a file through; nothing is kept.

    Args:
        reader: What reads it.
        path: Of the file.
        counted: Told now and then how much was found so far, skipped things too.

    Raises:
        Unreadable: As for ``Reader.found_in``; also where the file cannot be opened.
    """
    try:
        with path.open("rb") as file:
            seen = Seen(hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise Unreadable("cannot_open") from error
    for count, (format_name, found) in enumerate(reader.found_in(path), 1):
        seen.note(format_name, found)
        if not count % _TOLD_EVERY:
            counted(count)
    return seen


def _read(format_: Format, stream: BinaryIO, sample: Sample, choices: Choices) -> Iterator[Found]:
    try:
        yield from format_.read(stream, sample, choices)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise Unreadable("broken_zip") from error
    except OSError as error:
        raise Unreadable("cannot_open") from error


@contextmanager
def _parts(path: Path) -> Iterator[Iterator[tuple[str, BinaryIO]]]:
    """Give the parts of a ZIP, or the file itself, one after the other."""
    try:
        packed = zipfile.is_zipfile(path)
        with path.open("rb") as file:
            begins = file.read(4)
    except OSError as error:
        raise Unreadable("cannot_open") from error
    if not packed and begins.startswith(b"PK"):
        raise Unreadable("broken_zip")
    if not packed:
        with path.open("rb") as file:
            yield iter([(path.name, file)])
        return
    with zipfile.ZipFile(path) as archive:
        yield _members(archive)


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, BinaryIO]]:
    for member in archive.infolist():
        if member.is_dir() or member.filename.startswith("__MACOSX/"):
            continue
        if member.file_size > _MOST_SQUEEZED * max(member.compress_size, 1):
            raise Unreadable("zip_bomb")
        if member.flag_bits & 0x1:
            raise Unreadable("locked_zip")
        try:
            with archive.open(member) as stream:
                yield member.filename, stream  # type: ignore[misc]  # ZipExtFile reads and seeks as a BinaryIO does
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise Unreadable("broken_zip") from error
