"""What a device does on its own account, over the record of one person: tables, agenda, requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from companion.config import Settings
from companion.core.errand import Errand
from companion.core.life import Reminder
from companion.core.occasion import KeptOccasion, Occasion, Outcome
from companion.core.record import NewAlert
from companion.core.schedule import Schedule
from companion.dialogue.daily.answers import OfferAnswers
from companion.dialogue.daily.asked_words import AskedWords
from companion.dialogue.daily.asking import AskingFinder
from companion.dialogue.daily.errands import ErrandFinder
from companion.dialogue.daily.hours import SpokenHours
from companion.dialogue.daily.kept import KeptFinder
from companion.dialogue.daily.looking import LOOK_BACK, Agenda, Promise, Standing
from companion.dialogue.daily.rules import DailyRules, Kind, load_daily_rules
from companion.dialogue.daily.waking import WakeWords
from companion.dialogue.daily.words import DailyWords
from companion.dialogue.moment import SpokenTime
from companion.dialogue.spoken_dates import SpokenDates
from companion.prompts import prompt_table
from companion.wiring.reminders import quiet_hours, zone_of

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.store.record import Record

_OF_THE_SETTINGS: Final = "settings"
"""Source of the check-ins that nobody set."""


@cache
def daily_words() -> DailyWords:
    """Return what is said on 말벗's own account.

    Raises:
        PromptError: The table is broken.
    """
    numbers = prompt_table("safety/numbers.toml")["numbers"]
    constants = {slot: str(entry["number"]) for slot, entry in numbers.items()}
    return DailyWords(prompt_table("daily/daily.ko.toml"), constants)


@cache
def offer_answers() -> OfferAnswers:
    """Return what hears a yes to an offer to write something down, or to say it at its time.

    Raises:
        PromptError: The table is broken.
    """
    return OfferAnswers(prompt_table("daily/answers.ko.toml"))


@cache
def kept_finder() -> KeptFinder:
    """Return what hears that somebody asks what was written down.

    Raises:
        PromptError: The table is broken.
    """
    return KeptFinder(prompt_table("daily/kept.ko.toml"))


@cache
def errand_finder() -> ErrandFinder:
    """Return what tells a request from what only sounds like one.

    Raises:
        PromptError: The table is broken.
    """
    return ErrandFinder(prompt_table("daily/errands.ko.toml"))


@cache
def asked_finder() -> AskingFinder:
    """Return what tells a wish to be told something at some time from what only sounds like one.

    Raises:
        PromptError: A table is broken.
    """
    table = prompt_table("daily/asked.ko.toml")
    return AskingFinder(table, SpokenHours(table["time"], SpokenDates(prompt_table("lexicon/dates.toml"))))


@cache
def asked_words() -> AskedWords:
    """Return what is said around such a wish.

    Raises:
        PromptError: A table is broken.
    """
    return AskedWords(prompt_table("daily/asked.ko.toml"), SpokenTime(prompt_table("lexicon/time.toml")))


@cache
def wake_words() -> WakeWords:
    """Return by what 말벗 is woken.

    Raises:
        PromptError: The table is broken.
    """
    return WakeWords(prompt_table("daily/wake.toml"))


@cache
def daily_rules() -> DailyRules:
    """Return when it speaks first.

    Raises:
        PromptError: The table is broken.
    """
    return load_daily_rules(prompt_table("daily/rules.toml"))


class RecordOccasions:
    """The record of one person, as far as it is about speaking first.

    Args:
        record: Opened.
        person: Whose day it is.
        settings: Quiet hours, and the check-ins where the family set none.
    """

    def __init__(self, record: Record, person: Person, settings: Settings) -> None:
        self._record = record
        self._person = person
        self._settings = settings

    def agenda(self) -> Agenda:
        """Return what was set, as it stands now.

        Raises:
            StoreError: It cannot be read.
        """
        reminders = self._record.reminders.all(self._person.id)
        kept = self._record.asked.may_keep(self._person.id)
        standing = [one for one in map(_standing, reminders) if one is not None and (kept or one.kind != Kind.ASKED)]
        if not any(one.kind == Kind.CHECK_IN for one in reminders) and self._settings.daily.check_ins:
            schedule = Schedule.parse({"times": list(self._settings.daily.check_ins)})
            standing.append(Standing(_OF_THE_SETTINGS, Kind.CHECK_IN, schedule, since=self._person.added_at))
        quiet, zone = quiet_hours(self._settings), zone_of(self._person)
        return Agenda(daily_rules(), zone, quiet, tuple(standing), tuple(self._promises()))

    def _promises(self) -> Iterable[Promise]:
        since = self._record.database.now() - LOOK_BACK
        for memory in self._record.memories.all(self._person.id):
            if memory.due_at is not None and memory.asked_after_at is None and memory.due_at > since:
                yield Promise(memory.id, memory.due_at, memory.sentence or memory.fact)

    def since(self, moment: datetime) -> Sequence[KeptOccasion]:
        """Return what was due or done since a moment.

        Raises:
            StoreError: It cannot be read.
        """
        return self._record.occasions.since(self._person.id, moment)

    def begin(self, calls: Iterable[tuple[Occasion, int]]) -> bool:
        """Commit that these are about to be said.

        Raises:
            StoreError: It cannot be written.
        """
        return self._record.occasions.begin(self._person.id, calls)

    def finish(self, key: str, number: int, outcome: Outcome) -> None:
        """Commit what came of it.

        Raises:
            StoreError: It cannot be written.
        """
        self._record.occasions.finish(self._person.id, key, number, outcome)

    def settle(self, settled: Iterable[tuple[Occasion, int, Outcome]]) -> None:
        """Commit that these are over without being said.

        Raises:
            StoreError: It cannot be written.
        """
        self._record.occasions.settle(self._person.id, settled)

    def interrupt_begun(self) -> int:
        """Commit that whatever is begun was interrupted.

        Raises:
            StoreError: It cannot be written.
        """
        return self._record.occasions.interrupt_begun(self._person.id)

    def tell(self, occasion: Occasion, number: int, alert: NewAlert) -> bool:
        """Commit that nobody answered, with its alert.

        Raises:
            StoreError: It cannot be written.
        """
        return self._record.occasions.tell(self._person.id, occasion, number, alert)

    def met_at(self) -> datetime | None:
        """Return when the person last talked, as far as it was kept.

        Raises:
            StoreError: It cannot be read.
        """
        return self._record.occasions.met_at(self._person.id)

    def asked_after(self, memory_id: str) -> None:
        """Commit that a promise is being asked after.

        Raises:
            StoreError: It cannot be written.
        """
        self._record.memories.asked_after(self._person.id, memory_id, self._record.database.now())


class RecordErrands:
    """The record of one person's errands.

    Args:
        record: Opened.
        person_id: Whose they are.
    """

    def __init__(self, record: Record, person_id: str) -> None:
        self._errands = record.errands
        self._person_id = person_id

    def may_keep(self) -> bool:
        """Return whether an errand may be written down now.

        Raises:
            StoreError: It cannot be read.
        """
        return self._errands.may_keep(self._person_id)

    def keep(self, errand: Errand) -> str:
        """Commit an errand and return its id.

        Raises:
            StoreError: It could not be written.
        """
        return self._errands.keep(self._person_id, errand)

    def waiting(self) -> Sequence[Errand]:
        """Return what nobody has seen to yet.

        Raises:
            StoreError: It cannot be read.
        """
        return self._errands.waiting(self._person_id)

    def take_back(self, errand_id: str, at: datetime) -> None:
        """Commit that the person wants it no more.

        Raises:
            StoreError: It could not be written.
        """
        self._errands.take_back(self._person_id, errand_id, at)

    def to_tell(self) -> Sequence[Errand]:
        """Return what the person has not been told of.

        Raises:
            StoreError: It cannot be read.
        """
        return self._errands.to_tell(self._person_id)

    def told(self, errand_id: str, at: datetime) -> bool:
        """Commit that the person is being told.

        Raises:
            StoreError: It could not be written.
        """
        return self._errands.told(self._person_id, errand_id, at)


class RecordAsked:
    """What one person asked to be told.

    Args:
        record: Opened.
        person_id: Whose it is.
    """

    def __init__(self, record: Record, person_id: str) -> None:
        self._asked = record.asked
        self._person_id = person_id

    def may_keep(self) -> bool:
        """Return whether anything may be written down now.

        Raises:
            StoreError: It cannot be read.
        """
        return self._asked.may_keep(self._person_id)

    def keep(self, reminder: Reminder) -> str:
        """Commit what was asked and return its id.

        Raises:
            StoreError: It could not be written.
        """
        return self._asked.keep(self._person_id, reminder)

    def all(self) -> Sequence[Reminder]:
        """Return what was asked and not dropped.

        Raises:
            StoreError: It cannot be read.
        """
        return self._asked.all(self._person_id)

    def drop(self, reminder_id: str) -> None:
        """Remove it for good.

        Raises:
            StoreError: It could not be written.
        """
        self._asked.drop(self._person_id, reminder_id)


def _standing(reminder: Reminder) -> Standing | None:
    """Return what a reminder says, or None where it is paused or nobody can understand it any more."""
    if not reminder.active:
        return None
    try:
        return Standing(
            reminder.id, Kind(reminder.kind), Schedule.parse(reminder.schedule), reminder.words, reminder.at
        )
    except ValueError:
        return None
