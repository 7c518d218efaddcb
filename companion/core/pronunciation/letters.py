"""Boundaries that letters alone mark, whatever an analyser makes of them.

Stems in ㄴ and ㅁ are a closed list, and nothing that hangs on another word begins with 없: these need no grammar, and
an analyser's mistakes do not touch them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from companion.core.hangul import last_coda
from companion.core.pronunciation.grammar import Add, takes_insertion
from companion.core.pronunciation.sounds import Mark

_WORD: Final = re.compile(r"[가-힣]+")
_TWICE: Final = re.compile(r"(?=(([가-힣]{2})\2))")


class Letters:
    """Marks what can be read off the letters.

    Args:
        table: ``tense``: ``stems``, ``stem_endings``, ``stem_nouns``, ``endings_after_l``;
            ``content``: ``heads``, ``kept``.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        tense, content = table["tense"], table["content"]
        nouns = frozenset(tense["stem_nouns"])
        forms = ((stem, stem + end) for stem in tense["stems"] for end in tense["stem_endings"])
        self._verbs = {form: len(stem) for stem, form in forms if form not in nouns}
        self._content = re.compile(_either(content["heads"]))
        self._endings = tuple(tense["endings_after_l"])
        self._kept = tuple(content["kept"])

    def mark(self, text: str, add: Add) -> None:
        """Add the marks of every word of ``text``."""
        for word in _WORD.finditer(text):
            stem = self._verbs.get(word.group())
            if stem:
                add(word.start() + stem, Mark.TENSE)
            ending = next((one for one in self._endings if word.group().endswith(one)), "")
            if ending and last_coda(word.group()[: -len(ending)]) == "ㄹ":
                add(word.end() - len(ending), Mark.TENSE)
            for head in self._content.finditer(text, word.start() + 1, word.end()):
                if last_coda(text[head.start() - 1]) and not text.startswith(self._kept, head.start() - 1):
                    add(head.start(), Mark.CONTENT)
        for twice in _TWICE.finditer(text):
            middle = twice.start() + 2
            if takes_insertion(text[middle]) and last_coda(text[middle - 1]):
                add(middle, Mark.INSERT)


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in words)
