"""When alerts are delivered: the figures of ``prompts/safety/delivery.toml``. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from companion.errors import PromptError
from companion.safety.risk import Level

FILE: Final = "delivery.toml"


@dataclass(frozen=True, slots=True)
class DeliveryRules:
    """All of ``delivery.toml``."""

    version: str
    escalate: Mapping[Level, timedelta]
    """Without anybody having taken the alert on, after which the next contact is told."""
    first_wait: timedelta
    """Between the first and the second try by a channel; doubles."""
    longest_wait: timedelta
    tries: int
    """By each channel of a contact."""
    abandoned: timedelta
    """After which a try that was begun died with its process."""
    clock_slack: timedelta
    """Of a clock that is corrected, not set back."""

    def wait(self, tries: int) -> timedelta:
        """Return how long to wait after so many tries, at least one."""
        return min(self.first_wait * (1 << min(tries - 1, 16)), self.longest_wait)


def load_delivery(table: Mapping[str, Any]) -> DeliveryRules:
    """Read the rules.

    Raises:
        PromptError: A part is missing or no positive number.
    """
    try:
        rules = DeliveryRules(
            version=str(table["version"]),
            escalate={
                level: timedelta(minutes=_positive(table["escalate_minutes"][level]))
                for level in (Level.CONCERN, Level.URGENT)
            },
            first_wait=timedelta(seconds=_positive(table["retry"]["first_seconds"])),
            longest_wait=timedelta(seconds=_positive(table["retry"]["longest_seconds"])),
            tries=_positive(table["retry"]["tries"]),
            abandoned=timedelta(seconds=_positive(table["begun"]["abandoned_seconds"])),
            clock_slack=timedelta(seconds=_positive(table["clock"]["slack_seconds"])),
        )
    except KeyError as error:
        raise PromptError("lexicon.missing", file=FILE, entry=str(error.args[0])) from error
    except (TypeError, ValueError) as error:
        raise PromptError("lexicon.broken", file=FILE, detail=str(error)) from error
    return rules


def _positive(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"no positive whole number: {value!r}")
    return value
