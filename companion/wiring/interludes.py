"""Puts together what may be begun inside a conversation besides consent: memory and activities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from companion.errors import CompanionError

if TYPE_CHECKING:
    from companion.core.record import NewTurn
    from companion.session.interlude import Interlude
    from companion.wiring.conversation import Bench, Loaded


@dataclass(frozen=True, slots=True)
class Between:
    """What goes on between the turns of one conversation."""

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
    from companion.wiring.remembering import knowing, learning, remembering

    known = knowing(loaded.analyser)
    learned = learning(bench.memories, known, on_trouble)
    remembered = remembering(bench.memories, learned, known, now=now, chance=chance)
    doing: list[Interlude] = []
    if bench.activities is not None:
        # What an earlier conversation left open comes first, and at a first meeting people get to know each other.
        offers = bench.earlier is None and not bench.first_time
        doing.append(Doing(bench.activities, repertoire(known.reader), now=now, chance=chance, offers=offers))
    return Between((remembered,), tuple(doing), learned.kept)
