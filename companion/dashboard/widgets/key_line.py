"""The last line of every screen: the keys that count now, and what they do; each can be clicked.

One widget that draws itself. Textual's own footer makes a widget of each key and makes all of them anew whenever the
keys change, which took a third of the time until a person's page could be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.screen import Screen

_WIDE, _NARROW = 2, 1
"""Cells between two keys, where there is room and where there is none."""
_CUT: Final = "…"


@dataclass(frozen=True, slots=True)
class _Key:
    """One key of the line."""

    key: str
    """As Textual names it."""
    called: str
    """As people call it."""
    does: str

    @property
    def cells(self) -> int:
        """Its width."""
        return cell_len(f"{self.called} {self.does}")


class KeyLine(Widget):
    """Keys with what they do; where not all fit, the last one stays: it leads to the help, where all of them stand."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyLine {
        dock: bottom; height: 1; text-wrap: nowrap;
        background: $footer-background; color: $footer-description-foreground;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[_Key, ...] = ()

    def on_mount(self) -> None:
        """Follow the keys of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self._changed(self.screen)

    def render(self) -> Content:
        """Draw the line."""
        shown, gap = self._fitting()
        drawn = [Content.assemble((one.called, "bold $footer-key-foreground"), f" {one.does}") for one in shown]
        if len(shown) < len(self._keys):
            drawn.insert(-1, Content.styled(_CUT, "$secondary"))
        return Content(" " * gap).join(drawn)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press the key that was clicked."""
        event.stop()
        shown, gap = self._fitting()
        is_cut, begins = len(shown) < len(self._keys), 0
        for one in shown:
            if is_cut and one is shown[-1]:
                begins += cell_len(_CUT) + gap
            if begins <= event.x < begins + one.cells:
                self.app.simulate_key(one.key)
            begins += one.cells + gap

    def _fitting(self) -> tuple[Sequence[_Key], int]:
        """Return which keys are shown, and how many cells stand between two."""
        room, keys = self.size.width, list(self._keys)
        if _taken(keys, _WIDE) <= room:
            return keys, _WIDE
        while len(keys) > 1 and _taken(keys, _NARROW) + self._cut(keys) > room:
            del keys[-2]
        return keys, _NARROW

    def _cut(self, keys: Sequence[_Key]) -> int:
        return cell_len(_CUT) + _NARROW if len(keys) < len(self._keys) else 0

    def _changed(self, screen: Screen[object]) -> None:
        keys = tuple(self._of(screen))
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    def _of(self, screen: Screen[object]) -> Iterator[_Key]:
        seen: set[str] = set()
        for found in screen.active_bindings.values():
            binding = found.binding
            if binding.show and found.enabled and binding.action not in seen:
                seen.add(binding.action)  # a letter and the jamo on the same key are one
                yield _Key(binding.key, self.app.get_key_display(binding), binding.description)


def _taken(keys: Sequence[_Key], gap: int) -> int:
    return sum(one.cells for one in keys) + gap * (len(keys) - 1)
