"""Teaches which replies fit which tellings, and ships it: ten minutes on two cores.

    python scripts/train_reply_fit.py [--vectors FILE.npz] [--seconds 600]
    python scripts/train_reply_fit.py --points [--vectors FILE.npz]

Learnt from ``prompts/exemplars`` (a telling and its own reply, or those of its theme), from the reply bank (what is
said in a situation or means a gist, and its replies), and from what strict judges found of replies that an earlier
model thought best after thousands of these tellings (``models/replies/judged.jsonl``: the telling, and digests of
replies that are right, general and wrong). Each telling must find its reply among those of its batch, wrong ones, and
those of the nearest other tellings (InfoNCE), and what was judged must be told apart. What ``fit_exemplars.py``
measures by is never learnt. With ``--points`` nothing is learnt, only points of replies are made anew. Needs torch.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from known_vectors import KnownVectors
from torch import Tensor, nn
from torch.nn import functional

from companion.adapters.reply_fit import MOST_WORDS, FitModel, Side, as_bytes, digest_of, pieces_of
from companion.core.turn import Act
from companion.dialogue.slots import without_slots
from companion.prompts import data_folder
from companion.wiring import language

BATCH, NEAREST, HARD = 512, 24, 6
RATE, DECAY, WARM = 1e-3, 0.02, 50
INNER, POINT = 768, 128
DROPPED, UNHEARD, SMOOTHED = 0.2, 0.3, 0.05
"""Of the inner layer, of the words of a sentence, and of the truth of an answer."""
SCALE, BANK_SHARE, FEWEST = 10.0, 0.5, 4
JUDGED = "replies/judged.jsonl"
RIGHT, GENERAL, WRONG = VERDICTS = "right", "general", "wrong"
JUDGED_BATCH, JUDGED_WEIGHT, JUDGED_RIGHT, JUDGED_WRONG = 96, 3.0, 0.4, 4
"""Tellings in a step, weight of what is told apart, how often a judged reply is the right one, most wrong ones."""
BEGIN = (6.0, -3.5)
"""Log-odds of a judge's finding a reply right: by its cosine, and without it."""
TOLD = (Act.TELL, Act.COMPLAIN, Act.ACKNOWLEDGE)

Numbers = npt.NDArray[np.int64]


@dataclass(slots=True)
class Lessons:
    """Tellings and the replies that are right after them, all by number."""

    replies: dict[str, int] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)
    own: list[list[int]] = field(default_factory=list)
    """Of each telling: its own reply, or none."""
    group: list[int] = field(default_factory=list)
    """Of each telling: what it tells in common with others, or -1."""
    unlike: list[int] = field(default_factory=list)
    """Of each telling: the group that it only sounds like, or -1."""
    often: list[float] = field(default_factory=list)
    groups: dict[object, int] = field(default_factory=dict)
    right: list[list[int]] = field(default_factory=list)
    """Of each group: its replies."""
    judged: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    """Of a telling: replies and what judges found."""

    def found(self, number: int, verdict: str) -> list[int]:
        """Return the replies after a telling that judges found so."""
        return [reply for reply, one in self.judged.get(number, ()) if one == verdict]

    def reply(self, text: str) -> int:
        """Return the number of a reply."""
        return self.replies.setdefault(text, len(self.replies))

    def grouped(self, name: object, replies: Sequence[str]) -> int:
        """Return the number of a group."""
        if name not in self.groups:
            self.groups[name] = len(self.groups)
            self.right.append([self.reply(reply) for reply in replies])
        return self.groups[name]

    def add(self, text: str, group: int = -1, *, own: str = "", unlike: int = -1, often: float = 1.0) -> None:
        """Add a telling that was not there."""
        if text not in self.told:
            self.told[text] = len(self.told)
            self.own.append([self.reply(own)] if own else [])
            self.group.append(group)
            self.unlike.append(unlike)
            self.often.append(often if own or group >= 0 else 0.0)


