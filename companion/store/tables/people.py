"""People, the contacts around them, and what they agreed to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from companion.store.tables.base import Base, Happened, OfPerson, Table, UtcTime, Words


class PersonRow(Base, Happened):
    """One older adult; ``at`` is when they were added, ``zone`` where they live."""

    __tablename__ = "people"

    name: Mapped[str] = mapped_column(Words, default="")
    address: Mapped[str] = mapped_column(Words)
    """호칭: how 말벗 calls them."""
    birth_year: Mapped[int | None]
    sex: Mapped[str] = mapped_column(String(8), default="", server_default="")
    """female, male, or empty where it was not said."""
    region: Mapped[str] = mapped_column(Words, default="", server_default="")
    """Where they live, 시/도 first: read by research releases alone, coarsened."""
    group: Mapped[str] = mapped_column(Words, default="")
    """A team or village, for whoever follows many people."""
    understanding_doubtful: Mapped[bool] = mapped_column(default=False)
    """Whether somebody else may have to consent: dementia on record."""
    dementia_stage: Mapped[str] = mapped_column(String(16), default="")
    screening_despite_dementia: Mapped[bool] = mapped_column(default=False)
    """A clinician's switch."""
    speech: Mapped[dict[str, object]] = mapped_column(Table, default=dict)
    """How 말벗 speaks to them: voice, speed, loudness, hearing profile; only what was changed."""


class ContactRow(Base, Happened, OfPerson):
    """Somebody to be told."""

    __tablename__ = "contacts"

    name: Mapped[str] = mapped_column(Words)
    """As it is spoken: 큰따님."""
    relation: Mapped[str] = mapped_column(Words, default="")
    phone: Mapped[str] = mapped_column(Words, default="")
    order: Mapped[int] = mapped_column(default=1)
    """1 is told first."""
    channels: Mapped[list[object]] = mapped_column(Table, default=list)
    """Channels with their addresses, in the order to be tried."""
    told_of_abuse: Mapped[bool] = mapped_column(default=False)
    """False keeps everything about abuse from a contact who may be the abuser."""
    told_words: Mapped[bool] = mapped_column(default=False)
    quiet_from: Mapped[int | None]
    """Hour, 0 to 23."""
    quiet_until: Mapped[int | None]


class ConsentRow(Base, Happened, OfPerson):
    """One decision about one item. Never changed: a withdrawal is another row."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_person_id_number", "person_id", "number", unique=True),)

    number: Mapped[int]
    """1, 2, 3 … for each person: the order of decisions, whatever the clock said."""
    item: Mapped[str] = mapped_column(String(16))
    answer: Mapped[str] = mapped_column(String(16))
    named: Mapped[str] = mapped_column(Words, default="")
    """The caregiver or contact that it names; empty for the other items."""
    giver: Mapped[str] = mapped_column(String(16))
    giver_name: Mapped[str] = mapped_column(Words)
    manner: Mapped[str] = mapped_column(String(16))
    assent: Mapped[str] = mapped_column(String(16))
    basis: Mapped[str] = mapped_column(Words, default="")
    until: Mapped[datetime | None] = mapped_column(UtcTime)
    wording: Mapped[str] = mapped_column(String(32))
    """Version of the words that were read or shown."""
    wording_digest: Mapped[str] = mapped_column(String(64))
