"""Trains the heads over the sentence encoder, for the reply bank and the examples as they are, and ships them.

Run it after the utterances ("says") of the bank or ``prompts/understanding`` have changed:
``.venv/bin/python scripts/train_situations.py``. Takes about two minutes on two cores.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from known_vectors import KnownVectors

from companion.adapters.labels_encoder import EncodedLabels, labels_name
from companion.adapters.situations_encoder import EncodedSituations, head_name
from companion.prompts import data_folder
from companion.wiring import language


def main() -> None:
    """Train, keep, and remove the heads of earlier data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, help="keeps sentence vectors between runs (.npz)")
    words, encoder = language.analyser(), KnownVectors(parser.parse_args().vectors)
    talking = language.dialogue(words)
    situations, labelled = talking.bank.examples(), language.labelled(talking)
    name = language.encoder_id()
    EncodedSituations(encoder, situations, (_folder("situations"),), encoder_id=name)
    EncodedLabels(encoder, words, labelled, (_folder("understanding"),), encoder_id=name)
    _keep_only("situations", head_name(situations, name))
    _keep_only("understanding", labels_name(labelled, name))


def _folder(name: str) -> Path:
    return data_folder("models") / name


def _keep_only(name: str, kept: str) -> None:
    for path in _folder(name).glob("*.npz"):
        if path.name != kept:
            path.unlink()
    print(_folder(name) / kept)


if __name__ == "__main__":
    main()