def lessons(talking: Any) -> Lessons:  # noqa: ANN401 - the dialogue of the shipped data
    """Return all that is learnt: exemplars first, then what the bank knows."""
    found, exemplars, bank = Lessons(), talking.exemplars, talking.bank
    themes = {one.number: one for one in exemplars.themes}
    for one in exemplars.all:
        theme, unlike = (
            -1 if number is None else found.grouped(("theme", number), themes[number].replies)
            for number in (one.theme, one.unlike)
        )
        found.add(one.told, theme, own=one.reply, unlike=unlike)
    for situation in bank.situations.values():
        plain = _plain(situation.replies)
        if plain and situation.act in TOLD:
            for text in situation.says:
                found.add(text, found.grouped(situation.id, plain), often=BANK_SHARE)
    for one in language.labelled(talking):
        plain = _plain(reply for situation in bank.received(one.gist) for reply in situation.replies)
        if one.gist and plain:
            found.add(one.text, found.grouped(("gist", one.gist), plain), often=BANK_SHARE)
    digests = {f"{digest_of(reply):016x}": number for reply, number in found.replies.items()}
    for line in (data_folder("models") / JUDGED).read_text(encoding="utf-8").splitlines():
        judged = json.loads(line)
        known = [(digests[one], verdict) for verdict in VERDICTS for one in judged[verdict] if one in digests]
        if known and judged["told"] in found.told:
            found.judged[found.told[judged["told"]]] = known
    return found


class Network(nn.Module):
    """One side."""

    def __init__(self, words: int, width: int) -> None:
        super().__init__()
        self.inner, self.outer = nn.Linear(width, INNER), nn.Linear(INNER, POINT)
        self.through = nn.Linear(width, POINT)
        self.words = nn.Embedding(words + 1, POINT, padding_idx=0)

    def forward(self, around: Tensor, bag: Tensor, rarity: Tensor) -> Tensor:
        """Return unit rows [n, POINT] for scaled vectors [n, d] and numbers of words from 1 [n, MOST_WORDS]."""
        weights = rarity[bag]
        if self.training:
            weights = weights * (torch.rand(bag.shape) > UNHEARD)
        said = (self.words(bag) * weights[..., None]).sum(-2)
        said = said / (weights.sum(-1, keepdim=True) + 1e-3).sqrt().clamp_min(0.3)
        raised = functional.dropout(functional.relu(self.inner(around)), DROPPED, self.training)
        return functional.normalize(self.outer(raised) + self.through(around) + said, dim=-1)

    def side(self, centre: Tensor) -> Side:
        """Return what is shipped of it."""
        words, steps = as_bytes(self.words.weight.detach().numpy()[1:])
        inner, outer, through = (
            layer.weight.detach().numpy().T.copy() for layer in (self.inner, self.outer, self.through)
        )
        biases = self.inner.bias.detach().numpy(), (self.outer.bias + self.through.bias).detach().numpy()
        return Side(centre.numpy(), inner, biases[0], outer, through, biases[1], words, steps)


