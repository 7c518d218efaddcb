"""What the person of this device agrees to aloud, in the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from companion.core.consent import Answer, Assent, Decision, Giver, Item, Manner
from companion.dialogue.consenting import ConsentWords, Question

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.store.record import Record

_MOST_QUESTIONS: Final = 2
"""That one conversation can bear."""


class RecordWishes:
    """Over the record of one person.

    Args:
        record: Opened.
        person: Who talks.
        words: Whose version and digest are taken down with each decision.
    """

    def __init__(self, record: Record, person: Person, words: ConsentWords) -> None:
        self._record = record
        self._person = person
        self._words = words

    def open_questions(self) -> Sequence[Question]:
        """Return what others gave for them, and whether conversations may be kept, where nobody ever decided."""
        consents = self._record.consents
        given = [Question(one.item, one.named, one) for one in consents.awaiting_assent(self._person.id)]
        decided = any(one.item is Item.CONVERSATION for one in consents.decisions(self._person.id))
        # Where understanding is doubtful somebody decides with them at setup; they are asked for their assent only.
        if not decided and not self._person.understanding_doubtful:
            given.append(Question(Item.CONVERSATION))
        return given[:_MOST_QUESTIONS]

    def answer(self, question: Question, *, agreed: bool) -> None:
        """Take down what the person said: their own decision, or their word to what somebody gave for them."""
        given = question.given
        if given is not None and agreed:
            decision = Decision(
                item=question.item,
                answer=Answer.GIVEN,
                at=self._record.database.now(),
                giver=given.giver,
                giver_name=given.giver_name,
                manner=Manner.SPOKEN,
                wording=self._words.wording(question.item),
                named=question.named,
                assent=Assent.AGREED,
                basis=given.basis,
                until=given.until,
            )
        else:
            decision = self._own(question.item, Answer.GIVEN if agreed else Answer.REFUSED, question.named)
        self._record.consents.decide(self._person.id, decision)

    def keeps(self) -> bool:
        """Return whether conversations are kept."""
        return self._record.consents.standing(self._person.id, Item.CONVERSATION) is not None

    def may_agree(self) -> bool:
        """Return whether the person decides by themselves: where understanding is doubtful somebody does with them."""
        return not self._person.understanding_doubtful

    def stop_keeping(self) -> bool:
        """Take back the consent to keep conversations."""
        if not self.keeps():
            return False
        self._record.consents.decide(self._person.id, self._own(Item.CONVERSATION, Answer.WITHDRAWN))
        return True

    def kept_count(self) -> int:
        """Return how many conversations and memories are kept."""
        return self._record.belongings.item_count(self._person.id, Item.CONVERSATION)

    def erase_conversations(self) -> None:
        """Remove every conversation."""
        self._record.belongings.erase_item(self._person.id, Item.CONVERSATION)

    def _own(self, item: Item, answer: Answer, named: str = "") -> Decision:
        return Decision(
            item=item,
            answer=answer,
            at=self._record.database.now(),
            giver=Giver.PERSON,
            giver_name=self._person.name or self._person.address,
            manner=Manner.SPOKEN,
            wording=self._words.wording(item),
            named=named,
        )
