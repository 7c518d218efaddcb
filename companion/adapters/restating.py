"""Says back what was told, as it was learnt from listeners who wrote it: ``구버 묵었다`` becomes ``구워 드셨군요``.

A small network of convolutions with two rounds of attention reads the letters of a sentence (their sounds, their
morphemes, and what 말벗 had asked), and gives each of them an edit (``companion.dialogue.mirroring.edits``), and the
sentence a probability that a listener would say it back at all. How sure it is of a sentence is the geometric mean of
its letters: of what two judges found of 400 sentences it told right from wrong best. Taught by
``scripts/train_restating.py``; runs in numpy, some ten milliseconds a sentence.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from companion.adapters.softmax import Matrix
from companion.core.hangul import CODAS, ONSETS, VOWELS, decompose, is_syllable, last_coda
from companion.core.morphology import Analyser, Morpheme
from companion.dialogue.mirroring.edits import cuts_a_word, edited
from companion.dialogue.mirroring.tellings import spoken_sentences
from companion.dialogue.requests import Restated

_log = logging.getLogger(__name__)

FILE: Final = "restating/network.npz"
SIGNS: Final = {" ": 0, ".": 29, ",": 30, "?": 31, "!": 32, "…": 33, "|": 34}
"""Where signs stand among the codas; what is none of them is ``OTHER_SIGN``."""
OTHER_SIGN: Final = 35
ASKED_LETTERS: Final = 40
"""Of a question: its end."""
MOST_LETTERS: Final = 110
"""Of a sentence: nobody says a longer one back."""
DILATIONS: Final = (1, 2, 4, 1, 2, 1)
ATTENDS: Final = {2: 0, 4: 1}
"""Behind which convolution which round of attention stands."""
HEADS: Final = 4
_TINY: Final = 1e-5

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Network:
    """What was learnt; w wide.

    Attributes:
        arrays: float32, by name: embeddings ``o v k c p b`` of onset, vowel, coda or sign, letter, tag and place in
            the morpheme; ``inp``; convolutions ``convs.N`` [2w, w, 3] with ``norms.N``; attention ``qkv.N``,
            ``proj.N``, ``an.N``; ``fin``; ``out`` [edits, w]; ``any`` [1, 2w].
        edits: What ``out`` chooses among.
        letters: Those with an embedding of their own, from number 2.
        tags: Number of each tag, from 1.
    """

    arrays: Mapping[str, Matrix]
    edits: tuple[str, ...]
    letters: Mapping[str, int]
    tags: Mapping[str, int]

    def packed(self) -> bytes:
        """Return the bytes of a file."""
        packed = io.BytesIO()
        said = "\n".join(("\t".join(self.edits), "".join(self.letters), "\t".join(self.tags)))
        narrow = {name: array.astype(np.float16) for name, array in self.arrays.items()}
        np.savez(packed, said=np.frombuffer(said.encode(), dtype=np.uint8), **narrow)  # type: ignore[arg-type]
        return packed.getvalue()

    @classmethod
    def read(cls, path: Path) -> Network | None:
        """Return what a file holds, or None where there is none that can be read."""
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
                edits, letters, tags = kept["said"].tobytes().decode().split("\n")
                arrays = {name: kept[name].astype(np.float32) for name in kept.files if name != "said"}
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
            return None
        return cls(
            arrays,
            tuple(edits.split("\t")),
            {letter: number for number, letter in enumerate(letters, start=2)},
            {tag: number for number, tag in enumerate(tags.split("\t"), start=1)},
        )

    def read_letters(self, text: str, asked: str, analyser: Analyser) -> tuple[Numbers, int]:
        """Return six numbers for each letter of a question's end and a sentence, and where the sentence begins."""
        return numbered(text, asked, analyser, self.letters, self.tags)

    def forward(self, rows: Numbers, first: int) -> tuple[Matrix, float]:
        """Return float32 [letters, edits] of the sentence, each row summing to 1, and how likely it is said back."""
        at = self.arrays
        seen = np.concatenate([at[f"{name}.weight"][rows[:, column]] for column, name in enumerate("ovkcpb")], axis=1)
        hidden = self._line("inp", seen)
        for number, dilation in enumerate(DILATIONS):
            hidden = hidden + self._gated(number, self._norm(f"norms.{number}", hidden), dilation)
            if number in ATTENDS:
                hidden = hidden + self._attended(ATTENDS[number], hidden)
        hidden = self._norm("fin", hidden)
        whole = np.concatenate([hidden.max(axis=0), hidden.mean(axis=0)])
        said = float(1 / (1 + np.exp(-self._line("any", whole[None])[0, 0])))
        return _softmax(self._line("out", hidden[first:])), said

    def _line(self, name: str, rows: Matrix) -> Matrix:
        product: Matrix = rows @ self.arrays[f"{name}.weight"].T + self.arrays[f"{name}.bias"]
        return product

    def _norm(self, name: str, rows: Matrix) -> Matrix:
        centred = rows - rows.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + _TINY)
        normed: Matrix = centred / spread * self.arrays[f"{name}.weight"] + self.arrays[f"{name}.bias"]
        return normed

    def _gated(self, number: int, rows: Matrix, dilation: int) -> Matrix:
        """Return a convolution over three letters, ``dilation`` apart, with a gate (Dauphin et al. 2017)."""
        weight = self.arrays[f"convs.{number}.weight"]
        padded = np.pad(rows, ((dilation, dilation), (0, 0)))
        parts = (padded[step * dilation : step * dilation + len(rows)] @ weight[:, :, step].T for step in range(3))
        value, gate = np.split(sum(parts) + self.arrays[f"convs.{number}.bias"], 2, axis=1)
        gated: Matrix = value / (1 + np.exp(-gate))
        return gated

    def _attended(self, number: int, rows: Matrix) -> Matrix:
        asked = self._line(f"qkv.{number}", self._norm(f"an.{number}", rows))
        width = rows.shape[1] // HEADS
        query, key, value = asked.reshape(len(rows), 3, HEADS, width).transpose(1, 2, 0, 3)
        weights = _softmax(query @ key.transpose(0, 2, 1) / np.sqrt(width))
        seen = (weights @ value).transpose(1, 0, 2).reshape(rows.shape)
        return self._line(f"proj.{number}", seen)


