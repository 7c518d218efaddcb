"""Teaches what a listener says and asks behind what was told, and ships it: some fifteen minutes on two cores.

    python scripts/train_reactions.py

The lessons (``models/reactions/lessons_*.jsonl``) are tellings, what 말벗 had said before where it had, and which of
the reactions of the bank authors chose: up to three, any of them right; none where nothing fits, ``wanted`` where
something is asked of 말벗 or in danger. ``ask`` are questions that they would ask, none where it is better not to, and
is missing where nobody chose. Every tenth is kept back to measure. Writes ``models/reactions/network.npz``.
Needs torch.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from companion.adapters.reactions_encoder import FILE, NOTHING, WANTED, ReactionNetwork, pieces_of, shown_of
from companion.adapters.softmax import Matrix
from companion.dialogue.bank import QUESTION, REACTION, RECEIVE
from companion.prompts import data_folder, prompt_table
from companion.wiring import language

INNER, DROPPED, DECAY, RATE, EPOCHS, BATCH = 384, 0.5, 0.2, 2e-3, 16, 128
QUESTIONS = 0.3
"""Weight of a question beside a reaction."""
FEWEST = 12
"""Lessons in which a word or pair must occur."""
EVERY = 10
READY = frozenset({"witty", "funny", "understands", "warm"})
"""Authors chose them readily; judges found them right for a quarter to a third of what they were said to, others for
two thirds and more."""
FOLDER = data_folder("models") / "reactions"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was told, and what may be said behind it."""

    asked: str
    told: str
    said: tuple[str, ...]
    """Names of reactions; empty where none fits."""
    wanted: bool
    asks: tuple[str, ...] | None
    """Names of questions; None where nobody chose."""

    @property
    def names(self) -> tuple[str, ...]:
        """What the network is to name, each in the same share: of what fits, that which fits little else."""
        own = tuple(name for name in self.said if name not in READY)
        return own or self.said or ((WANTED,) if self.wanted else (NOTHING,))


def lessons() -> list[Lesson]:
    """Return all lessons, in the order of the files."""
    rows = (
        json.loads(line)
        for file in sorted(FOLDER.glob("lessons_*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    )
    return [
        Lesson(
            row.get("asked", ""),
            row["told"],
            tuple(row.get("said", ())),
            bool(row.get("wanted")),
            tuple(row["ask"]) if "ask" in row else None,
        )
        for row in rows
    ]


def names_of(kind: str, file: str) -> tuple[str, ...]:
    """Return the names of the reactions or the questions of the bank."""
    prefix = f"{RECEIVE}.{kind}."
    return tuple(one["id"].removeprefix(prefix) for one in prompt_table(f"replies/{file}")["situation"])


def blank(of: Sequence[Lesson], vectors: Matrix, pieces: Sequence[frozenset[str]], encoder: str) -> ReactionNetwork:
    """Return a network that has learnt nothing yet but which words there are."""
    spread = Counter(piece for row in pieces for piece in row)
    words = sorted(word for word, count in spread.items() if count >= FEWEST)
    names = (*names_of(REACTION, "receive_reactions.toml"), NOTHING, WANTED)
    questions = (*names_of(QUESTION, "receive_questions.toml"), NOTHING)
    size = 2 * vectors.shape[2] + len(words)
    return ReactionNetwork(
        encoder=encoder,
        names=names,
        questions=questions,
        words={word: at for at, word in enumerate(words)},
        centre=vectors.mean(axis=0),
        rarity=np.array([math.log(len(of) / spread[word]) for word in words], dtype=np.float32),
        inner=np.zeros((size, INNER), dtype=np.float32),
        inner_bias=np.zeros(INNER, dtype=np.float32),
        outer=np.zeros((INNER, len(names) + len(questions)), dtype=np.float32),
        outer_bias=np.zeros(len(names) + len(questions), dtype=np.float32),
    )


def wanted_of(network: ReactionNetwork, of: Sequence[Lesson]) -> Matrix:
    """Return float32 [m, n + q]: what the network is to name, each in the same share; zeros where nobody chose."""
    said = {name: at for at, name in enumerate(network.names)}
    asked = {name: at for at, name in enumerate(network.questions, start=len(said))}
    wanted = np.zeros((len(of), len(said) + len(asked)), dtype=np.float32)
    for row, one in zip(wanted, of, strict=True):
        row[[said[name] for name in one.names]] = 1 / len(one.names)
        if one.asks is not None:
            asks = one.asks or (NOTHING,)
            row[[asked[name] for name in asks]] = 1 / len(asks)
    return wanted


def loss_of(scores: Tensor, wanted: Tensor, reactions: int) -> Tensor:
    """Return how wrong scores [m, n + q] are, the first ``reactions`` of which are of reactions."""
    said, asked = (scores[:, :reactions], wanted[:, :reactions]), (scores[:, reactions:], wanted[:, reactions:])
    told, chose = (-(torch.log_softmax(found, 1) * right).sum(1) for found, right in (said, asked))
    return told.mean() + QUESTIONS * chose.sum() / asked[1].sum().clamp(min=1)


def learnt(network: ReactionNetwork, rows: Tensor, wanted: Tensor) -> ReactionNetwork:
    """Return the network taught with rows [m, 2 d + w] and shares [m, n + q]."""
    torch.manual_seed(0)
    inner, outer = nn.Linear(rows.shape[1], INNER), nn.Linear(INNER, wanted.shape[1])
    reader = nn.Sequential(nn.Dropout(DROPPED), inner, nn.ReLU(), nn.Dropout(DROPPED), outer)
    adam = torch.optim.AdamW(reader.parameters(), RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(rows) // BATCH + 1)
    rate = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, total_steps=steps + 1, pct_start=0.1)
    for _ in range(EPOCHS):
        for part in torch.randperm(len(rows)).split(BATCH):
            loss = loss_of(reader(rows[part]), wanted[part], len(network.names))
            adam.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            adam.step()
            rate.step()
    found = (inner.weight.T, inner.bias, outer.weight.T, outer.bias)
    weights = (one.detach().numpy().astype(np.float32) for one in found)
    return replace(network, **dict(zip(("inner", "inner_bias", "outer", "outer_bias"), weights, strict=True)))


def measured(network: ReactionNetwork, rows: Matrix, of: Sequence[Lesson]) -> dict[str, Any]:
    """Return how often what it takes for likeliest is one that an author chose, of all and of those it is surer of."""
    said, asked = [], []
    for row, one in zip(rows, of, strict=True):
        told, questions = network.shares(row)
        best = int(told[:-2].argmax())
        said.append((float(told[best]), network.names[best] in one.said))
        if one.asks is not None:
            best = int(questions[:-1].argmax())
            asked.append((float(questions[best]), network.questions[best] in one.asks))
    return {"said": _right(said), "asked": _right(asked)}


def _right(found: Sequence[tuple[float, bool]]) -> dict[str, float]:
    sure = {least: [ok for share, ok in found if share >= least] for least in (0.0, 0.3, 0.5)}
    right = {f"right_of_{least}": round(float(np.mean(of)), 3) for least, of in sure.items()}
    return {"lessons": len(found), **right, "share_of_0.5": round(len(sure[0.5]) / len(found), 3)}


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
    wanted = wanted_of(network, of)
    kept = np.arange(len(of)) % EVERY == 0
    made = learnt(network, torch.tensor(rows[~kept]), torch.tensor(wanted[~kept]))
    (FOLDER.parent / FILE).write_bytes(made.packed())
    print(json.dumps(measured(made, rows[kept], [one for one, is_kept in zip(of, kept, strict=True) if is_kept])))


if __name__ == "__main__":
    main()
