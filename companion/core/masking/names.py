"""Names of people in spoken Korean: those of the person's own record, proper nouns, and what stands where names stand.

A given name alone is a word like any other; so it counts where somebody is called (점례야), told of with a title or a
role (옆집 최영례, 옥분이 언니), or said to be called so. What the morphology knows for a common word is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from companion.core.hangul import decompose
from companion.core.masking.found import Found, Kind
from companion.core.morphology import Analyser, Morpheme

_WORD: Final = re.compile(r"[가-힣A-Za-z0-9]+")
_HANGUL: Final = re.compile(r"[가-힣]{2,5}")
_FULL: Final = 3
_COMMON: Final = frozenset({"NNG", "NNB", "NP", "MAG", "MAJ", "MM", "IC", "VV", "VA", "XR", "NR", "VCN", "VX"})
_NEVER: Final = frozenset(
    {
        "VV",
        "VA",
        "NR",
        "SN",
        "VX",
        "NNB",
        "VCP",
        "XSV",
        "XSA",
        "EC",
        "EF",
        "EP",
        "ETM",
        "JKB",
        "JKS",
        "JKO",
        "JX",
        "MAG",
    }
)
"""With these in it a word is no name."""
_COMPOUND: Final = frozenset({"NNG", "XSN", "XPN"})
_PLAIN_TAILS: Final = frozenset({"는", "가", "도", "를", "랑", "하고", "은", "을", "이", "의"})
_PLACE_ENDS: Final = tuple("시군구읍면리동도")


@dataclass(frozen=True, slots=True)
class Word:
    """One written word: what may be a name, and what hangs on it."""

    start: int
    text: str
    stem: str
    tail: str


class Names:
    """Built once from ``prompts/masking/words.toml``.

    Args:
        table: Of that file.
        analyser: Of morphemes.
    """

    def __init__(self, table: Mapping[str, Any], analyser: Analyser) -> None:
        names = table["names"]
        self._analyser = analyser
        self._surnames = frozenset(names["surnames"])
        self._double = tuple(names["double_surnames"])
        self._titles, self._roles = frozenset(names["titles"]), frozenset(names["roles"])
        self._followers = frozenset(names["followers"])
        self._says = frozenset(names["says_name"])
        self._called = frozenset(names["called"])
        self._particles = sorted(names["particles"], key=len, reverse=True)
        self._given_ends = frozenset(names["given_ends"])
        self._old_ends, self._not_given = frozenset(names["old_ends"]), frozenset(names["not_given"])
        self._free = frozenset(table["free"]["words"])

    def find(self, text: str, own: Sequence[str]) -> Iterator[Found]:
        """Yield every name.

        Args:
            text: What leaves.
            own: Names of the person's record, whole and without the family name.
        """
        morphemes = self._analyser.analyse(text)
        words = [self._word(match.start(), match[0]) for match in _WORD.finditer(text)]
        found = [*self._own(text, words, own), *self._proper(words, morphemes)]
        for place, word in enumerate(words):
            found += self._by_place(words, place, word, morphemes)
        yield from found
        yield from self._again(text, words, found)

    def is_word(self, text: str, found: Found) -> bool:
        """Return whether what somebody else takes for a name is a common word, a number or a verb where it stands."""
        inside = [one for one in self._analyser.analyse(text) if found.start <= one.start < found.end]
        if not inside or inside[0].start != found.start:
            return False
        whole = inside[0].end >= found.end and inside[0].tag in _COMMON
        compound = inside[0].end - inside[0].start > 1 and all(one.tag in _COMPOUND for one in inside)
        said = text[found.start : found.end]
        return whole or compound or any(one.tag in _NEVER for one in inside) or self._is_common(said)

    def own_left(self, text: str, own: Sequence[str]) -> bool:
        """Return whether any name of the record still stands in a text, blanks or not."""
        words = [self._word(match.start(), match[0]) for match in _WORD.finditer(text)]
        whole = "".join(text.split())
        return any(len(name) >= _FULL and name in whole for name in own) or any(self._own(text, words, own))

    def _again(self, text: str, words: Sequence[Word], found: Sequence[Found]) -> Iterator[Found]:
        """Yield the words that hold a name which was found elsewhere in the text, with or without the family name."""
        known = {text[one.start : one.end].removesuffix("이") for one in found}
        for word in words:
            for name in known:
                place = word.text.find(name)
                if len(name) >= 2 and 0 <= place <= 1 and (not place or word.text[0] in self._surnames):  # noqa: PLR2004 - a name
                    yield Found(word.start, word.start + place + len(name), Kind.NAME)

    def _own(self, text: str, words: Sequence[Word], own: Sequence[str]) -> Iterator[Found]:
        for name in own:
            if len(name) >= _FULL:
                spaced = r"\s?".join(map(re.escape, name))
                yield from (Found(*match.span(), Kind.NAME) for match in re.finditer(spaced, text))
            for word in words:
                rest = word.text[len(name) :]
                if word.text.startswith(name) and (not rest or self._hangs(rest)):
                    extra = 1 if rest.startswith("이") and len(rest) > 1 else 0
                    yield Found(word.start, word.start + len(name) + extra, Kind.NAME)

    def _proper(self, words: Sequence[Word], morphemes: Sequence[Morpheme]) -> Iterator[Found]:
        """Yield the words in which the morphology sees a proper noun, up to their particles."""
        for word in words:
            inside = [one for one in morphemes if word.start <= one.start < word.start + len(word.text)]
            proper = [one for one in inside if one.tag == "NNP" and one.start == word.start]
            free = word.stem in self._free or any(one.form in self._free for one in proper)
            if proper and not free and self._may_be_proper(word) and not self._is_common(word.stem):
                yield self._span(word)

    def _may_be_proper(self, word: Word) -> bool:
        """Refuse what the dictionary, on words spelled as they are said, takes for a proper noun: 시퍼 for 싶어."""
        if len(word.stem) == 2:  # noqa: PLR2004 - a given name, or a town
            return bool(word.tail) or self._is_given(word.stem)
        return word.stem[0] in self._surnames or word.stem.endswith(_PLACE_ENDS)

    def _by_place(
        self, words: Sequence[Word], place: int, word: Word, morphemes: Sequence[Morpheme]
    ) -> Iterator[Found]:
        before = words[place - 1].text if place else ""
        after = [one.text for one in words[place + 1 : place + 3]]
        whole = Word(word.start, word.text, word.text, "")
        known = self._free | self._titles | self._roles
        titled = bool(after) and self._opens_with(after[0], self._titles) and word.stem not in known
        for meant in (word, whole) if titled else (word,):
            if meant.stem in known or not _HANGUL.fullmatch(meant.stem):
                continue
            if before in self._says and len(meant.stem) <= _FULL + 1 and not self._asks(meant, morphemes):
                yield self._span(meant)
                continue
            common = self._is_known(meant, morphemes)
            if self._stands_for_one(meant, (before, *after), common=common):
                yield self._span(meant)

    def _stands_for_one(self, word: Word, around: tuple[str, ...], *, common: bool) -> bool:
        before, after = around[0], around[1] if len(around) > 1 else ""
        following = "".join(around[1:])
        titled = self._opens_with(after, self._titles) or any(following.startswith(one) for one in self._followers)
        full, given = self._is_full(word.stem), self._is_given(word.stem)
        role = before in self._roles or self._stem(before) in self._roles
        if self._is_given(word.stem) and word.stem[-1] in self._old_ends and word.stem not in self._not_given:
            common = common and not (titled or self._hangs_on_a_person(word) or word.tail == "네")
        if common:
            return full and titled and not self._is_common(word.stem)
        if role and (full or len(word.stem) == 2 or self._is_foreign(word.stem)):  # noqa: PLR2004 - a given name
            return True
        if full and (titled or word.tail.startswith(("씨", "님"))):
            return True
        if full and (self._hangs_on_a_person(word) or after in self._called):
            return True
        # A word of that shape that the dictionary does not know is more often a name than anything else.
        unknown = given and word.stem[-1] in self._old_ends and word.tail in _PLAIN_TAILS
        return given and (unknown or titled or self._hangs_on_a_person(word) or word.tail == "네")

    def _hangs_on_a_person(self, word: Word) -> bool:
        """Return whether what hangs on a word hangs on people only: 야, 한테, 이 behind a consonant and a particle."""
        tail = word.tail
        if tail in ("야", "아") or tail.startswith(("한테", "에게", "이한테", "더러", "네가", "이네")):
            return True
        has_coda = bool(decompose(word.stem[-1])[2])
        return has_coda and tail in ("이가", "이는", "이도", "이를", "이랑", "이만", "이하고", "이의")

    def _is_full(self, stem: str) -> bool:
        if stem.startswith(self._double):
            return len(stem) == _FULL + 1
        return len(stem) == _FULL and stem[0] in self._surnames

    def _is_given(self, stem: str) -> bool:
        return len(stem) == 2 and stem[-1] in self._given_ends  # noqa: PLR2004 - as given names are

    def _is_known(self, word: Word, morphemes: Sequence[Morpheme]) -> bool:
        """Return whether the morphology, reading the sentence, takes the stem for a common word."""
        end = word.start + len(word.stem)
        inside = [one for one in morphemes if word.start <= one.start < end]
        whole = bool(inside) and inside[0].end >= end and inside[0].tag in _COMMON
        fits = bool(inside) and inside[0].end - word.start > 1 and inside[-1].end <= end
        compound = fits and all(one.tag in _COMPOUND for one in inside)
        return whole or compound or any(one.tag in _NEVER for one in inside) or self._is_common(word.stem)

    def _asks(self, word: Word, morphemes: Sequence[Morpheme]) -> bool:
        """Return whether what stands where a name is said is no name: 이름이 뭐지."""
        first = next((one.tag for one in morphemes if one.start == word.start), "")
        return first in ("NP", "MM", "MAG")

    def _is_foreign(self, stem: str) -> bool:
        """Return whether a long word is none that the dictionary knows at all: 응우옌티란."""
        found = self._analyser.analyse(stem)
        return len(stem) > _FULL and all(one.tag in ("NNP", "NA") for one in found)

    def _is_common(self, stem: str) -> bool:
        """Return whether a word alone is a common one."""
        found = self._analyser.analyse(stem)
        return len(found) == 1 and found[0].tag in _COMMON

    def _word(self, start: int, text: str) -> Word:
        stem = self._stem(text)
        return Word(start, text, stem, text[len(stem) :])

    def _stem(self, text: str) -> str:
        for particle in self._particles:
            if text.endswith(particle) and len(text) - len(particle) >= 2:  # noqa: PLR2004 - a name
                return text[: -len(particle)]
        return text

    def _hangs(self, rest: str) -> bool:
        return rest in self._particles or any(rest.startswith(title) for title in self._titles)

    def _opens_with(self, word: str, among: frozenset[str]) -> bool:
        return word in among or self._stem(word) in among or any(len(one) > 1 and word.startswith(one) for one in among)

    def _span(self, word: Word) -> Found:
        """Return the span of a name; the 이 behind a consonant is taken along."""
        extra = 1 if word.tail.startswith("이") and len(word.tail) > 1 else 0
        return Found(word.start, word.start + len(word.stem) + extra, Kind.NAME)
