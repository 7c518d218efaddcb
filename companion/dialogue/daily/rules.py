"""When 말벗 speaks first: the figures of ``prompts/daily/rules.toml``. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from companion.core.life import ASKED
from companion.errors import PromptError

FILE: Final = "daily/rules.toml"


class Kind(StrEnum):
    """What is said on 말벗's own account, the more urgent first."""

    MEDICINE = "medicine"
    APPOINTMENT = "appointment"
    ASKED = ASKED
    """What the person asked to be told, in their own words."""
    CHECK_IN = "check_in"
    FOLLOW_UP = "follow_up"
    """Asking after what the person said they would do."""
    WATER = "water"


RANKS: Final[Mapping[Kind, int]] = {kind: rank for rank, kind in enumerate(Kind)}
STATED: Final = frozenset({Kind.MEDICINE, Kind.APPOINTMENT, Kind.ASKED, Kind.WATER})
"""What is stated as it was set, and asks for no answer."""


@dataclass(frozen=True, slots=True)
class CallRules:
    """How often and when somebody who does not answer is called."""

    answer: timedelta
    """How long an answer is waited for."""
    again: timedelta
    """From a call to the louder one of the same round."""
    rests: tuple[timedelta, ...]
    """From the last call of a round to the next round."""

    @property
    def calls(self) -> int:
        """How many calls there are in all: two a round."""
        return 2 * (len(self.rests) + 1)


@dataclass(frozen=True, slots=True)
class DailyRules:
    """All of ``rules.toml``."""

    version: str
    late: Mapping[Kind, timedelta]
    """After which it is not said any more."""
    apart: timedelta
    together: int
    met_before: timedelta
    follow_up_after: timedelta
    call: CallRules


def load_daily_rules(table: Mapping[str, Any]) -> DailyRules:
    """Read the rules.

    Raises:
        PromptError: A part is missing or no positive number.
    """
    try:
        call = table["call"]
        return DailyRules(
            version=str(table["version"]),
            late={kind: timedelta(minutes=_positive(table["late_minutes"][kind])) for kind in Kind},
            apart=timedelta(seconds=_positive(table["speaking"]["apart_seconds"])),
            together=_positive(table["speaking"]["together"]),
            met_before=timedelta(minutes=_positive(table["met"]["before_minutes"])),
            follow_up_after=timedelta(minutes=_positive(table["follow_up"]["after_minutes"])),
            call=CallRules(
                answer=timedelta(seconds=_positive(call["answer_seconds"])),
                again=timedelta(seconds=_positive(call["again_after_seconds"])),
                rests=tuple(timedelta(minutes=_positive(one)) for one in call["rest_minutes"]),
            ),
        )
    except KeyError as error:
        raise PromptError("lexicon.missing", file=FILE, entry=str(error.args[0])) from error
    except (TypeError, ValueError) as error:
        raise PromptError("lexicon.broken", file=FILE, detail=str(error)) from error


def _positive(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"no positive whole number: {value!r}")
    return value
