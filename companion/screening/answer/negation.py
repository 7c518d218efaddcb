"""Turns what is said round where it is denied, doubted or scorned.

쓸모없다고는 생각 안 해, 즐겁긴 뭐가 즐거워, 안 피곤한 날이 없어.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from companion.core.hangul import last_coda
from companion.screening.answer.letters import Letters
from companion.screening.answer.rhetoric import Rhetoric
from companion.screening.answer.signs import Days, Sign, SignKind

_COULD_BE: Final = "ㄹ"
_OTHER: Final = {SignKind.PRESENT: SignKind.ABSENT, SignKind.ABSENT: SignKind.PRESENT}
_BEFORE_REACH: Final = 3
_BUT: Final = "아니라"
"""싫은 게 아니라 못 나가: what follows says what is so instead."""
_WORDS_OF_A_TURN: Final = 4
"""Words that may begin between what is named and the end of its denial."""
_CARRIES_ON: Final = "하되허혀해느들드나받지안못이가은는을도"
"""First letters of what carries on a noun, or denies it."""
_MOST_TURNS: Final = 3
_ENDING: Final = 3
"""Letters between what is named and the day: more are a predicate of their own."""
_AGAINST: Final = re.compile("는데|지만")
_LESS_THAN_HALF: Final = Days(1, 6)
_MORE_THAN_HALF: Final = Days(8, 12)
_EVERY_DAY: Final = Days(14, 14)
_MOST_DAYS: Final = Days(11, 13)
_FEW_DAYS: Final = Days(1, 4)


def other_of(kind: SignKind) -> SignKind:
    """Return ABSENT for PRESENT and the other way round."""
    return _OTHER[kind]


class Negation:
    """Built once from the table.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._before = re.compile(str(table["before"]))
        self._rhetoric_before = re.compile(f"{table['rhetoric']}$")
        self._rhetoric = re.compile(str(table["rhetoric"]))
        self._inner = re.compile(str(table["inner"]))
        self._outer = tuple(map(re.compile, table["outer"]))
        self._scorn = re.compile(str(table["scorn"]))
        self._scornful_end = re.compile(str(table["scornful_end"]))
        self._residue = re.compile(str(table["residue"]))
        self._fewer_days = re.compile(str(table["fewer_days"]))
        self._supposing = re.compile(str(table["supposing"]))
        self._possible = re.compile(str(table["possible"]))
        self._supposed = re.compile(str(table["supposed"]))
        self._modal = re.compile(str(table["modal"]))
        self._no_such_day = re.compile(str(table["no_such_day"]))
        self._anew = re.compile(str(table["anew"]))
        self._thought = re.compile(str(table["thought"]))
        self._ceasing = re.compile(str(table["ceasing"]))
        self._scoff = Rhetoric(table["rhetorical"])

    def turned(self, letters: Letters, sign: Sign, *, read: bool, source: str = "") -> Iterator[Sign]:
        """Yield what a sign comes to once everything around it is heard.

        Args:
            letters: The reply.
            sign: PRESENT or ABSENT.
            read: It was found by its reading, which already knows of 안 and 지 않 around the word.
            source: The pattern that found it: one that asks rhetorically itself is not turned by it.
        """
        scoffs = bool(self._rhetoric.search(source) and self._rhetoric.search(letters.compact, sign.start, sign.end))
        if not scoffs:
            sign = self._rhetorical(letters, sign)
        if not read:
            sign = self._directly(letters, sign)
        if match := _in_sentence(self._fewer_days, letters, sign.end):
            days = _MORE_THAN_HALF if sign.kind is SignKind.ABSENT else _LESS_THAN_HALF
            yield Sign(SignKind.DAYS, sign.start, match.end(), "no_such_day.fewer", days, sure=False)
            return
        match = _in_sentence(self._no_such_day, letters, sign.end)
        if match and not _AGAINST.search(match.group()):
            ceasing = self._ceasing.search(match["between"])
            # 살고 싶다고 생각한 적 없어 is not yet the contrary, every day.
            thought = sign.kind is SignKind.PRESENT and self._thought.fullmatch(match["between"]) is not None
            near = len(match["between"]) <= _ENDING or thought
            yield _no_such_day(_turned(sign) if ceasing else sign, match, is_plain=near and ceasing is None)
            return
        for _ in range(_MOST_TURNS):
            end = self._end_of_turn(letters, sign.end)
            if end is None or letters.compact.startswith(_BUT, end - len(_BUT) + 1):
                sign = sign if end is None else _turned(sign, end=end)
                break
            sign = _turned(sign, end=_past_the_echo(letters, sign, end))
        end = self._scoff.end_of_scoff(letters, sign)
        if end is None:
            yield sign
            return
        # 무슨 낙이 있겠어 scoffs once, not twice.
        scoffs = self._rhetoric.search(letters.compact, sign.start, sign.end) is not None
        is_denial = not scoffs and "." not in sign.rule and self._scoff.is_denial(letters, sign, end)
        yield replace(sign if scoffs else _turned(sign, end=end), sure=sign.sure and is_denial)

    def taken_back(self, letters: Letters, sign: Sign) -> Sign:
        """Return a denial as an agreement where it is denied in its turn: 그런 생각이 안 들었다고는 못 하지."""
        match = self._outer[0].match(letters.compact, sign.end)
        return replace(sign, kind=SignKind.AGREE, end=match.end(), rule=f"{sign.rule}.not") if match else sign

    def is_left_over(self, letters: Letters, start: int, end: int, signs: Sequence[Sign]) -> bool:
        """Whether something between two places may turn the sense round and belongs to no sign."""
        matches = self._residue.finditer(letters.compact, start, end)
        return any(not any(one.start <= match.start() < one.end for one in signs) for match in matches)

    def is_modal(self, letters: Letters, sign: Sign, signs: Sequence[Sign], span: tuple[int, int]) -> bool:
        """Whether something in a span makes a wish, an attempt or a rhetorical question of what is said."""
        start, end = span
        return any(
            match.start() - sign.end > 0 or match.start() < sign.start
            for match in self._modal.finditer(letters.compact, start, end)
            if not any(one.start <= match.start() < one.end for one in signs)
        ) or self._is_modal_beside(letters, sign)

    def _is_modal_beside(self, letters: Letters, sign: Sign) -> bool:
        """Whether it follows at once; 나가고 싶어 is what the item asks."""
        match = self._modal.match(letters.compact, sign.end)
        if match is None:
            return False
        # 지루할 틈이 어디 있나: the question belongs to what turned it.
        return self._scorn.search(letters.compact, sign.start, sign.end) is None

    def is_supposed(self, letters: Letters, sign: Sign) -> bool:
        """Whether a sign is only a condition, a wish or a possibility: 만족할 수가 있나, 좋았으면 좋겠다."""
        if self._supposed.match(letters.compact, sign.end):
            return True
        if self._supposing.search(letters.compact[max(0, sign.start - _BEFORE_REACH) : sign.start]):
            return True
        could_be = sign.end > sign.start and last_coda(letters.compact[sign.end - 1]) == _COULD_BE
        return could_be and self._possible.match(letters.compact, sign.end) is not None

    def denies(self, text: str) -> bool:
        """Whether a text holds a word of denial."""
        return self._residue.search(text) is not None

    def denies_by_idiom(self, text: str) -> bool:
        """Whether a text denies in words that look like a scoff: 그럴 리가 없지."""
        return self._scoff.holds_denial(text)

    def _end_of_turn(self, letters: Letters, place: int) -> int | None:
        """Return where a denial ends that begins at a place, within the sentence."""
        scorn = self._scornful_end.match(letters.compact, place)
        if scorn and letters.ends_sentence(scorn.end()):
            return scorn.end()
        matches = (match for one in self._outer if (match := _in_sentence(one, letters, place)))
        near = (one for one in matches if letters.words_between(place, one.end()) <= _WORDS_OF_A_TURN)
        found = next((one for one in near if not self._anew.search(one.group())), None)
        return None if found is None else found.end()

    def _rhetorical(self, letters: Letters, sign: Sign) -> Sign:
        before = letters.compact[max(letters.last_break(sign.start), sign.start - _BEFORE_REACH) : sign.start]
        without = self._before.sub("", before)
        if why := self._rhetoric_before.search(without):
            turned = _turned(sign, start=sign.start - len(before) + why.start())
            # 왜 안 즐거워: both belong to it.
            return turned if without == before else _turned(turned)
        inside = self._rhetoric.search(letters.compact, sign.start + 1, sign.end)
        return _turned(sign) if inside and inside.start() in letters.word_starts else sign

    def _directly(self, letters: Letters, sign: Sign) -> Sign:
        before = letters.compact[max(0, sign.start - 1) : sign.start]
        if self._before.search(before) and sign.start - 1 in letters.word_starts:
            sign = _turned(sign, start=sign.start - 1)
        match = None if _begins_anew(letters, sign.end) else _in_sentence(self._inner, letters, sign.end)
        if match and (match["no"] is None or match.start("no") in letters.word_starts):
            sign = _turned(sign, end=match.end())
        return sign


