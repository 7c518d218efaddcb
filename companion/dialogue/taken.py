"""One utterance on its way to a reply. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from companion.core.reading import Reading
from companion.dialogue.greeting import GREETING
from companion.dialogue.reacting import is_told, only_tells
from companion.dialogue.requests import Reacted
from companion.dialogue.state import Setting, State

_ANSWER_WORDS: Final = 3
"""Content words up to which what is said behind a greeting answers its question, or goes on from a remark."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was said, and when."""

    text: str
    reading: Reading
    setting: Setting
    state: State
    chance: float
    """In [0, 1)."""
    slots: Mapping[str, str]
    """What is known of the person and the moment."""
    doubtful: bool = False
    """Whether it may have been misheard: then only what fits well is answered."""
    back: str = ""
    """It said back by what was learnt of listeners, without a full stop; empty where that is not sure."""
    back_is_firm: bool = False
    """Whether that is surer than what the rules of the mirror say back."""
    reacted: Reacted = Reacted()  # noqa: RUF009 - frozen
    """How probable each reaction to it is; empty where nobody knows."""

    @property
    def last(self) -> str:
        """What 말벗 said last; empty where this is the first turn."""
        return self.state.turns[-1].reply if self.state.turns else ""

    @property
    def asked(self) -> str:
        """What 말벗 asked last; empty where it asked nothing, or only in greeting and more than an answer is told."""
        last = self.state.turns[-1] if self.state.turns else None
        if last is None or not last.reply.endswith("?"):
            return ""
        greeted = not last.heard and last.reply_id.startswith(GREETING)
        return "" if greeted and not self._is_brief else last.reply

    @property
    def remarked(self) -> str:
        """What 말벗 remarked last on what was told, if a few words go on from there: 은행, of a grandson's new work."""
        last = self.state.turns[-1] if self.state.turns else None
        return last.reply if last is not None and last.heard and self._is_brief and not self.asked else ""

    @property
    def _is_brief(self) -> bool:
        return len(self.reading.words) <= _ANSWER_WORDS

    @property
    def answers(self) -> bool:
        """Whether something is told in answer to what 말벗 asked, as far as it is known, and nothing wanted of it."""
        return bool(self.asked) and is_told(self.reacted)

    @property
    def only_tells(self) -> bool:
        """Whether it surely does nothing but tell: then it is no wish, no greeting, and asks for nothing."""
        answers = bool(self.asked)
        asks = not answers and (self.reading.question or "?" in self.text)
        return not asks and only_tells(self.reacted, answers=answers)

    @property
    def only_answers(self) -> bool:
        """Whether it surely does nothing but answer what 말벗 asked, or go on in a few words from what it remarked."""
        return bool(self.asked or self.remarked) and self.only_tells
