"""Whether something may be begun unasked now: one gate for every offer.

Pure. A question of consent, something remembered, news, a reminder, a screening, an activity, a tale offered in an
answer: whoever has one to make asks ``refusal`` and hears why not. The figures are data
(``prompts/lexicon/moments.toml``).

Laws:
- While a danger is open or asked about, and once the session is over, there is a reason against everything.
- What heeds open questions is never begun beside one.
- What heeds that something was offered is offered at most ``MOST_OFFERS`` times a session.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from companion.core.turn import Feeling
from companion.dialogue.plan import Stage
from companion.dialogue.quiet import wants_quiet
from companion.dialogue.state import Exchange, State
from companion.safety.risk import Level
from companion.safety.steps import Question

FILE: Final = "moments.toml"
MOST_OFFERS: Final = 1
"""In one session: one screening or one activity."""
_MINUTE: Final = 60.0
_TALKED: Final = frozenset({Stage.TALKING, Stage.FALLING_SILENT})
"""Stages of free talk: a silence in it is a good moment."""


class Offer(StrEnum):
    """What may be begun unasked."""

    CONSENT = "consent"
    FOLLOW_UP = "follow_up"
    NEWS = "news"
    REMINDER = "reminder"
    MEASURED = "measured"
    """A danger that a device measured."""
    SCREENING = "screening"
    REST = "rest"
    """Of a screening that was suspended in this session."""
    ACTIVITY = "activity"
    PROPOSAL = "proposal"
    """An activity, offered in the answer to what was said."""
    TALE = "tale"
    """A tale, offered in an answer."""

    @property
    def runs_its_course(self) -> bool:
        """Whether it is the one thing that a session offers."""
        return self in {Offer.SCREENING, Offer.REST, Offer.ACTIVITY}


class Refusal(StrEnum):
    """Why nothing is begun at a moment, the gravest first."""

    SAFETY = "safety"
    ENDED = "ended"
    QUIET = "quiet"
    """The person wants to be left in peace, or asked nothing."""
    QUESTION_OPEN = "question_open"
    NOT_TALKING = "not_talking"
    OFFERED_ALREADY = "offered_already"
    TOO_SOON = "too_soon"
    TOO_LATE = "too_late"
    HOUR = "hour"
    HEAVY = "heavy"
    """What was said last weighs: the person is listened to."""
    BAD_NEWS = "bad_news"
    """A danger, or news that weighs, was told in the last turns."""


@dataclass(frozen=True, slots=True)
class Opportunity:
    """What must be known to decide whether something may be begun now."""

    state: State
    """Where the conversation stands."""
    hour: int
    """Of the day, 0 to 23."""
    minutes: float = 0.0
    """Since the session began."""
    turns: int = 0
    """In how many turns the person said something."""
    silent: bool = False
    """Whether the person has fallen silent: a question that they left is not open any more."""

    @property
    def last(self) -> Exchange | None:
        """The last turn."""
        return self.state.turns[-1] if self.state.turns else None

    @property
    def feeling(self) -> Feeling:
        """Of what was said last."""
        understood = self.last.understanding if self.last is not None else None
        return Feeling.NEUTRAL if understood is None else understood.feeling

    @property
    def question_open(self) -> bool:
        """Whether 말벗 asked something that waits for its answer."""
        return self.last is not None and "?" in self.last.reply and not self.silent


@dataclass(frozen=True, slots=True)
class MomentRule:
    """When one kind of offer may be made."""

    heeds: frozenset[Refusal]
    least_seconds: float = 0.0
    least_turns: int = 0
    most_minutes: float = float("inf")
    from_hour: int = 0
    until_hour: int = 24
    heavy: frozenset[Feeling] = frozenset()
    calm_turns: int = 0
    bad_topics: frozenset[str] = frozenset()


class Moments:
    """Built once from the table."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        """Read it.

        Raises:
            KeyError: An offer has no rule.
            ValueError: A reason or a feeling is unknown.
            TypeError: A figure has an unknown name.
        """
        self._rules = {offer: _rule(table["offer"][offer]) for offer in Offer}

    def refusal(self, offer: Offer, at: Opportunity) -> Refusal | None:
        """Return why it may not be begun now, the gravest reason first; None where it may."""
        rule = self._rules[offer]
        heeded = rule.heeds | {Refusal.SAFETY, Refusal.ENDED}
        return next((reason for reason, holds in _reasons(rule, at) if holds and reason in heeded), None)


def has_the_word(state: State) -> bool:
    """Return whether safety has the word: a danger is open, or a gentle question about one waits for its answer."""
    return state.protocol.is_open or state.protocol.waiting is not Question.NONE


def _reasons(rule: MomentRule, at: Opportunity) -> Iterator[tuple[Refusal, bool]]:
    """Yield every reason in order, and whether it holds."""
    state, plan = at.state, at.state.plan
    yield Refusal.SAFETY, has_the_word(state) or plan.stage is Stage.SAFETY
    yield Refusal.ENDED, plan.stage is Stage.ENDED
    yield Refusal.QUIET, wants_quiet(state.turns)
    yield Refusal.QUESTION_OPEN, at.question_open
    yield Refusal.NOT_TALKING, plan.stage not in _TALKED or at.turns == 0
    yield Refusal.OFFERED_ALREADY, plan.offers >= MOST_OFFERS
    yield Refusal.TOO_SOON, at.minutes * _MINUTE < rule.least_seconds or at.turns < rule.least_turns
    yield Refusal.TOO_LATE, at.minutes > rule.most_minutes
    yield Refusal.HOUR, not rule.from_hour <= at.hour < rule.until_hour
    yield Refusal.HEAVY, at.feeling in rule.heavy
    told = state.turns[-rule.calm_turns :] if rule.calm_turns else ()
    yield Refusal.BAD_NEWS, any(_is_bad_news(turn, rule) for turn in told)


def _is_bad_news(turn: Exchange, rule: MomentRule) -> bool:
    topic = turn.understanding.topic if turn.understanding is not None else ""
    return turn.risk.level is not Level.NONE or topic in rule.bad_topics


def _rule(table: Mapping[str, Any]) -> MomentRule:
    figures = dict(table)
    heeds = frozenset(Refusal(name) for name in figures.pop("heeds"))
    heavy = frozenset(Feeling(name) for name in figures.pop("heavy", ()))
    return MomentRule(heeds, heavy=heavy, bad_topics=frozenset(figures.pop("bad_topics", ())), **figures)
