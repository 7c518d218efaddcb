"""What is exported of a person is what the record holds, for whom it is open, and as far as it was agreed to."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from companion.core.access import OWNER, Role
from companion.core.consent import Answer, Item
from companion.errors import InputError, NotAllowed
from companion.exchange.dossier import Dossier, Part, Why
from companion.screening.record import Status
from companion.screening.scoring import Validity
from companion.store.viewing import Viewer
from companion.wiring.exporting import Wish, gathered
from tests.exchange.somebody import ADMINISTRATOR, DANGEROUS, NURSE, PASSWORD, Somebody
from tests.records import agreeing, record_in


def taken(one: Somebody, wish: Wish | None = None) -> Dossier:
    return gathered(one.viewer(), one.person, wish or Wish(), kind="csv")


def test_everything_of_half_a_year_is_there(dossier: Dossier) -> None:
    """With who asked, what wrote it, and totals that the answers make."""
    assert dossier.left_out == ()
    assert (dossier.made.by, dossier.made.role) == (NURSE, Role.CLINICIAN)
    assert dossier.device.ids == ("device-1",)
    assert all(stamp.digests for stamp in dossier.device.profiles["embedded"])
    totals = [None if one.score is None else one.score.total for one in dossier.screenings]
    assert totals == [8, 10, 8, 16, Fraction(9), 5, 2, None]
    assert dossier.screenings[4].score is not None
    assert dossier.screenings[4].score.validity is Validity.PRORATED
    assert dossier.screenings[7].status is Status.REFUSED
    assert [one.words for one in dossier.dangers] == [DANGEROUS]
    assert [len(one.deliveries) for one in dossier.alerts] == [2]
    assert (len(dossier.talks), len(dossier.moods), len(dossier.readings)) == (48, 48, 840)
    assert {one.kind for one in dossier.days_of_readings} == {"systolic", "diastolic", "heart_rate", "steps", "sleep"}


def test_no_address_and_no_telephone_leaves(dossier: Dossier) -> None:
    """Contacts are named; how they are reached is nobody's business but the device's."""
    assert [(one.name, one.relation, one.phone, one.channels) for one in dossier.contacts] == [("큰따님", "딸", "", ())]


def test_a_window_holds_its_days_and_no_others(lived: Somebody) -> None:
    """Both days are in it; a change still looks at the screening before."""
    wish = Wish(since=date(2026, 7, 27), until=date(2026, 7, 30))
    found = taken(lived, wish)
    assert [one.number for one in found.screenings] == [4]
    assert found.screenings[0].change is not None
    assert found.screenings[0].change.points == 8
    assert {one.day for one in found.days_of_readings} == {date(2026, 7, day) for day in (27, 28, 29, 30)}
    assert len(found.dangers) == 1
    assert taken(lived, Wish(until=date(2026, 7, 26))).dangers == ()
    with pytest.raises(InputError):
        taken(lived, Wish(since=date(2026, 7, 2), until=date(2026, 7, 1)))


def test_the_audit_says_who_took_what(fresh: Somebody) -> None:
    """By the account, with the kind of file and counts only."""
    taken(fresh)
    with fresh.record.database.reading() as session:
        entry = fresh.record.audit.entries(session, limit=1)[0]
    assert (entry.action, entry.person_id) == ("record_exported", fresh.person.id)
    assert entry.details == {"format": "csv", "screenings": 2, "alerts": 0}


def test_what_is_not_agreed_to_any_more_is_left_out_and_named(fresh: Somebody) -> None:
    """Health first, then conversations; an empty part is told from a closed one."""
    fresh.decide(Item.HEALTH, Answer.WITHDRAWN)
    without_health = taken(fresh, Wish(raw=True))
    of_health = (without_health.screenings, without_health.days_of_readings, without_health.readings)
    assert of_health == ((), (), ())
    assert without_health.lacks(Part.SCREENINGS) is Why.NO_CONSENT
    assert without_health.lacks(Part.TALKS) is None
    assert without_health.talks
    assert all(one.mood_before is None for one in without_health.activities)
    fresh.decide(Item.CONVERSATION, Answer.WITHDRAWN)
    assert {one.part for one in taken(fresh).left_out} == set(Part)


def test_danger_is_always_there_and_wordless_without_consent(lived: Somebody) -> None:
    """What the person said is not shown once conversations may not be."""
    lived.decide(Item.CONVERSATION, Answer.WITHDRAWN)
    try:
        found = taken(lived)
    finally:
        lived.decide(Item.CONVERSATION)
    assert [(one.level, one.words) for one in found.dangers] == [("concern", None)]
    assert len(found.alerts) == 1


def test_nobody_takes_a_record_that_is_not_open_to_them(fresh: Somebody) -> None:
    """Neither an administrator without a grant, nor a reader whose consent was withdrawn."""
    with pytest.raises(NotAllowed):
        gathered(fresh.viewer(ADMINISTRATOR), fresh.person, Wish(), kind="csv")
    fresh.decide(Item.SHARING, Answer.WITHDRAWN, named=NURSE)
    with pytest.raises(NotAllowed):
        taken(fresh)
    with fresh.record.database.reading() as session:
        refused = fresh.record.audit.entries(session, limit=1)[0]
    assert (refused.action, refused.details) == ("refused", {"why": "access.not_open"})


def test_the_holder_of_the_key_alone_takes_nothing(tmp_path: Path) -> None:
    """Whoever takes a file away is named in it: on a device without accounts nobody can be."""
    with record_in(tmp_path / "record") as record:
        person = agreeing(record, Item.HEALTH)
        with pytest.raises(NotAllowed, match="needs_account"):
            gathered(Viewer(record.database, record.audit, OWNER), person, Wish(), kind="csv")


def test_of_somebody_to_whom_nothing_happened_there_is_a_head(newborn: Somebody) -> None:
    """Who it is and what was agreed to, from when they were added."""
    found = taken(newborn)
    assert (found.screenings, found.talks, found.alerts, found.days_of_readings) == ((), (), (), ())
    assert found.since == found.until == newborn.clock.now()
    assert len(found.standing) == 5
    assert PASSWORD not in repr(found)
