"""What a generated reply must not be. Pure rules; where words are concerned they are data (``guard.toml``).

The guard proves nothing good of a reply: it refuses what is foreign, impolite, long, pressing, medical, dishonest or
dangerous. A refused reply is replaced by one of the bank.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

PASSED: Final = "passed"
_SENTENCE_END: Final = re.compile(r"[.!?…]+")
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_HANGUL: Final = re.compile(r"[가-힣]")
_PIECE: Final = 3
_CALLED: Final = re.compile(r", ?\S{1,10}$")
"""The person called at the end of a sentence: what stands before it must be polite."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Figures of the guard."""

    shortest: int
    longest: int
    """Characters."""
    sentences: int
    hangul_share: float
    """Of the letters, at least."""
    likeness: float
    """Share of three-letter pieces in common with an earlier reply, from which it is a repetition."""


class Guard:
    """Built once from the table; ``refused_by`` is pure."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile the rules.

        Raises:
            KeyError: A part of the table is missing.
            re.error: A rule is no regular expression.
        """
        self._limits = Limits(**table["limits"])
        self._polite = re.compile(table["polite"]["ending"])
        self._short_polite = re.compile(table["polite"]["short"])
        self._forbidden = tuple(
            (
                str(rule["name"]),
                re.compile("|".join(f"(?:{source})" for source in rule["text"])),
                tuple(re.compile(source) for source in rule.get("unless", ())),
            )
            for rule in table["forbidden"]
        )

    def refused_by(self, text: str, recent: Sequence[str] = (), instructions: str = "") -> str:
        """Return the name of the first rule that refuses the reply, or ``"passed"``.

        Args:
            text: The reply.
            recent: The last replies, to refuse a repetition.
            instructions: What the language model was told, to refuse its leaking.
        """
        checks: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("empty", lambda: not _NOT_LETTERS.sub("", text)),
            ("language", lambda: self._is_foreign(text)),
            ("length", lambda: not self._limits.shortest <= len(text.strip()) <= self._limits.longest),
            ("sentences", lambda: len(_sentences(text)) > self._limits.sentences),
            ("questions", lambda: text.count("?") > 1),
            ("honorifics", lambda: not self._is_polite(text)),
        )
        for name, refuses in checks:
            if refuses():
                return name
        forbidden = self._forbidden_by(text)
        if forbidden:
            return forbidden
        if any(_likeness(text, earlier) >= self._limits.likeness for earlier in recent):
            return "repetition"
        return "leak" if instructions and _leaks(text, instructions) else PASSED

    def _is_foreign(self, text: str) -> bool:
        letters = [letter for letter in text if letter.isalpha()]
        if not letters:
            return True
        if any(_is_unpronounceable(letter) for letter in text):
            return True
        return len(_HANGUL.findall(text)) / len(letters) < self._limits.hangul_share

    def _is_polite(self, text: str) -> bool:
        return all(
            self._polite.search(_CALLED.sub("", part))
            or self._polite.search(part)
            or self._short_polite.fullmatch(part)
            for part in _sentences(text)
        )

    def _forbidden_by(self, text: str) -> str:
        compact = re.sub(r"\s+", "", text)
        for name, pattern, unless in self._forbidden:
            if pattern.search(compact) and not any(excuse.search(compact) for excuse in unless):
                return name
        return ""


def _sentences(text: str) -> list[str]:
    return [part.strip(" \"'“”‘’~") for part in _SENTENCE_END.split(text) if _NOT_LETTERS.sub("", part)]


def _is_unpronounceable(letter: str) -> bool:
    """Control characters, pictures, Chinese characters, kana: nothing that a voice can say."""
    if letter in " \n":
        return False
    category = unicodedata.category(letter)
    if category in {"Cc", "Cf", "Co", "Cn", "Cs", "So", "Sk"}:
        return True
    return category == "Lo" and not _HANGUL.match(letter)


def _pieces(text: str) -> frozenset[str]:
    letters = _NOT_LETTERS.sub("", text)
    return frozenset(letters[index : index + _PIECE] for index in range(max(len(letters) - _PIECE + 1, 1)))


def _likeness(one: str, other: str) -> float:
    first, second = _pieces(one), _pieces(other)
    return len(first & second) / max(min(len(first), len(second)), 1)


def _leaks(text: str, instructions: str) -> bool:
    """Whether a stretch of twelve letters of the instructions stands in the reply."""
    length = 12
    letters, secret = _NOT_LETTERS.sub("", text), _NOT_LETTERS.sub("", instructions)
    return any(letters[index : index + length] in secret for index in range(max(len(letters) - length + 1, 0)))
