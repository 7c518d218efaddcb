"""``python -m companion``."""

from __future__ import annotations

from companion.cli.app import main

main()
