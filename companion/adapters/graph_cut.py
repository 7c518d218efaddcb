"""Cuts an ONNX graph at named seams, in memory, so that what flows between its parts can be looked at and changed.

An ONNX file is one protocol buffer message, and this reads no more of its wire format than a cut needs: which values a
node takes and gives, and the names of weights. The file stays as it was pulled and verified; nothing derived from it is
kept. Subgraphs (If, Loop) that take values from around them are not understood.

Source of the field numbers: onnx.proto of ONNX (IR version 9); of the wire format: Protocol Buffers Encoding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

_LENGTH_DELIMITED: Final = 2
_FIXED_BYTES: Final = {1: 8, 5: 4}
_MODEL_GRAPH: Final = 7
_GRAPH_NODE: Final = 1
_GRAPH_WEIGHT: Final = 5
_GRAPH_INPUT: Final = 11
_GRAPH_OUTPUT: Final = 12
_GRAPH_VALUE_INFO: Final = 13
_WEIGHT_NAME: Final = 8
_NODE_INPUT: Final = 1
_NODE_OUTPUT: Final = 2
_FLOAT: Final = b"\x12\x04\x0a\x02\x08\x01"
"""``type { tensor_type { elem_type: FLOAT } }`` of a ValueInfoProto: of any shape."""


class _Field(NamedTuple):
    number: int
    whole: memoryview
    """Tag and length too."""
    content: memoryview


class Graph:
    """One ONNX model, ready to be cut.

    Args:
        model: Content of the file.

    Raises:
        ValueError: It is no ONNX model, or a truncated one.
    """

    def __init__(self, model: bytes) -> None:
        fields = list(_fields(memoryview(model)))
        self._around = [field.whole for field in fields if field.number != _MODEL_GRAPH]
        graphs = [field.content for field in fields if field.number == _MODEL_GRAPH]
        if len(graphs) != 1:
            raise ValueError("no graph")
        self._nodes: list[tuple[memoryview, list[str], list[str]]] = []
        self._weights: dict[str, memoryview] = {}
        self._inputs: dict[str, memoryview] = {}
        self._rest: list[memoryview] = []
        for field in _fields(graphs[0]):
            self._take(field)

    def _take(self, field: _Field) -> None:
        if field.number == _GRAPH_NODE:
            inner = list(_fields(field.content))
            self._nodes.append((field.whole, _texts(inner, _NODE_INPUT), _texts(inner, _NODE_OUTPUT)))
        elif field.number == _GRAPH_WEIGHT:
            self._weights[_texts(_fields(field.content), _WEIGHT_NAME)[0]] = field.whole
        elif field.number == _GRAPH_INPUT:
            self._inputs[_texts(_fields(field.content), 1)[0]] = field.whole
        elif field.number not in (_GRAPH_OUTPUT, _GRAPH_VALUE_INFO):
            self._rest.append(field.whole)

    def part(self, seams: Sequence[str], outputs: Sequence[str]) -> bytes:
        """Return the model that makes ``outputs`` from ``seams`` and the inputs of the whole.

        Args:
            seams: Names of float values that are handed in instead of being computed.
            outputs: Names of values; float ones.

        Raises:
            ValueError: Nothing makes one of the outputs.
        """
        makers = {name: node for node, (_, _, made) in enumerate(self._nodes) for name in made}
        needed, waiting, kept = set(seams), list(outputs), set[int]()
        while waiting:
            name = waiting.pop()
            if not name or name in needed:
                continue
            needed.add(name)
            if name in makers:
                kept.add(makers[name])
                waiting += self._nodes[makers[name]][1]
            elif name not in self._weights and name not in self._inputs:
                raise ValueError(name)
        parts: list[bytes | memoryview] = [self._nodes[node][0] for node in sorted(kept)]
        parts += [whole for name, whole in self._weights.items() if name in needed and name not in makers]
        parts += [whole for name, whole in self._inputs.items() if name in needed]
        parts += [_message(_GRAPH_INPUT, _named(name)) for name in seams]
        parts += [_message(_GRAPH_OUTPUT, _named(name)) for name in outputs]
        return b"".join([*self._around, _message(_MODEL_GRAPH, b"".join([*self._rest, *parts]))])


def _fields(message: memoryview) -> Iterator[_Field]:
    at = 0
    while at < len(message):
        begun = at
        tag, at = _varint(message, at)
        kind = tag & 7
        start = at
        if kind == _LENGTH_DELIMITED:
            length, start = _varint(message, at)
            at = start + length
        elif kind in _FIXED_BYTES:
            at += _FIXED_BYTES[kind]
        elif kind == 0:
            _, at = _varint(message, at)
        else:
            raise ValueError("wire type")
        if at > len(message):
            raise ValueError("truncated")
        yield _Field(tag >> 3, message[begun:at], message[start:at])


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(message) or shift > 63:  # noqa: PLR2004 (64 bits are the most there are)
            raise ValueError("truncated")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 (the bit that says more follows)
            return value, at
        shift += 7


def _texts(fields: Iterator[_Field] | Sequence[_Field], number: int) -> list[str]:
    return [bytes(field.content).decode() for field in fields if field.number == number]


def _named(name: str) -> bytes:
    return bytes(_message(1, name.encode())) + _FLOAT


def _message(number: int, content: bytes) -> bytes:
    return _packed(number << 3 | _LENGTH_DELIMITED) + _packed(len(content)) + content


def _packed(value: int) -> bytes:
    packed = bytearray()
    while value >= 0x80:  # noqa: PLR2004 (as in _varint)
        packed.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*packed, value))
