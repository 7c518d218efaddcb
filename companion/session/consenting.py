"""Asks for consent aloud, and does what the person wishes with what was kept.

A question is put once the greeting is over. A plain yes or no is taken down; anything else is the person's turn and is
answered as such, and the question waits for another day: nobody is pressed, and nothing is agreed to by guess. Danger
is looked for before an answer is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from companion.core.consent import Item
from companion.core.turn import Reply
from companion.dialogue.consenting import ConsentWords, Question, Reaction, Said
from companion.dialogue.opportunity import Offer
from companion.dialogue.state import Command, Response
from companion.session.ear import Utterance
from companion.session.interlude import Floor, Moment

_COMMANDS: Final = frozenset({Command.STOP_KEEPING, Command.START_KEEPING, Command.ERASE_KEPT})


class Wishes(Protocol):
    """What the person agreed to: asked, given and taken back. Blocking; what it says is on the disk when it returns."""

    def open_questions(self) -> Sequence[Question]:
        """Return what the person is still to be asked, at most as much as one conversation can bear."""
        ...

    def answer(self, question: Question, *, agreed: bool) -> None:
        """Take down what the person said.

        Raises:
            StoreError: It could not be written: nothing was agreed to.
        """
        ...

    def keeps(self) -> bool:
        """Return whether conversations are kept."""
        ...

    def may_agree(self) -> bool:
        """Return whether the person may agree by themselves to what is kept."""
        ...

    def stop_keeping(self) -> bool:
        """Take back the consent to keep conversations; return whether anything was being kept.

        Raises:
            StoreError: It could not be written.
        """
        ...

    def kept_count(self) -> int:
        """Return how many conversations and memories are kept."""
        ...

    def erase_conversations(self) -> None:
        """Remove every conversation that was kept, for good.

        Raises:
            StoreError: Nothing could be removed.
        """
        ...


class Consenting:
    """The interlude of consent: what is open is asked after the greeting, and what is wished is carried out.

    Args:
        wishes: The record.
        words: How it is said.
        address: 호칭.
        asks: Whether questions that are open are put: not where recordings or a script cannot answer them. What the
            person wishes is carried out everywhere.
    """

    def __init__(self, wishes: Wishes, words: ConsentWords, *, address: str, asks: bool = True) -> None:
        self._wishes = wishes
        self._words = words
        self._address = address
        self._asks = asks

    @property
    def offer(self) -> Offer:
        """A question of consent."""
        return Offer.CONSENT

    def due(self, moment: Moment) -> bool:
        """Return whether something is to be asked: once, just after the greeting."""
        return self._asks and moment.turns == 0 and not moment.silent and bool(self._wishes.open_questions())

    def wanted(self, response: Response, utterance: Utterance) -> bool:  # noqa: ARG002 - the command says it all
        """Return whether the person wishes something about what is kept."""
        return response.command in _COMMANDS

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:
        """Ask what is open, or carry out what the person wishes.

        Raises:
            StoreError: It could not be written.
        """
        if utterance is None:
            return await self._ask_open(floor)
        asked = floor.command_in(utterance)
        if asked is not None and asked.command is Command.STOP_KEEPING:
            return await self._stop_keeping(floor, utterance)
        if asked is not None and asked.command is Command.START_KEEPING:
            return await self._start_keeping(floor, utterance)
        return await self._erase(floor, utterance)

    async def _start_keeping(self, floor: Floor, utterance: Utterance) -> Utterance | None:
        """Ask for the consent that the person is about to give, in its own words: a wish in passing is none."""
        if self._wishes.keeps() or not self._wishes.may_agree():
            said = Said.KEPT_ALREADY if self._wishes.keeps() else Said.NOT_ALONE
            await floor.utter(self._words.say(said), utterance)
            return None
        return await self._ask(floor, [Question(Item.CONVERSATION)])

    async def _ask_open(self, floor: Floor) -> Utterance | None:
        """Ask what is open; return what the person said instead of answering."""
        return await self._ask(floor, self._wishes.open_questions())

    async def _ask(self, floor: Floor, questions: Sequence[Question]) -> Utterance | None:
        for question in questions:
            reaction, utterance = await self._asked(floor, self._words.ask(question, self._address), item=question.item)
            if reaction is Reaction.ELSE or utterance is None:
                return utterance
            agreed = reaction is Reaction.YES
            self._wishes.answer(question, agreed=agreed)
            await floor.utter(self._words.say(Said.GIVEN if agreed else Said.REFUSED), utterance)
        return None

    async def _stop_keeping(self, floor: Floor, utterance: Utterance) -> Utterance | None:
        """Keep nothing from now on, and offer to remove what was kept."""
        if not self._wishes.stop_keeping():
            await floor.utter(self._words.say(Said.STOPPED_ALREADY), utterance)
            return None
        return await self._offer_erasing(floor, self._words.say(Said.STOPPED), utterance)

    async def _erase(self, floor: Floor, utterance: Utterance) -> Utterance | None:
        """Remove what was kept, once the person has said yes to it."""
        if not self._wishes.kept_count():
            await floor.utter(self._words.say(Said.NOTHING), utterance)
            return None
        return await self._offer_erasing(floor, self._words.say(Said.ERASE_ASK), utterance)

    async def permitted(self, floor: Floor, utterance: Utterance, why: Reply) -> tuple[bool, Utterance | None]:
        """See ``Permission.permitted``: a yes is on the disk before this returns.

        Raises:
            StoreError: It could not be written: nothing was agreed to.
        """
        if self._wishes.keeps():
            return True, utterance
        if not self._wishes.may_agree():
            await floor.utter(why, utterance)
            return False, None
        question = Question(Item.CONVERSATION)
        asked = self._words.ask(question, self._address)
        asked = replace(asked, text=f"{why.text} {asked.text}")
        reaction, answer = await self._asked(floor, asked, utterance, item=question.item)
        if answer is None or reaction is Reaction.ELSE:
            return False, answer
        self._wishes.answer(question, agreed=reaction is Reaction.YES)
        if reaction is Reaction.YES:
            return True, answer
        await floor.utter(self._words.say(Said.REFUSED), answer)
        return False, None

    def trouble(self) -> Reply:
        """Return what is said when a wish could not be carried out."""
        return self._words.say(Said.TROUBLE)

    async def _offer_erasing(self, floor: Floor, question: Reply, utterance: Utterance) -> Utterance | None:
        reaction, answer = await self._asked(floor, question, utterance)
        if answer is None or reaction is Reaction.ELSE:
            return answer
        if reaction is Reaction.YES:
            self._wishes.erase_conversations()
        await floor.utter(self._words.say(Said.ERASED if reaction is Reaction.YES else Said.KEPT), answer)
        return None

    async def _asked(
        self, floor: Floor, question: Reply, utterance: Utterance | None = None, *, item: Item | None = None
    ) -> tuple[Reaction, Utterance | None]:
        """Ask, once more where it was not caught; return how it was answered and with what."""
        for _ in range(2):
            await floor.utter(question, utterance)
            utterance = await floor.hear()
            if utterance is not None and item is Item.CONVERSATION and self._allows(floor, utterance):
                return Reaction.YES, utterance
            if utterance is None or floor.comes_first(utterance):
                return Reaction.ELSE, utterance
            reaction = self._words.reaction(utterance.heard.text, item)
            if reaction is not Reaction.AGAIN:
                return reaction, utterance
        return Reaction.ELSE, utterance

    @staticmethod
    def _allows(floor: Floor, utterance: Utterance) -> bool:
        """Whether somebody says of themselves that it may be written down: 적어도 된다."""
        asked = floor.command_in(utterance)
        return asked is not None and asked.command is Command.START_KEEPING
