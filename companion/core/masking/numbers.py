"""Numbers that name or open something, however they are said: one by one, in figures, as a house, a plate, a birth.

Laws: a mobile number has at most 11 digits and a resident number 13, so that the 이 of 이야 behind them is not one
more; a number of an emergency line is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from companion.core.hangul import decompose
from companion.core.masking.found import Found, Kind
from companion.core.numerals import parse_spoken_number

_MOBILE: Final = 11
_RESIDENT: Final = 13
_BIRTH_DIGITS: Final = 6
_TOKEN: Final = re.compile(r"\S+")
_MARKS: Final = ".,?!~()[]\"'“”‘’:;·/"
_NEAR: Final = 4
"""Words around a number in which a cue counts."""
_DAYS: Final = "하루|이틀|사흘|나흘|닷새|엿새|이레|여드레|아흐레|열흘|보름|그믐"


@dataclass(frozen=True, slots=True)
class Digits:
    """Digits one by one, as they stand in a text."""

    start: int
    end: int
    value: str


class Numbers:
    """Built once from ``prompts/masking/words.toml``."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Take the parts ``digits`` and ``numerals``.

        Raises:
            KeyError: Something is missing.
        """
        digits, numerals = table["digits"], table["numerals"]
        self._letters: dict[str, str] = dict(zip(digits["letters"], digits["values"], strict=True))
        self._letters |= {str(digit): str(digit) for digit in range(10)}
        joints = "|".join(sorted(map(re.escape, digits["joints"]), key=len, reverse=True))
        self._joint = re.compile(rf"(?:\s*[-–.·]\s*|\s*(?:{joints})?\s+|(?:{joints})\s+)")
        self._run = re.compile(f"[{''.join(self._letters)}]+")
        self._endings = frozenset(digits["endings"])
        self._copulas = tuple(digits["copulas"])
        self._cues: tuple[str, ...] = tuple(digits["cues"])
        self._alone, self._with_cue = int(digits["fewest_alone"]), int(digits["fewest_with_cue"])
        self._free = frozenset(digits["free"])
        self._before = int(numerals["birth_before"])
        number = f"(?:[{numerals['letters']}]+|\\d+)"
        # One letter and 동 or 호 is mostly a word (이동, 일호): it takes a second part.
        longer = f"(?:[{numerals['letters']}]{{2,}}|\\d+)"
        house = "|".join(sorted(numerals["house"], key=len, reverse=True))
        self._house = re.compile(
            rf"(?<!\S)(?:{number}\s?동\s)?{longer}\s?(?:{house})(?=$|\W|[이은는을를에가야여인요라다래])"
        )
        plain = "".join(letter for letter in numerals["plates"] if letter not in self._letters)
        one_of = rf"(?:\s?[{plain}]\s?|\s[{numerals['plates']}]\s)"
        self._plate = re.compile(rf"(?<!\S){number}{one_of}[{''.join(self._letters)}]{{4}}")
        self._birth = re.compile(
            rf"({number})\s?년\s?(?:{number}|시|유)\s?월\s?(?:{number}\s?일|(?:스무|열|초)?(?:{_DAYS})|(?:스무|열|초)\S{{1,3}})?"
        )

    def find(self, text: str) -> Iterator[Found]:
        """Yield every number that is not free to be told."""
        yield from (Found(*match.span(), Kind.PLACE) for match in self._house.finditer(text))
        yield from (Found(*match.span(), Kind.NUMBER) for match in self._plate.finditer(text))
        for match in self._birth.finditer(text):
            if self._is_birth(match[1]):
                yield Found(*match.span(), Kind.BIRTH)
        linked = ""
        for one in self.digits(text):
            if self._names(text, one, linked):
                yield Found(one.start, one.end, Kind.NUMBER)
                linked = one.value
            else:
                linked = ""

    def digits(self, text: str) -> Sequence[Digits]:
        """Return every run of digits that are said or written one by one, groups of one number together."""
        found: list[Digits] = []
        position = 0
        while (match := self._run.search(text, position)) is not None:
            begin, end = match.span()
            position = end
            if begin and not text[begin - 1].isspace() and text[begin - 1] not in _MARKS + "-":
                continue
            groups = [(begin, end)]
            while (joint := self._joint.match(text, end)) and (more := self._run.match(text, joint.end())):
                begin, end = more.span()
                groups.append((begin, end))
            position = end
            run = self._closed(text, groups)
            if run is not None:
                found.append(run)
        return found

    def _closed(self, text: str, groups: list[tuple[int, int]]) -> Digits | None:
        """Return groups as one number, its last one without what is a word: its end has to be one of a number."""
        while groups:
            begin, end = groups[-1]
            cut = self._end_of_last(text, begin, end, sum(stop - start for start, stop in groups[:-1]), groups[0][0])
            if cut > begin:
                value = "".join(
                    self._letters[letter] for start, stop in [*groups[:-1], (begin, cut)] for letter in text[start:stop]
                )
                return Digits(groups[0][0], cut, value)
            groups.pop()
        return None

    def _end_of_last(self, text: str, begin: int, end: int, before: int, start: int) -> int:
        """Return where the last group ends; ``begin`` where it is no group of digits at all."""
        rest = text[end:]
        word = (_TOKEN.match(rest) or re.compile("").match(rest))[0].rstrip(_MARKS)  # type: ignore[index] # one of them matches
        head = "".join(self._letters[letter] for letter in text[start : start + 3] if letter in self._letters)
        most = _MOBILE if head in ("010", "011", "016", "017", "018", "019") else _RESIDENT
        if before + end - begin > most and most == _MOBILE:
            return begin + max(0, most - before)
        if text[end - 1] == "이" and end - begin > 1 and (not word or word.startswith(self._copulas)):
            has_coda = bool(decompose(text[end - 2])[2]) if "가" <= text[end - 2] <= "힣" else False
            complete = before + end - begin - 1 in (_MOBILE, _RESIDENT, _BIRTH_DIGITS)
            if word and has_coda and (complete or before + end - begin not in (_MOBILE, _RESIDENT)):
                return end - 1
        if (
            word
            and text[end - 1 : end].isdigit() is False
            and word not in self._endings
            and not self._starts_ending(word)
        ):
            return begin
        return end

    def _starts_ending(self, word: str) -> bool:
        return any(word.startswith(ending) for ending in self._endings if len(ending) > 1)

    def _names(self, text: str, one: Digits, linked: str) -> bool:
        """Return whether digits name something: long ones do, short ones near a cue or behind another number."""
        if one.value in self._free:
            return False
        if len(one.value) >= self._alone:
            return True
        if len(one.value) < self._with_cue or not _is_plain_number(text, one):
            return False
        near = " ".join([*text[: one.start].split()[-_NEAR:], *text[one.end :].split()[:2]])
        return bool(linked) or any(cue in near for cue in self._cues)

    def _is_birth(self, year: str) -> bool:
        value = int(year) if year.isdigit() else parse_spoken_number(year)
        return value is not None and 1900 <= value < self._before  # noqa: PLR2004 - nobody alive is older


def _is_plain_number(text: str, one: Digits) -> bool:
    """Return whether figures are no amount: neither a decimal, nor in thousands, nor with a unit behind."""
    behind = text[one.end : one.end + 2]
    if not text[one.start].isdigit():
        return True
    return not re.match(r"[,.]\d|\s?[년월일시분초살세점보원번회명개알병도%a-zA-Z]", behind)
