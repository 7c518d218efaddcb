"""Sets a simulated person up in a record of their own: who they are, who is around them, what was agreed to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from companion.core.consent import Answer, Assent, Decision, Item, Manner
from companion.core.person import Contact, Person
from companion.evaluation.lives.persona import Persona
from companion.safety.alerts import DeliveryOutcome
from companion.wiring.people import consent_words

if TYPE_CHECKING:
    from companion.ports import Notice, Sent
    from companion.store.record import Record

_STANDS: Final = timedelta(days=365)
"""For how long what somebody else gave stands."""


class Postbox:
    """A notifier that takes every message and reaches nobody."""

    def send(self, address: str, notice: Notice) -> Sent:
        """Say that it was sent."""
        from companion.ports import Sent

        return Sent(DeliveryOutcome.SENT if address and notice.title else DeliveryOutcome.REFUSED)

    def is_usable(self, address: str) -> bool:
        """Whether anything is written there."""
        return bool(address)


def move_in(record: Record, persona: Persona, now: datetime) -> Person:
    """Write the person down, and return them."""
    fresh = Person(
        id="",
        address=persona.address,
        name=persona.name,
        birth_year=persona.born,
        understanding_doubtful=persona.understanding_doubtful,
    )
    contacts = [
        Contact(
            id="",
            person_id="",
            name=one.name,
            relation=one.relation,
            order=order,
            channels=(f"json://simulated.example/{order}",),
            told_of_abuse=one.told_of_abuse,
        )
        for order, one in enumerate(persona.around, 1)
    ]
    return record.people.enrol(fresh, contacts, list(_decisions(persona, now)))


def _decisions(persona: Persona, now: datetime) -> Iterator[Decision]:
    agreed = persona.agreed
    needs_ground = agreed.assent is not Assent.NOT_NEEDED or persona.understanding_doubtful
    words = consent_words()

    def decided(item: Item, *, given: bool, named: str = "") -> Decision:
        return Decision(
            item=item,
            answer=Answer.GIVEN if given else Answer.REFUSED,
            at=now,
            giver=agreed.giver,
            giver_name=agreed.giver_name or persona.name,
            manner=Manner.SIGNED,
            wording=words.wording(item),
            named=named,
            assent=agreed.assent,
            basis=agreed.basis if needs_ground else "",
            until=now + _STANDS if needs_ground else None,
        )

    yield decided(Item.CONVERSATION, given=agreed.conversation)
    yield decided(Item.HEALTH, given=agreed.health)
    for one in persona.around:
        yield decided(Item.ALERTS, given=one.agreed, named=one.name)
