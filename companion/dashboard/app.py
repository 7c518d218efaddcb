"""The program of the caregiver's screens: places with keys, who is signed in, colours, and whether anything changed.

It holds nothing of the record but the names that the overview showed; those go when whoever was here leaves. Nothing
blocks the keyboard: the record is read on threads (``reading.Reads``).
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from importlib import import_module
from pathlib import Path
from typing import ClassVar, Final

from textual import events, work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.worker import get_current_worker

from companion.core.access import IDLE_LIMIT
from companion.dashboard.appearance import THEMES, Appearance, Colours, keep_appearance
from companion.dashboard.commands import BoardCommands
from companion.dashboard.keys import both
from companion.dashboard.messages import AppearanceChanged, Entered, RecordChanged, SignInEnded
from companion.dashboard.places import HOME, PLACES, PlaceOf
from companion.dashboard.reading import Reads
from companion.dashboard.words import say
from companion.errors import CompanionError, SignInRefused
from companion.wiring.desk import Door, Who

_PULSE_SECONDS: Final = 5.0
_SIGN_IN: Final = "sign_in"
_OPENING: Final = "opening"
_OF_THE_PAGE: Final = (
    "companion.dashboard.screens.person.screen",
    "companion.dashboard.screens.person.summary",
    "companion.store.person_view",
)
_NEW_OBJECTS: Final = 10_000
"""After how many the collector looks at them: a page is some thousands."""
_PATIENCE_SECONDS: Final = 0.15
"""How long a page is waited for before its empty frame is shown: it comes sooner unless somebody else writes."""
_COLOURS: Final = tuple(Colours)


class Dashboard(App[None]):
    """The screens.

    Args:
        door: To the record.
        appearance: How they look at first.
        appearance_file: Where a change of it is kept; None keeps it nowhere.
        person: Whom to show at once: id, its end, name or 호칭; empty for the overview.
        pulse: Whether the record is looked at every few seconds for changes.
    """

    CSS_PATH = "dashboard.tcss"
    COMMANDS = {BoardCommands}  # noqa: RUF012 - as Textual declares it
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (100, "-wide"), (140, "-broad")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (18, "-short"), (32, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(place.key, f"go('{place.id}')", say(f"place.{place.id}.name"), show=place.in_footer)
            for place in PLACES
        ),
        Binding(both("r"), "reload", say("key.reload"), show=False),
        Binding("ctrl+p", "command_palette", say("key.palette"), show=False),
        Binding("f2", "next_colours", say("key.colours"), show=False),
        Binding("f3", "toggle_large", say("key.large"), show=False),
        Binding("f10", "sign_out", say("key.sign_out"), show=False),
        Binding(f"{both('q')},ctrl+q", "quit", say("key.quit"), show=False),
    ]

    def __init__(
        self,
        door: Door,
        *,
        appearance: Appearance | None = None,
        appearance_file: Path | None = None,
        person: str = "",
        pulse: bool = True,
    ) -> None:
        super().__init__()
        self.door = door
        self.who: Who | None = None
        self.people_shown: Mapping[str, str] = {}
        """Names by id of those whose record is open to whoever is here, once the overview was read."""
        self.zones: Mapping[str, tzinfo] = {}
        """Their zones by id."""
        self.wanted = person
        self.appearance = appearance or Appearance()
        self._appearance_file = appearance_file
        self._pulses = pulse
        self._last_pulse = ""
        self._used_at = door.now()
        self.title = say("app.title")
        self.animation_level = "none"
        """Nothing on the screens moves by itself: calmer, and quicker over a slow line."""
        self.defect: Exception | None = None
        """What ended the program, if it was a defect of its own."""
        for place in PLACES:
            self.add_mode(place.id, place.make)
        self.add_mode(_SIGN_IN, self._sign_in_screen)

    # What happens at the beginning and at the end

    def on_mount(self) -> None:
        """Put on the colours, show the overview, and find out who is here."""
        for theme in THEMES:
            self.register_theme(theme)
        self._put_on(self.appearance)
        self.switch_mode(HOME)
        self._find_out_who()
        if self._pulses:
            self.set_interval(_PULSE_SECONDS, self._tick)

    @work(thread=True, exclusive=True, group="who", exit_on_error=False)
    def _find_out_who(self) -> None:
        worker = get_current_worker()
        try:
            message: Entered | SignInEnded = Entered(self.door.who())
        except SignInRefused as error:
            message = SignInEnded(error)
        except CompanionError:
            return  # the overview says why it cannot be read, and tries again
        if not worker.is_cancelled:
            self.post_message(message)

    async def on_entered(self, message: Entered) -> None:
        """Somebody is here: from the sign-in screen everything begins anew for them, and what they typed is gone."""
        self.who = message.who
        self._used_at = self.door.now()
        if self.current_mode == _SIGN_IN:
            await self.switch_mode(HOME)
            await self.remove_mode(_SIGN_IN)
            self.add_mode(_SIGN_IN, self._sign_in_screen)
        self._tell_who()

    async def on_sign_in_ended(self, message: SignInEnded) -> None:
        """Nobody is here any more: nothing of what was shown stays."""
        await self._leave(message.error)

    async def _leave(self, error: CompanionError | None) -> None:
        if self.current_mode == _SIGN_IN:
            return
        self.who, self.people_shown, self.zones, self._last_pulse = None, {}, {}, ""
        self.workers.cancel_group(self, _OPENING)
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        self._why_signed_out = error
        await self.switch_mode(_SIGN_IN)
        for place in PLACES:
            await self.remove_mode(place.id)
            self.add_mode(place.id, place.make)

    _why_signed_out: CompanionError | None = None

    def _sign_in_screen(self) -> Reads:
        from companion.dashboard.screens.sign_in import SignIn

        return SignIn(self._why_signed_out)

    # What the keys do

    def action_go(self, place_id: str) -> None:
        """Go to a place that whoever is here may see."""
        place = self._place(place_id)
        if place is not None and self.current_mode != place_id:
            self.switch_mode(place_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let nobody go anywhere before it is known who they are."""
        if action == "go":
            return self._place(str(parameters[0])) is not None
        if action in ("reload", "sign_out"):
            return self.who is not None
        return super().check_action(action, parameters)

    def _place(self, place_id: str) -> PlaceOf | None:
        who = self.who
        return next((one for one in PLACES if one.id == place_id and who is not None and one.may(who)), None)

    def open_person(self, person_id: str) -> None:
        """Show one person whom the overview showed to whoever is here; of anybody else nothing is known here."""
        if person_id in self.people_shown:
            self._open_person(person_id)

    @work(exclusive=True, group=_OPENING)
    async def _open_person(self, person_id: str) -> None:
        """Read the page, then show it: put together once, with what is on it; what takes long says so."""
        from companion.dashboard.screens.person.screen import PersonScreen

        screen, came_from = PersonScreen(person_id), self.screen
        screen.begin()
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await screen.answered.wait()
        if self.screen is not came_from or person_id not in self.people_shown:
            return  # whoever is here went elsewhere meanwhile, or left
        if isinstance(came_from, PersonScreen):
            self.pop_screen()
        await self.push_screen(screen)

    def loaded(self) -> None:
        """Load what a page needs, now that the overview stands, and let the collector rest: once in a program."""
        if not gc.get_freeze_count():
            self._load_the_page()

    @work(thread=True, exclusive=True, group="loading", exit_on_error=False)
    def _load_the_page(self) -> None:
        """Load code, of nobody's record anything; then let the collector pass over what lasts as long as the program.

        It is some 200,000 objects; going through them all took 60 ms and more, and came with every second page.
        """
        for module in _OF_THE_PAGE:
            import_module(module)
        gc.collect(1)
        gc.freeze()
        gc.set_threshold(_NEW_OBJECTS)

    def action_reload(self) -> None:
        """Read what is shown anew."""
        if isinstance(self.screen, Reads):
            self.screen.reload()

    async def action_sign_out(self) -> None:
        """End the sign-in."""
        if self.who is None or self.who.role is None:
            return
        self._sign_out_on_thread()
        await self._leave(None)

    @work(thread=True, group="who", exit_on_error=False)
    def _sign_out_on_thread(self) -> None:
        self.door.sign_out()

    def action_next_colours(self) -> None:
        """Light, dark, high contrast, and again."""
        after = (_COLOURS.index(self.appearance.colours) + 1) % len(_COLOURS)
        self.change_appearance(replace(self.appearance, colours=_COLOURS[after]))
        self.notify(say("colours.changed", name=say(f"colours.{self.appearance.colours}")), timeout=2)

    def action_toggle_large(self) -> None:
        """Fewer columns, more room, bolder words; or as before."""
        self.change_appearance(replace(self.appearance, large=not self.appearance.large))
        self.notify(say("large.on" if self.appearance.large else "large.off"))

    def change_appearance(self, appearance: Appearance) -> None:
        """Put on other looks, keep them, and tell every screen."""
        self._put_on(appearance)
        if self._appearance_file is not None:
            keep_appearance(self._appearance_file, appearance)
        for stack in self._screen_stacks.values():
            for screen in stack:
                screen.post_message(AppearanceChanged())

    def _put_on(self, appearance: Appearance) -> None:
        self.appearance = appearance
        self.theme = appearance.colours
        self.set_class(appearance.large, "-large")

    def _fatal_error(self) -> None:
        """Leave without a traceback: Textual's shows the values of variables, and those are people's words."""
        self.defect = self._exception
        self._close_messages_no_wait()

    # Whether anybody is still here, and whether anything changed

    def who_words(self) -> str:
        """Return who is here, and the time."""
        time = f"{self.door.now():%H:%M}"
        if self.who is None:
            return time
        name = self.who.name or say("app.owner")
        return f"{name}  {time}"

    def now_of(self, person_id: str) -> datetime:
        """Return the time of day where a person lives: what is said of them is said by their day."""
        now = self.door.now()
        return now.astimezone(self.zones.get(person_id, now.tzinfo))

    async def on_event(self, event: events.Event) -> None:
        """Note that somebody is here."""
        if isinstance(
            event, (events.Key, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp, events.Paste)
        ):
            self._used_at = self.door.now()
        await super().on_event(event)

    async def _tick(self) -> None:
        """Lock what nobody uses; else see whether the record changed, and show the time."""
        if self.who is None:
            return
        if self.who.role is not None and self._idle_since(self.door.now()):
            self._sign_out_on_thread()
            await self._leave(SignInRefused("access.sign_in_over"))
            return
        self._tell_who()
        self._feel_pulse()

    def _tell_who(self) -> None:
        if isinstance(self.screen, Reads):
            self.screen.tell_who()
            self.screen.refresh_bindings()

    def _idle_since(self, now: datetime) -> bool:
        limit = min(IDLE_LIMIT, timedelta(minutes=self.appearance.idle_minutes))
        return now - self._used_at >= limit

    @work(thread=True, exclusive=True, group="pulse", exit_on_error=False)
    def _feel_pulse(self) -> None:
        worker = get_current_worker()
        try:
            pulse = self.door.pulse()
        except CompanionError:
            return  # whatever is read next says so, and tries again
        if worker.is_cancelled or pulse == self._last_pulse:
            return
        is_first, self._last_pulse = not self._last_pulse, pulse
        if not is_first:
            self.post_message(RecordChanged())

    def on_record_changed(self, message: RecordChanged) -> None:
        """Tell every screen: those that are not shown read when they are shown again."""
        message.stop()
        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, Reads):
                    screen.post_message(RecordChanged())
