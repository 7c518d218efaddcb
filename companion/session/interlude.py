"""What has a beginning and an end inside a conversation: a question of consent, a screening, an activity.

An interlude is offered at a moment of its own choosing, or begun because the person asked for it. While it lasts it
speaks and listens over a ``Floor``, the running conversation. Three things come before it, whatever it is about: a
danger heard in an answer, a wish for the voice (louder, once more), and the end of the conversation. It is never begun
while a danger is open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from companion.core.turn import Reply
from companion.dialogue.commands import Asked
from companion.dialogue.knowing import is_urgent
from companion.dialogue.opportunity import Offer, Opportunity, Refusal, has_the_word
from companion.dialogue.state import Response, State
from companion.safety.risk import Risk
from companion.session.ear import Listened, Utterance

Gate: TypeAlias = Callable[[Offer, Opportunity], Refusal | None]
"""Says why something may not be begun unasked."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is so at a moment at which something could be begun unasked."""

    at: datetime
    """On the wall clock of the device; aware."""
    elapsed: float
    """Seconds since the conversation began, on the monotonic clock."""
    turns: int
    """In how many turns the person said something; 0 just after the greeting."""
    state: State
    """Where the conversation stands: the last turns with what was understood and feared."""
    silent: bool = False
    """Whether the person has fallen silent."""

    @property
    def opportunity(self) -> Opportunity:
        """What the dialogue needs of it to allow an offer."""
        return Opportunity(self.state, self.at.hour, self.elapsed / 60, self.turns, silent=self.silent)


class Floor(Protocol):
    """The running conversation, as far as an interlude needs it."""

    async def utter(
        self, reply: Reply, utterance: Utterance | None = None, *, committed: Callable[[], None] = lambda: None
    ) -> None:
        """Commit and speak a reply, to what was just heard if anything was.

        Args:
            reply: What is said.
            utterance: What it answers.
            committed: Called between the two: ``turn_id`` is then the turn of this reply, and what it writes is on the
                disk before the person hears that it was understood.
        """
        ...

    async def hear(self) -> Utterance | None:
        """Return what the person says, or None where nothing is said or nothing can be heard any more.

        Wishes for the voice are carried out, and what was asked is said again, before this returns. What is None is
        taken up by the conversation as soon as the interlude is over.
        """
        ...

    async def listen(self) -> Listened:
        """Return like ``hear``, with silence and the end told apart. A silence is then the interlude's to answer."""
        ...

    async def rest(self, seconds: float) -> Listened:
        """Return like ``listen``, after at most so many seconds: a time of quiet in which nothing need be said."""
        ...

    def risk_of(self, utterance: Utterance) -> Risk:
        """Return the danger in what was said."""
        ...

    def comes_first(self, utterance: Utterance) -> bool:
        """Return whether the conversation must answer it and the interlude is over: danger, a command, a goodbye."""
        ...

    def command_in(self, utterance: Utterance) -> Asked | None:
        """Return the command that an utterance is, if it is nothing else."""
        ...

    async def raise_danger(
        self, risk: Risk, utterance: Utterance | None, *, committed: Callable[[], None] = lambda: None
    ) -> None:
        """Commit and say what safety demands for a danger that shows only in what was asked before.

        Args:
            risk: The danger.
            utterance: In which it showed; None where that was answered already.
            committed: Called before the words of safety are spoken. It must not fail: they come first.
        """
        ...

    @property
    def session_id(self) -> str | None:
        """Id of the session in the record; None while nothing could be written."""
        ...

    @property
    def turn_id(self) -> str | None:
        """Id of the last turn that was written."""
        ...


