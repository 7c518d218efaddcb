"""Puts what ``tune_encoder.py`` wrote among the shipped models, with the digests that every device checks.

    python scripts/ship_encoder.py taught_raw.npz

Afterwards the heads over the encoder must learn again: ``scripts/train_situations.py`` and ``scripts/train_danger.py``.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import zipfile
from pathlib import Path

import numpy as np

from companion.adapters.e5_file import E5File
from companion.adapters.encoder_taught import base_file, changed, read_lesson
from companion.prompts import data_folder
from companion.wiring.language import LESSON


def main() -> None:
    """Make the file once, and write its digest beside what was taught."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("raw", type=Path)
    arrays = read_lesson(parser.parse_args().raw.read_bytes())
    base = base_file().read_bytes()
    made = changed(E5File.parse(base), arrays)
    for name, packed in (("base", base), ("made", made)):
        arrays[name] = np.frombuffer(hashlib.sha256(packed).digest(), np.uint8)
    file = data_folder("models") / LESSON
    file.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            one = io.BytesIO()
            np.save(one, arrays[name])
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), one.getvalue(), zipfile.ZIP_DEFLATED)
    print(f"{file}: {file.stat().st_size / 1e6:.1f} MB, makes {hashlib.sha256(made).hexdigest()[:16]}")


if __name__ == "__main__":
    main()
