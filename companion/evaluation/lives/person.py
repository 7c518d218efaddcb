"""Talks as a simulated person does: what is planned, answers to what 말벗 asks, and what comes to mind.

Follows from the persona, the seed and what 말벗 says, and from nothing else.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from companion.evaluation.lives.drawing import drawn
from companion.evaluation.lives.lines import Line, Why
from companion.evaluation.lives.persona import Persona, Promise

_SENTENCES: Final = re.compile(r"[^.?!…]+[.?!…]+")
_REPEAT: Final = "@repeat"
_MOST_FAREWELLS: Final = 3
"""After which a session that does not end is left."""
_PATIENCE: Final = 25
"""Turns beyond the usual for which somebody goes on answering what matters."""
_PLANNED_EVERY: Final = 2
"""Turns from one planned line to the next."""
_OWN_SHARE: Final = 0.65
"""How often something new is begun where nothing was asked; else a nod."""
_YES_SHARE, _NO_SHARE = 0.5, 0.7
"""How a question is met for which there is no rule: yes up to the first, no up to the second, else something new."""


class SimulatedPerson:
    """One person over their whole life.

    Args:
        persona: Who.
        seed: Another one is another life of the same person.
    """

    def __init__(self, persona: Persona, seed: int) -> None:
        self._persona = persona
        self._seed = seed
        self._session = 0
        self._said_in: dict[str, int] = {}
        """The session in which each line was last said."""
        self._promised: dict[int, date] = {}
        """By number of the promise, when it is due."""
        self._reported: set[int] = set()
        self._turn = 0
        self._script: deque[Line] = deque()
        self._planned: deque[Line] = deque()
        self._mood = ""
        self._day = persona.course.begins
        self._length = 0
        self._farewells = 0
        self._last = ""
        self._last_why = Why.OWN

    def begin(self, session: int, day: date) -> None:
        """Begin a session.

        Args:
            session: From 1.
            day: On which it is.
        """
        self._session, self._day, self._turn, self._farewells = session, day, 0, 0
        self._mood = self._persona.mood_on(day)
        least, most = self._persona.course.turns
        self._length = least + int(self._draw("length") * (most - least + 1))
        scripts = [one for one in self._persona.scripts if one.session == session]
        self._script = deque(Line(turn.say, Why.SCRIPT, turn) for script in scripts for turn in script.turns)
        # What could not be told in the session before is told in this one.
        self._planned.extend(self._planned_lines(session))

    def says(self, reply: str) -> Line | None:
        """Return what the person says to a reply of 말벗; None where they leave.

        Args:
            reply: The last words of 말벗.
        """
        self._turn += 1
        line = self._next(reply)
        if line is not None:
            self._said_in[line.text] = self._session
            self._last = line.text or self._last
            self._last_why = line.why
        return line

    def _next(self, reply: str) -> Line | None:
        if self._script:
            return self._script.popleft()
        if self._turn < self._length + _PATIENCE and (firm := self._ruled(reply, firm_only=True)) is not None:
            return firm
        if self._turn > self._length and not self._planned:
            return self._leaving()
        if (sudden := self._outcome(reply) or self._slip()) is not None:
            return sudden
        if self._planned and self._turn % _PLANNED_EVERY == 0:
            return self._told(self._planned.popleft())
        return self._reacted(reply)

    def _leaving(self) -> Line | None:
        habits = self._persona.habits
        leaves = habits.hangs_up_every and self._session % habits.hangs_up_every == 0
        if leaves or self._farewells >= _MOST_FAREWELLS:
            return None
        self._farewells += 1
        return Line(self._pick(habits.farewell), Why.FAREWELL)

    def _outcome(self, reply: str) -> Line | None:
        """Return what became of a promise, where it is past and 말벗 asks after it."""
        if "?" not in reply:
            return None
        for number, promise in enumerate(self._persona.promises):
            due = self._promised.get(number)
            if due is None or number in self._reported or self._day < due or not promise.about.search(reply):
                continue
            self._reported.add(number)
            return Line(promise.outcome, Why.OUTCOME, promise)
        return None

    def _slip(self) -> Line | None:
        """Return a silence or a word that was not caught, where it is their habit."""
        habits = self._persona.habits
        if habits.silence_every and self._turn % habits.silence_every == 0:
            return Line("", Why.SILENCE)
        if habits.mishears_every and self._turn % habits.mishears_every == 0:
            return Line(self._pick(habits.mishears), Why.MISHEARD)
        return None

    def _told(self, line: Line) -> Line:
        if isinstance(line.of, Promise):
            number = self._persona.promises.index(line.of)
            self._promised[number] = self._day + timedelta(days=line.of.days)
        return line

    def _reacted(self, reply: str) -> Line:
        if "?" not in reply:
            return self._unasked()
        return self._ruled(reply) or self._unruled()

    def _ruled(self, reply: str, *, firm_only: bool = False) -> Line | None:
        """Return the answer to the last question by the first rule that fits; None where none does."""
        questions = [sentence for sentence in _SENTENCES.findall(reply) if "?" in sentence]
        asked = (questions or [""])[-1]
        if firm_only and questions:
            asked = reply  # what a screening asks about stands in a sentence of its own
        for rule in self._persona.rules:
            fits = rule.mood in {"", self._mood} and (rule.is_firm or not firm_only)
            if fits and rule.hears.search(asked):
                said = self._pick(rule.says)
                return Line(self._last if said == _REPEAT else said, Why.ANSWER)
        return None

    def _unruled(self) -> Line:
        habits, chance = self._persona.habits, self._draw("unruled")
        if chance < _YES_SHARE:
            return Line(self._pick(habits.yes), Why.ANSWER)
        return Line(self._pick(habits.no), Why.ANSWER) if chance < _NO_SHARE else self._own()

    def _unasked(self) -> Line:
        if self._last_why is Why.NOD or self._draw("own") < _OWN_SHARE:
            return self._own()
        return Line(self._pick(self._persona.habits.nods), Why.NOD)

    def _own(self) -> Line:
        return Line(self._pick(self._persona.habits.says[self._mood]), Why.OWN)

    def _planned_lines(self, session: int) -> list[Line]:
        persona = self._persona
        lines = [Line(one.say, Why.FACT, one, one.id) for one in persona.facts if one.session == session]
        for fact in persona.facts:
            lines += [Line(one.say, Why.CHANGE, one, fact.id) for one in fact.changes if one.session == session]
            lines += [Line(one.say, Why.PROBE, one, fact.id) for one in fact.probes if one.session == session]
            if fact.forgotten_in == session:
                lines.append(Line(fact.forget_say, Why.FORGET, fact, fact.id))
        return lines + [Line(one.say, Why.PROMISE, one) for one in persona.promises if one.session == session]

    def _pick(self, says: Sequence[str]) -> str:
        """Return what was not said for the longest time; chance decides among those."""
        longest_ago = min(self._said_in.get(one, 0) for one in says)
        left = [one for one in says if self._said_in.get(one, 0) == longest_ago]
        return left[int(self._draw("pick", says[0]) * len(left))]

    def _draw(self, *parts: str) -> float:
        return drawn(self._seed, self._persona.id, self._session, self._turn, *parts)
