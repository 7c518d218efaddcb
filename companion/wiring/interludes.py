"""Puts together what may be begun inside a conversation besides consent: memory and activities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from companion.errors import CompanionError

if TYPE_CHECKING:
    from companion.core.record import NewTurn
    from companion.session.asked import AskedToTell
    from companion.session.interlude import Interlude
    from companion.wiring.conversation import Bench, Loaded


@dataclass(frozen=True, slots=True)
class Between:
    """What goes on between the turns of one conversation."""

    recalled: tuple[Interlude, ...] = ()
    """What finds again what was told, before anything is taken for a request."""
    first: tuple[Interlude, ...] = ()
    """What stands before a screening: memory."""
    last: tuple[Interlude, ...] = ()
    """What stands behind it: activities."""
    on_kept: Callable[[str, NewTurn], None] = lambda _turn_id, _turn: None
    """Told of every turn that is on the disk."""


def interludes(
    bench: Bench,
    loaded: Loaded,
    *,
    now: Callable[[], datetime],
    chance: Callable[[], float],
    on_trouble: Callable[[CompanionError], None],
) -> Between:
    """Return what may be begun in a conversation with the person of ``bench``; nothing where nobody is there.

    Raises:
        PromptError: A table is broken.
    """
    if bench.memories is None:
        return Between()
    from companion.session.activity import Doing
    from companion.wiring.activities import repertoire
    from companion.wiring.remembering import knowing, learning, recalling, remembering

    known = knowing(loaded.analyser)
    learned = learning(bench.memories, known, on_trouble)
    remembered = remembering(bench.memories, learned, known, now=now, chance=chance)
    recalled = recalling(bench.memories, learned, known, now=now)
    doing: list[Interlude] = []
    if bench.activities is not None:
        # What an earlier conversation left open comes first, and at a first meeting people get to know each other.
        offers = bench.earlier is None and not bench.first_time
        doing.append(Doing(bench.activities, repertoire(known.reader), now=now, chance=chance, offers=offers))
    return Between((recalled,), (remembered,), tuple(doing), learned.kept)


def begun(bench: Bench, *between: Interlude) -> tuple[Interlude, ...]:
    """Return what may be begun: where nothing is begun unasked, only what the person asks for."""
    from companion.session.interlude import OnlyAsked

    return between if bench.begins_unasked else tuple(OnlyAsked(one) for one in between)


def outward(bench: Bench, *recalled: Interlude) -> tuple[Interlude, ...]:
    """Return what asks for consent, takes down what the person wants of 말벗 and of people, and tells what came of it.

    What was written down answers first, then what was told; only what is neither is taken for a request.

    Raises:
        PromptError: A table is broken.
    """
    from companion.session.consenting import Consenting
    from companion.wiring.daily import (
        asked_finder,
        asked_words,
        daily_words,
        errand_finder,
        kept_finder,
        offer_answers,
    )
    from companion.wiring.people import consent_words
    from companion.wiring.reminders import zone_of
    from companion.wiring.weather import telling_weather

    clock = bench.clock
    consents = Consenting(bench.wishes, consent_words(), address=bench.person.address, asks=bench.asks_consent)
    asked: AskedToTell | None = None
    if bench.asked is not None:
        from companion.session.asked import AskedToTell

        asked = AskedToTell(
            bench.asked,
            asked_finder(),
            asked_words(),
            answers=offer_answers(),
            permission=consents,
            now=lambda: clock.now().astimezone(zone_of(bench.person)),
            address=bench.person.address,
            runs=bench.runs,
        )
    made: list[Interlude] = [consents]
    if bench.errands is not None:
        from companion.session.errands import Errands
        from companion.session.telling_back import TellingBack
        from companion.session.what_was_kept import WhatWasKept

        errands = Errands(
            bench.errands,
            errand_finder(),
            daily_words(),
            answers=offer_answers(),
            permission=consents,
            clock=clock,
        )
        made += [WhatWasKept(kept_finder(), errands, asked), *_unless_kept(recalled, asked), errands]
        made.append(TellingBack(bench.errands, daily_words(), clock=clock))
    else:
        made += _unless_kept(recalled, asked)
    made += [] if asked is None else [asked]
    made += telling_weather(bench.at_work.settings, clock.now, lambda error: bench.tell(error.key, **error.fields))
    return tuple(made)


def _unless_kept(recalled: Sequence[Interlude], asked: AskedToTell | None) -> list[Interlude]:
    """Return what finds what was told, but not where what is to be said at some time answers: it knows better."""
    from companion.session.interlude import Unless

    return list(recalled) if asked is None else [Unless(one, asked.answers) for one in recalled]
