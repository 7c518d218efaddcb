"""The predicate of a telling as what was heard of another or a thing: 닫는다고요, 오셨다고요, 네 마리라고요. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from companion.core.hangul import last_coda
from companion.core.morphology import Morpheme
from companion.dialogue.mirroring.conjugation import Conjugation, is_verb
from companion.dialogue.mirroring.honouring import is_noun
from companion.dialogue.mirroring.infinitives import with_coda, without_coda
from companion.dialogue.mirroring.parts import Part
from companion.dialogue.mirroring.rendering import Rendering, told_past
from companion.dialogue.mirroring.repeatable import is_past
from companion.dialogue.mirroring.stems import Stems

_PLAIN: Final = frozenset({"다", "ㄴ다", "는다"})
_CLOSE: Final = "다"


class Hearsay:
    """Built once from ``gleaned`` of ``prompts/lexicon/mirror.toml``.

    Raises:
        KeyError: A part of the table is missing.
    """

    def __init__(self, table: Mapping[str, Any], conjugation: Conjugation, rendering: Rendering, stems: Stems) -> None:
        own = table["gleaned"]
        self._conjugation, self._rendering, self._stems = conjugation, rendering, stems
        self._forms = {str(name): str(form) for name, form in own["forms"].items()}
        self._heard = self._forms["heard"]
        self._linking = frozenset(map(str, own["linking"]))
        self._told_now = frozenset(map(str, own["told_now"]))
        self._told_past = frozenset(map(str, own["told_past"]))
        self._reported = frozenset(map(str, table["reported"]))
        self._hearsay = frozenset(rendering.hearsay)

    def closed(self, piece: str, morphemes: Sequence[Morpheme], part: Part, *, honours: bool) -> str:
        """Return a predicate as what was heard: 닫는다고요, 오셨다고요; nothing where it has no such end.

        Args:
            piece: What was said.
            morphemes: Its analysis.
            part: Where the predicate stands.
            honours: Whether it honours who it speaks of.
        """
        words = morphemes[part.stem : part.end + 1]
        stem, ending = words[0], words[-1]
        past = next((one for one in words[1:-1] if is_past(one)), None)
        other = any(one.tag == "EP" and one is not past for one in words)
        if other or not self._tells(part, ending.form, past=past is not None):
            return ""
        if stem.tag == "VCP":
            return self._copula(morphemes[part.stem - 1], past)
        if honours:
            return self._honoured(piece, morphemes, part, past=past is not None)
        return told_past(piece, stem, past) + self._heard if past is not None else self._present(piece, morphemes, part)

    def _tells(self, part: Part, ending: str, *, past: bool) -> bool:
        """Whether an ending tells something."""
        if not part.last:
            return past and ending in self._linking
        if part.quoted:
            return True
        return ending in self._told_now | self._reported | self._hearsay | _PLAIN or (
            past and ending in self._told_past
        )

    def _present(self, piece: str, morphemes: Sequence[Morpheme], part: Part) -> str:
        """Return what is or does so now: 온다고요, 높다고요; nothing where it was seen once."""
        stem, ending = morphemes[part.stem], morphemes[part.end]
        said = piece[stem.start : ending.end]
        if said.endswith(_CLOSE) and (part.quoted or ending.form in _PLAIN):
            return said + self._heard.removeprefix(_CLOSE)
        if is_verb(stem) and not part.quoted and ending.form in self._reported:
            return ""
        standing = self._stems.standing(piece, morphemes, part.stem, part.end)
        if standing is None or not standing.is_sure:
            return ""
        return self._now(self._rendering.as_conjugated(morphemes[: part.stem], standing.stem))

    def _copula(self, noun: Morpheme, past: Morpheme | None) -> str:
        """Return 이다 behind its noun as what was heard: 네 마리라고요, 한 솥이라고요."""
        if past is not None or not is_noun(noun):
            return ""
        closed, opened = self._forms["copula"].split("/")
        return closed if last_coda(noun.form) else opened

    def _honoured(self, piece: str, morphemes: Sequence[Morpheme], part: Part, *, past: bool) -> str:
        """Return the predicate of somebody who is honoured, as what was heard: 오셨다고요, 가신다고요."""
        standing = self._stems.standing(piece, morphemes, part.stem, part.end)
        if standing is None or not standing.is_sure or standing.first != part.stem:
            return ""
        stem = self._rendering.as_conjugated(morphemes[: part.stem], standing.stem)
        said = self._conjugation.honoured(stem, past=past)
        end, heard = self._forms["end"], self._heard
        present = self._conjugation.forms["verb_honoured"]
        if said.endswith(present) and not past:
            return said.removesuffix(present) + self._forms["heard_honoured"]
        return said.removesuffix(end) + heard if said.endswith(end) else ""

    def _now(self, stem: Morpheme) -> str:
        """Return what is not honoured, as what was heard of it: 온다고요, 먹는다고요, 높다고요."""
        heard = self._heard
        if not is_verb(stem):
            return stem.form + heard
        form = without_coda(stem.form) if last_coda(stem.form) == "ㄹ" else stem.form
        return form + self._forms["closed"] if last_coda(form) else with_coda(form, "ㄴ") + heard
