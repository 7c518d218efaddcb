"""A mock of BlueZ on a private message bus: what bleak asks of ``org.bluez``, answered from devices of tests."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from tests.fakes.health_device import Device

_HCI = "/org/bluez/hci0"
_ADAPTER, _DEVICE = "org.bluez.Adapter1", "org.bluez.Device1"
_SERVICE, _CHARACTERISTIC = "org.bluez.GattService1", "org.bluez.GattCharacteristic1"
_PROPERTIES, _OBJECTS = "org.freedesktop.DBus.Properties", "org.freedesktop.DBus.ObjectManager"
_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={socket}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>
"""
_EVERY = 0.05
"""Seconds between two advertisements of a device."""
Properties = dict[str, Variant]


@contextmanager
def private_bus(folder: Path) -> Iterator[str]:
    """Run a message bus of our own; give its address."""
    socket, config = folder / "bus", folder / "bus.conf"
    config.write_text(_CONFIG.format(socket=socket), encoding="utf-8")
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        try:
            yield address
        finally:
            daemon.terminate()


class Bluez:
    """Plays BlueZ with devices.

    Args:
        devices: In the air.
        powered: Whether the adapter is on.
    """

    def __init__(self, *devices: Device, powered: bool = True) -> None:
        self.devices = devices
        self.objects: dict[str, dict[str, Properties]] = {
            _HCI: {
                _ADAPTER: {
                    "Address": Variant("s", "00:11:22:33:44:55"),
                    "Powered": Variant("b", powered),
                    "Roles": Variant("as", ["central"]),
                    "Discovering": Variant("b", False),
                }
            }
        }
        self.agent: tuple[str, str] | None = None
        self._bus = MessageBus(bus_type=BusType.SYSTEM)
        self._tasks: set[asyncio.Task[None]] = set()
        self._advertising: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._bus.connect()
        self._bus.add_message_handler(self._asked)
        await self._bus.request_name("org.bluez")
        for device in self.devices:
            device.sends = lambda number, value, device=device: self._notify(device, number, value)  # type: ignore[misc]
            device.goes = lambda device=device: self._connected(device, connected=False)  # type: ignore[misc]
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in self._tasks:
            task.cancel()
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def _asked(self, message: Message) -> Message | bool | None:
        if message.message_type is not MessageType.METHOD_CALL or message.destination is None:
            return None
        if message.member == "GetManagedObjects":
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [self.objects])
        if message.path == "/org/bluez":
            self.agent = (str(message.sender), message.body[0]) if message.member == "RegisterAgent" else self.agent
            return Message.new_method_return(message)
        if message.path == _HCI:
            return self._asked_adapter(message)
        for device in self.devices:
            if message.path is not None and message.path.startswith(_path(device)):
                return self._asked_device(device, message)
        return None

    def _asked_adapter(self, message: Message) -> Message:
        if message.member == "StartDiscovery":
            self._advertising = asyncio.get_running_loop().create_task(self._advertise())
            self._tasks.add(self._advertising)
        elif message.member == "StopDiscovery" and self._advertising is not None:
            self._advertising.cancel()
        elif message.member == "RemoveDevice":
            device = next(one for one in self.devices if _path(one) == message.body[0])
            if _path(device) not in self.objects:
                return Message.new_error(message, "org.bluez.Error.DoesNotExist", "Does Not Exist")
            device.paired = False
            self._disappear(device)
        return Message.new_method_return(message)

    def _asked_device(self, device: Device, message: Message) -> Message | bool:
        match message.member:
            case "Set":
                return Message.new_method_return(message)
            case "Connect" if not device.in_range:
                return Message.new_error(message, "org.bluez.Error.Failed", "le-connection-abort-by-remote")
            case "Connect":
                self._connected(device, connected=True)
            case "Disconnect":
                self._connected(device, connected=False)
            case "Pair":
                task = asyncio.get_running_loop().create_task(self._pair(device, message))
                self._tasks.add(task)
                return True
            case _:
                return self._asked_characteristic(device, message)
        return Message.new_method_return(message)

    def _asked_characteristic(self, device: Device, message: Message) -> Message:
        number = int(str(message.path)[-4:], 16)
        if device.wants_pairing and not device.paired:
            return Message.new_error(message, "org.bluez.Error.NotPermitted", "Insufficient Authentication")
        if message.member == "ReadValue":
            return Message.new_method_return(message, "ay", [device.values[number]])
        if message.member == "WriteValue":
            packet = bytes(message.body[0])
            asyncio.get_running_loop().call_soon(device.written, number, packet)
        elif message.member == "StartNotify":
            device.subscribed.append(number)
        return Message.new_method_return(message)

    async def _pair(self, device: Device, message: Message) -> None:
        refused = device.passkey is not None and await self._passkey(device) != device.passkey
        if refused:
            await self._bus.send(Message.new_error(message, "org.bluez.Error.AuthenticationFailed", "Rejected"))
            return
        device.paired = True
        self._change(_path(device), _DEVICE, {"Paired": Variant("b", True)})
        self._connected(device, connected=True)
        await self._bus.send(Message.new_method_return(message))

    async def _passkey(self, device: Device) -> int | None:
        assert self.agent is not None
        sender, path = self.agent
        asked = Message(sender, path, "org.bluez.Agent1", "RequestPasskey", signature="o", body=[_path(device)])
        reply = await self._bus.call(asked)
        told: int | None = (
            reply.body[0] if reply is not None and reply.message_type is MessageType.METHOD_RETURN else None
        )
        return told

    async def _advertise(self) -> None:
        """Let what is in range be seen, again and again, as devices on the air are."""
        while True:
            for device in self.devices:
                if device.in_range:
                    self._appear(device)
            await asyncio.sleep(_EVERY)

    def _appear(self, device: Device) -> None:
        path = _path(device)
        fresh = path not in self.objects
        properties = self.objects.setdefault(path, {}).setdefault(_DEVICE, {})
        properties.update(_told(device))
        if fresh:
            self._signal("/", _OBJECTS, "InterfacesAdded", "oa{sa{sv}}", [path, self.objects[path]])
        else:
            self._change(path, _DEVICE, {"RSSI": Variant("n", device.strength)})

    def _disappear(self, device: Device) -> None:
        for path in [one for one in self.objects if one.startswith(_path(device))]:
            self._signal("/", _OBJECTS, "InterfacesRemoved", "oas", [path, list(self.objects.pop(path))])

    def _connected(self, device: Device, *, connected: bool) -> None:
        path = _path(device)
        if connected:
            for at, interfaces in _gatt(device).items():
                self.objects[at] = interfaces
                self._signal("/", _OBJECTS, "InterfacesAdded", "oa{sa{sv}}", [at, interfaces])
        else:
            device.subscribed.clear()
        state = {"Connected": Variant("b", connected), "ServicesResolved": Variant("b", connected)}
        self._change(path, _DEVICE, state)

    def _notify(self, device: Device, number: int, value: bytes) -> None:
        if number in device.subscribed:
            self._change(_at(device, number), _CHARACTERISTIC, {"Value": Variant("ay", value)})

    def _change(self, path: str, interface: str, changed: Properties) -> None:
        self.objects[path][interface].update(changed)
        self._signal(path, _PROPERTIES, "PropertiesChanged", "sa{sv}as", [interface, changed, []])

    def _signal(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> None:
        self._bus.send(Message.new_signal(path, interface, member, signature, body))


def _path(device: Device) -> str:
    return f"{_HCI}/dev_{device.address.replace(':', '_')}"


def _at(device: Device, number: int) -> str:
    service = next(one for one, chars in device.services.items() if number in chars)
    return f"{_path(device)}/service{service:04x}/char{number:04x}"


def _uuid(number: int) -> Variant:
    return Variant("s", f"0000{number:04x}-0000-1000-8000-00805f9b34fb")


def _told(device: Device) -> Properties:
    return {
        "Address": Variant("s", device.address),
        "AddressType": Variant("s", "random"),
        "Name": Variant("s", device.name),
        "Alias": Variant("s", device.name),
        "Adapter": Variant("o", _HCI),
        "UUIDs": Variant("as", [_uuid(one).value for one in device.services]),
        "RSSI": Variant("n", device.strength),
        "Paired": Variant("b", device.paired),
        "Trusted": Variant("b", False),
        "Connected": Variant("b", False),
        "ServicesResolved": Variant("b", False),
    }


def _gatt(device: Device) -> dict[str, dict[str, Properties]]:
    found: dict[str, dict[str, Properties]] = {}
    for service, characteristics in device.services.items():
        at = f"{_path(device)}/service{service:04x}"
        found[at] = {
            _SERVICE: {
                "UUID": _uuid(service),
                "Primary": Variant("b", True),
                "Device": Variant("o", _path(device)),
                "Includes": Variant("ao", []),
            }
        }
        for number in characteristics:
            found[f"{at}/char{number:04x}"] = {
                _CHARACTERISTIC: {
                    "UUID": _uuid(number),
                    "Service": Variant("o", at),
                    "Value": Variant("ay", b""),
                    "Notifying": Variant("b", False),
                    "Flags": Variant("as", ["read", "write", "notify", "indicate"]),
                    "MTU": Variant("q", 247),
                }
            }
    return found
