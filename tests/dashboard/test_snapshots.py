"""Every screen as it was kept, in both sizes and both colours. REWRITE_SCREENSHOTS=1 writes them anew: look at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from companion.dashboard.appearance import Appearance, Colours
from companion.dashboard.screens.person.part import PARTS
from companion.wiring.desk import RecordDoor
from tests.dashboard.conftest import Opening
from tests.dashboard.household import YOUNGJA
from tests.dashboard.room import LARGE, SMALL, press, same_picture, screens, settled

LOOKS = [
    pytest.param(size, colours, id=f"{size[0]}x{size[1]}-{colours}")
    for size in (SMALL, LARGE)
    for colours in (Colours.LIGHT, Colours.DARK)
]


def name_of(screen: str, size: tuple[int, int], colours: Colours) -> str:
    return f"{screen}-{size[0]}x{size[1]}-{colours}"


@pytest.mark.parametrize(("size", "colours"), LOOKS)
async def test_overview_and_person_look_as_kept(door: RecordDoor, size: tuple[int, int], colours: Colours) -> None:
    """The overview, then each part of a person's page."""
    changed = []
    async with screens(door, size=size, appearance=Appearance(colours)) as pilot:
        changed += [] if same_picture(pilot, name_of("overview", size, colours)) else ["overview"]
        await press(pilot, "enter")
        for part in PARTS:
            await press(pilot, part.key)
            await settled(pilot)
            changed += [] if same_picture(pilot, name_of(part.id, size, colours)) else [part.id]

    assert changed == []


@pytest.mark.parametrize(("size", "colours"), LOOKS)
async def test_the_sign_in_looks_as_kept(
    door_to: Opening, guarded: Path, size: tuple[int, int], colours: Colours
) -> None:
    """Before anything of the record."""
    async with screens(door_to(guarded), size=size, appearance=Appearance(colours)) as pilot:
        assert same_picture(pilot, name_of("sign-in", size, colours))


async def test_high_contrast_and_large_look_as_kept(door: RecordDoor) -> None:
    """For eyes that see little: one of the sizes is enough."""
    appearance = Appearance(Colours.CONTRAST, large=True)
    async with screens(door, size=LARGE, appearance=appearance, person=YOUNGJA.name) as pilot:
        person = same_picture(pilot, "person-contrast-large")
        await press(pilot, "escape")

        assert (person, same_picture(pilot, "overview-contrast-large")) == (True, True)
