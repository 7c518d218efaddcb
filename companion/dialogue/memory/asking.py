"""What the person asks of 말벗's memory: to tell, to forget, to leave a subject out, to call them otherwise. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from companion.core.life import Memory

_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_CLAUSES: Final = re.compile(r"[.,!?…]+")
_LONGEST: Final = 60
"""Letters of an utterance that may be a wish; more tells a story."""
_VALUE, _ABOUT, _KIND = 3, 2, 1
_ASPECTS: Final = (
    ("이름", frozenset({"name"})),
    ("고향", frozenset({"birth"})),
    ("생일", frozenset({"birthday", "event"})),
    ("나이", frozenset({"age"})),
)
_WHERE: Final = frozenset({"home", "birth", "place", "go", "habit"})


class Wish(StrEnum):
    """What is asked."""

    KNOW = "know"
    """"나에 대해 뭘 알아?"."""
    SAID = "said"
    """"내가 손주 이름이 뭐라고 했지?"; heard by ``quoting``."""
    KEEP = "keep"
    """"그거 좀 기억해 줘": what was just said is kept anyway, where the person agreed."""
    FORGET = "forget"
    FORGET_ALL = "forget_all"
    KIND_OFF = "kind_off"
    """"건강 얘기는 기억하지 마"."""
    KIND_ON = "kind_on"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A wish, and the letters in which it was said."""

    wish: Wish
    letters: str
    kind: str = ""
    """Of the facts that it is about; empty where it names none."""
    secret: bool = False
    """Whether nobody else is to hear of it either: that is answered truthfully with it."""
    told: bool = False
    """Whether something is to be forgotten as it was told in this conversation: 아까 사위 흉본 거."""


