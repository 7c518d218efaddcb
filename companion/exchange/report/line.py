"""One line of time on paper: in each row a week or a month, and beside each other what happened in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean
from typing import Final

from companion.exchange.dossier import DayOfReadings, Dossier, Part
from companion.exchange.report.layout import Cell, Section, column, marked, table
from companion.exchange.report.opening import total_of
from companion.exchange.report.words import Words, number, title_of
from companion.exchange.stretches import Stretch, stretches
from companion.screening.record import Status

_RECORDS: Final = 4
"""Of hospitals that are named in one row; the others are counted, and stand in their own table."""
_PRESSURES: Final = ("systolic", "diastolic")
_FINE: Final = frozenset({"weight", "spo2"})
"""Kinds of which a tenth says something."""


def line(dossier: Dossier, words: Words) -> Section:
    """Return the line of a dossier; a column of what is left out, or of what never was, is not there."""
    rows = [(one, {name: cell(one, dossier, words) for name, cell in _CELLS.items()}) for one in stretches(dossier)]
    shown = [name for name in _CELLS if not _is_closed(name, dossier) and any(cells[name] for _, cells in rows)]
    columns = [
        column(words.text("line.when"), "22mm"),
        *(column(words.text(f"line.{name}"), _WIDTHS[name]) for name in shown),
    ]
    told = [[_when(one, words), *(cells[name] for name in shown)] for one, cells in rows]
    return table(words.text("line.title"), columns, told, intro=words.text("line.intro"))


def _is_closed(name: str, dossier: Dossier) -> bool:
    parts = _PARTS.get(name, ())
    return bool(parts) and all(dossier.lacks(part) is not None for part in parts)


def _when(one: Stretch, words: Words) -> str:
    if one.is_month:
        return words.text("line.month", year=one.first.year, month=one.first.month)
    return words.day(one.first)


def _talks(one: Stretch, dossier: Dossier, words: Words) -> Cell:
    turns = sum(talk.turns for talk in one.talks)
    if not one.talks:
        return ""
    told = words.text("line.talks_value", count=len(one.talks))
    if not turns or dossier.lacks(Part.MOODS) is not None:
        return told
    bright = round(100 * sum(talk.bright for talk in one.talks) / turns)
    heavy = round(100 * sum(talk.heavy for talk in one.talks) / turns)
    return marked(told, words.text("line.moods", bright=bright, heavy=heavy))


def _screenings(one: Stretch, _dossier: Dossier, words: Words) -> Cell:
    return [*_asked(one, words), *_signs(one, words)]


def _asked(one: Stretch, words: Words) -> Iterator[str]:
    for each in one.screenings:
        title = each.screening.instrument if each.instrument is None else title_of(each.instrument)
        done = each.status is Status.COMPLETE
        yield f"{title} {total_of(each, words) if done else words.name('status', each.status)}"


def _signs(one: Stretch, words: Words) -> Iterator[str]:
    signs = Counter(each.observation.sign for each in one.observations)
    for sign, count in signs.items():
        yield words.text("line.sign", sign=words.name("sign", sign), count=count)


def _dangers(one: Stretch, _dossier: Dossier, words: Words) -> Cell:
    return [*_found(one, words), *([words.text("line.alerts", count=len(one.alerts))] if one.alerts else [])]


def _found(one: Stretch, words: Words) -> Iterator[str]:
    counted = Counter((each.level, each.kind) for each in one.dangers)
    for (level, kind), count in counted.items():
        fields = {"level": words.name("level", level), "kind": words.name("kind", kind), "count": count}
        yield words.text("line.danger", **fields)


def _activities(one: Stretch, _dossier: Dossier, words: Words) -> Cell:
    done = sum(each.outcome == "done" for each in one.activities)
    return words.text("line.activities_value", offered=len(one.activities), done=done) if one.activities else ""


def _readings(one: Stretch, _dossier: Dossier, words: Words) -> Cell:
    return ", ".join(_measured(one, words))


def _measured(one: Stretch, words: Words) -> Iterator[str]:
    kinds: dict[str, list[DayOfReadings]] = {}
    for each in one.days_of_readings:
        kinds.setdefault(each.kind, []).append(each)
    means = {kind: _mean(kind, days) for kind, days in kinds.items()}
    if all(kind in means for kind in _PRESSURES):
        yield words.text("line.pressure", value="/".join(means.pop(kind) for kind in _PRESSURES))
    for kind, mean in sorted(means.items()):
        unit = words.name("unit", kinds[kind][0].unit)
        yield words.text("line.reading", kind=words.name("reading", kind), value=mean, unit=unit)


def _mean(kind: str, days: Sequence[DayOfReadings]) -> str:
    mean = fmean([one.mean for one in days], [one.count for one in days])
    return number(mean if kind in _FINE else round(mean))


def _hospital(one: Stretch, _dossier: Dossier, words: Words) -> Cell:
    return list(_recorded(one, words))


def _recorded(one: Stretch, words: Words) -> Iterator[str]:
    for each in one.hospital[:_RECORDS]:
        unit = "" if each.unit.startswith("{") or each.value.endswith(each.unit) else each.unit
        told = f"{each.text} {each.value}{unit}".strip()
        yield words.text("line.record", kind=words.name("hospital", each.kind), text=told)
    if len(one.hospital) > _RECORDS:
        yield words.text("line.records_more", count=len(one.hospital) - _RECORDS)


_CELLS: Final[Mapping[str, Callable[[Stretch, Dossier, Words], Cell]]] = {
    "talks": _talks,
    "screenings": _screenings,
    "dangers": _dangers,
    "activities": _activities,
    "readings": _readings,
    "hospital": _hospital,
}
_PARTS: Final[Mapping[str, Sequence[Part]]] = {
    "talks": (Part.TALKS,),
    "screenings": (Part.SCREENINGS, Part.OBSERVATIONS),
    "activities": (Part.ACTIVITIES,),
    "readings": (Part.READINGS,),
    "hospital": (Part.HOSPITAL,),
}
"""Of which a column is made; dangers and alerts are always open."""
_WIDTHS: Final[Mapping[str, str]] = {
    "talks": "1.2fr",
    "screenings": "1.1fr",
    "dangers": "1.2fr",
    "activities": "1fr",
    "readings": "1.4fr",
    "hospital": "1.4fr",
}