class Restater:
    """Says back.

    Args:
        analyser: Sentences to morphemes.
        network: What was learnt; None where it is not there: then nothing is said back.
    """

    def __init__(self, analyser: Analyser, network: Network | None) -> None:
        self._analyser = analyser
        self._network = network
        if network is None:
            _log.warning("nothing is said back by what was learnt: run scripts/train_restating.py")

    def restated(self, text: str, asked: str) -> tuple[Restated, ...]:
        """Return each sentence of what was told said back, in order; none where nobody learnt it.

        Args:
            text: What was told.
            asked: What 말벗 had asked; empty where it asked nothing.
        """
        if self._network is None:
            return ()
        sentences = spoken_sentences(text, self._analyser.analyse(text))
        return tuple(
            self._said(self._network, sentence, "" if at else asked)
            for at, sentence in enumerate(sentences)
            if 0 < len(sentence) <= MOST_LETTERS
        )

    def _said(self, network: Network, sentence: str, asked: str) -> Restated:
        rows, first = network.read_letters(sentence, asked, self._analyser)
        shares, likely = network.forward(rows, first)
        edits = [network.edits[number] for number in shares.argmax(axis=1)]
        said = re.sub(r"\s+", " ", edited(sentence, edits)).strip(" ,")
        said = whole(said, self._analyser.analyse(said))
        broken = not said or cuts_a_word(sentence, edits)
        sure = 0.0 if broken else float(np.exp(np.log(shares.max(axis=1)).mean()))
        return Restated(said, sure, likely, sentence)


def numbered(
    text: str, asked: str, analyser: Analyser, letters: Mapping[str, int], tags: Mapping[str, int]
) -> tuple[Numbers, int]:
    """Return int64 [n, 6] for the end of a question, a bar and a sentence, and where the sentence begins.

    The columns: onset, vowel, coda or sign, letter, tag of the last morpheme on it, and whether one begins there.
    """
    marks = [0] * len(text), [1] * len(text)
    for one in analyser.analyse(text):
        marks[0][one.start : one.end] = [tags.get(one.tag, 0)] * (min(one.end, len(text)) - one.start)
        if one.start < len(text):
            marks[1][one.start] = 2
    before = f"{asked[-ASKED_LETTERS:]}|"
    unmarked = [0] * len(before)
    rows = [
        (*_sounds(letter), letters.get(letter, 1), tag, place)
        for letter, tag, place in zip(before + text, unmarked + marks[0], unmarked + marks[1], strict=True)
    ]
    return np.array(rows, dtype=np.int64), len(before)


def whole(said: str, morphemes: Sequence[Morpheme]) -> str:
    """Return a sentence with the 이 of a noun that ends it: 화요일군요 is 화요일이군요; nothing where none ends it."""
    tags = [one.tag for one in morphemes[-3:]]
    if not tags or tags[-1] != "EF":
        return ""
    ending = morphemes[-1].form
    noun = said.removesuffix(ending)
    bare = tags[-2:-1] == ["VCP"] and tags[0].startswith("NN") and noun.endswith(morphemes[-3].form)
    return f"{noun}이{ending}" if bare and last_coda(noun) else said


def _sounds(letter: str) -> tuple[int, int, int]:
    if not is_syllable(letter):
        return 0, 0, SIGNS.get(letter, OTHER_SIGN)
    onset, vowel, coda = decompose(letter)
    return ONSETS.index(onset) + 1, VOWELS.index(vowel) + 1, CODAS.index(coda) + 1


def _softmax(rows: npt.NDArray[Any]) -> Matrix:
    raised = np.exp(rows - rows.max(axis=-1, keepdims=True))
    shares: Matrix = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def as_arrays(state: Mapping[str, Any]) -> dict[str, Matrix]:
    """Return the weights of a trained module by name, as ``Network`` has them."""
    return {name: np.asarray(tensor, dtype=np.float32) for name, tensor in state.items()}


def embedded(letters: Sequence[str]) -> dict[str, int]:
    """Return the number of each letter that has an embedding of its own."""
    return {letter: number for number, letter in enumerate(letters, start=2)}
