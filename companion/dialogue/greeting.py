"""Which greeting fits a moment, and how one is said that must not ask. Pure."""

from __future__ import annotations

import re
from typing import Final

from companion.dialogue.state import Setting

GREETING: Final = "session.greeting."
"""Beginning of the keys of greetings: whoever is asked how they are by one may tell of anything else."""
OPENED: Final = "session.opened"
"""The id of an opening that somebody else worded: a reminder, what was promised."""
_LONG_AGO_DAYS: Final = 6
"""Days after which it is said that it has been a while."""
_SEASONAL_FROM: Final = 0.6
"""Chance from which a greeting speaks of the season instead of the hour."""


def greeting_key(setting: Setting, part: str, chance: float) -> str:
    """Return which greeting fits: the first one, one that knows of last time, of the season, or of the hour.

    Args:
        setting: What is so.
        part: Part of the day: morning, day, evening, night.
        chance: In [0, 1).
    """
    if setting.first_time:
        return f"{GREETING}first_{part}"
    if setting.recalled:
        return f"{GREETING}recalled"
    if setting.days_since is not None and (setting.days_since == 0 or setting.days_since >= _LONG_AGO_DAYS):
        return f"{GREETING}{'again_today' if setting.days_since == 0 else 'long_ago'}"
    seasonal = setting.season and part != "night" and chance >= _SEASONAL_FROM
    return f"{GREETING}{setting.season if seasonal else part}"


def without_questions(text: str) -> str:
    """Return the sentences of a text that ask nothing; the whole text where there is no other."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return " ".join(one for one in sentences if "?" not in one) or text
