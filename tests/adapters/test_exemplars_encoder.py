"""Exemplars by their kept vectors: found again, never stale, nothing where none are kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from companion.adapters.exemplars_encoder import EncodedExemplars, KeptVectors, vectors_name
from companion.prompts import data_folder
from companion.wiring import language

TEXTS = tuple(f"{who} {what}" for who in ("딸이", "아들이", "이웃이", "동생이") for what in ("왔어", "갔어", "아프대"))


class LetterEncoder:
    """Letters as vectors: enough to tell the examples apart."""

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(texts), 128), dtype=np.float32)
        for row, text in enumerate(texts):
            for letter in text:
                rows[row, ord(letter) % 128] += 1.0
        unit: npt.NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return unit


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder with the vectors of ``TEXTS``."""
    (tmp_path / vectors_name(TEXTS)).write_bytes(KeptVectors.of(LetterEncoder().encode(TEXTS)).packed())
    return tmp_path


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_what_was_told_is_most_like_itself(kept: Path, number: int) -> None:
    """An exemplar is its own nearest, at a likeness of nearly one, and the others follow in order."""
    found = EncodedExemplars(LetterEncoder(), TEXTS, (kept,)).alike(TEXTS[number])

    assert found[0].number == number
    assert found[0].likeness == pytest.approx(1.0, abs=0.02)
    assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_blank_text_is_like_nothing(kept: Path, text: str) -> None:
    """Nothing said is like no exemplar."""
    assert EncodedExemplars(LetterEncoder(), TEXTS, (kept,)).alike(text) == ()


def test_vectors_of_other_exemplars_or_another_encoder_are_not_used(kept: Path) -> None:
    """A changed line makes another digest: nobody is answered by the line that stood there before."""
    changed = (*TEXTS[:-1], "동생이 나았대")

    assert EncodedExemplars(LetterEncoder(), changed, (kept,)).alike(TEXTS[0]) == ()
    assert EncodedExemplars(LetterEncoder(), TEXTS, (kept,), encoder_id="another").alike(TEXTS[0]) == ()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x93NUMPY"])
def test_damaged_vectors_find_nothing(kept: Path, content: bytes) -> None:
    """A cut or foreign file is no defect: the talk goes on without exemplars."""
    (kept / vectors_name(TEXTS)).write_bytes(content)

    assert EncodedExemplars(LetterEncoder(), TEXTS, (kept,)).alike(TEXTS[0]) == ()


def test_the_shipped_vectors_are_of_the_shipped_exemplars_and_encoder() -> None:
    """Each of fifty lines, as the device's own engine encodes it, is most like itself or a line that says the same."""
    exemplars, encoder = language.dialogue(language.analyser()).exemplars, language.sentence_encoder()
    texts = exemplars.texts
    shipped = EncodedExemplars(encoder, texts, (data_folder("models") / "exemplars",), encoder_id=language.encoder_id())
    asked = range(0, len(texts), len(texts) // 50)

    found = [shipped.alike(texts[number])[:2] for number in asked]

    assert all(number in {one.number for one in near} for number, near in zip(asked, found, strict=True))
    assert all(near[0].likeness > 0.95 for near in found)
