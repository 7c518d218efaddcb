"""The methods that BlueZ calls while a device is paired. Their annotations are types of D-Bus, read when it is loaded.

No ``from __future__ import annotations`` here: the message bus reads them as they stand.
"""

# ruff: noqa: N802, ARG002, D102 - names and arguments are those of org.bluez.Agent1

from collections.abc import Awaitable, Callable

from dbus_fast import DBusError
from dbus_fast.annotations import DBusObjectPath, DBusStr, DBusUInt16, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method


class Agent(ServiceInterface):
    """Tells the digits that somebody reads off the device; everything else it is asked is what its owner began.

    Args:
        passkey: Asks for the digits.
    """

    def __init__(self, passkey: Callable[[], Awaitable[int | None]]) -> None:
        super().__init__("org.bluez.Agent1")
        self._passkey = passkey

    @dbus_method()
    async def RequestPasskey(self, device: DBusObjectPath) -> DBusUInt32:
        return await self._digits()

    @dbus_method()
    async def RequestPinCode(self, device: DBusObjectPath) -> DBusStr:
        return f"{await self._digits():06}"

    @dbus_method()
    def DisplayPasskey(self, device: DBusObjectPath, passkey: DBusUInt32, entered: DBusUInt16) -> None:
        pass

    @dbus_method()
    def RequestConfirmation(self, device: DBusObjectPath, passkey: DBusUInt32) -> None:
        pass

    @dbus_method()
    def RequestAuthorization(self, device: DBusObjectPath) -> None:
        pass

    @dbus_method()
    def AuthorizeService(self, device: DBusObjectPath, uuid: DBusStr) -> None:
        pass

    @dbus_method()
    def Release(self) -> None:
        pass

    @dbus_method()
    def Cancel(self) -> None:
        pass

    async def _digits(self) -> int:
        digits = await self._passkey()
        if digits is None:
            raise DBusError("org.bluez.Error.Rejected", "nobody told the digits")
        return digits
