"""Text made speakable: numbers, dates, telephone numbers, units, Latin letters, hanja and signs in Hangul.

One pure place, used by the voice and by the scoring of recognition. Give ``Speakable`` the parsed table
``prompts/speech/speakable.toml`` (``prompt_table("speech/speakable.toml")``), keep it, and call ``read``; ``pieces``
tells which stretch of the text became which words.
"""

from __future__ import annotations

from companion.core.speakable.clean import tidy
from companion.core.speakable.speaker import Piece, Speakable, Spoken, dropped_of

__all__ = ["Piece", "Speakable", "Spoken", "dropped_of", "tidy"]
