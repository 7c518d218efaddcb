"""Answers what must be answered rightly whatever else is understood.

Fraud, the calendar, sums, plain facts, and questions that have a rule. Pure. What 말벗 knows for sure is never left
to a bank or a model. A question about the calendar goes before the one about today's date, because it asks for more.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from companion.core.reading import Reading
from companion.core.turn import Reply, Understanding
from companion.dialogue.almanac import PREFIX
from companion.dialogue.almanac_asked import Said
from companion.dialogue.asks import Found
from companion.dialogue.facts import PREFIX as PREFIX_OF_FACTS
from companion.dialogue.guard import PASSED
from companion.dialogue.reckoning.reckoning import ASKED_SUM
from companion.dialogue.reckoning.said import PREFIX as SUMS
from companion.dialogue.saying import Saying
from companion.dialogue.slots import slots_of
from companion.dialogue.state import Setting, State
from companion.dialogue.tables import Parts
from companion.dialogue.taken import Taken
from companion.dialogue.wording import ASKED_SLOTS

ASKED_CALENDAR: Final = "question.almanac"
"""The name under which a question about the calendar is recorded as what was understood."""
_URGENT: Final = "urgent."
"""Beginning of the names of what is answered before everything but danger and commands."""
_LATELY: Final = 3
"""Turns in which what was understood bears on what is said now."""
_FIRST: Final = frozenset({"medical", "safety"})
"""Files of the sentences that go before what is said to 말벗 itself."""
_DECIDES: Final = "identity.identity.leaves_decision"
_OF_ITSELF: Final = "identity."
"""Beginning of the ids of what 말벗 says of itself, the hour and the day."""
_REBUFFED: Final = "question.rebuff"
"""살기는요: who goes on (전당포만 살았지) is answered for that."""
_SENTENCES: Final = re.compile(r"[^.!?…]*[가-힣][^.!?…]*")
_PAIR: Final = 2
_QUOTED: Final = frozenset({"before"})
"""Slots of whole sentences of the person, which need not be polite."""
_NOUNS: Final = frozenset({"n", "a"})
"""Kinds of the words of a noun phrase."""
_PUT_RIGHT: Final = frozenset({"rebuff", "said_already", "never_said", "heard_as_other"})
"""Questions that apologise without a name: not where what is right can be named."""


def is_urgent(understood: Understanding | None) -> bool:
    """Return whether what was understood is answered before everything but danger and commands."""
    return understood is not None and understood.situation.startswith(_URGENT)


class Knowing:
    """Built once; holds no state of a conversation."""

    def __init__(self, parts: Parts, saying: Saying) -> None:
        self._parts = parts
        self._saying = saying

    def at_once(self, said: Taken) -> tuple[tuple[Reply, str] | None, Taken]:
        """Return what is answered whatever else is understood, and its name; and what was said without a mere lead.

        None where nothing is answered so.
        """
        given = said.setting, said.state, said.chance
        known = self.urgent(said.text, said.reading, *given) or self.of_itself(said.text, said.reading, *given)
        rest = self._parts.leads.rest(said.text)
        said = said if rest == said.text else replace(said, text=rest, reading=self._read(rest))
        return known or self.answer(said.text, said.reading, *given, told=said.only_tells), said

    def urgent(
        self, text: str, reading: Reading, setting: Setting, state: State, chance: float
    ) -> tuple[Reply, str] | None:
        """Return what answers a swindle that is told or asked about, and its name; None where there is none.

        Args:
            text: What was said.
            reading: Its reading.
            setting: The moment.
            state: Where the conversation stands.
            chance: In [0, 1); which variant of a sentence.
        """
        last = state.turns[-1].reply if state.turns else ""
        before = (turn.understanding.situation for turn in state.turns[-_LATELY:] if turn.understanding is not None)
        lately = {name.removeprefix(_URGENT) for name in before if name.startswith(_URGENT)}
        question = self._parts.fraud.find(text, reading, last, lately)
        if question is None:
            return None
        return self._saying.fixed(question.say, setting, state, chance), f"{_URGENT}{question.id}"

    def answer(
        self, text: str, reading: Reading, setting: Setting, state: State, chance: float, *, told: bool = False
    ) -> tuple[Reply, str] | None:
        """Return what answers a question for sure, and the name of the question; None where none is asked.

        Args:
            text: What was said.
            reading: Its reading.
            setting: The moment.
            state: Where the conversation stands.
            chance: In [0, 1); which variant of a sentence.
            told: Whether something is surely only told in answer: then no day and no sum is asked for.
        """
        today = None if told else setting.today
        said = None if today is None else self._parts.almanac.answer(text, today, setting.birthday)
        if said is not None:
            return self._told(said, setting, state, chance), ASKED_CALENDAR
        sum_ = None if told else self._parts.reckoning.answer(text)
        if sum_ is not None:
            return self._saying.fixed(f"{SUMS}.{sum_.key}", setting, state, chance, **sum_.slots), ASKED_SUM
        fact = self._parts.facts.find(text, reading, told=told)
        if fact:
            return self._parts.facts.say(fact, state.used, setting.said_lately, chance), f"{PREFIX_OF_FACTS}.{fact}"
        known = self._asked(text, reading, setting, state, chance)
        return None if told and known is not None and _is_told_more(known, text) else known

    def _asked(
        self, text: str, reading: Reading, setting: Setting, state: State, chance: float
    ) -> tuple[Reply, str] | None:
        """Return what answers a question that has a rule; one that is put once more as it was put before."""
        last = state.turns[-1].reply if state.turns else ""
        question = self._parts.questions.find(text, reading, last)
        wants_more = bool(state.told) and bool(self._parts.telling.wanted(text, state.told))
        if question is not None and question.id in _PUT_RIGHT and (wants_more or self.puts_right(text, reading, state)):
            return None
        if question is None or question.id in _PUT_RIGHT:
            again = self._parts.questions.asked_again(text)
            known = self.answer(again, self._read(again), setting, state, chance) if again else None
            if known is not None:
                return known
        if question is None:
            return self._of_itself(text, setting, state, chance, late=True)
        return self._saying.fixed(question.say, setting, state, chance), f"question.{question.id}"

    def of_itself(
        self, text: str, reading: Reading, setting: Setting, state: State, chance: float
    ) -> tuple[Reply, str] | None:
        """Return what answers a reproach or a question about 말벗, and its name; None where there is none.

        Of medicine, danger and what belongs to the person alone nothing is said here.
        """
        last = state.turns[-1].reply if state.turns else ""
        question = self._parts.questions.find(text, reading, last)
        if question is not None and (question.say.partition(".")[0] in _FIRST or question.say == _DECIDES):
            return None
        found = self._of_itself(text, setting, state, chance)
        if found is None or found[1] not in self._parts.asks.yielding:
            return found
        known = self.answer(text, reading, setting, state, chance)
        return found if known is None or known[1] in self._parts.asks.objecting else known

    def puts_right(self, text: str, reading: Reading, state: State) -> bool:
        """Return whether something said before is put right by a name that can be said back."""
        return bool(state.turns) and bool(self._parts.naming.find(text, reading, state.turns[-1].reply).corrected)

    def objected(self, state: State) -> str:
        """Return the name of what was understood where the answer to it was objected to just now; else empty."""
        names = ["" if turn.understanding is None else turn.understanding.situation for turn in state.turns[-_PAIR:]]
        return names[0] if len(names) == _PAIR and names[-1] in self._parts.asks.objecting else ""

    def _of_itself(
        self, text: str, setting: Setting, state: State, chance: float, *, late: bool = False
    ) -> tuple[Reply, str] | None:
        turn = state.turns[-1] if state.turns else None
        last, before = ("", "") if turn is None else (turn.reply, turn.heard)
        found = self._parts.asks.find(text, last, before, self._is_noun, late=late)
        if found is None:
            return None
        slots = self._slots(found, state)
        for key in (found.ask.say, found.ask.otherwise):
            variants = self._parts.sentences.by_key.get(key, ())
            needed = ASKED_SLOTS & frozenset[str]().union(*map(slots_of, variants))
            if variants and all(slots.get(name) for name in needed):
                reply = self._saying.fixed(key, setting, state, chance, **slots)
                if needed <= _QUOTED or self._parts.guard.refused_by(reply.text) == PASSED:
                    return reply, found.ask.name
        return None

    def _slots(self, found: Found, state: State) -> dict[str, str]:
        """Return what fills the slots of an answer: people as they are politely called, and what was told last."""
        people = self._parts.naming.people
        heard = [turn.heard for turn in state.turns if turn.heard and not _is_of_itself(turn.understanding)]
        named = {name: people.get(value, value) for name, value in found.slots.items()}
        if "told" in named:
            said = self._parts.mirror.back(named["told"], self._parts.analyser.analyse)
            named["told"] = f"{said}." if said else ""
        return {**named, "before": self._parts.asks.told_last(heard[-_LATELY:])}

    def _read(self, text: str) -> Reading:
        return self._parts.grammar.read(self._parts.analyser.analyse(text))

    def _is_noun(self, said: str) -> bool:
        """Return whether words are nothing but nouns, as far as grammar knows them: 열두 덩이, 강릉 바다; not 예뻤."""
        phrases = self._parts.asks.nouns(said)
        read = [self._read(one).words for one in phrases]
        return bool(read) and all(words and all(word.kind in _NOUNS for word in words) for words in read)

    def wanted(self, key: str, text: str, setting: Setting, state: State, chance: float) -> Reply:
        """Return the fixed sentence of a want; of one about the calendar what is asked, as far as it can be read."""
        if not key.startswith(PREFIX) or setting.today is None:
            return self._saying.fixed(key, setting, state, chance)
        return self._told(self._parts.almanac.meant(text, setting.today), setting, state, chance)

    def tale(self, text: str, setting: Setting, state: State, chance: float) -> Reply | None:
        """Return a tale that is asked for, or what is said to the guess at a riddle."""
        telling = self._parts.telling
        kind = telling.wanted(text, state.told)
        if kind:
            return telling.tell(kind, state.used, setting.said_lately, chance, text)
        last = state.turns[-1].reply if state.turns else ""
        return telling.guessed(text, state.told, last) or telling.met(text, state.told, state.used, chance)

    def _told(self, said: Said, setting: Setting, state: State, chance: float) -> Reply:
        return self._saying.fixed(f"{PREFIX}.{said.key}", setting, state, chance, **said.slots)


def _is_told_more(known: tuple[Reply, str], text: str) -> bool:
    """Whether what is only told was heard as a question about 말벗, or is more than a no to what it supposed."""
    more = len(_SENTENCES.findall(text)) > 1
    return known[0].id.startswith(_OF_ITSELF) or (known[1] == _REBUFFED and more)


def _is_of_itself(understood: Understanding | None) -> bool:
    return understood is not None and understood.situation.partition(".")[0] in {"asks", "question", "want"}
