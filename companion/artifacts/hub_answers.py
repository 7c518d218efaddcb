"""Whether the Hugging Face hub answers from here, within a moment."""

from __future__ import annotations

import json
import os
import threading
import urllib.request
from typing import Final

HUB: Final = "https://huggingface.co"
_MOST_BYTES: Final = 1 << 20


def hub_endpoint() -> str:
    """Return the address of the hub, or of the mirror that ``HF_ENDPOINT`` names."""
    return (os.environ.get("HF_ENDPOINT") or HUB).rstrip("/")


def hub_answers(timeout: float = 2.0) -> bool:
    """Return whether the hub itself answers within ``timeout`` seconds.

    A login page of a café's network answers too, but not with a list in JSON. Looking up the name can hang for longer
    than any timeout of a socket, so the question is asked on a thread that may be left behind.
    """
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "TRUE", "YES", "ON"}:
        return False
    answered = threading.Event()

    def ask() -> None:
        if _is_hub(timeout):
            answered.set()

    asking = threading.Thread(target=ask, name="hub-answers", daemon=True)
    asking.start()
    asking.join(timeout)
    return answered.is_set()


def _is_hub(timeout: float) -> bool:
    address = f"{hub_endpoint()}/api/models?limit=1"
    if not address.startswith(("https://", "http://")):
        return False
    try:
        with urllib.request.urlopen(address, timeout=timeout) as answer:  # noqa: S310 - the scheme was checked
            return isinstance(json.loads(answer.read(_MOST_BYTES)), list)
    except (OSError, ValueError):
        return False
