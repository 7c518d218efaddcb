"""How a Kokoro voice sounds: the style tables of its people, alone or blended.

A style table is float32 [510, 1, 256]: row ``n`` is the style for an utterance of ``n`` phones. A blend is a weighted
mean of tables, written ``jf_nezumi:0.7,jm_kumo:0.3``; a bare name is that voice alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from companion.errors import ArtifactMissing, ConfigError, DigestMismatch

StyleTable: TypeAlias = npt.NDArray[np.float32]
"""float32 [510, 256]: one style vector per number of phones."""

STYLES_FILE: Final = "voices_ja.npz"
_WIDTH: Final = 256


def read_styles(folder: Path) -> dict[str, StyleTable]:
    """Return the style tables of ``folder`` by voice name.

    Raises:
        ArtifactMissing: The file is not there.
        DigestMismatch: It is there and is not a file of style tables.
    """
    path = folder / STYLES_FILE
    if not path.is_file():
        raise ArtifactMissing("voice.file_missing", file=path)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as tables:
            return {name: _flat(tables[name]) for name in tables.files}
    except (OSError, ValueError, EOFError, KeyError) as error:
        raise DigestMismatch("voice.file_damaged", file=path) from error
    except Exception as error:  # zipfile and zlib raise kinds of their own on a truncated file
        raise DigestMismatch("voice.file_damaged", file=path) from error


def _flat(table: npt.NDArray[np.float32]) -> StyleTable:
    return np.ascontiguousarray(table, dtype=np.float32).reshape(-1, _WIDTH)


def parse_blend(text: str) -> dict[str, float]:
    """Return the share of each voice in ``text``, the shares summing to 1.

    Raises:
        ConfigError: No name, a weight that is not a positive number, or a name given twice.
    """
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, _, weight = (piece.strip() for piece in part.partition(":"))
        try:
            share = float(weight) if weight else 1.0
        except ValueError:
            share = 0.0
        if not name or name in shares or not 0.0 < share < float("inf"):
            raise ConfigError("voice.blend", blend=text)
        shares[name] = share
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items()}


def blended(styles: Mapping[str, StyleTable], blend: str) -> StyleTable:
    """Return the style table of ``blend``.

    Raises:
        ConfigError: ``blend`` is malformed, or names a voice not among ``styles``; the error lists those that are.
    """
    shares = parse_blend(blend)
    for name in shares:
        if name not in styles:
            raise ConfigError("voice.unknown", voice=name, known=", ".join(sorted(styles)))
    table = sum((share * styles[name] for name, share in shares.items()), np.zeros_like(next(iter(styles.values()))))
    return np.ascontiguousarray(table, dtype=np.float32)
