"""Stories, jokes, proverbs and riddles that 말벗 tells when it is asked to.

The texts are data (``prompts/tales``), the words by which they are asked for too (``prompts/lexicon/telling.toml``).
A tale may be longer than a reply; it can be interrupted like one. A riddle waits one turn for a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from companion.core.turn import Reply, ReplySource
from companion.dialogue.problem import Problem, raise_first
from companion.dialogue.wording import choose

_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_WORDS: Final = re.compile(r"[가-힣]+")
_NAMES: Final = 2
"""Letters of a word from which on it may name something in a tale."""
_MOST_BEGUN, _BEGUN_WORDS = 5, 2
"""Words of a saying by which it is known what comes behind them."""
RIDDLE: Final = "riddle"
PROVERB: Final = "proverb"
KINDS: Final = ("story", "joke", PROVERB, RIDDLE)
_FEWEST: Final = {"story": 6, "joke": 2, PROVERB: 2, RIDDLE: 1}
_MOST_SENTENCES: Final = 14
_SENTENCE: Final = re.compile(r"[^.!?]+[.!?]+")
_SENTENCES: Final = re.compile(r"[^.!?,]+")
PREFIX: Final = "tale"


@dataclass(frozen=True, slots=True)
class Tale:
    """Something to tell."""

    id: str
    kind: str
    """One of ``KINDS``."""
    text: str
    source: str
    """Where it comes from: a folk tale, a proverb, retold in whose words."""
    answers: tuple[str, ...] = ()
    """Of a riddle: letters of which one must be in the guess."""
    solution: str = ""
    """Of a riddle: the sentence that gives the answer."""


def tale_problems(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Problem, ...]:
    """Return what is wrong with the tales (parsed files of ``prompts/tales`` by file name)."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for file, table in tables.items():
        for number, entry in enumerate(table.get("tale", ()), start=1):
            key = str(entry.get("id") or f"tale {number}")
            problems += (Problem(f"tales/{file}", key, f"tales.{name}", detail) for name, detail in _defects(entry))
            if key in seen:
                problems.append(Problem(f"tales/{file}", key, "tales.duplicate"))
            seen.add(key)
    return tuple(problems)


