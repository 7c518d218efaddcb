"""The eighth part: readings by day with what the rules say is to be looked at, and what hospitals recorded.

What stood beside mood is read after the rest is shown, of whoever had nights or glucose measured: drawing its interval
takes longer than all the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from statistics import fmean
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll

from companion.core.body import Association, LookedAt, Quarter
from companion.core.hospital import KeptHospitalRecord
from companion.dashboard.happenings import named
from companion.dashboard.screens.person.part import Part
from companion.dashboard.widgets.prose import BLANK, Line, Prose, heading, joined, muted, plain, strong
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.wiring.desk import Desk
from companion.wiring.person import PersonView, readings_of
from companion.wiring.reminders import zone_of
from companion.wiring.together import MEASURED, together, together_words

if TYPE_CHECKING:
    from companion.vitals.rules import Finding

_DAYS: Final = 28
_BESIDE_DAYS: Final = 90
"""A season: in four weeks there are hardly days enough for an interval."""
_SHOWN_DAYS: Final = 7
_FINDINGS: Final = 20
_RECORDS: Final = 60
_Found: TypeAlias = "tuple[LookedAt, Sequence[Finding], Sequence[KeptHospitalRecord]]"


class ReadingsPart(Part):
    """Days of readings."""

    ID: ClassVar[str] = "part-readings"

    def __init__(self) -> None:
        super().__init__()
        self._view: PersonView | None = None

    def compose(self) -> ComposeResult:
        """Put both beside each other, or below."""
        pair = Container(Prose(id="readings"), Prose(id="hospital"), classes="pair")
        beside = StateView(Prose(id="beside"), id="beside-state")
        beside.display = False
        yield StateView(VerticalScroll(pair, beside), id=f"{self.ID}-state")

    def begin(self, view: PersonView) -> None:
        """Read four weeks, and the newest of what hospitals recorded."""
        self._view = view
        self.read(partial(_read, view=view), self.show)

    def show(self, found: _Found) -> None:
        """Show what is to be looked at, then the last days of each kind."""
        seen, findings, recorded = found
        if self._view is None:
            return
        if any(seen.quarters.values()):
            lines = [*_findings(findings), *_kinds(seen, self._view), muted(say("person.readings_no_diagnosis"))]
        else:
            lines = [heading(say("person.findings")), plain(say("person.readings_none"))]
        self.query_one("#readings", Prose).write(lines)
        self.query_one("#hospital", Prose).write(list(_hospital(recorded, self._view)))
        if any(seen.quarters.get(kind) for kind in MEASURED):
            self.query_one("#beside-state", StateView).display = True
            reading = partial(_read_beside, view=self._view)
            self.read(reading, self.show_beside, into="#beside-state", group="beside")

    def show_beside(self, found: Sequence[Association]) -> None:
        """Show what stood beside mood, with the caution."""
        words = together_words()
        told = [plain(words.sentence(one)) for one in found]
        lines = [heading(say("person.beside", days=_BESIDE_DAYS)), *told, muted(words.caution)]
        self.query_one("#beside", Prose).write(lines)


def _hospital(recorded: Sequence[KeptHospitalRecord], view: PersonView) -> Iterator[Line]:
    yield heading(say("person.hospital"))
    if not recorded:
        yield plain(say("person.hospital_none"))
    for one in recorded:
        record = one.record
        old = f"  {say('person.hospital_old')}" if record.is_old(view.at) else ""
        title = f"{named('hospital', record.kind)}: {record.text or say('person.hospital_nameless')}"
        yield joined(plain(title), strong(f"  {record.value}" if record.value else ""), muted(old))
        yield muted(f"  {record.occurred[:10]}  {record.status}".rstrip())


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


def _read(desk: Desk, view: PersonView) -> _Found:
    seen, findings = readings_of(desk, view.person, _DAYS)
    return seen, findings, desk.viewer.hospital_records(view.person.id, limit=_RECORDS)


def _read_beside(desk: Desk, view: PersonView) -> Sequence[Association]:
    return together(desk.viewer, view.person, days=_BESIDE_DAYS)
