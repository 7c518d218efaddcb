"""One page for the family, in plain words: how often, how it went, whom to call. No item of a screening is on it.

Where the person agreed that a named reader may see the record, what they said in the latest screening may be on it,
too; nothing else of their words ever is. Abuse is never on it, in no count either: whoever reads it may be the one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from statistics import fmean
from typing import Final

from companion.core.life import Outcome
from companion.exchange.dossier import DayOfReadings, Dossier, Part, Screened
from companion.exchange.report import charts, opening
from companion.exchange.report.layout import Section, column, table
from companion.exchange.report.words import Words, number, title_of
from companion.safety.alerts import AlertStatus
from companion.safety.risk import Theme
from companion.screening.record import Status

_NUMBERS: Final = ("emergency", "crisis_line", "mental_health_line")
_CHARTS: Final = 2
"""Tools whose totals are drawn: the page is one."""
_LATEST_DAYS: Final = 28
"""Days with readings that are averaged."""


def family_report(dossier: Dossier, words: Words, *, reader: str = "") -> Mapping[str, object]:
    """Return what ``prompts/reports/family.typ`` lays out.

    Args:
        dossier: What is reported.
        words: Of reports.
        reader: To whom the person agreed by name: then what was said in the latest screening follows on its back.

    Raises:
        KeyError: A sentence is missing.
    """
    mood = charts.mood_chart(dossier, words)
    person, made = dossier.person, dossier.made
    name = words.text("family.who", name=person.name) if person.name else person.address
    span = {"since": _date(words.first_day(dossier), words), "until": _date(words.last_day(dossier), words)}
    made_on = _date(made.at.astimezone(words.zone).date(), words)
    return {
        "head": opening.head(dossier, words, "family"),
        "lead": words.text("family.lead", name=name, by=made.by, made=made_on, **span),
        "purpose": words.text("family.purpose"),
        "blocks": [
            _block("talks", _talks(dossier, words), words),
            _block("safety", _safety(dossier, words), words),
            _block("activities", _activities(dossier, words), words),
            _block("readings", _readings(dossier, words), words),
        ],
        "screenings": _block("screenings", _screenings(dossier, words), words),
        "charts": _totals(dossier, words),
        "mood": mood,
        "answers": _answers(dossier, words) if reader else None,
        "answers_lead": words.text("family.answers_lead", reader=reader),
        "help": {
            "title": words.text("family.help_title"),
            "lead": words.text("family.help_lead"),
            "lines": [_number(words, name) for name in _NUMBERS],
        },
    }


def _date(day: date, words: Words) -> str:
    return words.text("family.date", year=day.year, month=day.month, day=day.day)


def _block(name: str, sentences: Iterator[str], words: Words) -> Mapping[str, object]:
    return {"title": words.text(f"family.{name}_title"), "lines": list(sentences)}


def _talks(dossier: Dossier, words: Words) -> Iterator[str]:
    if dossier.lacks(Part.TALKS) is not None:
        yield words.text("family.closed")
    elif dossier.talks:
        yield words.text("family.talks", count=len(dossier.talks), last=_date(_day(dossier.talks[-1].at, words), words))
    else:
        yield words.text("family.no_talks")


def _complete(dossier: Dossier) -> Mapping[str, Sequence[Screened]]:
    found: dict[str, list[Screened]] = {}
    for one in dossier.screenings:
        if one.instrument is not None and one.status is Status.COMPLETE:
            found.setdefault(one.instrument.id, []).append(one)
    return found


def _screenings(dossier: Dossier, words: Words) -> Iterator[str]:
    if dossier.lacks(Part.SCREENINGS) is not None:
        yield words.text("family.closed")
        return
    complete = _complete(dossier)
    for those in complete.values():
        last = those[-1]
        if last.instrument is not None:
            on = _date(_day(last.at, words), words)
            said = words.text("family.screening", title=last.instrument.title, count=len(those), last=on)
            yield f"{said} {_meaning(last, words)}"
    if not complete:
        yield words.text("family.no_screenings")


def _meaning(last: Screened, words: Words) -> str:
    """Return what the latest total comes to, in the instrument's own words for its thresholds."""
    if last.score is None or last.score.total is None:
        return words.text("family.no_total")
    if not last.score.cutoffs:
        return words.text("family.not_reached")
    highest = max(last.score.cutoffs, key=lambda cutoff: cutoff.at_least)
    return words.text("family.reached", label=highest.label, at_least=highest.at_least)


