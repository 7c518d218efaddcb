"""Tells what the person asks 말벗 to have people do or told: "복지관에 전화해 달라", "딸한테 전해 달라". Pure.

What was done ("전화해 줬어"), what must be done ("전화해 줘야지"), what is asked of 말벗 itself ("나한테 말해 줘") and
what must not be passed on ("딸한테는 말하지 말아 줘") are no errands. Whoever finds one confirms it aloud first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from companion.core.errand import Purpose
from companion.errors import PromptError

FILE: Final = "daily/errands.ko.toml"
_PARTS: Final = ("whom", "elder", "say", "said", "give", "end")
"""In the order in which they are put in: one may hold those behind it."""
_SENTENCES: Final = re.compile(r"[^.?!…\n]+[.?!…]*")
_LONGEST: Final = 200
"""Characters of an utterance that are looked at; longer ones tell a story."""
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_QUOTES: Final = re.compile(r"[다라자냐요게]고\s")
"""By which a request says what is to be passed on; else what follows does: 말 좀 전해 줘. 들기름이 떨어졌다고."""
_ADDRESSING: Final = re.compile(r"^\s*말벗(?:아|이|님|씨)?\s*[,!~]*\s*")
_TO_A_PLACE: Final = frozenset({"에", "에다", "에다가", "로", "으로"})
"""Particles behind which nobody but who is at a place is spoken to."""
_MINE: Final = re.compile(r"^(?:우리)\s+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was found."""

    purpose: Purpose
    whom: str = field(repr=False)
    """As the person called them; empty where nobody was named."""
    to: str = field(repr=False)
    """As 말벗 speaks of them, with its particle: 따님께, 복지관에. Empty where nobody was named."""
    words: str = field(repr=False)
    """The sentence, with those behind it where only they say what is to be passed on."""


class ErrandFinder:
    """Built once from the table."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Compile it.

        Raises:
            PromptError: A part is missing or is no regular expression.
        """
        try:
            parts = {name: str(table[name]) for name in _PARTS}
            self._patterns = tuple(
                (purpose, re.compile(_put_together(str(source), parts)))
                for purpose in Purpose
                for source in table[purpose]
            )
            self._never = re.compile("|".join(f"(?:{one})" for one in table["never"]))
            self._agreed = re.compile(str(table["agreed"]))
            self._amended = tuple(re.compile(str(table[name])) for name in ("amended", "changed"))
            self._belongs, self._also = (re.compile(str(table[name])) for name in ("belongs", "also"))
            self._day, self._to_day = re.compile(str(table["day"])), re.compile(str(table["to_day"]))
            self._again = re.compile(_put_together(str(table["again"]), parts))
            self._nobody = frozenset(str(one) for one in table["nobody"])
            self._honoured = tuple(str(one) for one in table["honoured"])
            self._places = tuple(str(one) for one in table["places"])
            self._polite = {str(name): str(value) for name, value in table["polite"].items()}
        except KeyError as error:
            raise PromptError("lexicon.missing", file=FILE, entry=str(error.args[0])) from error
        except (TypeError, ValueError, re.error) as error:
            raise PromptError("lexicon.broken", file=FILE, detail=str(error)) from error

    def find(self, text: str) -> Asked | None:
        """Return the request in an utterance, the last where there are several; None where there is none."""
        if len(text) > _LONGEST:
            return None
        said = [sentence.strip() for sentence in _SENTENCES.findall(_ADDRESSING.sub("", text))]
        for at in reversed(range(len(said))):
            found = self._in(said[at])
            if found is not None:
                whole = found.purpose is not Purpose.TELL or _QUOTES.search(said[at]) is not None
                belongs = any(self._belongs.search(one) for one in said[at + 1 : at + 2])
                behind = "" if whole and not belongs else " ".join(said[at + 1 :])
                return replace(found, words=f"{found.words} {behind}".strip())
        return None

    def amended(self, asked: Asked, text: str) -> Asked | None:
        """Return a request with a word of it put right; itself where something else is; None where nothing is."""
        found = next((match for one in self._amended if (match := one.search(text)) is not None), None)
        if found is not None:
            for old in (found["old"], found["old"].split()[-1]):  # 근디 금요일이 아니고
                if old in asked.words:
                    return replace(asked, words=asked.words.replace(old, found["new"]))
        if (to := self._to_day.search(text)) is not None and self._day.search(asked.words):
            return replace(asked, words=self._day.sub(to["new"], asked.words))
        return None if found is None else asked

    def with_more(self, asked: Asked, text: str) -> Asked:
        """Return a request with what a yes adds to it: 그래, 적어 줘. 유리로 된 거라는 것도 같이."""
        _, *more = _SENTENCES.findall(text)
        said = " ".join(one.strip() for one in more if self._also.search(one))
        return replace(asked, words=f"{asked.words} {said}") if said else asked

    def is_again(self, text: str) -> bool:
        """Return whether a request that was not written down is asked for again: 왜 안 적어, 그래 전해 줘."""
        return len(text) <= _LONGEST and self._again.search(text.strip()) is not None

    def is_agreed(self, text: str) -> bool:
        """Return whether an answer is a yes to writing it down, where it is no plain yes or no: 그렇게 해 줘."""
        return self._agreed.fullmatch(_NOT_LETTERS.sub("", text)) is not None

    def _in(self, sentence: str) -> Asked | None:
        if self._never.search(sentence):
            return None
        for purpose, pattern in self._patterns:
            match = pattern.search(sentence)
            if match is None:
                continue
            groups = match.groupdict()
            whom = (groups.get("whom") or "").strip()
            if groups.get("to") in _TO_A_PLACE and not whom.endswith(self._places):
                continue
            if whom in self._nobody:
                return None
            if not groups.get("to") and not self._is_somebody(whom):
                whom = ""  # 택시 좀 불러 줘
            return Asked(purpose, whom, self._to(whom), sentence)
        return None

    def _is_somebody(self, whom: str) -> bool:
        """Whether a word that no particle shows to be spoken to is a person."""
        return whom.rpartition(" ")[2] in self._polite or whom.endswith(self._honoured)

    def _to(self, whom: str) -> str:
        """Return whom it is for as 말벗 says it."""
        if not whom:
            return ""
        bare = _MINE.sub("", whom)
        if bare.endswith(self._places):
            return f"{bare}에"
        before, _, last = bare.rpartition(" ")
        named = f"{before} {self._polite.get(last, last)}".strip()  # 경로당 회장 is 경로당 회장님
        polite = self._polite.get(bare.replace(" ", ""), named)
        return f"{polite}께" if polite.endswith(self._honoured) else f"{polite}에게"


def _put_together(source: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        source = source.replace(f"{{{name}}}", part)
    return source
