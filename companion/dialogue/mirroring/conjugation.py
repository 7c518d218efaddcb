"""Conjugates the predicates of what is said back: 찾 becomes 찾으셨군요, 듣 becomes 들으시는군요.

The forms and the irregular stems are data (``prompts/lexicon/mirror.toml``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from companion.core.hangul import last_coda
from companion.core.morphology import Morpheme
from companion.dialogue.mirroring.infinitives import Irregular, with_coda, without_coda


class Conjugation:
    """Built once from the table.

    Raises:
        KeyError: A part of the table is missing.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.irregular = Irregular(table["irregular"], table["regular"])
        self._supplied = {str(stem): str(polite) for stem, polite in table["supplied"].items()}
        self._honouring = frozenset(map(str, table["honouring"]))
        self.forms = {str(name): str(form) for name, form in table["forms"].items()}

    def has_own_word(self, stem: str) -> bool:
        """Whether a stem is another word where somebody is honoured: 먹 is 드시."""
        return stem in self._supplied

    def honoured(self, stem: Morpheme, *, past: bool) -> str:
        """Return the predicate of somebody who is honoured: 찾으셨군요, 찾으시는군요."""
        verb = is_verb(stem)
        suffix = self.forms["past_honoured" if past else "verb_honoured" if verb else "adjective_honoured"]
        if stem.tag == "VX" and stem.form == "있":
            return self.forms["staying"] + self.forms["past_honoured" if past else "verb_honoured"]
        polite = self._supplied.get(stem.form) if is_verb(stem) else None
        if polite is not None:
            return polite + self.forms["past_honoured" if past else "verb_honoured"]
        if not past and stem.form.endswith("시"):
            return self.present(stem)
        if stem.form in self._honouring:
            return stem.form[:-1] + suffix
        form, is_open = self.before_vowel(stem.form)
        return form + (suffix if is_open else self.forms["link"] + suffix)

    def unable_to(self, stem: Morpheme) -> str:
        """Return it as what somebody cannot do: 드시겠군요 behind 못."""
        polite = self._supplied.get(stem.form)
        if polite is not None:
            return polite + self.forms["unable"]
        form, is_open = self.before_vowel(stem.form)
        return form + ("" if is_open else self.forms["link"]) + self.forms["unable"]

    def present(self, stem: Morpheme) -> str:
        """Return it of what is not honoured: 오는군요, 높군요."""
        if not is_verb(stem):
            return stem.form + self.forms["adjective"]
        form = without_coda(stem.form) if last_coda(stem.form) == "ㄹ" else stem.form
        return form + self.forms["verb"]

    def before_vowel(self, stem: str) -> tuple[str, bool]:
        """Return the stem as it stands before -(으)시-, and whether no 으 is needed."""
        coda = last_coda(stem) or ""
        changes = self.irregular.changes(stem)
        if not coda:
            return stem, True
        if coda == "ㄹ" or (coda == "ㅎ" and changes):
            return without_coda(stem), True
        if not changes:
            return stem, False
        changed = {"ㅂ": without_coda(stem) + self.forms["bieup"], "ㄷ": with_coda(stem, "ㄹ")}
        return changed.get(coda, without_coda(stem)), coda == "ㅂ"


def is_verb(stem: Morpheme) -> bool:
    """Whether a predicate is conjugated as a verb."""
    return stem.tag in {"VV", "XSV", "VX"} and stem.form not in {"있", "없", "싶"}
