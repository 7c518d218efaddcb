"""Shows a life for reading: what was said, session by session."""

from __future__ import annotations

from collections.abc import Iterator

from companion.evaluation.lives.transcript import Life

_PERSON, _MALBEOT, _SILENCE = "  <", "  >", "(silence)"


def transcript_lines(life: Life) -> Iterator[str]:
    """Yield one line for each session and each thing that was said."""
    for session in life.sessions:
        yield f"== {session.number}: {session.began:%Y-%m-%d %H:%M} ({session.ended_by})"
        for exchange in session.exchanges:
            if exchange.line is not None:
                yield f"{_PERSON} {exchange.heard or _SILENCE} [{exchange.line.why}]"
            yield f"{_MALBEOT} {exchange.reply} [{exchange.turn.reply.id}, {exchange.level}]"
