"""Who owns which stream: data goes to stdout, narration to stderr, and with ``--json`` stdout gets exactly one line."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

from companion.cli.messages import say


def tell(key: str, **fields: object) -> None:
    """Print one operator sentence to stderr."""
    print(say(key, **fields), file=sys.stderr, flush=True)


def print_line(text: str) -> None:
    """Print one line of data to stdout."""
    print(text, flush=True)


def print_json(value: Mapping[str, object]) -> None:
    """Print ``value`` as the one line of JSON of a command run with ``--json``."""
    print(json.dumps(value, ensure_ascii=False, separators=(",", ":")), flush=True)
