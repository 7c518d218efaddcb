"""Who a telling speaks of, and whether its predicate honours them. The lists are ``prompts/lexicon/mirror.toml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from companion.core.morphology import Morpheme
from companion.dialogue.mentions import Naming
from companion.dialogue.mirroring.conjugation import is_verb
from companion.dialogue.mirroring.stems import Standing

_TOPIC_MARKS: Final = frozenset({"은", "는", "ㄴ"})
_TAKING_UP: Final = _TOPIC_MARKS | {"도", "만", "까지", "조차", "마저", "뿐", "이나", "나"}
"""Particles that also stand where one of who does it or of what it is done to would."""
_LINKS: Final = frozenset(
    {
        *("어서", "아서", "여서", "ㅓ서", "ㅏ서", "서", "라", "라서", "니까", "으니까", "니께", "으니께", "니", "으니"),
        *("더니", "도록", "는데", "ㄴ데", "은데", "는디", "ㄴ디", "길래", "다가", "지만"),
        *("면", "으면", "믄", "으믄", "어도", "아도", "ㅓ도", "ㅏ도"),
    }
)
"""Behind which another subject may stand."""
_TURNING: Final = frozenset(
    {
        *("니까", "으니까", "니께", "으니께", "니", "으니", "더니"),
        *("는데", "ㄴ데", "은데", "는디", "ㄴ디", "지만", "길래"),
    }
)
"""Of them those behind which it mostly does."""
_SUPPOSING: Final = frozenset({"면", "으면", "믄", "으믄"})
_RUN_ON: Final = frozenset({"어", "아", "여", "ㅓ", "ㅏ"})
"""Behind which the speaker goes on, where what stands before it is no person: 글자가 춤을 춰 두 줄 읽고 덮었어."""
_CARRYING: Final = frozenset({"더니"})
"""Of the links those behind which the speaker seldom does it."""
_OBJECT: Final = "JKO"
_COMING: Final = "오"
_ARISING: Final = "나"
_INWARD: Final = frozenset({"들어오", "올라오", "내려오", "넘어오"})
_NOT: Final = frozenset({"안", "못"})
_SEEN: Final = frozenset({"네", "네요"})
"""An ending with which somebody tells what they see as well as what they do."""
_POINTED: Final = frozenset({"갸", "걔", "그이", "둘째", "첫째", "셋째"})


class Honouring:
    """Built once from the table.

    Raises:
        KeyError: A part of the table is missing.
    """

    def __init__(self, table: Mapping[str, Any], naming: Naming) -> None:
        self._naming = naming
        self._reported = frozenset(map(str, table["reported"]))
        self._hearsay = frozenset(map(str, table["hearsay"]))
        self._own = frozenset(map(str, table["own"]))
        self._felt = frozenset(map(str, table["felt"]))
        self._of_things = frozenset(map(str, table["of_things"]))
        self.young = frozenset(map(str, table["young"]))
        self._animals = frozenset(map(str, table["animals"]))
        self._others = self.young | self._animals | frozenset(map(str, table["others"]))
        self._kept = frozenset(map(str, table["kept"]))
        self._elders = frozenset(map(str, table["elders"]))
        self._together = frozenset(map(str, table["together"]))
        self._impersonal = frozenset(map(str, table["impersonal"]))
        self._weather = frozenset(map(str, table["weather"]))
        self._self_denied = frozenset(map(str, table["self_denied"]))
        self._passing = frozenset(map(str, table["passing"]))
        self._resting = frozenset(map(str, table["resting"]))
        self._moving = frozenset(map(str, table["moving"]))
        self._appearing = frozenset(map(str, table["appearing"]))
        self._arriving = frozenset(map(str, table["arriving"]))
        self._times = frozenset(map(str, table["times"])) | frozenset(map(str, table["moments"]))
        self._named = frozenset(map(str, table["named"]))

    def honours(
        self,
        clause: Sequence[Morpheme],
        predicate: Sequence[Morpheme],
        standing: Standing,
        *,
        of_others: bool,
        by_speaker: bool,
    ) -> bool | None:
        """Return whether the predicate honours who it speaks of; None where nobody could tell.

        Args:
            clause: What stands before the predicate, without the speaker.
            predicate: Stem, tense and ending.
            standing: The stem that stands in the text.
            of_others: Whether a telling without a subject speaks of an animal, a plant or a child.
            by_speaker: Whether the person says that they themselves did it: 내가 이겼어.
        """
        stem = standing.stem
        if by_speaker and (stem.form in self._appearing or predicate[-1].form in self._hearsay):
            return None  # 나도 두 개 남았다
        if by_speaker or any(one.form.startswith(("시", "으시")) for one in predicate[1:-1]):
            return True
        if stem.tag == "VCP":
            return False
        subject = self.subject(clause)
        if self.is_felt(clause, stem):
            return self._feels(clause, predicate, stem, subject)
        if subject is None:
            return self._without_subject(clause, predicate, standing, of_others=of_others)
        return self._of(subject, clause, stem)

    def _feels(
        self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme], stem: Morpheme, subject: str | None
    ) -> bool | None:
        """Whether who feels is honoured: 볕이 좋다 speaks of the sun, 네가 있어서 좋다 of who says it."""
        about = subject or (self._topic(clause) if stem.form in self._of_things else None)
        if about is None:
            return None if predicate[-1].form in self._hearsay else True
        if about in self._animals | self.young:
            return False
        return stem.form not in self._of_things or about in self._own

    def _of(self, subject: str, clause: Sequence[Morpheme], stem: Morpheme) -> bool | None:
        """Whether a subject is honoured that is named."""
        resting = stem.tag == "VX" and stem.form == "있"
        if (subject in self._own and resting) or (subject in self._others and stem.form in self._kept):
            return None  # 손목이 부어 있네; 그 사람은 못 잊어: not he does
        if subject in self._own and self._is_of_all(clause, subject):
            return None  # 사람 마음이 우습지
        if subject in self._own:
            # 저 사람은 어깨가 다 젖었더라고; 배추가 속이 안 찼어
            return not (self._is_of_another(clause) or self._is_of_thing(clause, subject))
        if subject in self._together and stem.form in self._impersonal:
            return False
        polite = self.is_polite(subject)
        of_what = stem.tag in {"VA", "XSA"} or f"{clause[-1].form}{stem.form}" in self._impersonal
        if polite and of_what and any(map(_is_link, clause)):
            return None  # 반장님이 떡을 갖다줬는데 따뜻하네: what is warm was left out
        return polite or subject in self._together

    def is_polite(self, noun: str) -> bool:
        """Whether a noun is somebody who is honoured."""
        return (noun in self._naming.people and noun not in self.young) or noun in self._elders

    def is_felt(self, clause: Sequence[Morpheme], stem: Morpheme) -> bool:
        """Whether a predicate tells what the speaker feels, whatever its subject is."""
        felt = stem.form in self._felt or (bool(clause) and f"{clause[-1].form}{stem.form}" in self._felt)
        return felt and stem.tag in {"VA", "XSA", "VX", "VV", "XSV"}

    def _without_subject(
        self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme], standing: Standing, *, of_others: bool
    ) -> bool | None:
        """Whether who is not named is honoured; None where it may be another."""
        verb = is_verb(standing.stem)
        if predicate[-1].form in self._hearsay:
            return False if verb else None
        if self._is_unsure(clause, predicate, standing.stem):
            return None
        if of_others and not any(one.tag == "JX" and one.form in _TOPIC_MARKS for one in clause):
            return False
        if verb and _has_object(clause):
            return True
        return self._of_thing(clause, predicate, standing)

    def _is_unsure(self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme], stem: Morpheme) -> bool:
        """Whether it is likely that another does it who is not named."""
        denied = clause[-1].form == "안" and stem.form not in self._self_denied
        past = any(one.tag == "EP" for one in predicate)
        return (
            predicate[-1].form in self._reported  # seen of somebody who is not named
            or self._is_turned(clause, stem, predicate[-1].form)
            or self._is_of_small(clause)
            # 밥은 안 줘: who does not is mostly another.
            or (is_verb(stem) and not past and denied)
        )

    def _of_thing(self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme], standing: Standing) -> bool | None:
        """Whether what nobody is named for is of the person at all: 전화 왔어, 나팔꽃도 피었어."""
        stem, topic = standing.stem, self._topic(clause)
        bare = _bare(clause)
        about = topic or (bare if bare not in self._times else None)
        verb = is_verb(stem) or stem.tag == "VX" or clause[-1].tag == "NNB"
        whole = f"{clause[-1].form}{stem.form}"
        if stem.form == _ARISING and about is not None:
            return about in self._own
        impersonal = stem.tag != "VX" and {stem.form, whole, f"{stem.form}/{stem.tag}"} & self._impersonal
        if standing.becomes or impersonal or stem.form == _ARISING:
            return False if about is not None or (not verb and {stem.form, whole} & self._weather) else None
        if not verb or (stem.form == "있" and any(one.form in self._resting for one in clause[-2:])):
            return False if topic is not None else None  # 퀴퀴해, 적혀 있어: what is
        past = any(one.tag == "EP" for one in predicate)
        if not past and not any(one.tag in {"EC", "JKO", "JKB"} or one.form == "못" for one in clause):
            return None  # 시간 잘 가네
        return self._moves(clause, stem, topic) if stem.tag in {"VV", "VX"} and stem.form in self._moving else True

    def _is_of_small(self, clause: Sequence[Morpheme]) -> bool:
        """Whether an animal or a child does something in a clause, so that the rest may be theirs as well."""
        pairs = pairwise(clause)
        return any(one.form in self._animals | self.young and mark.tag == "JKS" for one, mark in pairs)

    def _moves(self, clause: Sequence[Morpheme], stem: Morpheme, topic: str | None) -> bool | None:
        """Whether who comes and goes without being named is the person: 시장에 갔다 왔어, but 배는 여덟 시에 나간다."""
        nouns = [one.form for one in clause if one.tag.startswith("NN")]
        passes = bool(nouns) and nouns[-1] in self._passing and clause[-1].tag in {"NNG", "NNB", "JX", "MAG"}
        if topic is not None:
            doubtful = topic in self._naming.people or clause[-1].form == "못"
            return False if topic in self._others or not doubtful else topic in self._naming.people or None
        if passes:
            return False  # 하루가 다 갔어 without its particle
        if not self._arriving.isdisjoint(one.form for one in clause[-_NEAR:]):
            return False if _bare(clause) in self._arriving else None
        nowhere = stem.form in _INWARD and not any(one.tag == "JKB" for one in clause)
        # 그 뒤로 안 와: who does not come is another.
        away = stem.form == _COMING and clause[-1].form in _NOT
        return None if stem.form in self._appearing or nowhere or away else True

    def _is_turned(self, clause: Sequence[Morpheme], stem: Morpheme, ending: str) -> bool:
        """Whether somebody else may do what follows: 미꾸라지를 넣었더니 싹 먹었다, 세 시간을 앉았는데 문을 닫네."""
        links = [one.form for one in clause if _is_link(one, _TURNING)]
        return (
            stem.tag in {"VV", "VX", "XSV"}
            and bool(links)
            and (any(one.endswith("더니") for one in links) or ending in _SEEN)
        )

    def _topic(self, clause: Sequence[Morpheme]) -> str | None:
        """Return the noun nearest to the predicate that is taken up with 은, 도 or 만, no time and no place."""
        for at in range(len(clause) - 1, 0, -1):
            one, before = clause[at], clause[at - 1]
            if one.tag in {_OBJECT, "EC"}:
                return None
            if one.tag == "JX" and one.form in _TAKING_UP:
                noun = clause[at - 2] if before.tag == "XSN" and at > 1 else before
                return noun.form if is_noun(noun) and not self._is_time(noun) else None
        return None

    def _is_time(self, noun: Morpheme) -> bool:
        return noun.form in self._times or noun.form.endswith(("날", "때", "철"))

    def _is_of_all(self, clause: Sequence[Morpheme], subject: str) -> bool:
        """Whether body or mind is said to be another's, or everybody's: 사람 마음이."""
        pairs = pairwise(clause)
        return any(mark.form == subject and self.is_person(one) for one, mark in pairs)

    def _is_of_another(self, clause: Sequence[Morpheme]) -> bool:
        pairs = pairwise(clause)
        return any(one.form in self._others and mark.tag == "JX" for one, mark in pairs)

    def _is_of_thing(self, clause: Sequence[Morpheme], subject: str) -> bool:
        """Whether what is said of body and mind is said of a thing that is named right before it."""
        for at in range(3, len(clause)):
            ahead, mark = clause[at - 3 : at - 1], clause[at]
            whose = is_noun(ahead[0]) and ahead[1].tag == "JKS" and ahead[0].form not in self._own
            if whose and clause[at - 1].form == subject and mark.tag == "JKS":
                return not self.is_person(ahead[0])
        return False

    def subject(self, clause: Sequence[Morpheme]) -> str | None:
        """Return the subject nearest to the predicate; one of an earlier clause only where it is a person."""
        linked = turned = False
        for at in range(len(clause) - 1, 0, -1):
            one, before = clause[at], clause[at - 1]
            runs = one.tag == "EC" and one.form in _RUN_ON and at + 1 < len(clause) and clause[at + 1].tag != "VX"
            linked = linked or runs or _is_link(one)
            turned = turned or _is_turn(one, before)
            many = before.tag == "XSN" and at > 1
            noun = clause[at - 2] if many else before
            if one.tag == "JX" and one.form in _TOPIC_MARKS | {"도"} and self._is_other(noun) and not turned:
                return noun.form
            if one.tag != "JKS" or not (is_noun(noun) or noun.form in self._named) or _is_relative(clause, at):
                continue
            if many and before.form == "님":
                return next(iter(self._elders)) if noun.form not in self._naming.people else noun.form
            if (
                not linked
                or noun.form in self._naming.people
                or (noun.form in self._animals | self.young and not turned)
            ):
                return noun.form
        return None

    def _is_other(self, noun: Morpheme) -> bool:
        return noun.form in self._others and (noun.tag != "NNB" or noun.form not in self._animals)  # 열 개도

    def is_turned(self, clause: Sequence[Morpheme]) -> bool:
        """Whether another may do what a clause ends with than who began it: 내가 신발 신으면 뱅글뱅글 돌아."""
        quotes = any(one.tag == "EC" and one.form.endswith(("다고", "라고")) for one in clause)
        return quotes or any(_is_link(one, _TURNING | _SUPPOSING) for one in clause)

    def is_person(self, noun: Morpheme) -> bool:
        """Whether a noun is a person or an animal."""
        return noun.form in self._naming.people or self._is_other(noun) or noun.form in self._elders

    def has_doer(self, before: Sequence[Morpheme]) -> bool:
        """Whether the part that would be left out names somebody who did what the rest tells."""
        people = {*self._naming.people, *self._others, *self._elders}
        return any(
            (one.tag == "JKS" or (one.tag == "JX" and one.form in _TOPIC_MARKS))
            and (before[at - 1].form in people or before[at - 1].tag == "XSN")
            for at, one in enumerate(before)
            if at
        )

    def has_subject(self, before: Sequence[Morpheme]) -> bool:
        """Whether a part names who or what does it at all, behind its last turn."""
        turns = [at for at, one in enumerate(before[:-1]) if _is_link(one)]
        return any(one.tag == "JKS" for one in before[turns[-1] + 1 if turns else 0 :])

    def is_of_somebody(self, sentence: Sequence[Morpheme]) -> bool:
        """Whether a sentence speaks of a person or an animal: who does what the next one tells is not sure then."""
        people = {*self._naming.people, *self._others, *self._elders}
        return any(
            one.tag in {"JKS", "JX"}
            and (one.tag == "JKS" or one.form in _TOPIC_MARKS)
            and (sentence[at - 1].form in people or sentence[at - 1].tag == "XSN" or sentence[at - 1].form in _POINTED)
            for at, one in enumerate(sentence)
            if at
        )

    def is_carried(self, before: Sequence[Morpheme]) -> bool:
        """Whether the part that is left out ends with somebody else who does what follows: 놈이 오더니 쏙 들어가."""
        for at in range(len(before) - 1, 0, -1):
            one, noun = before[at], before[at - 1]
            if one.tag == "EC" and one.form in _LINKS - _CARRYING:
                return False
            if one.tag == "JKS" and is_noun(noun):
                return noun.form in self._others
        return False


_NEAR: Final = 4
"""Morphemes before a predicate among which what comes stands."""


def is_noun(one: Morpheme) -> bool:
    """Whether something can be who or what is spoken of."""
    return one.tag in {"NNG", "NNP", "NNB", "NR", "ETN"}


def _has_object(clause: Sequence[Morpheme]) -> bool:
    """Whether something is done to what stands before the predicate."""
    for one in reversed(clause):
        if one.tag in {"EC", _OBJECT}:
            return one.tag == _OBJECT
    return False


def _is_link(one: Morpheme, links: frozenset[str] = _LINKS) -> bool:
    """Whether a connective is one of some, or one of them that quotes: 줄었다니까 as 줄으니까."""
    return one.tag == "EC" and (
        one.form in links or one.form.removeprefix("ㄴ").removeprefix("는").removeprefix("다") in links
    )


def _is_turn(one: Morpheme, before: Morpheme) -> bool:
    """Whether another does what follows: 짖어서 못 잤어, but 와서 쳐다봐."""
    return _is_link(one, _TURNING) or (
        _is_link(one) and one.form.endswith("서") and not before.form.endswith(("오", "가"))
    )


def _bare(clause: Sequence[Morpheme]) -> str | None:
    """Return the noun without a particle before the predicate and its adverbs: 전화 왔어, 그 번호 또 왔어."""
    for one in reversed(clause):
        if one.tag == "MAG":
            continue
        return one.form if is_noun(one) else None
    return None


def _is_relative(clause: Sequence[Morpheme], subject: int) -> bool:
    """Whether a subject belongs to what only describes a noun: 오라버니가 보낸 편지를 읽었어."""
    ending = next((one.tag for one in clause[subject + 1 :] if one.tag.startswith("E") and one.tag != "EP"), "")
    return ending == "ETM"
