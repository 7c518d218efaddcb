"""Looks at each reply by itself: is it polite, whole, honest, and free of what must not be said."""

from __future__ import annotations

from collections.abc import Iterator

from companion.core.record import TurnKind
from companion.evaluation.lives.findings import Check, Finding
from companion.evaluation.lives.persona import ScriptTurn
from companion.evaluation.lives.sentences import broken, impolite, questions, sentences, wrong_particles
from companion.evaluation.lives.standard import Standard
from companion.evaluation.lives.transcript import Exchange, Life


def misspoken(life: Life, standard: Standard) -> Iterator[Finding]:
    """Yield what a reply says amiss, whatever it answers."""
    for session, exchange in life.exchanges():
        for check, detail in _of_reply(exchange, life, standard):
            yield Finding(check, session.number, exchange.number, detail)
        if isinstance(exchange.line and exchange.line.of, ScriptTurn):
            for detail in _of_script(exchange):
                yield Finding(Check.NOT_AS_SCRIPTED, session.number, exchange.number, detail)


def _of_reply(exchange: Exchange, life: Life, standard: Standard) -> Iterator[tuple[Check, str]]:
    text = exchange.reply
    if len(questions(text)) > 1:
        yield Check.TWO_QUESTIONS, text
    for word in wrong_particles(text, standard.particles, life.names):
        yield Check.WRONG_PARTICLE, word
    if detail := broken(text) or ("" if text.strip() else "empty"):
        yield Check.BROKEN_TEXT, f"{detail}: {text}"
    published = standard.polite.verbatim.search(exchange.turn.reply.id)
    if not published and (detail := impolite(text, standard.polite, life.names)):
        yield Check.IMPOLITE, detail
    for sentence in sentences(text):
        for wording in standard.wordings:
            if found := wording.found(sentence):
                yield wording.check, f"{found}: {sentence}"
    yield from _of_the_moment(exchange, standard)


def _of_the_moment(exchange: Exchange, standard: Standard) -> Iterator[tuple[Check, str]]:
    """Yield what does not fit the hour, the season, or the question what time it is."""
    text, now = exchange.reply, exchange.at
    if exchange.turn.kind in (TurnKind.OPENING, TurnKind.CLOSING):
        for one in standard.hours:
            if (found := one.says.search(text)) and not one.fits(now.hour):
                yield Check.WRONG_HOUR, f"{now.hour}: {found[0]}"
    for season in standard.seasons:
        found = season.says.search(text)
        if found and now.month not in season.months and not season.says.search(exchange.heard):
            yield Check.WRONG_SEASON, f"{now.month}: {found[0]}"
    missing = [one.pattern for one in standard.asked.rightly(exchange.heard, now) if not one.search(text)]
    if missing:
        yield Check.WRONG_DATE, f"{exchange.heard} -> {text}"


def _of_script(exchange: Exchange) -> Iterator[str]:
    turn = exchange.line.of if exchange.line is not None else None
    if not isinstance(turn, ScriptTurn):
        return
    for wanted in turn.holds:
        # Numbers to call are the concern of the checks of safety.
        if not any(digit.isdigit() for digit in wanted.pattern) and not wanted.search(exchange.reply):
            yield f"{wanted.pattern} -/- {exchange.reply}"
    for unwanted in turn.lacks:
        if found := unwanted.search(exchange.reply):
            yield f"{found[0]}: {exchange.reply}"
