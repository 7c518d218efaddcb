"""What an utterance is: its act, topic, feeling, gist and tone, and what is wanted by it, each as probabilities.

Six softmax heads over one row of features: the sentence vector, which hears the meaning, and the words and pairs of
neighbouring morphemes, which hear endings, negation and dialect that a small encoder does not. They are taught with the
utterances of the reply bank and the examples beside it (``companion.dialogue.examples``), kept under the digest of
what they were taught, and shipped for the shipped data (``models/understanding``, made by
``scripts/train_situations.py``).
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import tempfile
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from companion.adapters.softmax import Matrix, Schedule, fit, softmax
from companion.core.morphology import Analyser
from companion.core.turn import Act, Feeling, Tone
from companion.dialogue.examples import Labelled
from companion.dialogue.requests import Labels
from companion.ports import Encoder

_SCHEDULE: Final = Schedule(steps=200, rate=10.0, decay=3e-3)
"""Decay by what an encoder that had not heard them made of held-out utterances: right as often as it is sure."""
_WANT_SCHEDULE: Final = Schedule(steps=300, rate=20.0, decay=3e-4)
"""Of wants, of which there are few examples among much that is told: by leaving out one author at a time."""
_VECTOR_SCALE: Final = np.float32(12.0)
_WORDS_SCALE: Final = np.float32(6.0)
"""How much vector and words count; by leaving out one author's examples at a time."""
_FEWEST: Final = 20
"""Examples in which a word or pair must occur."""
_TAGS: Final = frozenset("NVMXIJE")
_FORMAT: Final = "labels-4"
_KINDS: Final = ("act", "topic", "feeling", "gist", "tone", "want")


@dataclass(frozen=True, slots=True)
class LabelHead:
    """What was learnt."""

    words: tuple[str, ...]
    """Words and pairs that are features."""
    rarity: Matrix
    """float32 [w]: weight of each."""
    centre: Matrix
    """float32 [d]: mean of the sentence vectors."""
    names: tuple[tuple[str, ...], ...]
    """Labels of each kind, in the order of the columns."""
    weights: tuple[Matrix, ...]
    """float32 [d + w, n] each."""
    biases: tuple[Matrix, ...]
    """float32 [n] each."""


class EncodedLabels:
    """Names act, topic, feeling, gist, tone and want. Trains, or loads what was trained, when it is made.

    Args:
        encoder: Sentences to unit vectors.
        analyser: Sentences to morphemes.
        examples: What it is taught.
        folders: Where trained heads are kept: each is looked through, and a new head is written to the first that can
            be written. None at all keeps nothing.
        encoder_id: Which encoder it is: a head over one is none over another.
    """

    def __init__(
        self,
        encoder: Encoder,
        analyser: Analyser,
        examples: Sequence[Labelled],
        folders: Sequence[Path] = (),
        *,
        encoder_id: str = "",
    ) -> None:
        self._encoder = encoder
        self._analyser = analyser
        paths = [folder / labels_name(examples, encoder_id) for folder in folders]
        head = next((found for found in map(_read, paths) if found is not None), None)
        if head is None:
            head = _taught(encoder, analyser, examples)
            any(_write(path, head) for path in paths)
        self._head = head
        self._at = {word: number for number, word in enumerate(head.words)}

    def labels(self, text: str) -> Labels:
        """Return the probabilities of act, topic, feeling, gist, tone and want of an utterance that is not blank.

        Raises:
            InferenceError: The encoder failed.
        """
        head = self._head
        vector = (self._encoder.encode([text]) - head.centre) * _VECTOR_SCALE
        said = _words_row(_pieces(self._analyser, text), self._at, head.rarity)
        row = np.hstack([vector, said[None, :]])
        found = [softmax(row @ weights + bias)[0] for weights, bias in zip(head.weights, head.biases, strict=True)]
        acts, topics, feelings, gists, tones, wants = (
            dict(zip(names, map(float, shares), strict=True)) for names, shares in zip(head.names, found, strict=True)
        )
        return Labels(
            acts={Act(name): share for name, share in acts.items()},
            topics=topics,
            feelings={Feeling(name): share for name, share in feelings.items()},
            gists=gists,
            tones={Tone(name): share for name, share in tones.items()},
            wants=wants,
        )


