"""Knows a plain everyday telling by a rule: 국수 삶았어, 다리가 뻐근하네. Pure.

A frame is a situation of the bank with rules instead of examples (``prompts/replies/frames_*.toml``). Where one fits
there is no doubt what is told, whatever the encoder takes it for. What bars all frames
(``prompts/lexicon/frames.toml``: what hurts, what others do, what is only heard, old times) bars each that does not
allow it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from companion.dialogue.bank import Situation

FILE: Final = "frames.toml"
TROUBLE: Final = "trouble"
"""What goes wrong; a frame that is about it comes before what only resembles the telling."""
_SENTENCES: Final = re.compile(r"[^.?!…~\n]+")
_NOT_SAID: Final = re.compile(r"[^0-9A-Za-z가-힣.?!…~\s]+")


@dataclass(frozen=True, slots=True)
class _Frame:
    situation: Situation
    rules: re.Pattern[str]
    unless: re.Pattern[str] | None


class Frames:
    """Built once.

    Args:
        situations: Those of the bank that have rules.
        table: What bars them.

    Raises:
        KeyError: A part is missing.
        ValueError: A frame allows what bars nothing.
        re.error: A rule is no regular expression.
    """

    def __init__(self, situations: Iterable[Situation], table: Mapping[str, Any]) -> None:
        self._longest, self._most = int(table["longest"]), int(table["most_sentences"])
        self._before, self._behind = int(table["before"]), int(table["behind"])
        self._asks = re.compile(str(table["asks"]))
        self._bars = {str(name): re.compile("|".join(rules)) for name, rules in table["bars"].items()}
        self._frames = tuple(
            _Frame(one, _any(one.rules), _any(one.unless) if one.unless else None) for one in situations
        )
        for frame in self._frames:
            if unknown := frame.situation.allows - self._bars.keys():
                raise ValueError(f"{frame.situation.id}: {', '.join(sorted(unknown))}")

    def find(self, text: str) -> Situation | None:
        """Return the frame of a telling, of several the first that fits its last sentence; None where none is plain."""
        said = [one.split() for one in _SENTENCES.findall(_NOT_SAID.sub(" ", text))]
        said = [words for words in said if words]
        if len(text) > self._longest or len(said) > self._most or self._asks.search(text.strip()):
            return None
        letters = ".".join("".join(words) for words in said)
        barred = {name for name, pattern in self._bars.items() if pattern.search(letters)}
        for at in reversed(range(len(said))):
            for frame in self._frames:
                if barred - frame.situation.allows or (frame.unless is not None and frame.unless.search(letters)):
                    continue
                if self._fits(frame.rules, said[at]):
                    return frame.situation
        return None

    def _fits(self, rules: re.Pattern[str], words: Sequence[str]) -> bool:
        """Whether a rule fits a sentence from the beginning of a word, and the sentence says hardly more."""
        sentence, start = "".join(words), 0
        for word in words:
            if start > self._before:
                break
            match = rules.match(sentence, start)
            if match is not None and len(sentence) - match.end() <= self._behind:
                return True
            start += len(word)
        return False


def _any(rules: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in rules))
