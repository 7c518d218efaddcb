"""Keeps the sentence vectors of the exemplars, so that no device has to encode them.

    python scripts/keep_exemplars.py [--vectors FILE.npz]

Run it after what was told in ``prompts/exemplars`` or the taught encoder have changed; a changed reply needs nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from known_vectors import KnownVectors

from companion.adapters.exemplars_encoder import KeptVectors, vectors_name
from companion.prompts import data_folder
from companion.wiring import language


def main() -> None:
    """Encode, keep, and remove the vectors of earlier exemplars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path, help="keeps sentence vectors between runs (.npz)")
    known = KnownVectors(parser.parse_args().vectors)
    texts = language.dialogue(language.analyser()).exemplars.texts
    path = data_folder("models") / "exemplars" / vectors_name(texts, language.encoder_id())
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(KeptVectors.of(known.encode(texts)).packed())
    for other in path.parent.glob("*.npz"):
        if other != path:
            other.unlink()
    print(path)


if __name__ == "__main__":
    main()
