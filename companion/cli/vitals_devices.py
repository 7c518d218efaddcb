"""``companion vitals pair|devices|forget``: health devices whose readings come over the air."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Final

import typer

from companion.cli.asking import ask, at_terminal
from companion.cli.messages import say
from companion.cli.output import print_json, print_line, tell
from companion.cli.secret_entry import passphrase
from companion.core.access import Action
from companion.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from companion.core.body import Sensor
    from companion.ports import FoundSensor

_Who = Annotated[str, typer.Argument(help="번호의 끝자리, 이름이나 호칭 (who)")]
_Json = Annotated[bool, typer.Option("--json", help="한 줄 JSON (one line of JSON)")]
_ID: Final = 8


def pair(
    who: _Who,
    *,
    address: Annotated[str, typer.Option("--address", help="찾은 기기의 주소 (of a device that was found)")] = "",
    json: _Json = False,
) -> None:
    """가까이 있는 혈당계나 심박 기기를 찾아 이분에게 이어 둡니다 (scan, choose and pair a device)."""
    from companion.wiring import sensors
    from companion.wiring.access import authorise
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        person = record.people.find(who)
        authorise(record, Action.SENSOR_PAIRED, person.id)
        tell("bluetooth.scanning")
        chosen = _chosen(sensors.found(), address)
        sensor_id = sensors.pair(record, person, chosen, _digits)
    tell("bluetooth.paired", name=chosen.name or chosen.address)
    if json:
        print_json({"person": person.id, "device": sensor_id, "address": chosen.address, "name": chosen.name})


def devices(who: _Who, *, json: _Json = False) -> None:
    """이어 둔 기기를 보여 줍니다 (devices of a person)."""
    from companion.wiring.access import authorise
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        person = record.people.find(who)
        authorise(record, Action.SENSORS_LISTED, person.id)
        kept = record.sensors.all(person.id)
    if json:
        print_json({"person": person.id, "devices": [_fields(one) for one in kept]})
        return
    if not kept:
        tell("bluetooth.none_paired")
    for one in kept:
        shown = {"id": one.id[-_ID:], "name": one.name, "services": _words(one.services), "address": one.address}
        print_line(say("bluetooth.kept", **shown))


def forget(who: _Who, device: Annotated[str, typer.Argument(help="기기의 이름이나 번호 끝자리 (name or id)")]) -> None:
    """이어 둔 기기를 잊습니다. 들어온 측정값은 그대로입니다 (forget a device; its readings stay)."""
    from companion.errors import DeviceError
    from companion.wiring import sensors
    from companion.wiring.access import authorise
    from companion.wiring.record import open_record

    with open_record(passphrase) as record:
        person = record.people.find(who)
        authorise(record, Action.SENSOR_FORGOTTEN, person.id)
        sensor = record.sensors.find(person.id, device)
        try:
            sensors.forget(record, person, sensor)
        except DeviceError as error:  # it is out of the record; only the system still knows it
            tell(error.key, **{"device": sensor.name, **error.fields})
    tell("bluetooth.forgotten", name=sensor.name)


def _chosen(found: Sequence[FoundSensor], address: str) -> FoundSensor:
    """Return the device that is meant: by its address, or by number at the terminal.

    Raises:
        InputError: None is there, or nobody can choose.
    """
    if not found:
        raise InputError("bluetooth.nothing_found")
    for number, one in enumerate(found, 1):
        fields = {"name": one.name or "-", "services": _words(one.services), "address": one.address}
        tell("bluetooth.found", number=number, **fields)
    if address:
        named = next((one for one in found if one.address.casefold() == address.casefold()), None)
        if named is None:
            raise InputError("bluetooth.which_device", wanted=address, found=0)
        return named
    if not at_terminal():
        raise InputError("bluetooth.which_device", wanted="-", found=len(found))
    typed = ask("bluetooth.choose", default="1")
    if not typed.isdecimal() or not 1 <= int(typed) <= len(found):
        raise InputError("bluetooth.no_such_number", number=typed, count=len(found))
    return found[int(typed) - 1]


async def _digits() -> int | None:
    """Ask for the digits that the device shows, without stopping what goes on."""
    if not at_terminal():
        return None
    typed = await asyncio.to_thread(ask, "bluetooth.digits")
    return int(typed) if typed.isdecimal() else None


def _words(services: Iterable[str]) -> str:
    return ", ".join(say(f"bluetooth.service.{one}") for one in sorted(services))


def _fields(sensor: Sensor) -> dict[str, object]:
    return {
        "id": sensor.id,
        "name": sensor.name,
        "address": sensor.address,
        "services": sorted(sensor.services),
        "paired_at": sensor.at.isoformat(),
        "last_sequence": sensor.last_sequence,
    }
