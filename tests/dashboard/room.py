"""The screens, run without a terminal; what is on them as text; and screenshots that stay the same."""

from __future__ import annotations

import html
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

from textual.pilot import Pilot
from textual.widgets import Input

from companion.dashboard.app import Dashboard
from companion.dashboard.appearance import Appearance, Colours
from companion.wiring.desk import Door

Screens: TypeAlias = Pilot[None]
SMALL, LARGE = (80, 24), (160, 48)
REWRITE = "REWRITE_SCREENSHOTS"
"""Set in the environment: screenshots are written anew instead of compared."""
_KEPT = Path(__file__).parent / "snapshots"
_QUIET = 2
"""Rounds without a reading after which none is to come: the page leads to its part, a part to what its cursor is on."""
_WORDS = re.compile(r'<text[^>]*? x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>')


@asynccontextmanager
async def screens(
    door: Door,
    *,
    size: tuple[int, int] = SMALL,
    appearance: Appearance = Appearance(Colours.LIGHT),  # noqa: B008 - a frozen value
    person: str = "",
) -> AsyncIterator[Screens]:
    """Run the screens until everything that is read at first is there."""
    app = Dashboard(door, appearance=appearance, person=person, pulse=False)
    async with app.run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Screens) -> None:
    """Wait until every reading came and was shown, and none follows."""
    quiet = 0
    while quiet < _QUIET:
        await pilot.pause()
        quiet = 0 if len(pilot.app.workers) else quiet + 1
        await pilot.app.workers.wait_for_complete()


async def press(pilot: Screens, *keys: str) -> None:
    """Press keys, and wait for what they bring."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def type_in(pilot: Screens, field: str, text: str) -> None:
    """Write into a field, as an input method would."""
    pilot.app.screen.query_one(field, Input).value = text
    await settled(pilot)


def text_of(pilot: Screens) -> str:
    """Return what is on the screen, line by line."""
    lines: dict[float, list[tuple[float, str]]] = {}
    for x, y, words in _WORDS.findall(pilot.app.export_screenshot()):
        lines.setdefault(float(y), []).append((float(x), html.unescape(words).replace("\xa0", " ")))
    rows = ("".join(words for _, words in sorted(line)) for _, line in sorted(lines.items()))
    return "\n".join(row.rstrip() for row in rows)


def same_picture(pilot: Screens, name: str) -> bool:
    """Return whether the screen looks as it was kept; writes it where that is asked for."""
    svg = re.sub(r"terminal-\d+", "terminal", pilot.app.export_screenshot())
    file = _KEPT / f"{name}.svg"
    if os.environ.get(REWRITE):
        file.parent.mkdir(exist_ok=True)
        file.write_text(svg, encoding="utf-8")
        return True
    return file.read_text(encoding="utf-8") == svg
