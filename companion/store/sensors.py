"""Devices whose readings come over the air, under the consent to keep health data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from companion.core.body import Sensor, SensorService
from companion.core.consent import Item
from companion.errors import InputError
from companion.store.consents import allows, demand
from companion.store.database import Database
from companion.store.ids import new_id
from companion.store.tables.base import zone_of
from companion.store.tables.body import SensorRow

_SHOWN: Final = 8
"""Last characters of an id by which a device is called."""


class SensorRoom:
    """Over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, person_id: str) -> Sequence[Sensor]:
        """Return the devices of a person, the first one first; none where health data may not be kept."""
        query = select(SensorRow).where(SensorRow.person_id == person_id).order_by(SensorRow.at, SensorRow.id)
        with self._database.reading() as session:
            if not allows(session, person_id, Item.HEALTH, self._database.now()):
                return []
            return [_sensor(row) for row in session.scalars(query)]

    def keep(self, person_id: str, sensor: Sensor) -> str:
        """Commit that a device is a person's and return its id; one with that address is told anew.

        Raises:
            NotAllowed: Health data may not be kept.
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            demand(session, person_id, Item.HEALTH, self._database.now())
            known = next((one for one in _rows(session, person_id) if one.address == sensor.address), None)
            row = known or SensorRow(id=new_id(sensor.at), person_id=person_id, address=sensor.address)
            row.at, row.zone, row.name = sensor.at, zone_of(sensor.at), sensor.name
            row.services, row.last_sequence = sorted(sensor.services), sensor.last_sequence
            session.add(row)
            return row.id

    def took(self, person_id: str, sensor_id: str, last_sequence: int) -> None:
        """Commit up to which stored record a device was read; one that was forgotten meanwhile stays forgotten.

        Raises:
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            row = session.get(SensorRow, sensor_id)
            if row is not None and row.person_id == person_id:
                row.last_sequence = last_sequence

    def find(self, person_id: str, wanted: str) -> Sensor:
        """Return the device that is meant: the end of its id, its name, or its address.

        Raises:
            InputError: There is none, or there are several.
        """
        found = [one for one in self.all(person_id) if wanted and _is_meant(one, wanted)]
        if len(found) != 1:
            raise InputError("bluetooth.which_device", wanted=wanted, found=len(found))
        return found[0]

    def forget(self, person_id: str, sensor_id: str) -> None:
        """Remove a device; its readings stay.

        Raises:
            StorageFull: Nothing could be written.
        """
        with self._database.writing(person_id) as session:
            row = session.get(SensorRow, sensor_id)
            if row is not None and row.person_id == person_id:
                session.delete(row)


def _rows(session: Session, person_id: str) -> Sequence[SensorRow]:
    return session.scalars(select(SensorRow).where(SensorRow.person_id == person_id)).all()


def _is_meant(sensor: Sensor, wanted: str) -> bool:
    return sensor.id.endswith(wanted[-_SHOWN:].lower()) or wanted.casefold() in (
        sensor.name.casefold(),
        sensor.address.casefold(),
    )


def _sensor(row: SensorRow) -> Sensor:
    services = frozenset(SensorService(one) for one in row.services)
    return Sensor(row.address, row.name, services, row.at, row.last_sequence, row.id)
