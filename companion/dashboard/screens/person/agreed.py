"""The ninth part: what the person agreed to, and who is told in danger."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll

from companion.core.consent import Decision, Item
from companion.core.overview import PersonPage
from companion.core.person import Contact, channel_name
from companion.dashboard.happenings import named
from companion.dashboard.screens.person.part import Part
from companion.dashboard.widgets.prose import BLANK, Line, Prose, heading, joined, muted, plain, strong
from companion.dashboard.widgets.state import StateView
from companion.dashboard.words import say
from companion.wiring.person import PersonView, page_of


class AgreedPart(Part):
    """Consents and contacts."""

    ID: ClassVar[str] = "part-agreed"

    def compose(self) -> ComposeResult:
        """Put both beside each other, or below."""
        pair = Container(Prose(id="consents"), Prose(id="contacts"), classes="pair")
        yield StateView(VerticalScroll(pair), id=f"{self.ID}-state")

    def begin(self, view: PersonView) -> None:
        """Read both."""
        self.read(partial(page_of, person_id=view.person.id), partial(self.show, view))

    def show(self, view: PersonView, page: PersonPage) -> None:
        """Show them."""
        self.query_one("#consents", Prose).write(list(_consents(page, view)))
        self.query_one("#contacts", Prose).write(list(_contacts(page)))


def _consents(page: PersonPage, view: PersonView) -> Iterator[Line]:
    yield heading(say("person.consents"))
    for item in Item:
        standing = [one for one in page.consents if one.item is item]
        title = named("consent_item", item)
        if not standing:
            yield joined(strong("-  "), plain(title), muted(f"  {say('person.not_given')}"))
        for one in standing:
            yield from _consent(one, title, view)
    yield BLANK


def _consent(one: Decision, title: str, view: PersonView) -> Iterator[Line]:
    whom = f" ({one.named})" if one.named else ""
    yield joined(strong("O  "), plain(f"{title}{whom}"))
    until = "" if one.until is None else say("person.consent_until", day=f"{one.until:%Y-%m-%d}")
    given = say(
        "person.consent_given",
        day=f"{one.at.astimezone(view.at.tzinfo):%Y-%m-%d}",
        giver=named("giver", one.giver),
        name=one.giver_name,
        manner=named("manner", one.manner),
    )
    yield muted(f"   {given} {until}".rstrip())


def _contacts(page: PersonPage) -> Iterator[Line]:
    yield heading(say("person.contacts"))
    if not page.contacts:
        yield plain(say("person.contacts_none"))
    agreed = {one.named for one in page.consents if one.item is Item.ALERTS}
    for one in page.contacts:
        yield from _contact(one, may_be_told=one.name in agreed)


def _contact(one: Contact, *, may_be_told: bool) -> Iterator[Line]:
    relation = f" ({one.relation})" if one.relation else ""
    yield joined(strong(f"{one.order}. {one.name}{relation}"), plain(f"  {one.phone}".rstrip()))
    channels = ", ".join(dict.fromkeys(channel_name(address).rsplit("-", 1)[0] for address in one.channels))
    if not may_be_told:
        yield plain(f"   {say('person.contact_not_agreed')}")
    elif not channels:
        yield plain(f"   {say('person.contact_no_channel')}")
    else:
        yield muted(f"   {say('person.contact_channels', channels=channels)}")
    if one.quiet_from is not None and one.quiet_until is not None:
        yield muted(f"   {say('person.contact_quiet', begin=one.quiet_from, end=one.quiet_until)}")
