"""Screenings on paper: one line for each, then every item with what was said, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from companion.exchange.dossier import Dossier, Part, Screened
from companion.exchange.report.layout import Cell, Section, column, marked, table
from companion.exchange.report.opening import total_of
from companion.exchange.report.words import Words, number, title_of
from companion.screening.instrument import Instrument, Item
from companion.screening.record import Answer, Confirmed, Decider, ItemOutcome
from companion.screening.scoring import Score, Validity

_SURE: Final = 0.8
"""Confidence below which a mapping is marked: a mark for whoever reads, no threshold of an instrument."""
_DIGEST: Final = 12
"""Characters of a digest that are printed; the tables hold all."""


def screenings(dossier: Dossier, words: Words) -> Section | None:
    """Return the list of screenings; None where it is left out."""
    if dossier.lacks(Part.SCREENINGS) is not None:
        return None
    columns = [
        column(words.text("screenings.at"), "22mm"),
        column(words.text("screenings.tool"), "18mm"),
        column(words.text("screenings.status"), "1.1fr"),
        column(words.text("screenings.total"), "27mm"),
        column(words.text("screenings.band"), "2fr"),
        column(words.text("screenings.change"), "20mm"),
        column(words.text("screenings.how"), "1.2fr"),
    ]
    rows = [_row(one, words) for one in dossier.screenings]
    intro, none = words.text("screenings.intro"), words.text("screenings.none")
    return table(words.text("screenings.title"), columns, rows, intro=intro, none=none)


def _row(one: Screened, words: Words) -> Sequence[Cell]:
    return [
        words.day(one.at),
        one.screening.instrument if one.instrument is None else title_of(one.instrument),
        words.name("status", one.status),
        "" if one.score is None else total_of(one, words),
        list(_reached(one.score, words)),
        _change(one, words),
        [words.name("mode", one.mode), words.name("asker", one.screening.asked_by)],
    ]


def _reached(score: Score | None, words: Words) -> Iterator[str]:
    if score is None:
        return
    if score.band is not None:
        yield score.band.label
    for cutoff in score.cutoffs:
        yield words.text("screenings.reached", at_least=cutoff.at_least, label=cutoff.label)


def _change(one: Screened, words: Words) -> str:
    if one.change is None:
        return ""
    kind = {True: "reliable", False: "noise", None: "value"}[one.change.reliable]
    points = float(one.change.points)
    return words.text(f"screenings.change_{kind}", points=("+" if points > 0 else "") + number(points))


def forms(dossier: Dossier, words: Words) -> Sequence[Mapping[str, object]]:
    """Return every screening that was answered, item by item, oldest first."""
    return [_form(one, words) for one in dossier.screenings if one.screening.answers]


def _form(one: Screened, words: Words) -> Mapping[str, object]:
    title = one.screening.instrument if one.instrument is None else one.instrument.title
    columns = [
        column(words.text("forms.number"), "10mm", "center"),
        column(words.text("forms.item"), "5fr"),
        column(words.text("forms.reply"), "6fr"),
        column(words.text("forms.option"), "3.4fr"),
        column(words.text("forms.score"), "11mm", "center"),
    ]
    rows = [_item(one.instrument, answer, words) for answer in _in_order(one)]
    return {
        **table(words.text("forms.form", title=title, at=words.moment(one.at)), columns, rows),
        "notes": list(_notes(one, words)),
        "version": words.text("forms.version", version=one.screening.version, digest=one.screening.digest[:_DIGEST]),
    }


def _in_order(one: Screened) -> Sequence[Answer]:
    """Return the answers in the order of the items, a corrected one right before the one that stands."""
    places = {} if one.instrument is None else {item.id: item.number for item in one.instrument.items}
    return sorted(one.screening.answers, key=lambda answer: (places.get(answer.item, answer.order), answer.order))


def _item(instrument: Instrument | None, answer: Answer, words: Words) -> Sequence[Cell]:
    item = None if instrument is None else instrument.by_id.get(answer.item)
    return [
        answer.item if item is None else str(item.number),
        "" if item is None else item.text,
        answer.reply,
        marked(answer.option_text or words.text(f"forms.{_unanswered(answer)}"), *_marks(answer, item, words)),
        "" if answer.score is None or answer.superseded else str(answer.score),
    ]


def _unanswered(answer: Answer) -> str:
    match answer.outcome:
        case ItemOutcome.SKIPPED:
            return "skipped"
        case ItemOutcome.UNCLEAR:
            return "unclear"
        case ItemOutcome.ANSWERED:
            return "no_answer"


def _marks(answer: Answer, item: Item | None, words: Words) -> Iterator[str]:
    """Yield what a reader has to know of an answer, and of how its option was come to."""
    if item is not None and item.critical and answer.score:
        yield words.text("forms.critical")
    if answer.superseded:
        yield words.text("forms.superseded")
    if answer.confirmed is Confirmed.YES:
        yield words.text("forms.confirmed")
    if answer.confirmed in (Confirmed.CHANGED, Confirmed.NO):
        yield words.text("forms.corrected")
    if answer.decider is Decider.MODEL:
        yield words.text("forms.by_model")
    if answer.decider is Decider.AGREED:
        yield words.text("forms.by_both")
    if answer.option is not None and answer.confidence < _SURE:
        yield words.text("forms.doubtful", percent=round(100 * answer.confidence))


def _notes(one: Screened, words: Words) -> Iterator[str]:
    score, instrument = one.score, one.instrument
    if score is not None and instrument is not None:
        yield _sum(score, instrument, words)
        if score.band is not None:
            yield words.text("forms.band", label=score.band.label, source=score.band.source)
        if score.counted is not None:
            yield words.text("forms.counted", symptoms=score.counted.symptoms, source=score.counted.source)
        if score.needs_follow_up:
            yield words.text("forms.follow_up")
    if one.suspended_at is not None:
        yield words.text("forms.suspended", at=words.moment(one.suspended_at))


def _sum(score: Score, instrument: Instrument, words: Words) -> str:
    low, high = instrument.total_range
    facts = {"answered": score.answered, "raw": score.raw_sum, "missing": len(score.missing)}
    if score.total is None:
        return words.text("forms.sum_none", why=words.name("validity", score.validity), **facts)
    total = number(float(score.total))
    if score.validity is Validity.PRORATED:
        return words.text("forms.sum_prorated", total=total, source=instrument.scoring.source, **facts)
    return words.text("forms.sum", total=total, low=low, high=high)
