"""The eighth part: readings of wearables and meters by day, and what the rules say is to be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from statistics import fmean
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from companion.core.body import LookedAt, Quarter
from companion.dashboard.happenings import named
from companion.dashboard.screens.person.part import Part
from companion.dashboard.widgets.prose import BLANK, Line, Prose, heading, muted, plain, strong
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.wiring.desk import Desk
from companion.wiring.person import PersonView, readings_of
from companion.wiring.reminders import zone_of

if TYPE_CHECKING:
    from companion.vitals.rules import Finding

_DAYS: Final = 28
_SHOWN_DAYS: Final = 7
_FINDINGS: Final = 20


class ReadingsPart(Part):
    """Days of readings."""

    ID: ClassVar[str] = "part-readings"

    def __init__(self) -> None:
        super().__init__()
        self._view: PersonView | None = None

    def compose(self) -> ComposeResult:
        """Put them below each other."""
        yield StateView(VerticalScroll(Prose(id="readings")), id=f"{self.ID}-state")

    def begin(self, view: PersonView) -> None:
        """Read four weeks."""
        self._view = view
        self.read(partial(_read, view=view), self.show)

    def show(self, found: tuple[LookedAt, Sequence[Finding]]) -> None:
        """Show what is to be looked at, then the last days of each kind."""
        seen, findings = found
        if self._view is None or not any(seen.quarters.values()):
            self.query_one(StateView).empty(say("person.readings_none"))
            return
        lines = [*_findings(findings), *_kinds(seen, self._view), muted(say("person.readings_no_diagnosis"))]
        self.query_one("#readings", Prose).write(lines)


def _findings(findings: Sequence[Finding]) -> Iterator[Line]:
    yield heading(say("person.findings"))
    if not findings:
        yield plain(say("person.findings_none"))
    for one in findings[:_FINDINGS]:
        note = one.note.format_map({**one.fields, "kind": named("reading", one.kind)})
        yield strong(f"!! {note}", "error") if one.meaning == "urgent" else plain(f"-  {note}")
    if len(findings) > _FINDINGS:
        yield muted(say("person.findings_more", count=len(findings) - _FINDINGS))
    yield BLANK


def _kinds(seen: LookedAt, view: PersonView) -> Iterator[Line]:
    for kind, quarters in seen.quarters.items():
        if not quarters:
            continue
        yield heading(named("reading", kind))
        for day, of_day in list(_days(quarters, view).items())[-_SHOWN_DAYS:]:
            yield plain(say("person.reading_day", day=day, **_figures(of_day)))
        yield BLANK


def _days(quarters: Sequence[Quarter], view: PersonView) -> Mapping[str, list[Quarter]]:
    zone, days = zone_of(view.person), dict[str, list[Quarter]]()
    for one in quarters:
        days.setdefault(f"{one.at.astimezone(zone):%m-%d}", []).append(one)
    return days


def _figures(quarters: Sequence[Quarter]) -> Mapping[str, object]:
    return {
        "count": sum(one.count for one in quarters),
        "least": f"{min(one.least for one in quarters):g}",
        "mean": f"{fmean([one.mean for one in quarters], [one.count for one in quarters]):.1f}",
        "most": f"{max(one.most for one in quarters):g}",
    }


def _read(desk: Desk, view: PersonView) -> tuple[LookedAt, Sequence[Finding]]:
    return readings_of(desk, view.person, _DAYS)
