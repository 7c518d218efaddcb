"""Teaches the trained voices of the assessment and writes their weights.

    python scripts/train_danger.py [--vectors FILE.npz]

Two models learn the same pieces (``danger_lessons``): a softmax regression over morphemes, letters and sounds
(``weights.tsv``, the second voice), and a small network over sentence vectors (``encoder_head.npz``, the third). Their
thresholds are chosen by ``check_danger.py``, which leaves one author out at a time. Vectors take 25 ms each and are
kept in FILE if it is named. Deterministic.
"""

from __future__ import annotations

import argparse
import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse
from danger_lessons import FOLDER, HOUSE, MENDED, Piece, taught
from known_vectors import KnownVectors

from companion.adapters.danger_encoder import SCALE, Head
from companion.safety.second_voice import Class

STEPS, RATE, MOMENTUM, DECAY = 150, 20.0, 0.9, 2e-5
DANGER_WEIGHT, STRANGER_WEIGHT, MENDED_WEIGHT, TOLD_WEIGHT = 2.0, 2.0, 2.0, 0.25
"""``TOLD_WEIGHT`` of what is told by gist: so much of it is harmless that hints of danger would drown in it."""
LEAST_WEIGHT = 0.15
MEMBERS = 3
"""Networks of the third voice: one alone depends on where it began by as much as on a thousand lessons."""
HIDDEN, EPOCHS, BATCH, DROPPED, HEAD_RATE, HEAD_DECAY, SMOOTHED = 96, 30, 128, 0.25, 2e-3, 1e-2, 0.05
ALONE = (0.70, 0.84, 0.14)
JOINED = (0.34, 0.42, 0.15)

Matrix = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int_]


class Lesson:
    """Pieces as rows."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.labels = np.array([list(Class).index(piece.label) for piece in pieces])
        self.authors = np.array([piece.author for piece in pieces])
        self.share = np.where(self.labels > 0, DANGER_WEIGHT, 1.0).astype(np.float32)
        self.share[self.authors != HOUSE] *= STRANGER_WEIGHT
        self.share[self.authors == MENDED] *= MENDED_WEIGHT
        self.share[np.char.endswith(self.authors, ".toml")] *= TOLD_WEIGHT

    def vocabulary(self, at: Labels) -> dict[str, int]:
        """Return the features that two of the pieces share."""
        counts = Counter(name for index in at for name in self.pieces[index].found)
        return {name: number for number, name in enumerate(sorted(name for name, n in counts.items() if n > 1))}

    def matrix(self, at: Labels, vocabulary: dict[str, int]) -> scipy.sparse.csr_matrix:
        """Return float32 [m, n]: each row's features, known or not, share a length of one."""
        ends, columns, values = [0], [], []
        for index in at:
            known = [vocabulary[name] for name in self.pieces[index].found if name in vocabulary]
            columns += sorted(known)
            values += [1 / np.sqrt(len(self.pieces[index].found))] * len(known)
            ends.append(len(columns))
        shape = (len(at), len(vocabulary))
        return scipy.sparse.csr_matrix((np.array(values, dtype=np.float32), columns, ends), shape=shape)


