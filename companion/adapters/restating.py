"""Says back what was told, as it was learnt from listeners who wrote it: ``구버 묵었다`` becomes ``구워 드셨군요``.

A small network of convolutions with two rounds of attention reads the letters of a sentence (their sounds, their
morphemes, and what 말벗 had asked), and gives each of them an edit (``companion.dialogue.mirroring.edits``), and the
sentence a probability that a listener would say it back at all. An edit depends on those before it, so the likeliest
row of them is looked for (beam search), and a second where the first is broken. How sure it is of a sentence is the
geometric mean of its letters: of what two judges found of 400 sentences it told right from wrong best. Taught by
``scripts/train_restating.py``; runs in numpy, some twenty milliseconds a sentence.
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
from companion.dialogue.mirroring.edits import LEAVE_OUT, cuts_a_word, edited
from companion.dialogue.mirroring.tellings import spoken_sentences, together
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
BEAM: Final = 4
"""Rows of edits that are followed."""
_IS: Final = "군요"
"""Behind what something is; behind what is done stands 는군요, or a past."""
_STATES: Final = frozenset({"그러", "이러", "저러", "어떠", "보이", "계시"})
"""Verbs to an analyser that tell how something is."""
_HONOURS: Final = frozenset({"시", "으시"})
_ENDS: Final = frozenset(".!?…")
_JOINS: Final = re.compile(r"(?:고|데|서|지만|니|며|면|라|도|나|이나|까지|부터)$")
"""How a sentence ends behind which another is said."""
_LAYOUT: Final = frozenset({"out.weight", "any.weight", "mid.weight", "before.weight", "left.weight"})
_FAR: Final = 8.0
"""A row that is so much less probable than the best, as a logarithm, is not followed."""
_TINY: Final = 1e-5
_LEAST: Final = np.float32(1e-9)

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Network:
    """What was learnt; w wide.

    Attributes:
        arrays: float32, by name: embeddings ``o v k c p b`` of onset, vowel, coda or sign, letter, tag and place in
            the morpheme; ``inp``; convolutions ``convs.N`` [2w, w, 3] with ``norms.N``; attention ``qkv.N``,
            ``proj.N``, ``an.N``; ``fin``; ``mid`` [w, w], with ``before`` and ``left`` [edits + 1, w] of the edit
            before and the last that left a letter; ``out`` [edits, w]; ``any`` [1, 2w].
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
        """Return what a file holds, or None where none can be read or it has another layout."""
        try:
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
                edits, letters, tags = kept["said"].tobytes().decode().split("\n")
                arrays = {name: kept[name].astype(np.float32) for name in kept.files if name != "said"}
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
            return None
        if not arrays.keys() >= _LAYOUT:
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

    def rows_of_edits(self, rows: Numbers, first: int) -> tuple[tuple[tuple[tuple[str, ...], float], ...], float]:
        """Return the likeliest rows of edits of the sentence that begins at ``first``, best first, and one number.

        Each has the logarithm of its probability; the number is how likely the sentence is said back.
        """
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
        return self._searched(self._line("mid", hidden[first:])), said

    def _searched(self, letters: Matrix) -> tuple[tuple[tuple[str, ...], float], ...]:
        """Return the likeliest rows of edits for letters [n, w], with the logarithms of their probabilities."""
        before, left = self.arrays["before.weight"], self.arrays["left.weight"]
        none = len(self.edits)
        leave_out = self.edits.index(LEAVE_OUT)
        beam: list[tuple[float, tuple[int, ...], int]] = [(0.0, (), none)]
        for letter in letters:
            last = [row[-1] if row else none for _, row, _ in beam]
            seen = np.maximum(letter + before[last] + left[[kept for _, _, kept in beam]], 0)
            gains = np.log(_softmax(self._line("out", seen)) + _LEAST)
            totals = np.array([score for score, _, _ in beam], dtype=np.float32)[:, None] + gains
            best = np.argpartition(-totals, BEAM - 1, axis=None)[:BEAM]
            best = best[np.argsort(-totals.flat[best])]
            beam = [
                (float(totals.flat[at]), (*beam[one][1], edit), beam[one][2] if edit == leave_out else edit)
                for at, (one, edit) in ((at, divmod(int(at), none)) for at in best)
                if totals.flat[at] >= totals.flat[best[0]] - _FAR
            ]
        return tuple((tuple(self.edits[edit] for edit in row), score) for score, row, _ in beam)

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
        """Return what was told said back, whole and each sentence, in several ways, the likeliest of each first.

        None where nobody learnt it.

        Args:
            text: What was told.
            asked: What 말벗 had asked; empty where it asked nothing.
        """
        if self._network is None:
            return ()
        sentences = spoken_sentences(text, self._analyser.analyse(text))
        told = [(sentence, "" if at else asked) for at, sentence in enumerate(sentences)]
        told = [(together(sentences), asked), *told] if len(sentences) > 1 else told
        fit = ((one, before) for one, before in told if 0 < len(one) <= MOST_LETTERS)
        return tuple(said for one, before in fit for said in self._said(self._network, one, before))

    def _said(self, network: Network, sentence: str, asked: str) -> tuple[Restated, ...]:
        rows, first = network.read_letters(sentence, asked, self._analyser)
        found, likely = network.rows_of_edits(rows, first)
        return tuple(self._as_said(sentence, edits, score, likely) for edits, score in found)

    def _as_said(self, sentence: str, edits: Sequence[str], score: float, likely: float) -> Restated:
        said = re.sub(r"\s+", " ", edited(sentence, edits)).strip(" ,")
        said = whole(said, self._analyser.analyse(said))
        broken = not said or cuts_a_word(sentence, edits) or runs_on(sentence, edits)
        return Restated(said, 0.0 if broken else float(np.exp(score / len(edits))), likely, sentence)


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
    """Return a sentence with the 이 of a noun that ends it: 화요일군요 is 화요일이군요.

    Nothing where no ending closes it, or it closes what is done as if it were how something is: 심군요, 조심하시군요.
    """
    tags = [one.tag for one in morphemes[-3:]]
    if not tags or tags[-1] != "EF":
        return ""
    ending = morphemes[-1].form
    if ending == _IS and _is_done(morphemes[:-1]):
        return ""
    noun = said.removesuffix(ending)
    bare = tags[-2:-1] == ["VCP"] and tags[0].startswith("NN") and noun.endswith(morphemes[-3].form)
    return f"{noun}이{ending}" if bare and last_coda(noun) else said


def _is_done(morphemes: Sequence[Morpheme]) -> bool:
    """Whether the last word is a verb without a past or an ending of the present."""
    tenses = [one.form for one in morphemes if one.tag == "EP"][-1:]
    stem = next((one for one in reversed(morphemes) if one.tag != "EP"), None)
    past = bool(morphemes) and morphemes[-1].tag == "EP" and tenses[0] not in _HONOURS
    return stem is not None and stem.tag == "VV" and stem.form not in _STATES and not past


def runs_on(text: str, edits: Sequence[str]) -> bool:
    """Whether two sentences are said in one breath without a word that joins them: 양복쟁이 종로에서 삼십 년 하셨군요.

    Raises:
        ValueError: There are more or fewer edits than letters.
    """
    ends = [at for at, letter in enumerate(text[:-1], start=1) if letter in _ENDS]
    before = (edited(text[:end], edits[:end]).strip(" ,.") for end in ends)
    behind = (edited(text[end:], edits[end:]).strip(" ,.") for end in ends)
    return any(one and rest and not _JOINS.search(one) for one, rest in zip(before, behind, strict=True))


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
