"""What was measured beside the mood of the same days, on paper: figures, and a caution above them."""

from __future__ import annotations

from collections.abc import Sequence

from companion.core.body import Association
from companion.exchange.dossier import Dossier, Part
from companion.exchange.report.layout import Cell, Section, column, table
from companion.exchange.report.words import Words


def together(dossier: Dossier, words: Words) -> Section | None:
    """Return a line for each measure; None where mood or readings are left out."""
    if dossier.lacks(Part.MOODS) is not None or dossier.lacks(Part.READINGS) is not None:
        return None
    columns = [
        column(words.text("together.measure"), "1fr"),
        column(words.text("together.days"), "18mm", "right"),
        column(words.text("together.coefficient"), "18mm", "right"),
        column(words.text("together.interval"), "26mm", "right"),
        column(words.text("together.shown"), "2fr"),
    ]
    rows = [_row(one, words) for one in dossier.together]
    none = words.text("together.none")
    return table(words.text("together.title"), columns, rows, intro=words.together.caution, none=none)


def _row(one: Association, words: Words) -> Sequence[Cell]:
    figures = ["", ""]
    if one.coefficient is not None:
        interval = words.text("together.interval_value", low=f"{one.low:.2f}", high=f"{one.high:.2f}")
        figures = [f"{one.coefficient:.2f}", interval]
    days = words.text("together.days_value", days=one.days)
    return [words.together.measures[one.measure], days, *figures, words.together.shown(one)]
