"""Where the record of a device lies. Knows no database: whoever only asks where it is waits for none to be loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Where the record of a device lies."""

    folder: Path
    server_url: str = ""
    """Of a PostgreSQL server, where a centre keeps the record; the vault stays in the folder."""

    @property
    def file(self) -> Path:
        """The encrypted database."""
        return self.folder / "record.sqlite3"

    @property
    def vault(self) -> Path:
        """The wrapped keys."""
        return self.folder / "record.vault"

    @property
    def new_vault(self) -> Path:
        """The vault until the first database that it opens is on the disk."""
        return self.folder / "record.vault.new"

    @property
    def lock(self) -> Path:
        """Who has it open."""
        return self.folder / "record.lock"

    @property
    def exists(self) -> bool:
        """Whether there is a record or the beginning of one."""
        return self.vault.exists() or self.new_vault.exists() or self.file.exists()