def _past_the_echo(letters: Letters, sign: Sign, end: int) -> int:
    """나쁘긴 뭐가 나빠: what is scorned is named again and belongs to the scorn."""
    if end not in letters.word_starts or not letters.compact.startswith(letters.compact[sign.start], end):
        return end
    following = (place for place in sorted(letters.word_starts | letters.stops) if place > end)
    return next(following, len(letters.compact))


def _begins_anew(letters: Letters, place: int) -> bool:
    """Whether another word than the rest of a predicate stands there: 만족 죽지 못해, but 만족 하지 못해."""
    another = place in letters.word_starts and place < len(letters.compact)
    return another and letters.compact[place] not in _CARRIES_ON


def _in_sentence(pattern: re.Pattern[str], letters: Letters, place: int) -> re.Match[str] | None:
    """Return a match at a place that crosses no stop, no comma and no word that may end a sentence."""
    match = pattern.match(letters.compact, place)
    if match is None or any(place <= mark < match.end() for mark in letters.stops | letters.pauses | letters.closings):
        return None
    return match


def _turned(sign: Sign, *, start: int | None = None, end: int | None = None) -> Sign:
    return replace(
        sign,
        kind=_OTHER[sign.kind],
        start=sign.start if start is None else start,
        end=sign.end if end is None else end,
        rule=f"{sign.rule}.not",
    )


def _no_such_day(sign: Sign, match: re.Match[str], *, is_plain: bool) -> Sign:
    """No good day is every day, no bad day is none; few good days are most days."""
    is_plain = is_plain and match["asked"] is None
    good, few, end = sign.kind is SignKind.ABSENT, match["few"] is not None, match.end()
    if few:
        days = _MOST_DAYS if good else _FEW_DAYS
        return Sign(SignKind.DAYS, sign.start, end, "no_such_day.few", days, sure=False)
    if good:
        return Sign(SignKind.DAYS, sign.start, end, "no_such_day.good", _EVERY_DAY, sure=is_plain)
    return Sign(SignKind.ZERO, sign.start, end, "no_such_day.bad", sure=is_plain)
