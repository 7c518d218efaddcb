"""Answers BlueZ when a device wants to be paired with the six digits that it shows (``org.bluez.Agent1``).

bleak pairs and leaves the digits to whoever else is there; on a device without a desktop nobody is. Only where BlueZ
is: other systems ask their users themselves.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

_PATH: Final = "/kr/malbeot/agent"
_CAPABILITY: Final = "KeyboardDisplay"
Passkey = Callable[[], Awaitable[int | None]]


@asynccontextmanager
async def asking_for_passkeys(passkey: Passkey) -> AsyncIterator[None]:
    """Answer for the device's digits while something is paired.

    Args:
        passkey: Asks for them.

    Raises:
        OSError: There is no message bus of the system.
    """
    if sys.platform != "linux":
        yield
        return
    from dbus_fast import BusType, Message, MessageType
    from dbus_fast.aio import MessageBus

    from companion.adapters.bluetooth_agent_interface import Agent

    async def manage(member: str, signature: str, *body: str) -> bool:
        message = Message("org.bluez", "/org/bluez", "org.bluez.AgentManager1", member, signature=signature)
        message.body = list(body)
        reply = await bus.call(message)
        return reply is not None and reply.message_type is MessageType.METHOD_RETURN

    bus = MessageBus(bus_type=BusType.SYSTEM)
    try:
        await bus.connect()
        bus.export(_PATH, Agent(passkey))
        registered = await manage("RegisterAgent", "os", _PATH, _CAPABILITY)
        if registered:
            await manage("RequestDefaultAgent", "o", _PATH)
        try:
            yield
        finally:
            if registered:
                await manage("UnregisterAgent", "o", _PATH)
    finally:
        bus.disconnect()
