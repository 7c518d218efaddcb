"""What 말벗 says on its own account, from ``prompts/daily/daily.ko.toml``. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from companion.core.errand import Errand, Purpose, Standing
from companion.core.turn import Reply, ReplySource
from companion.dialogue.consenting import honoured
from companion.dialogue.daily.calling import Call
from companion.dialogue.daily.rules import STATED, Kind
from companion.dialogue.slots import filled, slots_of
from companion.dialogue.wording import choose
from companion.errors import PromptError

FILE: Final = "daily/daily.ko.toml"
_SLOTS: Final = frozenset({"address", "words", "time", "contacts", "whom", "message", "by", "answer"})
_SENTENCE_ENDS: Final = ("요", "다", "까", "죠", "자", "라")
_PLAIN_ENDS: Final = ".!? "
_WHOLE: Final = ".!?"
_ROUND: Final = 2
"""Calls of one round."""


class Opening(StrEnum):
    """How a conversation begins that was not begun by ``companion talk``."""

    NAME = "name"
    """The person called 말벗 by its name and said no more."""
    BUTTON = "button"
    VOICE = "voice"
    HEARD = "heard"
    """The person has said something already, which is answered next."""
    FOLLOW_UP = "follow_up"


class Said(StrEnum):
    """Sentences around a request, by their key."""

    KEPT = "errand.kept"
    KEPT_TOO = "errand.kept_too"
    KEPT_AGAIN = "errand.kept_again"
    LEFT = "errand.left"
    NOTHING = "errand.nothing"
    NOT_YET = "errand.not_yet"
    TAKEN_BACK = "errand.taken_back"
    NOT_KEPT = "errand.not_kept"
    TROUBLE = "errand.trouble"


_KEYS: Final = (
    "remind.lead",
    "remind.late",
    *(f"named.{kind}" for kind in STATED),
    *(f"call.{name}" for name in ("first", "louder", "again", "last_told", "last_nobody")),
    *(f"open.{opening}" for opening in Opening),
    *(f"errand.ask_{name}" for name in ("call", "call_message", "call_nobody", "tell", "tell_nobody", "ask")),
    *(f"errand.{name}{nobody}" for name in ("ask_message", "item_message") for nobody in ("", "_nobody")),
    *(f"errand.item_{name}" for name in ("call", "call_message", "call_nobody", "words")),
    *Said,
    *(f"told.{name}" for name in ("done", "done_answer", "declined")),
)


class DailyWords:
    """Built once from the table and the telephone numbers."""

    def __init__(self, table: Mapping[str, Any], numbers: Mapping[str, str]) -> None:
        """Check that every sentence is there and has known slots only.

        Raises:
            PromptError: A sentence is missing, blank, or has a slot that nobody fills.
        """
        self._numbers = dict(numbers)
        self._variants: dict[str, tuple[tuple[str, str], ...]] = {}
        for key in _KEYS:
            section, _, name = key.partition(".")
            value = table.get(section, {}).get(name)
            texts = [value] if isinstance(value, str) else value
            if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
                raise PromptError("lexicon.missing", file=FILE, entry=key)
            for unknown in {slot for text in texts for slot in slots_of(text)} - _SLOTS - set(numbers):
                raise PromptError("lexicon.broken", file=FILE, detail=unknown)
            self._variants[key] = tuple((f"daily.{key}#{number}", text) for number, text in enumerate(texts))

    def remind(self, words: Sequence[tuple[Kind, str]], address: str, chance: float, *, late: str = "") -> Reply:
        """Return what was set, stated in one breath.

        Args:
            words: What the family wrote, with its kind: a sentence, or a name.
            address: 호칭.
            chance: In [0, 1).
            late: The time at which it was due, as it is said, where it is said late.
        """
        lead = self._say("remind.late" if late else "remind.lead", chance, address=address, time=late)
        stated = (self.stated(kind, text) for kind, text in words)
        return Reply(" ".join((lead.text, *stated)), ReplySource.FIXED, lead.id)

    def stated(self, kind: Kind, words: str) -> str:
        """Return what the family wrote as a sentence."""
        bare = " ".join(words.split()).rstrip(_PLAIN_ENDS)
        if bare.endswith(_SENTENCE_ENDS) and " " in bare:
            whole = words.strip()
            return whole if whole.endswith(tuple(_WHOLE)) else f"{whole}."
        return filled(self._variants[f"named.{kind}"][0][1], {"words": bare})

    def call(self, call: Call, address: str, chance: float, contacts: Sequence[str] = ()) -> Reply:
        """Return how the person is called; before people are told, by whom."""
        if call.last:
            key = "call.last_told" if contacts else "call.last_nobody"
        elif call.louder:
            key = "call.louder"
        else:
            key = "call.first" if call.number <= _ROUND else "call.again"
        return self._say(key, chance, address=address, contacts=", ".join(contacts))

    def opening(self, opening: Opening, address: str, words: str = "") -> str:
        """Return the greeting of a conversation that was begun unasked."""
        return self._say(f"open.{opening}", 0.0, address=address, words=words.strip()).text

    def errand(self, purpose: Purpose, whom: str, words: str, message: str = "") -> Reply:
        """Return the question whether a request is to be written down.

        Args:
            purpose: What is asked for.
            whom: For whom, with its particle; may be empty.
            words: The request, as it was said.
            message: What of it is passed on, as a quotation; empty where that cannot be told.
        """
        calls = purpose is Purpose.CALL and bool(whom)
        key = f"errand.ask_{'call_' * calls}message" if message else f"errand.ask_{purpose}"
        return self._of_errand(key, whom, words, message)

    def item(self, errand: Errand, whom: str, message: str) -> str:
        """Return what was written down, as one sentence.

        Args:
            errand: That was kept.
            whom: For whom, with its particle; may be empty.
            message: What is passed on; empty where that cannot be told.
        """
        call = "errand.item_call" if errand.purpose is Purpose.CALL else "errand.item_words"
        calls = errand.purpose is Purpose.CALL and bool(whom)
        key = f"errand.item_{'call_' * calls}message" if message else call
        return self._of_errand(key, whom, errand.words, message).text

    def _of_errand(self, key: str, whom: str, words: str, message: str) -> Reply:
        if not whom and f"{key}_nobody" in self._variants:
            key += "_nobody"
        return self._say(key, 0.0, whom=whom, words=words.strip().rstrip(_PLAIN_ENDS), message=message)

    def listed(self, items: Sequence[str]) -> Reply:
        """Return what was written down, one sentence each; that there is nothing where nothing is."""
        return Reply(" ".join(items), ReplySource.FIXED, "daily.errand.listed") if items else self.say(Said.NOTHING)

    def say(self, said: Said) -> Reply:
        """Return one of the sentences around a request."""
        return self._say(said, 0.0)

    def outcome(self, errand: Errand) -> Reply:
        """Return what came of a request, in the words of whoever saw to it."""
        if errand.status is Standing.DECLINED:
            key = "told.declined"
        else:
            key = "told.done_answer" if errand.answer else "told.done"
        answer = errand.answer if errand.answer.endswith(tuple(_WHOLE)) else f"{errand.answer}."
        words = errand.words.strip().rstrip(_PLAIN_ENDS)
        return self._say(key, 0.0, words=words, by=honoured(errand.by), answer=answer)

    def _say(self, key: str, chance: float, **values: str) -> Reply:
        chosen, text = choose(self._variants[key], frozenset(), chance)
        return Reply(filled(text, {**self._numbers, **values}), ReplySource.FIXED, chosen)
