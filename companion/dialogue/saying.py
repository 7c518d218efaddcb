"""Says the fixed sentences as a moment needs them: its slots filled, nothing offered that may not be. Pure."""

from __future__ import annotations

from typing import Final

from companion.core.turn import Reply
from companion.dialogue.offering import barred_variants
from companion.dialogue.state import Setting, State
from companion.dialogue.tables import Parts

KEEPING: Final = "session.session.keeping"
"""Beginning of the keys of what is so of the words that are said: written down or not."""


class Saying:
    """Built once; holds no state of a conversation."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def fixed(self, key: str, setting: Setting, state: State, chance: float, **slots: str) -> Reply:
        """Return a variant of a fixed sentence, one that was not said lately while there is any other.

        Args:
            key: File.section.key.
            setting: The moment.
            state: Where the conversation stands.
            chance: In [0, 1); which of those that are left.
            slots: Fill the slots of the same names.
        """
        values, lately = {**self.slots(setting), "thing": "", **slots}, setting.said_lately
        barred = barred_variants(key, self._parts, setting, state)
        return self._parts.sentences.say(
            key, used=state.used, chance=chance, values=values, lately=lately, barred=barred
        )

    def slots(self, setting: Setting) -> dict[str, str]:
        """Return what a moment fills the slots of sentences and replies with."""
        time = self._parts.time
        kept = "kept" if setting.keeps else "unkept"
        return {
            **self._parts.almanac.slots(setting.today),
            "address": setting.address,
            "part_of_day": time.part_name(setting.hour),
            "season": time.season_name(setting.season),
            "recalled": setting.recalled,
            "date": setting.date_spoken,
            "weekday": setting.weekday_spoken,
            "time": setting.time_spoken,
            "keeping": self._parts.sentences.by_key[f"{KEEPING}_{kept}"][0],
        }
