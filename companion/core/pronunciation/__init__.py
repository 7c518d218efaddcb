"""How Korean sounds: the Standard Pronunciation rules, and phones for the embedded voice.

Pure: tables and the analyser come in as arguments.
"""

from __future__ import annotations

from companion.core.pronunciation.phones import bare_table, phones, symbols
from companion.core.pronunciation.pronouncer import Pronouncer

__all__ = ["Pronouncer", "bare_table", "phones", "symbols"]
