"""What a person agreed to, as values and laws. Pure: decisions come in, in the order they were made.

Laws:
- Nothing stands that was not given: no decision is a no.
- The last word of the person stands: what they refused or withdrew nobody else can give for them.
- What family gives stands only with the person's own assent; what a guardian gives stands without it, but not against
  a refusal.
- What was given until a day ends with that day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Item(StrEnum):
    """What is agreed to, one by one."""

    CONVERSATION = "conversation"
    """What was said is written down."""
    HEALTH = "health"
    """Health data and screening are written down."""
    SHARING = "sharing"
    """A named caregiver or clinician may read the record."""
    ALERTS = "alerts"
    """A named contact is told in danger."""
    RESEARCH = "research"
    """De-identified data may be released for research."""

    @property
    def is_named(self) -> bool:
        """Whether each decision is about one named person."""
        return self in (Item.SHARING, Item.ALERTS)


class Answer(StrEnum):
    """What was decided."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Giver(StrEnum):
    """Who decided."""

    PERSON = "person"
    GUARDIAN = "guardian"
    """후견인, appointed by a court."""
    FAMILY = "family"


class Manner(StrEnum):
    """How it was decided."""

    SPOKEN = "spoken"
    SIGNED = "signed"


class Assent(StrEnum):
    """What the person said when somebody else decided."""

    NOT_NEEDED = "not_needed"
    """The person decided."""
    NOT_ASKED = "not_asked"
    AGREED = "agreed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that were read or shown."""

    version: str
    digest: str
    """SHA-256 of the text, hex."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision about one item."""

    item: Item
    answer: Answer
    at: datetime
    """Aware."""
    giver: Giver
    giver_name: str
    manner: Manner
    wording: Wording
    named: str = ""
    """The caregiver or contact that it is about; empty for the items that are about nobody."""
    assent: Assent = Assent.NOT_NEEDED
    basis: str = ""
    """On what ground somebody else decides, or why the person may although their understanding is doubtful."""
    until: datetime | None = None
    """After which it stands no more."""


class Flaw(StrEnum):
    """What a decision lacks."""

    NAME = "name"
    """Whose decision it is."""
    NAMED = "named"
    """Whom it is about."""
    NOT_NAMED = "not_named"
    """It names somebody and is about nobody."""
    BASIS = "basis"
    """On what ground."""
    UNTIL = "until"
    """Until when."""
    ASSENT = "assent"
    """What the person said to it."""


def flaws(decision: Decision, *, understanding_doubtful: bool) -> tuple[Flaw, ...]:
    """Return what a decision lacks to be written down; empty where it is whole."""
    by_other = decision.giver is not Giver.PERSON
    needs_ground = decision.answer is Answer.GIVEN and (by_other or understanding_doubtful)
    checks = (
        (not decision.giver_name.strip(), Flaw.NAME),
        (decision.item.is_named and not decision.named.strip(), Flaw.NAMED),
        (not decision.item.is_named and bool(decision.named), Flaw.NOT_NAMED),
        (needs_ground and not decision.basis.strip(), Flaw.BASIS),
        (needs_ground and decision.until is None, Flaw.UNTIL),
        (by_other == (decision.assent is Assent.NOT_NEEDED), Flaw.ASSENT),
    )
    return tuple(flaw for lacks, flaw in checks if lacks)


def standing(decisions: Iterable[Decision], item: Item, now: datetime, *, named: str = "") -> Decision | None:
    """Return the decision by which an item is agreed to now, or None where it is not.

    Args:
        decisions: All decisions of one person, in the order they were made, whatever their times say.
        item: What is asked about.
        now: Aware.
        named: The caregiver or contact, for the items that name one.
    """
    given: Decision | None = None
    refused_by_person = False
    for decision in decisions:
        if decision.item is not item or decision.named != named:
            continue
        by_person = decision.giver is Giver.PERSON
        if by_person:
            refused_by_person = decision.answer is not Answer.GIVEN
        elif decision.assent is Assent.REFUSED:
            refused_by_person = True
        if decision.answer is not Answer.GIVEN or refused_by_person:
            given = None
        elif by_person or _stands_for_another(decision):
            given = decision
    if given is None or (given.until is not None and now >= given.until):
        return None
    return given


def awaiting_assent(decisions: Iterable[Decision], now: datetime) -> tuple[Decision, ...]:
    """Return what others gave that 말벗 has still to ask the person about, in simple words, oldest first."""
    latest: dict[tuple[Item, str], Decision] = {}
    for decision in decisions:
        latest[decision.item, decision.named] = decision
    return tuple(
        decision
        for decision in latest.values()
        if decision.answer is Answer.GIVEN
        and decision.assent is Assent.NOT_ASKED
        and (decision.until is None or now < decision.until)
    )


def _stands_for_another(decision: Decision) -> bool:
    if decision.assent is Assent.AGREED:
        return True
    return decision.giver is Giver.GUARDIAN and decision.assent is Assent.NOT_ASKED
