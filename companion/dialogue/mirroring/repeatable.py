"""What may be said back at all: nothing that hurts, asks, is broken off, or stands in no standard Korean. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from companion.core.hangul import last_coda
from companion.core.morphology import Morpheme
from companion.dialogue.mentions import Naming
from companion.dialogue.mirroring.conjugation import Conjugation
from companion.dialogue.mirroring.honouring import Honouring, is_noun
from companion.dialogue.mirroring.stems import Standing

_INTENDED: Final = frozenset({"려고", "으려고", "ᆯ려고", "을려고"})
_OPEN_ENDS: Final = frozenset({"어", "아", "나", "는가"})
"""Ends of a question as well as of a telling, where no mark is written."""
_ORDERED: Final = frozenset({"오", "소", "구려", "라", "아라", "어라"})
"""Ends of an order as well, behind who is honoured: 나오시오, 주무시소."""
_RUN_ON: Final = frozenset({"어", "아", "여", "ㅓ", "ㅏ"})
_BLANK: Final = re.compile(r"\s")
_FREE: Final = frozenset({"VV", "VA"})


class Repeatable:
    """Built once from the table.

    Raises:
        KeyError: A part of the table is missing.
        re.error: A rule is no regular expression.
    """

    def __init__(
        self, table: Mapping[str, Any], naming: Naming, conjugation: Conjugation, honouring: Honouring
    ) -> None:
        self._naming = naming
        self._conjugation = conjugation
        self._honouring = honouring
        self._sets = {name: frozenset(map(str, table[name])) for name in _LISTS}
        self._too_short = re.compile(table["too_short"])
        self._never_text = re.compile("|".join(table["never_text"]))
        self._broken = re.compile("|".join(table["broken"]))
        self._dialect = re.compile("|".join(table["dialect"]))
        self._owned = re.compile("|".join(table["owned"]))
        self._persons = re.compile(table["persons"])
        self._lasting = str(table["lasting"])
        self._longest = int(table["longest"])

    def is_fit(self, said: str, *, brief: bool = False) -> bool:
        """Whether a whole sentence may be said: short enough, and nothing in it that hurts or says nothing.

        Args:
            said: The sentence.
            brief: Whether few words are enough: they put right what was said before.
        """
        bare = _BLANK.sub("", said)
        short = not brief and self._too_short.search(bare) is not None
        return 0 < len(said) <= self._longest and not short and not self._never_text.search(bare)

    def is_plain(self, spoken: str) -> bool:
        """Whether the words before a predicate, as they were said, are whole and standard, and need no 우리 or 내."""
        return not any(rule.search(spoken) for rule in (self._broken, self._dialect, self._owned))

    def is_hurtful(self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme]) -> bool:
        """Whether a word stands in it that is never said back, or somebody left and may be dead."""
        words = (*clause, *predicate)
        never = self._sets["never"]
        gone = bool(predicate) and bool(clause) and self._is_gone(clause, predicate, predicate[0])
        return gone or any(one.form in never or f"{one.form}/{one.tag}" in never for one in words)

    def is_barred(
        self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme], standing: Standing, *, brief: bool = False
    ) -> bool:
        """Whether a clause is not said back, whoever it honours; ``brief`` is that of ``is_fit``."""
        stem = standing.stem
        return (
            self._is_named_never(clause, predicate, stem)
            or self._is_unknown(clause, predicate, stem, brief=brief)
            or self._is_asked(clause, predicate, standing)
            or self._is_unfinished(clause, stem)
            or (not brief and self._is_empty(clause, predicate, stem))
        )

    def _is_named_never(self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme], stem: Morpheme) -> bool:
        """Whether it hurts or blames: by a word, by what is felt of a person, or by what the person cannot do."""
        forms = {one.form for one in clause}
        felt = f"{clause[-1].form}{stem.form}" if stem.tag == "XSA" else stem.form
        of_people = stem.tag in {"VA", "XSA"} and felt in self._sets["felt"]
        return (
            not self._sets["never"].isdisjoint({*forms, stem.form, felt})
            or any(f"{one.form}/{one.tag}" in self._sets["never"] for one in (*clause, *predicate))
            # 며느리가 밉다: who feels it is not who is named.
            or (of_people and not forms.isdisjoint(self._naming.people))
            # 영감이 갔어: may be dead
            or self._is_gone(clause, predicate, stem)
            # 당연히 못 했지
            or (
                stem.form in self._sets["skilled"]
                and clause[-1].form in self._sets["unable"]
                and not _is_of_action(clause)
            )
            # 귀가 먹다, 나이를 먹다
            or (self._conjugation.has_own_word(stem.form) and not self._sets["idioms"].isdisjoint(forms))
        )

    def _is_gone(self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme], stem: Morpheme) -> bool:
        """Whether somebody left and nobody says where to: so the dead are spoken of."""
        if stem.form != "가" or stem.tag != "VV" or clause[-1].tag == "EC" or not any(map(is_past, predicate)):
            return False
        whither = any(one.tag in {"JKB", "JKO"} and one.form in {"에", "로", "으로", "을", "를"} for one in clause)
        return not whither and self._honouring.has_doer(clause)

    def _is_unknown(
        self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme], stem: Morpheme, *, brief: bool
    ) -> bool:
        """Whether a part of it is no word of the standard language, or was read wrongly."""
        known = {"VV": self._sets["stems"], "VA": self._sets["stems"], "VX": self._sets["auxiliaries"]}
        parts = known.get(stem.tag, {stem.form})
        compound = predicate[0].form != stem.form and stem.form.endswith(predicate[0].form)
        return (
            (stem.form not in parts and not compound)
            or any(one.tag in {"SL", "UNKNOWN", "UNA", "SW"} for one in clause)
            or any(f"{one.form}/{one.tag}" in self._sets["foreign"] for one in (*clause, *predicate))
            or (clause[0].tag.startswith(("J", "E", "X", "NNB")) and not (brief and clause[0].tag == "XR"))
            # 할머니 식사하셨어요: said to the person by another.
            or self._is_addressed(clause)
            # 성냥갑만 해: 만 하다 is read as to do.
            or (
                stem.form == "하"
                and clause[-1].tag == "JX"
                and clause[-1].form == "만"
                and not any(map(is_past, predicate))
            )
            # 꼼꼼해, 캄캄해: the adverb with 하다 is no verb.
            or (stem.form == "하" and stem.tag == "VV" and f"{clause[-1].form}/{clause[-1].tag}" in self._sets["like"])
        )

    def _is_addressed(self, clause: Sequence[Morpheme]) -> bool:
        """Whether a clause begins with somebody who is spoken to: 할머니 잘했대."""
        called = clause[0].form in self._sets["called"]
        return called and (len(clause) == 1 or not clause[1].tag.startswith(("J", "N", "X", "VCP")))

    def _is_asked(self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme], standing: Standing) -> bool:
        """Whether it is asked for, ordered or meant rather than told."""
        stem, ending = standing.stem, predicate[-1].form
        past = any(map(is_past, predicate))
        forms = {one.form for one in clause}
        honoured = any(one.tag == "EP" and one.form.startswith(("시", "으시")) for one in predicate)
        unnamed = self._honouring.subject(clause) is None
        return (
            # 왜 그런지 모르겠다, but 시간 가는 줄 모른다
            (stem.form in self._sets["unknown"] and clause[-1].form not in self._sets["known_how"])
            # 못 먹겠다 tells what is; 먹겠다 what will be.
            or (any(one.form == "겠" for one in predicate) and self._sets["unable"].isdisjoint(forms))
            # 틀어 봐, 끼워 줘, 적어 둬: asked for, or done by who is not named.
            or (predicate[0].tag == "VX" and predicate[0].form in self._sets["asking"] and not past and unnamed)
            # 장수 소리 들어 봤어: asked of 말벗 as well as told.
            or (stem.tag == "VX" and stem.form == "보" and (not past or ending in _OPEN_ENDS))
            or (honoured and ((ending in _ORDERED and not past) or (ending.endswith("요") and unnamed)))
            # 그만 보내란다: told to do so. 개명을 한단다: of somebody who is not named.
            or (ending in self._sets["passed_on"] and stem.tag != "VCP" and not past and unnamed)
            or (ending == "란다" and stem.tag != "VCP")
            # 한잔하소: behind an open stem 소 asks
            or (ending == "소" and not past and last_coda(stem.form) == "")
            # 끓여야 한다: a rule
            or (stem.form in {"하", "되"} and clause[-1].tag == "EC" and clause[-1].form.endswith("야"))
            # 칠만 원 남대: seen, not heard, as the south says it.
            or (ending in {"대", "대요"} and not past and stem.tag in {"VV", "VX", "XSV"})
            # 순대국이나 한 그릇 하지: proposed.
            or (
                not past
                and stem.tag == "VV"
                and not {"이나", "나"}.isdisjoint(one.form for one in clause if one.tag.startswith("J"))
            )
        )

    def _is_unfinished(self, clause: Sequence[Morpheme], stem: Morpheme) -> bool:
        """Whether something is only supposed, intended or run on: 가면 되지, 가다 보니, 땅이여 막내는."""
        words = [*clause, stem]
        return (
            any(self._breaks(words, at) for at in range(len(clause)))
            # 뜨겁게 해 차갑게 해: which of two is asked
            or any(
                one.tag == "EC" and one.form in _RUN_ON and words[at - 1].form == stem.form
                for at, one in enumerate(clause)
                if at
            )
            or any(
                one.tag == "EC"
                and one.form.endswith(("면", "어도", "아도"))
                # 가면 되지, and 젊었으면 갔다
                and (is_past(words[at - 1]) or (one.form.endswith("면") and stem.form in self._sets["supposed"]))
                for at, one in enumerate(clause)
            )
            # 열 포기만 하려고, 배추가 너무 비싸: what is intended and why, turned round.
            or (stem.tag in {"VA", "XSA"} and any(one.tag == "EC" and one.form in _INTENDED for one in clause))
        )

    def _breaks(self, words: Sequence[Morpheme], at: int) -> bool:
        """Whether a sentence ends within a clause: 그만뒀대 등이 서운하다, 서운해 그 공책이 족보다."""
        before, one, following = words[at - 1], words[at], words[at + 1]
        if one.tag != "EC":
            return one.tag == "EF"
        if one.form in self._sets["final"]:
            return self._ends(before, one, following)
        if one.form.endswith("다"):
            return following.form not in self._sets["given"]
        if one.form not in _RUN_ON or following.start <= one.end:
            return False
        cut_short = before.form == "서" and words[at - 2].tag == "EC"  # 씻겨서
        return not cut_short and following.tag.startswith(("N", "M"))  # 국은 잘 끓여 시래기를 벗겨서 해

    def _ends(self, before: Morpheme, one: Morpheme, following: Morpheme) -> bool:
        """Whether a connective that can end a sentence does: 했나 한숨을, but not 하나 줬네 and 웃지도."""
        if one.form == "나":
            return before.tag == "EP"
        if one.form == "지":
            return before.tag == "EP" or following.tag.startswith(("N", "MM"))
        return True

    def _is_empty(self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme], stem: Morpheme) -> bool:
        """Whether it says nothing by itself: 한 보름 됐다, 최 씨가 있지, or who or what did it is missing."""
        forms = {one.form for one in clause}
        nouns = [one for one in clause if is_noun(one) or one.tag == "NP"]
        return (
            # 한 보름 됐다, 반장이 됐다; what just became so says nothing by itself.
            (stem.form == self._lasting and self._sets["times"].isdisjoint(forms) and clause[-1].tag != "JKS")
            # 듣지를 않는다: who or what does not.
            or (stem.form == "않" and self._honouring.subject(clause) is None)
            or (
                stem.form in {"있", "없"}
                and stem.tag != "VX"
                and (len(clause) < _LONG - 1 or (len(nouns) < _ENOUGH and len(clause) < _LONG))
            )
            or (not nouns and len(clause) < _LONG - 1)
            or (stem.tag == "VCP" and self._is_bare(clause, predicate))
        )

    def _is_bare(self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme]) -> bool:
        """Whether a noun is said of somebody who is not named, or of nothing: 상주 사람이다, 때문이다, 세 시다."""
        last, said = clause[-1], "".join(one.form for one in clause)
        named = any(one.tag in {"JKS", "JX"} for one in clause[:-1])
        taken = any(one.tag == "JX" and one.form in {"은", "는"} for one in clause[:-1])
        person = bool(self._persons.search(said)) and not taken and not any(one.tag == "JKS" for one in clause[:-1])
        speaks = predicate[-1].form in {"유", "여"} and last.form.endswith(("래", "재", "대"))
        hollow = last.form in self._sets["hollow"] and not taken and not any(one.tag == "JKS" for one in clause[:-1])
        return (
            hollow or person or speaks or not (named or any(one.tag in {"EC", "ETM", "JKB", "MAG"} for one in clause))
        )


_LISTS: Final = (
    *(
        "never",
        "felt",
        "unable",
        "skilled",
        "idioms",
        "stems",
        "auxiliaries",
        "foreign",
        "like",
        "unknown",
        "known_how",
    ),
    *("asking", "passed_on", "supposed", "given", "final", "times", "hollow", "called"),
)
_ENOUGH: Final = 2
_LONG: Final = 5


def _is_of_action(clause: Sequence[Morpheme]) -> bool:
    """Whether 못 하다 only denies what stands before it: 걷지를 못해."""
    return any(one.tag == "EC" and one.form == "지" for one in clause[-3:])


def is_past(one: Morpheme) -> bool:
    """Whether a morpheme tells the past."""
    return one.tag == "EP" and ("었" in one.form or "았" in one.form or "였" in one.form)
