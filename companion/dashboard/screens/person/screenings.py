"""The fourth part: every screening, and each of its answers word for word, with who decided and how sure that was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.widgets import DataTable

from companion.dashboard.happenings import figure_words, named
from companion.dashboard.screens.person.part import Part
from companion.dashboard.times import moment
from companion.dashboard.titles import instrument_title
from companion.dashboard.widgets.prose import BLANK, Line, Prose, heading, joined, muted, plain, quote, strong
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.wiring.desk import Desk
from companion.wiring.person import PersonView, ScreeningView, screening_view

if TYPE_CHECKING:
    from companion.screening.record import Answer
    from companion.store.screenings import KeptScreening

_LISTED: Final = 60


class ScreeningsPart(Part):
    """Which screenings, and one of them item by item."""

    ID: ClassVar[str] = "part-screenings"

    def __init__(self) -> None:
        super().__init__()
        self._view: PersonView | None = None

    def compose(self) -> ComposeResult:
        """Put the list beside the answers, or above them."""
        table: DataTable[object] = DataTable(id="screenings", cursor_type="row")
        answers = StateView(VerticalScroll(Prose(id="answers")), id="answers-state")
        yield StateView(Container(table, answers, classes="list-and-one"), id=f"{self.ID}-state")

    def begin(self, view: PersonView) -> None:
        """Read the list."""
        self._view = view
        self.read(partial(_read, person_id=view.person.id), self.show)

    def show(self, found: Sequence[KeptScreening]) -> None:
        """Show the list; the newest is the one that is shown item by item."""
        if not found:
            self.query_one(f"#{self.ID}-state", StateView).empty(say("person.screenings_none"))
            return
        table: DataTable[object] = self.query_one("#screenings", DataTable)
        table.clear(columns=True)
        for key, width in (("when", 15), ("instrument", 8), ("status", 20)):
            table.add_column(say(f"person.screenings_column.{key}"), key=key, width=width)
        now = found[0].at if self._view is None else self._view.at
        for one in found:
            status = named("screening_status", one.screening.status)
            table.add_row(moment(one.at, now), instrument_title(one.screening.instrument), status, key=one.id)

    @on(DataTable.RowHighlighted, "#screenings")
    def read_one(self, event: DataTable.RowHighlighted) -> None:
        """Read the screening that the cursor is on."""
        if event.row_key is not None and event.row_key.value:
            reading = partial(_read_one, screening_id=event.row_key.value)
            self.read(reading, self.show_one, into="#answers-state", group="answers")

    def show_one(self, found: ScreeningView) -> None:
        """Show it item by item."""
        now = found.kept.at if self._view is None else self._view.at
        self.query_one("#answers", Prose).write(
            [
                heading(f"{instrument_title(found.kept.screening.instrument)}  {moment(found.kept.at, now)}"),
                *_head(found),
                *_score(found),
                BLANK,
                *_answers(found),
            ]
        )


def _head(found: ScreeningView) -> Iterator[Line]:
    screening = found.kept.screening
    yield plain(
        say(
            "screening.head",
            status=named("screening_status", screening.status),
            asker=named("asker", screening.asked_by),
            mode=named("mode", found.kept.mode),
        )
    )
    if screening.suspended_by:
        yield strong(say("screening.suspended", why=named("suspended_by", screening.suspended_by)), "warning")


def _score(found: ScreeningView) -> Iterator[Line]:
    score = found.score
    if score is None:
        yield plain(say("screening.other_version", version=found.kept.screening.version))
        return
    for part in score.subscales:
        if part.total is not None:
            yield plain(say("screening.subscale", title=part.title, total=part.total))
    if score.total is None:
        key = f"screening.no_total.{score.validity}"
        yield plain(say(key, raw=score.raw_sum, answered=score.answered))
        return
    band = "" if score.band is None else score.band.label
    yield strong(say("screening.total", total=figure_words(float(score.total)), band=band))
    if score.band is not None:
        yield muted(say("screening.source", source=score.band.source))
    for one in score.cutoffs:
        yield plain(say("screening.cutoff", at_least=one.at_least, label=one.label))
        yield muted(say("screening.found_for", population=one.population, source=one.source))
    if found.change is not None:
        points = float(found.change.points)
        yield plain(say("screening.change", points=f"{points:+g}", meaning=_meaning(found.change.reliable)))


def _meaning(reliable: bool | None) -> str:  # noqa: FBT001 - as the change says it
    return say("screening.change_unknown" if reliable is None else f"screening.change_{str(reliable).lower()}")


def _answers(found: ScreeningView) -> Iterator[Line]:
    for number, answer in enumerate(found.kept.screening.answers, 1):
        item = None if found.instrument is None else found.instrument.by_id.get(answer.item)
        yield strong(say("screening.item", number=number) if item is None else f"{item.number}. {item.text}")
        yield from _one_answer(answer)
        yield BLANK


def _one_answer(answer: Answer) -> Iterator[Line]:
    if answer.reply:
        yield quote(answer.reply)
    chosen = answer.option_text or named("item_outcome", answer.outcome)
    points = say("screening.points", score=answer.score) if answer.score is not None else ""
    yield joined("  → ", chosen, " ", strong(points))
    decided = say(
        "screening.decided",
        decider=named("decider", answer.decider or "nobody"),
        confirmed=named("confirmed", answer.confirmed),
        confidence=f"{answer.confidence:.2f}",
    )
    yield muted(f"  {decided}")
    if answer.superseded:
        yield muted(f"  {say('screening.superseded')}")
    if len(answer.replies) > 1:
        for said in answer.replies:
            yield muted(f"    {say('screening.exchange', asked=said.asked, reply=said.reply)}")


def _read(desk: Desk, person_id: str) -> Sequence[KeptScreening]:
    return desk.viewer.screenings(limit=_LISTED, person_id=person_id)


def _read_one(desk: Desk, screening_id: str) -> ScreeningView:
    return screening_view(desk, screening_id)