class Teacher:
    """Lessons as tensors, and how they are learnt."""

    def __init__(self, taught: Lessons, encoder: KnownVectors) -> None:
        self.lessons, self.chance = taught, np.random.default_rng(0)
        analyser = language.analyser()
        texts = [list(taught.told), list(taught.replies)]
        pieces = [[pieces_of(analyser, text) for text in side] for side in texts]
        spread = Counter(piece for side in pieces for one in side for piece in one)
        self.words = tuple(word for word, count in spread.most_common() if count >= FEWEST)
        most = sum(map(len, texts))
        rarity = [float(np.log(most / spread[word]) / np.log(most / FEWEST)) for word in self.words]
        self.rarity = torch.tensor([0.0, *rarity])
        at = {word: number for number, word in enumerate(self.words, start=1)}
        self.bags = [_bags(side, at) for side in pieces]
        vectors = [torch.tensor(encoder.encode(side)) for side in texts]
        self.centres = [rows.mean(0) for rows in vectors]
        self.around = [functional.normalize(rows - rows.mean(0), dim=1) * SCALE for rows in vectors]
        self.sides = [Network(len(self.words), rows.shape[1]) for rows in vectors]
        nn.init.normal_(self.sides[0].words.weight, 0, 0.3)
        self.sides[1].words.weight.data.copy_(self.sides[0].words.weight.data)
        self.sharpness, self.verdict = nn.Parameter(torch.tensor(2.7)), nn.Parameter(torch.tensor(BEGIN))
        self.near = _nearest(self.around[0])
        self.group, self.unlike = np.array(taught.group), np.array(taught.unlike)
        often = np.array(taught.often)
        self.often = often / often.sum()

    def learn(self, seconds: float) -> None:
        """Learn for so long, warmed up, then slower along a cosine."""
        learnt = [*self.sides[0].parameters(), *self.sides[1].parameters(), self.sharpness, self.verdict]
        learner = torch.optim.AdamW(learnt, lr=RATE, weight_decay=DECAY)
        begun, step = time.monotonic(), 0
        while (gone := (time.monotonic() - begun) / seconds) < 1:
            for group in learner.param_groups:
                group["lr"] = RATE * min(1, (step + 1) / WARM) * max(0.02, 0.5 * (1 + float(np.cos(np.pi * gone))))
            loss = self._loss(self.chance.choice(len(self.often), BATCH, replace=False, p=self.often))
            loss = loss + JUDGED_WEIGHT * self._judged()
            learner.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            learner.step()
            if step % 200 == 0:
                print(f"step {step}, loss {float(loss.detach()):.3f}, {gone * seconds:.0f} s", flush=True)
            step += 1

    def _loss(self, at: Numbers) -> Tensor:
        right = np.array([self._reply(number) for number in at])
        wrong = np.array([list(self._wrong(number)) for number in at])
        told = self.sides[0].train()(self.around[0][at], self.bags[0][at], self.rarity)
        said = self.sides[1].train()(self.around[1][right], self.bags[1][right], self.rarity)
        other = self.sides[1](self.around[1][wrong.ravel()], self.bags[1][wrong.ravel()], self.rarity)
        alike = (told @ said.T) * self.sharpness.exp()
        group = self.group[at]
        same = ((group[:, None] == group[None]) & (group[:, None] >= 0)) | (right[:, None] == right[None])
        same &= ~np.eye(len(at), dtype=bool)
        hard = (told[:, None] * other.view(len(at), HARD, -1)).sum(-1) * self.sharpness.exp()
        hard = hard.masked_fill(torch.tensor(wrong == right[:, None]), -1e4)
        answers = torch.cat([alike.masked_fill(torch.tensor(same), -1e4), hard], 1)
        return functional.cross_entropy(answers, torch.arange(len(at)), label_smoothing=SMOOTHED)

    def _judged(self) -> Tensor:
        """Return the loss of telling right replies from wrong ones as judges did."""
        rows = [
            (number, reply, verdict == RIGHT)
            for number in self.chance.choice(np.array(list(self.lessons.judged)), JUDGED_BATCH, replace=False)
            for reply, verdict in (*self.lessons.judged[number], *((own, RIGHT) for own in self.lessons.own[number]))
        ]
        at, replies, right = (np.array(column) for column in zip(*rows, strict=True))
        told = self.sides[0](self.around[0][at], self.bags[0][at], self.rarity)
        said = self.sides[1](self.around[1][replies], self.bags[1][replies], self.rarity)
        odds = self.verdict[0] * (told * said).sum(1) + self.verdict[1]
        return functional.binary_cross_entropy_with_logits(odds, torch.tensor(right).float())

    def _reply(self, number: int) -> int:
        judged = self.lessons.found(number, RIGHT)
        if judged and self.chance.random() < JUDGED_RIGHT:
            return int(self.chance.choice(judged))
        return self._authored(number)

    def _authored(self, number: int) -> int:
        own, group = self.lessons.own[number], self.lessons.group[number]
        if own and (group < 0 or self.chance.random() < 0.5):
            return own[0]
        return int(self.chance.choice(self.lessons.right[group]))

    def _wrong(self, number: int) -> Iterator[int]:
        left, group = HARD, self.group[number]
        right = self.lessons.found(number, RIGHT)
        for reply in self.chance.permutation(self.lessons.found(number, WRONG))[:JUDGED_WRONG]:
            left -= 1
            yield int(reply)
        if (unlike := self.unlike[number]) >= 0:
            left -= 1
            yield int(self.chance.choice(self.lessons.right[unlike]))
        for other in self.chance.permutation(self.near[number]):
            answered = self.often[other] > 0 and (group < 0 or self.group[other] != group)
            if answered and left and (reply := self._authored(int(other))) not in right:
                left -= 1
                yield reply
        yield from (int(self.chance.integers(len(self.lessons.replies))) for _ in range(left))


