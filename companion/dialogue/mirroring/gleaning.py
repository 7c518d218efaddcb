"""Names what was told where it cannot be said back whole: by what somebody else did, an amount, or what was done to.

``조합장이 비료값을 깎아 준다 카데`` is named by ``조합장이 비료값을 깎아 준다고요``, ``모가 두 번이나 나왔지`` by
``모가 두 번이나요``. Nothing is claimed but what was said, so it is true whatever the telling means. Only another or a
thing is spoken of by a predicate; what the person did is named without one, for which no politeness can be missed.
Pure; lists and forms are ``gleaned`` of ``prompts/lexicon/mirror.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from companion.core.hangul import with_particle
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

_NAMING: Final = frozenset(
    {"NNG", "NNP", "NNB", "NR", "MM", "XSN", "XPN", "SN", "JKO", "JKS", "JX", "JKB", "JC", "JKG"}
)
_FEWEST: Final = 4
"""Letters of what is named at least."""
_MOST_WORDS: Final = 4
"""Words of what is named without a predicate, at most."""
_SHARE: Final = 0.3
"""Share of the telling that what another did must be: a few words of a long story sound like a parrot."""
_TRIFLE: Final = 7
"""Letters below which what another did must be most of the telling: 해가 뜬다고요."""
_SCRAP: Final = 6
"""Letters below which an earlier part of the telling is named rather than the last."""


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
        self._hollow = frozenset(map(str, table["hollow"])) | self._sets["bare"]
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
        for name in (self._event, self._price, self._named, self._topic):
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
            if not self._may_be_told(morphemes, part, subject, first):
                continue
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

    def _named(self, piece: str, morphemes: Sequence[Morpheme]) -> str:
        """Return who or what a telling is about, without what became of it: 모가 두 번이나요, 우물 이야기군요."""
        found = [
            said for part in parts_of(morphemes, self._sets["saying"]) if (said := self._about(piece, morphemes, part))
        ]
        return next((said for said in found if len(said) >= _SCRAP + 1), max(found, key=len, default=""))

    def _about(self, piece: str, morphemes: Sequence[Morpheme], part: Part) -> str:
        run: list[list[Morpheme]] = []
        if morphemes[part.stem].form == "없":
            return ""  # 전화 한 통 없어서
        words = _words(morphemes[part.first : part.stem])
        for at in range(len(words) - 1, -1, -1):
            word = words[at]
            if not self._names(word) or len(run) == _MOST_WORDS or (run and word[-1].form in {"은", "는"}):
                if run:
                    break
                continue
            run.insert(0, word)
        while run and self._says_nothing(run[0]):
            run.pop(0)
        # 앞집 영감이 is no 영감님: what says whose somebody is stays with them
        starts = [at for at in range(len(run)) if not at or run[at - 1][-1].tag.startswith("J")]
        for first in starts:
            if said := self._run(piece, run[first:]):
                return said
        return ""

    def _says_nothing(self, word: Sequence[Morpheme]) -> bool:
        """Whether a word names nothing at the beginning of a few: 때 of 시집올 때, and 신고 that is no noun."""
        first = word[0]
        alone = len(word) == 1
        return (
            first.tag == "NNB"
            or (alone and first.form in self._sets["openers"] | self._sets["bare"])
            or (alone and first.tag == "NNG" and first.form.endswith("고"))
        )

    def _run(self, piece: str, run: Sequence[Sequence[Morpheme]]) -> str:
        """Return some words as they are named back: 모가 두 번이나요, 파스를 두 장이요, 비료값 이야기군요."""
        flat = [one for word in run for one in word]
        last, noun = flat[-1], next((one for one in reversed(flat) if is_noun(one)), flat[-1])
        if self._is_hurtful(flat, ()) or noun.form in self._own | self._hollow | self._sets["lacked"]:
            return ""
        if noun.form in self._times and len(run) == 1:
            return ""
        said = self._rendering.with_names(piece[flat[0].start : last.end], flat)
        if len(run) > 1 and last.tag in {"NNB", "NR"}:
            return self._fit(with_particle(said, self._forms["counted"]))
        if len(run) > 1 and (last.tag == "JKO" or last.form in _COUNTING):
            return self._fit(said + self._forms["polite"])
        return self._story(said, flat) if len(run) == 1 and last.tag in {"JKO", "JKS"} else ""

    def _story(self, said: str, word: Sequence[Morpheme]) -> str:
        """Return a single noun as what was told of: 비료값 이야기군요."""
        last = word[-1]
        bare = said[: len(said) - len(last.form)] if last.tag in {"JKO", "JKS", "JKB", "JX"} else said
        nouns = [one for one in word if not one.tag.startswith("J")]
        plain = all(one.tag in {"NNG", "NNP"} for one in nouns) and not self._honouring.is_person(nouns[-1])
        fits = plain and len(bare) > 1 and self._repeatable.is_plain(f" {bare}") and self._repeatable.is_fit(bare)
        return bare + self._forms["story"] if fits and not self._never.search(bare) else ""

    def _topic(self, piece: str, morphemes: Sequence[Morpheme]) -> str:
        """Return the last plain noun as what was told of: 온천 이야기군요."""
        barred = self._own | self._hollow | self._times | self._sets["lacked"]
        words = [word for word in _words(morphemes) if word[-1].tag != "JKO"]
        words += [word for word in _words(morphemes) if word[-1].tag == "JKO"]
        for word in reversed(words):
            named = self._names(word) and word[-1].tag.startswith("J")
            noun = next((one for one in reversed(word) if is_noun(one)), None)
            if not named or noun is None or noun.form in barred:
                continue
            if self._is_hurtful(word, ()):
                continue
            if said := self._story(piece[word[0].start : word[-1].end], word):
                return said
        return ""

    def _names(self, word: Sequence[Morpheme]) -> bool:
        """Whether a word only names: noun, number and particle."""
        first = word[0]
        inner = all(
            one.tag in _NAMING or (one.tag == "NP" and (at or one.form in self._sets["places"]))
            for at, one in enumerate(word)
        )
        pointing = self._speaker | self._sets["pointing"]
        return inner and first.form not in pointing and first.tag[0] in "NMX"

    def _fit(self, said: str) -> str:
        """Return what may be said, else nothing."""
        bare = said.replace(" ", "")
        fit = len(bare) >= _FEWEST and self._repeatable.is_plain(f" {said}") and self._repeatable.is_fit(said)
        return said if fit and not self._never.search(said) else ""


_COUNTING: Final = frozenset({"이나", "나", "도", "밖에", "까지", "뿐"})
_LISTS: Final = (
    *(
        "saying",
        "harmless",
        "places",
        "carrying",
        "linking",
        "told_now",
        "told_past",
        "openers",
        "lacked",
        "bare",
        "of_what_is",
        "meant",
    ),
    "pointing",
)


def _is_whole(morphemes: Sequence[Morpheme], at: int) -> bool:
    return morphemes[at + 1].start > morphemes[at].end


def _is_within(morphemes: Sequence[Morpheme], at: int, stem: int) -> bool:
    """Whether a particle belongs to what only describes a noun: 비가 온 날."""
    tags = [one.tag for one in morphemes[at + 1 : stem]]
    ends = [tag for tag in tags if tag in {"ETM", "ETN", "EC"}]
    return bool(ends) and ends[0] != "EC"


def _letters(said: str) -> int:
    return len(said) - said.count(" ")


def _words(clause: Sequence[Morpheme]) -> list[list[Morpheme]]:
    """Return the words of a clause, as blanks part them."""
    words: list[list[Morpheme]] = []
    for one in clause:
        if words and words[-1][-1].end >= one.start:
            words[-1].append(one)
        else:
            words.append([one])
    return words
