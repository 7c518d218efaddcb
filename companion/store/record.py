"""The whole record, opened: its rooms over one database, and the key of its audit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from companion.store.accounts import Accounts
from companion.store.administration import Administration
from companion.store.alert_care import AlertCare
from companion.store.alerts import Alerts
from companion.store.asked import AskedReminders
from companion.store.audit import Audit
from companion.store.belongings import Belongings
from companion.store.body import Limits, Readings
from companion.store.consents import Consents
from companion.store.conversations import Conversations
from companion.store.danger import Danger
from companion.store.database import Database
from companion.store.errand_care import ErrandCare
from companion.store.errands import Errands
from companion.store.grants import Grants
from companion.store.hospital import Hospital
from companion.store.life import Activities, Memories, Reminders
from companion.store.memory_choices import MemoryChoices
from companion.store.occasions import Occasions
from companion.store.passes import Passes
from companion.store.people import People
from companion.store.releases import Releases
from companion.store.reminder_care import ReminderCare
from companion.store.screenings import Screenings
from companion.store.sensors import SensorRoom


class Record:
    """Everything that is kept.

    Args:
        database: Opened; closed with the record.
        audit_key: 32 bytes, for the hash chain of the audit.
        folder: Where the anchors of the audit lie.
        release: Called last when the record is closed.
    """

    def __init__(
        self, database: Database, *, audit_key: bytes, folder: Path, release: Callable[[], None] = lambda: None
    ) -> None:
        self.database = database
        self.audit_key = audit_key
        self.people = People(database)
        self.consents = Consents(database)
        self.conversations = Conversations(database)
        self.belongings = Belongings(database)
        self.danger = Danger(database)
        self.memories = Memories(database)
        self.memory_choices = MemoryChoices(database)
        self.activities = Activities(database)
        self.reminders = Reminders(database)
        self.occasions = Occasions(database)
        self.errands = Errands(database)
        self.asked = AskedReminders(database)
        self.readings = Readings(database)
        self.limits = Limits(database)
        self.hospital = Hospital(database)
        self.sensors = SensorRoom(database)
        self.screenings = Screenings(database)
        self.alerts = Alerts(database)
        self.audit = Audit(database, audit_key, folder)
        self.accounts = Accounts(database, self.audit)
        self.passes = Passes(database, self.audit)
        self.grants = Grants(database, self.audit)
        self.administration = Administration(database, self.audit)
        self.alert_care = AlertCare(database, self.audit)
        self.errand_care = ErrandCare(database, self.audit)
        self.reminder_care = ReminderCare(database, self.audit)
        self.releases = Releases(database, self.audit, audit_key)
        self._release = release

    def close(self) -> None:
        """Let it go."""
        self.database.close()
        self._release()
