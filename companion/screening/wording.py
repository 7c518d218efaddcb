"""What is said around the items: offers, confirmations, clarifying questions. The data is ``prompts/screening``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from companion.core.hangul import particle
from companion.screening.deciding import Consulting
from companion.screening.instrument import Instrument, Item, Option, ScaleKind

_ITEM_SLOT: Final = "{item}"
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "offer": ("willing", "willing_again", "resume", "refused", "left"),
    "item": (
        "repeat", "why", "back", "no_way_back", "gone_back", "options", "left_open", "skipped", "silence",
    ),
    "confirm": ("option",),
    "clarify": ("no_frequency", "other_person", "other_time", "unsure", "between", "off_topic"),
    "consult": ("instruction", "none"),
    "ending": ("complete", "gated", "open_left", "stopped", "paused", "silent", "suspended"),
}  # fmt: skip
"""The sentences without which no interview can be held."""


class Wording:
    """Says what an interview says. Built once for a person and an instrument.

    Args:
        table: ``prompts/screening/wording.ko.toml``, parsed.
        instrument: Whose items are asked.
        address: How the person is called.

    Raises:
        KeyError: A sentence is missing.
    """

    def __init__(self, table: Mapping[str, Any], instrument: Instrument, address: str) -> None:
        self._table = table
        self._instrument = instrument
        self._values = {"address": address, "window": instrument.window}
        for section, names in NEEDED.items():
            for name in names:
                table[section][name]

    def say(self, section: str, name: str, **values: str) -> str:
        """Return a sentence with its slots filled."""
        text = str(self._table[section][name])
        for slot, value in {**self._values, **values}.items():
            text = text.replace(f"{{{slot}}}", value)
        return text.strip()

    def question(self, item: Item, *, first: bool) -> str:
        """Return the verbatim item in its frame."""
        frame = self._instrument.frame
        source = frame.last if not item.scored else frame.first if first else frame.next
        return source.replace(_ITEM_SLOT, item.text)

    def introduction(self) -> str:
        """Return what is said before the first item: the recall window and how to answer."""
        return self._instrument.frame.introduction

    def consulting(self) -> Consulting:
        """Return how a language model is asked for its opinion."""
        return Consulting(self.say("consult", "instruction"), self.say("consult", "none"))

    def clarifying(self, reason: str, item: Item) -> str:
        """Return the one clarifying question for a reason."""
        section = f"clarify_{item.scale.kind}"
        own = self._table.get(section, {})
        question = self.question(item, first=False)
        return self.say(section if reason in own else "clarify", reason, item=question)

    def confirming(self, option: Option) -> str:
        """Return the question whether an option may be kept."""
        return self.say("confirm", "option", option=option.short, to=particle(option.short, "으로/로"))

    def listing(self, item: Item) -> str:
        """Return the options, read one by one and verbatim."""
        options = item.scale.options
        if item.scale.kind is ScaleKind.POLAR:
            listed = ", ".join(option.text for option in options)
        else:
            count = self._table["numbers"]["count"]
            listed = ". ".join(f"{count[index]}, {option.text}" for index, option in enumerate(options))
        return self.say("item", "options", options=listed)
