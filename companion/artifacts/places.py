"""Where the model files of a device lie."""

from __future__ import annotations

from pathlib import Path

from companion.artifacts.shelf import Shelf


def models_folder(home: Path) -> Path:
    """Return the folder that pulls fill, given the home folder of the companion."""
    return home / "models"


def shelf_at(home: Path, extra: str | None) -> Shelf:
    """Return the shelf of a device.

    Args:
        home: The home folder of the companion.
        extra: What the variable ``COMPANION_MODELS`` says; None or empty where it is not set.
    """
    return Shelf(models_folder(home), Path(extra) if extra else None)
