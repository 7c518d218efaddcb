"""Which sentences are kept as sound: all that are fixed and name nobody, those of danger first.

A sentence with the slot for how the person is called is kept in its general form; the phrases of it that do not hold
the slot serve everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from companion.config import PersonSettings
from companion.core.turn import Reply, ReplySource
from companion.dialogue.slots import filled, slots_of
from companion.dialogue.tables import UNSPOKEN
from companion.prompts import prompt_table, prompt_tables
from companion.screening.wording import Wording
from companion.wiring.instruments import instruments
from companion.wiring.screening import WORDING
from companion.wiring.speaking import openers

_CRISIS = "crisis"
_FIRST_FILES = ("safety.toml", "medical.toml", "session.toml")
_ADDRESS = "address"
_SHOWN_ONLY = "screen"


@cache
def kept_replies() -> tuple[Reply, ...]:
    """Return the replies to prepare, those of danger first, without doubles.

    Raises:
        PromptError: A data file is broken.
    """
    numbers = prompt_table("safety/numbers.toml")["numbers"]
    values = {name: str(entry["number"]) for name, entry in numbers.items()} | {_ADDRESS: PersonSettings().address}
    fixed = prompt_tables("fixed")
    files = sorted(fixed, key=lambda file: (_FIRST_FILES.index(file) if file in _FIRST_FILES else len(fixed), file))
    found: dict[str, Reply] = {}
    for file, table in prompt_tables("safety").items():
        for text in () if file in UNSPOKEN else _texts(table):
            _add(found, filled(text, values), f"kept.{_CRISIS}.{file}", uninterruptible=True)
    for text in openers().texts:
        _add(found, text, "kept.openers", uninterruptible=False)
    for file in files:
        for text in _texts(fixed[file]):
            _add(found, filled(text, values), f"kept.{file}", uninterruptible=False)
    for text in _screening_texts():
        _add(found, filled(text, values), "kept.screening", uninterruptible=False)
    for file, table in prompt_tables("replies").items():
        for situation in table.get("situation", ()):
            for text in situation["replies"]:
                _add(found, filled(text, values), f"kept.{file}", uninterruptible=False)
    return tuple(found.values())


def _add(found: dict[str, Reply], text: str, name: str, *, uninterruptible: bool) -> None:
    if text.strip() and not slots_of(text) and text not in found:
        found[text] = Reply(text, ReplySource.FIXED, name, uninterruptible=uninterruptible)


def _screening_texts() -> Iterator[str]:
    """Yield what a screening asks and says, item by item, but for what hangs on an answer."""
    table = prompt_table(WORDING)
    yield from _texts(table["interlude"])
    yield from _texts(table["ending"])
    for instrument in instruments().values():
        wording = Wording(table, instrument, PersonSettings().address)
        yield from (wording.say("offer", name) for name in table["offer"])
        yield wording.introduction()
        for item in instrument.items:
            yield from (wording.question(item, first=first) for first in (item.number == 1, False))
            yield wording.listing(item)
            yield from (wording.confirming(option) for option in item.scale.options)


def _texts(value: object) -> Iterator[str]:
    """Yield every sentence of a table of fixed sentences, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name != _SHOWN_ONLY:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


@cache
def known_sentences() -> str:
    """Return every sentence that may be kept as sound, joined: what stands in it names nobody."""
    return "\n".join(reply.text for reply in kept_replies())


@cache
def danger_replies() -> tuple[Reply, ...]:
    """Return the replies that must start at once whatever happens: those of danger."""
    return tuple(reply for reply in kept_replies() if reply.id.startswith(f"kept.{_CRISIS}."))
