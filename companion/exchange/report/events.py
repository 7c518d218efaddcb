"""Signs in free talk, dangers that were found, and alerts with what became of them, on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from companion.core.history import DangerFound
from companion.exchange.dossier import AlertRaised, Dossier
from companion.exchange.report.layout import Cell, Section, column, marked, table
from companion.exchange.report.words import Words


def observations(dossier: Dossier, words: Words) -> Section | None:
    """Return the signs; None where there are none: they are no part of a record that has to be filled."""
    if not dossier.observations:
        return None
    columns = [
        column(words.text("observations.at"), "32mm"),
        column(words.text("observations.sign"), "32mm"),
        column(words.text("observations.quote"), "1fr"),
    ]
    rows = [
        [words.moment(one.at), words.name("sign", one.observation.sign), one.observation.quote]
        for one in dossier.observations
    ]
    return table(words.text("observations.title"), columns, rows, intro=words.text("observations.intro"))


def dangers(dossier: Dossier, words: Words) -> Section:
    """Return what was found, whatever the person agreed to; without words where they may not be shown."""
    columns = [
        column(words.text("dangers.at"), "22mm"),
        column(words.text("dangers.level"), "14mm"),
        column(words.text("dangers.kind"), "28mm"),
        column(words.text("dangers.words"), "3fr"),
        column(words.text("dangers.done"), "2.4fr"),
    ]
    rows = [_danger(one, words) for one in dossier.dangers]
    intro, none = words.text("dangers.intro"), words.text("dangers.none")
    return table(words.text("dangers.title"), columns, rows, intro=intro, none=none)


def _danger(one: DangerFound, words: Words) -> Sequence[Cell]:
    said = one.words or words.text("dangers.no_words")
    basis = [words.text("dangers.vital")] if one.basis == "vital_interest" else []
    return [
        words.moment(one.at),
        words.name("level", one.level),
        words.name("kind", one.kind),
        marked(said, *basis),
        list(_steps(one, words)),
    ]


def _steps(one: DangerFound, words: Words) -> Iterator[str]:
    for step in one.steps:
        if step.answer and step.answer != "none":
            yield words.name("reply", step.answer)
        name = words.name("step", step.action)
        asks = step.question not in ("", "none")
        yield f"{name}: {words.name('question', step.question)}" if asks else name


def alerts(dossier: Dossier, words: Words) -> Section:
    """Return whom alerts were sent to, whether they arrived, and who wrote what about them."""
    columns = [
        column(words.text("alerts.at"), "22mm"),
        column(words.text("alerts.what"), "34mm"),
        column(words.text("alerts.told"), "1fr"),
        column(words.text("alerts.after"), "1.3fr"),
    ]
    rows = [_alert(one, words) for one in dossier.alerts]
    return table(words.text("alerts.title"), columns, rows, none=words.text("alerts.none"))


def _alert(one: AlertRaised, words: Words) -> Sequence[Cell]:
    order = one.alert.order
    told = words.text("alerts.told_person" if order.told_person else "alerts.not_told_person")
    what = marked(words.name("level", order.level), words.name("kind", order.kind), told)
    return [
        words.moment(one.alert.raised_at),
        what,
        list(_tries(one, words)) or words.text("alerts.no_tries"),
        list(_noted(one, words)) or words.text("alerts.no_notes"),
    ]


def _tries(one: AlertRaised, words: Words) -> Iterator[str]:
    for try_ in sorted(one.deliveries, key=lambda try_: (try_.due_at, try_.key)):
        at = words.moment(try_.tried_at or try_.due_at)
        name = one.contacts.get(try_.contact_id, try_.contact_id)
        yield words.text("alerts.try", at=at, name=name, outcome=words.name("outcome", try_.outcome))


def _noted(one: AlertRaised, words: Words) -> Iterator[str]:
    for note in one.notes:
        status = words.name("alert_status", note.status)
        yield words.text("alerts.note", at=words.moment(note.at), by=note.by, status=status, note=note.note)
    if one.is_false_alarm:
        yield words.text("alerts.false_alarm")