class MemoryWishes:
    """Built once from the part ``[heard]`` of ``prompts/memory/words.ko.toml``.

    Raises:
        KeyError: A part is missing.
        re.error: A pattern cannot be read.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        heard = table["heard"]
        self._kinds = {str(kind): [str(word) for word in words] for kind, words in heard["kinds"].items()}
        self._names = {_NOT_LETTERS.sub("", str(name)): str(kind) for kind, name in table["kinds"].items()}
        self._patterns: dict[Wish, re.Pattern[str]] = {
            wish: re.compile("|".join(heard[wish])) for wish in (*_IN_WORDS, Wish.KEEP)
        }
        self._by_kind = {wish: [re.compile(source) for source in heard[wish]] for wish in _BY_KIND}
        self._unless = re.compile("|".join(heard["forget_unless"]))
        self._of_speech = re.compile(heard["of_speech"])
        self._yes, self._no = re.compile(heard["yes"]), re.compile(heard["no"])
        self._mine = re.compile(heard["mine"])
        self._this, self._just = re.compile(heard["this"]), re.compile(heard["just"])
        self._asks_kept = re.compile(heard["asks_kept"])
        self._told, self._secret = re.compile(heard["told"]["text"]), re.compile(heard["secret"])

    def find(self, text: str) -> Wanted | None:
        """Return what is asked of the memory, or None for everything else."""
        letters = _NOT_LETTERS.sub("", text)
        if not letters or len(letters) > _LONGEST:
            return None
        by_kind = {} if self._told.search(letters) else self._by_kind
        for wish, patterns in by_kind.items():
            for pattern in patterns:
                match = pattern.search(letters)
                kind = self._kind_of(match["kind"]) if match is not None else ""
                if kind:
                    return Wanted(wish, letters, kind)
        if any(self._patterns[Wish.KEEP].search(_NOT_LETTERS.sub("", one)) for one in _CLAUSES.split(text)):
            return Wanted(Wish.KEEP, letters)
        for wish in _IN_WORDS:
            match = self._patterns[wish].search(letters)
            if match is None or (wish is Wish.FORGET and self._only_tells(letters, match)):
                continue
            return self._to_forget(letters, match) if wish is Wish.FORGET else Wanted(wish, letters)
        return None

    def keeps(self, text: str) -> bool:
        """Return whether something is to be remembered: 그거 좀 기억해 둬."""
        wanted = self.find(text)
        return wanted is not None and wanted.wish is Wish.KEEP

    def asks_kept(self, text: str) -> bool:
        """Return whether it is asked what was to be remembered: 아까 기억하라던 이름이 뭐였지."""
        return self._asks_kept.search(_NOT_LETTERS.sub("", text)) is not None

    def _only_tells(self, letters: str, match: re.Match[str]) -> bool:
        """Whether it is told that something is forgotten: 금방 들은 것도 잊어버려."""
        asks = not match["bare"] or match["asks"] or self._of_speech.search(letters[: match.start()])
        return not asks or self._unless.search(letters) is not None

    def _to_forget(self, letters: str, match: re.Match[str]) -> Wanted:
        about = letters[: match.start()]
        return Wanted(
            Wish.FORGET,
            about,
            secret=self._secret.search(letters) is not None,
            told=self._told.search(about) is not None,
        )

    def agrees(self, text: str) -> bool:
        """Return whether a question about forgetting or going on is answered with a plain yes."""
        letters = _NOT_LETTERS.sub("", text)
        return bool(self._yes.match(letters)) and not self._no.search(letters)

    def declines(self, text: str) -> bool:
        """Return whether it is answered with a no."""
        return bool(self._no.search(_NOT_LETTERS.sub("", text)))

    def is_about_the_last(self, wanted: Wanted) -> bool:
        """Return whether a wish points at what was just said: 그 얘기는 잊어 줘."""
        return self._this.match(wanted.letters) is not None

    def names_own_name(self, wanted: Wanted) -> bool:
        """Return whether a wish to forget speaks of the person's own name."""
        return _ASPECTS[0][0] in wanted.letters

    def is_of_just_now(self, wanted: Wanted) -> bool:
        """Return whether a wish begins with that it was said just now: 방금 영감 욕한 거."""
        return self._just.match(wanted.letters) is not None

    def is_about_me(self, wanted: Wanted) -> bool:
        """Return whether the person asks about themselves or theirs: who else asks is answered as ever."""
        return bool(self._mine.search(wanted.letters))

    def meant(self, wanted: Wanted, memories: Sequence[Memory]) -> list[Memory]:
        """Return the facts that a wish speaks of: those whose words stand in it, else those of the kind it names."""
        letters, asked = wanted.letters, self._of_aspect(wanted.letters)
        scores = {one.id: self._score(one, letters) for one in memories if asked is None or one.aspect in asked}
        best = max(scores.values(), default=0)
        return [one for one in memories if best and scores.get(one.id) == best]

    def _of_aspect(self, letters: str) -> frozenset[str] | None:
        """Return the aspects that a question is about; None where any will do."""
        for word, aspects in _ASPECTS:
            if word in letters:
                return aspects
        if any(word in letters for word in _WHERE_WORDS):
            return _WHERE
        return frozenset({"come", "go", "event", "call", "activity"}) if _WHEN in letters else None

    def _score(self, memory: Memory, letters: str) -> int:
        value, about = _NOT_LETTERS.sub("", memory.value), _NOT_LETTERS.sub("", memory.about)
        named = any(word in letters for word in self._kinds.get(memory.kind, ()))
        points = _KIND if named else 0
        if value and value in letters:
            points += _VALUE
        if about and about in letters:
            points += _ABOUT
        return points

    def _kind_of(self, word: str) -> str:
        if word in self._names:
            return self._names[word]
        return next((kind for kind, words in self._kinds.items() if any(one in word for one in words)), "")


_IN_WORDS: Final = (Wish.FORGET_ALL, Wish.FORGET, Wish.KNOW)
_BY_KIND: Final = (Wish.KIND_OFF, Wish.KIND_ON)
_WHERE_WORDS: Final = ("어디",)
_WHEN: Final = "언제"
