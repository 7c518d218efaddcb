"""Puts the interlude of screening together, for a conversation and for ``companion screen``."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from companion.errors import PromptError
from companion.prompts import prompt_table
from companion.screening.due import permission
from companion.screening.interview import Manner
from companion.screening.offering import Choice, OfferRules
from companion.screening.record import Asker
from companion.screening.wanting import Wanting
from companion.wiring.screening import WORDING, answer_reader, instruments, interview

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.core.turn import Reply
    from companion.dialogue.state import Response
    from companion.screening.instrument import Instrument
    from companion.session.ear import Utterance
    from companion.session.interlude import Floor, Moment
    from companion.session.screening import ScreeningInterlude
    from companion.store.record import Record
    from companion.wiring.conversation import Making
    from companion.wiring.screening_ledger import RecordLedger

OFFERING = "screening/offering.ko.toml"


def offer_rules() -> OfferRules:
    """Return when the plan may offer a screening.

    Raises:
        PromptError: The table is broken.
    """
    try:
        return OfferRules.parse(prompt_table(OFFERING))
    except (KeyError, ValueError) as error:
        raise PromptError("prompts.table_broken", file=OFFERING, where=str(error)) from error


def wording_digest() -> str:
    """Return SHA-256 of our own sentences around the items, in hexadecimal."""
    return hashlib.sha256(json.dumps(prompt_table(WORDING), sort_keys=True).encode()).hexdigest()


def ledger(record: Record, person_id: str, *, mode: str, artifact: str = "") -> RecordLedger:
    """Return the screenings of a person, for one conversation.

    Raises:
        PromptError: A table is broken.
    """
    from companion.wiring.screening_ledger import RecordLedger

    return RecordLedger(record, person_id, offer_rules(), mode, wording_digest(), artifact)


def may_offer(person: Person) -> bool:
    """Return whether a screening may be offered to somebody unasked: dementia on record bars it but for a clinician."""
    return person.screening_despite_dementia or person.dementia_stage not in offer_rules().barred_stages


def screening_interlude(making: Making, record: Record, person: Person) -> ScreeningInterlude:
    """Return the interlude of one conversation.

    Raises:
        PromptError: A table is broken.
    """
    from companion.session.administering import Around
    from companion.session.screening import ScreeningInterlude, ScreeningParts, ScreeningWords

    words = making.loaded.language
    kept = ledger(record, person.id, mode=making.mode, artifact="" if words is None else words.name)
    parts = ScreeningParts(
        instruments=instruments(),
        interview=interview(answer_reader(making.loaded.analyser)),
        rules=kept.rules,
        wanting=Wanting(prompt_table(OFFERING)["wanting"]),
        words=ScreeningWords.parse(prompt_table(WORDING)["interlude"]),
        ledger=kept,
        around=Around(making.answerer, making.attend, making.trouble),
        now=record.database.now,
        address=person.address,
        offers=making.somebody_answers and may_offer(person),
    )
    return ScreeningInterlude(parts)


class OneScreening:
    """An instrument that is administered at once, because somebody at this device chose it.

    Args:
        screening: Holds it.
        choice: Which, and whether it is begun or gone on with.
        manner: How.
    """

    def __init__(self, screening: ScreeningInterlude, choice: Choice, manner: Manner) -> None:
        self._screening = screening
        self._choice = choice
        self._manner = manner

    def due(self, moment: Moment) -> bool:  # noqa: ARG002 - it is begun by whoever runs it
        """Never by itself."""
        return False

    def wanted(self, response: Response, utterance: Utterance) -> bool:  # noqa: ARG002 - it is begun by whoever runs it
        """Never once more."""
        return False

    async def hold(self, floor: Floor, utterance: Utterance | None) -> Utterance | None:  # noqa: ARG002 - nobody asked
        """Administer it."""
        return await self._screening.administer(floor, self._choice, self._manner)

    def trouble(self) -> Reply:
        """Return what is said where an answer could not be written."""
        return self._screening.trouble()


def chosen(kept: RecordLedger, instrument: Instrument) -> Choice:
    """Return whether an instrument that an operator chose is begun or gone on with."""
    kept.settle()
    now = kept.record.database.now()
    return Choice(instrument, permission(instrument, kept.history(), now, Asker.OPERATOR))
