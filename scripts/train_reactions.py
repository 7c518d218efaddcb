"""Teaches what a listener says behind what was told, and ships it: some ten minutes on two cores.

    python scripts/train_reactions.py

The lessons (``models/reactions/lessons_*.jsonl``) are tellings, what 말벗 had said before where it had, and which of
the reactions of the bank authors chose: up to three, any of them right; none where nothing fits, ``wanted`` where
something is asked of 말벗 or in danger. Every tenth is kept back to measure. Writes ``models/reactions/network.npz``.
Needs torch.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from companion.adapters.reactions_encoder import FILE, NOTHING, WANTED, ReactionNetwork, pieces_of, shown_of
from companion.adapters.softmax import Matrix
from companion.dialogue.bank import REACTION, RECEIVE
from companion.prompts import data_folder, prompt_table
from companion.wiring import language

INNER, DROPPED, DECAY, RATE, EPOCHS, BATCH = 384, 0.5, 0.2, 2e-3, 16, 128
FEWEST = 12
"""Lessons in which a word or pair must occur."""
EVERY = 10
FOLDER = data_folder("models") / "reactions"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was told, and what may be said behind it."""

    asked: str
    told: str
    said: tuple[str, ...]
    """Names of reactions; empty where none fits."""
    wanted: bool

    @property
    def names(self) -> tuple[str, ...]:
        """What the network is to name, each in the same share."""
        return self.said or ((WANTED,) if self.wanted else (NOTHING,))


def lessons() -> list[Lesson]:
    """Return all lessons, in the order of the files."""
    rows = (
        json.loads(line)
        for file in sorted(FOLDER.glob("lessons_*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    )
    return [
        Lesson(row.get("asked", ""), row["told"], tuple(row.get("said", ())), bool(row.get("wanted"))) for row in rows
    ]


def reactions() -> tuple[str, ...]:
    """Return the names of the reactions of the bank."""
    prefix = f"{RECEIVE}.{REACTION}."
    return tuple(one["id"].removeprefix(prefix) for one in prompt_table("replies/receive_reactions.toml")["situation"])


def blank(of: Sequence[Lesson], vectors: Matrix, pieces: Sequence[frozenset[str]], encoder: str) -> ReactionNetwork:
    """Return a network that has learnt nothing yet but which words there are."""
    spread = Counter(piece for row in pieces for piece in row)
    words = sorted(word for word, count in spread.items() if count >= FEWEST)
    names = (*reactions(), NOTHING, WANTED)
    size = 2 * vectors.shape[2] + len(words)
    return ReactionNetwork(
        encoder=encoder,
        names=names,
        words={word: at for at, word in enumerate(words)},
        centre=vectors.mean(axis=0),
        rarity=np.array([math.log(len(of) / spread[word]) for word in words], dtype=np.float32),
        inner=np.zeros((size, INNER), dtype=np.float32),
        inner_bias=np.zeros(INNER, dtype=np.float32),
        outer=np.zeros((INNER, len(names)), dtype=np.float32),
        outer_bias=np.zeros(len(names), dtype=np.float32),
    )


def learnt(network: ReactionNetwork, rows: Tensor, wanted: Tensor) -> ReactionNetwork:
    """Return the network taught with rows [m, 2 d + w] and shares [m, n]."""
    torch.manual_seed(0)
    inner, outer = nn.Linear(rows.shape[1], INNER), nn.Linear(INNER, wanted.shape[1])
    reader = nn.Sequential(nn.Dropout(DROPPED), inner, nn.ReLU(), nn.Dropout(DROPPED), outer)
    adam = torch.optim.AdamW(reader.parameters(), RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(rows) // BATCH + 1)
    rate = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, total_steps=steps + 1, pct_start=0.1)
    for _ in range(EPOCHS):
        for part in torch.randperm(len(rows)).split(BATCH):
            loss = -(torch.log_softmax(reader(rows[part]), 1) * wanted[part]).sum(1).mean()
            adam.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            adam.step()
            rate.step()
    weights = [
        one.detach().numpy().astype(np.float32) for one in (inner.weight.T, inner.bias, outer.weight.T, outer.bias)
    ]
    return ReactionNetwork(network.encoder, network.names, network.words, network.centre, network.rarity, *weights)


def measured(network: ReactionNetwork, rows: Matrix, of: Sequence[Lesson]) -> dict[str, Any]:
    """Return how often what it takes for likeliest is one that an author chose, of all and of those it is surer of."""
    found = []
    for row, one in zip(rows, of, strict=True):
        shares = network.shares(row)[:-2]
        best = int(shares.argmax())
        found.append((float(shares[best]), network.names[best] in one.said))
    right = {
        f"right_of_{share}": round(float(np.mean([ok for p, ok in found if p >= share])), 3)
        for share in (0.0, 0.3, 0.5)
    }
    return {"lessons": len(of), **right, "share_of_0.5": round(float(np.mean([p >= 0.5 for p, _ in found])), 3)}


def main() -> None:
    """Teach, measure and write."""
    of, analyser, encoder = lessons(), language.analyser(), language.sentence_encoder()
    shown = [shown_of(one.told, one.asked) for one in of]
    vectors = np.stack(
        [encoder.encode([told for told, _ in shown]), encoder.encode([both for _, both in shown])], axis=1
    )
    pieces = [pieces_of(analyser, told, one.asked) for (told, _), one in zip(shown, of, strict=True)]
    network = blank(of, vectors, pieces, language.encoder_id())
    rows = np.stack([network.row(pair, words) for pair, words in zip(vectors, pieces, strict=True)])
    at = {name: number for number, name in enumerate(network.names)}
    wanted = np.zeros((len(of), len(at)), dtype=np.float32)
    for number, one in enumerate(of):
        wanted[number, [at[name] for name in one.names]] = 1 / len(one.names)
    kept = np.arange(len(of)) % EVERY == 0
    made = learnt(network, torch.tensor(rows[~kept]), torch.tensor(wanted[~kept]))
    (FOLDER.parent / FILE).write_bytes(made.packed())
    print(json.dumps(measured(made, rows[kept], [one for one, is_kept in zip(of, kept, strict=True) if is_kept])))


if __name__ == "__main__":
    main()
