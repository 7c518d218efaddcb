"""The places that have a key: one line each. A new screen is one file under ``screens/`` and one line here.

The words of a place stand under ``place.<id>`` in ``prompts/dashboard``: ``name`` in the footer and the palette,
``about`` in the help.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from companion.dashboard.reading import Reads
    from companion.wiring.desk import Who


def _everybody(_who: Who) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class PlaceOf:
    """One screen with a key."""

    id: str
    key: str
    """As a binding takes it: a digit, or ``both(letter)``."""
    module: str
    """Under ``companion.dashboard.screens``; loaded when it is first gone to."""
    screen: str
    """Name of the class, made without arguments."""
    may: Callable[[Who], bool] = _everybody
    """Who sees it; what they may read is decided by the gate of the record all the same."""
    in_footer: bool = True

    def screen_class(self) -> type[Reads]:
        """Return the class of the screen."""
        found: type[Reads] = getattr(import_module(f"companion.dashboard.screens.{self.module}"), self.screen)
        return found

    def make(self) -> Reads:
        """Return the screen."""
        return self.screen_class()()


def _administrators(who: Who) -> bool:
    return who.may_administer


PLACES: Final[tuple[PlaceOf, ...]] = (
    PlaceOf("overview", "1", "overview", "Overview"),
    PlaceOf("alerts", "2", "alerts", "Alerts"),
    PlaceOf("requests", "3", "requests", "Requests"),
    PlaceOf("reminders", "4", "reminders", "Reminders"),
    PlaceOf("live", "5", "live", "Live"),
    PlaceOf("audit", "6", "audit", "AuditTrail", _administrators, in_footer=False),
    PlaceOf("settings", "0", "settings", "SettingsPlace", in_footer=False),
    PlaceOf("help", "question_mark", "help", "Help"),
)
HOME: Final = "overview"
