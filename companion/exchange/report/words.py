"""The words of a report: sentences with slots, and names of codes, all from ``prompts/reports/report.ko.toml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Final

from companion.core.together import TogetherWords
from companion.exchange.dossier import Dossier
from companion.screening.instrument import Instrument

_MOMENT: Final = timedelta(microseconds=1)


class Words:
    """Over one table of sentences.

    Args:
        table: ``prompts/reports/report.ko.toml``.
        activities: Titles of activities by script.
        numbers: ``numbers`` of ``prompts/safety/numbers.toml``.
        together: Sentences about what was measured beside mood.
        zone: In which moments are shown.
    """

    def __init__(
        self,
        table: Mapping[str, Any],
        *,
        activities: Mapping[str, str],
        numbers: Mapping[str, Mapping[str, Any]],
        together: TogetherWords,
        zone: tzinfo,
    ) -> None:
        self._table = table
        self.activities = activities
        self.numbers = numbers
        self.together = together
        self.zone = zone

    def text(self, key: str, **fields: object) -> str:
        """Return a sentence by its dotted key with its slots filled.

        Raises:
            KeyError: There is no such sentence, or a slot of it is not filled.
        """
        section, _, name = key.partition(".")
        return str(self._table[section][name]).format(**fields)

    def lines(self, key: str) -> Sequence[str]:
        """Return several sentences by their dotted key."""
        section, _, name = key.partition(".")
        return [str(line) for line in self._table[section][name]]

    def labels(self, section: str) -> Mapping[str, str]:
        """Return all sentences of a section that are one text each: headings for a layout."""
        return {name: text for name, text in self._table[section].items() if isinstance(text, str)}

    def name(self, kind: str, code: str) -> str:
        """Return what a code is called; the code itself where nothing says so."""
        return str(self._table["word"][kind].get(code, code))

    def day(self, at: datetime | date) -> str:
        """Return a day in the person's zone."""
        return (at.astimezone(self.zone).date() if isinstance(at, datetime) else at).isoformat()

    def moment(self, at: datetime) -> str:
        """Return a day and a time in the person's zone."""
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def last_day(self, dossier: Dossier) -> date:
        """Return the last day of a window that ends before its end."""
        return (max(dossier.until - _MOMENT, dossier.since)).astimezone(self.zone).date()

    def first_day(self, dossier: Dossier) -> date:
        """Return the first day of a window."""
        return dossier.since.astimezone(self.zone).date()


def title_of(instrument: Instrument) -> str:
    """Return the short title of an instrument, without what it is in brackets."""
    return instrument.title.split(" (")[0]


def number(value: float) -> str:
    """Return a number with at most one decimal, none where it is whole, and thousands apart."""
    rounded = round(float(value), 1)
    return f"{int(rounded):,}" if rounded.is_integer() else f"{rounded:,.1f}"
