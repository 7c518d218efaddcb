"""Teaches how tellings are said back, and ships it: three quarters of an hour on two cores.

    python scripts/train_restating.py [--epochs 8] [--first 2]

First the network learns the language of older people by itself: letters that are hidden in tellings (``prompts/
exemplars``, the lessons of danger) are guessed. Then it learns the edits of the listeners' lessons
(``models/restating/lessons_*.jsonl``, see ``restating_lessons.py``) and, with less weight, those by which the rules of
the mirror say the exemplars back: they conjugate rightly and know no dialect. Every twentieth lesson is kept back to
measure. Writes ``models/restating/network.npz``. Needs torch.
"""

from __future__ import annotations

import argparse
import json
import random  # noqa: TID251 - seeded: the lessons are the same every time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from restating_lessons import FOLDER, Piece, aligned, pieces, spaced
from torch import Tensor, nn
from torch.nn import functional

from companion.adapters.restating import ATTENDS, DILATIONS, HEADS, Network, Numbers, as_arrays, embedded, numbered
from companion.core.morphology import Analyser
from companion.dialogue.mentions import Naming
from companion.dialogue.mirroring.edits import LEAVE_OUT, edited
from companion.dialogue.mirroring.mirror import Mirror
from companion.prompts import data_folder, prompt_tables
from companion.wiring import language

WIDTH, BATCH, RATE, DECAY = 192, 48, 2.5e-3, 0.02
DROPPED, UNSEEN, SMOOTHED = 0.2, 0.1, 0.03
FORGOTTEN = 0.1
"""Of the edits before a letter: what was read of it must do without them."""
BY_RULE, RULES_SHARE, RULES_REST = 0.35, 0.15, 3
"""Weight of what the rules said back, how many of them to one lesson, and the last epochs without them."""
FEWEST_EDITS, FEWEST_LETTERS, HIDDEN, LONGEST_TELLING = 3, 12, 0.2, 80
EVERY = 20
ONSETS, VOWELS, SIGNS, TAGS, PLACES = 20, 22, 40, 80, 3


