"""Summaries, put together from the record and the sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

from companion.core.overview import DAYS
from companion.core.summary import Facts, Summary
from companion.dialogue.summary import SummaryWords, summarised
from companion.prompts import prompt_table, prompt_tables
from companion.wiring.access import viewer
from companion.wiring.reminders import zone_of

if TYPE_CHECKING:
    from companion.core.person import Person
    from companion.store.record import Record
    from companion.store.viewing import Viewer


@cache
def summary_words() -> SummaryWords:
    """Return the sentences of summaries.

    Raises:
        PromptError: A table is broken.
    """
    topics = prompt_table("lexicon/topics.toml")["topics"]
    tables = prompt_tables("instruments").values()
    instruments = {str(table["id"]): str(table["title"]).split(" (")[0] for table in tables}
    return SummaryWords(prompt_table("summary/summary.ko.toml"), topics=topics, instruments=instruments)


def week_summary(record: Record, person: Person, seen_by: Viewer | None = None) -> Summary:
    """Return the summary of the last seven days, today included, in the person's zone.

    Args:
        record: Opened.
        person: Whose.
        seen_by: What may be read; by default what whoever is signed in at this device may.

    Raises:
        AccessError: The record is not open to whoever looks.
    """
    from companion.store.summaries import facts_between

    facts = facts_between(seen_by or viewer(record), person.id, *week_of(person, record.database.now()))
    return in_words(facts, person)


def week_of(person: Person, now: datetime) -> tuple[datetime, datetime]:
    """Return beginning and end of the last seven days, today included, in the person's zone."""
    zone = zone_of(person)
    first = now.astimezone(zone).date() - timedelta(days=DAYS - 1)
    return datetime.combine(first, time(), zone), now + timedelta(seconds=1)


def in_words(facts: Facts, person: Person) -> Summary:
    """Return the summary of what the record holds, days said in the person's zone."""
    return summarised(facts, summary_words(), zone_of(person))


def for_others(record: Record, person_id: str, made: Summary) -> Summary:
    """Return a summary as it may be handed on: every sentence and quote masked, or held back."""
    from companion.wiring.masking import leaving

    left = leaving(record, person_id)
    lines = tuple(
        replace(
            line, text=left(line.text), quotes=tuple(replace(quote, words=left(quote.words)) for quote in line.quotes)
        )
        for line in made.lines
    )
    return replace(made, lines=lines)


def session_summary(record: Record, which: str, seen_by: Viewer | None = None) -> tuple[str, Summary]:
    """Return whose a conversation was, and its summary.

    Args:
        record: Opened.
        which: Id of the conversation, its end, or ``"last"``.
        seen_by: As for ``week_summary``.

    Raises:
        AccessError: Nobody is signed in any more.
        InputError: There is no such conversation.
    """
    from companion.store.summaries import facts_of_session

    person_id, facts = facts_of_session(seen_by or viewer(record), which)
    return person_id, in_words(facts, record.people.find(person_id))
