"""Charts as numbers between 0 and 1: totals with their cut-offs, moods by week, readings by day.

A layout draws them as lines; nothing is a picture. A cut-off is a line with its number; whom it was found in and by
whom it was published stands below the chart. A total that was made up for missing answers is hollow, and a screening
without a total is a cross at the bottom: it is not 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from companion.exchange.dossier import DayOfReadings, Dossier, Part, Screened
from companion.exchange.report.calendar import Span
from companion.exchange.report.life import reading_title
from companion.exchange.report.words import Words, number, title_of
from companion.screening.instrument import Instrument
from companion.screening.record import Status
from companion.screening.scoring import Validity

Chart = Mapping[str, object]
_TICKS: Final = 4
_DECIMALS: Final = 4
_PRESSURES: Final = ("systolic", "diastolic")


def screening_charts(dossier: Dossier, words: Words) -> Iterator[Chart]:
    """Yield a chart for each instrument that was answered to its end at least once."""
    complete: dict[str, list[Screened]] = {}
    for one in dossier.screenings:
        if one.instrument is not None and one.status is Status.COMPLETE:
            complete.setdefault(one.instrument.id, []).append(one)
    for those in complete.values():
        instrument = those[0].instrument
        if instrument is not None:
            yield _totals(dossier, instrument, those, words)


def _totals(dossier: Dossier, instrument: Instrument, those: Sequence[Screened], words: Words) -> Chart:
    low, high = instrument.total_range
    span = Span.of(dossier)
    lines = [
        {"at": cutoff.at_least / high, "label": words.text("charts.cutoff", at_least=cutoff.at_least)}
        for cutoff in instrument.cutoffs
    ]
    return {
        "kind": "totals",
        "id": instrument.id,
        "title": words.text("charts.screenings", title=title_of(instrument)),
        "range": words.text("charts.range", low=low, high=high),
        "ticks": list(_ticks(low, high)),
        "names": list(span.names(words)),
        "lines": lines,
        "points": [_point(one, span, high) for one in those],
        "dangers": [span.place(one.at) for one in dossier.dangers],
        "danger": words.text("charts.danger"),
        "legend": _legend(those, words),
        "notes": [
            words.text(
                "charts.cutoff_note",
                at_least=cutoff.at_least,
                label=cutoff.label,
                population=cutoff.population,
                source=cutoff.source,
            )
            for cutoff in instrument.cutoffs
        ],
    }


def _point(one: Screened, span: Span, high: int) -> Mapping[str, object]:
    place = span.place(one.at)
    if one.score is None or one.score.total is None:
        return {"x": place, "y": 0, "mark": "none", "label": ""}
    mark = "hollow" if one.score.validity is Validity.PRORATED else "full"
    total = float(one.score.total)
    return {"x": place, "y": round(total / high, _DECIMALS), "mark": mark, "label": number(total)}


def _legend(those: Sequence[Screened], words: Words) -> Sequence[Mapping[str, str]]:
    validities = {None if one.score is None else one.score.validity for one in those}
    found = [{"mark": "full", "label": words.text("charts.legend_complete")}]
    if Validity.PRORATED in validities:
        found.append({"mark": "hollow", "label": words.text("charts.legend_prorated")})
    if validities - {Validity.COMPLETE, Validity.PRORATED}:
        found.append({"mark": "none", "label": words.text("charts.legend_none")})
    return found


def mood_chart(dossier: Dossier, words: Words) -> Chart | None:
    """Return shares of bright and heavy turns by week; None where nothing was said or may be shown."""
    if not dossier.moods or dossier.lacks(Part.MOODS) is not None:
        return None
    span = Span.of(dossier)
    weeks: dict[datetime, list[tuple[int, int, int]]] = {}
    for one in dossier.moods:
        monday = datetime.combine(one.day - timedelta(days=one.day.weekday()), time(), words.zone)
        weeks.setdefault(monday, []).append((one.turns, one.bright, one.heavy))
    bars = []
    for monday, those in weeks.items():
        turns, bright, heavy = (sum(column) for column in zip(*those, strict=True))
        ends = (span.place(monday), span.place(monday + timedelta(days=7)))
        bars.append(
            {
                "from": ends[0],
                "to": ends[1],
                "bright": round(bright / turns, _DECIMALS),
                "heavy": round(heavy / turns, _DECIMALS),
            }
        )
    return {
        "kind": "moods",
        "title": words.text("charts.mood"),
        "range": "",
        "names": list(span.names(words)),
        "bars": bars,
        "bright": words.text("charts.mood_bright"),
        "heavy": words.text("charts.mood_heavy"),
        "notes": [words.text("charts.mood_note")],
    }


def reading_charts(dossier: Dossier, words: Words) -> Iterator[Chart]:
    """Yield a chart for each kind of reading; both blood pressures in one."""
    kinds: dict[str, list[DayOfReadings]] = {}
    for one in dossier.days_of_readings:
        kinds.setdefault(one.kind, []).append(one)
    pressures = [kinds.pop(kind) for kind in _PRESSURES if kind in kinds]
    if pressures:
        unit = words.name("unit", pressures[0][0].unit)
        title = words.text("charts.blood_pressure", unit=unit)
        note = words.text("charts.blood_pressure_note")
        yield _readings(dossier, pressures, title, note, words)
    for kind, days in sorted(kinds.items()):
        title = reading_title(kind, days[0].unit, words)
        yield _readings(dossier, [days], title, words.text("charts.reading_note"), words)


def _readings(
    dossier: Dossier, several: Sequence[Sequence[DayOfReadings]], title: str, note: str, words: Words
) -> Chart:
    span = Span.of(dossier)
    every = [one for days in several for one in days]
    step = _step(min(one.least for one in every), max(one.most for one in every))
    low = math.floor(min(one.least for one in every) / step) * step
    high = max(math.ceil(max(one.most for one in every) / step) * step, low + step)

    def up(value: float) -> float:
        return round((value - low) / (high - low), _DECIMALS)

    return {
        "kind": "readings",
        "title": title,
        "range": "",
        "ticks": list(_ticks(low, high, step)),
        "names": list(span.names(words)),
        "series": [
            [
                {"x": span.noon(one.day, words), "y": up(one.mean), "low": up(one.least), "high": up(one.most)}
                for one in days
            ]
            for days in several
        ],
        "notes": [note],
    }


def _ticks(low: float, high: float, step: float | None = None) -> Iterator[Mapping[str, object]]:
    step = step or _step(low, high)
    for index in range(math.floor((high - low) / step) + 1):
        value = low + index * step
        yield {"at": round((value - low) / (high - low), _DECIMALS), "label": number(value)}


def _step(low: float, high: float) -> float:
    """Return a round distance between the lines of a chart: 1, 2 or 5 times a power of ten."""
    rough = max(high - low, 1e-9) / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next(factor for factor in (1, 2, 5, 10) if factor * power >= rough)