def labels_name(examples: Sequence[Labelled], encoder_id: str = "") -> str:
    """Return the file name of the head for these examples: a digest of all that decides what it learns."""
    taught = f"{_FORMAT} {encoder_id} {_SCHEDULE} {_WANT_SCHEDULE}"
    settings = f"{taught} {float(_VECTOR_SCALE)} {float(_WORDS_SCALE)} {_FEWEST} {sorted(_TAGS)}"
    labels = ("\x1e".join((one.text, *(str(getattr(one, kind)) for kind in _KINDS))) for one in examples)
    said = "\x1f".join([settings, *labels])
    return f"{hashlib.sha256(said.encode()).hexdigest()[:32]}.npz"


def _taught(encoder: Encoder, analyser: Analyser, examples: Sequence[Labelled]) -> LabelHead:
    pieces = [_pieces(analyser, one.text) for one in examples]
    spread = Counter(piece for row in pieces for piece in row)
    words = tuple(sorted(word for word, count in spread.items() if count >= _FEWEST))
    at = {word: number for number, word in enumerate(words)}
    rarity = np.array([math.log(len(examples) / spread[word]) for word in words], dtype=np.float32)
    vectors = encoder.encode([one.text for one in examples])
    centre = vectors.mean(axis=0)
    said = np.stack([_words_row(row, at, rarity) for row in pieces])
    inputs = np.hstack([(vectors - centre) * _VECTOR_SCALE, said]).astype(np.float32)
    names, weights, biases = [], [], []
    for kind in _KINDS:
        # A kind that nobody has labelled has no names and no columns.
        known = {number: str(label) for number, one in enumerate(examples) if (label := getattr(one, kind))}
        labels = tuple(sorted(set(known.values())))
        column = np.array([labels.index(label) for label in known.values()], dtype=np.int64)
        schedule = _WANT_SCHEDULE if kind == "want" else _SCHEDULE
        weight, bias = fit(inputs[list(known)], column, len(labels), schedule)
        names.append(labels)
        weights.append(weight)
        biases.append(bias)
    return LabelHead(words, rarity, centre, tuple(names), tuple(weights), tuple(biases))


def _pieces(analyser: Analyser, text: str) -> frozenset[str]:
    """Return the morphemes with the kind of their tag, and each pair of neighbours."""
    said = [f"{one.form}/{one.tag[0]}" for one in analyser.analyse(text) if one.tag[0] in _TAGS]
    pairs = (f"{first}_{second}" for first, second in zip(["^", *said], [*said, "$"], strict=True))
    return frozenset((*said, *pairs))


def _words_row(pieces: frozenset[str], at: dict[str, int], rarity: Matrix) -> Matrix:
    row = np.zeros(len(at), dtype=np.float32)
    known = [at[piece] for piece in pieces if piece in at]
    row[known] = rarity[known]
    return row * (_WORDS_SCALE / max(float(np.linalg.norm(row)), 1e-6))


def _read(path: Path) -> LabelHead | None:
    """Return the kept head, or None where there is none that can be read."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            told = json.loads(kept["told"].tobytes().decode())
            return LabelHead(
                words=tuple(told["words"]),
                rarity=kept["rarity"].astype(np.float32),
                centre=kept["centre"].astype(np.float32),
                names=tuple(tuple(names) for names in told["names"]),
                weights=tuple(kept[f"weights_{kind}"].astype(np.float32) for kind in _KINDS),
                biases=tuple(kept[f"bias_{kind}"].astype(np.float32) for kind in _KINDS),
            )
    except (OSError, EOFError, KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile):
        return None


def _write(path: Path, head: LabelHead) -> bool:
    """Keep the head; return whether that could be done."""
    told = json.dumps({"words": head.words, "names": head.names}, ensure_ascii=False).encode()
    arrays: dict[str, Any] = {
        f"weights_{kind}": weight.astype(np.float16) for kind, weight in zip(_KINDS, head.weights, strict=True)
    }
    arrays |= {f"bias_{kind}": bias for kind, bias in zip(_KINDS, head.biases, strict=True)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(
                file,
                told=np.frombuffer(told, dtype=np.uint8),
                rarity=head.rarity.astype(np.float16),
                centre=head.centre,
                **arrays,
            )
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        return False
    return True
