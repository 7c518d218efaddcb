"""People as plans: made at a terminal, by options or from a file, checked whole, applied at once."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from companion.core.consent import Answer, Assent, Decision, Giver, Item, Manner
from companion.core.person import Contact, Person
from companion.errors import InputError
from companion.prompts import prompt_table
from companion.wiring.people import consent_words, is_set_up

if TYPE_CHECKING:
    from companion.dialogue.consenting import ConsentWords
    from companion.store.record import Record


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("no such time zone")
    return name


def _region(typed: str) -> str:
    """Refuse a place that does not begin with a 시/도: a release would know it for nowhere."""
    names = prompt_table("release/hierarchies.toml")["region"]["names"]
    known = {spelled for all_of in names.values() for spelled in all_of}
    if typed.strip() and typed.split(maxsplit=1)[0] not in known:
        raise ValueError("must begin with a 시/도 such as 전라남도")
    return " ".join(typed.split())


class PersonPlan(_Part):
    """Who 말벗 will talk with."""

    address: Annotated[str, Field(min_length=1, max_length=20)]
    name: str = ""
    birth_year: Annotated[int, Field(ge=1900, le=2020)] | None = None
    sex: Literal["", "female", "male"] = ""
    region: Annotated[str, AfterValidator(_region)] = ""
    """Where they live, 시/도 first."""
    zone: Annotated[str, AfterValidator(_zone)] = "Asia/Seoul"
    group: str = ""
    understanding_doubtful: bool = False
    dementia_stage: Literal["", "none", "mild", "moderate", "severe"] = ""
    screening_despite_dementia: bool = False


def _channel(address: str) -> str:
    from companion.adapters.notifier_apprise import AppriseNotifier

    if not AppriseNotifier().is_usable(address):
        raise ValueError("no channel address")
    return address.strip()


class ContactPlan(_Part):
    """Somebody to be told."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    relation: str = ""
    phone: str = ""
    channels: tuple[Annotated[str, AfterValidator(_channel)], ...] = ()
    """apprise URLs, in the order to be tried."""
    told_of_abuse: bool = False
    told_words: bool = False
    quiet_from: Annotated[int, Field(ge=0, le=23)] | None = None
    quiet_until: Annotated[int, Field(ge=0, le=23)] | None = None


class ConsentPlan(_Part):
    """What was agreed to, by whom."""

    giver: Literal["person", "guardian", "family"] = "person"
    giver_name: Annotated[str, Field(min_length=1)]
    manner: Literal["spoken", "signed"] = "signed"
    basis: str = ""
    until: date | None = None
    conversation: bool = False
    health: bool = False
    research: bool = False
    sharing: tuple[str, ...] = ()
    """Names of accounts that may read."""
    alerts: tuple[str, ...] = ()
    """Names of contacts that may be told."""


class SetupPlan(_Part):
    """Everything that setup asks for."""

    person: PersonPlan
    contacts: tuple[ContactPlan, ...] = ()
    consent: ConsentPlan | None = None
    key: Literal["file", "keyring", "passphrase"] = "file"


def read_plan(file: Path) -> SetupPlan:
    """Return the plan in a TOML file.

    Raises:
        InputError: It cannot be read, or something in it does not fit; the first is named.
    """
    try:
        return SetupPlan.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError("setup.plan_unreadable", file=file) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError("setup.plan_unfit", file=file, place=place, reason=first["msg"]) from error


def apply(plan: SetupPlan, record: Record, now: datetime) -> Person:
    """Write person, contacts and decisions; a person who was never asked is completed, not added again.

    Raises:
        InputError: Somebody was set up already, or a decision lacks something; nothing was written then.
        StorageFull: Nothing could be written.
    """
    everybody = record.people.all()
    if is_set_up(record, everybody):
        raise InputError("setup.already", address=everybody[0].address)
    return enrol(plan, record, now, person_id=everybody[0].id if len(everybody) == 1 else "")


def enrol(plan: SetupPlan, record: Record, now: datetime, *, person_id: str = "") -> Person:
    """Write person, contacts and decisions of a plan, whoever else is in the record.

    Args:
        plan: Checked.
        record: Opened.
        now: When the decisions were made; aware.
        person_id: Of somebody who is there already and is completed.

    Raises:
        InputError: A decision lacks something; nothing was written then.
        StorageFull: Nothing could be written.
    """
    contacts = [
        Contact(id="", person_id="", order=order, **contact.model_dump())
        for order, contact in enumerate(plan.contacts, start=1)
    ]
    person = Person(id=person_id, **plan.person.model_dump())
    return record.people.enrol(person, contacts, _decisions(plan, consent_words(), now))


def _decisions(plan: SetupPlan, words: ConsentWords, now: datetime) -> list[Decision]:
    """Return a decision for every item that was asked about: those not agreed to were refused."""
    consent = plan.consent
    if consent is None:
        return []
    by_person = consent.giver == "person"
    zone = ZoneInfo(plan.person.zone)
    until = None if consent.until is None else datetime.combine(consent.until, time.max, tzinfo=zone)
    asked: list[tuple[Item, str, bool]] = [
        (Item.CONVERSATION, "", consent.conversation),
        (Item.HEALTH, "", consent.health),
        (Item.RESEARCH, "", consent.research),
        *((Item.SHARING, name, True) for name in consent.sharing),
        *((Item.ALERTS, name, True) for name in consent.alerts),
    ]
    return [
        Decision(
            item=item,
            answer=Answer.GIVEN if agreed else Answer.REFUSED,
            at=now,
            giver=Giver(consent.giver),
            giver_name=consent.giver_name,
            manner=Manner(consent.manner),
            wording=words.wording(item),
            named=named,
            assent=Assent.NOT_NEEDED if by_person else Assent.NOT_ASKED,
            basis=consent.basis,
            until=until,
        )
        for item, named, agreed in asked
    ]


def new_person(**fields: object) -> Person:
    """Return somebody new from what was typed.

    Raises:
        InputError: Something does not fit.
    """
    return Person(id="", **checked_changes(**fields))


def checked_changes(**fields: object) -> dict[str, Any]:
    """Return the fields that were given, checked.

    Raises:
        InputError: Something does not fit.
    """
    given = {name: value for name, value in fields.items() if value is not None}
    try:
        PersonPlan.model_validate({"address": "-", **given})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise InputError("people.unfit", place=".".join(map(str, first["loc"])), reason=first["msg"]) from error
    return given
