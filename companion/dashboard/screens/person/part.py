"""What every part of a person's page is: read when it is first looked at, in one of four states."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar, cast

from textual.containers import Vertical

from companion.core.overview import Allowed
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.wiring.desk import Desk
from companion.wiring.person import PersonView

if TYPE_CHECKING:
    from companion.dashboard.screens.person.screen import PersonScreen

T = TypeVar("T")


class Part(Vertical):
    """One part; composes a ``StateView`` whose id is its own with ``-state`` behind it."""

    DEFAULT_CSS = "Part { height: 1fr; display: none; } Part.-shown { display: block; }"
    ID: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__(id=self.ID)

    @property
    def page(self) -> PersonScreen:
        """The page it stands on."""
        return cast("PersonScreen", self.screen)

    def read(
        self,
        reading: Callable[[Desk], T],
        show: Callable[[T], Awaitable[None] | None],
        *,
        into: str = "",
        group: str = "",
    ) -> None:
        """Read on a thread and show; see ``Reads.read``.

        Args:
            reading: Called on a thread.
            show: Called here.
            into: Selector of a view; by default that of the part.
            group: Which reading; by default that of the part.
        """
        self.page.read(group or self.ID, reading, show, into=into or f"#{self.ID}-state")

    def begin(self, view: PersonView) -> None:
        """Read what it shows: called when it is first looked at, and whenever the page was read anew."""

    def redraw(self) -> None:
        """Show it in other colours or another size."""

    def take_focus(self) -> bool:
        """Give the keys to what is read or chosen from; return whether there is such a thing yet."""
        for one in self.query("*"):
            views = (view for view in one.ancestors if isinstance(view, StateView))
            if one.focusable and all(view.shows_content for view in views):
                one.focus()
                return True
        return False


class OverTime(Part):
    """A part that shows the last days, and more of them at a key."""

    SPANS: ClassVar[tuple[int, ...]] = ()
    """Days, the first ones first shown."""

    def __init__(self) -> None:
        super().__init__()
        self.days = self.SPANS[0]
        self.view: PersonView | None = None

    def next_span(self) -> None:
        """Show the next of the spans, then the first again."""
        self.days = self.SPANS[(self.SPANS.index(self.days) + 1) % len(self.SPANS)]
        if self.view is not None:
            self.begin(self.view)

    def note_allowed(self, allowed: Allowed) -> str:
        """Return which days are shown, and what of them is not, because it was not agreed to."""
        closed = [
            say(f"person.closed.{name}")
            for name, is_open in (("conversation", allowed.conversation), ("health", allowed.health))
            if not is_open
        ]
        return " ".join([say("person.span.days", count=self.days), *closed])


@dataclass(frozen=True, slots=True)
class PartOf:
    """One part with its key."""

    id: str
    key: str
    """A digit."""
    module: str
    part: str

    def make(self) -> Part:
        """Return the part, loaded when it is first looked at."""
        module = import_module(f"companion.dashboard.screens.person.{self.module}")
        made: Part = getattr(module, self.part)()
        return made


SUMMARY: Final = "part-summary"
"""Read together with the page, so that a page begins with it."""
PARTS: Final = (
    PartOf(SUMMARY, "1", "summary", "SummaryPart"),
    PartOf("part-timeline", "2", "timeline", "TimelinePart"),
    PartOf("part-charts", "3", "charts", "ChartsPart"),
    PartOf("part-screenings", "4", "screenings", "ScreeningsPart"),
    PartOf("part-talks", "5", "talks", "TalksPart"),
    PartOf("part-memories", "6", "memories", "MemoriesPart"),
    PartOf("part-activities", "7", "activities", "ActivitiesPart"),
    PartOf("part-readings", "8", "readings", "ReadingsPart"),
    PartOf("part-agreed", "9", "agreed", "AgreedPart"),
)
