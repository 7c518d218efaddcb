"""What ``companion doctor`` looks at in the record: whether it opens, whether anybody agreed, how old the backup is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from companion.config import Settings
from companion.errors import CompanionError, KeyRefused
from companion.safety.alerts import DeliveryOutcome
from companion.wiring.check import Check, Verdict

if TYPE_CHECKING:
    from companion.store.record import Record

_OLD_BACKUP_DAYS: Final = 7


def examine_record(settings: Settings) -> Iterator[Check]:
    """Yield what was found; a machine on which nothing was set up is no fault."""
    from companion.wiring.record import open_record, record_place

    if not record_place(settings).exists:
        yield Check("record", Verdict.SKIPPED, "doctor.no_record")
        return
    try:
        with open_record(_nobody_to_ask, settings) as record:
            yield Check("record", Verdict.OK, "doctor.record")
            yield from _people(record)
            yield _alerts(record)
    except KeyRefused as error:
        needs_person = error.key == "vault.passphrase_needed"
        yield Check("record", Verdict.SKIPPED if needs_person else Verdict.PROBLEM, error.key, error.fields)
    except CompanionError as error:
        yield Check("record", Verdict.PROBLEM, error.key, error.fields)
    yield _backup(settings)


def _nobody_to_ask() -> str:
    raise KeyRefused("vault.passphrase_needed")


def _people(record: Record) -> Iterator[Check]:
    people = record.people.all()
    asked = [person for person in people if record.consents.decisions(person.id)]
    if not asked:
        yield Check("consent", Verdict.PROBLEM, "doctor.nobody_asked")
    for person in asked:
        told = record.alerts.contacts(person.id)
        mute = sum(not one.channels for one in record.people.contacts(person.id))
        if mute:
            yield Check("contacts", Verdict.PROBLEM, "doctor.contacts_without_channel", {"count": mute})
        key = "doctor.contacts" if told else "doctor.no_contacts"
        yield Check("contacts", Verdict.OK if told else Verdict.PROBLEM, key, {"count": len(told)})


def _alerts(record: Record) -> Check:
    """Say whether alerts wait for somebody, and whether some could not be delivered."""
    waiting = record.alerts.open()
    troubled = {DeliveryOutcome.FAILED, DeliveryOutcome.REFUSED, DeliveryOutcome.INTERRUPTED}
    failed = sum(
        any(made.outcome in troubled for made in one.deliveries)
        and not any(made.outcome is DeliveryOutcome.SENT for made in one.deliveries)
        for one in waiting
    )
    if failed:
        return Check("alerts", Verdict.PROBLEM, "doctor.alerts_failed", {"count": failed})
    if waiting:
        return Check("alerts", Verdict.PROBLEM, "doctor.alerts_open", {"count": len(waiting)})
    return Check("alerts", Verdict.OK, "doctor.alerts_none")


def _backup(settings: Settings) -> Check:
    """Look at what the newest backup says of itself; whether it is whole takes `companion backups`."""
    from companion.wiring.backup import kept_backups

    if settings.record.server_url:
        return Check("backup", Verdict.SKIPPED, "doctor.backup_of_server")
    made = [one.made_at for backup in kept_backups(quick=True) if (one := backup.described) is not None]
    if not made:
        return Check("backup", Verdict.PROBLEM, "doctor.no_backup")
    days = (datetime.now(UTC) - max(made)).days
    verdict = Verdict.OK if days <= _OLD_BACKUP_DAYS else Verdict.PROBLEM
    return Check("backup", verdict, "doctor.backup" if verdict is Verdict.OK else "doctor.backup_old", {"days": days})
