"""Checks a whole life, and sums up what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from companion.evaluation.lives.checks_course import off_course
from companion.evaluation.lives.checks_memory import misremembered
from companion.evaluation.lives.checks_repetition import repeated
from companion.evaluation.lives.checks_safety import unsafe
from companion.evaluation.lives.checks_wording import misspoken
from companion.evaluation.lives.findings import Check, Fault, Finding
from companion.evaluation.lives.standard import Standard
from companion.evaluation.lives.transcript import Life


def check(life: Life, standard: Standard) -> tuple[Finding, ...]:
    """Return everything that is amiss in a life, by session and turn."""
    found = [
        *repeated(life, standard),
        *misremembered(life, standard),
        *misspoken(life, standard),
        *off_course(life, standard),
        *unsafe(life, standard),
    ]
    order = list(Check)
    return tuple(sorted(found, key=lambda one: (one.session, one.turn, order.index(one.check), one.detail)))


def figures(life: Life, findings: Sequence[Finding]) -> dict[str, object]:
    """Return sessions, turns of the person, and how often each check and fault was found."""
    faults = Counter(one.check.fault for one in findings)
    checks = Counter(one.check for one in findings)
    heard = [exchange for _, exchange in life.exchanges() if exchange.heard]
    return {
        "persona": life.persona.id,
        "seed": life.seed,
        "sessions": len(life.sessions),
        "turns": len(heard),
        "replies": sum(1 for _ in life.exchanges()),
        "distinct_replies": len({exchange.reply for _, exchange in life.exchanges()}),
        "faults": {fault.value: faults[fault] for fault in Fault},
        "checks": {one.value: checks[one] for one in Check if checks[one]},
    }
