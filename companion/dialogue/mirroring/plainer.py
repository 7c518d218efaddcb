"""What is said in a dialect, as the standard language links it: what is said back to a person is plain. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from companion.core.morphology import Morpheme


class Plainer:
    """Built once from ``plainer`` of ``prompts/lexicon/mirror.toml``.

    Args:
        rows: Form and tag (``는디/EC``), how it ends as it is said, and how the standard ends it: as many letters.

    Raises:
        ValueError: A row has not three parts, or its ends are not equally long.
    """

    def __init__(self, rows: Iterable[Sequence[str]]) -> None:
        self._ends: dict[str, tuple[str, str]] = {}
        for form, said, plain in rows:
            if len(said) != len(plain):
                raise ValueError(form)
            self._ends[str(form)] = str(said), str(plain)

    def said(self, text: str, morphemes: Sequence[Morpheme]) -> str:
        """Return the text with links and particles as the standard has them. Law: letters stay in their place."""
        for one in morphemes:
            said, plain = self._ends.get(f"{one.form}/{one.tag}", ("", ""))
            if said and text[: one.end].endswith(said):
                text = text[: one.end - len(said)] + plain + text[one.end :]
        return text
