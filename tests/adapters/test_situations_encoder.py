"""The head over the sentence encoder: taught by examples, kept under a digest, never stale."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from companion.adapters.situations_encoder import EncodedSituations, head_name
from companion.prompts import data_folder, prompt_tables
from companion.wiring.language import encoder_id, sentence_encoder

SITUATIONS = (("meal", ("밥 먹었어", "점심 먹었지")), ("sleep", ("잠을 못 잤어", "밤새 깼어")), ("empty", ()))


class LetterEncoder:
    """Letters as vectors: enough to tell the examples apart."""

    def __init__(self) -> None:
        self.asked = 0

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked += len(texts)
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for letter in text:
                rows[row, ord(letter) % 64] += 1.0
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        unit: npt.NDArray[np.float32] = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
        return unit


def test_an_example_is_nearest_to_its_own_situation() -> None:
    """What was taught is found again, best first, with probabilities."""
    near = EncodedSituations(LetterEncoder(), SITUATIONS).nearest("밥 먹었어")
    assert near[0].situation == "meal"
    assert [found.similarity for found in near] == sorted((found.similarity for found in near), reverse=True)
    assert sum(found.similarity for found in near) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_blank_text_is_near_nothing(text: str) -> None:
    """Nothing said is near to no situation."""
    assert EncodedSituations(LetterEncoder(), SITUATIONS).nearest(text) == ()


def test_a_head_is_kept_and_used_again(tmp_path: Path) -> None:
    """The second start teaches nothing and says the same."""
    first = EncodedSituations(LetterEncoder(), SITUATIONS, (tmp_path / "a", tmp_path / "b"))
    encoder = LetterEncoder()
    second = EncodedSituations(encoder, SITUATIONS, (tmp_path / "b", tmp_path / "a"))
    assert encoder.asked == 0
    assert [one.situation for one in first.nearest("잠을 깼어")] == [
        one.situation for one in second.nearest("잠을 깼어")
    ]
    assert [path.name for path in tmp_path.rglob("*.npz")] == [head_name(SITUATIONS)]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x93NUMPY"])
def test_a_damaged_head_is_taught_anew(tmp_path: Path, content: bytes) -> None:
    """A cut or foreign file is no defect."""
    path = tmp_path / head_name(SITUATIONS)
    path.write_bytes(content)
    assert EncodedSituations(LetterEncoder(), SITUATIONS, (tmp_path,)).nearest("밥 먹었어")[0].situation == "meal"
    assert path.read_bytes() != content


def test_a_folder_that_cannot_be_written_is_no_defect(tmp_path: Path) -> None:
    """The head is then kept nowhere."""
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert EncodedSituations(LetterEncoder(), SITUATIONS, (blocked / "x",)).nearest("밥 먹었어")


def test_no_situations_are_near_to_nothing() -> None:
    """An empty bank teaches nothing."""
    assert EncodedSituations(LetterEncoder(), ()).nearest("밥") == ()


def test_another_bank_is_another_head() -> None:
    """Any change of what is taught changes the name."""
    assert head_name(SITUATIONS) != head_name((("meal", ("밥 먹었어",)), *SITUATIONS[1:]))


def test_the_shipped_head_belongs_to_the_shipped_bank() -> None:
    """After the bank's utterances change, scripts/train_situations.py is to be run."""
    situations = [
        (entry["id"], tuple(entry.get("says", ())))
        for table in prompt_tables("replies").values()
        for entry in table["situation"]
        if entry.get("says", ())
    ]
    assert (data_folder("models") / "situations" / head_name(situations, encoder_id())).is_file()


def test_the_real_encoder_finds_what_shares_no_word() -> None:
    """With the real encoder and the shipped head, meaning is found where words are not shared."""
    entries = [
        entry for table in prompt_tables("replies").values() for entry in table["situation"] if entry.get("says")
    ]
    situations = [(entry["id"], tuple(entry["says"])) for entry in entries]
    folders = (data_folder("models") / "situations",)
    finder = EncodedSituations(sentence_encoder(), situations, folders, encoder_id=encoder_id())
    near = finder.nearest("사흘째 사람 목소리라고는 못 들어 봤어")
    feelings = {entry["id"]: entry["feeling"] for entry in entries}
    assert feelings[near[0].situation] == "loneliness"