def softmax(scores: Matrix) -> Matrix:
    """Return rows that sum to 1."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Matrix = (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares


def train(inputs: scipy.sparse.csr_matrix, labels: Labels, share: Matrix) -> tuple[Matrix, Matrix]:
    """Return weights float32 [n, classes] and bias float32 [classes] of the second voice.

    Args:
        inputs: float32 [m, n].
        labels: int [m], in the order of ``Class``.
        share: float32 [m], how much each row counts.
    """
    targets = np.eye(len(Class), dtype=np.float32)[labels]
    share = share / share.sum()
    weights = np.zeros((inputs.shape[1], len(Class)), dtype=np.float32)
    bias = np.zeros(len(Class), dtype=np.float32)
    speed, bias_speed, turned = np.zeros_like(weights), np.zeros_like(bias), inputs.T.tocsr()
    for _ in range(STEPS):
        error = (softmax(inputs @ weights + bias) - targets) * share[:, None]
        speed = MOMENTUM * speed - RATE * (turned @ error + DECAY * weights)
        bias_speed = MOMENTUM * bias_speed - RATE * error.sum(axis=0)
        weights, bias = weights + speed, bias + bias_speed
    return weights, bias


def train_head(vectors: Matrix, labels: Labels, share: Matrix) -> Head:
    """Return the head of the third voice: networks that learnt apart, as one that says what they say on average."""
    heads = [_learnt(vectors, labels, share, seed) for seed in range(MEMBERS)]
    return Head(
        heads[0].centre,
        np.concatenate([head.weights for head in heads], axis=1),
        np.concatenate([head.bias for head in heads]),
        np.concatenate([head.out for head in heads]) / MEMBERS,
        np.mean([head.out_bias for head in heads], axis=0),
    )


def _learnt(vectors: Matrix, labels: Labels, share: Matrix, seed: int) -> Head:
    """Return one network: one hidden layer, Adam with decoupled decay, half of the noise by dropout."""
    chance = np.random.default_rng(seed)
    centre = vectors.mean(axis=0)
    inputs = ((vectors - centre) * SCALE).astype(np.float32)
    targets = np.eye(len(Class), dtype=np.float32)[labels] * (1 - SMOOTHED) + SMOOTHED / len(Class)
    sizes = ((inputs.shape[1], HIDDEN), (HIDDEN,), (HIDDEN, len(Class)), (len(Class),))
    kept = [
        (chance.standard_normal(size) * (1 / np.sqrt(size[0]) if len(size) > 1 else 0)).astype(np.float32)
        for size in sizes
    ]
    first, second = [np.zeros_like(one) for one in kept], [np.zeros_like(one) for one in kept]
    total, step = EPOCHS * -(-len(inputs) // BATCH), 0
    for _ in range(EPOCHS):
        order = chance.permutation(len(inputs))
        for at in range(0, len(order), BATCH):
            rows, step = order[at : at + BATCH], step + 1
            slopes = _slopes(kept, inputs[rows], targets[rows], share[rows], chance)
            rate = HEAD_RATE * min(1.0, 10 * step / total, 1.2 * (1 - step / total) + 0.01)
            for index, slope in enumerate(slopes):
                first[index] = 0.9 * first[index] + 0.1 * slope
                second[index] = 0.999 * second[index] + 0.001 * slope**2
                moved = (first[index] / (1 - 0.9**step)) / (np.sqrt(second[index] / (1 - 0.999**step)) + 1e-8)
                kept[index] = kept[index] - rate * (moved + HEAD_DECAY * kept[index])
    return Head(centre, *kept)


def _slopes(
    kept: Sequence[Matrix], inputs: Matrix, targets: Matrix, share: Matrix, chance: np.random.Generator
) -> list[Matrix]:
    weights, bias, out, out_bias = kept
    inputs = inputs * (chance.random(inputs.shape, dtype=np.float32) > DROPPED / 2) / (1 - DROPPED / 2)
    reached = np.maximum(inputs @ weights + bias, 0)
    mask = (chance.random(reached.shape, dtype=np.float32) > DROPPED) / np.float32(1 - DROPPED)
    hidden = reached * mask
    error = (softmax(hidden @ out + out_bias) - targets) * share[:, None] / share.sum()
    back = (error @ out.T) * mask * (reached > 0)
    return [inputs.T @ back, back.sum(axis=0), hidden.T @ error, error.sum(axis=0)]


def weighs(row: Matrix) -> bool:
    """Return whether a feature says enough to be kept: the rest of them are most of the file and say little."""
    return bool(np.abs(row).max() >= LEAST_WEIGHT)


def write(lesson: Lesson, vectors: Matrix) -> None:
    """Train on everything and write both files."""
    everything = np.arange(len(lesson.pieces))
    vocabulary = lesson.vocabulary(everything)
    weights, bias = train(lesson.matrix(everything, vocabulary), lesson.labels, lesson.share)
    lines = [("#bias", bias), ("#alone", np.array(ALONE)), ("#joined", np.array(JOINED))]
    lines += [(name, weights[at]) for name, at in vocabulary.items() if weighs(weights[at])]
    text = "".join("\t".join([name, *(f"{value:.2f}" for value in values)]) + "\n" for name, values in lines)
    (FOLDER / "weights.tsv").write_text(text, encoding="utf-8")
    head = train_head(vectors, lesson.labels, lesson.share)
    (FOLDER / "encoder_head.npz").write_bytes(_packed(head))
    print(len(lines) - 3, "features,", len(text.encode()) // 1000, "kB")


def _packed(head: Head) -> bytes:
    """Return the arrays as an npz file that is the same every time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, values in head.arrays().items():
            one = io.BytesIO()
            np.save(one, values.astype(np.float16))
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), one.getvalue())
    return packed.getvalue()


def main() -> None:
    """Train on everything and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, help="keeps sentence vectors between runs (.npz)")
    arguments = parser.parse_args()
    lesson = Lesson(taught())
    print(len(lesson.pieces), "pieces", Counter(str(piece.label) for piece in lesson.pieces))
    vectors = KnownVectors(arguments.vectors).encode([piece.text for piece in lesson.pieces])
    write(lesson, vectors)


if __name__ == "__main__":
    main()
