"""One person, put together for a screen: page, row and need at once; summaries; screenings with what they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING

from companion.core.board import BoardLine
from companion.core.need import Need, need_of
from companion.core.overview import PersonPage
from companion.core.person import Person
from companion.core.summary import Summary
from companion.core.timeline import Happening, Timeline
from companion.prompts import prompt_table, prompt_tables
from companion.screening.instrument import Instrument
from companion.screening.scoring import Change, Score, change, score_of
from companion.wiring.board import known_instruments, line_of, need_limits
from companion.wiring.reminders import zone_of
from companion.wiring.summary import in_words, week_of

if TYPE_CHECKING:
    from companion.core.body import LookedAt
    from companion.store.board import SeenOnBoard
    from companion.store.screenings import KeptScreening
    from companion.vitals.rules import Finding
    from companion.wiring.desk import Desk

SLEEP = "sleep"
"""The topic of ``prompts/lexicon/topics.toml`` whose mentions are drawn."""


@dataclass(frozen=True, slots=True)
class Summaries:
    """What happened lately, in plain words with the quotes behind them."""

    week: Summary
    latest: Summary | None
    """Of the latest conversation; None where there is none that may be shown."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person as they stood at a moment."""

    at: datetime
    """In the person's zone: what is said of them is said by their day."""
    row: BoardLine
    need: Need
    summaries: Summaries | None = None
    """Where they were read in the same look."""

    @property
    def person(self) -> Person:
        """Who it is."""
        return self.row.line.person


@dataclass(frozen=True, slots=True)
class ScreeningView:
    """One screening with what its answers come to."""

    kept: KeptScreening
    instrument: Instrument | None
    """None where it was done with another version, whose file is not here: then nothing is counted."""
    score: Score | None
    change: Change | None
    """Against the last whole one before it."""


def person_view(desk: Desk, person_id: str) -> PersonView:
    """Return one person.

    Raises:
        AccessError: The record is not open to whoever looks.
    """
    from companion.store.person_view import row_seen

    return _as_they_stand(desk, row_seen(desk.viewer, person_id))


def person_opened(desk: Desk, person_id: str) -> PersonView:
    """Return one person with both summaries, all from one look: what a page begins with.

    Raises:
        AccessError: The record is not open to whoever looks.
    """
    from companion.store.person_view import opened_page

    opened = opened_page(desk.viewer, person_id, partial(week_of, now=desk.now))
    person = opened.row.line.person
    latest = None if opened.latest is None else in_words(opened.latest, person)
    both = Summaries(in_words(opened.week, person), latest)
    return replace(_as_they_stand(desk, opened.row), summaries=both)


def _as_they_stand(desk: Desk, seen: SeenOnBoard) -> PersonView:
    wanted, person = desk.settings.person.id, seen.line.person
    is_here = bool(wanted) and (person.id.endswith(wanted) or wanted in (person.name, person.address))
    row = line_of(seen, desk, is_here=is_here)
    return PersonView(desk.now.astimezone(zone_of(person)), row, need_of(row, desk.now, need_limits()))


def page_of(desk: Desk, person_id: str) -> PersonPage:
    """Return everything about one person that fits a page.

    Raises:
        AccessError: The record is not open to whoever looks.
    """
    from companion.store.person_view import page_seen

    return page_seen(desk.viewer, person_id)


def timeline_of(desk: Desk, person_id: str, days: int, happenings: Sequence[Happening] = ()) -> Timeline:
    """Return what happened to a person in the last days, the newest first.

    Raises:
        AccessError: The record is not open to whoever looks.
    """
    from companion.store.timeline import EVERYTHING, timeline_seen

    until = desk.now + timedelta(seconds=1)
    wanted = happenings or EVERYTHING
    return timeline_seen(
        desk.viewer, person_id, until - timedelta(days=days), until, happenings=wanted, limit=_MOST_ENTRIES
    )


_MOST_ENTRIES = 2000


def screening_view(desk: Desk, screening_id: str) -> ScreeningView:
    """Return one screening.

    Raises:
        AccessError: Nobody is signed in any more.
        InputError: It is not there, or may not be read.
    """
    kept, before = desk.viewer.screening(screening_id)
    instrument = _instrument(kept)
    score = None if instrument is None else score_of(instrument, kept.screening.answers, gated=kept.screening.gated)
    if instrument is None or score is None or before is None or _instrument(before) is None:
        return ScreeningView(kept, instrument, score, None)
    then = score_of(instrument, before.screening.answers, gated=before.screening.gated)
    return ScreeningView(kept, instrument, score, change(instrument, then, score))


def _instrument(kept: KeptScreening) -> Instrument | None:
    found = known_instruments().get(kept.screening.instrument)
    return found if found is not None and found.digest == kept.screening.digest else None


def mentions_of_sleep(desk: Desk, person_id: str, days: int) -> Mapping[datetime, int]:
    """Return in how many turns of each conversation sleep was spoken of.

    Raises:
        AccessError: The record is not open, or conversations may not be kept any more.
    """
    from companion.store.person_view import mentions_seen

    return mentions_seen(desk.viewer, person_id, SLEEP, desk.now - timedelta(days=days))


def readings_of(desk: Desk, person: Person, days: int) -> tuple[LookedAt, list[Finding]]:
    """Return the readings of devices, and what the rules find in them.

    Raises:
        AccessError: The record is not open, or health data may not be kept any more.
    """
    from companion.wiring.vitals import looked_at

    return looked_at(desk.record, desk.viewer, person, days=days)


@cache
def activity_titles() -> Mapping[str, str]:
    """Return what each activity is called.

    Raises:
        PromptError: A file is broken.
    """
    tables = prompt_tables("activities").values()
    return {str(table["id"]): str(table["title"]) for table in tables if "id" in table and "title" in table}


@cache
def topic_titles() -> Mapping[str, str]:
    """Return what each topic is called.

    Raises:
        PromptError: The table is broken.
    """
    titles: Mapping[str, str] = prompt_table("lexicon/topics.toml")["topics"]
    return titles
