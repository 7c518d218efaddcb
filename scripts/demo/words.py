"""What the invented people say and hear: from the reply bank, the fixed sentences and ``population.ko.toml``."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random  # noqa: TID251 - drawn by chance, from a seed
from typing import Any

from companion.core.overview import BRIGHT, HEAVY
from companion.dialogue.slots import slots_of
from companion.prompts import prompt_table, prompt_tables
from companion.wiring.instruments import instruments

_FILE = Path(__file__).with_name("population.ko.toml")
_OPENED, _TAILED = 0.45, 0.25
_LEAN = 0.9
"""How much a mood of one standard deviation changes the odds of a bright or heavy thing being said."""
_PLAIN = 1.2
_STEP = 0.25
_FILLED = {"address"}
"""Slots of bank replies that are filled here; replies with others are left out."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One thing that people say, with the replies of the bank."""

    id: str
    topic: str
    feeling: str
    act: str
    says: tuple[str, ...]
    replies: tuple[str, ...]


class Population:
    """Everything that is drawn from."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
        self.instruments = instruments()
        """Whose versions and digests stand on what is screened, so that the product counts it as its own."""
        self.fixed: dict[str, Any] = {**prompt_tables("fixed"), **prompt_tables("safety")}
        numbers = prompt_table("safety/numbers.toml")["numbers"]
        self._slots = {name: str(entry["number"]) for name, entry in numbers.items()}
        situations = [_situation(one) for table in prompt_tables("replies").values() for one in table["situation"]]
        self._by_topic: dict[str, list[Situation]] = {
            "": [one for one in situations if one.says and one.replies and one.topic not in self.data["left_out"]]
        }
        for one in self._by_topic[""]:
            self._by_topic.setdefault(one.topic, []).append(one)
        self.topics = sorted(set(self._by_topic) - {""})
        self._weights: dict[tuple[str, int], list[float]] = {}

    def situation(self, mood: float, topic: str, chance: Random) -> Situation:
        """Draw what is talked about in a mood (0 usual, 1 brighter by a standard deviation); empty is any topic."""
        step = round(mood / _STEP)
        found = self._by_topic[topic]
        weights = self._weights.get((topic, step))
        if weights is None:
            weights = list(accumulate(_odds(one.feeling, step * _STEP) for one in found))
            self._weights[topic, step] = weights
        return chance.choices(found, cum_weights=weights)[0]

    def said(self, situation: Situation, chance: Random) -> str:
        """Draw the words of one utterance."""
        words = chance.choice(situation.says)
        if chance.random() < _OPENED:
            words = f"{chance.choice(self.data['openers'])} {words}"
        if chance.random() < _TAILED:
            words = f"{words}. {chance.choice(self.data['tails'])}"
        return words

    def filled(self, sentence: str, address: str) -> str:
        """Return a sentence of ours with its slots filled."""
        return sentence.format_map({**self._slots, "address": address}) if "{" in sentence else sentence

    def fixed_sentence(self, key: str, address: str, chance: Random) -> tuple[str, str]:
        """Return the id and the words of a fixed sentence, drawn where there are several."""
        found: Any = self.fixed
        file, *inside = key.split(".")
        found = found[f"{file}.toml"]
        for name in inside:
            found = found[name]
        if isinstance(found, list):
            found = [sentence for sentence in found if slots_of(sentence) <= self._slots.keys() | _FILLED]
            number = chance.randrange(len(found))
            return f"{key}.{number}", self.filled(found[number], address)
        return key, self.filled(found, address)


def _situation(table: dict[str, Any]) -> Situation:
    return Situation(
        table["id"],
        table["topic"],
        table["feeling"],
        table["act"],
        tuple(table.get("says", ())),
        tuple(reply for reply in table["replies"] if slots_of(reply) <= _FILLED),
    )


def _odds(feeling: str, mood: float) -> float:
    if feeling in BRIGHT:
        return math.exp(_LEAN * mood)
    return math.exp(-_LEAN * mood) if feeling in HEAVY else _PLAIN
