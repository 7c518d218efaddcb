"""What a clause is about: death, a means, having it at hand, a time, a farewell; a side of the body; cooking, farming.

Words are endless, ideas are few. The second voice learns which ideas mean what together, so that a word it was never
taught still counts as the idea it stands for. An idea decides nothing by itself. The words are data
(``prompts/lexicon/danger_ideas.toml``).

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from companion.errors import PromptError
from companion.safety.patterns import AnyOf, Patterns

FILE: Final = "danger_ideas.toml"


@dataclass(frozen=True, slots=True)
class Ideas:
    """Finds ideas by their words."""

    patterns: tuple[tuple[str, AnyOf], ...]
    """Name and words of each, in the order of the file."""
    plain: frozenset[str]
    """Ideas that say by themselves what is meant. Words that touch none of them lean on the turn before."""

    def found(self, letters: str) -> frozenset[str]:
        """Return the names of the ideas that a clause touches.

        Args:
            letters: Without blanks and marks, dialect and sound-alikes written back.
        """
        return frozenset(name for name, pattern in self.patterns if pattern.search(letters))


def load_ideas(tables: Mapping[str, Mapping[str, Any]], classes: Mapping[str, str]) -> Ideas:
    """Read the ideas.

    Args:
        tables: Of ``prompts/lexicon``, by file name.
        classes: Of words: see ``patterns.word_classes``.

    Raises:
        PromptError: The file is missing or holds no idea, a plain one is not among them, or a pattern cannot be used.
    """
    table = tables.get(FILE, {}).get("ideas")
    if not table:
        raise PromptError("lexicon.missing", file=FILE, entry="ideas")
    patterns = Patterns(FILE, classes)
    plain = frozenset(tables[FILE].get("plain", ()))
    unknown = sorted(plain - set(table))
    if unknown:
        raise PromptError("lexicon.missing", file=FILE, entry=unknown[0])
    return Ideas(tuple((name, patterns.any_of(sources)) for name, sources in table.items()), plain)