class Permission(Protocol):
    """By which the person allows that what they ask for is written down."""

    async def permitted(self, floor: Floor, utterance: Utterance, why: Reply) -> tuple[bool, Utterance | None]:
        """Return whether it may be, asking for it where nothing is kept yet and the person may decide.

        Args:
            floor: To speak and listen over.
            utterance: With which something was asked for.
            why: What stands before the question: what cannot be done as long as nothing is written down.

        Returns:
            Whether it may be written down, and what is still to be answered: the yes, where it may.

        Raises:
            StoreError: The answer could not be written: nothing was agreed to.
        """
        ...


class Interlude(Protocol):
    """One kind of interlude. It lives as long as the conversation and may be held more than once."""

    @property
    def offer(self) -> Offer:
        """What it would begin unasked: by that the moment is judged before ``due`` is asked."""
        ...

    def due(self, moment: Moment) -> bool:
        """Return whether there is something to begin unasked, where the moment allows it. Cheap: asked often."""
        ...

    def wanted(self, response: Response, utterance: Utterance) -> bool:
        """Return whether what the person said asks for it; ``response`` is what would be answered otherwise."""
        ...

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Begin it and bring it to its end.

        Args:
            floor: To speak and listen over.
            utterance: With which the person asked for it, or None where it was due.

        Returns:
            What the person said that the interlude does not answer, to be taken like any turn; None where everything
            was answered.

        Raises:
            StoreError: Something could not be written; the conversation says ``trouble`` and goes on.
        """
        ...

    def trouble(self) -> Reply:
        """Return what is said where it could not be carried out."""
        ...


@dataclass(frozen=True, slots=True)
class OnlyAsked:
    """An interlude that is begun where the person asks for it, and never by itself."""

    interlude: Interlude

    @property
    def offer(self) -> Offer:
        """That of the interlude."""
        return self.interlude.offer

    def due(self, moment: Moment) -> bool:  # noqa: ARG002 - whatever the moment
        """Return False."""
        return False

    def wanted(self, response: Response, utterance: Utterance) -> bool:
        """Return whether the person asks for it."""
        return self.interlude.wanted(response, utterance)

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Hold the interlude.

        Raises:
            StoreError: Something could not be written.
        """
        return await self.interlude.hold(floor, utterance)

    def trouble(self) -> Reply:
        """Return what the interlude says."""
        return self.interlude.trouble()


@dataclass(frozen=True, slots=True)
class Unless:
    """An interlude that the person asks for, except where something else answers better."""

    interlude: Interlude
    better: Callable[[str], bool]
    """Whether that answers what was said."""

    @property
    def offer(self) -> Offer:
        """That of the interlude."""
        return self.interlude.offer

    def due(self, moment: Moment) -> bool:
        """Return whether it is due by itself."""
        return self.interlude.due(moment)

    def wanted(self, response: Response, utterance: Utterance) -> bool:
        """Return whether the person asks for it and nothing answers better."""
        return not self.better(utterance.heard.text) and self.interlude.wanted(response, utterance)

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Hold the interlude.

        Raises:
            StoreError: Something could not be written.
        """
        return await self.interlude.hold(floor, utterance)

    def trouble(self) -> Reply:
        """Return what the interlude says."""
        return self.interlude.trouble()


def due_now(interludes: Sequence[Interlude], moment: Moment, refusal: Gate) -> Interlude | None:
    """Return the first interlude that should be begun unasked at this moment: the one place that every offer passes.

    Args:
        interludes: The more urgent first.
        moment: What is so.
        refusal: Returns why something may not be begun, or None.
    """
    at = moment.opportunity
    return next((one for one in interludes if refusal(one.offer, at) is None and one.due(moment)), None)


def wanted_now(interludes: Sequence[Interlude], response: Response, utterance: Utterance) -> Interlude | None:
    """Return the first interlude that the person asked for.

    Safety comes first: while a danger is open only a command is carried out, such as that nothing be kept any more.
    Who is being swindled asks nothing of anybody else.
    """
    if response.command is None and (has_the_word(response.state) or is_urgent(response.understanding)):
        return None
    return next((one for one in interludes if one.wanted(response, utterance)), None)
