"""Puts the interlude of screening together, for a conversation and for ``companion screen``."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Final

from companion.core.consent import Item
from companion.core.reading import Grammar
from companion.dialogue.opportunity import Offer
from companion.errors import PromptError
from companion.prompts import prompt_table
from companion.safety.risk import Level
from companion.screening.due import permission
from companion.screening.interview import Manner
from companion.screening.offering import Choice, OfferRules
from companion.screening.record import Asker
from companion.screening.signs import SignReader
from companion.screening.wanting import Wanting
from companion.wiring.contraindications import dementia_stage
from companion.wiring.instruments import instruments
from companion.wiring.screening import ANSWERS, WORDING, answer_reader, interview

if TYPE_CHECKING:
    from companion.core.morphology import Analyser
    from companion.core.person import Person
    from companion.core.turn import Reply
    from companion.dialogue.state import Response
    from companion.screening.instrument import Instrument
    from companion.session.conversation import Witness
    from companion.session.ear import Utterance
    from companion.session.interlude import Floor, Moment
    from companion.session.screening import ScreeningInterlude, ScreeningWords
    from companion.store.record import Record
    from companion.wiring.conversation import Making
    from companion.wiring.screening_ledger import RecordLedger

OFFERING: Final = "screening/offering.ko.toml"
SIGNS: Final = "screening/signs.ko.toml"


@cache
def offer_rules() -> OfferRules:
    """Return when the plan may offer a screening.

    Raises:
        PromptError: The table is broken.
    """
    try:
        return OfferRules.parse(prompt_table(OFFERING))
    except (KeyError, ValueError) as error:
        raise PromptError("prompts.table_broken", file=OFFERING, where=str(error)) from error


@cache
def wanting() -> Wanting:
    """Return what hears that a person asks for a check.

    Raises:
        PromptError: The table is broken.
    """
    try:
        return Wanting(prompt_table(OFFERING)["wanting"])
    except (KeyError, re.error) as error:
        raise PromptError("prompts.table_broken", file=OFFERING, where=str(error)) from error


@cache
def screening_words() -> ScreeningWords:
    """Return what is said around a screening in a conversation.

    Raises:
        PromptError: A sentence is missing.
    """
    from companion.session.screening import ScreeningWords

    try:
        return ScreeningWords.parse(prompt_table(WORDING)["interlude"])
    except KeyError as error:
        raise PromptError("prompts.table_broken", file=WORDING, where=str(error)) from error


@cache
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


def may_offer(person: Person, hospital_stage: str = "") -> bool:
    """Return whether a screening may be offered to somebody unasked: dementia on record bars it but for a clinician.

    Args:
        person: Who would be asked.
        hospital_stage: Stage of dementia that a hospital recorded; empty where it told none.
    """
    stages = {person.dementia_stage, hospital_stage}
    return person.screening_despite_dementia or not stages & offer_rules().barred_stages


def screening_interlude(making: Making, record: Record, person: Person) -> ScreeningInterlude:
    """Return the interlude of one conversation.

    Raises:
        PromptError: A table is broken.
    """
    from companion.session.administering import Around
    from companion.session.screening import ScreeningInterlude, ScreeningParts

    language = making.loaded.language
    kept = ledger(record, person.id, mode=making.mode, artifact="" if language is None else language.name)
    parts = ScreeningParts(
        instruments=instruments(),
        interview=interview(answer_reader(making.loaded.analyser)),
        rules=kept.rules,
        wanting=wanting(),
        words=screening_words(),
        ledger=kept,
        around=Around(making.answerer, making.attend, making.trouble),
        now=record.database.now,
        address=person.address,
        offers=making.somebody_answers and may_offer(person, dementia_stage(record, person)),
    )
    return ScreeningInterlude(parts)


@cache
def sign_reader(words: Analyser) -> SignReader:
    """Return what finds signs in free talk.

    Raises:
        PromptError: Its data is broken.
    """
    try:
        grammar = Grammar(prompt_table("lexicon/grammar.toml"))
        return SignReader(prompt_table(SIGNS), prompt_table(ANSWERS), grammar, words)
    except (KeyError, ValueError, re.error) as error:
        raise PromptError("prompts.table_broken", file=SIGNS, where=str(error)) from error


def observer(making: Making, record: Record, person: Person) -> Witness:
    """Return who notes signs in what the person says, each once in a conversation, where both consents stand.

    Raises:
        PromptError: Its data is broken.
    """
    reader = sign_reader(making.loaded.analyser)
    noted: set[str] = set()

    def observe(utterance: Utterance, response: Response, turn_id: str | None) -> None:
        # A danger is noted by safety, with all that it said.
        if response.risk.level.rank >= Level.CONCERN.rank:
            return
        for sign in reader.read(utterance.heard.text):
            if sign.sign in noted or not _may_note(record, person.id):
                continue
            record.screenings.observe(person.id, sign, record.database.now(), turn_id=turn_id)
            noted.add(sign.sign)

    return observe


def _may_note(record: Record, person_id: str) -> bool:
    return {Item.HEALTH, Item.CONVERSATION} <= record.consents.items_given(person_id)


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

    @property
    def offer(self) -> Offer:
        """A screening."""
        return Offer.SCREENING

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
