"""A graph cut at a seam computes what the whole one does, and what flows over the seam can be changed."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from companion.adapters.graph_cut import Graph

FLOATS = b"\x12\x04\x0a\x02\x08\x01"


def message(number: int, content: bytes) -> bytes:
    assert len(content) < 128
    return bytes((number << 3 | 2, len(content))) + content


def node(kind: str, takes: tuple[str, ...], gives: str) -> bytes:
    inputs = b"".join(message(1, name.encode()) for name in takes)
    return inputs + message(2, gives.encode()) + message(4, kind.encode())


def model() -> bytes:
    """Return an ONNX model by hand: y = -(x + w) * w, with w = [2]."""
    weight = b"\x08\x01\x10\x01" + message(8, b"w") + message(9, np.float32(2.0).tobytes())
    graph = b"".join(
        (
            message(1, node("Add", ("x", "w"), "sum")),
            message(1, node("Neg", ("sum",), "negative")),
            message(1, node("Mul", ("negative", "w"), "y")),
            message(2, b"g"),
            message(5, weight),
            message(11, message(1, b"x") + FLOATS),
            message(12, message(1, b"y") + FLOATS),
        )
    )
    length = bytes((len(graph) & 0x7F | 0x80, len(graph) >> 7))
    return b"\x08\x09" + message(8, b"\x10\x14") + b"\x3a" + length + graph


def run(part: bytes, **values: float) -> float:
    session = onnxruntime.InferenceSession(part, providers=["CPUExecutionProvider"])
    feed = {name: np.array([value], dtype=np.float32) for name, value in values.items()}
    return float(session.run(None, feed)[0][0])


def test_parts_make_what_the_whole_makes() -> None:
    """First part and second part, one after the other, are the whole; so are parts cut elsewhere."""
    graph = Graph(model())
    whole = run(model(), x=3.0)
    assert whole == -10.0
    for seam in ("sum", "negative"):
        between = run(graph.part([], [seam]), x=3.0)
        assert run(graph.part([seam], ["y"]), **{seam: between}) == whole


def test_what_flows_over_the_seam_can_be_changed() -> None:
    """The second part takes whatever it is handed."""
    assert run(Graph(model()).part(["sum"], ["y"]), sum=-1.0) == 2.0


def test_a_value_that_nothing_makes_is_refused() -> None:
    """A seam that another version of the graph lacks is noticed when it is cut."""
    with pytest.raises(ValueError, match="elsewhere"):
        Graph(model()).part([], ["elsewhere"])


@given(st.integers(min_value=0, max_value=len(model()) - 1))
def test_a_truncated_model_is_an_error(length: int) -> None:
    """Cut short anywhere, it is refused or lacks what is asked for; nothing else is raised."""
    with pytest.raises(ValueError):  # noqa: PT011 (which of them depends on where it is cut)
        Graph(model()[:length]).part([], ["y"])


@given(st.binary(max_size=200))
def test_bytes_that_are_no_model_are_an_error(content: bytes) -> None:
    """Whatever the file holds, the only error is a ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011 (as above)
        Graph(content).part([], ["y"])
