"""Says back what was told, as a listener does: ``유골도 못 찾았지`` becomes ``유골도 못 찾으셨군요``.

Only the last clause, only where grammar is sure of its end, and never what would hurt or be wrong to repeat: the lists
are data (``prompts/lexicon/mirror.toml``). The predicate honours the person where it speaks of them or of their body
and mind, and other people who are to be honoured; things it does not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from companion.core.hangul import last_coda
from companion.core.morphology import Morpheme
from companion.dialogue.conjugation import Conjugation, is_verb, with_coda, without_coda
from companion.dialogue.mentions import Naming
from companion.dialogue.plainer import Plainer
from companion.dialogue.tellings import clause_start, last_ending, sentences_told

_PREDICATES: Final = frozenset({"VV", "VA", "XSV", "XSA", "VX", "VCP"})
_OPENERS: Final = re.compile(r"^[\s,.!?…~]+")
_INTENDED: Final = frozenset({"려고", "으려고", "ᆯ려고", "을려고"})
_CLAUSE: Final = re.compile(r"[.!?…]+")
_BY_SPEAKER: Final = re.compile(r"(^|\s)(내가|제가|나는|내)\s")
_OUR: Final = re.compile(r"우리|저희")
_OURS: Final = re.compile(r"(우리|저희)\s+")


class Mirror:
    """Built once from the table."""

    def __init__(self, table: Mapping[str, Any], naming: Naming) -> None:
        """Keep the lists.

        Raises:
            KeyError: A part of the table is missing.
            re.error: A rule is no regular expression.
        """
        self._naming = naming
        self._endings = frozenset(map(str, table["endings"]))
        self._reported = frozenset(map(str, table["reported"]))
        self._own = frozenset(map(str, table["own"]))
        self._speaker = frozenset(map(str, table["speaker"]))
        self._felt = frozenset(map(str, table["felt"]))
        self._fillers = frozenset(map(str, table["fillers"]))
        self._young = frozenset(map(str, table["young"]))
        self._others = self._young | frozenset(map(str, table["others"]))
        self._impersonal = frozenset(map(str, table["impersonal"]))
        self._never = frozenset(map(str, table["never"]))
        self._never_text = re.compile("|".join(table["never_text"]))
        self._conjugation = Conjugation(table)
        self._idioms = frozenset(map(str, table["idioms"]))
        self._auxiliaries = frozenset(map(str, table["auxiliaries"]))
        self._asking = frozenset(map(str, table["asking"]))
        self._stems = frozenset(map(str, table["stems"]))
        self._of_things = frozenset(map(str, table["of_things"]))
        self._lasting = str(table["lasting"])
        self._supposed = frozenset(map(str, table["supposed"]))
        self._given = frozenset(map(str, table["given"]))
        self._unknown = frozenset(map(str, table["unknown"]))
        self._known_how = frozenset(map(str, table["known_how"]))
        self._unable = frozenset(map(str, table["unable"]))
        self._quoting = frozenset(map(str, table["quoting"]))
        self._times = frozenset(map(str, table["times"]))
        self._plainer = Plainer(table["plainer"])
        self._named = frozenset(map(str, table["named"]))
        self._hearsay = {str(ending): str(said) for ending, said in table["hearsay"].items()}
        self._endings_varied = tuple((str(one), str(other)) for one, other in table["varied"])
        self._led = tuple(str(other) for _, other in self._endings_varied) + tuple(
            one for one, _ in self._endings_varied
        )
        self._tail = re.compile(table["tail"])
        self._planned = re.compile(table["planned"])
        self._longest = int(table["longest"])

    def pieces(self, text: str, morphemes: Sequence[Morpheme]) -> tuple[str, ...]:
        """Return what may be said back, the best first: the whole without its tag, then its sentences from the last."""
        whole = self._tail.sub("", text.strip())
        shift = len(text) - len(text.lstrip())
        shown = [replace(one, start=one.start - shift, end=one.end - shift) for one in morphemes]
        return tuple(self._tail.sub("", piece) for piece in sentences_told(whole, shown))

    def of(self, text: str, morphemes: Sequence[Morpheme], *, of_others: bool = False) -> str:
        """Return the last clause said back as a whole sentence, or nothing where that is not sure to be right.

        Args:
            text: What was said.
            morphemes: Its analysis.
            of_others: Whether a telling without a subject speaks of an animal, a plant or a child.
        """
        morphemes = [replace(one, form="하") if _is_dialect(one) else one for one in morphemes]
        end = last_ending(morphemes)
        if end is not None and (quoted := self._quoted(text, morphemes, end)):
            return quoted
        text = self._plainer.said(text, morphemes)
        known = self._endings | self._reported | frozenset(self._hearsay)
        if end is None or morphemes[end].form not in known or "?" in text:
            return ""
        stem = next((at for at in range(end - 1, -1, -1) if morphemes[at].tag in _PREDICATES), None)
        if stem is None or any(one.tag != "EP" or one.form == "더" for one in morphemes[stem + 1 : end]):
            return ""
        first = clause_start(morphemes, stem)
        if first and self._subject(morphemes[first:stem]) is None and self._has_doer(morphemes[:first]):
            first = 0  # 손녀가 월급을 탔다고 내복을 사 왔어: who brought them is not left out
        copula = morphemes[stem].tag == "VCP"
        clause = self._without_speaker(morphemes[first:stem], within=not copula)
        if not clause or self._speaks_of_self(morphemes[:first]) or self._is_barred(clause, morphemes[stem : end + 1]):
            return ""
        predicate = morphemes[stem : end + 1]
        begun = text[: clause[0].start]
        if _is_run_together(text, morphemes[:stem], predicate[0]) or begun[-1:].strip(_BREAKS):
            return ""
        honours = self._honours(clause, predicate, of_others=of_others or self._is_carried(morphemes[:first]))
        said = self._said(text, clause, predicate, honours=honours)
        compact = re.sub(r"\s", "", said)
        return said if said and len(said) <= self._longest and not self._never_text.search(compact) else ""

    def _quoted(self, text: str, morphemes: Sequence[Morpheme], end: int) -> str:
        """Return what others said, as heard of them: 토요일에 온다고 하더라 is 토요일에 온다는군요."""
        said, ending = morphemes[end - 2 : end], morphemes[end]
        if len(said) < 2 or not said[0].form.endswith("다고") or said[1].form not in self._quoting:  # noqa: PLR2004
            return ""
        if ending.form not in self._reported | frozenset(self._hearsay) | {"네"}:
            return ""
        close = said[0]
        spoken = f"{text[: close.end].removesuffix('고')}{ending.form}"
        short = [*morphemes[: end - 2], replace(close, form="대", tag="EF")]
        return self.of(spoken, short) if "대" in self._hearsay else ""

    def varied(self, said: str) -> str:
        """Return what is said back with the other of two endings, so that not every reply ends alike."""
        for ending, other in self._endings_varied:
            if said.endswith(ending):
                return said.removesuffix(ending) + other
        return said

    def _has_doer(self, before: Sequence[Morpheme]) -> bool:
        """Whether the part that would be left out names somebody who did what the rest tells."""
        people = {*self._naming.people, *self._young}
        return any(
            one.tag == "JKS" and (before[at - 1].form in people or before[at - 1].tag == "XSN")
            for at, one in enumerate(before)
            if at
        )

    def _is_carried(self, before: Sequence[Morpheme]) -> bool:
        """Whether the part that is left out ends with somebody else who does what follows: 놈이 오더니 쏙 들어가."""
        for at in range(len(before) - 1, 0, -1):
            one, noun = before[at], before[at - 1]
            if one.tag == "EC" and one.form in _LINKS - _CARRYING:
                return False
            if one.tag == "JKS" and _is_noun(noun):
                return noun.form in self._others
        return False

    def is_planned(self, text: str) -> bool:
        """Whether what was said ends as what somebody means to do: 라면이나 끓여 먹을까, 보내려고."""
        return bool(self._planned.search(re.sub(r"[\s.,!?~…]", "", text)))

    def leads(self, reply: str) -> bool:
        """Whether a reply began with something said back, as far as its first sentence shows."""
        return _CLAUSE.split(reply, maxsplit=1)[0].endswith(self._led)

    def _speaks_of_self(self, before: Sequence[Morpheme]) -> bool:
        """Whether the part that is left out names the speaker other than as who did it."""
        return any(
            one.tag == "NP" and one.form in self._speaker and (at + 1 >= len(before) or before[at + 1].tag != "JKS")
            for at, one in enumerate(before)
        )

    def _without_speaker(self, clause: Sequence[Morpheme], *, within: bool) -> list[Morpheme]:
        """Return the clause without 나는 or 내가, fillers and 우리; nothing where the speaker stands elsewhere."""
        kept = [one for one in clause if one.tag not in {"SP", "SF"} and not _OUR.fullmatch(one.form)]
        while kept and kept[0].form in self._fillers:
            kept = kept[1:]
        while len(kept) > 1 and kept[0].form in self._speaker and kept[1].tag in {"JX", "JKS", "JKG"}:
            kept = kept[2:]
        for at in range(len(kept) - 2, 0, -1) if within else ():
            if _is_dispensable(kept[at - 1 : at + 3], self._speaker):
                del kept[at : at + 2]
        return [] if any(one.tag in {"NP", "IC"} and one.form not in self._named for one in kept) else kept

    def _is_barred(self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme]) -> bool:
        stem, forms = predicate[0], {one.form for one in clause}
        felt = f"{clause[-1].form}{stem.form}" if stem.tag == "XSA" else stem.form
        past = any(map(_is_past, predicate))
        return any(
            (
                not self._never.isdisjoint({*forms, stem.form, felt}),
                any(f"{one.form}/{one.tag}" in self._never for one in (*clause, *predicate)),
                # 왜 그런지 모르겠다, but 시간 가는 줄 모른다
                stem.form in self._unknown and clause[-1].form not in self._known_how,
                # 못 먹겠다 tells what is; 먹겠다 what will be.
                any(one.form == "겠" for one in predicate) and self._unable.isdisjoint(forms),
                stem.form
                not in {"VV": self._stems, "VA": self._stems, "VX": self._auxiliaries}.get(stem.tag, {stem.form}),
                # 귀가 먹다, 나이를 먹다
                self._conjugation.has_own_word(stem.form) and not self._idioms.isdisjoint(forms),
                any(one.tag in {"SL", "UNKNOWN"} for one in clause),
                clause[0].tag.startswith(("J", "E", "X", "NNB")),
                self._supposes(clause, stem),
                # 한 보름 됐다, 반장이 됐다; what just became so says nothing by itself.
                stem.form == self._lasting and self._times.isdisjoint(forms) and clause[-1].tag != "JKS",
                # 틀어 봐, 끼워 줘: asked for, or done by who is not named.
                stem.tag == "VX" and stem.form in self._asking and not past,
                # 장수 소리 들어 봤어: asked of 말벗 as well as told.
                stem.tag == "VX" and stem.form == "보" and predicate[-1].form in _OPEN_ENDS,
                # 열 포기만 하려고, 배추가 너무 비싸: what is intended and why, turned round.
                stem.tag in {"VA", "XSA"} and any(one.tag == "EC" and one.form in _INTENDED for one in clause),
                # 듣지를 않는다: who or what does not.
                stem.form == "않" and self._subject(clause) is None,
                # 며느리가 밉다: who feels it is not who is named.
                stem.tag in {"VA", "XSA"} and felt in self._felt and not forms.isdisjoint(self._naming.people),
            )
        )

    def _supposes(self, clause: Sequence[Morpheme], stem: Morpheme) -> bool:
        """Whether something is only supposed, or broken off: 가면 되지, 가다 보니; 비가 오면 쑤신다 tells what is."""
        words = [*clause, stem]
        return any(
            one.tag == "EC"
            and (
                (one.form.endswith("면") and stem.form in self._supposed)
                or (one.form.endswith("다") and words[at + 1].form not in self._given)
            )
            for at, one in enumerate(clause)
        )

    def _said(self, text: str, clause: Sequence[Morpheme], predicate: Sequence[Morpheme], *, honours: bool) -> str:
        stem = predicate[0]
        body = _BY_SPEAKER.sub(r"\1", _OURS.sub("", _OPENERS.sub("", text[clause[0].start : stem.start])))
        if _CLAUSE.search(body):
            return ""
        past = next((one for one in predicate[1:-1] if _is_past(one)), None)
        if stem.tag == "VCP":
            return self._copula(self._with_names(body.rstrip(), clause), clause, past=past is not None)
        if stem.tag == "XSV" and honours and f"{clause[-1].form}{stem.form}" in self._felt:
            stem = replace(stem, tag="XSA")
        closed = self._predicate(text, (stem, *predicate[1:]), past, honours=honours)
        return self._with_names(body, clause) + closed if closed else ""

    def _predicate(self, text: str, words: Sequence[Morpheme], past: Morpheme | None, *, honours: bool) -> str:
        """Return the predicate as it ends what is said back, or nothing where it has no such end."""
        stem, ending = words[0], words[-1].form
        if ending in self._hearsay:
            return self._heard(text, stem, past, ending, honours=honours)
        if any(one.form == "겠" for one in words):
            return self._conjugation.unable_to(stem) if honours and past is None else ""
        if honours:
            return self._conjugation.honoured(stem, past=past is not None or ending in self._reported)
        if past is None and ending in self._reported:
            return ""  # 소리를 지르더라: seen once, not so every day
        return (
            self._conjugation.present(stem)
            if past is None
            else f"{text[stem.start : past.end]}{self._conjugation.forms['past']}"
        )

    def _copula(self, noun: str, clause: Sequence[Morpheme], *, past: bool) -> str:
        """Return a noun said back: 앞이었어 is 앞이었군요, and of a person 이발사셨군요."""
        if not noun:
            return ""
        person = any(one.form in self._naming.people and one.form not in self._young for one in clause)
        kind = "copula" if not past else "copula_past_honoured" if person else "copula_past"
        return noun + self._conjugation.forms[f"{kind}_open" if last_coda(noun) == "" else kind]

    def _heard(self, text: str, stem: Morpheme, past: Morpheme | None, ending: str, *, honours: bool) -> str:
        """Return what was heard of somebody: 안 온대 is 안 온다는군요."""
        if past is not None:
            return f"{text[stem.start : past.end]}{self._conjugation.forms['heard_past']}"
        if honours:
            form, is_open = self._conjugation.before_vowel(stem.form)
            return (
                form + ("" if is_open else self._conjugation.forms["link"]) + self._conjugation.forms["heard_honoured"]
            )
        if not is_verb(stem):
            return f"{stem.form}{self._conjugation.forms['heard_past']}"
        form = without_coda(stem.form) if last_coda(stem.form) == "ㄹ" else stem.form
        if last_coda(form):
            return f"{form}{self._conjugation.forms['heard_closed']}"
        return with_coda(form, "ㄴ") + self._hearsay[ending]

    def _honours(self, clause: Sequence[Morpheme], predicate: Sequence[Morpheme], *, of_others: bool) -> bool:
        if any(one.form.startswith(("시", "으시")) for one in predicate[1:-1]):
            return True
        subject = self._subject(clause)
        stem = predicate[0]
        if stem.form in self._felt and stem.tag in {"VA", "XSA", "VX"}:
            # 볕이 좋다 speaks of the sun, 네가 있어서 좋다 of who says it.
            return stem.form not in self._of_things or subject is None or subject in self._own
        if subject is None:
            seen = predicate[-1].form in self._reported | frozenset(self._hearsay) and is_verb(stem)
            grows = of_others and not any(one.tag == "JX" and one.form in _TOPIC_MARKS for one in clause)
            of_things = {stem.form, f"{clause[-1].form}{stem.form}"} & self._impersonal and stem.tag != "VX"
            return not seen and not grows and not of_things
        if subject in self._own:
            return not self._is_of_another(clause)  # 저 사람은 어깨가 다 젖었더라고
        return subject in self._naming.people and subject not in self._young

    def _is_of_another(self, clause: Sequence[Morpheme]) -> bool:
        pairs = pairwise(clause)
        return any(one.form in self._others and mark.tag == "JX" for one, mark in pairs)

    def _subject(self, clause: Sequence[Morpheme]) -> str | None:
        """Return the subject nearest to the predicate; one of an earlier clause only where it is a person."""
        linked = False
        for at in range(len(clause) - 1, 0, -1):
            one, before = clause[at], clause[at - 1]
            linked = linked or (one.tag == "EC" and one.form in _LINKS | _RUN_ON)
            if one.tag == "JX" and one.form in _TOPIC_MARKS | {"도"} and before.form in self._others:
                return before.form
            if one.tag != "JKS" or not (_is_noun(before) or before.form in self._named) or _is_relative(clause, at):
                continue
            if not linked or before.form in self._naming.people:
                return before.form
        return None

    def _with_names(self, body: str, clause: Sequence[Morpheme]) -> str:
        for one in clause:
            polite = self._naming.people.get(one.form)
            if polite is None or f"{one.form}님" in body:
                continue
            at = clause.index(one) + 1
            following = clause[at] if at < len(clause) else None
            # 동창 모임 is one word, and 간호사를 했어 speaks of a calling.
            unnamed = following is not None and (_is_noun(following) or following.tag == "JKO")
            if unnamed and one.form in self._naming.compounds:
                continue
            particle = following.form if following is not None and following.tag.startswith("J") else ""
            body = _renamed(body, one.form, polite, particle)
        return body


_BREAKS: Final = " \t\n,.!?~…\"'“”‘’"
"""Before what begins a word."""
_OPEN_ENDS: Final = frozenset({"어", "아", "나", "는가"})
"""Ends of a question as well as of a telling, where no mark is written."""
_TOPIC_MARKS: Final = frozenset({"은", "는", "ㄴ"})
_LINKS: Final = frozenset(
    {"어서", "아서", "여서", "ㅓ서", "ㅏ서", "니까", "으니까", "니", "으니", "더니", "도록", "는데", "ㄴ데"}
)
"""Behind which another subject may stand."""
_RUN_ON: Final = frozenset({"어", "아", "여", "ㅓ", "ㅏ"})
"""Behind which the speaker goes on, where what stands before it is no person: 글자가 춤을 춰 두 줄 읽고 덮었어."""
_CARRYING: Final = frozenset({"더니"})
"""Of them those behind which it seldom does."""


def _is_dialect(one: Morpheme) -> bool:
    """Whether it is 하 as it is said in the west: 개운허네."""
    return one.tag in {"XSA", "XSV"} and one.form in {"허", "혀"}


def _is_run_together(text: str, before: Sequence[Morpheme], stem: Morpheme) -> bool:
    """Whether a verb does not begin a word: then the analyser guessed at a wrong letter: 업써요, 마셔따."""
    glued = stem.start > 0 and not text[stem.start - 1].isspace() and bool(before)
    return glued and stem.tag in {"VV", "VA"} and before[-1].tag not in {"MAG", "XPN"}


def _is_dispensable(words: Sequence[Morpheme], speaker: Collection[str]) -> bool:
    """Whether the second of some words is 내 or 내가 that need not be said back: 마누라가 내 손을 잡더라.

    It is needed where it stands behind what describes it, or before what is nothing without it: 내 것, 내 거.
    """
    if len(words) < 3:  # noqa: PLR2004
        return False
    before, one, mark, *following = words
    if one.tag != "NP" or one.form not in speaker or before.tag == "ETM":
        return False
    return mark.tag == "JKS" or (mark.tag == "JKG" and bool(following) and following[0].tag == "NNG")


def _is_relative(clause: Sequence[Morpheme], subject: int) -> bool:
    """Whether a subject belongs to what only describes a noun: 오라버니가 보낸 편지를 읽었어."""
    ending = next((one.tag for one in clause[subject + 1 :] if one.tag.startswith("E") and one.tag != "EP"), "")
    return ending == "ETM"


def _is_noun(one: Morpheme) -> bool:
    return one.tag in {"NNG", "NNP", "NNB", "NR"}


def _is_past(one: Morpheme) -> bool:
    return one.tag == "EP" and ("었" in one.form or "았" in one.form or "였" in one.form)


def _renamed(body: str, plain: str, polite: str, following: str) -> str:
    pairs = {"이": "가", "가": "이", "은": "는", "는": "은", "을": "를", "를": "을", "과": "와", "와": "과"}
    closed = bool(last_coda(polite))
    fits = {"이": closed, "가": not closed, "은": closed, "는": not closed, "을": closed, "를": not closed}
    fits |= {"과": closed, "와": not closed}
    particle = following if fits.get(following, True) else pairs[following]
    return body.replace(f"{plain}{following}", f"{polite}{particle}", 1)