def model(teacher: Teacher, replies: Sequence[str], encoder: KnownVectors) -> FitModel:
    """Return what is shipped."""
    told, said = (side.eval().side(centre) for side, centre in zip(teacher.sides, teacher.centres, strict=True))
    empty = np.zeros((0, POINT), dtype=np.int8), np.zeros(0, dtype=np.float32)
    nobody = np.zeros(0, dtype=np.uint64)
    found = FitModel(language.encoder_id(), teacher.words, teacher.rarity.numpy()[1:], told, said, nobody, *empty)
    return with_points(found, replies, encoder)


def with_points(found: FitModel, replies: Sequence[str], encoder: KnownVectors) -> FitModel:
    """Return a model with the points of these replies."""
    analyser, at = language.analyser(), {word: number for number, word in enumerate(found.words)}
    bags = [[at[piece] for piece in pieces_of(analyser, text) if piece in at][:MOST_WORDS] for text in replies]
    points = found.replies.points(encoder.encode(replies), bags, found.rarity)
    digests = np.array([digest_of(reply) for reply in replies], dtype=np.uint64)
    order = np.argsort(digests)
    rows, steps = as_bytes(points[order])
    return FitModel(found.encoder, found.words, found.rarity, found.told, found.replies, digests[order], rows, steps)


def known_replies(talking: Any) -> list[str]:  # noqa: ANN401
    """Return every reply to a telling, without its slots."""
    exemplars = talking.exemplars
    own = [one.reply for one in exemplars.all if one.reply]
    common = [reply for theme in exemplars.themes for reply in theme.replies]
    bank = [without_slots(reply) for one in talking.bank.situations.values() for reply in one.replies]
    return list(dict.fromkeys(reply for reply in (*own, *common, *bank) if reply))


def _plain(replies: Any) -> list[str]:  # noqa: ANN401 - an iterable of texts
    return [reply for reply in replies if "{" not in reply]


def _bags(pieces: Sequence[Sequence[str]], at: dict[str, int]) -> Tensor:
    bags = torch.zeros((len(pieces), MOST_WORDS), dtype=torch.long)
    for row, one in enumerate(pieces):
        known = [at[piece] for piece in one if piece in at][:MOST_WORDS]
        bags[row, : len(known)] = torch.tensor(known, dtype=torch.long)
    return bags


def _nearest(rows: Tensor) -> Numbers:
    near = np.empty((len(rows), NEAREST), dtype=np.int64)
    for first in range(0, len(rows), 2000):
        alike = rows[first : first + 2000] @ rows.T
        alike[torch.arange(len(alike)), torch.arange(first, first + len(alike))] = -torch.inf
        near[first : first + 2000] = alike.topk(NEAREST, dim=1).indices.numpy()
    return near


def main() -> None:
    """Learn, or take what was learnt, and ship it with the points of all replies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, help="keeps sentence vectors between runs (.npz)")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--points", action="store_true", help="keep what was learnt")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    encoder, talking = KnownVectors(arguments.vectors), language.dialogue(language.analyser())
    path, replies = data_folder("models") / language.FIT, known_replies(talking)
    if arguments.points:
        learnt = FitModel.read(path)
        if learnt is None:
            raise SystemExit(f"{path} cannot be read")
        made = with_points(learnt, replies, encoder)
    else:
        teacher = Teacher(lessons(talking), encoder)
        teacher.learn(arguments.seconds)
        made = model(teacher, replies, encoder)
    path.write_bytes(made.packed())
    print(path, len(replies))


if __name__ == "__main__":
    main()