class Reader(nn.Module):
    """The network as it learns; ``companion.adapters.restating.Network`` runs it."""

    def __init__(self, letters: int, edits: int, leave_out: int) -> None:
        """Build it, blank; ``leave_out`` is the number of that edit."""
        super().__init__()
        self.leave_out = leave_out
        self.o, self.v, self.k = nn.Embedding(ONSETS, 24), nn.Embedding(VOWELS, 24), nn.Embedding(SIGNS, 24)
        self.c, self.p, self.b = nn.Embedding(letters, 64), nn.Embedding(TAGS, 32), nn.Embedding(PLACES, 8)
        self.inp = nn.Linear(24 * 3 + 64 + 32 + 8, WIDTH)
        self.convs = nn.ModuleList(nn.Conv1d(WIDTH, 2 * WIDTH, 3, padding=one, dilation=one) for one in DILATIONS)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in DILATIONS)
        self.qkv = nn.ModuleList(nn.Linear(WIDTH, 3 * WIDTH) for _ in ATTENDS)
        self.proj = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in ATTENDS)
        self.an = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in ATTENDS)
        self.fin, self.out, self.any = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, edits), nn.Linear(2 * WIDTH, 1)
        self.mid = nn.Linear(WIDTH, WIDTH)
        self.before, self.left = nn.Embedding(edits + 1, WIDTH), nn.Embedding(edits + 1, WIDTH)
        self.edits = edits
        self.drop, self.unseen = nn.Dropout(DROPPED), nn.Dropout(UNSEEN)

    def read(self, rows: Tensor, mask: Tensor) -> Tensor:
        """Return [batch, letters, width] of rows [batch, letters, 6]; ``mask`` is false where a text has ended."""
        parts = zip((self.o, self.v, self.k, self.c, self.p, self.b), rows.unbind(-1), strict=True)
        hidden: Tensor = self.inp(self.unseen(torch.cat([part(column) for part, column in parts], -1)))
        for number, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            seen = (norm(hidden) * mask[..., None]).transpose(1, 2)
            hidden = hidden + self.drop(functional.glu(conv(seen), 1).transpose(1, 2))
            if number in ATTENDS:
                hidden = hidden + self._attended(ATTENDS[number], hidden, mask)
        read: Tensor = self.fin(hidden)
        return read

    def forward(self, rows: Tensor, mask: Tensor, before: Tensor, left: Tensor) -> tuple[Tensor, Tensor]:
        """Return the scores of edits [batch, letters, edits], and those of being said back [batch].

        ``before`` and ``left`` [batch, letters] are the edit of the letter before, and the last that left a letter.
        """
        hidden, there = self.read(rows, mask), mask[..., None]
        mean = (hidden * there).sum(1) / there.sum(1)
        whole = torch.cat([hidden.masked_fill(~there, -1e4).max(1).values, mean], -1)
        if self.training:
            hidden_edits = torch.rand(before.shape) < FORGOTTEN
            before, left = before.masked_fill(hidden_edits, self.edits), left.masked_fill(hidden_edits, self.edits)
        known = functional.relu(self.mid(hidden) + self.before(before) + self.left(left))
        return self.out(self.drop(known)), self.any(self.drop(whole))[:, 0]

    def _attended(self, number: int, hidden: Tensor, mask: Tensor) -> Tensor:
        batch, count, width = hidden.shape
        asked = self.qkv[number](self.an[number](hidden)).reshape(batch, count, 3, HEADS, width // HEADS)
        query, key, value = asked.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
        attended: Tensor = self.drop(self.proj[number](seen.transpose(1, 2).reshape(batch, count, width)))
        return attended


@dataclass(frozen=True, slots=True)
class Lesson:
    """A piece as numbers."""

    piece: Piece
    rows: Numbers
    first: int
    """Where the sentence begins behind the question."""
    edits: tuple[int, ...]
    """Below zero where an edit is too rare to be learnt; none where it is not said back."""

    def history(self, none: int, leave_out: int) -> tuple[Tensor, Tensor]:
        """Return for each letter the edit before it, and the last one that left a letter; ``none`` where none is."""
        before = [none, *(edit if edit >= 0 else none for edit in self.edits)][: len(self.edits)]
        left = [none]
        for edit in before[1:]:
            left.append(left[-1] if edit == leave_out else edit)
        return torch.tensor(before, dtype=torch.long), torch.tensor(left[: len(before)], dtype=torch.long)


def told_lines() -> list[str]:
    """Return what older people say, as far as it is written here."""
    models, prompts = data_folder("models"), data_folder("prompts")
    told = [(file, "told") for file in sorted((prompts / "exemplars").glob("told_*.jsonl"))]
    danger = [(file, "text") for file in sorted((models / "danger").glob("lessons*.jsonl"))]
    lines = {
        spaced(json.loads(line)[name])
        for file, name in (*told, *danger)
        for line in file.read_text(encoding="utf-8").splitlines()
    }
    return sorted(lines)


def by_rule(lines: Sequence[str], analyser: Analyser, taught: set[str]) -> list[Piece]:
    """Return what the rules of the mirror say back of lines that are no lessons."""
    lexicon = prompt_tables("lexicon")
    mirror, found = Mirror(lexicon["mirror.toml"], Naming(lexicon["naming.toml"])), {}
    for line in lines:
        if len(line) <= LONGEST_TELLING and "?" not in line and line not in taught:
            said = mirror.back(line, analyser.analyse)
            found.update({line: Piece("", line, said, by_rule=True)} if said else {})
    return list(found.values())


def batches(lessons: Sequence[Lesson], chance: random.Random) -> Iterator[list[Lesson]]:
    """Yield all of them, those of like length together."""
    order = sorted(lessons, key=lambda one: len(one.rows) + 8 * chance.random())
    groups = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    chance.shuffle(groups)
    yield from groups


def stacked(rows: Sequence[Numbers]) -> tuple[Tensor, Tensor]:
    """Return texts side by side, and where each is."""
    most = max(map(len, rows))
    found, mask = np.zeros((len(rows), most, 6), dtype=np.int64), np.zeros((len(rows), most), dtype=bool)
    for at, one in enumerate(rows):
        found[at, : len(one)], mask[at, : len(one)] = one, True
    return torch.tensor(found), torch.tensor(mask)


def learn_letters(reader: Reader, rows: Sequence[Numbers], epochs: int, chance: random.Random) -> None:
    """Teach the reader to guess hidden letters."""
    heads = nn.ModuleList(nn.Linear(WIDTH, size) for size in (ONSETS, VOWELS, SIGNS))
    texts = [Lesson(Piece("", "", ""), one, 0, ()) for one in rows]
    optimiser = Optimiser([*reader.parameters(), *heads.parameters()], epochs * (len(texts) // BATCH + 1))
    for epoch in range(epochs):
        total = 0.0
        for group in batches(texts, chance):
            shown, mask = stacked([one.rows for one in group])
            hidden = (torch.rand(mask.shape) < HIDDEN) & mask & (shown[..., 0] > 0)
            wanted = shown[..., :3][hidden]
            shown[..., :4][hidden] = 0
            read = reader.read(shown, mask)[hidden]
            losses = [functional.cross_entropy(head(read), wanted[:, at]) for at, head in enumerate(heads)]
            total += optimiser.step(torch.stack(losses).sum())
        print(f"letters, epoch {epoch}: {total / (len(texts) / BATCH):.3f}", flush=True)


class Optimiser:
    """AdamW with one rise and fall of its rate."""

    def __init__(self, parameters: Sequence[nn.Parameter], steps: int) -> None:
        self._parameters = parameters
        self._adam = torch.optim.AdamW(parameters, RATE, weight_decay=DECAY)
        self._rate = torch.optim.lr_scheduler.OneCycleLR(self._adam, RATE, total_steps=steps + 1, pct_start=0.1)

    def step(self, loss: Tensor) -> float:
        """Take a step down a loss and return it."""
        self._adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._parameters, 1.0)
        self._adam.step()
        self._rate.step()
        return float(loss.detach())


def loss_of(reader: Reader, group: Sequence[Lesson]) -> Tensor:
    """Return how wrong the reader is of some lessons."""
    shown, mask = stacked([one.rows for one in group])
    wanted = torch.full(mask.shape, -1)
    before, left = torch.full(mask.shape, reader.edits), torch.full(mask.shape, reader.edits)
    for at, one in enumerate(group):
        place = slice(one.first, one.first + len(one.edits))
        wanted[at, place] = torch.tensor(one.edits, dtype=torch.long)
        before[at, place], left[at, place] = one.history(reader.edits, reader.leave_out)
    weights = torch.tensor([BY_RULE if one.piece.by_rule else 1.0 for one in group])[:, None] * (wanted >= 0)
    scores, said = reader(shown, mask, before, left)
    letters = functional.cross_entropy(
        scores.transpose(1, 2), wanted.clamp(min=0), reduction="none", label_smoothing=SMOOTHED
    )
    own = torch.tensor([float(not one.piece.by_rule) for one in group])
    back = torch.tensor([float(bool(one.piece.back)) for one in group])
    whether = functional.binary_cross_entropy_with_logits(said, back, weight=own, reduction="sum")
    return 3 * (letters * weights).sum() / weights.sum().clamp(min=1) + whether / own.sum().clamp(min=1) / 2


def learn(reader: Reader, lessons: Sequence[Lesson], epochs: int, chance: random.Random) -> None:
    """Teach the reader the edits of lessons."""
    own = [one for one in lessons if not one.piece.by_rule]
    rules = [one for one in lessons if one.piece.by_rule]
    share = min(len(rules), int(len(own) * RULES_SHARE))
    optimiser = Optimiser(list(reader.parameters()), epochs * ((len(own) + share) // BATCH + 1))
    for epoch in range(epochs):
        taken = chance.sample(rules, share) if epoch < epochs - RULES_REST else []
        reader.train()
        losses = [optimiser.step(loss_of(reader, group)) for group in batches([*own, *taken], chance)]
        print(f"edits, epoch {epoch}: {sum(losses) / len(losses):.3f}", flush=True)
    reader.eval()


def measured(network: Network, lessons: Sequence[Lesson]) -> dict[str, Any]:
    """Return how often it says a lesson back as its listener did, and how often it knows whether one would."""
    same, known, told = 0, 0, [one for one in lessons if one.piece.back]
    for one in lessons:
        ((best, _), *_), likely = network.rows_of_edits(one.rows, one.first)
        said = edited(one.piece.told, best)
        same += bool(one.piece.back) and spaced(said) == one.piece.back
        known += (likely >= 0.5) == bool(one.piece.back)
    return {"lessons": len(lessons), "same": same / len(told), "known": known / len(lessons)}


def main() -> None:
    """Teach, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--first", type=int, default=2, help="epochs of guessing letters")
    arguments = parser.parse_args()
    torch.manual_seed(1)
    chance, analyser = random.Random(1), language.analyser()  # noqa: S311 - teaching, no secret
    lines, own = told_lines(), pieces(analyser)
    of = [*own, *by_rule(lines, analyser, {one.told for one in own})]
    made = list(zip(of, aligned(of), strict=True))
    counts = Counter(edit for one, edits in made if edits and one.back for edit in edits)
    edits = [edit for edit, count in counts.most_common() if count >= FEWEST_EDITS]
    letters = embedded([one for one, count in Counter("".join(lines)).most_common() if count >= FEWEST_LETTERS])
    tags = {tag: at for at, tag in enumerate(sorted({one.tag for line in lines for one in analyser.analyse(line)}), 1)}
    number = {edit: at for at, edit in enumerate(edits)}
    lessons = [
        Lesson(
            one,
            *numbered(one.told, one.asked, analyser, letters, tags),
            tuple(number.get(edit, -1) for edit in found) if one.back else (),
        )
        for one, found in made
        if found is not None
    ]
    reader = Reader(len(letters) + 2, len(edits), number[LEAVE_OUT])
    short = [line for line in lines if len(line) <= LONGEST_TELLING]
    learn_letters(reader, [numbered(line, "", analyser, letters, tags)[0] for line in short], arguments.first, chance)
    kept = [one for one in lessons if not one.piece.by_rule][::EVERY]
    held = set(map(id, kept))
    learn(reader, [one for one in lessons if id(one) not in held], arguments.epochs, chance)
    network = Network(as_arrays(reader.state_dict()), tuple(edits), letters, tags)
    (FOLDER / "network.npz").write_bytes(network.packed())
    print(json.dumps(measured(network, kept)))


if __name__ == "__main__":
    main()
