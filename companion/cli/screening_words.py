"""How answers and scores of a screening are shown: as lines to read, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from companion.cli.messages import say

if TYPE_CHECKING:
    from companion.screening.record import Answer
    from companion.screening.scoring import Score


def answer_line(answer: Answer) -> str:
    """Return an answer word for word, with its option, who decided, and how sure that was."""
    return say(
        "screen.answer",
        item=answer.item,
        words=answer.reply,
        option=answer.option_text or say(f"screen.outcome.{answer.outcome}"),
        score="-" if answer.score is None else answer.score,
        decider=say(f"screen.decider.{answer.decider or 'nobody'}"),
        confirmed=say(f"screen.confirmed.{answer.confirmed}"),
        confidence=answer.confidence,
    )


def score_lines(found: Score) -> Sequence[str]:
    """Return what the answers come to, with the source of every band and cut-off."""
    lines = [
        say("screen.subscale", title=one.title, total=one.total) for one in found.subscales if one.total is not None
    ]
    if found.total is None:
        return [*lines, say(f"screen.no_total.{found.validity}", raw=found.raw_sum, answered=found.answered)]
    lines.append(say("screen.total", total=_number(found), band=found.band.label if found.band else "-"))
    if (band := found.band) is not None:
        lines.append(say("screen.band", source=band.source))
    lines += [
        say("screen.cutoff", at_least=one.at_least, label=one.label, population=one.population, source=one.source)
        for one in found.cutoffs
    ]
    return lines


def _number(found: Score) -> float | int | None:
    if found.total is None:
        return None
    return int(found.total) if found.total.denominator == 1 else round(float(found.total), 2)


def answer_fields(answer: Answer) -> Mapping[str, object]:
    """Return an answer for JSON."""
    return {
        "item": answer.item,
        "code": answer.link,
        "asked": answer.asked,
        "reply": answer.reply,
        "option": answer.option,
        "option_text": answer.option_text,
        "option_code": answer.code,
        "score": answer.score,
        "outcome": str(answer.outcome),
        "decider": str(answer.decider),
        "confidence": answer.confidence,
        "evidence": [one.text for one in answer.evidence],
        "rule": answer.rule,
        "confirmed": str(answer.confirmed),
        "confirmations": answer.confirmations,
        "superseded": answer.superseded,
        "replies": [
            {"asked": one.asked, "reply": one.reply, "heard_confidence": one.heard_confidence} for one in answer.replies
        ],
    }


def score_fields(found: Score) -> Mapping[str, object]:
    """Return what the answers come to, for JSON."""
    return {
        "validity": str(found.validity),
        "answered": found.answered,
        "missing": list(found.missing),
        "raw_sum": found.raw_sum,
        "total": _number(found),
        "band": None if found.band is None else found.band.label,
        "band_source": None if found.band is None else found.band.source,
        "cutoffs": [
            {"id": one.id, "at_least": one.at_least, "population": one.population, "source": one.source}
            for one in found.cutoffs
        ],
        "subscales": {one.id: one.total for one in found.subscales},
        "needs_follow_up": found.needs_follow_up,
    }
