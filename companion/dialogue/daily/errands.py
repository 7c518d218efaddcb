"""Tells what the person asks 말벗 to have people do or told: "복지관에 전화해 달라", "딸한테 전해 달라". Pure.

What was done ("전화해 줬어"), what must be done ("전화해 줘야지"), what is asked of 말벗 itself ("나한테 말해 줘") and
what must not be passed on ("딸한테는 말하지 말아 줘") are no errands. Whoever finds one confirms it aloud first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from companion.core.errand import Purpose
from companion.dialogue.daily.message import QUOTING, MessageReader
from companion.dialogue.wants import NONE
from companion.errors import PromptError

FILE: Final = "daily/errands.ko.toml"
_PARTS: Final = ("whom", "elder", "say", "said", "give", "end")
"""In the order in which they are put in: one may hold those behind it."""
_SENTENCES: Final = re.compile(r"[^.?!…\n]+[.?!…]*")
_LONGEST: Final = 200
"""Characters of an utterance that are looked at; longer ones tell a story."""
_BLANKS: Final = re.compile(r"\s+")
_QUOTES: Final = re.compile(r"[다라자냐요게]고\s")
"""By which a request says what is to be passed on; else what follows does: 말 좀 전해 줘. 들기름이 떨어졌다고."""
_QUOTED: Final = re.compile(r"(?:[다라자냐니](?:고|꼬|구)|[댄덴랜렌])[\s.!~…]*$")
_ADDRESSING: Final = re.compile(r"^\s*말벗(?:아|이|님|씨)?\s*[,!~]*\s*")
_TO_A_PLACE: Final = frozenset({"에", "에다", "에다가", "로", "으로"})
"""Particles behind which nobody but who is at a place is spoken to."""
_FAMILIAR: Final = "이"
"""What is put behind a name that ends in a consonant."""
_SHORT_NAME: Final = 2
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
    message: str = field(default="", repr=False)
    """What of it is to be passed on (토요일에 오라고); empty where that cannot be told."""


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
            self._messages = MessageReader(table["message"], _put_together(str(table["message"]["lead"]), parts))
            self._back, self._rewritten = _any(table["back"]), re.compile(str(table["rewritten"]))
            self._for_me = re.compile(str(table["for_me"]))
            self._rewritten_as = str(table["rewritten_as"])
            self._left_out = re.compile(str(table["left_out"]))
            self._amended = tuple(re.compile(str(table[name])) for name in ("amended", "changed"))
            self._belongs, self._also = (re.compile(str(table[name])) for name in ("belongs", "also"))
            self._added = re.compile(str(table["added"]))
            self._day, self._to_day = re.compile(str(table["day"])), re.compile(str(table["to_day"]))
            self._again = re.compile(_put_together(str(table["again"]), parts))
            self._wants = frozenset(str(one) for one in table["wants"])
            self._nobody = frozenset(str(one) for one in table["nobody"])
            self._honoured = tuple(str(one) for one in table["honoured"])
            self._by_name = str(table["by_name"])
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
                whole = found.purpose is Purpose.ASK or _QUOTES.search(said[at]) is not None
                belongs = any(self._belongs.search(one) for one in said[at + 1 : at + 2])
                behind = "" if whole and not belongs else " ".join(said[at + 1 :])
                message = found.message
                if not message and _QUOTED.search(behind):
                    message = self._messages.read(behind, (0, 0))
                return replace(found, words=f"{found.words} {behind}".strip(), message=message)
        return None

    def is_meant(self, asked: Asked, wants: Sequence[str]) -> bool:
        """Return whether a request is one by what may be wanted by its words, as the encoder hears them.

        Args:
            asked: What the rules found: 손을 꼭 잡아 주시는데 and 운동 시켜 줘 look like requests of people too.
            wants: As in ``Noticed``; where nobody knows, the rules alone decide, and of no wish whoever is named does.
        """
        if not wants or self._wants.intersection(wants):
            return True
        return bool(asked.whom) and NONE not in wants

    def whom_and_message(self, words: str) -> tuple[str, str]:
        """Return for whom a request is, and what of it is to be passed on; either may be empty."""
        found = self.find(words)
        return ("", "") if found is None else (found.to, found.message)

    def is_for_me(self, text: str) -> bool:
        """Return whether the person wants to be told it themself: 나한테 알려 달라는 거야."""
        return self._for_me.search(text) is not None

    def takes_back(self, text: str) -> bool:
        """Return whether somebody wants no more what was written down."""
        return len(text) <= _LONGEST and self._back.search(text.strip()) is not None

    def amended(self, asked: Asked, text: str) -> Asked | None:
        """Return a request with a word of it put right; itself where something else is; None where nothing is."""
        found = next((match for one in self._amended if (match := one.search(text)) is not None), None)
        if found is not None:
            for old in _ends_of(found["old"]):  # 근디 금요일이 아니고
                if old in asked.words:
                    return self._put_right(asked, asked.words.replace(old, found["new"]))
        if (to := self._to_day.search(text)) is not None and self._day.search(asked.words):
            return self._put_right(asked, self._day.sub(to["new"], asked.words))
        if (out := self._left_out.search(text)) is not None:
            for old in _ends_of(out["old"]):  # 근데 아 맞다는 빼고
                if old in asked.words:
                    return self._put_right(asked, _BLANKS.sub(" ", asked.words.replace(old, "")).strip(" ,"))
        if (more := self._added.search(text)) is not None and asked.message:
            return self._with(asked, more["more"].strip())
        again = self._rewritten.search(text)
        if again is not None and asked.message:
            said = str(again["instead"] or again["said"]).strip()
            message = f"{said}{QUOTING}"
            words = self._rewritten_as.format(whom=asked.whom, message=message) if asked.whom else text.strip()
            return replace(asked, words=words, message=message)
        return None if found is None else asked

    def _put_right(self, asked: Asked, words: str) -> Asked:
        """Return a request in other words, with the message that is in them."""
        again = self.find(words)
        message = asked.message if again is None else again.message
        return replace(again or asked, words=words, message=message)

    def with_more(self, asked: Asked, text: str) -> Asked:
        """Return a request with what a yes adds to it: 그래, 적어 줘. 유리로 된 거라는 것도 같이."""
        _, *more = _SENTENCES.findall(text)
        said = " ".join(one.strip() for one in more if self._also.search(one))
        quoted = self._messages.read(said, (0, 0)) if said and asked.message else ""
        if quoted:
            return self._with(asked, quoted)
        return replace(asked, words=f"{asked.words} {said}") if said else asked

    def _with(self, asked: Asked, more: str) -> Asked:
        """Return a request with more to be passed on."""
        message = f"{asked.message}, {more}"
        words = self._rewritten_as.format(whom=asked.whom, message=message) if asked.whom else f"{asked.words} {more}"
        return replace(asked, words=words, message=message)

    def is_again(self, text: str) -> bool:
        """Return whether a request that was not written down is asked for again: 왜 안 적어, 그래 전해 줘."""
        return len(text) <= _LONGEST and self._again.search(text.strip()) is not None

    def _in(self, sentence: str) -> Asked | None:
        if self._never.search(sentence):
            return None
        for purpose, pattern in self._patterns:
            match = self._match(pattern, sentence)
            if match is None:
                continue
            groups = match.groupdict()
            whom = (groups.get("whom") or "").strip()
            if whom in self._nobody:
                return None
            if not groups.get("to") and not self._is_somebody(whom):
                whom = ""  # 택시 좀 불러 줘
            spoken_to = (match.start("whom"), match.end("to")) if groups.get("to") else (0, 0)
            message = "" if purpose is Purpose.ASK else self._messages.read(sentence, spoken_to)
            return Asked(purpose, whom, self._to(whom), sentence, message)
        return None

    def _match(self, pattern: re.Pattern[str], sentence: str) -> re.Match[str] | None:
        """Return the first place where somebody is asked for; 토요일에 is nobody."""
        match = pattern.search(sentence)
        while match is not None and match.groupdict().get("to") in _TO_A_PLACE:
            if match["whom"].strip().endswith(self._places):
                break
            match = pattern.search(sentence, match.end("to"))
        return match

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
        if before in self._polite and last not in self._polite and not last.endswith(self._honoured):
            name = last[:-1] if len(last) > _SHORT_NAME and last.endswith(_FAMILIAR) else last  # 미정이
            return f"{self._polite[before]} {name} {self._by_name}께"  # 아드님 상호 씨께
        named = f"{before} {self._polite.get(last, last)}".strip()  # 경로당 회장 is 경로당 회장님
        polite = self._polite.get(bare.replace(" ", ""), named)
        return f"{polite}께" if polite.endswith(self._honoured) else f"{polite}에게"


def _ends_of(said: str) -> list[str]:
    """Return words with ever fewer of the first of them."""
    words = said.split()
    return [" ".join(words[at:]) for at in range(len(words))]


def _any(sources: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in sources))


def _put_together(source: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        source = source.replace(f"{{{name}}}", part)
    return source
