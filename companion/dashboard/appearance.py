"""How the screens look: colours, and more room for tired eyes. Kept in ``dashboard.toml`` beside the settings.

A terminal cannot enlarge letters: the large setting shows fewer columns, more space and bolder words, and the help
says how to enlarge letters in the terminal itself. Colours are the Okabe-Ito palette, which colour-blind eyes tell
apart, and no colour ever says anything alone: a word and a sign stand beside it.
"""

from __future__ import annotations

import tomllib
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from textual.theme import Theme

from companion.config import home_folder


class Colours(StrEnum):
    """Which colours."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


THEMES: Final = (
    Theme(
        name=Colours.LIGHT,
        primary="#005A8C",
        secondary="#4B5563",
        accent="#005A8C",
        warning="#8A5A00",
        error="#A63A00",
        success="#00634A",
        foreground="#1B1B1B",
        background="#FAF8F4",
        surface="#FAF8F4",
        panel="#ECE8E0",
        dark=False,
        variables={
            "footer-background": "#ECE8E0",
            "footer-key-foreground": "#005A8C",
            "block-cursor-background": "#CFE3F1",
            "block-cursor-foreground": "#101010",
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": "#E3EDF4",
            "block-cursor-blurred-foreground": "#101010",
        },
    ),
    Theme(
        name=Colours.DARK,
        primary="#56B4E9",
        secondary="#9AA5B1",
        accent="#56B4E9",
        warning="#E6B84A",
        error="#FF8A4C",
        success="#4CC9A0",
        foreground="#E8E4DC",
        background="#17191C",
        surface="#17191C",
        panel="#24272C",
        dark=True,
        variables={
            "footer-background": "#24272C",
            "footer-key-foreground": "#56B4E9",
            "block-cursor-background": "#2E4A5E",
            "block-cursor-foreground": "#FFFFFF",
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": "#263440",
            "block-cursor-blurred-foreground": "#E8E4DC",
        },
    ),
    Theme(
        name=Colours.CONTRAST,
        primary="#FFFFFF",
        secondary="#FFFFFF",
        accent="#FFFF00",
        warning="#FFFF00",
        error="#FFFF00",
        success="#FFFFFF",
        foreground="#FFFFFF",
        background="#000000",
        surface="#000000",
        panel="#000000",
        text_alpha=1.0,
        dark=True,
        variables={
            "footer-background": "#000000",
            "footer-key-foreground": "#FFFF00",
            "block-cursor-background": "#FFFF00",
            "block-cursor-foreground": "#000000",
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": "#FFFFFF",
            "block-cursor-blurred-foreground": "#000000",
            "text-muted": "#FFFFFF",
            "text-disabled": "#FFFFFF",
            "border": "#FFFFFF",
            "border-blurred": "#FFFFFF",
            "scrollbar": "#FFFFFF",
            "scrollbar-background": "#000000",
        },
    ),
)


IDLE_CHOICES: Final = (5, 10, 15)
"""Minutes; the last is the limit of the record itself, which nothing here lengthens."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """What whoever sits here chose."""

    colours: Colours = Colours.LIGHT
    large: bool = False
    idle_minutes: int = IDLE_CHOICES[-1]
    """After how many without use whoever signed in has to do so again."""


def appearance_file() -> Path:
    """Return where it is kept."""
    return home_folder() / "dashboard.toml"


def kept_appearance(file: Path) -> Appearance:
    """Return what is kept; what cannot be read is as if it had never been chosen: it only changes looks."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        idle = table.get("idle_minutes")
        return Appearance(
            Colours(table.get("colours", Colours.LIGHT)),
            bool(table.get("large", False)),
            idle if idle in IDLE_CHOICES else IDLE_CHOICES[-1],
        )
    except (OSError, ValueError):
        return Appearance()


def keep_appearance(file: Path, appearance: Appearance) -> None:
    """Keep it; where it cannot be written it lasts until the screens are left."""
    text = (
        f'colours = "{appearance.colours}"\n'
        f"large = {str(appearance.large).lower()}\n"
        f"idle_minutes = {appearance.idle_minutes}\n"
    )
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
