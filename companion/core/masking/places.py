"""Where somebody lives or goes: addresses as they are said, places that bear a name, addresses of electronic mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from companion.core.masking.found import Found, Kind
from companion.core.morphology import Analyser

_MAIL: Final = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\s?\.\s?[\w-]+)*")
_SAID_MAIL: Final = re.compile(
    r"(?:(?<![가-힣])(?!메일|이메일)\S+\s){0,3}골뱅이\s?(?:\S+?\s?(?:점|쩜|닷)\s?(?:컴|넷|케이알|오알지|\S+)|\S+)"
    r"(?=이래|이야|이고|입니다|이에요|로|으로|이요|\s|$)?"
)
"""Said mail: up to three words before the sign, and what is behind it to the domain."""
_WORD: Final = re.compile(r"[가-힣]+")
_SHORTEST: Final = 2
_VERBAL: Final = frozenset({"VV", "VA", "VX", "EC", "EF", "JX", "JKS", "JKB"})


class Places:
    """Built once from ``prompts/masking/words.toml``.

    Args:
        table: Of that file.
        analyser: Of morphemes.
    """

    def __init__(self, table: Mapping[str, Any], analyser: Analyser) -> None:
        places = table["places"]
        self._analyser = analyser
        ends = "|".join(sorted(map(re.escape, places["ends"]), key=len, reverse=True))
        self._ends = re.compile(rf"([가-힣0-9]{{2,}}?)({ends})(?![가-힣]{{0,1}}[장님터])")
        self._blessed = re.compile(r"성\s[가-힣]{2,4}\s(?:성당|교회|병원)")
        self._generic = frozenset(places["generic"])
        units = "".join(places["units"])
        self._lives = re.compile(rf"(?:에서|에|으로)?\s?(?:{'|'.join(map(re.escape, places['lives']))})")
        self._unit = re.compile(rf"(?<![가-힣])([가-힣]{{1,4}}[{units}])(?![가-힣]*[가-힣]다)")
        self._address = re.compile(
            rf"(?:[가-힣]{{1,6}}(?:특별자치도|특별자치시|특별시|광역시|도|시)\s)?(?:[가-힣]{{1,5}}[{units}리]\s)*"
            rf"(?:[가-힣0-9]{{1,8}}(?:[{units}리]|로|길|아파트|빌라|연립|맨션)\s)(?:[가-힣]동\s)?(?=\S*[0-9일이삼사오육칠팔구십백천]+\s?(?:번지|동|호|번길|(?<=\d)\s))"
        )
        self._above = re.compile(r"(?<![가-힣])(?:[가-힣]{2,4}[시군구읍면]\s)+$")
        self._free = frozenset(table["free"]["words"])

    def find(self, text: str, own: Sequence[str]) -> Iterator[Found]:
        """Yield every place.

        Args:
            text: What leaves.
            own: Places of the person's record.
        """
        yield from (Found(*match.span(), Kind.CONTACT) for match in _MAIL.finditer(text))
        yield from (Found(*match.span(), Kind.CONTACT) for match in _SAID_MAIL.finditer(text))
        for match in self._blessed.finditer(text):
            yield Found(*match.span(), Kind.PLACE)
        for match in self._ends.finditer(text):
            if match[1] not in self._generic and match[1] not in self._free and not self._is_common(match[0]):
                yield Found(*match.span(), Kind.PLACE)
        for match in self._address.finditer(text):
            yield Found(match.start(), len(text[: match.end()].rstrip()), Kind.PLACE)
        yield from self._units(text)
        for name in own:
            yield from (Found(*match.span(), Kind.PLACE) for match in re.finditer(re.escape(name), text))

    def own_left(self, text: str, own: Sequence[str]) -> bool:
        """Return whether any place of the record still stands in a text."""
        whole = "".join(text.split())
        return any(name in whole for name in own)

    def _units(self, text: str) -> Iterator[Found]:
        """Yield names of towns and quarters near a word of living; 운동 and 행동 are common words and none."""
        morphemes = self._analyser.analyse(text)
        for match in self._unit.finditer(text):
            word = match[1]
            if any(match.start(1) <= one.start < match.end(1) and one.tag in _VERBAL for one in morphemes):
                continue
            if len(word) > _SHORTEST and word not in self._free and self._lives.match(text, match.end()):
                above = self._above.search(text, 0, match.start(1))
                yield Found(match.start(1) if above is None else above.start(), match.end(1), Kind.PLACE)

    def _is_common(self, word: str) -> bool:
        found = self._analyser.analyse(word)
        return len(found) == 1 and found[0].tag != "NNP"