def _safety(dossier: Dossier, words: Words) -> Iterator[str]:
    told = [one.alert for one in dossier.alerts if one.alert.order.kind.theme is not Theme.ABUSE]
    is_open = sum(alert.status is AlertStatus.OPEN for alert in told)
    yield words.text("family.safety", count=len(told), open=is_open) if told else words.text("family.no_safety")


def _activities(dossier: Dossier, words: Words) -> Iterator[str]:
    done = Counter(one.script for one in dossier.activities if one.outcome is Outcome.DONE)
    if dossier.lacks(Part.ACTIVITIES) is not None:
        yield words.text("family.closed")
    elif done:
        [(script, _)] = done.most_common(1)
        yield words.text("family.activities", count=done.total(), title=words.activities.get(script, script))
    else:
        yield words.text("family.no_activities")


def _readings(dossier: Dossier, words: Words) -> Iterator[str]:
    if dossier.lacks(Part.READINGS) is not None:
        yield words.text("family.closed")
        return
    days = sorted({one.day for one in dossier.days_of_readings})[-_LATEST_DAYS:]
    if not days:
        yield words.text("family.no_readings")
        return
    yield words.text("family.readings", days=len(days))
    kinds: dict[str, list[DayOfReadings]] = {}
    for one in dossier.days_of_readings:
        if one.day >= days[0]:
            kinds.setdefault(one.kind, []).append(one)
    yield " · ".join(_mean(those, words) for _, those in sorted(kinds.items()))


def _mean(those: Sequence[DayOfReadings], words: Words) -> str:
    mean = fmean([one.mean for one in those], [one.count for one in those])
    unit = words.name("unit", those[0].unit)
    return words.text("family.reading", kind=words.name("reading", those[0].kind), mean=number(round(mean)), unit=unit)


def _totals(dossier: Dossier, words: Words) -> Sequence[Mapping[str, object]]:
    """Return the charts of the latest tools, without the days of danger, which may be those of abuse."""
    latest = sorted(_complete(dossier).items(), key=lambda entry: entry[1][-1].at, reverse=True)[:_CHARTS]
    shown = {name for name, _ in latest}
    those = replace(
        dossier, dangers=(), screenings=tuple(one for one in dossier.screenings if one.screening.instrument in shown)
    )
    drawn = []
    for chart in charts.screening_charts(those, words):
        instrument = dossier.instruments[str(chart["id"])]
        lines = [
            words.text("family.line", at_least=cutoff.at_least, label=cutoff.label, source=cutoff.source)
            for cutoff in instrument.cutoffs
        ]
        title = words.text("family.chart", title=title_of(instrument))
        drawn.append({**chart, "title": title, "range": "", "legend": [], "notes": lines})
    return drawn


def _answers(dossier: Dossier, words: Words) -> Section | None:
    latest = max((those[-1] for those in _complete(dossier).values()), key=lambda one: one.at, default=None)
    if latest is None or latest.instrument is None:
        return None
    items = latest.instrument.by_id
    columns = [column(words.text("forms.item"), "1fr"), column(words.text("forms.reply"), "1fr")]
    rows = [
        [items[answer.item].text, answer.reply]
        for answer in latest.screening.current().values()
        if answer.item in items
    ]
    at = _date(_day(latest.at, words), words)
    return table(words.text("family.answers_title", title=latest.instrument.title, at=at), columns, rows)


def _day(at: datetime, words: Words) -> date:
    return at.astimezone(words.zone).date()


def _number(words: Words, name: str) -> str:
    """Return a number with its hours where they are known to be all of them: what was not read is not printed."""
    line = words.numbers[name]
    hours = words.text("family.always")
    kind = "help" if line["hours"] == hours else "help_plain"
    return words.text(f"family.{kind}", number=line["number"], name=line["name"], hours=hours)
