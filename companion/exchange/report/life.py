"""Activities and their effect, readings by month, hospital records and consents, on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean
from typing import Final

from companion.core.hospital import Kind
from companion.core.life import Activity, Outcome
from companion.exchange.dossier import DayOfReadings, Dossier, HospitalRecord, Part
from companion.exchange.report.layout import Cell, Section, column, marked, table
from companion.exchange.report.words import Words, number

_PRESSURES: Final = ("systolic", "diastolic")


def activities(dossier: Dossier, words: Words) -> Section | None:
    """Return each activity with how often and with what effect; None where it is left out."""
    if dossier.lacks(Part.ACTIVITIES) is not None:
        return None
    names = ("offered", "done", "stopped", "refused", "before", "after", "difference")
    columns = [
        column(words.text("activities.activity"), "1fr"),
        *(column(words.text(f"activities.{name}"), "auto", "right") for name in names),
        column(words.text("activities.last"), "22mm"),
    ]
    by_script: dict[str, list[Activity]] = {}
    for one in dossier.activities:
        by_script.setdefault(one.script, []).append(one)
    rows = [_activity(script, those, words) for script, those in sorted(by_script.items())]
    intro, none = words.text("activities.intro"), words.text("activities.none")
    return table(words.text("activities.title"), columns, rows, intro=intro, none=none)


def _activity(script: str, those: Sequence[Activity], words: Words) -> Sequence[Cell]:
    outcomes = [one.outcome for one in those]
    felt = [
        (one.mood_before, one.mood_after) for one in those if one.mood_before is not None and one.mood_after is not None
    ]
    before, after = (fmean(side) for side in zip(*felt, strict=True)) if felt else (None, None)
    moods = ["", "", ""]
    if before is not None and after is not None:
        moods = [number(before), number(after), ("+" if after > before else "") + number(after - before)]
    counted = [outcomes.count(outcome) for outcome in (Outcome.DONE, Outcome.STOPPED, Outcome.REFUSED)]
    title = words.activities.get(script, script)
    return [title, str(len(those)), *map(str, counted), *moods, words.day(those[-1].at)]


def readings(dossier: Dossier, words: Words) -> Section | None:
    """Return readings by month, kinds beside each other; None where they are left out.

    Every day is in the charts and in the tables that are exported.
    """
    if dossier.lacks(Part.READINGS) is not None:
        return None
    units = {one.kind: one.unit for one in dossier.days_of_readings}
    kinds = sorted(units, key=lambda kind: (kind not in _PRESSURES, kind != _PRESSURES[0], kind))
    columns = [
        column(words.text("readings.span"), "26mm"),
        *(column(reading_title(kind, units[kind], words), "1fr", "right") for kind in kinds),
    ]
    rows = list(_months(dossier.days_of_readings, kinds, words))
    intro, none = words.text("readings.intro"), words.text("readings.none")
    return table(words.text("readings.title"), columns, rows, intro=intro, none=none)


def _months(days: Sequence[DayOfReadings], kinds: Sequence[str], words: Words) -> Iterator[Sequence[Cell]]:
    months: dict[tuple[int, int], dict[str, list[DayOfReadings]]] = {}
    for one in days:
        months.setdefault((one.day.year, one.day.month), {}).setdefault(one.kind, []).append(one)
    for (year, month), by_kind in sorted(months.items()):
        cells = [_month(by_kind[kind], words) if kind in by_kind else "" for kind in kinds]
        yield [words.text("readings.month", year=year, month=month), *cells]


def _month(those: Sequence[DayOfReadings], words: Words) -> Cell:
    least, most = min(one.least for one in those), max(one.most for one in those)
    mean = fmean([one.mean for one in those], [one.count for one in those])
    span = words.text("readings.between", least=number(least), most=number(most))
    count = sum(one.count for one in those)
    return marked(number(mean), span, words.text("readings.counted", days=len(those), count=f"{count:,}"))


def reading_title(kind: str, unit: str, words: Words) -> str:
    """Return a kind of reading with its unit."""
    return words.text("charts.reading", kind=words.name("reading", kind), unit=words.name("unit", unit))


def hospital(dossier: Dossier, words: Words) -> Section | None:
    """Return what hospitals recorded, as they wrote it; None where there is nothing.

    Answers to single items of their forms are in the tables that are exported, not here.
    """
    those = [one for one in dossier.hospital if one.kind != Kind.ANSWER]
    if not those:
        return None
    columns = [
        column(words.text("hospital.at"), "22mm"),
        column(words.text("hospital.kind"), "20mm"),
        column(words.text("hospital.text"), "2fr"),
        column(words.text("hospital.value"), "1fr"),
        column(words.text("hospital.source"), "1fr"),
    ]
    rows = [_of_hospital(one, words) for one in those]
    return table(words.text("hospital.title"), columns, rows, intro=words.text("hospital.intro"))


def _of_hospital(one: HospitalRecord, words: Words) -> Sequence[Cell]:
    code = [f"{one.system.rpartition('/')[2]} {one.code}".strip()] if one.code else []
    old = [words.text("hospital.old")] if one.old else []
    unit = "" if one.unit.startswith("{") else one.unit  # an annotation of UCUM, such as {score}, is no unit
    return [
        "" if one.at is None else words.day(one.at),
        words.name("hospital", one.kind),
        marked(one.text, *code, *old),
        one.value if one.value.endswith(unit) else f"{one.value} {unit}",
        one.source,
    ]


def consents(dossier: Dossier, words: Words) -> Section:
    """Return every decision, and whether it stands."""
    columns = [
        column(words.text("consents.at"), "32mm"),
        column(words.text("consents.item"), "1fr"),
        column(words.text("consents.answer"), "18mm"),
        column(words.text("consents.giver"), "1.4fr"),
        column(words.text("consents.stands"), "14mm", "center"),
    ]
    rows = []
    for one in dossier.consents:
        item = words.name("item", one.item)
        giver = words.text(
            "consents.giver_value",
            giver=words.name("giver", one.giver),
            name=one.giver_name,
            manner=words.name("manner", one.manner),
        )
        stands = words.text("consents.yes" if one in dossier.standing else "consents.no")
        named = f"{item} ({one.named})" if one.named else item
        rows.append([words.moment(one.at), named, words.name("answer", one.answer), giver, stands])
    return table(words.text("consents.title"), columns, rows)
