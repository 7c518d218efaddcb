"""The conversation that runs on this device, and how somebody who may see it ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from companion.wiring.record import device_id
from companion.wiring.stopping import ask_to_stop

if TYPE_CHECKING:
    from companion.store.live import LiveTalk
    from companion.wiring.desk import Desk


def talk_here(desk: Desk) -> LiveTalk | None:
    """Return the conversation that runs on this device, if any that may be read.

    Raises:
        AccessError: Nobody is signed in any more.
    """
    from companion.store.live import live_talk

    return live_talk(desk.viewer, device_id())


def stop_talk(desk: Desk, talk: LiveTalk) -> None:
    """End it kindly: written down first, then asked for.

    Raises:
        AccessError: They may not.
        StorageFull: It could not be written down or asked for.
    """
    from companion.store.live import stopped

    stopped(desk.viewer, talk)
    ask_to_stop(desk.now)
