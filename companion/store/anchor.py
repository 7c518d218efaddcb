"""Anchors: how far each chain of the audit had come, kept beside the record so that its tail cannot be cut off.

One small file for each chain, sealed with the key of the audit and written after every commit. After a power cut it
may lag behind its chain; a chain that is shorter than its anchor, or another, was cut.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from companion.store.durable import write_whole

_DOMAIN: Final = b"companion audit anchor\0"
BEGINNING: Final = "0" * 64
"""Stands before the first entry of a chain."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The last entry of a chain that is known to have been committed."""

    chain: str
    number: int
    """0 before the first entry."""
    digest: str


class AnchorForged(Exception):
    """An anchor is there that was not written with the key of the audit, or is damaged."""


class Anchors:
    """Those of one folder.

    Args:
        folder: Where the record lies.
        key: 32 bytes: the key of the audit.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = key

    def chains(self) -> frozenset[str]:
        """Return the chains that have an anchor."""
        return frozenset(path.name.split(".")[1] for path in self._folder.glob("audit.*.anchor"))

    def read(self, chain: str) -> Anchor | None:
        """Return the anchor of a chain, or None where there is none.

        Raises:
            AnchorForged: It was not written by us.
        """
        try:
            table = json.loads(self._path(chain).read_bytes())
            anchor = Anchor(str(table["chain"]), int(table["number"]), str(table["digest"]))
            seal = str(table["seal"]).encode()
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError):
            raise AnchorForged from None
        if anchor.chain != chain or not hmac.compare_digest(seal, self._seal(anchor).encode()):
            raise AnchorForged
        return anchor

    def write(self, anchor: Anchor) -> None:
        """Put an anchor in the place of the one before.

        Raises:
            StorageFull: It could not be written; the one before is as it was.
        """
        table = {**asdict(anchor), "seal": self._seal(anchor)}
        write_whole(self._path(anchor.chain), json.dumps(table).encode() + b"\n")

    def _path(self, chain: str) -> Path:
        return self._folder / f"audit.{chain}.anchor"

    def _seal(self, anchor: Anchor) -> str:
        content = json.dumps([anchor.chain, anchor.number, anchor.digest]).encode()
        return hmac.new(self._key, _DOMAIN + content, hashlib.sha256).hexdigest()
