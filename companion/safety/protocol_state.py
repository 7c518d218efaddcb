"""Where the crisis protocol stands, as values: the state of a session, what an earlier one left, what a turn comes to.

Pure: standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from companion.safety.risk import Kind, Level, Risk, Theme
from companion.safety.steps import Answer, Question, Step


@dataclass(frozen=True, slots=True)
class ProtocolState:
    """Where the protocol stands. Never changed; a new one comes with every turn."""

    level: Level = Level.NONE
    """Of the case that is open or was open last."""
    kind: Kind = Kind.NONE
    standing: Level = Level.NONE
    """The highest of the session; never falls."""
    is_open: bool = False
    """Whether the conversation must not go on as usual."""
    waiting: Question = Question.NONE
    """What was asked and is not answered yet."""
    pending: tuple[Question, ...] = ()
    """What is still to be asked, in this order."""
    answers: tuple[tuple[Question, Answer], ...] = ()
    """What was answered, oldest first; a missing answer is UNCLEAR or SILENT, never NO."""
    tries: int = 0
    """How often the open question was asked in vain."""
    silences: int = 0
    """How many in a row."""
    elsewhere: int = 0
    """Long turns in a row in which the person talked of other things while a case was open."""
    denied: int = 0
    """Plain denials while a case was open, since the last yes or danger."""
    stays: int = 0
    """Turns of staying since the last question."""
    rounds: int = 0
    """How often it was asked whether the person is safe."""
    unsure: Level = Level.NONE
    """At which level the open case begins in earnest, where it is still asked whether it was meant."""
    gentle: int = 0
    """How many gentle questions were asked."""
    stopped: bool = False
    """Whether the person asked for no more questions."""
    asked: frozenset[Question] = frozenset()
    """What was asked about a case, answered or not."""
    misheard: bool = False
    """Whether the person said that something was not meant so."""
    opened: frozenset[tuple[Theme, Level]] = frozenset()
    """Themes and levels that were met with their opening."""
    alerted: frozenset[tuple[Theme, Level]] = frozenset()
    """Alerts that were ordered: each once."""

    @property
    def theme(self) -> Theme:
        """What the case is about."""
        return self.kind.theme

    def said_yes(self, question: Question) -> bool:
        """Whether the last answer to a question was a yes."""
        given = [answer for asked, answer in self.answers if asked is question]
        return bool(given) and given[-1] is Answer.YES

    def answered(self, answer: Answer) -> ProtocolState:
        """Return it with an answer to the open question noted."""
        answers = (*self.answers, (self.waiting, answer))
        return replace(self, answers=answers, waiting=Question.NONE, tries=0, stays=0)

    def let_go(self) -> ProtocolState:
        """Return it with the case closed unanswered: what was asked in vain is asked anew where it comes up again."""
        given = tuple(one for one in self.answers if one[1] in (Answer.YES, Answer.NO))
        closed = replace(self, is_open=False, waiting=Question.NONE, pending=(), answers=given, unsure=Level.NONE)
        return replace(closed, tries=0, elsewhere=0, denied=0, silences=0)

    def knows(self, risk: Risk) -> bool:
        """Return whether a danger is that of the open case, and no graver."""
        return self.is_open and risk.theme is self.theme and risk.level.rank <= self.level.rank

    def is_unsure_of(self, risk: Risk) -> bool:
        """Return whether a danger is asked about first; not where one stands open already."""
        grave = risk.unsure and risk.theme is Theme.SELF_HARM and risk.level.rank >= Level.CONCERN.rank
        return grave and not self.is_open

    def standing_with(self, risk: Risk) -> Level:
        """Return the highest level of the session with this one."""
        return max(self.standing, risk.level, key=lambda level: level.rank)

    def feeling_out(self, risk: Risk) -> ProtocolState:
        """Return it where it is asked how the person feels, because of what is hardly heard."""
        asked = self.asked | {Question.MOOD}
        state = replace(self, kind=risk.kind, unsure=risk.level, standing=self.standing_with(risk), asked=asked)
        return replace(state, waiting=Question.MOOD)

    def wondering(self, risk: Risk) -> ProtocolState:
        """Return it where it is asked whether something was meant that is hardly heard."""
        state = replace(self, level=Level.CONCERN, kind=risk.kind, standing=self.standing_with(risk), is_open=True)
        return replace(state, tries=0, waiting=Question.MEANT, pending=(), elsewhere=0, unsure=risk.level)

    def denials_with(self, risk: Risk, answer: Answer) -> int:
        """Return how many plain denials there are with this one: what stands between takes none back."""
        if answer in (Answer.YES, Answer.TAKEN_BACK) or risk.level.rank >= Level.CONCERN.rank:
            return 0
        return self.denied + (answer is Answer.MISHEARD)

    def without_yes(self, questions: Iterable[Question]) -> list[Question]:
        """Return the questions whose last answer was no yes."""
        return [question for question in questions if not self.said_yes(question)]

    @property
    def was_asked_anything(self) -> bool:
        """Whether any question has an entry among the answers."""
        return bool(self.answers)

    def was_asked(self, question: Question) -> bool:
        """Whether a question has an entry among the answers."""
        return any(asked is question for asked, _ in self.answers)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier session left open."""

    level: Level
    kind: Kind

    @classmethod
    def of(cls, risks: Iterable[tuple[Level, Kind]]) -> Earlier | None:
        """Return the gravest of the risks of a session, the first of those equally grave; None below a concern."""
        grave = [(level, kind) for level, kind in risks if level.rank >= Level.CONCERN.rank]
        return cls(*max(grave, key=lambda one: one[0].rank)) if grave else None


@dataclass(frozen=True, slots=True)
class Taken:
    """What one turn comes to."""

    state: ProtocolState
    steps: tuple[Step, ...]
