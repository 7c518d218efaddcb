"""Looks for what is said again: replies, questions, greetings, and what fits anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from companion.core.record import TurnKind
from companion.core.turn import ReplySource
from companion.evaluation.lives.findings import Check, Finding
from companion.evaluation.lives.sentences import plain, questions
from companion.evaluation.lives.standard import Standard
from companion.evaluation.lives.transcript import Exchange, Life

_WITHIN: Final = 3
"""Sessions in which nothing is said twice."""
_SHORT: Final = 8
"""Letters up to which a reply is a mere word of courtesy and may come again."""


def repeated(life: Life, standard: Standard) -> Iterator[Finding]:
    """Yield replies and questions that were said within the last three sessions."""
    replies: dict[str, int] = {}
    asked: dict[str, int] = {}
    for session, exchange in life.exchanges():
        if exchange.turn.reply.source is ReplySource.FIXED:
            continue
        text = plain(exchange.reply)
        if len(text) > _SHORT and session.number - replies.get(text, -_WITHIN) < _WITHIN:
            yield Finding(Check.REPLY_REPEATED, session.number, exchange.number, exchange.reply)
        elif again := [
            one for one in questions(exchange.reply) if session.number - asked.get(plain(one), -_WITHIN) < _WITHIN
        ]:
            yield Finding(Check.QUESTION_REPEATED, session.number, exchange.number, again[0])
        replies[text] = session.number
        asked.update((plain(one), session.number) for one in questions(exchange.reply))
    yield from _greetings(life)
    yield from _fallbacks(life, standard)


def _greetings(life: Life) -> Iterator[Finding]:
    before = ""
    for session in life.sessions:
        opening = session.opening
        if opening is None:
            continue
        if opening.reply == before and not opening.turn.steps:
            yield Finding(Check.GREETING_REPEATED, session.number, opening.number, opening.reply)
        before = opening.reply


def _fallbacks(life: Life, standard: Standard) -> Iterator[Finding]:
    """Yield where one that fits anything follows another of its kind, or too many stand in a row."""
    row, before, number = 0, "", 0
    for session, exchange in life.exchanges():
        if session.number != number or exchange.turn.kind is TurnKind.OPENING:
            row, before, number = 0, "", session.number
        stem = _stem(exchange, standard)
        row = row + 1 if stem else 0
        if (stem and stem == before) or row == standard.fallback_row:
            yield Finding(Check.SAME_FALLBACK, session.number, exchange.number, exchange.reply)
            row = 0
        before = stem


def _stem(exchange: Exchange, standard: Standard) -> str:
    """Return the situation of a reply that fits anything; empty for any other."""
    name = exchange.turn.reply.id.partition("#")[0]
    return name if standard.fallback.search(name) else ""
