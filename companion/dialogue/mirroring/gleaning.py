"""Names what was told where it cannot be said back whole: by what somebody else or a thing did, or by an amount.

``조합장이 비료값을 깎아 준다 카데`` is named by ``조합장이 비료값을 깎아 준다고요``, what a fish costs by ``갈치 한
마리에 이만 원이요``. Nothing is claimed but what was said, so it is true whatever the telling means. A mere noun is not
named: judges found ``얼굴 말씀이시군요`` deaf.
Pure; lists and forms are ``gleaned`` of ``prompts/lexicon/mirror.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from companion.core.morphology import Morpheme
from companion.dialogue.mirroring.conjugation import Conjugation
from companion.dialogue.mirroring.hearsay import Hearsay
from companion.dialogue.mirroring.honouring import Honouring, is_noun
from companion.dialogue.mirroring.parts import STOPS, Part, parts_of
from companion.dialogue.mirroring.plainer import Plainer
from companion.dialogue.mirroring.rendering import BECOME, Rendering
from companion.dialogue.mirroring.repeatable import Repeatable
from companion.dialogue.mirroring.stems import Stems
from companion.dialogue.mirroring.tellings import Quotes, counted, sentences_told
from companion.dialogue.slots import is_most

_FEWEST: Final = 4
"""Letters of what is named at least."""
_SHARE: Final = 0.3
"""Share of the telling that what another did must be: a few words of a long story sound like a parrot."""
_TRIFLE: Final = 7
"""Letters below which what another did must be most of the telling: 해가 뜬다고요."""


class Gleaning:
    """Built once from the table.

    Raises:
        KeyError: A part of the table is missing.
        re.error: A rule is no regular expression.
    """

    def __init__(
        self,
        table: Mapping[str, Any],
        conjugation: Conjugation,
        honouring: Honouring,
        repeatable: Repeatable,
        rendering: Rendering,
        stems: Stems,
    ) -> None:
        self._honouring, self._repeatable, self._rendering = honouring, repeatable, rendering
        self._plainer, self._quotes = Plainer(table["plainer"]), Quotes(table)
        self._hearsay = Hearsay(table, conjugation, rendering, stems)
        own = table["gleaned"]
        self._words = tuple((re.compile(rule), str(plain)) for rule, plain in own["words"])
        self._amount = re.compile(own["amount"])
        self._never = re.compile("|".join(own["never"]))
        self._sets = {name: frozenset(map(str, own[name])) for name in _LISTS}
        self._speaker = frozenset(map(str, table["speaker"]))
        self._own = frozenset(map(str, table["own"]))
        self._times = frozenset(map(str, table["times"])) | frozenset(map(str, table["moments"]))
        self._fillers = frozenset(map(str, table["fillers"]))
        self._possessed = re.compile(own["possessed"])
        self._forms = {str(name): str(form) for name, form in own["forms"].items()}

    def plain(self, text: str) -> str:
        """Return the text with common words and endings of dialects as the standard language has them."""
        for rule, plain in self._words:
            text = rule.sub(plain, text)
        return text

    def of(self, text: str, analyse: Callable[[str], Sequence[Morpheme]]) -> str:
        """Return what names a telling, without its full stop; nothing where nothing may be named."""
        if "?" in text or self._never.search(text):
            return ""
        text = self._possessed.sub("", self.plain(text.strip()))
        pieces = sorted(sentences_told(text, analyse(text)), key=len, reverse=True)
        read = [(one, counted(one, analyse(one))) for one in pieces if not self._quotes.has(one, text)]
        for name in (self._event, self._price):
            for piece, morphemes in read:
                said = name(piece, morphemes)
                scrap = name == self._event and _letters(said) < _SHARE * _letters(text)
                if said and not scrap:
                    return said
        return ""

    def _price(self, piece: str, _: Sequence[Morpheme]) -> str:
        """Return what something costs or comes to: 갈치 한 마리에 이만 원이요."""
        found = self._amount.search(piece)
        return "" if found is None else self._fit(found["said"] + self._forms["much" if found["much"] else "amount"])

    def _event(self, piece: str, morphemes: Sequence[Morpheme]) -> str:
        """Return what somebody else or a thing did or is, as heard of them: 분교가 문을 닫는다고요."""
        for part in parts_of(morphemes, self._sets["saying"]):
            subject = self._subject(morphemes, part)
            if subject is None:
                continue
            first = self._begin(morphemes, subject)
            clause, stem = morphemes[first : part.stem], morphemes[part.stem]
            if not self._may_be_told(morphemes, part, subject, first) or self._is_of_two(morphemes, part, subject):
                continue
            if piece[: clause[0].start][-1:].isalpha():
                continue  # 누버가 산 세월: a word that an analyser does not know is not cut in two
            closed = self._hearsay.closed(piece, morphemes, part, honours=self._honours(morphemes, subject))
            body = self._rendering.body(self._plainer.said(piece, morphemes), clause, stem) if closed else ""
            said = self._rendering.with_names(body, clause) + closed if body else ""
            if " " in said and (_letters(said) >= _TRIFLE or is_most(said, piece)) and self._fit(said):
                return said
        return ""

    def _may_be_told(self, morphemes: Sequence[Morpheme], part: Part, subject: int, first: int) -> bool:
        """Whether a clause speaks of another or a thing, and of nothing that only the speaker can mean."""
        clause, stem = morphemes[first : part.stem], morphemes[part.stem]
        noun = morphemes[subject - 1]
        whole = f"{clause[-1].form}{stem.form}"
        felt = self._honouring.is_felt(clause, stem) and not {stem.form, whole} & self._sets["of_what_is"]
        lacking = stem.form == "없" and noun.form in self._sets["lacked"]
        own = noun.form in self._own | self._sets["bare"] | self._speaker
        barred = self._is_hurtful(clause, morphemes[part.stem : part.end + 1])
        meant = stem.form in self._sets["meant"] or whole in self._sets["meant"]
        return not (felt or lacking or own or barred or meant) and self._is_of_nobody(clause)

    def _is_of_two(self, morphemes: Sequence[Morpheme], part: Part, subject: int) -> bool:
        """Whether a person stands as what is told of and another thing does it: 며느리가 한숨 소리도 들려."""
        between = range(subject + 2, part.stem)
        others = (
            morphemes[at].tag in {"JX", "JKS"} and morphemes[at].form in _OF_THINGS and is_noun(morphemes[at - 1])
            for at in between
            if morphemes[at - 1].form not in self._times
        )
        return self._honouring.is_person(morphemes[subject - 1]) and any(others)

    def _is_hurtful(self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme]) -> bool:
        """Whether a word stands in it that is never said back."""
        kept = [one for one in clause if one.form not in self._sets["harmless"]]
        return self._repeatable.is_hurtful(kept, predicate)

    def _is_of_nobody(self, words: Sequence[Morpheme]) -> bool:
        """Whether neither the speaker nor who is pointed at stands among some words, and nothing that is no Korean."""
        foreign = any(one.tag in {"IC", "SL", "UNKNOWN", "UNA", "SW", "SSO", "SSC", "VCN"} for one in words)
        return not foreign and not any(
            one.tag == "NP" and one.form not in self._sets["places"] and (not at or words[at - 1].end < one.start)
            for at, one in enumerate(words)
        )

    def _subject(self, morphemes: Sequence[Morpheme], part: Part) -> int | None:
        """Return where the particle of who or what does it stands; None where another may do it than who is named."""
        for at in range(part.stem - 1, 0, -1):
            one, before = morphemes[at], morphemes[at - 1]
            if one.tag == "EF" or (one.tag == "EC" and not self._carries(one, before, morphemes[at + 1])):
                return None
            noun = is_noun(before) or before.tag == "XSN"
            topic = one.tag == "JX" and one.form in {"은", "는"} and self._honouring.is_person(before)
            # 친구가 짠 목도리를 보냈어: who is honoured may be meant by both
            within = _is_within(morphemes, at, part.stem) and not self._honours(morphemes, at)
            if noun and (one.tag == "JKS" or topic) and not within:
                return at
        return None

    def _carries(self, one: Morpheme, before: Morpheme, behind: Morpheme) -> bool:
        """Whether who did what stands before a connective does what follows as well."""
        went = one.form.endswith("서") and (before.form.endswith(("오", "가")) or behind.tag == "VX")
        return went or one.form in self._sets["carrying"]

    def _begin(self, morphemes: Sequence[Morpheme], subject: int) -> int:
        """Return where the clause of a subject begins."""
        first = next(
            (
                at + 1
                for at in range(subject - 1, -1, -1)
                if morphemes[at].tag in STOPS or (morphemes[at].tag == "EC" and morphemes[at + 1].tag != "VX")
            ),
            0,
        )
        openers = self._fillers | self._sets["openers"]
        while (
            first < subject - 1
            and morphemes[first].form in openers
            and morphemes[first + 1].start > morphemes[first].end
        ):
            first += 1
        return first

    def _honours(self, morphemes: Sequence[Morpheme], subject: int) -> bool:
        noun = morphemes[subject - 1]
        if morphemes[subject + 1].form == BECOME:
            return False
        return noun.form == "님" or self._honouring.is_polite(noun.form)

    def _fit(self, said: str) -> str:
        """Return what may be said, else nothing."""
        bare = said.replace(" ", "")
        fit = len(bare) >= _FEWEST and self._repeatable.is_plain(f" {said}") and self._repeatable.is_fit(said)
        return said if fit and not self._never.search(said) else ""


_OF_THINGS: Final = frozenset({"도", "은", "는", "이", "가", "마저", "조차"})
_LISTS: Final = (
    *("saying", "harmless", "places", "carrying", "linking", "told_now", "told_past"),
    *("openers", "lacked", "bare", "of_what_is", "meant"),
)


def _is_within(morphemes: Sequence[Morpheme], at: int, stem: int) -> bool:
    """Whether a particle belongs to what only describes a noun: 비가 온 날."""
    tags = [one.tag for one in morphemes[at + 1 : stem]]
    ends = [tag for tag in tags if tag in {"ETM", "ETN", "EC"}]
    return bool(ends) and ends[0] != "EC"


def _letters(said: str) -> int:
    return len(said) - said.count(" ")