def _defects(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kind = str(entry.get("kind"))
    needed = ("id", "text", "source", *(("solution",) if kind == RIDDLE else ()))
    for name in needed:
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            yield "missing", name
            return
    if kind not in KINDS:
        yield "unknown_kind", kind
        return
    if kind == RIDDLE and not entry.get("answers"):
        yield "missing", "answers"
    count = len(_SENTENCE.findall(entry["text"]))
    if not _FEWEST[kind] <= count <= _MOST_SENTENCES:
        yield "length", str(count)


class Telling:
    """Built once from the tales and the table of words."""

    def __init__(self, tales: Mapping[str, Mapping[str, Any]], words: Mapping[str, Any]) -> None:
        """Load and compile.

        Raises:
            PromptError: A tale is broken.
            KeyError: A part of the table of words is missing.
            re.error: A rule is no regular expression.
        """
        raise_first(tale_problems(tales))
        found = [_tale(entry) for table in tales.values() for entry in table.get("tale", ())]
        self.tales = {tale.id: tale for tale in found}
        self._asked = tuple((str(rule["kind"]), _any(rule["text"])) for rule in words["ask"])
        self._unless = _any(words["unless"])
        self._more, self._another = _any(words["more"]), _any(words["another"])
        self._give_up = _any(words["give_up"])
        self._liked = tuple((str(one["name"]), _any(one["text"]), tuple(one["says"])) for one in words["reaction"])
        self._reactions = frozenset(name for name, _, _ in self._liked)
        self._short, self._animal = re.compile(words["short"]), re.compile(words["animal"])
        self._asks_answer = re.compile(words["asks_answer"])
        self._named, self._without = re.compile(words["named"]), re.compile(words["without"])
        self._none, self._frightening = str(words["none"]), re.compile(words["frightening"])
        self._begins = re.compile(words["begins"])
        self._completes, self._unknown = re.compile(words["completes"]), str(words["unknown"])
        self._same = {str(word): tuple(others) for word, others in words["same"].items()}
        self._common, self._animals = frozenset(words["common"]), frozenset(words["animals"])
        self._right, self._wrong = str(words["right"]), str(words["wrong"])

    def has(self, kind: str) -> bool:
        """Return whether there is anything of a kind to tell."""
        return any(tale.kind == kind for tale in self.tales.values())

    def wanted(self, text: str, told: str) -> str:
        """Return the kind that is asked for; empty where none is.

        Args:
            text: What the person said.
            told: Id of the tale of the turn before, if one was told: then ``하나 더`` asks for another.
        """
        compact = _NOT_LETTERS.sub("", text)
        if self._unless.search(compact):
            return ""
        if told in self.tales and (self._more.fullmatch(compact) or self._wants_more(text)):
            return self.tales[told].kind
        if told in self.tales and self.tales[told].kind == PROVERB and self._begins.search(text):
            return PROVERB
        return next((kind for kind, pattern in self._asked if pattern.search(compact)), "")

    def _wants_more(self, text: str) -> bool:
        """Whether the last sentence asks for another, whatever was said of the one before: 허허, 하나 더 해 보소."""
        parts = [_NOT_LETTERS.sub("", part) for part in _SENTENCES.findall(text)]
        return self._another.fullmatch(next((part for part in reversed(parts) if part), "")) is not None

    def tell(
        self, kind: str, used: frozenset[str], lately: frozenset[str], chance: float, wish: str = ""
    ) -> Reply | None:
        """Return a tale that was not told yet, as a reply; None where there is none of the kind.

        Args:
            kind: One of ``KINDS``.
            used: Ids that were said in this session.
            lately: Those of the last ones.
            chance: In [0, 1).
            wish: What the person said: of what it names one is told, a short one where that is wished.
        """
        fitting, missing = self._fitting([tale for tale in self.tales.values() if tale.kind == kind], wish)
        if missing and (self._completes.search(wish) or (kind == PROVERB and self._begins.search(wish))):
            return Reply(self._unknown, ReplySource.BANK, f"{PREFIX}.unknown")
        variants = [(f"{PREFIX}.{tale.id}", tale.text) for tale in fitting]
        if not variants:
            return None
        name, text = choose(variants, used, chance, lately)
        return Reply(f"{self._none} {text}" if missing else text, ReplySource.BANK, name)

    def _fitting(self, tales: list[Tale], wish: str) -> tuple[list[Tale], bool]:
        """Return the tales in which something is that the person named; all of them, and True, where none has it."""
        if self._without.search(wish):
            wish = self._without.sub(" ", wish)
            tales = [tale for tale in tales if not self._frightening.search(tale.text)] or tales
        begun = self._begins.search(wish)
        if begun is not None and all(tale.kind == PROVERB for tale in tales):  # '낫 놓고'는?
            found = _begun(tales, begun["begins"].split())
            return found or tales, not found
        rest = self._completes.search(wish)
        if rest is not None:  # of what was said before it only the last words: 소 잃고, 그다음은 뭐꼬
            before = wish[: rest.start()].split()
            if found := _begun(tales, before):
                return found, False
            if all(tale.kind == PROVERB for tale in tales):
                return tales, True
            wish = " ".join(before[-_BEGUN_WORDS:])
        words = {word[:length] for word in _WORDS.findall(wish) for length in (len(word), len(word) - 1, len(word) - 2)}
        named = {word for word in words if len(word) >= _NAMES} - self._common
        if self._animal.search(wish):
            named |= self._animals
        others = {other for word in named for other in self._same.get(word, ())}
        found = _with_most(tales, named) or _with_most(tales, others)
        missing = not found and (rest is not None or self._named.search(wish) is not None)
        fitting = found or tales
        if self._short.search(wish):
            fitting = sorted(fitting, key=lambda tale: len(tale.text))[: max(1, len(fitting) // 3)]
        return fitting, missing

    def guessed(self, text: str, told: str, last: str = "") -> Reply | None:
        """Return what is said to a guess at a riddle; None where none waits or none was made.

        Args:
            text: What was said.
            told: Id of the riddle.
            last: What 말벗 said last. Where that was something else, only what is right is a guess, or asks for it.
        """
        tale = self.tales.get(told)
        compact = _NOT_LETTERS.sub("", text)
        if tale is None or tale.kind != RIDDLE or not compact:
            return None
        name = f"{PREFIX}.{tale.id}.answer"
        if any(answer in compact for answer in tale.answers) and len(compact) <= _LONGEST_RIGHT:
            return Reply(f"{self._right} {tale.solution}", ReplySource.BANK, name)
        if self._asks_answer.search(compact):
            return Reply(tale.solution, ReplySource.BANK, name)
        if len(compact) > _LONGEST_GUESS or (last and tale.text not in last):
            return None
        gives_up = self._give_up.search(compact) is not None
        return Reply(tale.solution if gives_up else f"{self._wrong} {tale.solution}", ReplySource.BANK, name)

    def going_on(self, reply_id: str, told: str, replies: Sequence[str]) -> str:
        """Return the id of the tale that was told or is still spoken of; empty where there is none.

        Args:
            reply_id: Of what is said now: a tale, what is said to how one was liked, or anything else.
            told: Id of the tale of the turn before.
            replies: What 말벗 said, this one last.
        """
        now = told_in(reply_id)
        if now.partition("#")[0] in self._reactions:
            return told
        return now or self.waiting(told, replies)

    def waiting(self, told: str, replies: Sequence[str]) -> str:
        """Return the id of the riddle that waits still: one that was told in one of the last replies."""
        tale = self.tales.get(told)
        waits = tale is not None and tale.kind == RIDDLE and any(tale.text in one for one in replies[-_WAITS_FOR:])
        return told if waits else ""

    def met(self, text: str, told: str, used: frozenset[str], chance: float) -> Reply | None:
        """Return what is said to how the tale of the turn before was liked; None where that was not said."""
        tale, compact = self.tales.get(told), _NOT_LETTERS.sub("", text)
        if tale is None or tale.kind == RIDDLE or len(text) > _LONGEST_REACTION or "?" in text:
            return None
        letters = (_NOT_LETTERS.sub("", part) for part in _SENTENCES.findall(text))
        parts = [compact, *(part for part in letters if len(part) > _LAUGHTER)]
        for name, pattern, says in self._liked:
            if any(pattern.fullmatch(part) for part in parts):
                variants = [(f"{PREFIX}.{name}#{number}", said) for number, said in enumerate(says)]
                chosen, said = choose(variants, used, chance)
                return Reply(said, ReplySource.BANK, chosen)
        return None


_LONGEST_GUESS: Final = 14
_LONGEST_RIGHT: Final = 40
"""Letters of what holds the right word: 자네가 낸 거 말이여, 빗자루 아이가."""
_WAITS_FOR: Final = 4
"""Replies for which a riddle waits for its answer."""
_LAUGHTER: Final = 3
"""Letters up to which a sentence beside others says nothing: 허허."""
_LONGEST_REACTION: Final = 60
"""Characters of several sentences of which one says how a tale was liked."""


def told_in(reply_id: str) -> str:
    """Return the id of the tale that a reply told; empty where it told none."""
    prefix, _, rest = reply_id.partition(".")
    return rest if prefix == PREFIX else ""


def _begun(tales: list[Tale], words: Sequence[str]) -> list[Tale]:
    """Return the tales that begin with the last words of what was said, as many of them as can be; none where none."""
    letters = {tale.id: _NOT_LETTERS.sub("", tale.text) for tale in tales}
    for count in range(min(len(words), _MOST_BEGUN), 0, -1):
        said = _NOT_LETTERS.sub("", "".join(words[-count:]))
        found = [tale for tale in tales if len(said) >= _NAMES and letters[tale.id].startswith(said)]
        if found:
            return found
    return []


def _with_most(tales: list[Tale], words: Iterable[str]) -> list[Tale]:
    """Return the tales in which are most of the words; none where none is in any."""
    counts = [sum(word in tale.text for word in words) for tale in tales]
    most = max(counts, default=0)
    return [tale for tale, count in zip(tales, counts, strict=True) if count == most] if most else []


def _any(sources: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{source})" for source in sources))


def _tale(entry: Mapping[str, Any]) -> Tale:
    return Tale(
        id=entry["id"],
        kind=entry["kind"],
        text=" ".join(entry["text"].split()),
        source=entry["source"],
        answers=tuple(entry.get("answers", ())),
        solution=entry.get("solution", ""),
    )
