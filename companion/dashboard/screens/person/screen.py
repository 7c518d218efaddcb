"""One person: who and why now in the first lines, then parts by digit, each read when it is first looked at.

Whose record is not open to whoever is here is never shown: the door refuses the reading, and nothing stands here
before a reading was let in, the name neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget

from companion.dashboard.keys import both
from companion.dashboard.messages import AppearanceChanged
from companion.dashboard.needs import STYLES, level_words, why_of
from companion.dashboard.screens.person.part import PARTS, SUMMARY, OverTime, Part
from companion.dashboard.screens.place import Place
from companion.dashboard.widgets.masthead import Masthead
from companion.dashboard.widgets.prose import Line, Prose, joined, muted, plain, strong
from companion.dashboard.widgets.state import StateView
from companion.dashboard.widgets.tab_line import TabLine
from companion.dashboard.words import say
from companion.wiring.person import PersonView, person_opened, person_view


class PersonScreen(Place):
    """One person's page.

    Args:
        person_id: Whose.
        part: Id of the part to begin with.
    """

    ID: ClassVar[str] = "person"
    AUTO_FOCUS = ""
    """The keys go to what is read or chosen from, once it is there: ``settle``."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,backspace", "back", say("key.back")),
        *(Binding(one.key, f"part('{one.id}')", say(f"person.part.{one.id}"), show=False) for one in PARTS),
        Binding(both("p"), "span", say("person.span.key")),
        Binding(both("x"), "export", say("export.key")),
        Binding("left_square_bracket", "step(-1)", say("key.previous_tab"), show=False),
        Binding("right_square_bracket", "step(1)", say("key.next_tab"), show=False),
    ]

    def __init__(self, person_id: str, part: str = PARTS[0].id) -> None:
        super().__init__()
        self.person_id = person_id
        self.view: PersonView | None = None
        self.part_id = part
        self._begun: set[str] = set()
        self._to_content = True
        """Whether the keys are to go to the part that is shown, once something is in it."""

    def content(self) -> Iterable[Widget]:
        """Yield who it is, the tabs, and room for the parts."""
        tabs = [(one.id, f"{one.key} {say(f'person.part.{one.id}')}") for one in PARTS]
        yield StateView(
            Prose(id="who"),
            TabLine(tabs, self.part_id, id="tabs"),
            Vertical(_made(self.part_id), id="parts"),
            id="person",
            classes="body",
        )

    def begin(self) -> None:
        """Read the person; may be called before the screen is shown."""
        reading = person_opened if self.part_id == SUMMARY else person_view
        self.read("page", partial(reading, person_id=self.person_id), self.show, into="#person")

    def on_mount(self) -> None:
        """Say who is here, and read the person where that was not begun yet."""
        super().on_mount()
        if self.view is None and not self.is_wanted("page"):
            self.begin()

    # What is shown

    async def show(self, view: PersonView) -> None:
        """Show who it is and why now, and read the part that is looked at."""
        self.view = view
        self._begun.clear()
        self.query_one(Masthead).retitle(view.row.name)
        self.query_one("#who", Prose).write(_who_lines(view, self.dashboard.door.now()))
        await self._show_part(self.part_id)

    async def _show_part(self, part_id: str) -> None:
        self.part_id = self.query_one(TabLine).active = part_id
        room = self.query_one("#parts", Vertical)
        if not room.query(f"#{part_id}"):
            await room.mount(_made(part_id))
        for one in room.query(Part):
            one.set_class(one.id == part_id, "-shown")
        if self.view is not None and part_id not in self._begun:
            self._begun.add(part_id)
            self.query_one(f"#{part_id}", Part).begin(self.view)
        self.call_after_refresh(self.settle)

    def settle(self) -> None:
        """Give the keys to what is shown now, where somebody came for it and something can be read or chosen."""
        shown = self._shown_part()
        if self._to_content and shown is not None and shown.take_focus():
            self._to_content = False
        self.refresh_bindings()

    def _shown_part(self) -> Part | None:
        return next(iter(self.query(f"#{self.part_id}").results(Part)), None)

    def reload(self) -> None:
        """Read the page anew; the part that is shown follows, the others when they are looked at."""
        self.begin()

    # Keys

    @on(TabLine.Chosen)
    async def to_tab(self, event: TabLine.Chosen) -> None:
        """Show the part that was clicked or gone to in their line."""
        await self._go_to(event.tab_id)

    async def action_part(self, part_id: str) -> None:
        """Show a part."""
        self._to_content = True
        await self._go_to(part_id)

    async def action_step(self, step: int) -> None:
        """Show the part beside."""
        ids = [one.id for one in PARTS]
        await self.action_part(ids[(ids.index(self.part_id) + step) % len(ids)])

    async def _go_to(self, part_id: str) -> None:
        if self.view is not None and part_id != self.part_id:
            await self._show_part(part_id)
        else:
            self.settle()

    def action_span(self) -> None:
        """Show a longer time, where the part shows a time."""
        shown = self._shown_part()
        if isinstance(shown, OverTime):
            shown.next_span()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the key of the time only where a time is shown."""
        if action == "span":
            return isinstance(self._shown_part(), OverTime)
        return super().check_action(action, parameters)

    def action_export(self) -> None:
        """Ask how the record is to be taken out."""
        if self.view is not None:
            from companion.dashboard.screens.export import export_form

            said = partial(say, "export.done")
            self.app.push_screen(export_form(self.view.person, lambda path: self.notify(said(path=path), timeout=15)))

    def action_back(self) -> None:
        """Go back to where one came from."""
        self.app.pop_screen()

    def on_appearance_changed(self, message: AppearanceChanged) -> None:
        """Show it in the new colours and size."""
        message.stop()
        for one in self.query(Part):
            one.redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the parts to the window."""
        super().on_resize(event)
        for one in self.query(Part):
            one.redraw()


def _made(part_id: str) -> Part:
    made = next(one for one in PARTS if one.id == part_id).make()
    made.add_class("-shown")
    return made


def _who_lines(view: PersonView, here: datetime) -> Iterable[Line]:
    person, need = view.person, view.need
    about = [person.address if person.address != view.row.name else ""]
    if person.birth_year is not None:
        about.append(say("person.age", age=view.at.year - person.birth_year))
    about.append(person.group)
    if view.at.utcoffset() != here.utcoffset():
        about.append(say("person.zone", zone=person.zone))
    level = strong(level_words(need.gravity).strip(), STYLES[need.gravity])
    yield joined(strong(view.row.name), "  ", level, "  ", muted("  ".join(one for one in about if one)))
    told = why_of(view.row, need, view.at)
    yield plain(told) if need.because else muted(told)
