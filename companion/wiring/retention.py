"""How long this device keeps what it keeps."""

from __future__ import annotations

from collections.abc import Callable

from companion.config import RetentionSettings, load_settings
from companion.core.access import Action
from companion.core.retention import Kind, Plan, Rules
from companion.wiring.access import authorise
from companion.wiring.record import open_record


def rules(settings: RetentionSettings) -> Rules:
    """Return the rules that the settings name."""
    days = {
        Kind.CONVERSATION: settings.conversation_days,
        Kind.HEALTH: settings.health_days,
        Kind.SAFETY: settings.safety_days,
        Kind.READING: settings.reading_days,
    }
    return Rules({kind: count for kind, count in days.items() if count is not None})


def planned(ask: Callable[[], str]) -> Plan:
    """Return what would go now; nothing is changed.

    Raises:
        StoreError: The record cannot be read.
        VaultError: Its key is wrong or cannot be used.
    """
    from companion.store.retention import Retention

    settings = load_settings()
    with open_record(ask, settings) as record:
        return Retention(record.database).plan(rules(settings.retention))


def applied(ask: Callable[[], str], *, clock_trusted: bool) -> Plan:
    """Delete what goes now and return it.

    Raises:
        AccessError: Whoever is signed in is no administrator.
        InputError: The clock is doubtful and nobody said that it is right.
        StoreError: The record cannot be written; nothing was deleted.
        VaultError: Its key is wrong or cannot be used.
    """
    from companion.store.retention import Retention

    settings = load_settings()
    with open_record(ask, settings) as record:
        authorise(record, Action.RETENTION_APPLIED)
        return Retention(record.database).apply(rules(settings.retention), clock_trusted=clock_trusted)
